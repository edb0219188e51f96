"""People who were merged: the rows of one stay in the journal and are read as the other's.

A person merged into another keeps a row in `people` that names that person, and nothing else of it
is shown. Such rows name the person directly, never one who was merged in turn.
"""

from collections.abc import Mapping, Sequence

from sqlite_utils import Database as SqliteDatabase

from faceaccess.errors import EnrolmentError


def owner_of(db: SqliteDatabase, person_id: str) -> str:
    """Return the id that an id stands for now: itself, or that of the person it was merged into."""
    row = db.execute("SELECT owner_id FROM people WHERE person_id = ?", [person_id]).fetchone()
    return person_id if row is None else str(row[0])


def ids_of(db: SqliteDatabase, person_id: str) -> tuple[str, ...]:
    """Return the ids under which the journal has a person, the person's own first."""
    owner = owner_of(db, person_id)
    rows = db.execute("SELECT person_id FROM people WHERE merged_into = ? ORDER BY person_id", [owner])
    return (owner, *(row[0] for row in rows.fetchall()))


def merged_names(db: SqliteDatabase, person_id: str) -> list[str]:
    """Return the former names of the people merged into a person."""
    rows = db.execute("SELECT name FROM people WHERE merged_into = ? ORDER BY name_key", [person_id])
    return [row[0] for row in rows.fetchall()]


def owners(db: SqliteDatabase) -> Mapping[str, str]:
    """Return the owner of each merged id; other ids stand for themselves."""
    rows = db.execute("SELECT person_id, merged_into FROM people WHERE merged_into IS NOT NULL")
    return dict(rows.fetchall())


def marks(ids: Sequence[object]) -> str:
    """Return the question marks for a list of parameters."""
    return ", ".join("?" * len(ids))


def merged_numbers(db: SqliteDatabase) -> Mapping[str, str]:
    """Return the owners of merged people who keep a staff number, by that number."""
    rows = db.execute(
        "SELECT staff_number, merged_into FROM people WHERE merged_into IS NOT NULL"
        " AND staff_number IS NOT NULL"
    )
    return dict(rows.fetchall())


def summed(db: SqliteDatabase, figures: Mapping[str, int]) -> dict[str, int]:
    """Return figures by person id, those of people who were merged added to the other's."""
    whose = owners(db)
    sums: dict[str, int] = {}
    for person_id, figure in figures.items():
        owner = whose.get(person_id, person_id)
        sums[owner] = sums.get(owner, 0) + figure
    return sums


def nobody(person_id: str) -> EnrolmentError:
    """Return the error for an id that nobody has."""
    return EnrolmentError(
        "There is no person with the id {person_id}.",
        "The person may have been deleted.",
        person_id=person_id,
    )
