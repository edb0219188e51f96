"""Frame sources: files on their own clock, nonsense refused, a real stream that goes away."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np
import pytest

from faceaccess.errors import CameraError
from faceaccess.vision.sources.camera import check_source, open_source, without_password
from faceaccess.vision.sources.live_camera import LiveCamera
from faceaccess.vision.sources.webcams import CameraInfo, _linux_cameras, webcam_of


@pytest.mark.parametrize("text", ["", "nothing of the kind", "missing.mp4"])
def test_nonsense_is_refused_with_a_hint(text):
    with pytest.raises(CameraError) as caught:
        open_source(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "htp:/nonsense",
        "htp://host/x",
        "rtsp:///x",
        "http://",
        "missing.mp4",
        "Nobody's camera",
        "/srv/yesterday.mp4",
        "file:///tmp/door.mp4",
        "rtsp://camera:99999/x",
        "http://[::1/x",
        "recordings/today",
        "http://cam/live.m3u8",
        "https://cam/live.MPD?key=1",
    ],
)
def test_what_no_picture_could_come_from_is_refused_before_it_is_kept(text):
    """“htp:/nonsense” was taken for a webcam's name, and the door stayed dark."""
    with pytest.raises(CameraError) as caught:
        check_source(text)
    assert caught.value.hint


def test_what_a_picture_could_come_from_is_taken(tmp_path, system, monkeypatch):
    monkeypatch.setattr("faceaccess.vision.sources.camera.list_cameras", lambda: _linux_cameras(*system))
    for text in ("0", "usb:gone", "rtsp://ann:pw@10.0.0.7/live", "HTTP://cam/x.mjpg", str(tmp_path), "front"):
        check_source(text)


def test_files_that_are_no_videos_are_refused(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"no video")
    with pytest.raises(CameraError, match=r"a\.mp4"):
        open_source(str(tmp_path / "a.mp4"))
    with pytest.raises(CameraError, match="no photos"):
        open_source(str(tmp_path))


def test_a_password_in_an_address_is_never_shown():
    assert without_password("rtsp://ann:s3cret@10.0.0.5:554/live?key=1") == "rtsp://10.0.0.5:554/live"


@pytest.fixture
def system(tmp_path):
    """Folders as Linux has them: a camera of two nodes, and two equal ones without serial numbers."""
    classes, devices = tmp_path / "class", tmp_path / "dev"
    nodes = ((0, "0", "Front"), (1, "1", "Front"), (2, "0", "Desk"), (3, "0", "Desk"), (4, "0", "Gone"))
    for number, index, name in nodes:
        folder = classes / f"video{number}"
        folder.mkdir(parents=True)
        (folder / "index").write_text(index)
        (folder / "name").write_text(name + "\n")
    for kind in ("by-id", "by-path"):
        (devices / "v4l" / kind).mkdir(parents=True)
    for number in range(4):
        (devices / f"video{number}").touch()
        (devices / "v4l/by-path" / f"port-{number}").symlink_to(f"../../video{number}")
    (devices / "v4l/by-id/front-123-index0").symlink_to("../../video0")
    (devices / "v4l/by-id/desk-index0").symlink_to("../../video3")
    return classes, devices


def test_cameras_are_listed_with_names_and_only_once(system):
    found = [(camera.index, camera.name) for camera in _linux_cameras(*system)]
    assert found == [(0, "Front"), (2, "Desk"), (3, "Desk")]


def test_a_camera_is_known_by_what_stays_the_same(system):
    """By maker and serial number; of two equal ones, one by the port it is plugged into."""
    sources = [camera.source for camera in _linux_cameras(*system)]
    assert sources == ["usb:front-123-index0", "usb:port-2", "usb:desk-index0"]
    assert CameraInfo(1, "Plain").source == "1"


def test_a_camera_is_opened_by_its_id_wherever_it_is_now(system, monkeypatch):
    opened = []
    monkeypatch.setattr("faceaccess.vision.sources.webcams.list_cameras", lambda: _linux_cameras(*system))
    monkeypatch.setattr(
        "faceaccess.vision.sources.camera.LiveCamera", lambda index, name: opened.append((index, name))
    )
    open_source("usb:desk-index0")
    assert opened == [(3, "Desk")]
    with pytest.raises(CameraError, match="not plugged in"):
        open_source("usb:desk-index1")


@pytest.mark.parametrize(
    ("name", "is_virtual"),
    [
        ("OBS Virtual Camera", True),
        ("Dummy video device (0x0000)", True),
        ("ManyCam Virtual Webcam", True),
        ("OBS", True),
        ("Logitech BRIO", False),
        ("Observer HD", False),
        ("Integrated Camera: Integrated C", False),
        ("", False),
    ],
)
def test_a_camera_that_a_program_makes_is_known_by_its_name(name, is_virtual):
    assert CameraInfo(0, name).is_virtual is is_virtual


def test_a_camera_without_a_device_is_virtual_whatever_its_name(system, tmp_path):
    """Whoever makes a virtual camera chooses its name."""
    classes, devices = system
    folder = tmp_path / "sys/devices/virtual/video4linux/video5"
    folder.mkdir(parents=True)
    (folder / "index").write_text("0")
    (folder / "name").write_text("Front")
    (devices / "video5").touch()
    (classes / "video5").symlink_to(folder)
    virtual = {camera.index: camera.is_virtual for camera in _linux_cameras(classes, devices)}
    assert virtual == {0: False, 2: False, 3: False, 5: True}


def test_a_webcam_is_looked_up_as_it_is_written(system, monkeypatch):
    monkeypatch.setattr("faceaccess.vision.sources.webcams.list_cameras", lambda: _linux_cameras(*system))
    for source in ("3", "USB:desk-index0", " usb:Desk-index0 "):
        assert webcam_of(source).index == 3
    assert webcam_of("front").index == 0
    assert webcam_of("7") is webcam_of("") is None


def test_a_webcam_that_goes_while_the_system_is_asked_is_not_there(monkeypatch):
    """Its camera's thread ended, and nobody was told."""

    def fail():
        raise FileNotFoundError("/sys/class/video4linux/video0/name")

    monkeypatch.setattr("faceaccess.vision.sources.webcams.list_cameras", fail)
    assert webcam_of("0") is None


def _read_on(camera):
    for _ in range(20):
        camera.read()


class _Mjpeg(BaseHTTPRequestHandler):
    """Ten pictures, then the line is cut."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        _, data = cv2.imencode(".jpg", np.full((48, 64, 3), 120, np.uint8))
        for _ in range(10):
            self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\n\r\n" + data.tobytes() + b"\r\n")

    def log_message(self, *_):
        """Be silent."""


def test_a_stream_is_read_until_it_is_cut():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Mjpeg)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        camera = LiveCamera(f"http://127.0.0.1:{server.server_port}/live.mjpg", "Stream")
        frame = camera.read()
        assert frame.image.shape == (48, 64, 3)
        assert not frame.image.flags.writeable
        with pytest.raises(CameraError, match="no picture"):
            _read_on(camera)
        camera.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_address_of_a_file_is_answered_by_its_path():
    with pytest.raises(CameraError) as error:
        check_source("file:///srv/the%20door.mp4")
    assert error.value.hint.endswith("/srv/the door.mp4")
