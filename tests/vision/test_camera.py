"""Frame sources: files on their own clock, nonsense refused, a real stream that goes away."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np
import pytest

from faceaccess.errors import CameraError
from faceaccess.vision.camera import (
    ImageFolder,
    LiveCamera,
    VideoFile,
    _linux_cameras,
    open_source,
    without_password,
)


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "door.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10.0, (64, 48))
    for value in range(7):
        writer.write(np.full((48, 64, 3), 30 * value, np.uint8))
    writer.release()
    return path


def frames(source):
    found = []
    while (frame := source.read()) is not None:
        found.append(frame)
    source.close()
    return found


def test_every_frame_of_a_file_comes_on_its_own_clock(video):
    found = frames(VideoFile(video))
    assert [frame.index for frame in found] == list(range(7))
    assert [frame.time_s for frame in found] == pytest.approx([i / 10 for i in range(7)])
    gaps = [(b.captured_at - a.captured_at).total_seconds() for a, b in zip(found, found[1:], strict=False)]
    assert gaps == pytest.approx([0.1] * 6)
    assert found[3].image.mean() == pytest.approx(90, abs=6)


def test_a_folder_of_photos_gives_one_a_second_and_passes_over_broken_ones(tmp_path):
    for name in ("a.png", "c.png"):
        cv2.imwrite(str(tmp_path / name), np.full((40, 40, 3), 90, np.uint8))
    (tmp_path / "b.png").write_bytes(b"broken")
    assert [(frame.index, frame.time_s) for frame in frames(ImageFolder(tmp_path))] == [(0, 0.0), (2, 2.0)]


@pytest.mark.parametrize("text", ["", "nothing of the kind", "missing.mp4"])
def test_nonsense_is_refused_with_a_hint(text):
    with pytest.raises(CameraError) as caught:
        open_source(text)
    assert caught.value.hint


def test_files_that_are_no_videos_are_refused(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"no video")
    with pytest.raises(CameraError, match=r"a\.mp4"):
        open_source(str(tmp_path / "a.mp4"))
    with pytest.raises(CameraError, match="no photos"):
        open_source(str(tmp_path))


def test_a_password_in_an_address_is_never_shown():
    assert without_password("rtsp://ann:s3cret@10.0.0.5:554/live?key=1") == "rtsp://10.0.0.5:554/live"


def test_cameras_are_listed_with_names_and_only_once(tmp_path, monkeypatch):
    for number, index, name in ((0, "0", "Front"), (1, "1", "Front"), (2, "0", "Desk")):
        folder = tmp_path / f"video{number}"
        folder.mkdir()
        (folder / "index").write_text(index)
        (folder / "name").write_text(name + "\n")
    monkeypatch.setattr("os.path.exists", lambda _: True)
    assert [(camera.index, camera.name) for camera in _linux_cameras(tmp_path)] == [(0, "Front"), (2, "Desk")]


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
