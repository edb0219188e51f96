"""An entry of a trial day with its face, and the answers to who it was."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from faceaccess.codes import Outcome
from faceaccess.gui.insights.stranger_button import StrangerButton
from faceaccess.gui.layout import STRETCH, column, row
from faceaccess.gui.models.thumbnails import Thumbnails
from faceaccess.gui.plain import Label, shown
from faceaccess.gui.wording import amounts, codes
from faceaccess.store.journal.types import Event

FACE_PX = 56


class TrialRow(QFrame):
    """One click says who came by.

    `answered` carries a person's id, or None for a stranger, and then the stranger's number.

    Args:
        event: the entry.
        label: of the person whom it names, or who is nearest; "" where that is nobody.
        faces: have its picture.
    """

    answered = Signal(object, int)
    asked = Signal()

    def __init__(
        self, event: Event, label: str, faces: "Thumbnails[int]", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.event_ = event
        entry = event.entry
        self._faces = faces
        self._person_id = entry.person_id or entry.nearest_id
        is_named = entry.outcome in (Outcome.ACCEPTED, Outcome.DENIED)
        self.face = Label("", self)
        self.face.setFixedSize(FACE_PX, FACE_PX)
        name = codes.event_name(event) if is_named else codes.outcome(entry.outcome).label
        self.name = Label(name, self)
        self.name.setProperty("role", "strong")
        about = Label(f"{amounts.short_moment(entry.at)}   {entry.camera}", self)
        about.setProperty("role", "muted")
        label_of_right = self.tr("Right") if is_named else self.tr("It is {0}").format(label)
        self.right_button = QPushButton(shown(label_of_right).replace("&", "&&"), self)
        self.right_button.setVisible(self._person_id is not None and bool(label))
        self.other_button = QPushButton(self.tr("Somebody else…"), self)
        self.stranger_button = StrangerButton(faces, self)
        for button in (self.right_button, self.other_button, self.stranger_button):
            button.setAccessibleDescription(shown(f"{name}, {amounts.short_moment(entry.at)}"))
        row(
            self.face,
            column(self.name, about, spacing=2),
            STRETCH,
            self.right_button,
            self.other_button,
            self.stranger_button,
            parent=self,
        )
        self.right_button.clicked.connect(self._say_right)
        self.other_button.clicked.connect(self.asked)
        self.stranger_button.chosen.connect(self._say_stranger)
        faces.loaded.connect(self._on_loaded)
        self.face.setPixmap(faces.picture(event.seq))

    def show_strangers(self, seen: Mapping[int, int | None]) -> None:
        """Offer the strangers who came by before; and an answer that could not be kept, once more."""
        self.stranger_button.show_strangers(seen)
        self.setEnabled(True)

    def take_focus(self) -> None:
        """Let the keyboard go on here."""
        (self.right_button if self.right_button.isVisibleTo(self) else self.other_button).setFocus()

    def _on_loaded(self, seq: object) -> None:
        if seq == self.event_.seq:
            self.face.setPixmap(self._faces.picture(self.event_.seq))

    def _say_right(self) -> None:
        self.answered.emit(self._person_id, 0)

    def _say_stranger(self, number: int) -> None:
        self.answered.emit(None, number)
