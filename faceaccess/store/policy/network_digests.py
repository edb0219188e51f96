"""Digests of the networks written on this machine, out of reach of anybody who changes the cache."""

from faceaccess.codes import JournalKind
from faceaccess.store.access.types import SYSTEM
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal

_PREFIX = "network:"


class NetworkDigests:
    """Keeps digests in the database; a process that only reads keeps none. May be called from any thread."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self.database, self._journal = database, journal

    def known(self, file: str) -> str | None:
        """Return the hex SHA-256 that a graph had when it was written; None for one that never was."""
        with self.database.reader() as db:
            row = db.execute("SELECT value FROM policies WHERE key = ?", [_PREFIX + file]).fetchone()
        return None if row is None else str(row[0])

    def keep(self, file: str, sha256: str) -> None:
        """Store the digest of a graph that was just written from its weights."""
        if self.database.is_read_only:
            return
        with self.database.transaction() as db:
            db.execute(
                "INSERT INTO policies (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [_PREFIX + file, sha256],
            )

    def report_changed(self, file: str, sha256: str) -> None:
        """Journal that the cache held something else under a graph's name, which was not run."""
        if not self.database.is_read_only:
            self._journal.record(
                SYSTEM, JournalKind.NETWORK_CHANGED, details={"file": file, "sha256": sha256}
            )
