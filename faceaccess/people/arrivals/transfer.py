"""Carrying people from one installation to another, in one encrypted file."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from faceaccess.codes import JournalKind, Right
from faceaccess.errors import Cancelled
from faceaccess.people.arrivals.arrival import ArrivalPhoto, ArrivalRow, Carried
from faceaccess.people.arrivals.carried import CarriedPhoto, checked
from faceaccess.people.arrivals.table import checked_texts
from faceaccess.people.consent import CarriedConsent
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.people import People
from faceaccess.store.people.people_file import PackedPerson, PeopleFile, PeopleFileWriter
from faceaccess.store.people.templates import Templates
from faceaccess.store.people.types import NewConsent

MOST_PHOTOS = 100


@dataclass(frozen=True)
class Transferred:
    """The people of a file, to be admitted while it is open.

    Attributes:
        made_at: UTC.
        rows: a person each.
    """

    made_at: datetime
    rows: list[ArrivalRow]


class Transfer:
    """Writes files of people: photos, templates and consents, never PINs, groups or entries.

    Slow: call off the GUI thread.
    """

    def __init__(
        self,
        database: Database,
        *,
        people: People,
        templates: Templates,
        consents: Consents,
        journal: Journal,
    ) -> None:
        self.database = database
        self._people, self._templates = people, templates
        self._consents, self._journal = consents, journal

    @needs(Right.EXPORT)
    def write(
        self,
        actor: Actor,
        path: Path,
        passphrase: str,
        *,
        person_ids: Sequence[str] | None = None,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> int:
        """Write people into a file; return how many. The file is there whole or not at all.

        Args:
            actor: who does it.
            path: of the file.
            passphrase: opens it, and nothing else does.
            person_ids: who; None takes everybody.
            progress: called with people done and all.
            is_cancelled: asked between people.

        Raises:
            Cancelled: the operator stopped it; there is no file.
            StoreError: it can't be written.
        """
        people = [
            person for person in self._people.list() if person_ids is None or person.person_id in person_ids
        ]
        with PeopleFileWriter(path, passphrase, self._consents.texts.all()) as file:
            for done, person in enumerate(people, 1):
                if is_cancelled():
                    raise Cancelled("The export was stopped.", "No file was written.")
                photos = self._templates.whole_photos(person.person_id)[-MOST_PHOTOS:]
                file.add(person, photos, self._consent(person.person_id))
                progress(done, len(people))
            file.finish()
        self._journal.record(actor, JournalKind.EXPORTED, details={"people": len(people)})
        return len(people)

    def _consent(self, person_id: str) -> NewConsent | None:
        consent = self._consents.newest(person_id)
        if consent is None:
            return None
        signature = self._consents.signature(consent.consent_id)
        return NewConsent(consent.version, consent.given_on, consent.expires_on, consent.review_on, signature)


@contextmanager
def transferred(path: Path, passphrase: str) -> Iterator[Transferred]:
    """Give the people of a file, all of it checked to its end before anybody can be admitted.

    Raises:
        StoreError: it can't be used, and why.
    """
    with PeopleFile.opened(path, passphrase) as file:
        people, texts = file.people(), file.texts()
        for person in people:
            for number, _ in person.photos:
                checked(file.photo(number))
        yield Transferred(file.made_at, [_row(file, person, texts) for person in people])


def _row(file: PeopleFile, person: PackedPerson, texts: dict[int, tuple[str, str]]) -> ArrivalRow:
    consent = None
    if person.consent is not None:
        language, text = texts[person.consent.version]
        consent = CarriedConsent(language, text, replace(person.consent, version=0))
    photos = tuple(
        ArrivalPhoto(f"photo {at}", None, carried=CarriedPhoto(file, number, sha256))
        for at, (number, sha256) in enumerate(person.photos, 1)
    )
    return checked_texts(
        ArrivalRow(
            person.number,
            " ".join(person.name.split()),
            person.staff_number,
            person.department,
            person.email,
            photos,
            carried=Carried(person.is_active, consent),
        )
    )
