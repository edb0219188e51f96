"""Deleting reversibly, merging, splitting, and undoing changes to a person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from faceaccess.codes import JournalKind, Right
from faceaccess.errors import EnrolmentError, template
from faceaccess.people.consent import ConsentOffice
from faceaccess.people.gallery.undoing import Change, Undoing
from faceaccess.store import clock
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.merging import Merging
from faceaccess.store.people.people import People
from faceaccess.store.people.photos import Photos
from faceaccess.store.people.types import NewConsent, Person, StoredPhoto


@dataclass(frozen=True)
class RecentlyDeleted:
    """The people and photos that can still be restored."""

    people: tuple[Person, ...]
    photos: tuple[StoredPhoto, ...]


class Mending:
    """An operator's corrections to the gallery; each is one transaction with its journal row.

    Those that return a number return the journal row's, for `undo`.
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
            consents: asked whether somebody's face may be used before photos become theirs.
            on_change: called after each change was committed, on the caller's thread.
        """
        self.database = database
        self.photos = Photos(database)
        self._people, self._journal = people, journal
        self._consents, self._on_change = consents, on_change
        self._merging = Merging(database, people)
        self._undoing = Undoing(database, people, journal)

    def deleted(self) -> RecentlyDeleted:
        """Return the people and photos that can still be restored; a withdrawal is undone as a whole."""
        photos = self.photos.hidden()
        owners = {photo.person_id for photo in photos}
        withdrawn = {person_id for person_id in owners if self._consents.has_withdrawn(person_id)}
        return RecentlyDeleted(
            tuple(self._people.list(hidden=True)),
            tuple(photo for photo in photos if photo.person_id not in withdrawn),
        )

    def history(self, person_id: str) -> list[Change]:
        """Return the changes to a person that can, or could, be undone, newest first."""
        return self._undoing.history(person_id)

    @needs(Right.DELETE_PEOPLE)
    def hide(self, actor: Actor, person_id: str) -> int:
        """Delete a person so that it can be undone for some days; entries keep the name until then.

        Raises:
            EnrolmentError: nobody has this id, or the person is deleted already.
        """
        with self.database.transaction():
            person_id = self._people.there(person_id).person_id
            self._people.set_hidden(person_id, clock.utc_now())
            seq = self._journal.record(actor, JournalKind.PERSON_HIDDEN, person_id=person_id)
        self._on_change()
        return seq

    @needs(Right.CHANGE_PEOPLE)
    def restore(self, actor: Actor, person_id: str) -> Person:
        """Bring back a person who was deleted, recognised from the next frame on.

        Raises:
            EnrolmentError: nobody has this id, or the person is not deleted.
        """
        with self.database.transaction():
            person = self._people.get(person_id)
            if person.hidden_at is None:
                raise EnrolmentError("{name} is not deleted.", name=person.name)
            self._people.set_hidden(person.person_id, None)
            self._journal.record(actor, JournalKind.PERSON_RESTORED, person_id=person.person_id)
        self._on_change()
        return self._people.get(person_id)

    @needs(Right.CHANGE_PEOPLE)
    def hide_photos(self, actor: Actor, photo_ids: Sequence[int]) -> int:
        """Delete photos of one person so that it can be undone for some days.

        Raises:
            EnrolmentError: there is no such photo, it is deleted already, or they are of several people.
        """
        with self.database.transaction():
            person_id = self._owner_of(photo_ids, is_hidden=False)
            self.photos.set_hidden(photo_ids, clock.utc_now())
            seq = self._journal.record(
                actor, JournalKind.PHOTOS_HIDDEN, person_id=person_id, details={"photos": list(photo_ids)}
            )
        self._on_change()
        return seq

    @needs(Right.CHANGE_PEOPLE)
    def restore_photos(self, actor: Actor, photo_ids: Sequence[int]) -> None:
        """Bring back photos of one person that were deleted.

        Raises:
            ConsentError: the person has withdrawn consent since.
            EnrolmentError: there is no such photo, it is not deleted, or they are of several people.
        """
        with self.database.transaction():
            person_id = self._owner_of(photo_ids, is_hidden=True)
            self._consents.require_not_withdrawn(self._people.get(person_id))
            self.photos.set_hidden(photo_ids, None)
            details = {"photos": list(photo_ids)}
            self._journal.record(actor, JournalKind.PHOTOS_RESTORED, person_id=person_id, details=details)
        self._on_change()

    @needs(Right.DELETE_PEOPLE)
    def erase_photos(self, actor: Actor, photo_ids: Sequence[int]) -> None:
        """Erase photos of one person that were deleted, for good.

        Raises:
            EnrolmentError: there is no such photo, it is not deleted, or they are of several people.
        """
        with self.database.transaction():
            person_id = self._owner_of(photo_ids, is_hidden=True)
            details = {"photos": self.photos.erase(photo_ids)}
            self._journal.record(actor, JournalKind.PHOTOS_ERASED, person_id=person_id, details=details)
        self.database.erase_traces()

    @needs(Right.CHANGE_PEOPLE)
    def merge(self, actor: Actor, person_id: str, into: str) -> int:
        """Merge two records of one person: the first one's photos and entries become the other's.

        Name, department, groups, PIN and schedules are the other's; a staff number the first one's
        only where the other has none.

        Raises:
            ConsentError: the other gets photos, has no consent in force then, and needs one.
            EnrolmentError: nobody has one of the ids, one is deleted, or both are the same person.
        """
        with self.database.transaction():
            first, other = self._people.there(person_id), self._people.there(into)
            if first.person_id == other.person_id:
                raise EnrolmentError(
                    "{name} can't be merged with {name}.", "Choose another person.", name=first.name
                )
            merged = self._merging.merge(first.person_id, other.person_id)
            if merged.photos:
                self._consents.require(other)
            seq = self._journal.record(
                actor, JournalKind.PERSON_MERGED, person_id=other.person_id, details=merged.as_details()
            )
        self._on_change()
        return seq

    @needs(Right.CHANGE_PEOPLE)
    def move_photos(self, actor: Actor, photo_ids: Sequence[int], to: str) -> int:
        """Move photos of one person to another whom they show.

        Raises:
            ConsentError: the other has none in force, and a folder with operators needs one.
            EnrolmentError: there is no such photo or person, they are of several people, or the other
                person has the same photos already.
        """
        with self.database.transaction():
            other = self._people.there(to)
            self._consents.require(other)
            seq = self._move(actor, photo_ids, other, is_new=False)
        self._on_change()
        return seq

    @needs(Right.CHANGE_PEOPLE)
    def split(
        self,
        actor: Actor,
        photo_ids: Sequence[int],
        *,
        name: str,
        staff_number: str | None = None,
        department: str = "",
        consent: NewConsent | None = None,
    ) -> int:
        """Make a new person of photos that don't show the person they are stored under.

        Raises:
            ConsentError: none is given, and a folder with operators needs one.
            EnrolmentError: there is no such photo, they are of several people, a text can't be kept,
                or the staff number is taken.
        """
        with self.database.transaction():
            person = self._people.create(name=name, staff_number=staff_number, department=department)
            if consent is not None:
                self._consents.record(actor, person.person_id, consent)
            self._consents.require(person)
            seq = self._move(actor, photo_ids, person, is_new=True)
        self._on_change()
        return seq

    @needs(Right.CHANGE_PEOPLE)
    def undo(self, actor: Actor, seq: int) -> None:
        """Undo the newest change of a person that can be undone.

        Raises:
            ConsentError: somebody would get photos back who has withdrawn consent since.
            EnrolmentError: it is not that, or what it was can't be had back.
        """
        with self.database.transaction():
            row = self._undoing.undo(seq)
            for person_id in self._undoing.given_back_to(row):
                self._consents.require_not_withdrawn(self._people.get(person_id))
            details = {"undone": seq, "kind": row.kind}
            self._journal.record(actor, JournalKind.CHANGE_UNDONE, person_id=row.person_id, details=details)
        self._on_change()

    def _move(self, actor: Actor, photo_ids: Sequence[int], to: Person, *, is_new: bool) -> int:
        person_id = self._owner_of(photo_ids, is_hidden=False)
        moved = self.photos.move(photo_ids, to.person_id)
        if not moved:
            raise EnrolmentError(
                "{name} has the same photo already.", "Delete it here instead.", name=to.name
            )
        details = {"to": to.person_id, "photos": moved, "is_new": is_new}
        return self._journal.record(actor, JournalKind.PHOTOS_MOVED, person_id=person_id, details=details)

    def _owner_of(self, photo_ids: Sequence[int], *, is_hidden: bool) -> str:
        """Return the one person the photos belong to; all are deleted, or none."""
        photos = self.photos.get(photo_ids)
        owners = {photo.person_id for photo in photos}
        if len(owners) != 1:
            raise EnrolmentError("Choose photos of one person.")
        if any((photo.hidden_at is not None) != is_hidden for photo in photos):
            raise EnrolmentError(
                template("The photo is not deleted.") if is_hidden else template("The photo is deleted.")
            )
        return self._people.there(owners.pop()).person_id
