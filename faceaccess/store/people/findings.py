"""Findings about photos that somebody accepted as fine, until the photos change."""

from collections.abc import Iterable

from faceaccess.codes import FindingKind
from faceaccess.store.file.database import Database

Key = tuple[FindingKind, str, str]
"""Kind, person, and what it is about; see `key_of`."""


def key_of(kind: FindingKind, person_id: str, other_id: str | None, photo_ids: Iterable[int]) -> Key:
    """Return the key of a finding: another photo, or another person, makes another one."""
    about = ",".join(map(str, sorted(photo_ids)))
    return kind, person_id, about if other_id is None else f"{other_id}:{about}"


class KeptFindings:
    """Reads and adds; inside `database.transaction()` it takes part in that one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> set[Key]:
        """Return the keys of the findings accepted as fine."""
        with self._database.reader() as db:
            rows = db.execute("SELECT kind, person_id, about FROM findings_kept").fetchall()
        # A newer program may know kinds that this one doesn't.
        known = set(map(str, FindingKind))
        return {(FindingKind(row[0]), row[1], row[2]) for row in rows if row[0] in known}

    def add(self, key: Key) -> None:
        """Add one; what is there already stays."""
        with self._database.transaction() as db:
            db.execute("INSERT OR IGNORE INTO findings_kept VALUES (?, ?, ?)", [str(key[0]), key[1], key[2]])

    def remove(self, key: Key) -> None:
        """Take one back."""
        with self._database.transaction() as db:
            db.execute(
                "DELETE FROM findings_kept WHERE (kind, person_id, about) = (?, ?, ?)",
                [str(key[0]), key[1], key[2]],
            )
