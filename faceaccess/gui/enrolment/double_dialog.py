"""The question about a face that is enrolled under another name, with both side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from faceaccess.gui.dialog_buttons import DialogButtons
from faceaccess.gui.layout import row, wrapped
from faceaccess.gui.pictures import rounded
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.elided_label import ElidedLabel
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.people.enrolment.doubles import Likeness

_FACE_PX = 170
_MOST_LETTERS = 2000


@dataclass(frozen=True)
class Pair:
    """Somebody enrolled, and the newcomer's photo that looks most like them.

    Attributes:
        likeness: who it may be.
        face: of the person enrolled.
        photo: the newcomer's.
        sha256: of that photo.
    """

    likeness: "Likeness"
    face: QPixmap
    photo: QPixmap
    sha256: str


class DoubleDialog(QDialog):
    """Asks whether two faces are one person.

    Accepted with `add_to`, with `leaves_out`, or with `why` they are two.

    Args:
        name: of the newcomer.
        pairs: the people it may be, nearest first.
    """

    def __init__(self, name: str, pairs: Sequence[Pair], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Is this the same person?"))
        self._pairs = pairs
        explanation = Label(
            self.tr("This face looks like somebody who is enrolled. Nothing has been saved yet."),
            self,
        )
        explanation.setWordWrap(True)
        faces = row(spacing=14)
        shown = ""
        for pair in pairs:
            if pair.sha256 != shown:
                shown = pair.sha256
                faces.addWidget(self._card(pair.photo, name, self.tr("new")))
            detail = self.tr("distance {0}, asked below {1}").format(
                f"{pair.likeness.distance:.3f}", f"{pair.likeness.limit:.3f}"
            )
            faces.addWidget(self._card(pair.face, pair.likeness.person.name, detail))
        faces.addStretch()
        self._choices = QButtonGroup(self)
        options = QVBoxLayout()
        for number, pair in enumerate(pairs):
            label = self.tr("Same person: add the photos to {0}").format(_described(pair.likeness.person))
            self._add_choice(options, label, number)
        out = self.tr("A wrong photo: leave it out")
        self.leave_out = self._add_choice(options, out, len(pairs))
        self.keep_both = self._add_choice(options, self.tr("Different people: keep both"), len(pairs) + 1)
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(_MOST_LETTERS)
        self.reason.setPlaceholderText(self.tr("How do you know? Erased with the person"))
        self.reason.setAccessibleName(self.tr("Why they are two people"))
        self.buttons = DialogButtons(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self.save_button = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(explanation)
        column.addLayout(faces)
        column.addLayout(options)
        column.addWidget(self.reason)
        column.addWidget(self.buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._choices.idToggled.connect(self._check)
        self.reason.textChanged.connect(self._check)
        self._check()

    def add_to(self) -> Person | None:
        """Return the enrolled person the newcomer is; None when they are different people."""
        chosen = self._choices.checkedId()
        return self._pairs[chosen].likeness.person if 0 <= chosen < len(self._pairs) else None

    def leaves_out(self) -> str:
        """Return the SHA-256 of the photo to be left out: that most like somebody enrolled; "" for none."""
        return self._pairs[0].sha256 if self.leave_out.isChecked() else ""

    def why(self) -> str:
        """Return how the operator knows that they are two people."""
        return self.reason.text().strip()

    def _add_choice(self, options: QVBoxLayout, label: str, number: int) -> QRadioButton:
        button = QRadioButton(label, self)
        self._choices.addButton(button, number)
        options.addWidget(button)
        return button

    def _check(self) -> None:
        is_two = self.keep_both.isChecked()
        self.reason.setEnabled(is_two)
        is_reasoned = is_two and bool(self.why())
        self.save_button.setEnabled(self.add_to() is not None or bool(self.leaves_out()) or is_reasoned)

    def _card(self, picture: QPixmap, name: str, detail: str) -> QFrame:
        card = QFrame(self)
        card.setObjectName("photoCard")
        shown = Label(card)
        shown.setFixedSize(_FACE_PX, _FACE_PX)
        if not picture.isNull():
            shown.setPixmap(rounded(picture, QSize(_FACE_PX, _FACE_PX)))
        shown.setAccessibleName(self.tr("Face of {0}").format(name))
        title = ElidedLabel(name, card)
        title.setProperty("role", "heading")
        title.setTextFormat(Qt.TextFormat.PlainText)
        note = wrapped(detail, card, "muted")
        column = QVBoxLayout(card)
        column.setContentsMargins(10, 10, 10, 10)
        column.addWidget(shown, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(title)
        column.addWidget(note)
        card.setFixedWidth(_FACE_PX + 22)
        return card


def _described(person: Person) -> str:
    text = f"{person.name} ({person.staff_number})" if person.staff_number else person.name
    return text.replace("&", "&&")  # a button takes a single & for a shortcut
