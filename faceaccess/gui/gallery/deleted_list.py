"""Who and what was deleted and can still be restored, or erased now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from faceaccess.codes import Right
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.mender import Mender
from faceaccess.gui.notices import Notices
from faceaccess.gui.people.removal import Removal
from faceaccess.gui.pictures import pixmap_from_jpeg, rounded
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import amounts
from faceaccess.settings import RetentionSettings

if TYPE_CHECKING:
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies

_FACE_PX = 56


@dataclass(frozen=True)
class DeletedThing:
    """A person, or a photo of one who is still there.

    Attributes:
        photo_id: None for a person.
    """

    person_id: str
    photo_id: int | None
    name: str
    hidden_at: datetime
    jpeg: bytes


@dataclass(frozen=True)
class DeletedThings:
    """What was deleted, and for how many days it stays."""

    things: tuple[DeletedThing, ...]
    days: int
    may_erase: bool


class DeletedList(QWidget):
    """A row for each, to be restored or, by whom may, erased."""

    erased = Signal()

    def __init__(
        self,
        access: "Access",
        people: "People",
        reception: "Reception",
        policies: "Policies",
        notices: Notices,
        mender: Mender,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._access, self._people, self._reception = access, people, reception
        self._policies = policies
        self._notices, self._mender = notices, mender
        self.removal = Removal(access, reception, policies, notices, self)
        self.removal.removed.connect(self.erased)
        self.rows: list[QFrame] = []
        self.message = wrapped("", self, "muted")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._column.addWidget(self.message)
        self._column.addStretch()

    def load(self) -> None:
        """Read what can be restored."""
        may_erase = self._access.may(Right.DELETE_PEOPLE)
        read = partial(read_deleted, self._people, self._reception, self._policies, may_erase)
        run_in_background(read, self.show_things, self._notices.fail, self)

    def show_things(self, deleted: DeletedThings) -> None:
        """Show these and no others."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.message.setText(
            self.tr("Erased for good %n days after they were deleted.", "", deleted.days)
            if deleted.things
            else self.tr("Nobody and nothing was deleted in the last %n days.", "", deleted.days)
        )
        self.rows = [self._row(thing, deleted.may_erase) for thing in deleted.things]
        for number, row in enumerate(self.rows, 1):
            self._column.insertWidget(number, row)

    def _row(self, thing: DeletedThing, may_erase: bool) -> QFrame:
        box, face = QFrame(self), Label(self)
        box.setObjectName("card")
        face.setFixedSize(_FACE_PX, _FACE_PX)
        picture = pixmap_from_jpeg(thing.jpeg)
        if not picture.isNull():
            face.setPixmap(rounded(picture, QSize(_FACE_PX, _FACE_PX), 6))
        title = thing.name if thing.photo_id is None else self.tr("A photo of {0}").format(thing.name)
        name = Label(title, box)
        name.setProperty("role", "strong")
        name.setTextFormat(Qt.TextFormat.PlainText)
        when = Label(self.tr("deleted {0}").format(amounts.short_moment(thing.hidden_at)), box)
        when.setProperty("role", "muted")
        restore, erase = QPushButton(self.tr("Restore"), box), QPushButton(self.tr("Erase now…"), box)
        icons.set_icon(restore, "undo", 16)
        erase.setProperty("role", "danger")
        erase.setVisible(may_erase)
        restore.setAccessibleName(self.tr("Restore {0}").format(title))
        erase.setAccessibleName(self.tr("Erase {0}").format(title))
        restore.clicked.connect(partial(self._restore, thing))
        erase.clicked.connect(partial(self._erase, thing))
        said = column(name, when, spacing=2)
        row = QHBoxLayout(box)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(face)
        row.addLayout(said, 1)
        row.addWidget(restore)
        row.addWidget(erase)
        return box

    def _restore(self, thing: DeletedThing, _: bool = False) -> None:
        mending, actor = self._reception.mending, self._access.actor
        change: Callable[[], object]
        if thing.photo_id is None:
            change = partial(mending.restore, actor, thing.person_id)
        else:
            change = partial(mending.restore_photos, actor, [thing.photo_id])
        self._mender.run(change, thing.person_id, self.tr("{0}: restored.").format(thing.name))

    def _erase(self, thing: DeletedThing, _: bool = False) -> None:
        if thing.photo_id is None:
            self.removal.erase(thing.person_id, thing.name)
            return
        question = self.tr("Erase this photo of {0}?").format(thing.name)
        if self.removal.confirms(question, self.tr("This can't be undone."), self.tr("Erase")):
            change = partial(self._reception.mending.erase_photos, self._access.actor, [thing.photo_id])
            done = partial(self._on_erased, thing.name)
            run_in_background(change, done, self._notices.fail, self, lane=Lane.FACES)

    def _on_erased(self, name: str, _: object) -> None:
        self._notices.notify(self.tr("{0}: erased for good.").format(name), is_success=True)
        self.erased.emit()


def read_deleted(
    people: "People", reception: "Reception", policies: "Policies", may_erase: bool
) -> DeletedThings:
    """Return what can be restored, with names and faces. Slow."""
    deleted = reception.mending.deleted()
    things = [
        DeletedThing(
            person.person_id, None, person.name, person.hidden_at or person.created_at,
            people.thumbnail(person.person_id) or b"",
        )
        for person in deleted.people
    ]  # fmt: skip
    things += [
        DeletedThing(
            photo.person_id, photo.photo_id, people.get(photo.person_id).name,
            photo.hidden_at or photo.created_at,
            reception.mending.photos.crop(photo.photo_id) or b"",
        )
        for photo in deleted.photos
    ]  # fmt: skip
    things.sort(key=lambda thing: thing.hidden_at, reverse=True)
    return DeletedThings(tuple(things), policies.read(RetentionSettings).deleted_days, may_erase)
