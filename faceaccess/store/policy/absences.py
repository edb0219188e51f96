"""Absences: the days on which people don't come, and the kind."""

from dataclasses import dataclass
from datetime import date

from faceaccess.codes import AbsenceKind, DayPart
from faceaccess.store.file.database import Database


@dataclass(frozen=True)
class Absence:
    """Days on which a person doesn't come.

    Attributes:
        seq: position of the journal row that entered it.
        last_day: inclusive.
        removed_by: position of the row that took it back, or None.
    """

    seq: int
    person_id: str
    kind: AbsenceKind
    part: DayPart
    first_day: date
    last_day: date
    removed_by: int | None = None

    def covers(self, day: date) -> bool:
        """Tell whether the absence covers a day."""
        return self.first_day <= day <= self.last_day


class Absences:
    """Reads and changes absences; inside `database.transaction()` it takes part in that one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def between(self, first: date, last: date, person_id: str | None = None) -> list[Absence]:
        """Return absences that touch these days, earliest first, with those taken back.

        Args:
            first: inclusive.
            last: inclusive.
            person_id: None means everybody.
        """
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT seq, person_id, kind, part, first_day, last_day, removed_by FROM absences"
                " WHERE first_day <= ? AND last_day >= ? AND person_id = coalesce(?, person_id)"
                " ORDER BY first_day, seq",
                [last.isoformat(), first.isoformat(), person_id],
            ).fetchall()
        return [_absence_from(*row) for row in rows]

    def get(self, seq: int) -> Absence | None:
        """Return the absence that a journal row entered; None when it entered none."""
        with self._database.reader() as db:
            row = db.execute(
                "SELECT seq, person_id, kind, part, first_day, last_day, removed_by FROM absences"
                " WHERE seq = ?",
                [seq],
            ).fetchone()
        return None if row is None else _absence_from(*row)

    def put(self, absence: Absence) -> None:
        """Store an absence whose journal row has been written."""
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO absences (seq, person_id, kind, part, first_day, last_day)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    absence.seq,
                    absence.person_id,
                    absence.kind.value,
                    absence.part.value,
                    absence.first_day.isoformat(),
                    absence.last_day.isoformat(),
                ],
            )

    def mark_removed(self, seq: int, removed_by: int) -> None:
        """Store the row that took an absence back."""
        with self._database.transaction() as db:
            db.execute("UPDATE absences SET removed_by = ? WHERE seq = ?", [removed_by, seq])


def _absence_from(
    seq: int, person_id: str, kind: str, part: str, first: str, last: str, removed_by: int | None
) -> Absence:
    days = date.fromisoformat(first), date.fromisoformat(last)
    return Absence(seq, person_id, AbsenceKind(kind), DayPart(part), *days, removed_by)
