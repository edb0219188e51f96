"""The people enrolled."""

import json
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import JournalKind, OtherWay, Outcome
from faceaccess.errors import EnrolmentError, template
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.file.faults import damaged
from faceaccess.store.journal.chain import photo_digest
from faceaccess.store.people.aliases import nobody
from faceaccess.store.people.erasing import Erasing
from faceaccess.store.people.names import fold, person_texts, search_keys
from faceaccess.store.people.templates import renumber
from faceaccess.store.people.types import Person

# The method `list` hides the type inside the class.
PersonList = list[Person]
StringList = list[str]

# The newest entry of each id by itself: all of them together would not come from an index in order.
_SELECT = f"""
    SELECT p.*,
        (SELECT min(a.created_at) FROM people a WHERE a.owner_id = p.person_id) AS since,
        (SELECT count(*) FROM templates t JOIN photos f USING (photo_id)
         WHERE t.person_id = p.person_id AND f.hidden_at IS NULL
             AND t.model_id = coalesce(:model_id, t.model_id)) AS template_count,
        EXISTS (SELECT 1 FROM pins n WHERE n.person_id = p.person_id) AS has_pin,
        (SELECT max((SELECT j.at_utc FROM journal j
             WHERE j.person_id = a.person_id AND j.outcome = '{Outcome.ACCEPTED}' AND NOT j.is_recording
             AND NOT EXISTS (
                 SELECT 1 FROM journal v WHERE v.kind = '{JournalKind.ENTRY_VOIDED}'
                 AND json_extract(v.canonical, '$.details.entry') = +j.seq)
             ORDER BY j.at_utc DESC LIMIT 1))
         FROM people a WHERE a.owner_id = p.person_id) AS last_seen
    FROM people p WHERE p.merged_into IS NULL
"""
_THERE, _HIDDEN = "AND p.hidden_at IS NULL", "AND p.hidden_at IS NOT NULL"


class People:
    """Reads and changes people; inside `database.transaction()` it takes part in that one.

    It neither journals nor checks who asks: that is `people.directory`.

    Attributes:
        erasing: removes people, or their faces, for good.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.erasing = Erasing(database)

    def create(
        self, *, name: str, staff_number: str | None = None, department: str = "", email: str = ""
    ) -> Person:
        """Store a new person and return it; another person may have the same name.

        Raises:
            EnrolmentError: a text that can't be kept, or the staff number is somebody else's.
        """
        person_id = secrets.token_hex(16)
        texts = person_texts(name, staff_number, department, email)
        with self._database.transaction() as db:
            _require_free(db, texts["staff_number"], person_id)
            db.table("people").insert(
                {"person_id": person_id, "is_active": 1, "created_at": clock.to_text(clock.utc_now())}
                | texts
                | search_keys(texts)
            )
        return self.get(person_id)

    def get(self, person_id: str, model_id: str | None = None) -> Person:
        """Return a person, deleted or not; for one who was merged, the other.

        Args:
            person_id: the person's id.
            model_id: the model whose templates are counted; None counts all.

        Raises:
            EnrolmentError: nobody has this id.
        """
        people = self._find(
            "AND p.person_id = (SELECT owner_id FROM people WHERE person_id = :person_id)",
            {"person_id": person_id, "model_id": model_id},
        )
        if not people:
            raise nobody(person_id)
        return people[0]

    def there(self, person_id: str) -> Person:
        """Return a person who can be changed.

        Raises:
            EnrolmentError: nobody has this id, or the person is deleted.
        """
        person = self.get(person_id)
        if person.hidden_at is not None:
            raise EnrolmentError("{name} is deleted.", "Restore that person first.", name=person.name)
        return person

    def list(
        self, text: str = "", model_id: str | None = None, *, hidden: bool | None = False, most: int = -1
    ) -> PersonList:
        """Return people by name.

        Args:
            text: what name, staff number, department or e-mail contain, in any case; empty means all.
            model_id: the model whose templates are counted; None counts all.
            hidden: True for those who are deleted and can be restored, None for these too.
            most: how many; -1 for all.
        """
        which = {False: _THERE, True: _HIDDEN, None: ""}[hidden]
        order = "ORDER BY p.name_key, p.staff_number, p.person_id"
        # Chosen first: what is counted of a person costs far more, and is needed of these alone.
        return self._find(
            "AND p.person_id IN (SELECT p.person_id FROM people p WHERE p.merged_into IS NULL"
            f" {which} AND instr(p.search_key, :text) > 0 {order} LIMIT :most) {order}",
            {"text": fold(text), "model_id": model_id, "most": most},
        )

    def departments(self) -> StringList:
        """Return the departments of everybody enrolled, in order."""
        with self._database.reader() as db:
            rows = db.execute(
                f"SELECT DISTINCT department FROM people p WHERE merged_into IS NULL {_THERE} ORDER BY 1"
            ).fetchall()
        return [row[0] for row in rows if row[0]]

    def by_name(self, name: str) -> PersonList:
        """Return the people with a name, whatever its case; oldest first."""
        return self._find(
            f"{_THERE} AND p.name_key = :name_key ORDER BY p.created_at",
            {"name_key": fold(name), "model_id": None},
        )

    def label(self, person_id: str) -> str:
        """Return a person's name; where another has it too, with a detail that tells them apart.

        Raises:
            EnrolmentError: nobody has this id.
        """
        person = self.get(person_id)
        is_shared = any(other.person_id != person.person_id for other in self.by_name(person.name))
        return f"{person.name} ({person.staff_number or person.person_id[:8]})" if is_shared else person.name

    def label_or_id(self, person_id: str) -> str:
        """Return a person's label; of somebody who isn't there, the start of the id."""
        try:
            return self.label(person_id)
        except EnrolmentError:
            return person_id[:8]

    def update(
        self,
        person_id: str,
        *,
        name: str,
        staff_number: str | None,
        department: str,
        email: str | None = None,
    ) -> Person:
        """Change a person's details, the e-mail address if there is one; return the person as stored.

        Raises:
            EnrolmentError: nobody has this id, a text can't be kept, or the staff number is taken.
        """
        with self._database.transaction() as db:
            person = self.there(person_id)
            person_id = person.person_id
            texts = person_texts(name, staff_number, department, person.email if email is None else email)
            keys = search_keys(texts)
            if texts["staff_number"] == person.staff_number:
                # Whoever shares a number since an older program keeps it.
                del keys["number_key"]
            else:
                _require_free(db, texts["staff_number"], person_id)
            db.table("people").update(person_id, texts | keys)
            return self.get(person_id)

    def set_active(self, person_id: str, is_active: bool) -> Person:
        """Activate or deactivate a person; return the person as stored.

        Raises:
            EnrolmentError: nobody has this id.
        """
        with self._database.transaction() as db:
            person_id = self.there(person_id).person_id
            db.table("people").update(person_id, {"is_active": int(is_active)})
            return self.get(person_id)

    def set_hidden(self, person_id: str, hidden_at: datetime | None) -> None:
        """Take a person out of everything but the record, or bring the person back.

        Raises:
            EnrolmentError: nobody has this id.
        """
        with self._database.transaction() as db:
            person_id = self.get(person_id).person_id
            value = None if hidden_at is None else clock.to_text(hidden_at)
            db.table("people").update(person_id, {"hidden_at": value})
            if hidden_at is None:
                renumber(db, "person_id = ?", [person_id])

    def thumbnail(self, person_id: str) -> bytes | None:
        """Return the JPEG face crop of a person's best photo; None without photos."""
        with self._database.reader() as db:
            row = db.execute(
                "SELECT crop, jpeg, digest FROM photos WHERE hidden_at IS NULL"
                " AND person_id = (SELECT owner_id FROM people WHERE person_id = ?)"
                " ORDER BY quality DESC, photo_id LIMIT 1",
                [person_id],
            ).fetchone()
        if row is not None and photo_digest(bytes(row[0]), bytes(row[1])) != row[2]:
            raise damaged(self._database.path)
        return None if row is None else bytes(row[0])

    def _find(self, which: str, parameters: Mapping[str, object]) -> PersonList:
        with self._database.reader() as db:
            return [_person_from(row) for row in db.query(_SELECT + which, dict(parameters))]


