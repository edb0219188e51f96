"""The choice of the pictures' source: a webcam by name, an address, a video file or a folder."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QInputDialog, QWidget

from faceaccess.gui import icons
from faceaccess.gui.plain import shown
from faceaccess.gui.wording import setups
from faceaccess.settings import CameraSettings, SourceKind, source_kind

if TYPE_CHECKING:
    from faceaccess.vision.sources.webcams import CameraInfo

_ADDRESS, _FILE, _FOLDER = "\0address", "\0file", "\0folder"


class SourceChooser(QComboBox):
    """A list of sources; its last rows ask for an address, a file or a folder.

    Cameras that were set up are offered by name. With one, the other webcams found are offered for it;
    with several, all of them together, which is the source None.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._webcams: tuple[CameraInfo, ...] = ()
        self._cameras: tuple[CameraSettings, ...] = ()
        self._extras: list[str] = []
        self._source: str | None = None
        self.setAccessibleName(self.tr("Picture source"))
        self.setToolTip(self.tr("Where the door's picture comes from"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(24)
        self.activated.connect(self._on_activated)
        self._fill()

    def source(self) -> str | None:
        """Return the chosen source: a camera's id, a webcam, an address or a path; None: all cameras."""
        return self._source

    def has_source(self) -> bool:
        """Return whether there is anything to start."""
        return self._source is not None or len(self._cameras) > 1

    def is_added(self) -> bool:
        """Return whether the chosen source isn't one of the cameras: an address, a file or a folder."""
        return self._source in self._extras

    def is_recording(self) -> bool:
        """Return whether the chosen source is a file or folder rather than a camera."""
        sources = [*self._extras, *(camera.source for camera in self._cameras)]
        return self._source in sources and source_kind(self._source) is SourceKind.RECORDING

    def is_for_camera(self, source: str | None) -> bool:
        """Return whether a source is one that the only camera doesn't have yet: a webcam or an address."""
        if source is None or len(self._cameras) != 1 or source == self._cameras[0].source:
            return False
        return "://" in source or any(webcam.source == source for webcam in self._webcams)

    def set_webcams(self, webcams: Sequence["CameraInfo"]) -> None:
        """Offer these webcams; the first is chosen where no camera was set up yet."""
        self._webcams = tuple(webcams)
        self._choose_first()
        self._fill()

    def set_cameras(self, cameras: Sequence[CameraSettings]) -> None:
        """Offer the cameras as they are set up now."""
        is_same = cameras == self._cameras
        self._cameras = tuple(cameras)
        sources = [camera.source for camera in cameras]
        self._extras = [source for source in self._extras if source not in sources]
        if not is_same and not self.is_recording():
            self._source = None
        self._choose_first()
        self._fill()

    def set_source(self, source: str | None) -> None:
        """Choose a source without announcing it."""
        self._source = source or None
        offered = [data for _, _, data in self._offers()]
        if self._source and self._source not in self._extras and self._source not in offered:
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

    def _choose_first(self) -> None:
        """Choose the only camera's source, or a webcam that is there in place of one that isn't."""
        if self._source is not None or len(self._cameras) != 1:
            return
        if self._was_set_up():
            self._source = self._cameras[0].source
        elif self._webcams:
            self._source = self._webcams[0].source

    def _was_set_up(self) -> bool:
        """Return whether the only camera has a source: the webcam of a new data folder must be there."""
        is_new = self._cameras[0].source == CameraSettings().source
        return not is_new or self._webcam() is not None

    def _webcam(self) -> "CameraInfo | None":
        """Return the only camera's webcam; None where it is another kind of source, or not there."""
        source = self._cameras[0].source
        names = ((w, (w.source, str(w.index), w.name.casefold())) for w in self._webcams)
        return next((webcam for webcam, known in names if source.casefold() in known), None)

    def _offers(self) -> list[tuple[str, str, str | None]]:
        """Return icon, words and source of each camera to choose from."""
        if len(self._cameras) > 1:
            cameras = [("camera", camera.name, camera.camera_id) for camera in self._cameras]
            return [("camera", self.tr("All cameras"), None), *cameras]
        own = self._webcam() if self._cameras else None
        others = [("camera", webcam.name, webcam.source) for webcam in self._webcams if webcam is not own]
        if not self._cameras or not self._was_set_up():
            return list(others)
        camera = self._cameras[0]
        where = own.name if own else setups.source(camera.source)
        if own is None and source_kind(camera.source) is SourceKind.WEBCAM:
            where = self.tr("not plugged in")
        return [("camera", f"{camera.name} ({where})", camera.source), *others]

    def _fill(self) -> None:
        self.blockSignals(True)
        self.clear()
        for icon, label, source in self._offers():
            self.addItem(icons.icon(icon), shown(label), source)
        for source in self._extras:
            self.addItem(
                icons.icon("link" if "://" in source else "file"), shown(setups.source(source)), source
            )
        if self.count():
            self.insertSeparator(self.count())
        if len(self._cameras) <= 1:
            self.addItem(icons.icon("link"), self.tr("Network camera…"), _ADDRESS)
        self.addItem(icons.icon("file"), self.tr("Video file…"), _FILE)
        self.addItem(icons.icon("folder"), self.tr("Folder of pictures…"), _FOLDER)
        self.setCurrentIndex(self._row_of_source())
        self.setPlaceholderText(self.tr("Choose a camera or a file"))
        self.blockSignals(False)

    def _row_of_source(self) -> int:
        if self._source is None:
            return 0 if len(self._cameras) > 1 else -1
        return self.findData(self._source)

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
            self.set_source(data)
            self.chosen.emit(data)

    def _choose(self, source: str) -> None:
        if not source:
            self._fill()
            return
        self.set_source(source)
        self.chosen.emit(source)
