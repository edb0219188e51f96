"""Which table or folder is imported, and where the photos lie."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QPushButton, QWidget

from faceaccess.gui import icons
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.elided_label import ElidedLabel


class ImportSource(QWidget):
    """Two lines: what is imported, and for a table the folder of the photos."""

    changed = Signal()
    photos_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.photos: Path | None = None
        self.shown = ElidedLabel("", self)
        self.photos_shown = ElidedLabel("", self)
        self.table_button = QPushButton(self.tr("Choose a table…"), self)
        self.folder_button = QPushButton(self.tr("Choose a folder…"), self)
        self.photos_title = Label(self.tr("Photos in"), self)
        self.photos_button = QPushButton(self.tr("Choose…"), self)
        for button, icon in ((self.table_button, "file"), (self.folder_button, "folder")):
            icons.set_icon(button, icon, 16)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(Label(self.tr("People from"), self), 0, 0)
        grid.addWidget(self.shown, 0, 1)
        grid.addWidget(self.table_button, 0, 2)
        grid.addWidget(self.folder_button, 0, 3)
        grid.addWidget(self.photos_title, 1, 0)
        grid.addWidget(self.photos_shown, 1, 1)
        grid.addWidget(self.photos_button, 1, 2)
        self.table_button.clicked.connect(self._ask_table)
        self.folder_button.clicked.connect(self._ask_folder)
        self.photos_button.clicked.connect(self._ask_photos)
        self._show()

    def choose(self, path: Path) -> None:
        """Import this table or folder."""
        self.path, self.photos = path, None
        self._show()
        self.changed.emit()

    def choose_photos(self, folder: Path) -> None:
        """Look for the photos of the table here."""
        self.photos = folder
        self._show()
        self.photos_changed.emit()

    def _show(self) -> None:
        is_table = self.path is not None and not self.path.is_dir()
        hint = self.tr("Nothing chosen: a CSV or XLSX table, or a folder with one sub-folder per person")
        self.shown.setText(str(self.path) if self.path is not None else hint)
        beside = self.tr("the table's own folder")
        self.photos_shown.setText(str(self.photos) if self.photos is not None else beside)
        for widget in (self.photos_title, self.photos_shown, self.photos_button):
            widget.setVisible(is_table)

    def _ask_table(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self.window(),
            self.tr("Choose a table of people"),
            "",
            self.tr("Tables (*.csv *.tsv *.txt *.xlsx *.xlsm);;All files (*)"),
        )
        if path:
            self.choose(Path(path))

    def _ask_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(
            self.window(), self.tr("Choose a folder with one sub-folder per person")
        )
        if path:
            self.choose(Path(path))

    def _ask_photos(self) -> None:
        path = QFileDialog.getExistingDirectory(self.window(), self.tr("Where do the photos lie?"))
        if path:
            self.choose_photos(Path(path))
