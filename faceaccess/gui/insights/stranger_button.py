"""The button that says that somebody is a stranger, and which."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from faceaccess.gui.insights import trial_text
from faceaccess.gui.models.thumbnails import Thumbnails


class StrangerButton(QPushButton):
    """Offers the strangers who came by before, with their faces; `chosen` carries a stranger's number.

    Args:
        faces: have the pictures of entries.
    """

    chosen = Signal(int)

    def __init__(self, faces: "Thumbnails[int]", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(self.tr("A stranger"))
        self._faces = faces
        self._seen: Mapping[int, int | None] = {}
        self._menu = QMenu(self)
        self._menu.setProperty("role", "faces")
        self._menu.aboutToShow.connect(self._offer)
        self.clicked.connect(self._choose_first)

    def show_strangers(self, seen: Mapping[int, int | None]) -> None:
        """Offer strangers by their numbers, each with an entry that shows the face, if there is any."""
        self._seen = seen
        if seen:
            self.setMenu(self._menu)

    def _choose_first(self) -> None:
        """Take one click for the first stranger; from then on the menu opens instead."""
        if self.menu() is None:
            self.chosen.emit(1)

    def _offer(self) -> None:
        self._menu.clear()
        newest = max(self._seen, default=0) + 1
        new = self._menu.addAction(self.tr("Somebody new: {0}").format(trial_text.stranger(newest)))
        new.triggered.connect(partial(self._choose, newest))
        for number, seq in self._seen.items():
            again = self.tr("{0} again").format(trial_text.stranger(number))
            action = self._menu.addAction(again)
            if seq is not None:
                action.setIcon(QIcon(self._faces.picture(seq)))
            action.triggered.connect(partial(self._choose, number))

    def _choose(self, number: int, _: bool = False) -> None:
        self.chosen.emit(number)
