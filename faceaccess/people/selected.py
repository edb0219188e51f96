"""Changing several people at once: for each what is done to one, for all of them or for none."""

from collections.abc import Callable, Sequence

from faceaccess.codes import Right
from faceaccess.people.consent import ConsentOffice
from faceaccess.people.directory import Directory
from faceaccess.people.gallery.mending import Mending
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.people import People
from faceaccess.store.people.types import NewConsent


class SelectedPeople:
    """Each change is one transaction, with a journal row for each person, and is announced once.

    Those that return numbers return the rows that `undo` takes back.
    """

    def __init__(
        self,
        database: Database,
        *,
        people: People,
        journal: Journal,
        consents: ConsentOffice,
        on_change: Callable[[], None],
    ) -> None:
        """Take the parts.

        Args:
            database: of all the others.
            people: the people enrolled.
            journal: where changes are recorded.
            consents: records consents.
            on_change: called after each change was committed, on the caller's thread.
        """
        self.database = database
        self._people, self._consents, self._on_change = people, consents, on_change
        # Announced by this class, after the commit of them all.
        self._directory = Directory(database, people, journal, on_change=_say_nothing)
        self._mending = Mending(
            database, people=people, journal=journal, consents=consents, on_change=_say_nothing
        )

    @needs(Right.CHANGE_PEOPLE)
    def set_department(self, actor: Actor, person_ids: Sequence[str], department: str) -> tuple[int, ...]:
        """Give people the same department.

        Raises:
            EnrolmentError: somebody isn't there any longer, or the text can't be kept; nothing was changed.
        """

        def change(person_id: str) -> None:
            person = self._people.there(person_id)
            self._directory.change(
                actor,
                person.person_id,
                name=person.name,
                staff_number=person.staff_number,
                department=department,
            )

        return self._change_all(person_ids, change)

    @needs(Right.CHANGE_PEOPLE)
    def set_active(self, actor: Actor, person_ids: Sequence[str], is_active: bool) -> tuple[int, ...]:
        """Let people in again, or refuse them at the door.

        Raises:
            EnrolmentError: somebody isn't there any longer; nothing was changed.
        """
        return self._change_all(
            person_ids, lambda person_id: self._directory.set_active(actor, person_id, is_active)
        )

    @needs(Right.SET_POLICY)
    def set_groups(self, actor: Actor, person_ids: Sequence[str], group_ids: Sequence[str]) -> None:
        """Put people into these access groups and no others.

        Raises:
            EnrolmentError: somebody isn't there any longer; nothing was changed.
        """
        with self.database.transaction():
            for person_id in person_ids:
                self._directory.set_groups(actor, person_id, group_ids)
        self._on_change()

    @needs(Right.ENROL)
    def record_consents(self, actor: Actor, person_ids: Sequence[str], new: NewConsent) -> None:
        """Record that each of these people has agreed to the same text on the same day.

        Raises:
            ConsentError: there is no such text, or the dates can't be; nothing was recorded.
            EnrolmentError: somebody isn't there any longer; nothing was recorded.
        """
        with self.database.transaction():
            for person_id in person_ids:
                self._consents.record(actor, self._people.there(person_id).person_id, new)

    @needs(Right.CHANGE_PEOPLE)
    def undo(self, actor: Actor, seqs: Sequence[int]) -> None:
        """Take back what one change did to all of them, or nothing of it.

        Raises:
            EnrolmentError: somebody was changed again since.
        """
        with self.database.transaction():
            for seq in seqs:
                self._mending.undo(actor, seq)
        self._on_change()

    def _change_all(self, person_ids: Sequence[str], change: Callable[[str], object]) -> tuple[int, ...]:
        seqs = []
        with self.database.transaction():
            for person_id in person_ids:
                before = self._undoable(person_id)
                change(person_id)
                after = self._undoable(person_id)
                if after is not None and after != before:
                    seqs.append(after)
        if seqs:
            self._on_change()
        return tuple(seqs)

    def _undoable(self, person_id: str) -> int | None:
        changes = self._mending.history(person_id)
        return next((change.row.seq for change in changes if change.can_be_undone), None)


def _say_nothing() -> None:
    pass
