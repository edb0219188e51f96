"""Pairs of people who look alike and were confirmed as two people."""

from faceaccess.store import clock
from faceaccess.store.file.database import Database


class LookAlikes:
    """Reads and marks pairs; inside `database.transaction()` it takes part in that one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self, person_id: str, other_id: str) -> None:
        """Mark two people as looking alike and not being one."""
        first, second = sorted((person_id, other_id))
        with self._database.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO look_alikes VALUES (?, ?, ?)",
                [first, second, clock.to_text(clock.utc_now())],
            )

    def unmark(self, person_id: str, other_id: str) -> None:
        """Remove the mark of two people who look alike."""
        with self._database.transaction() as db:
            db.execute(
                "DELETE FROM look_alikes WHERE (first_id, second_id) = (?, ?)", sorted((person_id, other_id))
            )

    def of(self, person_id: str) -> set[str]:
        """Return the people who look like a person and are not; a merged one is read as the other."""
        return {other for pair in self.pairs() if person_id in pair for other in pair if other != person_id}

    def pairs(self) -> set[tuple[str, str]]:
        """Return all pairs, each with the smaller id first; a merged person is read as the other."""
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT coalesce(f.merged_into, f.person_id), coalesce(s.merged_into, s.person_id)"
                " FROM look_alikes JOIN people f ON f.person_id = first_id"
                " JOIN people s ON s.person_id = second_id"
            ).fetchall()
        return {(min(row), max(row)) for row in rows if row[0] != row[1]}
