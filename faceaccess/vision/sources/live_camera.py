"""A webcam or stream, by OpenCV: its newest frames, never one that waited in a buffer."""

from datetime import UTC, datetime, timedelta

import cv2
import numpy as np

from faceaccess.errors import CameraError, template
from faceaccess.steady import steady_s
from faceaccess.vision.sources.arrivals import OLDEST_S, Arrivals
from faceaccess.vision.sources.images import rgb_of_bgr
from faceaccess.vision.sources.redirects import refuse_redirect
from faceaccess.vision.sources.shape import pixel_stretch, stretched
from faceaccess.vision.types import Frame, ImageArray

STREAM_TIMEOUT_MS = 5000
MJPEG = "MJPG"
GREATEST_PICTURE_BYTES = 32 * 2**20
BROKEN_PICTURES = 10
"""So many broken pictures in a row are no accident."""


class LiveCamera:
    """A webcam or stream. Pictures of an MJPEG stream are decoded here, each at its own size.

    OpenCV scales the pictures of a stream that changes its resolution to the first one's size,
    and says nothing: faces would be squashed when the proportions change too.
    """

    is_recording = False

    def __init__(self, target: int | str, name: str) -> None:
        """Open it.

        Raises:
            CameraError: it isn't there, is in use, or doesn't answer.
        """
        self.name = name
        opened_s = steady_s()
        if isinstance(target, int):
            self._capture = cv2.VideoCapture(target)
        else:
            self._capture = cv2.VideoCapture(
                target,
                cv2.CAP_FFMPEG,
                [
                    cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
                    STREAM_TIMEOUT_MS,
                    cv2.CAP_PROP_READ_TIMEOUT_MSEC,
                    STREAM_TIMEOUT_MS,
                ],
            )
        if not self._capture.isOpened():
            self._capture.release()
            hint = template("Is it plugged in, and not in use by another program?")
            if isinstance(target, str):
                refuse_redirect(target, name)
                hint = template("Check the address and that the camera is on.")
            raise CameraError("{name} can't be opened.", hint, name=name)
        self._is_encoded = isinstance(target, str) and self._give_encoded()
        self.fps = float(self._capture.get(cv2.CAP_PROP_FPS)) or 0.0
        self._stretch = pixel_stretch(self._capture)
        self._arrivals = Arrivals(opened_s, self.fps)
        self._index = 0
        self._decoded: ImageArray | None = None

    def read(self) -> Frame | None:
        """Return the next frame; waits for it, on a dead stream or driver for ever.

        Its `time_s` is the steady clock's, which goes on through reconnects, in all processes; it
        and `captured_at` are the earliest at which the picture can have been taken. Pictures that
        waited in a buffer are passed over.
        """
        broken = 0
        while True:
            started_s = steady_s()
            if not self._capture.grab():
                raise self._lost()
            ended_s, now = steady_s(), datetime.now(UTC)
            age_s = self._arrivals.age_s(started_s, ended_s)
            if age_s > OLDEST_S:
                continue
            image = self._retrieve()
            if image is not None:
                break
            broken += 1
            if broken > BROKEN_PICTURES:
                raise self._lost()
        frame = Frame(
            rgb_of_bgr(stretched(image, self._stretch)),
            now - timedelta(seconds=age_s),
            self._index,
            ended_s - age_s,
        )
        self._index += 1
        return frame

    def close(self) -> None:
        """Let go of the camera."""
        self._capture.release()

    def _lost(self) -> CameraError:
        return CameraError("{name} gives no picture.", "Check its cable or network.", name=self.name)

    def _give_encoded(self) -> bool:
        """Ask for pictures as they were sent, where each is a JPEG; tell whether they will be."""
        code = int(self._capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little", signed=True)
        return code == MJPEG.encode() and bool(self._capture.set(cv2.CAP_PROP_FORMAT, -1))

    def _retrieve(self) -> ImageArray | None:
        """Return the picture that was grabbed, BGR; None when it is broken."""
        if self._is_encoded:
            done, data = self._capture.retrieve()
            sent = np.ascontiguousarray(data).reshape(-1) if done else None
            if sent is None or not 0 < sent.size <= GREATEST_PICTURE_BYTES:
                return None
            try:
                image = cv2.imdecode(sent, cv2.IMREAD_COLOR)
            except cv2.error:
                # It claims to be larger than there is memory for.
                return None
            return image if image is not None and image.size else None
        # Into the memory of the last picture: fresh memory costs as much as decoding.
        done, image = self._capture.retrieve(self._decoded)
        if not done or image is None:
            raise self._lost()
        self._decoded = image
        return image
