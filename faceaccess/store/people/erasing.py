"""Removing people, or their faces, for good."""

from dataclasses import replace

from sqlite_utils import Database as SqliteDatabase

from faceaccess.store.file.database import Database
from faceaccess.store.people.aliases import ids_of, marks, nobody
from faceaccess.store.people.types import Erasure

# Pictures of entries of the person, and of the refused ones that an operator says show the person.
_FORGET_CROPS = """
    DELETE FROM crops WHERE seq IN (
        SELECT seq FROM journal WHERE person_id IN ({ids}) UNION
        SELECT json_extract(canonical, '$.details.evidence') FROM journal WHERE person_id IN ({ids}) UNION
        SELECT seq FROM crops WHERE shows IN ({ids}))
"""

# Notes of rows about the person, and of rows that take back or replace one of them.
_FORGET_NOTES = """
    DELETE FROM notes WHERE seq IN (
        SELECT n.seq FROM notes n JOIN journal j ON j.seq = n.seq
        LEFT JOIN journal o ON o.seq = coalesce(
            json_extract(j.canonical, '$.details.entry'), json_extract(j.canonical, '$.details.corrects'))
        WHERE j.person_id IN ({ids}) OR o.person_id IN ({ids}))
"""


class Erasing:
    """Removes a person's rows from every table; inside `database.transaction()` it takes part in that one.

    It neither journals nor checks who asks: that is `people.gallery.erasure`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def person(self, person_id: str) -> Erasure:
        """Remove a person with photos, templates, log crops and notes; journal rows keep the bare id.

        Raises:
            EnrolmentError: nobody has this id.
        """
        with self._database.transaction() as db:
            _require_there(db, person_id)
            face = self.face(person_id)
            ids = ids_of(db, person_id)
            consents = db.table("consents").count_where(f"person_id IN ({marks(ids)})", ids)
            notes = db.execute(_FORGET_NOTES.format(ids=marks(ids)), [*ids, *ids]).rowcount
            # Those who were merged into the person go with it.
            db.table("people").delete(ids[0])
            return replace(face, notes=notes, consents=consents)

    def face(self, person_id: str) -> Erasure:
        """Remove a person's photos, templates and log crops; the person stays.

        Raises:
            EnrolmentError: nobody has this id.
        """
        with self._database.transaction() as db:
            _require_there(db, person_id)
            ids = ids_of(db, person_id)
            whose = f"person_id IN ({marks(ids)})"
            removed = Erasure(
                photos=db.table("photos").count_where(whose, ids),
                templates=db.table("templates").count_where(whose, ids),
                crops=db.execute(_FORGET_CROPS.format(ids=marks(ids)), [*ids, *ids, *ids]).rowcount,
            )
            db.table("photos").delete_where(whose, ids)
            for table in ("shadow_decisions", "refused_doubles"):
                db.table(table).delete_where(whose, ids)
            return removed


def _require_there(db: SqliteDatabase, person_id: str) -> None:
    if not db.table("people").count_where("person_id = ?", [person_id]):
        raise nobody(person_id)
