"""The cameras of this computer: which there are, and a look through one before a door is opened."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from faceaccess.door.feed import CameraFeed
from faceaccess.door.health import MeasuredFace, measure
from faceaccess.door.supervision import CameraStatus
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.settings import CameraSettings
from faceaccess.vision.sources.camera import check_source, open_source
from faceaccess.vision.sources.capture import CaptureProcess
from faceaccess.vision.sources.shape import AS_IT_COMES, Shape
from faceaccess.vision.sources.webcams import CameraInfo, list_cameras
from faceaccess.vision.types import Frame, ImageArray


def shape_of(camera: CameraSettings | None) -> Shape:
    """Return what is to be done to every picture of a camera; None: nothing."""
    return Shape(camera.turn, camera.stretch) if camera else AS_IT_COMES


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

    def picture_for(
        self, frame: Frame, camera: CameraSettings, *, taken_by: CameraSettings | None = None
    ) -> Frame:
        """Return a frame of a preview as a camera's settings would have it. Quick enough for the GUI thread.

        Args:
            frame: as it came, or as a door's camera gave it.
            camera: with the settings to be tried.
            taken_by: the door's camera, with the settings in force.
        """
        wanted, has = shape_of(camera), shape_of(taken_by)
        if wanted == has:
            return frame
        return replace(frame, image=wanted.of(has.undone(frame.image)))

    def open_feed(
        self, source: str, on_status: Callable[[CameraStatus], None] = lambda _: None
    ) -> CameraFeed:
        """Return a camera for a preview, not started; its pictures are as they come."""
        return CameraFeed(partial(CaptureProcess, partial(open_source, source)), on_status=on_status)
