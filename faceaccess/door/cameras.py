"""The cameras of this computer: which there are, and a look through one before a door is opened."""

from collections.abc import Callable
from functools import partial

from faceaccess.door.feed import CameraFeed
from faceaccess.door.health import MeasuredFace, measure
from faceaccess.door.supervision import CameraStatus
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.settings import CameraSettings
from faceaccess.vision.camera import check_source, open_source
from faceaccess.vision.capture import CaptureProcess
from faceaccess.vision.types import ImageArray
from faceaccess.vision.webcams import CameraInfo, list_cameras


class Cameras:
    """Finding, checking and trying cameras. Slow: call off the GUI thread, all but `open_feed`."""

    def __init__(self, recogniser: Callable[[], Recogniser]) -> None:
        """Take what returns a model that no door uses."""
        self._recogniser = recogniser

    def find(self) -> list[CameraInfo]:
        """Return the webcams that are there."""
        return list_cameras()

    def check(self, camera: CameraSettings) -> None:
        """Check that a camera's picture can come from where its settings say.

        Raises:
            CameraError: it is nothing that a picture could come from.
        """
        check_source(camera.source)

    def measure_faces(self, image: ImageArray, *, smallest_face_px: int) -> list[MeasuredFace]:
        """Return the faces of a preview with their quality.

        Args:
            image: (H, W, 3) uint8, RGB.
            smallest_face_px: what counts as big enough.
        """
        return measure(self._recogniser(), image, smallest_face_px=smallest_face_px)

    def open_feed(
        self, source: str, on_status: Callable[[CameraStatus], None] = lambda _: None
    ) -> CameraFeed:
        """Return a camera for a preview, not started."""
        return CameraFeed(partial(CaptureProcess, partial(open_source, source)), on_status=on_status)
