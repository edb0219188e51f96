"""One person: photos, data, and the actions on them."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal, SignalInstance
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import run_in_background
from faceaccess.gui.layout import row
from faceaccess.gui.people.person_access import PersonAccess
from faceaccess.gui.people.person_consent import PersonConsent
from faceaccess.gui.pictures import pixmap_from_jpeg, rounded
from faceaccess.gui.plain import Label, shown
from faceaccess.gui.widgets.department_field import DepartmentField
from faceaccess.gui.widgets.flow_layout import FlowLayout
from faceaccess.gui.wording import amounts, failures
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.store.people.photos import Photos

_PHOTO_PX = 80
_MOST_PHOTOS = 12


@dataclass(frozen=True)
class PersonData:
    """The fields that can be edited."""

    name: str
    staff_number: str | None
    department: str
    email: str


class PersonDetail(QScrollArea):
    """Shows a person and announces what the operator wants done."""

    save_wanted = Signal(object, object)
    photos_wanted = Signal(object)
    entries_wanted = Signal(object)
    hours_wanted = Signal(object)
    active_wanted = Signal(object, bool)
    delete_wanted = Signal(object)
    disclose_wanted = Signal(object)
    merge_wanted = Signal(object)
    history_wanted = Signal(object)
    photo_delete_wanted = Signal(object, int)
    photo_give_wanted = Signal(object, int)

    def __init__(
        self,
        photos: "Photos",
        access: PersonAccess,
        consent: PersonConsent,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._stored, self.access, self.consent = photos, access, consent
        self._person: Person | None = None
        self._drafts: dict[str, PersonData] = {}
        self.name, self.staff_number = QLineEdit(self), QLineEdit(self)
        self.name.setPlaceholderText(self.tr("A person needs a name"))
        self.department, self.email = DepartmentField(self), QLineEdit(self)
        self.save_button = QPushButton(self.tr("Save changes"), self)
        self.add_button = QPushButton(self.tr("Add photos"), self)
        self.entries_button = QPushButton(self.tr("Entries"), self)
        self.hours_button = QPushButton(self.tr("Hours"), self)
        self.entries_button.setToolTip(self.tr("Show this person's entries in the log"))
        self.hours_button.setToolTip(self.tr("Show this person's hours on the page Attendance"))
        self.active_button = QPushButton(self.tr("Deactivate"), self)
        self.delete_button = QPushButton(self.tr("Delete"), self)
        self.merge_button = QPushButton(self.tr("Merge…"), self)
        self.history_button = QPushButton(self.tr("Changes…"), self)
        self.disclose_button = QPushButton(self.tr("Export everything held…"), self)
        self.hint = Label(self.tr("Select a person to see photos and details."), self)
        self.facts = Label(self)
        self._arrange()
        self.save_button.clicked.connect(self._on_save)
        self.add_button.clicked.connect(self._on_add)
        self.entries_button.clicked.connect(self._on_entries)
        self.hours_button.clicked.connect(self._on_hours)
        self.active_button.clicked.connect(self._on_active)
        self.delete_button.clicked.connect(self._on_delete)
        self.disclose_button.clicked.connect(self._on_disclose)
        self.merge_button.clicked.connect(self._on_merge)
        self.history_button.clicked.connect(self._on_history)
        for field in (self.name, self.staff_number, self.department, self.email):
            field.textEdited.connect(self._check)
            field.returnPressed.connect(self._on_save)
        self.show_person(None)

    def _arrange(self) -> None:
        self.hint.setWordWrap(True)
        self.hint.setProperty("role", "muted")
        self.facts.setWordWrap(True)
        self.facts.setProperty("role", "muted")
        self.save_button.setProperty("role", "primary")
        self.delete_button.setProperty("role", "danger")
        for button, icon in (
            (self.add_button, "plus"),
            (self.entries_button, "log"),
            (self.hours_button, "attendance"),
            (self.delete_button, "trash"),
            (self.history_button, "undo"),
            (self.disclose_button, "export"),
        ):
            icons.set_icon(button, icon, 16)
        photos = QWidget(self)
        self._photos = FlowLayout(photos, spacing=8)
        leads = row(self.entries_button, self.hours_button)
        buttons = QHBoxLayout()
        buttons.addWidget(self.active_button, 1)
        buttons.addWidget(self.delete_button, 1)
        others = QHBoxLayout()
        others.addWidget(self.merge_button, 1)
        others.addWidget(self.history_button, 1)
        inside = QWidget(self)
        inside.setObjectName("scrolled")
        self._body = QWidget(inside)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(12)
        body.addWidget(photos)
        body.addWidget(self.facts)
        body.addLayout(leads)
        body.addLayout(self._form())
        body.addWidget(self.save_button)
        body.addWidget(self.add_button)
        body.addWidget(self.access)
        body.addWidget(self.consent)
        body.addLayout(buttons)
        body.addLayout(others)
        body.addWidget(self.disclose_button)
        body.addWidget(self.consent.erase_button)
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 14, 16, 14)
        column.addWidget(self.hint)
        column.addWidget(self._body)
        column.addStretch()
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setAccessibleName(self.tr("Person in full"))

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(4)
        for field, label in (
            (self.name, self.tr("Name")),
            (self.staff_number, self.tr("Staff number")),
            (self.department, self.tr("Department")),
            (self.email, self.tr("E-mail")),
        ):
            field.setAccessibleName(label)
            form.addRow(label, field)
        return form

    def show_person(self, person: Person | None) -> None:
        """Show a person, or a hint how to see one; what was edited and not saved stands there again."""
        self._keep_draft()
        self._person = person
        self.hint.setVisible(person is None)
        self._body.setVisible(person is not None)
        self._show_photos("", [])
        self.access.show_person(person)
        self.consent.show_person(person)
        if person is None:
            return
        data = self._drafts.pop(person.person_id, _stored(person))
        self.name.setText(shown(data.name))
        self.staff_number.setText(shown(data.staff_number or ""))
        self.department.setText(shown(data.department))
        self.email.setText(shown(data.email))
        is_active = person.is_active
        self.active_button.setText(self.tr("Deactivate") if is_active else self.tr("Activate"))
        self.active_button.setToolTip(
            self.tr("Refuse this person at the door, but keep photos and data")
            if is_active
            else self.tr("Let this person in again")
        )
        seen = amounts.short_moment(person.last_seen) if person.last_seen else self.tr("never")
        facts = [self.tr("Last seen: {0}").format(seen)]
        facts.append(self.tr("Enrolled: {0}").format(amounts.short_moment(person.created_at)))
        if not is_active:
            facts.append(self.tr("Deactivated: refused at the door."))
        self.facts.setText("\n".join(facts))
        self._check()
        load = partial(self._stored.crops, person.person_id)
        show = partial(self._show_photos, person.person_id)
        run_in_background(load, show, self._on_photos_failed, self)

    def forget_drafts(self) -> None:
        """Forget what was edited and not saved."""
        self._person, self._drafts = None, {}

    def _keep_draft(self) -> None:
        if self._person is not None and self.edited() != _stored(self._person):
            self._drafts[self._person.person_id] = self.edited()

    def edited(self) -> PersonData:
        """Return the person's data as edited."""
        return PersonData(
            " ".join(self.name.text().split()),
            self.staff_number.text().strip() or None,
            " ".join(self.department.text().split()),
            self.email.text().strip(),
        )

    def _check(self) -> None:
        person, edited = self._person, self.edited()
        if person is None:
            return
        self.save_button.setEnabled(bool(edited.name) and edited != _stored(person))
        self.name.setProperty("problem", not edited.name)
        self.name.style().unpolish(self.name)
        self.name.style().polish(self.name)

    def _show_photos(self, person_id: str, photos: list[tuple[int, bytes]]) -> None:
        if self._person is not None and person_id and person_id != self._person.person_id:
            return
        while (item := self._photos.takeAt(0)) is not None:
            if (photo := item.widget()) is not None:
                photo.deleteLater()
        for number, (photo_id, data) in enumerate(photos[:_MOST_PHOTOS], 1):
            picture = pixmap_from_jpeg(data)
            if not picture.isNull():
                button = self._photo_button(photo_id, self.tr("Photo {0}").format(number))
                button.setIcon(QIcon(rounded(picture, QSize(_PHOTO_PX, _PHOTO_PX), 8)))
                self._photos.addWidget(button)

    def _photo_button(self, photo_id: int, name: str) -> QToolButton:
        """Return a photo with a menu of the actions on it."""
        button = QToolButton(self._body)
        button.setProperty("role", "photo")
        button.setIconSize(QSize(_PHOTO_PX, _PHOTO_PX))
        button.setAccessibleName(name)
        button.setToolTip(self.tr("Delete this photo, or give it to somebody else"))
        menu = QMenu(button)
        delete = menu.addAction(self.tr("Delete this photo"))
        give = menu.addAction(self.tr("It is somebody else…"))
        delete.triggered.connect(partial(self._on_photo, self.photo_delete_wanted, photo_id))
        give.triggered.connect(partial(self._on_photo, self.photo_give_wanted, photo_id))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _on_photo(self, signal: SignalInstance, photo_id: int, _: bool = False) -> None:
        signal.emit(self._person, photo_id)

    def _on_photos_failed(self, error: FaceAccessError) -> None:
        self.facts.setText(failures.message(error))

    def _on_save(self) -> None:
        if self.save_button.isEnabled():
            self.save_wanted.emit(self._person, self.edited())

    def _on_add(self) -> None:
        self.photos_wanted.emit(self._person)

    def _on_entries(self) -> None:
        self.entries_wanted.emit(self._person)

    def _on_hours(self) -> None:
        self.hours_wanted.emit(self._person)

    def _on_active(self) -> None:
        if self._person is not None:
            self.active_wanted.emit(self._person, not self._person.is_active)

    def _on_merge(self) -> None:
        self.merge_wanted.emit(self._person)

    def _on_history(self) -> None:
        self.history_wanted.emit(self._person)

    def _on_disclose(self) -> None:
        if self._person is not None:
            self.disclose_wanted.emit(self._person)

    def _on_delete(self) -> None:
        self.delete_wanted.emit(self._person)


def _stored(person: Person) -> PersonData:
    return PersonData(person.name, person.staff_number, person.department, person.email)
