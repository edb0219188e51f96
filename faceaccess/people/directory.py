"""Changing and erasing people who are enrolled."""

import json
from collections.abc import Callable, Sequence

from faceaccess.codes import JournalKind, OtherWay, Right
from faceaccess.errors import EnrolmentError
from faceaccess.store.access.groups import GroupMembers
from faceaccess.store.access.pins import Pins, clean_pin
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.other_ways import OtherWays
from faceaccess.store.people.people import People
from faceaccess.store.people.types import Person

_TEXTS = ("name", "staff_number", "department", "email")
_CHANGEABLE = (*_TEXTS, "is_active", "other_way")


class Directory:
    """The people enrolled, as an operator changes them.

    Each change and its journal row are one transaction. The journal has ids and the names of
    the fields that changed; what was in them is kept beside it, so that it can be undone and erased.
    """

    def __init__(
        self, database: Database, people: People, journal: Journal, on_change: Callable[[], None]
    ) -> None:
        """Wire the directory.

        Args:
            database: of `people` and `journal`.
            people: the people enrolled.
            journal: where changes are recorded.
            on_change: called after each change was committed, on the caller's thread.
        """
        self.database = database
        self._people = people
        self._journal = journal
        self._pins, self._members = Pins(database), GroupMembers(database)
        self._other_ways = OtherWays(database)
        self._on_change = on_change

    @needs(Right.ENROL)
    def add_without_face(
        self, actor: Actor, *, name: str, staff_number: str, department: str, pin: str, email: str = ""
    ) -> Person:
        """Enrol somebody who uses a PIN and no face; slow on purpose, not for the GUI's thread.

        Raises:
            EnrolmentError: a text can't be kept, there is no staff number or it is taken, or the PIN is
                a bad one; nobody was enrolled.
        """
        if not staff_number.strip():
            raise EnrolmentError("A PIN is typed after a staff number.", "Give one.")
        pin = clean_pin(pin, staff_number)
        with self.database.transaction():
            person = self._people.create(
                name=name, staff_number=staff_number, department=department, email=email
            )
            self._pins.set(person.person_id, pin)
            self._journal.record(
                actor, JournalKind.PERSON_ENROLLED, person_id=person.person_id, details={"photos": 0}
            )
            self._journal.record(actor, JournalKind.PIN_SET, person_id=person.person_id)
        self._on_change()
        return self._people.get(person.person_id)

    @needs(Right.CHANGE_PEOPLE)
    def change(
        self,
        actor: Actor,
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
        with self.database.transaction():
            before = self._people.get(person_id)
            after = self._people.update(
                person_id, name=name, staff_number=staff_number, department=department, email=email
            )
            has_changed = self._record(actor, before, after)
        if has_changed:
            self._on_change()
        return after

    @needs(Right.CHANGE_PEOPLE)
    def set_active(self, actor: Actor, person_id: str, is_active: bool) -> Person:
        """Activate or deactivate a person; return the person as stored.

        Raises:
            EnrolmentError: nobody has this id.
        """
        with self.database.transaction():
            before = self._people.get(person_id)
            after = self._people.set_active(person_id, is_active)
            has_changed = self._record(actor, before, after)
        if has_changed:
            self._on_change()
        return after

    @needs(Right.CHANGE_PEOPLE)
    def set_other_way(self, actor: Actor, person_id: str, way: OtherWay | None) -> Person:
        """Set how a person comes in where others are asked to turn the head; return the person as stored.

        Nothing says why, and the journal not even which way.

        Raises:
            EnrolmentError: nobody has this id.
        """
        with self.database.transaction():
            before = self._people.get(person_id)
            after = self._other_ways.set(person_id, way)
            has_changed = self._record(actor, before, after)
        if has_changed:
            self._on_change()
        return after

    @needs(Right.CHANGE_PEOPLE)
    def set_pin(self, actor: Actor, person_id: str, pin: str) -> Person:
        """Give a person a PIN; slow on purpose, not for the GUI's thread. Return the person.

        Raises:
            EnrolmentError: nobody has this id, the person has no staff number, or the PIN is a bad one.
        """
        person = self._people.there(person_id)
        if person.staff_number is None:
            raise EnrolmentError(
                "{name} has no staff number, which is typed before the PIN.",
                "Give one first.",
                name=person.name,
            )
        pin = clean_pin(pin, person.staff_number)
        with self.database.transaction():
            self._pins.set(person.person_id, pin)
            self._journal.record(actor, JournalKind.PIN_SET, person_id=person.person_id)
            return self._people.get(person_id)

    @needs(Right.CHANGE_PEOPLE)
    def remove_pin(self, actor: Actor, person_id: str) -> Person:
        """Take a person's PIN away; return the person.

        Raises:
            EnrolmentError: nobody has this id.
        """
        with self.database.transaction():
            person_id = self._people.there(person_id).person_id
            if self._pins.remove(person_id):
                self._journal.record(actor, JournalKind.PIN_REMOVED, person_id=person_id)
            return self._people.get(person_id)

    @needs(Right.SET_POLICY)
    def set_groups(self, actor: Actor, person_id: str, group_ids: Sequence[str]) -> None:
        """Put a person into these access groups and no others.

        Raises:
            EnrolmentError: nobody has this id.
        """
        with self.database.transaction():
            person_id = self._people.there(person_id).person_id
            if self._members.set_groups(person_id, group_ids):
                details = {"groups": sorted(group_ids)}
                self._journal.record(actor, JournalKind.GROUPS_CHANGED, person_id=person_id, details=details)
        self._on_change()

    def _record(self, actor: Actor, before: Person, after: Person) -> bool:
        """Journal which fields of a person differ; return whether any does."""
        changed = [name for name in _CHANGEABLE if getattr(before, name) != getattr(after, name)]
        if changed:
            details: dict[str, object] = {"fields": changed}
            if "is_active" in changed:
                details["is_active"] = after.is_active
            texts = {name: getattr(before, name) for name in changed if name in _TEXTS}
            self._journal.record(
                actor,
                JournalKind.PERSON_CHANGED,
                person_id=after.person_id,
                details=details,
                note=json.dumps(texts, ensure_ascii=False) if texts else "",
            )
        return bool(changed)
