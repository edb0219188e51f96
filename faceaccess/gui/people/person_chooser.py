"""A dialog that chooses an enrolled person, or names a new one."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import run_in_background
from faceaccess.gui.dialog_buttons import DialogButtons
from faceaccess.gui.plain import Label, shown
from faceaccess.gui.wording import failures
from faceaccess.store.people.types import ConsentText, NewConsent, Person

if TYPE_CHECKING:
    from faceaccess.people.reception import Reception
    from faceaccess.store.people.people import People

_TYPING_MS = 200
_MOST = 200
_WIDTH, _HEIGHT = 460, 480


@dataclass(frozen=True)
class Choice:
    """The person chosen, or the name of a new one with the consent given."""

    person: Person | None
    new_name: str = ""
    consent: NewConsent | None = None


class PersonChooser(QDialog):
    """Shows the people enrolled with a search; `choice` is the answer.

    Args:
        title: of the window.
        question: what the person is chosen for.
        leave_out: id of a person who can't be chosen.
        new_label: on the last row, which names a new person; "" offers none.
    """

    def __init__(
        self,
        people: "People",
        reception: "Reception",
        title: str,
        question: str,
        *,
        leave_out: str,
        new_label: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._people, self._reception = people, reception
        self._leave_out, self._new_label = leave_out, new_label
        self._listed: list[Person] = []
        self._text: ConsentText | None = None
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search by name, staff number, department or e-mail"))
        self.search.setAccessibleName(self.tr("Search people"))
        self.people = QListWidget(self)
        self.people.setAccessibleName(self.tr("People"))
        self.new_name = QLineEdit(self)
        self.new_name.setPlaceholderText(self.tr("Name of the new person"))
        self.new_name.setAccessibleName(self.tr("Name of the new person"))
        self.consent = QCheckBox(self)
        self.problem = Label(self)
        self.problem.setWordWrap(True)
        self.problem.setProperty("role", "bad")
        self.buttons = DialogButtons(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._arrange(question)
        self._connect()
        self.load()

    def load(self) -> None:
        """Read the people who match the search, and the text that a new one agrees to."""
        read = partial(_read, self._people, self._reception, self.search.text().strip())
        run_in_background(read, partial(self._show, self.search.text()), self._on_failed, self)

    def choice(self) -> Choice:
        """Return the choice."""
        if self._is_new():
            agreed = self.consent.isChecked() and self._text is not None
            consent = NewConsent(self._text.version, date.today()) if agreed and self._text else None
            return Choice(None, " ".join(self.new_name.text().split()), consent)
        row = self.people.currentRow()
        return Choice(self._listed[row] if 0 <= row < len(self._listed) else None)

    def _arrange(self, question: str) -> None:
        note = Label(question, self)
        note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        for widget in (note, self.search, self.people, self.new_name, self.consent, self.problem):
            column.addWidget(widget, 1 if widget is self.people else 0)
        column.addWidget(self.buttons)
        self.new_name.hide()
        self.consent.hide()
        self.problem.hide()
        self._button().setEnabled(False)
        self.resize(_WIDTH, _HEIGHT)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self.load)
        self.people.currentRowChanged.connect(self._check)
        self.people.itemDoubleClicked.connect(self._on_double_click)
        self.new_name.textChanged.connect(self._check)
        self.consent.toggled.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _show(self, search: str, reading: tuple[list[Person], ConsentText | None]) -> None:
        if search != self.search.text():
            return
        people, self._text = reading
        self._listed = [person for person in people if person.person_id != self._leave_out][:_MOST]
        self.people.clear()
        for person in self._listed:
            facts = " · ".join(filter(None, (person.staff_number, person.department)))
            self.people.addItem(shown(f"{person.name}   {facts}".rstrip()))
        if self._new_label:
            new = QListWidgetItem(self._new_label, self.people)
            new.setData(Qt.ItemDataRole.UserRole, True)
        if self._text is not None:
            sentence = self.tr("The person agreed today to the consent text, version {0}")
            self.consent.setText(sentence.format(self._text.version))
        self._check()

    def _is_new(self) -> bool:
        item = self.people.currentItem()
        return item is not None and bool(item.data(Qt.ItemDataRole.UserRole))

    def _check(self) -> None:
        is_new = self._is_new()
        self.new_name.setVisible(is_new)
        self.consent.setVisible(is_new and self._text is not None)
        choice = self.choice()
        has_consent = self._text is None or choice.consent is not None
        self._button().setEnabled(choice.person is not None or (bool(choice.new_name) and has_consent))

    def _button(self) -> QWidget:
        return self.buttons.button(QDialogButtonBox.StandardButton.Ok)

    def _on_double_click(self, _: QListWidgetItem) -> None:
        if self._button().isEnabled():
            self.accept()

    def _on_failed(self, error: FaceAccessError) -> None:
        self.problem.setText(failures.whole(error))
        self.problem.show()


def _read(people: "People", reception: "Reception", search: str) -> tuple[list[Person], ConsentText | None]:
    """Return the people who match, and the text to agree to where a consent is needed."""
    texts = reception.consents.current_texts() if reception.consents.is_needed else []
    # One more than are listed: whoever asks is left out.
    return people.list(search, most=_MOST + 1), texts[0] if texts else None
