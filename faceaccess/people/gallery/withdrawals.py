"""Withdrawing a consent at the desk: because the person asked for it, and so that it can be undone."""

from collections.abc import Callable
from datetime import timedelta

from faceaccess.codes import JournalKind, Right
from faceaccess.errors import ConsentError, PermissionDenied
from faceaccess.store import clock
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.people import People
from faceaccess.store.people.photos import Photos

MOST_AN_HOUR = 5
"""More people than this don't come to one desk within an hour to withdraw: that is for an admin."""


class Withdrawals:
    """Withdraws a consent for operators who may not delete people.

    The face is known nowhere from then on, and erased after the days that deleted photos are kept
    (`Expiry`); until then `Mending.undo` takes it back, and it stands among what is due.
    """

    def __init__(
        self,
        database: Database,
        *,
        people: People,
        consents: Consents,
        journal: Journal,
        on_change: Callable[[], None],
    ) -> None:
        """Take the parts.

        Args:
            database: of all the others.
            people: the people enrolled.
            consents: what they agreed to.
            journal: where withdrawals are recorded.
            on_change: called after each was committed, on the caller's thread.
        """
        self.database = database
        self._people, self._consents, self._journal = people, consents, journal
        self._photos, self._on_change = Photos(database), on_change

    @needs(Right.CHANGE_PEOPLE)
    def withdraw(self, actor: Actor, person_id: str, reason: str) -> int:
        """End a person's consent and hide the face; return the journal row's number.

        Args:
            actor: who does it for the person.
            person_id: whose consent.
            reason: what the person said, or how the wish came.

        Raises:
            EnrolmentError: nobody has this id, or the person is deleted.
            ConsentError: there is no reason, or neither a consent nor a face.
            PermissionDenied: the actor withdrew so many within the hour that an admin has to.
        """
        if not reason.strip():
            raise ConsentError("A reason is needed.", "Say how the person asked for it.")
        with self.database.transaction():
            self._require_few(actor)
            person = self._people.there(person_id)
            photos = [photo.photo_id for photo in self._photos.of(person.person_id)]
            consents = self._consents.hold(person.person_id)
            if not photos and not consents:
                raise ConsentError("{name} has no consent in force and no photos.", name=person.name)
            self._photos.set_hidden(photos, clock.utc_now())
            seq = self._journal.record(
                actor,
                JournalKind.CONSENT_WITHDRAWN,
                person_id=person.person_id,
                details={"consents": consents, "photos": photos, "is_held": True},
                note=reason.strip(),
            )
        self._on_change()
        return seq

    def _require_few(self, actor: Actor) -> None:
        since = clock.utc_now() - timedelta(hours=1)
        rows = self._journal.rows.newest([JournalKind.CONSENT_WITHDRAWN])
        if sum(row.actor == actor.name and row.at > since for row in rows) >= MOST_AN_HOUR:
            raise PermissionDenied(
                "You have withdrawn {most_an_hour} consents within the hour.",
                "An admin can withdraw more.",
                most_an_hour=MOST_AN_HOUR,
            )
