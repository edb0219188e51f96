"""Text shown as it is: a name, a file or a reason may look like HTML, and Qt would draw it so."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from faceaccess.plain_text import visible


class Label(QLabel):
    """A label of plain text; every label of the window is one."""

    def __init__(self, text: str | QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(text if isinstance(text, QWidget) else parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text if isinstance(text, str) else "")

    def setText(self, text: str) -> None:
        """Show a text as it is."""
        super().setText(shown(text))


def shown(text: str) -> str:
    """Return text of several lines with a sign for each character that would turn it round or hide in it.

    The program's own identifiers may wrap at spaces of no width, which do nothing else.
    """
    return visible(text, keep="\n\t\u200b")


def plain(text: str) -> str:
    """Return text for a tool tip or message box, which can't be told that it is plain, drawn as it is."""
    text = shown(text)
    if "<" not in text:
        return text
    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>"
