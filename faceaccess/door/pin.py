"""Who a staff number and a PIN belong to, with a growing wait for who guesses."""

from dataclasses import dataclass
from datetime import datetime

from faceaccess.codes import Outcome, Reason
from faceaccess.store.people import People
from faceaccess.store.pins import Pins, wait_until


@dataclass(frozen=True)
class PinAnswer:
    """What a PIN came to.

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

    def __init__(self, pins: Pins, people: People) -> None:
        self._pins, self._people = pins, people

    def check(self, staff_number: str, pin: str, *, door: str, now: datetime) -> PinAnswer:
        """Return who may pass.

        Args:
            staff_number: as typed.
            pin: as typed.
            door: the door it is tried at; other doors have counts of their own.
            now: UTC. A clock that is set back makes a wait longer, never shorter.

        Raises:
            StoreError: a failure can't be counted: nobody may pass then.
        """
        failures, blocked_until = self._pins.failures(staff_number, door)
        if blocked_until is not None and now < blocked_until:
            return PinAnswer(Outcome.UNKNOWN, Reason.PIN_BLOCKED, blocked_until=blocked_until, is_entry=False)
        person_id = self._pins.owner(staff_number, pin)
        if person_id is None:
            return self._refuse(staff_number, door, failures + 1, now)
        self._pins.succeeded(staff_number, door)
        if not self._people.get(person_id).is_active:
            return PinAnswer(Outcome.DENIED, Reason.INACTIVE, person_id)
        return PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, person_id)

    def _refuse(self, staff_number: str, door: str, failures: int, now: datetime) -> PinAnswer:
        until = wait_until(failures, now)
        self._pins.failed(staff_number, door, until)
        reason = Reason.PIN_WRONG if until is None else Reason.PIN_BLOCKED
        return PinAnswer(Outcome.UNKNOWN, reason, blocked_until=until)
