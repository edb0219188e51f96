"""Consents to face recognition: recording them, their texts, and those that are due."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from faceaccess.codes import ConsentDue, JournalKind, Right
from faceaccess.errors import ConsentError
from faceaccess.settings import ConsentSettings, RetentionSettings
from faceaccess.store.access.roles import has_operators, needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.consent_texts import LEARNING_LINES, covers_learning
from faceaccess.store.people.consents import Consents, check_dates
from faceaccess.store.people.people import People, labels
from faceaccess.store.people.types import Consent, ConsentText, DueConsent, HeldWithdrawal, NewConsent, Person
from faceaccess.store.policy.policies import Policies

GREATEST_SIGNATURE_BYTES = 200_000


@dataclass(frozen=True)
class CarriedConsent:
    """A consent given elsewhere, with its text; the version in `consent` says nothing."""

    language: str
    text: str
    consent: NewConsent


class ConsentOffice:
    """The use cases of consent. The journal has versions and days, never a signature.

    Thirteen public methods, because what is asked of consents at enrolment is told by the same rules as what
    is shown at the desk.
    """

    def __init__(
        self,
        database: Database,
        *,
        consents: Consents,
        people: People,
        policies: Policies,
        journal: Journal,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.database = database
        self._consents, self._people = consents, people
        self._policies, self._journal, self._today = policies, journal, today

    @property
    def is_needed(self) -> bool:
        """Whether enrolling needs a consent, as it does in a folder that has operators."""
        return has_operators(self.database)

    def texts(self) -> list[ConsentText]:
        """Return all texts, newest first."""
        return self._consents.texts.all()

    def current_texts(self) -> list[ConsentText]:
        """Return the newest text of each language, those of the first version first."""
        return [text for text in reversed(self._consents.texts.all()) if text.is_current]

    @needs(Right.SET_POLICY)
    def write_text(self, actor: Actor, language: str, text: str) -> ConsentText:
        """Store the new text of a language; people who agreed to an older one are listed as due.

        Raises:
            ConsentError: the language or the text is empty.
        """
        with self.database.transaction():
            written = self._consents.texts.add(language, text)
            self._journal.record(
                actor,
                JournalKind.CONSENT_TEXT_WRITTEN,
                details={"version": written.version, "language": written.language},
            )
        return written

    @needs(Right.ENROL)
    def record(self, actor: Actor, person_id: str, new: NewConsent) -> Consent:
        """Store somebody's consent; dates left out follow the policy.

        Inside `database.transaction()` it takes part in that one.

        Raises:
            ConsentError: there is no such text, the dates can't be, or the signature is no small PNG.
            EnrolmentError: nobody has this id.
        """
        if new.signature is not None and (
            not new.signature.startswith(b"\x89PNG") or len(new.signature) > GREATEST_SIGNATURE_BYTES
        ):
            raise ConsentError("The signature is not a small PNG picture.", "Draw it again.")
        with self.database.transaction():
            self._people.get(person_id)
            check_dates(new, self._today())
            consent = self._consents.add(person_id, self._dated(new), actor.name)
            details = {
                "version": consent.version,
                "language": consent.language,
                "given_on": consent.given_on.isoformat(),
                "expires_on": consent.expires_on.isoformat() if consent.expires_on else None,
                "is_signed": consent.has_signature,
            }
            self._journal.record(actor, JournalKind.CONSENT_RECORDED, person_id=person_id, details=details)
        return consent

    @needs(Right.ENROL)
    def take_over(self, actor: Actor, person_id: str, carried: CarriedConsent) -> None:
        """Store a consent given elsewhere, inside the caller's transaction.

        Not where one is in force here, nor where the person has withdrawn one since: an old file doesn't
        take that back.
        """
        withdrawn_at = self._consents.withdrawn_at(person_id)
        is_older = withdrawn_at is not None and carried.consent.given_on <= withdrawn_at.date()
        if self.in_force(person_id) is None and not is_older:
            version = self._consents.texts.version_of(carried.language, carried.text)
            self.record(actor, person_id, replace(carried.consent, version=version))

    def require(self, person: Person) -> None:
        """Check that somebody may be given photos.

        Raises:
            ConsentError: the person has no consent in force, and one is needed: in a folder that has
                operators, and of who withdrew one everywhere.
        """
        has_withdrawn = self._consents.withdrawn_at(person.person_id) is not None
        if (self.is_needed or has_withdrawn) and self.in_force(person.person_id) is None:
            raise _missing(person)

    def require_not_withdrawn(self, person: Person) -> None:
        """Check that somebody may be given back photos that were theirs.

        Raises:
            ConsentError: the person withdrew a consent, and has none in force.
        """
        if self.has_withdrawn(person.person_id):
            raise _missing(person)

    def has_withdrawn(self, person_id: str) -> bool:
        """Tell whether a person withdrew a consent, and has none in force."""
        return self._consents.withdrawn_at(person_id) is not None and self.in_force(person_id) is None

    def newest(self, person_id: str) -> Consent | None:
        """Return a person's newest consent that was not withdrawn; it may have expired."""
        return self._consents.newest(person_id)

    def in_force(self, person_id: str) -> Consent | None:
        """Return a person's newest consent, unless it was withdrawn or has expired."""
        return self._consents.in_force(person_id, self._today())

    def consenting(self) -> set[str]:
        """Return the ids of the people who have a consent in force."""
        return self._consents.consenting(self._today())

    def due(self) -> list[DueConsent]:
        """Return the consents that need attention, by name, those withdrawn at the desk first."""
        due = self._consents.due(self._today(), self._policies.read(ConsentSettings).warn_days)
        rows = [*(self._withdrawn(held) for held in self._consents.held()), *due]
        names = labels(self.database, [row.person_id for row in rows])
        return [replace(row, name=names.get(row.person_id, row.name)) for row in rows]

    def _withdrawn(self, held: HeldWithdrawal) -> DueConsent:
        erased_at = held.at + timedelta(days=self._policies.read(RetentionSettings).deleted_days)
        row = self._journal.rows.get(held.seq)
        reason = f"{row.actor if row else ''}: {self._journal.rows.note(held.seq) or ''}"
        return DueConsent(held.person_id, "", ConsentDue.WITHDRAWN, erased_at.date(), reason)

    def _dated(self, new: NewConsent) -> NewConsent:
        policy = self._policies.read(ConsentSettings)
        return replace(
            new,
            expires_on=new.expires_on or _months_later(new.given_on, policy.valid_months),
            review_on=new.review_on or _months_later(new.given_on, policy.review_months),
        )


def with_learning_line(language: str, text: str) -> str:
    """Return a text that lets photos be learned from, with a sentence to that effect where it had none.

    In a language without such a sentence it is the English one.
    """
    if covers_learning(text):
        return text
    line = LEARNING_LINES.get(language, LEARNING_LINES["en"])
    return f"{text.rstrip()}\n\n{line}".lstrip()


def _missing(person: Person) -> ConsentError:
    return ConsentError(
        "There is no consent of {name}.",
        "Ask for one; on the command line: --consent VERSION. A PIN needs none.",
        name=person.name,
    )


def _months_later(day: date, months: int) -> date | None:
    """Return the same day of a later month, or its last one; None for no months."""
    if not months:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
