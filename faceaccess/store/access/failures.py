"""Failed tries of passwords and PINs, and the wait that follows, longer each time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from faceaccess.steady import Uptime
from faceaccess.store import clock
from faceaccess.store.file.database import Database

FREE_FAILURES = 5
WAITS_S = (30.0, 60.0, 300.0, 900.0, 3600.0)
"""After so many failures in a row, each further one makes one wait longer."""

LONGEST_WAIT = timedelta(seconds=WAITS_S[-1])


@dataclass(frozen=True)
class Failures:
    """Failures in a row.

    Attributes:
        count: how many.
        blocked_until: UTC, by the clock that was asked with; None: it may be tried at once.
    """

    count: int = 0
    blocked_until: datetime | None = None

    def waits_s(self, now: datetime) -> float:
        """Return the seconds for which nothing is tried, whatever is typed; 0 for no wait."""
        return 0.0 if self.blocked_until is None else max(0.0, (self.blocked_until - now).total_seconds())


class FailureCounts:
    """Counts failures by what was tried and where.

    A wait ends by the machine's own clock while it runs on, so that a program that is shown another time
    waits as long; after a restart of the machine it ends by the wall clock. A program that is shown another
    uptime (a Linux time namespace) doesn't wait; what it leaves makes others wait `LONGEST_WAIT` at most.
    """

    def __init__(self, database: Database, uptime: Callable[[], Uptime | None]) -> None:
        """Take the database, and a function for how long the machine has been running."""
        self._database, self._uptime = database, uptime

    def of(self, key: str, place: str, now: datetime) -> Failures:
        """Return the failures of a key at a place.

        Args:
            key: the stand-in for a name or a staff number.
            place: where it was tried.
            now: UTC; a wait that a wrong clock set is made to end `LONGEST_WAIT` from now.
        """
        with self._database.reader() as db:
            row = db.execute(
                "SELECT failures, blocked_until, boot, blocked_until_s FROM failures"
                " WHERE key = ? AND place = ?",
                [key, place],
            ).fetchone()
        if row is None or row[1] is None:
            return Failures() if row is None else Failures(row[0])
        until, longest = clock.from_text(row[1]), now + LONGEST_WAIT
        present = self._uptime()
        if present is not None and present.boot == row[2]:
            until = now + timedelta(seconds=row[3] - present.seconds)
        if until > longest:
            until = longest
            self._keep(key, place, Failures(row[0], until), now)
        return Failures(row[0], until)

    def add(self, key: str, place: str, now: datetime) -> datetime | None:
        """Count a failure; return the time until which the key waits at this place, None for no wait."""
        with self._database.transaction():
            count = self.of(key, place, now).count + 1
            wait_s = WAITS_S[min(count - FREE_FAILURES, len(WAITS_S) - 1)] if count >= FREE_FAILURES else None
            until = None if wait_s is None else now + timedelta(seconds=wait_s)
            self._keep(key, place, Failures(count, until), now)
        return until

    def forget(self, key: str, place: str) -> None:
        """Forget the failures of a key at a place."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM failures WHERE key = ? AND place = ?", [key, place])

    def _keep(self, key: str, place: str, failures: Failures, now: datetime) -> None:
        until = failures.blocked_until
        present = None if until is None else self._uptime()
        values = {
            "key": key,
            "place": place,
            "failures": failures.count,
            "blocked_until": None if until is None else clock.to_text(until),
            "boot": None if present is None else present.boot,
            "blocked_until_s": None if present is None else present.seconds + failures.waits_s(now),
        }
        with self._database.transaction() as db:
            db.table("failures").upsert(values, pk=("key", "place"))
