"""A network camera on the loopback interface that fails on command."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np

FPS = 15
BLOCK_PX, BITS, TICKS = 16, 16, 50


def age_s(image: np.ndarray) -> float:
    """Return how long ago a picture was made."""
    middle = BLOCK_PX // 2
    bits = [image[middle, bit * BLOCK_PX + middle].mean() > 100 for bit in range(BITS)]
    made = sum(int(is_set) << bit for bit, is_set in enumerate(bits))
    return ((round(time.monotonic() * TICKS) - made) % (1 << BITS)) / TICKS


class MjpegCamera:
    """Sends pictures of noise, each different from the last, until told to do otherwise.

    Each has the time written on it, which `age_s` reads.

    Attributes:
        mode: "play", "hang" (the connection stays open, nothing comes), "hold" (pictures are kept
            and sent all at once when it is over, as by a line that is down for a while), "black",
            "white", "frozen" or "large" (another resolution, of other proportions).
    """

    def __init__(self, fps: float = FPS) -> None:
        self.mode, self.fps = "play", fps
        self.port = 0
        self._server: ThreadingHTTPServer | None = None
        self._stopping = threading.Event()
        self._rng = np.random.default_rng(1)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/door.mjpg"

    def start(self) -> None:
        """Listen; again on the same port after `stop`."""
        self._stopping.clear()
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                held = b""
                while not camera._stopping.wait(1 / camera.fps):
                    if camera.mode == "hang":
                        continue
                    held += camera._part()
                    if camera.mode == "hold":
                        continue
                    try:
                        self.wfile.write(held)
                    except OSError:
                        return
                    held = b""

            def log_message(self, *_: object) -> None:
                pass

        ThreadingHTTPServer.allow_reuse_address = True
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = False
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="mjpeg").start()

    def stop(self) -> None:
        """Drop the connections and listen no longer."""
        self._stopping.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _part(self) -> bytes:
        height, width = (360, 640) if self.mode == "large" else (240, 320)
        level = {"black": 0, "white": 255}.get(self.mode)
        image = np.full((height, width, 3), level if level is not None else 110, np.uint8)
        if level is None and self.mode != "frozen":
            image += self._rng.integers(0, 60, image.shape, dtype=np.uint8)
            # Read once: a tick between two bits would write a time that never was.
            ticks = round(time.monotonic() * TICKS)
            for bit in range(BITS):
                is_set = ticks >> bit & 1
                image[:BLOCK_PX, bit * BLOCK_PX : (bit + 1) * BLOCK_PX] = 200 * is_set
        jpeg = cv2.imencode(".jpg", image)[1].tobytes()
        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        return head.encode() + jpeg + b"\r\n"
