"""Pairs of people who look alike and were said to be two people."""

from faceaccess.store import clock
from faceaccess.store.database import Database


class LookAlikes:
    """Reads and marks pairs; inside `database.transaction()` it takes part in that one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self, person_id: str, other_id: str) -> None:
        """Keep that two people look alike and are not one."""
        first, second = sorted((person_id, other_id))
        with self._database.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO look_alikes VALUES (?, ?, ?)",
                [first, second, clock.to_text(clock.utc_now())],
            )

    def unmark(self, person_id: str, other_id: str) -> None:
        """Forget that two people were said to look alike."""
        with self._database.transaction() as db:
            db.execute(
                "DELETE FROM look_alikes WHERE (first_id, second_id) = (?, ?)", sorted((person_id, other_id))
            )

    def of(self, person_id: str) -> set[str]:
        """Return who looks like a person and is not."""
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT second_id FROM look_alikes WHERE first_id = :id"
                " UNION SELECT first_id FROM look_alikes WHERE second_id = :id",
                {"id": person_id},
            ).fetchall()
        return {row[0] for row in rows}

    def pairs(self) -> set[tuple[str, str]]:
        """Return all pairs, each with the smaller id first."""
        with self._database.reader() as db:
            return {(row[0], row[1]) for row in db.execute("SELECT * FROM look_alikes").fetchall()}
