"""Where the pictures come from: a webcam by name, an address, a video file or a folder."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QInputDialog, QWidget

from faceaccess.gui import icons

if TYPE_CHECKING:
    from faceaccess.workspace import CameraInfo

_ADDRESS, _FILE, _FOLDER = "\0address", "\0file", "\0folder"


class SourceChooser(QComboBox):
    """A list of sources; its last rows ask for an address, a file or a folder."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cameras: tuple[CameraInfo, ...] = ()
        self._extras: list[str] = []
        self._source: str | None = None
        self._preferred = ""
        self.setAccessibleName(self.tr("Picture source"))
        self.setToolTip(self.tr("Where the door's picture comes from"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(24)
        self.activated.connect(self._on_activated)
        self._fill()

    def source(self) -> str | None:
        """Return the chosen source, or None when there is none to choose."""
        return self._source

    def is_recording(self) -> bool:
        """Return whether the chosen source is a file or folder rather than a camera."""
        return self._source is not None and not self._source.isdigit() and "://" not in self._source

    def set_cameras(self, cameras: Sequence["CameraInfo"]) -> None:
        """List these webcams; the first is chosen when nothing was."""
        self._cameras = tuple(cameras)
        if self._source is None and cameras:
            self._source = self._preferred if self._is_camera(self._preferred) else str(cameras[0].index)
        self._fill()

    def prefer(self, index: str) -> None:
        """Choose this webcam rather than the first as soon as it is known to be there."""
        self._preferred = index

    def set_source(self, source: str | None) -> None:
        """Choose a source without announcing it."""
        self._source = source or None
        if self._source and self._source not in self._extras and not self._is_camera(self._source):
            self._extras.append(self._source)
        self._fill()

    def ask_for_file(self) -> None:
        """Let the operator pick a video file."""
        path, _ = QFileDialog.getOpenFileName(
            self.window(),
            self.tr("Choose a recording"),
            "",
            self.tr("Videos (*.mp4 *.avi *.mov *.mkv *.webm *.m4v);;All files (*)"),
        )
        self._choose(path)

    def _is_camera(self, source: str) -> bool:
        return any(str(camera.index) == source for camera in self._cameras)

    def _fill(self) -> None:
        self.blockSignals(True)
        self.clear()
        for camera in self._cameras:
            self.addItem(icons.icon("camera"), camera.name, str(camera.index))
        for source in self._extras:
            is_address = "://" in source
            shown = _without_secret(source) if is_address else source.replace("\\", "/").rsplit("/", 1)[-1]
            self.addItem(icons.icon("link" if is_address else "file"), shown, source)
        if self.count():
            self.insertSeparator(self.count())
        self.addItem(icons.icon("link"), self.tr("Network camera…"), _ADDRESS)
        self.addItem(icons.icon("file"), self.tr("Video file…"), _FILE)
        self.addItem(icons.icon("folder"), self.tr("Folder of pictures…"), _FOLDER)
        self.setCurrentIndex(self.findData(self._source) if self._source else -1)
        self.setPlaceholderText(self.tr("Choose a camera or a file"))
        self.blockSignals(False)

    def _on_activated(self, row: int) -> None:
        data = self.itemData(row)
        if data == _FILE:
            self.ask_for_file()
        elif data == _FOLDER:
            self._choose(
                QFileDialog.getExistingDirectory(self.window(), self.tr("Choose a folder of pictures"))
            )
        elif data == _ADDRESS:
            address, _ = QInputDialog.getText(
                self.window(), self.tr("Network camera"), self.tr("Address (rtsp:// or http://):")
            )
            self._choose(address.strip())
        else:
            self._choose(data)

    def _choose(self, source: str | None) -> None:
        if not source:
            self._fill()
            return
        self.set_source(source)
        self.chosen.emit(source)


def _without_secret(address: str) -> str:
    scheme, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path.partition('?')[0]}"
