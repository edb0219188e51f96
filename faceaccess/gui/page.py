"""The base of the window's pages."""

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from faceaccess.gui.window.entries import Entry
from faceaccess.gui.window.facts import ModelFacts
from faceaccess.gui.window.tab_order import follow_layout


class Page(QWidget):
    """A page of the window: its entry in the rail, and the data it reads when shown."""

    entry: ClassVar[Entry]

    @property
    def label(self) -> str:
        """The page's name in the language in use."""
        return self.entry.label

    def kept_free_px(self) -> int:
        """Return how much of the page's lower edge no message may cover, pixels."""
        return 0

    def load(self) -> None:
        """Read again whatever may have changed while another page was shown; by default, nothing."""

    def take_facts(self, facts: ModelFacts | None) -> None:
        """Take the model and threshold in force; None while they are not known. By default, nothing."""

    def begin_anew(self) -> None:
        """Leave nothing selected: somebody else has signed in. By default, nothing was."""

    def focusNextPrevChild(self, next_: bool) -> bool:
        """Go through the page in reading order, also through rows that came later."""
        follow_layout(self)
        return super().focusNextPrevChild(next_)
