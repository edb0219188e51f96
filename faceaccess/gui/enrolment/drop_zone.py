"""The place where photos are dropped or chosen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QWidget

from faceaccess.gui import icons
from faceaccess.gui.plain import Label

_LEAST_PX = 108

PHOTO_FILES = "*.jpg *.jpeg *.jfif *.png *.heic *.avif *.webp *.bmp *.tif *.tiff *.gif"


class DropZone(QFrame):
    """Takes image files by drag and drop or through a dialog.

    `resized` says that another height may be needed for its text.
    """

    chosen = Signal(list)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dropZone")
        self.setAcceptDrops(True)
        symbol = Label(self)
        symbol.setProperty("role", "muted")
        icons.set_icon(symbol, "photo", 32)
        note = Label(
            self.tr(
                "Drop photos here. Two or three of the face from the front work best; add one with the mask "
                "for somebody who wears a surgical mask at the door."
            ),
            self,
        )
        note.setWordWrap(True)
        self.button = QPushButton(self.tr("Choose photos…"), self)
        self.button.clicked.connect(self._ask)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(20, 14, 20, 14)
        row.setSpacing(14)
        row.addWidget(symbol)
        row.addWidget(note, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def needed_px(self) -> int:
        """Return the height at which all of its text is seen in its present width."""
        return max(_LEAST_PX, self._row.totalHeightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say that its text may take more lines, or fewer."""
        super().resizeEvent(event)
        self.resized.emit()

    def _ask(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(
            self.window(),
            self.tr("Choose photos"),
            "",
            self.tr("Photos ({0});;All files (*)").format(PHOTO_FILES),
        )
        if paths:
            self.chosen.emit(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files from this computer."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._show_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show that nothing hovers any more."""
        super().dragLeaveEvent(event)
        self._show_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        self._show_over(False)
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.chosen.emit(paths)

    def _show_over(self, is_over: bool) -> None:
        self.setProperty("isOver", is_over)
        self.style().unpolish(self)
        self.style().polish(self)
