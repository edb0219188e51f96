"""The question about a face that is enrolled under another name, with both side by side."""

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

from faceaccess.gui.layout import row, wrapped
from faceaccess.gui.pictures import rounded
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.dialog_buttons import DialogButtons
from faceaccess.gui.widgets.elided_label import ElidedLabel
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.people.enrolment.doubles import Likeness

_FACE_PX = 170
_MOST_LETTERS = 2000


class DoubleDialog(QDialog):
    """Asks whether two faces are one person; accepted with `add_to`, or with `why` they are two.

    Args:
        name: of the newcomer.
        face: the newcomer's.
        likenesses: the people it may be, nearest first, each with a face.
    """

    def __init__(
        self,
        name: str,
        face: QPixmap,
        likenesses: "list[tuple[Likeness, QPixmap]]",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Is this the same person?"))
        self._likenesses = likenesses
        explanation = Label(
            self.tr("This face looks like somebody who is enrolled. Nothing has been saved yet."),
            self,
        )
        explanation.setWordWrap(True)
        faces = row(self._card(face, name, self.tr("new")), spacing=14)
        for likeness, picture in likenesses:
            detail = self.tr("distance {0}, asked below {1}").format(
                f"{likeness.distance:.3f}", f"{likeness.limit:.3f}"
            )
            faces.addWidget(self._card(picture, likeness.person.name, detail))
        faces.addStretch()
        self._choices = QButtonGroup(self)
        options = QVBoxLayout()
        for number, (likeness, _) in enumerate(likenesses):
            label = self.tr("Same person: add the photos to {0}").format(_described(likeness.person))
            self._add_choice(options, label, number)
        self.keep_both = self._add_choice(options, self.tr("Different people: keep both"), len(likenesses))
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
        return self._likenesses[chosen][0].person if 0 <= chosen < len(self._likenesses) else None

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
        self.save_button.setEnabled(self.add_to() is not None or (is_two and bool(self.why())))

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
