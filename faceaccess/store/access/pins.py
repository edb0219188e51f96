"""The PINs of people who can't or won't use their face, and the failed tries of each."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from faceaccess.codes import Right
from faceaccess.errors import EnrolmentError
from faceaccess.steady import Uptime, uptime
from faceaccess.store.access.failures import FailureCounts, Failures
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.people.names import fold
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.types import DeskPinHash

LEAST_DIGITS, MOST_DIGITS = 4, 12

_COMMON = frozenset(
    "1004 1020 1357 1379 1397 1470 1472 1478 1590 2468 2580 3570 3690 3971 7139 7410 7531 8642 9510 9630 "  # noqa: SIM905
    "0741 0852 0963 102030 100200 123654 147258 147852 159357 159753 258369 369258 741852 963852 "
    "147258369".split()
)
"""Ways over the keys of a phone or a computer, and what else is chosen most."""

_DESK = "\0desk"

# Argon2id with the library's parameters: the second recommended option of RFC 9106, section 4.
_HASHER = PasswordHasher()


def clean_pin(pin: str, staff_number: str | None = None) -> str:
    """Return a PIN in the form that is stored.

    Raises:
        EnrolmentError: it has other characters than digits, is too short or long, or is the
            first that anybody would try.
    """
    text = pin.strip()
    if not (text.isascii() and text.isdigit() and LEAST_DIGITS <= len(text) <= MOST_DIGITS):
        raise EnrolmentError(
            "A PIN has {least_digits} to {most_digits} digits.",
            least_digits=LEAST_DIGITS,
            most_digits=MOST_DIGITS,
        )
    if _is_pattern(text) or _is_year(text) or text.lstrip("0") == _digits_of(staff_number):
        raise EnrolmentError("This PIN would be guessed first.", "Choose one without a pattern.")
    return text


def _is_pattern(pin: str) -> bool:
    """Tell whether a PIN is easy to type rather than chosen: a step, a repetition, a way over the keys.

    Source: the 20 commonest of 3.4 million four-digit PINs, 27 % of all, are of these kinds or years but for
    1004 and 6969 (Berry, "PIN analysis", DataGenetics, 2012); 6969 has two digits.
    """
    steps = {int(b) - int(a) for a, b in zip(pin, pin[1:], strict=False)}
    half, is_even = len(pin) // 2, len(pin) % 2 == 0
    is_repeated = is_even and pin[:half] in (pin[half:], pin[half:][::-1])
    is_paired = is_even and all(a == b for a, b in zip(pin[::2], pin[1::2], strict=True))
    return len(steps) == 1 or len(set(pin)) <= 2 or is_repeated or is_paired or pin in _COMMON


def _is_year(pin: str) -> bool:
    """Tell whether a PIN is somebody's year of birth, or another year that is remembered."""
    return len(pin) == 4 and 1900 <= int(pin) < 2050


def _digits_of(staff_number: str | None) -> str:
    return "".join(letter for letter in staff_number or "" if letter.isdigit()).lstrip("0")


class Pins:
    """Reads and changes PINs. Setting and checking one is slow on purpose: not on the GUI's thread."""

    def __init__(self, database: Database, uptime: Callable[[], Uptime | None] = uptime) -> None:
        self._database = database
        self._failures = FailureCounts(database, uptime)

    def set(self, person_id: str, pin: str) -> None:
        """Give a person a PIN, in place of one there may be; `clean_pin` comes first."""
        digest = _HASHER.hash(pin)
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO pins (person_id, hash) VALUES (?, ?)"
                " ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash",
                [person_id, digest],
            )

    def remove(self, person_id: str) -> bool:
        """Take a person's PIN away; tell whether there was one."""
        with self._database.transaction() as db:
            return bool(db.execute("DELETE FROM pins WHERE person_id = ?", [person_id]).rowcount)

    def owner(self, staff_number: str, pin: str) -> str | None:
        """Return the id of the person with this staff number and PIN; None when they don't fit.

        A staff number that nobody has takes as long as a wrong PIN. Who shares a number since an older
        program has to type it as it is written.
        """
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT p.person_id, n.hash FROM people p JOIN pins n USING (person_id)"
                " WHERE (p.number_key = ? OR (p.number_key IS NULL AND p.staff_number = ?))"
                " AND p.hidden_at IS NULL AND p.merged_into IS NULL",
                [fold(staff_number), staff_number.strip()],
            ).fetchall()
        for person_id, digest in rows or [(None, _nobodys_hash())]:
            try:
                _HASHER.verify(digest, pin.strip())
            except VerifyMismatchError:
                continue
            return None if person_id is None else str(person_id)
        return None

    def failures(self, staff_number: str, door: str, now: datetime) -> Failures:
        """Return the failed tries in a row of a staff number at a door.

        Args:
            staff_number: as typed.
            door: where.
            now: UTC.
        """
        return self._failures.of(_scope(staff_number), door, now)

    def failed(self, staff_number: str, door: str, now: datetime) -> datetime | None:
        """Count a failure; return the time until which the staff number waits at this door, None: no wait."""
        return self._failures.add(_scope(staff_number), door, now)

    def succeeded(self, staff_number: str, door: str) -> None:
        """Forget the failures of a staff number at a door."""
        self._failures.forget(_scope(staff_number), door)


class DeskPin:
    """The PIN that ends the kiosk, until operators have passwords. Slow on purpose."""

    def __init__(self, policies: Policies, pins: Pins) -> None:
        self.database, self._policies, self._pins = policies.database, policies, pins

    @property
    def is_set(self) -> bool:
        """Whether there is one."""
        return bool(self._policies.read(DeskPinHash).secret)

    @needs(Right.SET_POLICY)
    def set(self, actor: Actor, pin: str) -> None:
        """Set it; journalled, without the PIN.

        Raises:
            EnrolmentError: it would be guessed.
        """
        self._policies.set(actor, DeskPinHash(_HASHER.hash(clean_pin(pin))))

    def check(self, pin: str, now: datetime) -> bool:
        """Tell whether a PIN is the desk's; after failures it is not for a while, whatever was typed.

        Args:
            pin: as typed; while none is set, anything is right.
            now: UTC.
        """
        digest = self._policies.read(DeskPinHash).secret
        if not digest:
            return True
        if self._pins.failures(_DESK, _DESK, now).waits_s(now):
            return False
        try:
            _HASHER.verify(digest, pin.strip())
        except VerifyMismatchError:
            self._pins.failed(_DESK, _DESK, now)
            return False
        self._pins.succeeded(_DESK, _DESK)
        return True


def _scope(staff_number: str) -> str:
    """Return a stand-in for a staff number that was typed: it may be something else, even a PIN."""
    return hashlib.sha256(fold(staff_number).encode()).hexdigest()


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("nobody has this PIN")
