"""The missing-punch resolver: what the log has of a person at about the time that is missing."""

from dataclasses import dataclass
from datetime import datetime

from faceaccess.attendance.corrections import Corrections
from faceaccess.attendance.stays import Gap
from faceaccess.codes import Right
from faceaccess.errors import AttendanceError
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.punches import Punches
from faceaccess.store.journal.types import Event


@dataclass(frozen=True)
class NearMiss:
    """A refused entry that may have been the person.

    Attributes:
        event: the entry; its crop is the journal's of `event.seq`.
        distance: of the person; None where it wasn't measured.
        off_s: how far from the expected time; None where no time was expected.
    """

    event: Event
    distance: float | None
    off_s: float | None


class MissingPunches:
    """Finds near misses for a gap, and turns the one an operator accepts into an entry."""

    def __init__(self, database: Database, journal: Journal, corrections: Corrections) -> None:
        self.database = database
        self._journal, self._corrections = journal, corrections
        self._punches = Punches(database)

    def near_misses(self, gap: Gap) -> list[NearMiss]:
        """Return refused entries within a gap in which the person was nearest or second, likest first."""
        seqs = self._punches.near_misses(gap.since, gap.until, gap.person_id)
        events = (self._journal.events.get(seq) for seq in seqs)
        misses = [_near_miss(event, gap) for event in events if event is not None]
        return sorted(misses, key=_by_likeness)

    @needs(Right.CORRECT)
    def accept(self, actor: Actor, gap: Gap, seq: int, *, why: str, now: datetime) -> Event:
        """Fill a gap by a manual entry that names a near miss as its evidence; return it.

        Args:
            actor: who accepts it.
            gap: the missing way in or out.
            seq: the near miss.
            why: in free words, required.
            now: UTC.

        Raises:
            AttendanceError: it is no near miss of this gap (any longer), or no reason is given.
            EnrolmentError: the person has been deleted.
        """
        with self.database.transaction():
            chosen = [miss for miss in self.near_misses(gap) if miss.event.seq == seq]
            if not chosen:
                raise AttendanceError(
                    "Entry {seq} doesn't show this person at that time.",
                    "Choose another, or enter the time.",
                    seq=seq,
                )
            return self._corrections.add(
                actor,
                gap.person_id,
                at=chosen[0].event.entry.at,
                direction=gap.direction,
                why=why,
                now=now,
                door=chosen[0].event.entry.door,
                evidence=seq,
            )


def _near_miss(event: Event, gap: Gap) -> NearMiss:
    entry = event.entry
    is_nearest = gap.person_id in (entry.nearest_id, entry.person_id)
    off_s = None if gap.expected_at is None else (entry.at - gap.expected_at).total_seconds()
    return NearMiss(event, entry.distance if is_nearest else entry.runner_up_distance, off_s)


def _by_likeness(miss: NearMiss) -> tuple[bool, float, float]:
    return miss.distance is None, miss.distance or 0.0, abs(miss.off_s or 0.0)
