"""Cameras and receivers that answer as whoever controls their network may want."""

import socket
import threading
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np
import pytest

from faceaccess.codes import CameraFault, CameraState
from faceaccess.door import outputs
from faceaccess.door.outputs import post
from faceaccess.door.supervision import SupervisionPolicy
from faceaccess.errors import CameraError, CameraRedirectError, OutputError
from faceaccess.vision.sources import live_camera
from faceaccess.vision.sources.camera import open_source
from faceaccess.vision.sources.capture import CaptureProcess
from tests.door.test_feed import Watched
from tests.mjpeg import MjpegCamera
from tests.waiting import wait_for

NEVER_AGAIN = SupervisionPolicy(retry_s=(600.0,))


@pytest.fixture
def elsewhere():
    """The camera that somebody would like to be shown instead."""
    made = MjpegCamera()
    made.start()
    yield made
    made.stop()


@contextmanager
def answering(answer):
    """Give the address of a server that answers each request as a function of its handler does."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with suppress(OSError):
                answer(self)

        do_POST = do_GET

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/door"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def redirect(address, handler):
    handler.send_response(302)
    handler.send_header("Location", address)
    handler.end_headers()


def send(kind, text, handler):
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.end_headers()
    handler.wfile.write(text.encode())


def first_frame(address):
    """Return the first picture of an address, as a door reads it."""
    capture = CaptureProcess(partial(open_source, address))
    try:
        while True:
            if (frame := capture.receive(10.0)) is not None:
                return frame
    finally:
        capture.close()


def test_a_camera_that_sends_on_to_another_is_refused_and_said(elsewhere):
    """A redirect at a camera's address put another camera's pictures before the door."""
    with answering(partial(redirect, elsewhere.address)) as address:
        with pytest.raises(CameraRedirectError, match=r"sends on to 127\.0\.0\.1"):
            first_frame(address)
        watched = Watched(partial(CaptureProcess, partial(open_source, address)), NEVER_AGAIN)
        with watched:
            watched.wait_for(CameraState.OFFLINE, CameraFault.REDIRECTED)
        assert watched.frames.take(0) == []
    assert first_frame(elsewhere.address).image.shape == (240, 320, 3)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("application/vnd.apple.mpegurl", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{}?.ts\n"),
        ("text/plain", "ffconcat version 1.0\nfile {}\n"),
        ("application/sdp", "v=0\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 5004 RTP/AVP 26\r\n"),
    ],
    ids=["hls", "concat", "sdp"],
)
def test_a_playlist_at_a_cameras_address_is_not_followed(kind, text):
    asked = []
    with (
        answering(lambda handler: asked.append(handler.path)) as other,
        answering(partial(send, kind, text.format(other))) as address,
        pytest.raises(CameraError),
    ):
        first_frame(address)
    assert asked == []


def test_an_rtsp_camera_that_sends_on_to_another_is_not_followed():
    """FFmpeg follows a 302 of RTSP by itself."""
    with socket.create_server(("127.0.0.1", 0)) as camera, socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.2)
        location = f"rtsp://127.0.0.1:{other.getsockname()[1]}/other"

        def send_on():
            connection, _ = camera.accept()
            with connection:
                lines = connection.recv(4096).decode().splitlines()
                number = next(line for line in lines if line.lower().startswith("cseq"))
                words = ["RTSP/1.0 302 Moved", number, f"Location: {location}", "", ""]
                connection.sendall("\r\n".join(words).encode())

        thread = threading.Thread(target=send_on)
        thread.start()
        with pytest.raises(CameraError):
            first_frame(f"rtsp://127.0.0.1:{camera.getsockname()[1]}/door")
        thread.join()
        with pytest.raises(TimeoutError):
            other.accept()


def test_a_picture_larger_than_any_cameras_is_passed_over(elsewhere, monkeypatch):
    camera = open_source(elsewhere.address)
    try:
        assert camera.read() is not None
        monkeypatch.setattr(live_camera, "GREATEST_PICTURE_BYTES", 100)
        with pytest.raises(CameraError, match="no picture"):
            camera.read()
    finally:
        camera.close()


def test_a_picture_that_claims_to_be_huge_is_a_broken_one():
    """A JPEG of some hundred bytes that says 60 000 by 60 000 made OpenCV raise, and the reader fall."""

    def stream(handler):
        good = cv2.imencode(".jpg", np.full((240, 320, 3), 90, np.uint8))[1].tobytes()
        at = good.index(b"\xff\xc0") + 5
        huge = good[:at] + (60_000).to_bytes(2, "big") * 2 + good[at + 4 :]
        handler.send_response(200)
        handler.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        handler.end_headers()
        for number in range(400):
            part = huge if number % 2 else good
            handler.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\n")
            handler.wfile.write(f"Content-Length: {len(part)}\r\n\r\n".encode() + part + b"\r\n")

    with answering(stream) as address:
        assert first_frame(address).image.shape == (240, 320, 3)


def test_a_receivers_redirect_is_not_followed():
    """What is told of people would go to whom nobody chose."""
    asked = []
    with (
        answering(lambda handler: asked.append(handler.path)) as other,
        answering(partial(redirect, other)) as address,
        pytest.raises(OutputError, match="302"),
    ):
        post(address, "", {}, key="a", timeout_s=5.0)
    assert asked == []


def test_an_endless_answer_is_cut_off(monkeypatch):
    """An answer without an end filled the memory until its time was over."""
    sent = []

    def stream(handler):
        handler.send_response(200)
        handler.end_headers()
        while True:
            sent.append(handler.wfile.write(b"x" * 4096))

    with answering(stream) as address:
        post(address, "", {}, key="a", timeout_s=60.0)
        # What the network holds comes on top.
        wait_for(lambda: not _grows(sent))
    assert sum(sent) < outputs.LONGEST_ANSWER_BYTES + 16 * 2**20


def _grows(sent):
    before = len(sent)
    threading.Event().wait(0.05)
    return len(sent) > before
