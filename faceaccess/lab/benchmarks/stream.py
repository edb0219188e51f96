"""A network camera on the loopback interface in front of which somebody stands."""

import itertools
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np

from faceaccess.vision.types import ImageArray

_PICTURES, _NOISE = 16, 3.0
_POLL_S = 0.05


class LoopbackCamera:
    """Sends a picture again and again as MJPEG, each time with other noise, while it is entered."""

    def __init__(self, image: ImageArray, *, fps: float = 15.0) -> None:
        """Draw the noise.

        Args:
            image: (H, W, 3) uint8 RGB.
            fps: pictures a second.
        """
        rng = np.random.default_rng(0)
        noises = (rng.normal(0, _NOISE, image.shape) for _ in range(_PICTURES))
        self._parts = [_part(np.clip(image + noise, 0, 255).astype(np.uint8)) for noise in noises]
        self._interval_s, self._stopping = 1 / fps, threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL_S,), name="stream")

    @property
    def address(self) -> str:
        """Where it is to be seen."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/door.mjpg"

    def __enter__(self) -> "LoopbackCamera":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        parts, stopping, interval_s = self._parts, self._stopping, self._interval_s

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802 - the library's name
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                for part in itertools.cycle(parts):
                    if stopping.wait(interval_s):
                        return
                    try:
                        self.wfile.write(part)
                    except OSError:
                        return

            def log_message(self, *_: object) -> None:
                """Print nothing."""

        return Handler


def _part(image: ImageArray) -> bytes:
    jpeg = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))[1].tobytes()
    head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
    return head.encode() + jpeg + b"\r\n"
