"""The form for the person being enrolled."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from faceaccess.gui.layout import column
from faceaccess.gui.models.thumbnails import Thumbnails
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.consent_section import ConsentSection
from faceaccess.gui.widgets.department_field import DepartmentField
from faceaccess.store.people.types import Person

_MOST_LETTERS = 36
_FACE_PX = 56
_PIN_DIGITS = 12


@dataclass(frozen=True)
class Enrolee:
    """The answers on the form.

    Attributes:
        add_to: the existing person who gets the photos; None for a new person.
        pin: of a person who doesn't use their face; None for one who does.
    """

    name: str
    staff_number: str | None
    department: str
    add_to: Person | None
    pin: str | None = None
    email: str = ""


class EnrolmentForm(QWidget):
    """Name, staff number, department and e-mail; asks which person is meant when the name exists already."""

    changed = Signal()

    def __init__(self, load_face: Callable[[str], bytes | None], parent: QWidget | None = None) -> None:
        """Take the source of faces.

        Args:
            load_face: returns a person's thumbnail as JPEG, or None; called on a worker.
            parent: the page.
        """
        super().__init__(parent)
        self._faces = Thumbnails(load_face, _FACE_PX, self)
        self._faces.loaded.connect(self._show_faces)
        self._people: list[Person] = []
        self._consenting: set[str] = set()
        self._choices: list[tuple[QRadioButton, Person | None]] = []
        self._asked_about: tuple[str, ...] = ()
        self._has_edited_name = self._is_proposed = False
        self._proposal = ""
        self.name = QLineEdit(self)
        self.staff_number = QLineEdit(self)
        self.department = DepartmentField(self)
        self.email = QLineEdit(self)
        self.by_face = QRadioButton(self.tr("By &face"), self)
        self.by_pin = QRadioButton(self.tr("By &PIN only"), self)
        self.by_face.setChecked(True)
        self.pin = QLineEdit(self)
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(_PIN_DIGITS)
        self.pin.setPlaceholderText(self.tr("PIN, typed after the staff number"))
        self.pin.setAccessibleName(self.tr("PIN"))
        self.pin.setVisible(False)
        self.consent = ConsentSection(self)
        self.namesakes = QWidget(self)
        self._question = Label(self.namesakes)
        self._question.setWordWrap(True)
        self._question.setProperty("role", "caution")
        self._options = QVBoxLayout(self.namesakes)
        self._options.setContentsMargins(0, 0, 0, 0)
        self._options.addWidget(self._question)
        self._group = QButtonGroup(self)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(4)
        for field, label, hint in (
            (self.name, self.tr("&Name"), ""),
            (self.staff_number, self.tr("&Staff number"), self.tr("optional; no two people share one")),
            (self.department, self.tr("&Department"), self.tr("optional")),
            (self.email, self.tr("E-&mail"), self.tr("optional")),
        ):
            field.setPlaceholderText(hint)
            field.setAccessibleName(label.replace("&", ""))
            field.textChanged.connect(self._on_text_changed)
            form.addRow(label, field)
        column(form, self.namesakes, self._ways(), self.pin, self.consent, parent=self)
        self.namesakes.setVisible(False)
        self.name.textEdited.connect(self._on_name_edited)
        self.name.installEventFilter(self)
        self.by_pin.toggled.connect(self._on_way)
        self.pin.textChanged.connect(self.changed)
        self.consent.changed.connect(self.changed)

    def _ways(self) -> QHBoxLayout:
        """Return the choice between face and PIN, two ways of equal standing."""
        ways = QButtonGroup(self)
        row = QHBoxLayout()
        for button in (self.by_face, self.by_pin):
            ways.addButton(button)
            row.addWidget(button)
        row.addStretch()
        return row

    def set_people(self, people: list[Person]) -> None:
        """Take the people already enrolled, to find equal names and staff numbers."""
        self._people = list(people)
        self.department.show_departments(person.department for person in people)
        self._on_text_changed()

    def add_photos_to(self, person: Person) -> None:
        """Fill the form in for more photos of an existing person."""
        self.name.setText(person.name)
        for button, choice in self._choices:
            if choice is not None and choice.person_id == person.person_id:
                button.setChecked(True)

    def propose_name(self, name: str) -> None:
        """Fill a name in, where nobody has typed one or taken a proposal away; "" leaves it to be typed."""
        if self.name.text() or self._has_edited_name:
            return
        self.name.setText(name)
        self.name.selectAll()
        self._is_proposed, self._proposal = bool(name), name
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def withdraw_name(self) -> None:
        """Take a proposed name back, with the photos that bore it."""
        if self._proposal and not self._has_edited_name and self.name.text() == self._proposal:
            self.name.clear()
        self._proposal = ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Select a proposed name at the first click or Tab: typing replaces it, a second click keeps it."""
        enters = (QEvent.Type.FocusIn, QEvent.Type.MouseButtonRelease)
        if self._is_proposed and event.type() in enters:
            self._is_proposed = event.type() is not QEvent.Type.MouseButtonRelease
            QTimer.singleShot(0, self.name, self.name.selectAll)
        return super().eventFilter(watched, event)

    def _on_name_edited(self) -> None:
        self._has_edited_name, self._is_proposed = True, False

    def clear(self) -> None:
        """Empty all fields."""
        self._has_edited_name = self._is_proposed = False
        for field in (self.name, self.staff_number, self.department, self.email, self.pin):
            field.clear()
        self.by_face.setChecked(True)
        self.consent.clear()

    def enrolee(self) -> Enrolee:
        """Return the answers on the form."""
        return Enrolee(
            " ".join(self.name.text().split()),
            self.staff_number.text().strip() or None,
            " ".join(self.department.text().split()),
            self._chosen(),
            self.pin.text() if self.by_pin.isChecked() else None,
            self.email.text().strip(),
        )

    def needs_consent(self) -> bool:
        """Return whether a consent is asked for: not of a person who has given one, or who uses a PIN."""
        person = self._chosen()
        return self.by_face.isChecked() and (person is None or person.person_id not in self._consenting)

    def set_consenting(self, person_ids: set[str]) -> None:
        """Take the enrolled people whose consent is in force."""
        self._consenting = set(person_ids)
        self._on_way()

    def _on_way(self) -> None:
        self.pin.setVisible(self.by_pin.isChecked())
        self.consent.setVisible(self.needs_consent())
        self.changed.emit()

    def missing(self) -> list[str]:
        """Return a phrase for each thing the form still lacks."""
        enrolee, lacking = self.enrolee(), []
        if not enrolee.name:
            lacking.append(self.tr("a name"))
        if enrolee.pin is not None:
            lacking += [] if enrolee.staff_number else [self.tr("a staff number, typed before the PIN")]
            lacking += [] if enrolee.pin else [self.tr("a PIN")]
        elif self.needs_consent() and self.consent.new_consent() is None:
            lacking.append(self.tr("the person's consent"))
        if self._choices and not any(button.isChecked() for button, _ in self._choices):
            lacking.append(self.tr("who is meant, as this name exists already"))
        if enrolee.add_to is None and (holder := self._holder(enrolee.staff_number)):
            lacking.append(
                self.tr("another staff number: {0} belongs to {1}").format(enrolee.staff_number, holder.name)
            )
        return lacking

    def _holder(self, staff_number: str | None) -> Person | None:
        if not staff_number:
            return None
        held = (person for person in self._people if person.has_number(staff_number))
        return next(held, None)

    def _chosen(self) -> Person | None:
        return next((person for button, person in self._choices if button.isChecked()), None)

    def _on_text_changed(self) -> None:
        enrolee = self.enrolee()
        self.consent.set_name(enrolee.name)
        known = [person for person in self._people if person.is_called(enrolee.name)]
        self._ask_about(known)
        is_new = enrolee.add_to is None
        holder = self._holder(enrolee.staff_number) if is_new else None
        self.staff_number.setProperty("problem", holder is not None)
        self.staff_number.style().unpolish(self.staff_number)
        self.staff_number.style().polish(self.staff_number)
        self.changed.emit()

    def _ask_about(self, known: list[Person]) -> None:
        ids = tuple(person.person_id for person in known)
        if ids == self._asked_about:
            return
        self._asked_about = ids
        self._faces.forget()
        for button, _ in self._choices:
            self._group.removeButton(button)
            self._options.removeWidget(button)
            button.setParent(None)
            button.deleteLater()
        self._choices = []
        self.namesakes.setVisible(bool(known))
        self._on_chosen()
        if not known:
            return
        self._question.setText(self.tr("This name is enrolled already. Who is it?"))
        for person in known:
            details = ", ".join(detail for detail in (person.staff_number, person.department) if detail)
            same = self.tr("The same person")
            label = f"{same} ({details})" if details else same
            self._offer(label, person)
        self._offer(self.tr("Someone else with the same name"), None)

    def _offer(self, label: str, person: Person | None) -> None:
        shown = label if len(label) <= _MOST_LETTERS else f"{label[: _MOST_LETTERS - 1]}…"
        button = QRadioButton(shown, self.namesakes)
        button.setAccessibleName(label)
        button.setToolTip(label)
        button.toggled.connect(self._on_chosen)
        self._group.addButton(button)
        self._options.addWidget(button)
        self._choices.append((button, person))
        if person is not None:
            button.setIconSize(QSize(_FACE_PX, _FACE_PX))
            button.setIcon(QIcon(self._faces.picture(person.person_id)))

    def _show_faces(self) -> None:
        """Show the face of each person who may be meant."""
        for button, person in self._choices:
            if person is not None:
                button.setIcon(QIcon(self._faces.picture(person.person_id)))

    def _on_chosen(self) -> None:
        adds = self._chosen() is not None
        self.staff_number.setEnabled(not adds)
        self.department.setEnabled(not adds)
        self.email.setEnabled(not adds)
        self.by_pin.setEnabled(not adds)
        if adds:
            self.by_face.setChecked(True)
        self._on_way()
