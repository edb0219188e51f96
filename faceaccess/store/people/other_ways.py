"""How people come in who aren't asked to turn their head."""

from faceaccess.codes import OtherWay
from faceaccess.store.file.database import Database
from faceaccess.store.people.people import People
from faceaccess.store.people.types import Person


class OtherWays:
    """Reads and sets them; inside `database.transaction()` it takes part in that one."""

    def __init__(self, database: Database) -> None:
        self._database, self._people = database, People(database)

    def set(self, person_id: str, way: OtherWay | None) -> Person:
        """Set a person's way; None for being asked like everybody. Return the person as stored.

        Raises:
            EnrolmentError: nobody has this id.
        """
        with self._database.transaction() as db:
            person_id = self._people.there(person_id).person_id
            db.table("people").update(person_id, {"other_way": None if way is None else way.value})
            return self._people.get(person_id)

    def by_person(self) -> dict[str, OtherWay]:
        """Return the ways by person id, of those who have one."""
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT person_id, other_way FROM people WHERE other_way IS NOT NULL AND merged_into IS NULL"
            )
            return {person_id: OtherWay(way) for person_id, way in rows.fetchall()}
