"""Data kept only for a time: pictures of the door, entries, and people who have left."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import JournalKind, Outcome, Right
from faceaccess.settings import RetentionSettings
from faceaccess.store import clock
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.people import People

_AT_ONCE = 1000

_UNKNOWN = f"j.outcome IN ('{Outcome.UNKNOWN}', '{Outcome.AMBIGUOUS}', '{Outcome.LOW_QUALITY}')"
_DELETED_PHOTOS = "SELECT photo_id FROM photos WHERE hidden_at < ?"
_OLD_CROPS = "SELECT c.seq FROM crops c JOIN journal j USING (seq) WHERE j.at_utc < ?"


@dataclass(frozen=True)
class Expired:
    """How many of each are, or were, past their time.

    Attributes:
        unknown_crops: pictures of faces that were not recognised.
        crops: pictures of people.
        rows: rows of the journal, entries and all else.
        leavers: people who were deactivated.
        deleted: people and photos that were deleted and not restored.
    """

    unknown_crops: int
    crops: int
    rows: int
    leavers: int
    deleted: int = 0


class Expiry:
    """Finds and removes data past its time. Slow: not on the GUI's thread."""

    def __init__(self, database: Database, journal: Journal, people: People) -> None:
        self.database, self._journal, self._people = database, journal, people
        self._consents = Consents(database)

    def preview(self, settings: RetentionSettings, now: datetime) -> Expired:
        """Return how much a run would remove now."""
        with self.database.reader() as db:
            return Expired(
                unknown_crops=_count(db, f"{_OLD_CROPS} AND {_UNKNOWN}", settings.unknown_crops_days, now),
                crops=_count(db, f"{_OLD_CROPS} AND NOT {_UNKNOWN}", settings.crops_days, now),
                rows=_last_expired_row(db, settings.events_days, now)[1],
                leavers=len(_leavers(db, settings.leavers_days, now)),
                deleted=len(_deleted(db, settings.deleted_days, now))
                + _count(db, _DELETED_PHOTOS, settings.deleted_days, now),
            )

    @needs(Right.KEEP)
    def run(
        self,
        actor: Actor,
        settings: RetentionSettings,
        now: datetime,
        *,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Expired:
        """Remove data past its time, in short steps, and journal how much that was.

        Args:
            actor: who asks for it; the program itself on a schedule.
            settings: how long each is kept.
            now: UTC.
            is_cancelled: asked between steps; what was removed stays removed.

        Raises:
            StoreError: the disk failed; what was removed before stays removed.
        """
        removed = Expired(
            unknown_crops=self._remove_crops(_UNKNOWN, settings.unknown_crops_days, now, is_cancelled),
            crops=self._remove_crops(f"NOT {_UNKNOWN}", settings.crops_days, now, is_cancelled),
            leavers=self._erase(actor, _leavers, settings.leavers_days, now, is_cancelled),
            deleted=self._erase(actor, _deleted, settings.deleted_days, now, is_cancelled)
            + self._erase_withdrawn(actor, settings.deleted_days, now, is_cancelled)
            + self._erase_photos(settings.deleted_days, now, is_cancelled),
            rows=self._prune(actor, settings.events_days, now, is_cancelled),
        )
        if any(asdict(removed).values()):
            self.database.erase_traces()
            self._journal.record(actor, JournalKind.RETENTION_RUN, details=asdict(removed))
        return removed

    def _remove_crops(self, which: str, days: int, now: datetime, is_cancelled: Callable[[], bool]) -> int:
        removed = 0
        while days and not is_cancelled():
            with self.database.transaction() as db:
                old_crops = f"{_OLD_CROPS} AND {which} LIMIT {_AT_ONCE}"
                gone = db.execute(
                    f"DELETE FROM crops WHERE seq IN ({old_crops})", [_before(days, now)]
                ).rowcount
            removed += gone
            if gone < _AT_ONCE:
                break
        return removed

    def _erase(
        self,
        actor: Actor,
        who: Callable[[SqliteDatabase, int, datetime], list[str]],
        days: int,
        now: datetime,
        is_cancelled: Callable[[], bool],
    ) -> int:
        with self.database.reader() as db:
            person_ids = who(db, days, now)
        done = 0
        for person_id in person_ids:
            if is_cancelled():
                break
            with self.database.transaction() as db:
                if person_id not in who(db, days, now):
                    continue  # restored, or let in again, meanwhile
                erased = self._people.erasing.person(person_id)
                done += 1
                self._journal.record(
                    actor, JournalKind.PERSON_DELETED, person_id=person_id, details=asdict(erased)
                )
        return done

    def _erase_photos(self, days: int, now: datetime, is_cancelled: Callable[[], bool]) -> int:
        if is_cancelled():
            return 0
        with self.database.transaction() as db:
            return int(
                db.execute(
                    f"DELETE FROM photos WHERE photo_id IN ({_DELETED_PHOTOS})", [_before(days, now)]
                ).rowcount
            )

    def _erase_withdrawn(
        self, actor: Actor, days: int, now: datetime, is_cancelled: Callable[[], bool]
    ) -> int:
        """Erase the faces of those who withdrew a consent at the desk; return how many."""
        done = 0
        for held in self._consents.held():
            if is_cancelled():
                break
            with self.database.transaction():
                if held.at > now - timedelta(days=days) or held not in self._consents.held():
                    continue  # undone, or given again, meanwhile
                self._consents.withdraw(held.person_id)
                details = {"consents": 0, **asdict(self._people.erasing.face(held.person_id))}
                done += 1
                self._journal.record(
                    actor, JournalKind.CONSENT_WITHDRAWN, person_id=held.person_id, details=details
                )
        return done

    def _prune(self, actor: Actor, days: int, now: datetime, is_cancelled: Callable[[], bool]) -> int:
        with self.database.reader() as db:
            last, removed = _last_expired_row(db, days, now)
            first = _start(db) + 1
        for begin in range(first, last + 1, _AT_ONCE):
            if is_cancelled():
                return begin - first
            self._journal.prune(actor, min(begin + _AT_ONCE - 1, last))
        return removed


def _before(days: int, now: datetime) -> str:
    return clock.to_text(now - timedelta(days=days))


def _count(db: SqliteDatabase, rows: str, days: int, now: datetime) -> int:
    if not days:
        return 0
    return int(db.execute(f"SELECT count(*) FROM ({rows})", [_before(days, now)]).fetchone()[0])


def _start(db: SqliteDatabase) -> int:
    """Return the number of the last row that was removed for good."""
    return int(db.execute("SELECT seq FROM journal_start").fetchone()[0])


def _last_expired_row(db: SqliteDatabase, days: int, now: datetime) -> tuple[int, int]:
    """Return the last row before the first that is kept, and how many there are up to it.

    Rows are removed from the start only: the chain goes on from there.
    """
    start = _start(db)
    if not days:
        return start, 0
    recent = db.execute("SELECT min(seq) FROM journal WHERE at_utc >= ?", [_before(days, now)]).fetchone()[0]
    end = db.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()[0]
    # An absence that still matters keeps the row that entered it.
    absence = db.execute(
        "SELECT min(seq) FROM absences WHERE removed_by IS NULL AND last_day >= ?", [_before(days, now)[:10]]
    ).fetchone()[0]
    first_kept = min(seq for seq in (recent, absence, end) if seq is not None)
    last = max(start, first_kept - 1)
    return last, last - start


def _leavers(db: SqliteDatabase, days: int, now: datetime) -> list[str]:
    """Return the ids of people who were deactivated before, and have been since."""
    if not days:
        return []
    rows = db.execute(
        f"""SELECT p.person_id FROM people p WHERE NOT p.is_active AND p.merged_into IS NULL AND (
            SELECT max(j.at_utc) FROM journal j WHERE j.person_id = p.person_id
            AND j.kind = '{JournalKind.PERSON_CHANGED}'
            AND json_extract(j.canonical, '$.details.is_active') = 0) < ?""",
        [_before(days, now)],
    ).fetchall()
    return [row[0] for row in rows]


def _deleted(db: SqliteDatabase, days: int, now: datetime) -> list[str]:
    """Return the ids of people who were deleted before, and not restored."""
    rows = db.execute("SELECT person_id FROM people WHERE hidden_at < ?", [_before(days, now)]).fetchall()
    return [row[0] for row in rows]
