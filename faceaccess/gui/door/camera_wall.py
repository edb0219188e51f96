"""The pictures of all cameras in service, each with its name when there are several."""

import math
from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from faceaccess.door.liveness.turning import TurnPrompt
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.widgets.live_picture import LivePicture
from faceaccess.recognition.types import FrameResult
from faceaccess.settings import CameraSettings


class CameraWall(QWidget):
    """A grid of live pictures."""

    def __init__(self, bridge: LiveBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._names: dict[str, str] = {}
        self.pictures: dict[str, LivePicture] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._add("", "", 0, 1)
        bridge.cameras_opened.connect(self.set_cameras)

    @property
    def first(self) -> LivePicture:
        """The first picture: the one that carries messages about the whole door."""
        return next(iter(self.pictures.values()))

    def set_cameras(self, cameras: Sequence[CameraSettings]) -> None:
        """Show these cameras and no others."""
        for picture in self.pictures.values():
            self._grid.removeWidget(picture)
            picture.deleteLater()
        self.pictures = {}
        columns = math.ceil(math.sqrt(len(cameras)))
        for number, camera in enumerate(cameras):
            self._add(camera.camera_id, camera.name if len(cameras) > 1 else "", number, columns)

    def set_names(self, names: dict[str, str]) -> None:
        """Take the names of the people enrolled, by their ids."""
        self._names = names
        for picture in self.pictures.values():
            picture.set_names(names)

    def show_result(self, camera_id: str, result: FrameResult) -> None:
        """Mark the faces of a camera's result."""
        picture = self.pictures.get(camera_id)
        if picture is not None:
            picture.show_result(result)

    def show_prompt(self, camera_id: str, prompt: TurnPrompt) -> None:
        """Mark the face that is asked to turn at a camera."""
        picture = self.pictures.get(camera_id)
        if picture is not None:
            picture.show_prompt(prompt)

    def show_message(self, message: str) -> None:
        """Take every picture away and show words instead."""
        for picture in self.pictures.values():
            picture.show_message(message)

    def has_picture(self) -> bool:
        """Return whether any camera's frame is shown."""
        return any(picture.has_picture() for picture in self.pictures.values())

    def _add(self, camera_id: str, caption: str, number: int, columns: int) -> None:
        picture = LivePicture(self._bridge, camera_id, self)
        picture.set_caption(caption)
        # Beside other cameras' pictures there is no room for them.
        picture.set_showing_numbers(not caption)
        picture.set_names(self._names)
        self.pictures[camera_id] = picture
        self._grid.addWidget(picture, number // columns, number % columns)
