"""The page People: find, look at, change, merge and delete the people enrolled."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from faceaccess.codes import Right
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.enrolment.import_dialog import ImportDialog
from faceaccess.gui.gallery.finding_mends import give_photos
from faceaccess.gui.layout import hidden_titles, plain_table, side_card
from faceaccess.gui.mender import Mender
from faceaccess.gui.models.people_model import THUMBNAIL_PX, Column, PeopleModel
from faceaccess.gui.notices import Notices
from faceaccess.gui.page import Page
from faceaccess.gui.people.history_dialog import HistoryDialog
from faceaccess.gui.people.person_access import PersonAccess
from faceaccess.gui.people.person_chooser import PersonChooser
from faceaccess.gui.people.person_consent import PersonConsent
from faceaccess.gui.people.person_detail import PersonData, PersonDetail
from faceaccess.gui.people.selection_panel import SelectionPanel
from faceaccess.gui.plain import Label
from faceaccess.gui.saved_files import tell_saved
from faceaccess.gui.widgets.empty_state import EmptyState
from faceaccess.gui.window import entries
from faceaccess.gui.window.facts import ModelFacts
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies

_TYPING_MS = 200
_NARROW_PX, _WIDE_PX = 900, 1116
_WHERE_WIDE = (Column.DEPARTMENT, Column.PHOTOS)


class PeoplePage(Page):
    """The list with a search field, and the person that is selected."""

    entry = entries.PEOPLE

    enrol_wanted = Signal()
    photos_wanted = Signal(object)
    entries_wanted = Signal(object)
    hours_wanted = Signal(str)
    people_changed = Signal()

    def __init__(
        self,
        access: "Access",
        people: "People",
        reception: "Reception",
        doors: "Doors",
        policies: "Policies",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._access, self._people, self._reception = access, people, reception
        self._doors = doors
        self._notices = notices
        self._wanted_id = ""
        self._departments: list[str] = []
        self._model_id: str | None = None
        self.mender = Mender(access, reception, notices, self)
        self.model = PeopleModel(people.thumbnail, self)
        self.search = QLineEdit(self)
        self.enrol_button = QPushButton(self.tr("Enrol a person"), self)
        self.import_button = QPushButton(self.tr("Import…"), self)
        self.table = plain_table(self.model, self.tr("People"), self, row_px=THUMBNAIL_PX + 12)
        self.count_label = Label(self)
        self.detail = PersonDetail(
            reception.mending.photos,
            PersonAccess(access, people, reception, doors, policies, notices, self),
            PersonConsent(access, reception, policies, notices, self),
            self,
        )
        self.selection = SelectionPanel(access, reception, policies, notices, self)
        self.empty = EmptyState("people", "", self.tr("Enrol someone"), self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._set_up_table()
        self._arrange()
        self._connect()

    def load(self) -> None:
        """Read the people who match the search."""
        self._typing.stop()
        self.detail.hours_button.setVisible(self._access.may(Right.EXPORT))
        search = self.search.text().strip()
        read = partial(_read, self._people, search, self._model_id)
        run_in_background(read, partial(self._show_people, search), self._notices.fail, self)

    def take_facts(self, facts: ModelFacts | None) -> None:
        """Count the photos of this model."""
        if facts is None:
            return
        has_changed, self._model_id = facts.model_id != self._model_id, facts.model_id
        if has_changed and self.isVisible():
            self.load()

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def show_person(self, person_id: str) -> None:
        """Select a person as soon as the list is read."""
        self._wanted_id = person_id
        self.search.clear()
        self.load()

    def _set_up_table(self) -> None:
        self.table.setIconSize(QSize(THUMBNAIL_PX, THUMBNAIL_PX))
        self.table.setWordWrap(True)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setToolTip(self.tr("Several people: with Ctrl or Shift, or Ctrl+A for all"))
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        widths = {
            Column.STAFF_NUMBER: 122,
            Column.DEPARTMENT: 130,
            Column.PHOTOS: 80,
            Column.LAST_SEEN: 140,
            Column.STATE: 110,
        }
        for column, width in widths.items():
            header.resizeSection(column, width)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the columns that the details show too, where there is no room for all."""
        super().resizeEvent(event)
        for column in _WHERE_WIDE:
            self.table.setColumnHidden(column, event.size().width() < _WIDE_PX)
        self.table.setColumnHidden(Column.LAST_SEEN, event.size().width() < _NARROW_PX)
        if self.count_label.text():
            self._show_state()

    def _arrange(self) -> None:
        self.search.setPlaceholderText(self.tr("Search by name, staff number, department or e-mail"))
        self.search.setAccessibleName(self.tr("Search people"))
        self.search.setClearButtonEnabled(True)
        self.count_label.setProperty("role", "muted")
        icons.set_icon(self.enrol_button, "enrol", 18)
        icons.set_icon(self.import_button, "file", 18)
        self.import_button.setToolTip(self.tr("Many people from a table, or from a folder of folders"))
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.import_button)
        bar.addWidget(self.enrol_button)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.side = QStackedWidget(self)
        self.side.addWidget(self.detail)
        self.side.addWidget(self.selection)
        card = side_card(self.side, 336, self)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.stack, 1)
        middle.addWidget(card)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addLayout(bar)
        column.addLayout(middle, 1)
        column.addWidget(self.count_label)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self.load)
        self.enrol_button.clicked.connect(self.enrol_wanted)
        self.import_button.clicked.connect(self._import)
        self.empty.button.clicked.connect(self.enrol_wanted)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.table.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.selection.changed.connect(self._on_changed)
        self.detail.save_wanted.connect(self._save)
        self.detail.photos_wanted.connect(self.photos_wanted)
        self.detail.entries_wanted.connect(self._show_entries)
        self.detail.hours_wanted.connect(self._show_hours)
        self.detail.active_wanted.connect(self._set_active)
        self.detail.delete_wanted.connect(self._delete)
        self.detail.consent.changed.connect(self._on_changed)
        self.detail.disclose_wanted.connect(self._disclose)
        self.detail.merge_wanted.connect(self._merge)
        self.detail.history_wanted.connect(self._show_history)
        self.detail.photo_delete_wanted.connect(self._delete_photo)
        self.detail.photo_give_wanted.connect(self._give_photo)
        self.mender.changed.connect(self._on_changed)
        self.mender.failed.connect(self.load)
        self.detail.access.changed.connect(self.load)

    def _import(self) -> None:
        dialog = ImportDialog(self._access, self._reception, self._doors, parent=self.window())
        dialog.imported.connect(self._on_imported)
        dialog.exec()
        dialog.deleteLater()

    def _on_imported(self) -> None:
        self.load()
        self.people_changed.emit()

    def _show_people(self, search: str, reading: tuple[list[Person], list[str]]) -> None:
        if search != self.search.text().strip():
            return
        people, self._departments = reading
        self.detail.department.show_departments(self._departments)
        selected = self._wanted_id
        current = self.model.person_at(self.table.currentIndex().row())
        if not selected and current is not None:
            selected = current.person_id
        self.model.show_people(people)
        self.side.setCurrentWidget(self.detail)
        self.empty.message.setText(
            self.tr("Nobody matches “{0}”.").format(search) if search else self.tr("Nobody is enrolled yet.")
        )
        self.empty.button.setVisible(not search)
        self.stack.setCurrentWidget(self.table if people else self.empty)
        self._show_state()
        row = self.model.row_of(selected)
        self.detail.show_person(self.model.person_at(row))
        if row >= 0:
            self._wanted_id = ""
            self.table.selectRow(row)

    def _show_state(self) -> None:
        """Say how many people are listed, and which columns there is no room for."""
        facts = [self.tr("%n people", "", self.model.rowCount())]
        if missing := hidden_titles(self.table):
            facts.append(self.tr("for lack of room only in a wider window: {0}").format(missing))
        self.count_label.setText(" · ".join(facts))

    def begin_anew(self) -> None:
        """Select nobody."""
        self.table.selectionModel().reset()
        self.detail.forget_drafts()
        self.detail.show_person(None)
        self.side.setCurrentWidget(self.detail)

    def _on_row_changed(self, current: QModelIndex, _: QModelIndex) -> None:
        self.detail.show_person(self.model.person_at(current.row()))

    def _on_selection_changed(self) -> None:
        """Offer what can be done to several, once there are several."""
        # By spans: an index for each row takes far longer where everybody is selected.
        selection = self.table.selectionModel().selection()
        spans = (selection.at(number) for number in range(selection.count()))
        rows = sorted({row for span in spans for row in range(span.top(), span.bottom() + 1)})
        people = [person for at in rows if (person := self.model.person_at(at)) is not None]
        if len(people) > 1:
            self.selection.show_people(people, self._departments)
        self.side.setCurrentWidget(self.selection if len(people) > 1 else self.detail)

    def _show_entries(self, person: Person) -> None:
        self.entries_wanted.emit(EventFilter(person_id=person.person_id))

    def _show_hours(self, person: Person) -> None:
        self.hours_wanted.emit(person.person_id)

    def _save(self, person: Person, data: PersonData) -> None:
        change = partial(
            self._reception.directory.change,
            self._access.actor,
            person.person_id,
            name=data.name,
            staff_number=data.staff_number,
            department=data.department,
            email=data.email,
        )
        self._run(change, person, self.tr("The changes to {0} are saved.").format(data.name))

    def _set_active(self, person: Person, is_active: bool) -> None:
        change = partial(
            self._reception.directory.set_active,
            self._access.actor,
            person.person_id,
            is_active,
        )
        message = (
            self.tr("{0} is let in again.")
            if is_active
            else self.tr("{0} is refused at the door from now on.")
        )
        self._run(change, person, message.format(person.name))

    def _delete(self, person: Person) -> None:
        hide = partial(self._reception.mending.hide, self._access.actor, person.person_id)
        self._run(hide, person, self.tr("{0} is deleted.").format(person.name))

    def _delete_photo(self, person: Person, photo_id: int) -> None:
        hide = partial(self._reception.mending.hide_photos, self._access.actor, [photo_id])
        self._run(hide, person, self.tr("A photo of {0} is deleted.").format(person.name))

    def _give_photo(self, person: Person, photo_id: int) -> None:
        """Ask to whom a photo belongs, and move it there."""
        give_photos(
            self._access, self._people, self._reception, self.mender, person, [photo_id], self.window()
        )

    def _merge(self, person: Person) -> None:
        """Ask which other record is the same person, and merge them; the other's name stays."""
        dialog = PersonChooser(
            self._people,
            self._reception,
            self.tr("Merge {0}").format(person.name),
            self.tr(
                "Who is the same person as {0}? That person gets the photos and entries of both, and keeps "
                "their own name, groups, PIN and schedules."
            ).format(person.name),
            leave_out=person.person_id,
            parent=self.window(),
        )
        other = dialog.choice().person if dialog.exec() == QDialog.DialogCode.Accepted else None
        dialog.deleteLater()
        if other is not None:
            merge = self._reception.mending.merge
            change = partial(merge, self._access.actor, person.person_id, other.person_id)
            message = self.tr("{0} and {1} are one person.").format(other.name, person.name)
            self._wanted_id = other.person_id
            self._run(change, other, message)

    def _show_history(self, person: Person) -> None:
        dialog = HistoryDialog(self._reception, person, self.mender, self.window())
        dialog.exec()
        dialog.deleteLater()

    def _disclose(self, person: Person) -> None:
        """Write everything held on a person into a zip for that person."""
        path, _ = QFileDialog.getSaveFileName(
            self.window(),
            self.tr("Everything held on {0}").format(person.name),
            "held.zip",
            self.tr("Zip (*.zip)"),
        )
        if path:
            write = partial(
                self._reception.disclosure.write,
                self._access.actor,
                person.person_id,
                Path(path),
            )
            message = self.tr("Everything held on {0} is in {1}.").format(person.name, path)
            run_in_background(
                write,
                partial(self._on_disclosed, message, Path(path)),
                self._notices.fail,
                self,
                lane=Lane.LONG,
            )

    def _on_disclosed(self, message: str, path: Path, _: object) -> None:
        tell_saved(self._notices, message, path)

    def _run(self, change: Callable[[], object], person: Person, message: str) -> None:
        self.mender.run(change, person.person_id, message)

    def _on_changed(self) -> None:
        self.load()
        self.people_changed.emit()


def _read(people: "People", search: str, model_id: str | None) -> tuple[list[Person], list[str]]:
    return people.list(search, model_id), people.departments()
