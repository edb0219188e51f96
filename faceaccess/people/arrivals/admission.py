"""Admitting people who come in: planned first, then stored person by person; it can be resumed."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from faceaccess.codes import EnrolmentOutcome, IfDouble, IfNamed, ImportProblem, ImportStep, Right
from faceaccess.errors import ConsentError, EnrolmentError, StoreError, Text
from faceaccess.people.arrivals.arrival import Arrival, ArrivalRow
from faceaccess.people.arrivals.photo_choice import Choice, choice
from faceaccess.people.arrivals.photo_pool import Look, PhotoPool, PhotoSource
from faceaccess.people.arrivals.planning import Enrolled, planned, who_may_be
from faceaccess.people.arrivals.result import AdmissionResult, PhotoResult, photo_results, refused, untouched
from faceaccess.people.consent import CarriedConsent, ConsentOffice
from faceaccess.people.directory import Directory
from faceaccess.people.enrolment.doubles import DoubleFound, Likeness
from faceaccess.people.enrolment.enrolment import Enrolment
from faceaccess.people.enrolment.photo_review import ADDS_NOTHING, Reviewer
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.people.aliases import merged_numbers
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from faceaccess.store.people.types import NewConsent, Person

MOST_THREADS = 4


@dataclass(frozen=True)
class AdmissionTerms:
    """The terms on which people are admitted.

    Attributes:
        consent: what all those people agreed to; a row's own day goes before its day.
        if_double: what to do with a face that may be enrolled under another name.
        if_named: what to do with a name that is enrolled, where no staff number and no photo tells.
    """

    consent: NewConsent | None = None
    if_double: IfDouble = IfDouble.REFUSE
    if_named: IfNamed = IfNamed.REFUSE


class Admission:
    """The use cases of bringing people in, wherever their rows come from. Slow: call off the GUI thread."""

    def __init__(
        self,
        database: Database,
        *,
        enrolment: Callable[[], Enrolment],
        people: People,
        templates: Templates,
        directory: Directory,
        consents: ConsentOffice,
        new_reviewer: Callable[[], Reviewer],
    ) -> None:
        """Take the parts.

        Args:
            database: of all the others.
            enrolment: gives what stores people, with its models, once something is stored.
            people: the people enrolled.
            templates: theirs.
            directory: changes them.
            consents: asked who has agreed.
            new_reviewer: gives what looks at photos on one thread, with models of its own.
        """
        self.database = database
        self._load_enrolment, self._people, self._templates = enrolment, people, templates
        self._directory, self._consents, self._new_reviewer = directory, consents, new_reviewer

    @needs(Right.ENROL)
    def plan(self, actor: Actor, rows: Iterable[ArrivalRow]) -> list[Arrival]:
        """Return the plan for each person of some rows; nothing is written, no photo opened."""
        return planned(rows, self._enrolled())

    @needs(Right.ENROL)
    def run(
        self,
        actor: Actor,
        people: Sequence[Arrival],
        terms: AdmissionTerms,
        *,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
        threads: int | None = None,
    ) -> list[AdmissionResult]:
        """Admit people, each in one transaction; done again, it goes on where it was stopped.

        What is wrong with one of them is in the result and doesn't stop the others. Where it was
        cancelled, or could not be written any more, the people after that are in it as not reached.

        Args:
            actor: who does it.
            people: as planned.
            terms: on which.
            progress: called with how many people are done, of how many.
            is_cancelled: asked before each person.
            threads: on which photos are looked at; None takes as many as there are cores, up to four.

        Raises:
            ConsentError: a consent is needed, and none is given.
        """
        self._check_consent(people, terms)
        to_do = [arrival for arrival in people if arrival.step is not ImportStep.REFUSE]
        if not to_do:
            return [untouched(arrival) for arrival in people]
        # The same one for all: another model may be switched to meanwhile.
        self._enrolment = self._load_enrolment()
        done: dict[int, AdmissionResult] = {}
        consenting = self._consents.consenting()
        with PhotoPool.opened(self._new_reviewer, threads or _threads()) as pool:
            for count, (arrival, looks) in enumerate(pool.looked_at(self._jobs(to_do, is_cancelled)), 1):
                if is_cancelled():
                    break
                try:
                    done[id(arrival)] = self._admit(actor, arrival, looks, terms, consenting)
                except StoreError as exc:
                    done[id(arrival)] = _not_stored(arrival, exc.text)
                    break
                progress(count, len(to_do))
        return [done.get(id(arrival), untouched(arrival)) for arrival in people]

    def _jobs(
        self, people: Sequence[Arrival], is_cancelled: Callable[[], bool]
    ) -> Iterator[tuple[Arrival, Sequence[PhotoSource], set[str]]]:
        """Yield the people with their photo files, and what is known of these already."""
        for arrival in people:
            if is_cancelled():
                return
            known = {
                sha256
                for person in self._who(arrival)
                for sha256 in self._templates.photo_hashes(person.person_id)
            }
            yield arrival, [photo.source for _, photo in arrival.photos if photo.source is not None], known

    def _who(self, arrival: Arrival) -> Sequence[Person]:
        """Return the enrolled people whom the arrival may be, by staff number or by name."""
        if arrival.step is ImportStep.ADD and arrival.person is not None:
            return [arrival.person]
        if arrival.step is ImportStep.COMPARE:
            return who_may_be(arrival, self._people.by_name(arrival.name))
        return []

    def _admit(
        self,
        actor: Actor,
        arrival: Arrival,
        looks: Sequence[Look],
        terms: AdmissionTerms,
        consenting: set[str],
    ) -> AdmissionResult:
        try:
            person = self._meant(arrival, looks, terms.if_named)
        except _NotClearError as exc:
            return refused(arrival, exc.problem)
        known = set() if person is None else self._templates.photo_hashes(person.person_id)
        new = {look.sha256: look.review for look in looks if look.review and look.sha256 not in known}
        reviews = [review for review in new.values() if review is not None]
        chosen = choice(self._enrolment, reviews, None if person is None else person.person_id, len(known))
        photos = photo_results(arrival, looks, new, chosen)
        left_out = tuple(replace(photo, is_taken=False) for photo in photos)
        consent = _consent_of(arrival, terms)
        try:
            if person is None:
                detail = self._enrol(actor, arrival, chosen, consent, terms.if_double)
                return AdmissionResult(arrival, EnrolmentOutcome.ENROLLED, photos, detail=detail)
            needed = None if person.person_id in consenting else consent
            return self._add(actor, arrival, person, chosen, needed, terms.if_double, photos)
        except DoubleFound as exc:
            # An import that is done again must not enrol whom it refused at first.
            hashes = [review.sha256 for review in chosen.taken]
            self._enrolment.doubles.refuse(hashes, exc.likenesses)
            detail = _likeness(exc.likenesses[0])
            return AdmissionResult(arrival, EnrolmentOutcome.REFUSED, left_out, ImportProblem.DOUBLE, detail)
        except ConsentError as exc:
            return AdmissionResult(
                arrival, EnrolmentOutcome.REFUSED, left_out, ImportProblem.NO_CONSENT, exc.text
            )
        except EnrolmentError as exc:
            problem = ImportProblem.NOT_STORED if chosen.taken else ImportProblem.NO_GOOD_PHOTO
            return AdmissionResult(
                arrival, EnrolmentOutcome.REFUSED, left_out, problem, exc.message_text if chosen.taken else ""
            )

    def _meant(self, arrival: Arrival, looks: Sequence[Look], if_named: IfNamed) -> Person | None:
        """Return the enrolled person whom the arrival is, None for somebody new."""
        if arrival.step is not ImportStep.COMPARE:
            return arrival.person if arrival.step is ImportStep.ADD else None
        namesakes = self._who(arrival)
        seen = {look.sha256 for look in looks}
        same = [person for person in namesakes if self._templates.photo_hashes(person.person_id) & seen]
        if len(same) == 1 or (len(namesakes) == 1 and not seen):
            # Without a photo there is nothing that could be given to the wrong person.
            return (same or namesakes)[0]
        if if_named is IfNamed.NEW or not namesakes:
            return None
        if len(namesakes) > 1:
            raise _NotClearError(ImportProblem.SEVERAL_OF_NAME)
        if if_named is IfNamed.ADD:
            return namesakes[0]
        raise _NotClearError(ImportProblem.NAME_ENROLLED)

    def _enrol(
        self,
        actor: Actor,
        arrival: Arrival,
        chosen: Choice,
        consent: NewConsent | CarriedConsent | None,
        if_double: IfDouble,
    ) -> Text | str:
        """Enrol somebody new; return the likeness to report, "" for none, where nobody was asked."""
        is_asked = if_double is IfDouble.REFUSE
        likenesses = [] if is_asked else self._enrolment.likenesses(chosen.taken)
        alike = [likeness for likeness in likenesses if likeness.is_double]
        self._enrolment.enrol(
            actor,
            name=arrival.name,
            staff_number=arrival.staff_number,
            department=arrival.department,
            email=arrival.email,
            reviews=chosen.taken,
            consent=consent,
            different_from=() if is_asked else None,
            is_active=arrival.carried is None or arrival.carried.is_active,
            may_lack_photos=not arrival.photos,
        )
        return _likeness(alike[0]) if alike else ""

    def _add(
        self,
        actor: Actor,
        arrival: Arrival,
        person: Person,
        chosen: Choice,
        consent: NewConsent | CarriedConsent | None,
        if_double: IfDouble,
        photos: tuple[PhotoResult, ...],
    ) -> AdmissionResult:
        """Add what is new to somebody enrolled; only photos that can't be used is a refusal."""
        is_useless = any(photo.problem and photo.problem not in ADDS_NOTHING for photo in photos)
        is_sure = arrival.step is ImportStep.ADD or bool(photos)
        added, fills_in = 0, arrival.fills_in(person) if is_sure else {}
        if chosen.taken:
            asked = () if if_double is IfDouble.REFUSE else None
            added = self._enrolment.add_photos(
                actor, person.person_id, chosen.taken, consent, different_from=asked
            )
        elif is_useless and not any(photo.is_known for photo in photos):
            raise EnrolmentError("There is no photo that can be enrolled.")
        if fills_in:
            texts = {"department": person.department, "email": person.email} | fills_in
            number = texts.pop("staff_number", person.staff_number)
            self._directory.change(actor, person.person_id, name=person.name, staff_number=number, **texts)
        has_changed = bool(added or fills_in)
        return AdmissionResult(
            arrival, EnrolmentOutcome.ADDED if has_changed else EnrolmentOutcome.UNCHANGED, photos
        )

    def _check_consent(self, people: Sequence[Arrival], terms: AdmissionTerms) -> None:
        is_new = any(
            arrival.step in (ImportStep.NEW, ImportStep.COMPARE) and arrival.carried is None
            for arrival in people
        )
        if is_new and terms.consent is None and self._consents.is_needed:
            raise ConsentError(
                "Nobody can be enrolled without a consent.",
                "Say which text they agreed to: --consent VERSION",
            )

    def _enrolled(self) -> Enrolled:
        everybody = self._people.list(hidden=None)
        by_id = {person.person_id: person for person in everybody}
        with self.database.reader() as db:
            merged: Mapping[str, str] = merged_numbers(db)
        return Enrolled(everybody, {number: by_id[owner] for number, owner in merged.items()})


def _likeness(likeness: Likeness) -> Text:
    return Text(
        "{name}, distance {distance:.3f}", {"name": likeness.person.name, "distance": likeness.distance}
    )


def _not_stored(arrival: Arrival, why: Text) -> AdmissionResult:
    return refused(arrival, ImportProblem.NOT_STORED, why)


class _NotClearError(Exception):
    """It can't be told whether somebody of the name is meant."""

    def __init__(self, problem: ImportProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def _consent_of(arrival: Arrival, terms: AdmissionTerms) -> NewConsent | CarriedConsent | None:
    """Return the consent of somebody: one given elsewhere, else as the terms say, on the row's day."""
    if arrival.carried is not None and arrival.carried.consent is not None:
        return arrival.carried.consent
    if terms.consent is None or arrival.consent_on is None:
        return terms.consent
    return replace(terms.consent, given_on=arrival.consent_on)


def _threads() -> int:
    return max(1, min(MOST_THREADS, os.cpu_count() or 1))
