"""Merging two people into one, and parting them again: what moves, and what stays for that."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database as SqliteDatabase

from faceaccess.store.file.database import Database
from faceaccess.store.people.aliases import marks, owner_of
from faceaccess.store.people.people import People
from faceaccess.store.people.photos import Photos
from faceaccess.store.people.templates import renumber


@dataclass(frozen=True)
class Merged:
    """The rows that a merge moved, ids only; enough to part the two again.

    Attributes:
        merged: the person read as the other from now on.
        photos: photos that moved; one that the other had already stayed.
        aliases: people who had been merged into the one who was merged now.
        absences: journal rows of absences that moved.
        consents: consents that moved.
        took_number: whether the other person had no staff number and took this one's.
    """

    merged: str
    photos: Sequence[int]
    aliases: Sequence[str]
    absences: Sequence[int]
    consents: Sequence[int]
    took_number: bool

    def as_details(self) -> dict[str, object]:
        """Return it as plain values."""
        return asdict(self)


class Merging:
    """Merges and parts people, inside the caller's transaction.

    Photos with their templates, absences and consents become the other person's. PIN, groups and personal
    schedules stay with the row of the merged person, where they count for nothing: rights are never
    added up, and parting gives them back.
    """

    def __init__(self, database: Database, people: People) -> None:
        self._database, self._people, self._photos = database, people, Photos(database)

    def merge(self, person_id: str, into: str) -> Merged:
        """Merge two people; both are there, and neither was merged before."""
        with self._database.transaction() as db:
            photos = _column(db, "SELECT photo_id FROM photos WHERE person_id = ?", person_id)
            moved = self._photos.move(photos, into)
            aliases = _column(db, "SELECT person_id FROM people WHERE merged_into = ?", person_id)
            absences = _column(db, "SELECT seq FROM absences WHERE person_id = ?", person_id)
            consents = _column(db, "SELECT consent_id FROM consents WHERE person_id = ?", person_id)
            for table in ("absences", "consents"):
                db.execute(f"UPDATE {table} SET person_id = ? WHERE person_id = ?", [into, person_id])
            took_number = self._give_number(db, person_id, into)
            db.execute(
                "UPDATE people SET merged_into = ? WHERE person_id = ? OR merged_into = ?",
                [into, person_id, person_id],
            )
        return Merged(person_id, moved, aliases, absences, consents, took_number)

    def part(self, into: str, merged: Merged) -> None:
        """Part one person into two again; anything added since stays where it is."""
        with self._database.transaction() as db:
            ids = [merged.merged, *merged.aliases]
            db.execute(
                f"UPDATE people SET merged_into = CASE WHEN person_id = ? THEN NULL ELSE ? END"
                f" WHERE merged_into = ? AND person_id IN ({marks(ids)})",
                [merged.merged, merged.merged, into, *ids],
            )
            self._photos.move(_still_of(db, into, merged.photos), merged.merged)
            moved = {"absences": ("seq", merged.absences), "consents": ("consent_id", merged.consents)}
            for table, (number, rows) in moved.items():
                db.execute(
                    f"UPDATE {table} SET person_id = ? WHERE person_id = ? AND {number} IN ({marks(rows)})",
                    [merged.merged, into, *rows],
                )
            # Also of photos that had stayed: while merged, their templates were in no gallery.
            renumber(db, "person_id = ?", [merged.merged])
            if merged.took_number:
                self._give_number(db, into, merged.merged)

    def _give_number(self, db: SqliteDatabase, person_id: str, to: str) -> bool:
        """Give a staff number, with its PIN, to a person who has none; tell whether that was so."""
        giver, other = self._people.get(person_id), self._people.get(to)
        if giver.staff_number is None or other.staff_number is not None:
            return False
        for person, number in ((giver, None), (other, giver.staff_number)):
            self._people.update(
                person.person_id, name=person.name, staff_number=number, department=person.department
            )
        db.execute("UPDATE OR IGNORE pins SET person_id = ? WHERE person_id = ?", [to, person_id])
        return True

    def is_merged(self, person_id: str, into: str) -> bool:
        """Tell whether an id stands for another person."""
        with self._database.reader() as db:
            return person_id != into and owner_of(db, person_id) == into

    def photos_still_of(self, person_id: str, photo_ids: Sequence[int]) -> list[int]:
        """Return those of the photos that are a person's, deleted or not."""
        with self._database.reader() as db:
            return _still_of(db, owner_of(db, person_id), photo_ids)


def _still_of(db: SqliteDatabase, person_id: str, photo_ids: Sequence[int]) -> list[int]:
    rows = db.execute(
        f"SELECT photo_id FROM photos WHERE person_id = ? AND photo_id IN ({marks(photo_ids)})"
        " ORDER BY photo_id",
        [person_id, *photo_ids],
    ).fetchall()
    return [row[0] for row in rows]


def _column(db: SqliteDatabase, select: str, person_id: str) -> list[Any]:
    return [row[0] for row in db.execute(f"{select} ORDER BY 1", [person_id]).fetchall()]
