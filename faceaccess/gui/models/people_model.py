"""The people enrolled as a table model."""

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from faceaccess.gui.models.flat_model import FlatModel, Index
from faceaccess.gui.models.thumbnails import Thumbnails
from faceaccess.gui.plain import plain, shown
from faceaccess.gui.wording import amounts
from faceaccess.store.people.types import Person

PERSON_ROLE = Qt.ItemDataRole.UserRole
THUMBNAIL_PX = 40


class Column(IntEnum):
    """The columns of the table."""

    NAME = 0
    STAFF_NUMBER = 1
    DEPARTMENT = 2
    PHOTOS = 3
    LAST_SEEN = 4
    STATE = 5


class PeopleModel(FlatModel):
    """People in the order they were given, each with a small photo.

    Args:
        load_thumbnail: returns the JPEG bytes of a person id, or None; called on a worker.
    """

    def __init__(self, load_thumbnail: Callable[[str], bytes | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles = (
            self.tr("Name"), self.tr("Staff number"), self.tr("Department"),
            self.tr("Photos"), self.tr("Last seen"), self.tr("State"),
        )  # fmt: skip
        self._rows: list[Person] = []
        self._thumbnails = Thumbnails(load_thumbnail, THUMBNAIL_PX, self)
        self._thumbnails.loaded.connect(self._on_thumbnail_loaded)

    def show_people(self, people: list[Person]) -> None:
        """Show these people and no others."""
        self.beginResetModel()
        self._rows = list(people)
        self._thumbnails.forget()
        self.endResetModel()

    def person_at(self, row: int) -> Person | None:
        """Return the person of a row, or None."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, person_id: str) -> int:
        """Return a person's row, or -1."""
        return next((row for row, person in enumerate(self._rows) if person.person_id == person_id), -1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the content of a cell; `PERSON_ROLE` gives the person itself."""
        person = self.person_at(index.row()) if index.isValid() else None
        if person is None:
            return None
        if role == PERSON_ROLE:
            return person
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(self._shown(person, Column(index.column())))
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == Column.NAME:
            return plain(person.name)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == Column.NAME:
            return self._thumbnails.picture(person.person_id)
        if role == Qt.ItemDataRole.ForegroundRole and not person.is_active:
            return QApplication.palette().color(QPalette.ColorRole.PlaceholderText)
        return None

    def _shown(self, person: Person, column: Column) -> str:
        last_seen = amounts.short_moment(person.last_seen) if person.last_seen else self.tr("never")
        return {
            Column.NAME: person.name,
            Column.STAFF_NUMBER: person.staff_number or "–",
            Column.DEPARTMENT: person.department or "–",
            Column.PHOTOS: str(person.template_count),
            Column.LAST_SEEN: last_seen,
            Column.STATE: self._state(person),
        }[column]

    def _state(self, person: Person) -> str:
        if person.is_number_shared:
            return self.tr("number used twice")
        return self.tr("active") if person.is_active else self.tr("deactivated")

    def _on_thumbnail_loaded(self, person_id: object) -> None:
        row = self.row_of(str(person_id))
        if row >= 0:
            at = self.index(row, Column.NAME)
            self.dataChanged.emit(at, at, [Qt.ItemDataRole.DecorationRole])
