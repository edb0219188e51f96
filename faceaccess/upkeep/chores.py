"""Run what is due by itself, each chore at its time; `keeping` says which chores there are."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from faceaccess.codes import JournalKind
from faceaccess.errors import FaceAccessError
from faceaccess.store import clock
from faceaccess.store.journal.journal import Journal

logger = logging.getLogger(__name__)

TURN_S = 60.0
AGAIN_AFTER = timedelta(minutes=10)
"""A chore that failed is tried again so much later: a disk may be plugged in meanwhile."""

Chore = Callable[[datetime], None]
"""Does what is due at a UTC time, and nothing when nothing is; raises FaceAccessError."""


class Chores:
    """Does chores on a thread of its own; one that fails holds up no other."""

    def __init__(
        self,
        chores: Mapping[str, Chore],
        *,
        first: Mapping[str, Chore] | None = None,
        last: Mapping[str, Chore] | None = None,
        turn_s: float = TURN_S,
    ) -> None:
        """Take the chores by their names.

        Args:
            chores: asked again and again.
            first: done once, at the start.
            last: done once, at the end.
            turn_s: how often chores are asked, seconds.
        """
        self._chores, self._turn_s = chores, turn_s
        self._first, self._last = first or {}, last or {}
        self._on_error: Callable[[FaceAccessError], None] = lambda _: None
        self._failed: dict[str, tuple[str, datetime]] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="chores", daemon=True)

    def start(self, on_error: Callable[[FaceAccessError], None]) -> None:
        """Begin; failures are told once, from the chores' thread."""
        self._on_error = on_error
        self._thread.start()

    def stop(self) -> None:
        """End after the chore under way. May be called again."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def run(self, now: datetime) -> None:
        """Do the chores that are due. Called from the chores' thread."""
        for name, chore in self._chores.items():
            _, failed_at = self._failed.get(name, ("", None))
            if not (self._stopping.is_set() or (failed_at and failed_at <= now < failed_at + AGAIN_AFTER)):
                self._do(name, chore, now)

    def _do(self, name: str, chore: Chore, now: datetime) -> None:
        message, _ = self._failed.get(name, ("", None))
        try:
            chore(now)
            self._failed.pop(name, None)
        except FaceAccessError as exc:
            self._failed[name] = (exc.message, now)
            if exc.message != message:
                self._on_error(exc)
        except Exception:  # the edge of this thread: the other chores go on
            logger.exception("the chore %s failed", name)
            self._failed[name] = ("", now)

    def _loop(self) -> None:
        for name, chore in self._first.items():
            self._do(name, chore, clock.utc_now())
        while not self._stopping.wait(self._turn_s):
            self.run(clock.utc_now())
        for name, chore in self._last.items():
            self._do(name, chore, clock.utc_now())


def last_done(journal: Journal, kind: JournalKind) -> datetime | None:
    """Return the time of the journal's last row of a kind; None when there is none."""
    rows = journal.rows.newest([kind], limit=1)
    return rows[0].at if rows else None
