"""The base of the window's pages."""

from typing import ClassVar

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from faceaccess.codes import Right
from faceaccess.gui.window.tab_order import follow_layout


class Page(QWidget):
    """A page of the window: its entry in the rail, and the data it reads when shown.

    Attributes:
        name: the page's name, marked for translation in the context "pages".
        icon: name of an icon.
        right: operators without it aren't offered the page.
        topic: the topic of the manual shown by F1.
        keys: that show it; "" takes Ctrl and the next digit.
    """

    name: ClassVar[str]
    icon: ClassVar[str]
    right: ClassVar[Right]
    topic: ClassVar[str]
    keys: ClassVar[str] = ""

    @property
    def label(self) -> str:
        """The page's name in the language in use."""
        return QCoreApplication.translate("pages", self.name)

    def kept_free_px(self) -> int:
        """Return how much of the page's lower edge no message may cover, pixels."""
        return 0

    def load(self) -> None:
        """Read again whatever may have changed while another page was shown; by default, nothing."""

    def begin_anew(self) -> None:
        """Leave nothing selected: somebody else has signed in. By default, nothing was."""

    def focusNextPrevChild(self, next_: bool) -> bool:
        """Go through the page in reading order, also through rows that came later."""
        follow_layout(self)
        return super().focusNextPrevChild(next_)