def labels(database: Database, person_ids: Collection[str]) -> dict[str, str]:
    """Return people's labels by their ids, as `People.label` gives each; whoever isn't there is left out.

    All at once: by themselves each takes two questions.
    """
    with database.reader() as db:
        rows = db.execute(
            "SELECT p.person_id, p.name, coalesce(p.staff_number, substr(p.person_id, 1, 8)), EXISTS ("
            " SELECT 1 FROM people o WHERE o.name_key = p.name_key AND o.person_id <> p.person_id"
            " AND +o.merged_into IS NULL AND o.hidden_at IS NULL)"
            " FROM people p WHERE p.person_id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(person_ids))],
        ).fetchall()
    return {row[0]: f"{row[1]} ({row[2]})" if row[3] else row[1] for row in rows}


def _require_free(db: SqliteDatabase, staff_number: str | None, person_id: str) -> None:
    holder = db.execute(
        "SELECT p.name, o.name, o.hidden_at, p.person_id = o.person_id FROM people p"
        " JOIN people o ON o.person_id = p.owner_id WHERE p.number_key = ? AND p.person_id <> ?",
        [fold(staff_number or "") or None, person_id],
    ).fetchone()
    if holder is None:
        return
    name, owner, hidden_at, is_own = holder
    if hidden_at is not None:
        raise EnrolmentError(
            "The staff number {staff_number} belongs to {owner}, who is deleted but not erased yet.",
            "Restore or erase that person first, or give another number.",
            staff_number=staff_number,
            owner=owner,
        )
    raise EnrolmentError(
        template("The staff number {staff_number} belongs to {name}.")
        if is_own
        else template("The staff number {staff_number} belongs to {name}, who was merged into {owner}."),
        "Give another number, or add the photos to that person.",
        staff_number=staff_number,
        name=name,
        owner=owner,
    )


def _person_from(row: Mapping[str, Any]) -> Person:
    return Person(
        person_id=row["person_id"],
        name=row["name"],
        staff_number=row["staff_number"],
        department=row["department"],
        is_active=bool(row["is_active"]),
        created_at=clock.from_text(row["since"]),
        template_count=row["template_count"],
        has_pin=bool(row["has_pin"]),
        last_seen=None if row["last_seen"] is None else clock.from_text(row["last_seen"]),
        hidden_at=None if row["hidden_at"] is None else clock.from_text(row["hidden_at"]),
        email=row["email"],
        is_number_shared=row["staff_number"] is not None and row["number_key"] is None,
        other_way=None if row["other_way"] is None else OtherWay(row["other_way"]),
    )
