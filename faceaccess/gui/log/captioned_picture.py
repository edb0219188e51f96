"""A face with a line under it that says whose it is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.pictures import rounded

_SIDE_PX, _CORNER_PX = 132, 8


class CaptionedPicture(QWidget):
    """A picture, or words where there is none, over its caption."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = wrapped("", self, "muted")
        self._set_squares(1)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.caption = wrapped("", self, "muted")
        self.caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column(self.picture, self.caption, 1, parent=self, spacing=4)

    def pixmap(self) -> QPixmap:
        """Return the picture on show; a null one where there is none."""
        return self.picture.pixmap()

    def clear(self) -> None:
        """Show no picture."""
        self.picture.clear()

    def show_text(self, text: str) -> None:
        """Say why there is no picture."""
        self.picture.setText(text)

    def show_picture(self, picture: QPixmap, name: str, *, squares: int = 1) -> None:
        """Show a picture, which screen readers call by a name; several side by side are wider than high."""
        self._set_squares(squares)
        self.picture.setPixmap(rounded(picture, self.picture.size(), _CORNER_PX))
        self.picture.setAccessibleName(name)
        self.picture.setToolTip(name)

    def _set_squares(self, squares: int) -> None:
        self.setFixedWidth(squares * _SIDE_PX)
        self.picture.setFixedSize(squares * _SIDE_PX, _SIDE_PX)
