"""The actions on a day: fill a gap, add, correct or void an entry, each asked for in a dialog."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from faceaccess.attendance.missing import NearMiss
from faceaccess.attendance.planning import Absence
from faceaccess.attendance.reading import DayRecord, Punch
from faceaccess.attendance.stays import Gap
from faceaccess.codes import Direction
from faceaccess.errors import Text
from faceaccess.gui.attendance.absence_dialog import AbsenceDialog, AbsenceWish
from faceaccess.gui.attendance.resolve_dialog import BY_HAND, ResolveDialog
from faceaccess.gui.background import run_in_background
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.entry_dialog import EntryDialog, ReasonDialog
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal

_EVENING = time(17)


class DayActions(QObject):
    """Asks, makes the change in the background, and announces it with `changed`."""

    changed = Signal()

    def __init__(
        self, access: "Access", office: "Office", journal: "Journal", notices: Notices, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._access, self._office, self._journal = access, office, journal
        self._notices = notices
        self._page = parent

    def resolve(self, record: DayRecord, gap: Gap) -> None:
        """Offer near misses for a gap."""
        read = partial(self._office.missing.near_misses, gap)
        run_in_background(read, partial(self._choose, record, gap), self._notices.fail, self)

    def add(self, record: DayRecord, gap: Gap | None = None) -> None:
        """Enter a way in or out by hand."""
        zone, day = record.day.plan.zone, record.day.plan.day
        expected = gap.expected_at.astimezone(zone) if gap and gap.expected_at else None
        dialog = EntryDialog(
            self.tr("Entry by hand for {0}").format(record.person.name),
            self.tr("The entry says that it was made by hand, by whom and why."),
            at=expected or datetime.combine(day, _EVENING, zone),
            direction=gap.direction if gap else Direction.OUT,
            zones=self._office.timesheets.zones(),
            parent=self._page.window(),
        )
        person_id = record.person.person_id
        dialog.save_by(
            lambda: partial(self._add, person_id, dialog.moment(), dialog.direction(), dialog.why())
        )
        dialog.doubt_by(lambda: self._about(dialog, person_id))
        self._save(dialog, lambda: self.tr("The entry is in the log."))

    def correct(self, record: DayRecord, punch: Punch) -> None:
        """Replace an entry with a corrected one."""
        dialog = EntryDialog(
            self.tr("Correct entry #{0}").format(punch.seq),
            self.tr("The old entry stays in the log, struck through; the new one names it."),
            at=punch.at.astimezone(record.day.plan.zone),
            direction=punch.direction,
            zones=self._office.timesheets.zones(),
            parent=self._page.window(),
        )
        dialog.save_by(
            lambda: partial(self._replace, punch.seq, dialog.moment(), dialog.direction(), dialog.why())
        )
        person_id = record.person.person_id
        dialog.doubt_by(lambda: self._about(dialog, person_id, instead_of=punch.seq))
        self._save(dialog, lambda: self.tr("The entry is corrected."))

    def void(self, punch: Punch) -> None:
        """Void an entry."""
        why = self._ask_why(
            self.tr("Take back entry #{0}").format(punch.seq),
            self.tr("The entry stays in the log, struck through, and counts no longer."),
        )
        if why:
            job = partial(self._office.corrections.void, self._access.actor, punch.seq, why=why)
            self._run(job, self.tr("The entry is taken back."))

    def enter_absence(self, people: list[Person], person_id: str | None, day: date) -> None:
        """Enter an absence of a person."""
        dialog = AbsenceDialog(people, person_id, day, self._page.window())
        dialog.save_by(lambda: partial(self._enter_absence, dialog.wish()))
        dialog.doubt_by(lambda: self._about_absence(dialog.wish()))
        names = {person.person_id: person.name for person in people}
        said = self.tr("The absence of {0} is entered.")
        self._save(dialog, lambda: said.format(names[dialog.wish().person_id]))

    def remove_absence(self, absence: Absence) -> None:
        """Remove an absence."""
        why = self._ask_why(
            self.tr("Take back the absence"),
            self.tr("All its days, {0} to {1}. It stays in the record.").format(
                absence.first_day.isoformat(), absence.last_day.isoformat()
            ),
        )
        if why:
            job = partial(self._office.planning.remove_absence, self._access.actor, absence.seq, why=why)
            self._run(job, self.tr("The absence is taken back."))

    def _choose(self, record: DayRecord, gap: Gap, misses: list[NearMiss]) -> None:
        dialog = ResolveDialog(
            gap,
            record.person.name,
            misses,
            load_crop=self._journal.events.entry_crop,
            local=partial(_in_zone, record),
            parent=self._page.window(),
        )
        answer, seq = dialog.exec(), dialog.chosen()
        if answer == QDialog.DialogCode.Accepted and seq is not None:
            job = partial(self._accept, gap, seq, dialog.why())
            self._run(job, self.tr("The gap is filled."))
        dialog.deleteLater()
        if answer == BY_HAND:
            self.add(record, gap)

    def _save(self, dialog: SaveDialog, said: Callable[[], str]) -> None:
        """Ask and save; what is refused is said in the dialog, which keeps what was typed."""
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._on_changed(said(), None)
        dialog.deleteLater()

    def _ask_why(self, title: str, caution: str) -> str:
        dialog = ReasonDialog(title, caution, self._page.window())
        answer = dialog.exec()
        dialog.deleteLater()
        return dialog.why() if answer == QDialog.DialogCode.Accepted else ""

    def _accept(self, gap: Gap, seq: int, why: str) -> None:
        self._office.missing.accept(self._access.actor, gap, seq, why=why, now=datetime.now(UTC))

    def _enter_absence(self, wish: AbsenceWish) -> None:
        self._office.planning.enter_absence(
            self._access.actor,
            wish.person_id,
            kind=wish.kind,
            first_day=wish.first_day,
            last_day=wish.last_day,
            part=wish.part,
            why=wish.why,
            now=datetime.now(UTC),
        )

    def _about(
        self, dialog: EntryDialog, person_id: str, instead_of: int | None = None
    ) -> Callable[[], Text | None]:
        return partial(
            self._office.doubts.about_entry,
            person_id,
            dialog.moment(),
            dialog.direction(),
            now=datetime.now(UTC),
            instead_of=instead_of,
        )

    def _about_absence(self, wish: AbsenceWish) -> Callable[[], Text | None]:
        return partial(
            self._office.doubts.about_absence,
            wish.person_id,
            wish.kind,
            wish.first_day,
            wish.last_day,
            wish.part,
            now=datetime.now(UTC),
        )

    def _add(self, person_id: str, at: datetime, way: Direction, why: str) -> None:
        self._office.corrections.add(
            self._access.actor,
            person_id,
            at=at,
            direction=way,
            why=why,
            now=datetime.now(UTC),
        )

    def _replace(self, seq: int, at: datetime, way: Direction, why: str) -> None:
        self._office.corrections.replace(
            self._access.actor,
            seq,
            at=at,
            direction=way,
            why=why,
            now=datetime.now(UTC),
        )

    def _run(self, job: Callable[[], object], message: str) -> None:
        run_in_background(job, partial(self._on_changed, message), self._notices.fail, self)

    def _on_changed(self, message: str, _: object) -> None:
        self._notices.notify(message, is_success=True)
        self.changed.emit()


def _in_zone(record: DayRecord, at: datetime) -> datetime:
    return at.astimezone(record.day.plan.zone)
