"""Telling the desk that several people in a short time were suspected to be pictures at a door."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from faceaccess.codes import JournalKind, Outcome
from faceaccess.store.access.types import DOOR
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Event, EventFilter

TOLD_AFTER, WITHIN = 3, timedelta(minutes=10)
"""So many suspected entries at a door in so long, and the desk is told; and then not again for as long."""


@dataclass(frozen=True)
class Suspicions:
    """Suspected entries at a door, of late.

    Attributes:
        door: its name.
        seqs: the entries, newest first.
    """

    door: str
    seqs: tuple[int, ...]


class SuspicionWatch:
    """Counts the suspected entries at each door. Called from the threads of doors, an entry at a time."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._told: dict[str, datetime] = {}

    def observe(self, event: Event) -> Suspicions | None:
        """Return what the desk is to be told after an entry; None where there is nothing new.

        Args:
            event: an entry that has been journalled.

        Raises:
            StoreError: that it is told could not be journalled.
        """
        entry = event.entry
        if entry.outcome is not Outcome.SUSPECTED or entry.is_recording:
            return None
        door = entry.door.casefold()
        told = self._told.get(door)
        if told is not None and timedelta(0) <= entry.at - told < WITHIN:
            return None
        event_filter = EventFilter(
            since=entry.at - WITHIN, until=entry.at + WITHIN, outcomes=(Outcome.SUSPECTED,), door=entry.door
        )
        recent = self._journal.events.newest(event_filter, limit=2 * TOLD_AFTER)
        seqs = tuple(event.seq for event in recent if not event.entry.is_recording)
        if len(seqs) < TOLD_AFTER:
            return None
        self._told[door] = entry.at
        self._journal.record(
            DOOR, JournalKind.OFTEN_SUSPECTED, details={"door": entry.door, "entries": sorted(seqs)}
        )
        return Suspicions(entry.door, seqs)
