"""Correcting the log openly: a new row that names the old one, who, when and why; nothing is edited."""

from dataclasses import dataclass, replace
from datetime import datetime

from faceaccess.attendance.typed_times import check_entry_time
from faceaccess.codes import Direction, Method, Outcome, Reason, Right
from faceaccess.errors import AttendanceError
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.clock import local_zone
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.punches import Punches
from faceaccess.store.journal.types import Entry, Event
from faceaccess.store.people.names import clean_note
from faceaccess.store.people.people import People


@dataclass(frozen=True)
class EntryHistory:
    """The operators who made an entry by hand and took it back.

    Attributes:
        entered_by: the operator who made it by hand; "" for one that a door made.
        entered_at: UTC; None likewise.
        in_place_of: position of the entry that it stands for.
        taken_back_by: the operator who took it back; "" where nobody did.
        taken_back_at: UTC.
        why_taken_back: the reason, of the entry in its place where that has it; "" without one.
        replaced_by: position of the entry that stands for it.
    """

    entered_by: str = ""
    entered_at: datetime | None = None
    in_place_of: int | None = None
    taken_back_by: str = ""
    taken_back_at: datetime | None = None
    why_taken_back: str = ""
    replaced_by: int | None = None


class Corrections:
    """Voids entries and makes manual ones. A closed month takes corrections too, and shows them as such."""

    def __init__(self, database: Database, people: People, journal: Journal) -> None:
        self.database = database
        self._people, self._journal = people, journal
        self._punches = Punches(database)

    @needs(Right.CORRECT)
    def void(self, actor: Actor, seq: int, *, why: str) -> Event:
        """Take an entry back; it stays in the log, struck through. Return it as it is now.

        Args:
            actor: who does it.
            seq: the entry.
            why: in free words, required.

        Raises:
            AttendanceError: without a reason.
            StoreError: there is no such entry, or it is voided already.
        """
        note = _reason(why)
        with self.database.transaction():
            self._journal.void(actor, seq, note=note)
            return self._entry(seq)

    @needs(Right.CORRECT)
    def add(
        self,
        actor: Actor,
        person_id: str,
        *,
        at: datetime,
        direction: Direction,
        why: str,
        now: datetime,
        door: str = "",
        evidence: int | None = None,
    ) -> Event:
        """Make an entry that the door did not; return it.

        Args:
            actor: who makes it.
            person_id: whose entry.
            at: UTC time that it is about.
            direction: which way.
            why: in free words, required.
            now: UTC.
            door: where; may be empty.
            evidence: position of the refused entry that shows the person.

        Raises:
            AttendanceError: a time in the future or long ago, no reason, or evidence that is no entry.
            EnrolmentError: nobody has this id.
        """
        entry = self._manual(person_id, at, direction, door, now)
        with self.database.transaction():
            self._people.get(person_id)
            if evidence is not None:
                self._entry(evidence)
            entry = replace(entry, evidence=evidence)
            return self._journal.append(entry, None, actor, note=_reason(why))

    @needs(Right.CORRECT)
    def identify(self, actor: Actor, seq: int, person_id: str, *, why: str, now: datetime) -> Event:
        """Enter somebody whom the door refused, at that moment and door; return the manual entry.

        The refused entry stays as it is: the manual one names it as its evidence.

        Args:
            actor: who has recognised the person.
            seq: the refused entry.
            person_id: the person it shows.
            why: in free words, required.
            now: UTC.

        Raises:
            AttendanceError: no reason, there is no such entry, it names somebody already, doesn't count or
                was taken back, or another manual entry relies on it.
            EnrolmentError: nobody has this id.
        """
        with self.database.transaction():
            event = self._entry(seq)
            self._require_open(event)
            return self.add(
                actor,
                person_id,
                at=event.entry.at,
                direction=event.entry.direction,
                why=why,
                now=now,
                door=event.entry.door,
                evidence=seq,
            )

    def naming(self, event: Event) -> Event | None:
        """Return the manual entry that says whom a refused one shows, and counts; None where none does."""
        seq = self._punches.relying_on(event.seq, event.entry.at)
        return None if seq is None else self._entry(seq)

    def history(self, event: Event) -> EntryHistory:
        """Return the operators who made an entry by hand and took it back, and the reason."""
        rows, entry, history = self._journal.rows, event.entry, EntryHistory()
        if entry.method is Method.MANUAL and (row := rows.get(event.seq)) is not None:
            history = EntryHistory(row.actor, entry.entered_at or row.at, entry.corrects)
        if event.voided_by is None or (void := rows.get(event.voided_by)) is None:
            return history
        later = void.details.get("replaced_by")
        replaced_by = later if isinstance(later, int) else None
        why = rows.note(void.seq) or (rows.note(replaced_by) if replaced_by is not None else None)
        return replace(
            history,
            taken_back_by=void.actor,
            taken_back_at=void.at,
            why_taken_back=why or "",
            replaced_by=replaced_by,
        )

    def _require_open(self, event: Event) -> None:
        """Check that nobody has said yet whom a refused entry shows."""
        entry = event.entry
        if entry.outcome in (Outcome.ACCEPTED, Outcome.DENIED):
            raise AttendanceError(
                "Entry {seq} names somebody already.", "Correct it, or take it back.", seq=event.seq
            )
        if entry.is_recording or event.voided_by is not None:
            raise AttendanceError("Entry {seq} doesn't count.", "Choose another.", seq=event.seq)
        by = self._punches.relying_on(event.seq, entry.at)
        if by is not None:
            raise AttendanceError(
                "Entry {by} says already whom entry {seq} shows.",
                "Take that one back first.",
                by=by,
                seq=event.seq,
            )

    @needs(Right.CORRECT)
    def replace(
        self,
        actor: Actor,
        seq: int,
        *,
        why: str,
        now: datetime,
        at: datetime | None = None,
        direction: Direction | None = None,
        person_id: str | None = None,
    ) -> Event:
        """Void an entry and make a manual one in its place, both or neither; return the new one.

        Args:
            actor: who corrects.
            seq: the entry that is wrong.
            why: in free words, required.
            now: UTC.
            at: the right time; None keeps it.
            direction: the right way; None keeps it.
            person_id: the right person; None keeps the person.

        Raises:
            AttendanceError: a time in the future or long ago, no reason, or nobody is named.
            EnrolmentError: nobody has this id.
            StoreError: there is no such entry, or it is voided already.
        """
        with self.database.transaction():
            old = self._entry(seq).entry
            is_sure = old.outcome in (Outcome.ACCEPTED, Outcome.DENIED)
            whose = person_id or (old.person_id if is_sure else None)
            if whose is None:
                raise AttendanceError("Entry {seq} names nobody.", "Say whose entry it should be.", seq=seq)
            self._people.get(whose)
            manual = self._manual(whose, at or old.at, direction or old.direction, old.door, now)
            # What a naming relies on stays its evidence: else the refused entry would be nobody's again.
            manual = replace(manual, corrects=seq, evidence=old.evidence)
            event = self._journal.append(manual, None, actor, note=_reason(why))
            self._journal.void(actor, seq, replaced_by=event.seq)
            return event

    def _entry(self, seq: int) -> Event:
        event = self._journal.events.get(seq)
        if event is None:
            raise AttendanceError("There is no entry {seq}.", "See: faceaccess log", seq=seq)
        return event

    @staticmethod
    def _manual(person_id: str, at: datetime, direction: Direction, door: str, now: datetime) -> Entry:
        check_entry_time(at, now=now)
        return Entry(
            at=at,
            zone=local_zone(),
            outcome=Outcome.ACCEPTED,
            reason=Reason.ENTERED_BY_HAND,
            person_id=person_id,
            distance=None,
            runner_up_id=None,
            runner_up_distance=None,
            threshold=0.0,
            margin=0.0,
            model_id="",
            device="",
            quality=0.0,
            camera="",
            door=door,
            direction=direction,
            method=Method.MANUAL,
            entered_at=now,
        )


def _reason(why: str) -> str:
    note = clean_note(why)
    if not note:
        raise AttendanceError("A correction needs a reason.", "Say why in a few words.")
    return note
