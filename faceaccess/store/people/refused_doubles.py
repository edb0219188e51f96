"""Photos that weren't stored because they may show somebody enrolled, so that the answer stays the same."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.people.aliases import marks

KEPT = timedelta(days=90)


class RefusedDoubles:
    """Reads and adds; inside `database.transaction()` it takes part in that one.

    Of a photo only the SHA-256 is kept, for `KEPT`; it goes with the person whom it may show.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, hashes: Iterable[str], person_ids: Sequence[str]) -> None:
        """Store the people photos may show; rows older than `KEPT` go."""
        now = clock.utc_now()
        pairs = [(sha256, person_id, clock.to_text(now)) for sha256 in hashes for person_id in person_ids]
        with self._database.transaction() as db:
            db.execute("DELETE FROM refused_doubles WHERE refused_at < ?", [clock.to_text(now - KEPT)])
            db.conn.executemany("INSERT OR REPLACE INTO refused_doubles VALUES (?, ?, ?)", pairs)

    def of(self, hashes: Sequence[str]) -> set[str]:
        """Return the people photos may show; a merged one is read as the other."""
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT p.owner_id FROM refused_doubles JOIN people p USING (person_id)"
                f" WHERE sha256 IN ({marks(hashes)})",
                list(hashes),
            ).fetchall()
        return {row[0] for row in rows}
