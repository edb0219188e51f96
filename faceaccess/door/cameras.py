"""The cameras: set up, found, and looked through before a door is opened."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from faceaccess.codes import CameraDoubt, Right
from faceaccess.door.feed import CameraFeed
from faceaccess.door.health import MeasuredFace, measure
from faceaccess.door.supervision import CameraStatus
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.settings import CameraSettings, SourceKind, source_kind
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.types import Baseline
from faceaccess.vision.sources.camera import check_source, open_source
from faceaccess.vision.sources.capture import CaptureProcess
from faceaccess.vision.sources.shape import AS_IT_COMES, Shape
from faceaccess.vision.sources.webcams import CameraInfo, list_cameras, webcam_of
from faceaccess.vision.types import Frame, ImageArray

MOST_DEVICE = 200


def shape_of(camera: CameraSettings | None) -> Shape:
    """Return the shape to give to every picture of a camera; None leaves them as they are."""
    return Shape(camera.turn, camera.stretch) if camera else AS_IT_COMES


def doubt_about(camera: CameraSettings) -> tuple[CameraDoubt, str] | None:
    """Return why a webcam may show what somebody plays into it, and its name; None without a doubt.

    Streams have no such name: whoever can change where they come from can play anything. Slow on some
    systems: call it off the GUI thread.

    Args:
        camera: as it was set up.
    """
    if source_kind(camera.source) is not SourceKind.WEBCAM:
        return None
    webcam = webcam_of(camera.source)
    if webcam is None:
        return None
    if webcam.is_virtual:
        return CameraDoubt.VIRTUAL, webcam.name
    is_other = bool(camera.device) and camera.device.casefold() != webcam.name.casefold()
    return (CameraDoubt.OTHER, webcam.name) if is_other else None


def new_camera(name: str, source: str) -> CameraSettings:
    """Return a new camera, not stored yet."""
    return CameraSettings(camera_id=secrets.token_hex(4), name=name, source=source)


class Cameras:
    """Setting up, finding and trying cameras. Slow: call off the GUI thread, all but `open_feed`."""

    def __init__(self, policies: Policies, recogniser: Callable[[], Recogniser]) -> None:
        """Take the parts.

        Args:
            policies: keep the cameras.
            recogniser: returns a model that no door uses.
        """
        self.database = policies.database
        self._policies, self._recogniser = policies, recogniser

    @needs(Right.SET_POLICY)
    def put(self, actor: Actor, camera: CameraSettings, baseline: Baseline | None = None) -> None:
        """Add a camera, or change the one of its id.

        Args:
            actor: who does it.
            camera: as it is set up.
            baseline: how faces look there; None leaves what is known.

        Raises:
            SettingsError: two would have one name.
        """
        webcam = webcam_of(camera.source) if source_kind(camera.source) is SourceKind.WEBCAM else None
        camera = replace(camera, device="" if webcam is None else webcam.name[:MOST_DEVICE])
        with self.database.transaction():
            known = {other.camera_id: other for other in self._policies.cameras()}
            self._policies.set_cameras(actor, tuple((known | {camera.camera_id: camera}).values()))
            if baseline is not None:
                self._policies.set_baseline(actor, camera.camera_id, baseline)

    @needs(Right.SET_POLICY)
    def remove(self, actor: Actor, camera_id: str) -> None:
        """Remove a camera; its entries stay in the log.

        Raises:
            SettingsError: it is the only one.
        """
        with self.database.transaction():
            left = [other for other in self._policies.cameras() if other.camera_id != camera_id]
            self._policies.set_cameras(actor, left)

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
        target, has = shape_of(camera), shape_of(taken_by)
        if target == has:
            return frame
        return replace(frame, image=target.of(has.undone(frame.image)))

    def open_feed(
        self, source: str, on_status: Callable[[CameraStatus], None] = lambda _: None
    ) -> CameraFeed:
        """Return a camera for a preview, not started; its pictures are unshaped."""
        return CameraFeed(partial(CaptureProcess, partial(open_source, source)), on_status=on_status)
