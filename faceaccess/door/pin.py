"""Staff numbers and PINs at a door, with a growing wait after wrong guesses."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from faceaccess.codes import Method, Outcome, Reason
from faceaccess.store.access.pins import Pins
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.people.people import People

DOOR_TRIES, DOOR_WITHIN = 10, timedelta(minutes=10)
ALL_TRIES, ALL_WITHIN = 20, timedelta(hours=1)
"""So many PINs tried in vain within so long, at a door and at all of them, and no PIN is taken for a while,
whoever's. Who tries a PIN of each of many people is told by nothing else: 160 tries of 40 people found 7."""


@dataclass(frozen=True)
class PinAnswer:
    """The answer to a staff number and PIN.

    Attributes:
        person_id: whose it is, for ACCEPTED and DENIED.
        blocked_until: UTC; when it may be tried again, or None.
        is_entry: False for a try during a wait: the failure that began it stands in the log.
    """

    outcome: Outcome
    reason: Reason
    person_id: str | None = None
    blocked_until: datetime | None = None
    is_entry: bool = True


class PinCheck:
    """Checks PINs. Slow on purpose: call it on a thread of its own, never the inference thread."""

    def __init__(self, pins: Pins, people: People, journal: Journal) -> None:
        self._pins, self._people, self._journal = pins, people, journal
        self._checking = threading.Lock()

    def check(self, staff_number: str, pin: str, *, door: str, now: datetime) -> PinAnswer:
        """Check a staff number and PIN, with a growing wait after wrong guesses.

        Args:
            staff_number: as typed.
            pin: as typed.
            door: the door it is tried at; other doors have counts of their own.
            now: UTC.

        Raises:
            StoreError: a failure can't be counted: nobody may pass then.
        """
        with self._checking:
            return self._check(staff_number, pin, door, now)

    def _check(self, staff_number: str, pin: str, door: str, now: datetime) -> PinAnswer:
        tried = self._pins.failures(staff_number, door, now)
        waits = (tried.blocked_until, self._crowded_until(door, now), self._crowded_until(None, now))
        blocked_until = max((until for until in waits if until is not None), default=None)
        if blocked_until is not None and now < blocked_until:
            return PinAnswer(Outcome.UNKNOWN, Reason.PIN_BLOCKED, blocked_until=blocked_until, is_entry=False)
        person_id = self._pins.owner(staff_number, pin)
        if person_id is None:
            return self._refuse(staff_number, door, now)
        self._pins.succeeded(staff_number, door)
        if not self._people.get(person_id).is_active:
            return PinAnswer(Outcome.DENIED, Reason.INACTIVE, person_id)
        return PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, person_id)

    def _crowded_until(self, door: str | None, now: datetime) -> datetime | None:
        """Return the time until which no PIN is taken, after many failed tries of late; None at once.

        Args:
            door: where; None: at all doors together.
            now: UTC.
        """
        tries, within = (ALL_TRIES, ALL_WITHIN) if door is None else (DOOR_TRIES, DOOR_WITHIN)
        event_filter = EventFilter(
            since=now - within,
            until=now + within,
            method=Method.PIN,
            outcomes=(Outcome.UNKNOWN,),
            door=door,
        )
        # The newest first. What a wrong clock dated far ahead doesn't count.
        recent = self._journal.events.newest(event_filter, limit=tries)
        return recent[-1].entry.at + within if len(recent) == tries else None

    def _refuse(self, staff_number: str, door: str, now: datetime) -> PinAnswer:
        until = self._pins.failed(staff_number, door, now)
        reason = Reason.PIN_WRONG if until is None else Reason.PIN_BLOCKED
        return PinAnswer(Outcome.UNKNOWN, reason, blocked_until=until)
