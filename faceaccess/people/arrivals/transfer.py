"""Carrying people from one installation to another, in one encrypted file."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from faceaccess.codes import EnrolmentOutcome, IfNamed, JournalKind, Right
from faceaccess.errors import Cancelled, ConsentError, EnrolmentError, StoreError
from faceaccess.people.arrivals.transfer_file import (
    MAGIC,
    MOST_PHOTOS,
    TransferHead,
    TransferredPerson,
    TransferredText,
    pack_head,
    pack_person,
    unpack_head,
    unpack_person,
)
from faceaccess.people.consent import ConsentOffice
from faceaccess.people.doubles import Doubles
from faceaccess.people.photo_set import MOST_TEMPLATES
from faceaccess.people.reembedding import templates_of
from faceaccess.people.surplus import Surplus
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.store import clock
from faceaccess.store.consents import Consents
from faceaccess.store.database import Database
from faceaccess.store.journal import Journal
from faceaccess.store.people import People
from faceaccess.store.photos import Photos
from faceaccess.store.roles import needs
from faceaccess.store.sealed_stream import SealedWriter, read_records
from faceaccess.store.templates import Templates
from faceaccess.store.types import Actor, NewConsent, NewTemplate, Person, StoredCrop

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class TransferRow:
    """What became of one person, and why."""

    name: str
    outcome: EnrolmentOutcome
    photos: int
    message: str = ""


class Transfer:
    """Writes and reads files of people: photos, templates and consents, never PINs, groups or entries.

    Slow: call off the GUI thread.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        *,
        database: Database,
        people: People,
        templates: Templates,
        consents: Consents,
        office: ConsentOffice,
        journal: Journal,
        doubles: Doubles,
        on_change: Callable[[], None],
    ) -> None:
        self.database = database
        self._recogniser, self._people, self._templates = recogniser, people, templates
        self._consents, self._office, self._journal = consents, office, journal
        self._doubles, self._on_change = doubles, on_change
        self._surplus = Surplus(Photos(database), templates, journal)

    @needs(Right.EXPORT)
    def write(
        self,
        actor: Actor,
        path: Path,
        passphrase: str,
        *,
        person_ids: Sequence[str] | None = None,
        progress: Progress = lambda _done, _all: None,
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
        people = [one for one in self._people.list() if person_ids is None or one.person_id in person_ids]
        texts = self._consents.texts()
        numbers = {text.version: number for number, text in enumerate(texts)}
        head = TransferHead(
            clock.utc_now(), len(people), tuple(TransferredText(text.language, text.text) for text in texts)
        )
        with SealedWriter(path, MAGIC, passphrase) as writer:
            writer.write(pack_head(head))
            for done, person in enumerate(people, 1):
                if is_cancelled():
                    raise Cancelled("The export was stopped.", "No file was written.")
                writer.write(pack_person(self._packed(person, numbers)))
                progress(done, len(people))
            writer.finish()
        self._journal.record(actor, JournalKind.EXPORTED, details={"people": len(people)})
        return len(people)

    def preview(self, path: Path, passphrase: str) -> tuple[TransferHead, list[TransferredPerson]]:
        """Return what a file holds, all of it checked; the pictures are left out.

        Raises:
            StoreError: it can't be used, and why.
        """
        records = read_records(path, MAGIC, passphrase)
        head = unpack_head(next(records))
        people = [
            replace(person, photos=tuple(replace(photo, crop=b"", jpeg=b"") for photo in person.photos))
            for person in self._read(records, head)
        ]
        return head, people

    @needs(Right.ENROL)
    def read(
        self,
        actor: Actor,
        path: Path,
        passphrase: str,
        *,
        if_named: IfNamed = IfNamed.REFUSE,
        keep_doubles: bool = False,
        progress: Progress = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> list[TransferRow]:
        """Enrol the people of a file, each by themself; what is wrong with one is in the row, not raised.

        The file is checked to its end before anybody is enrolled. The same file again changes nothing.

        Args:
            actor: who does it.
            path: of the file.
            passphrase: opens it.
            if_named: what to do with somebody whose staff number or name is enrolled.
            keep_doubles: enrol people too whose face may be enrolled under another name.
            progress: called with people done and all.
            is_cancelled: asked between people; those done stay.

        Raises:
            Cancelled: the operator stopped it.
            StoreError: the file can't be used, and why; nobody was enrolled.
        """
        self.preview(path, passphrase)
        records = read_records(path, MAGIC, passphrase)
        head = unpack_head(next(records))
        rows = []
        for done, person in enumerate(self._read(records, head), 1):
            if is_cancelled():
                raise Cancelled(f"Stopped after {done - 1} of {head.people} people.", "Those stay enrolled.")
            rows.append(self._enrol(actor, head, person, if_named, keep_doubles))
            progress(done, head.people)
        return rows

    def _packed(self, person: Person, numbers: dict[int, int]) -> TransferredPerson:
        photos = self._templates.whole_photos(person.person_id)[-MOST_PHOTOS:]
        consent = self._consents.newest(person.person_id)
        given = None
        if consent is not None:
            signature = self._consents.signature(consent.consent_id)
            given = (
                numbers[consent.version],
                NewConsent(0, consent.given_on, consent.expires_on, consent.review_on, signature),
            )
        return TransferredPerson(
            person.name,
            person.staff_number,
            person.department,
            person.email,
            person.is_active,
            tuple(photos),
            given,
        )

    def _read(self, records: Iterator[bytes], head: TransferHead) -> Iterator[TransferredPerson]:
        """Yield the people of a file, and check that they are as many as it says."""
        count = 0
        for record in itertools.islice(records, head.people + 1):
            count += 1
            yield unpack_person(record, len(head.texts))
        if count != head.people:
            raise StoreError(
                f"The file has {count} people where it says {head.people}.",
                "It wasn't written by this program.",
            )

    def _enrol(
        self, actor: Actor, head: TransferHead, person: TransferredPerson, if_named: IfNamed, keep: bool
    ) -> TransferRow:
        try:
            known = self._known(person)
            hashes = {photo.sha256 for photo in person.photos}
            if any(hashes <= self._templates.photo_hashes(one.person_id) for one in known):
                return TransferRow(person.name, EnrolmentOutcome.UNCHANGED, 0)
            if len(known) > 1 and if_named is IfNamed.ADD:
                return TransferRow(person.name, EnrolmentOutcome.REFUSED, 0, "Several people have this name.")
            if known and if_named is IfNamed.REFUSE:
                message = f"{known[0].name} is enrolled already."
                return TransferRow(person.name, EnrolmentOutcome.REFUSED, 0, message)
            new = self._new_templates(person)
            add_to = known[0] if known and if_named is IfNamed.ADD else None
            if not keep:
                self._check_double(new, add_to)
            return self._store(actor, head, person, new, add_to)
        except (EnrolmentError, ConsentError) as exc:
            return TransferRow(person.name, EnrolmentOutcome.REFUSED, 0, str(exc))

    def _known(self, person: TransferredPerson) -> list[Person]:
        if person.staff_number is not None:
            wanted = person.staff_number.casefold()
            held = [one for one in self._people.list() if (one.staff_number or "").casefold() == wanted]
            if held:
                return held
        # Two with one name and two staff numbers are two.
        return [
            one
            for one in self._people.by_name(person.name)
            if person.staff_number is None or one.staff_number is None
        ]

    def _new_templates(self, person: TransferredPerson) -> list[NewTemplate]:
        """Return what is to be stored for the active model, made here where the file has none of it."""
        model_id = self._recogniser.embedder.model_id
        made = []
        for photo in person.photos:
            embedding = photo.embeddings.get(model_id)
            if embedding is None or embedding.size != self._recogniser.gallery.dimension:
                stored = StoredCrop(photo.sha256, photo.crop, photo.landmarks)
                found = templates_of([stored], self._recogniser.detector, self._recogniser.embedder)
                embedding = found[0].embedding if found else None
            made += [] if embedding is None else [photo.template(model_id, embedding)]
        return made

    def _check_double(self, new: Sequence[NewTemplate], add_to: Person | None) -> None:
        if not new:
            return
        embeddings = np.stack([template.embedding for template in new])
        hashes = [template.photo_sha256 for template in new]
        alike = self._doubles.asked_about(embeddings, hashes, add_to.person_id if add_to else None)
        if alike:
            self._doubles.refuse(hashes, alike)
            raise EnrolmentError(
                f"This may be {alike[0].person.name}, who is enrolled: distance {alike[0].distance:.3f}."
            )

    def _store(
        self,
        actor: Actor,
        head: TransferHead,
        person: TransferredPerson,
        new: Sequence[NewTemplate],
        add_to: Person | None,
    ) -> TransferRow:
        with self.database.transaction():
            stored = add_to or self._people.create(
                name=person.name,
                staff_number=person.staff_number,
                department=person.department,
                email=person.email,
            )
            known = self._templates.photo_hashes(stored.person_id)
            fresh = [template for template in new if template.photo_sha256 not in known]
            self._templates.add(stored.person_id, fresh)
            kind = JournalKind.PERSON_ENROLLED if add_to is None else JournalKind.PHOTOS_ADDED
            details = {"photos": len(fresh), "is_transferred": True}
            self._journal.record(actor, kind, person_id=stored.person_id, details=details)
            if add_to is None and not person.is_active:
                self._deactivate(actor, stored)
            model_id = self._recogniser.embedder.model_id
            self._surplus.hide(actor, stored.person_id, model_id, min(len(fresh), MOST_TEMPLATES))
            self._keep_consent(actor, head, person, stored)
            if fresh:
                self._office.require(stored)
        self._on_change()
        outcome = EnrolmentOutcome.ENROLLED if add_to is None else EnrolmentOutcome.ADDED
        lost = len(person.photos) - len(new)
        message = f"{lost} photos could not be used." if lost else ""
        return TransferRow(person.name, outcome, len(fresh), message)

    def _deactivate(self, actor: Actor, person: Person) -> None:
        """Let somebody in no longer, in the journal too: retention counts from there."""
        self._people.set_active(person.person_id, False)
        details = {"fields": ["is_active"], "is_active": False}
        self._journal.record(actor, JournalKind.PERSON_CHANGED, person_id=person.person_id, details=details)

    def _keep_consent(
        self, actor: Actor, head: TransferHead, person: TransferredPerson, stored: Person
    ) -> None:
        if person.consent is None or self._office.in_force(stored.person_id) is not None:
            return
        number, given = person.consent
        withdrawn_at = self._consents.withdrawn_at(stored.person_id)
        if withdrawn_at is not None and given.given_on <= withdrawn_at.date():
            return  # An old file doesn't take back what the person has said here since.
        text = head.texts[number]
        version = self._consents.version_of(text.language, text.text)
        self._office.record(actor, stored.person_id, replace(given, version=version))
