"""Slow calls off the GUI thread; their results come back on it."""

import itertools
import logging
import sys
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from functools import cache

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from faceaccess.errors import FaceAccessError
from faceaccess.gui.wording.noop import translate

logger = logging.getLogger(__name__)

_REPORT_EVERY_S = 0.05


class Lane(Enum):
    """The worker that does a job; each has one thread, so a long job never holds up a short one.

    SHORT reads for the screen, LONG exports and downloads, DOOR opens and closes cameras,
    FACES looks at photos, AWAY waits for another computer to answer.
    """

    SHORT = "short"
    LONG = "long"
    DOOR = "door"
    FACES = "faces"
    AWAY = "away"


_workers: dict[Lane, ThreadPoolExecutor] = {}
_running: "weakref.WeakSet[Progress]" = weakref.WeakSet()


class Progress(QObject):
    """The progress of a long job, and whether it should stop.

    `report` and `is_cancelled` are what the job receives; both are called from its thread.
    """

    progressed = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._cancelled = threading.Event()
        self._reported_at = 0.0
        _running.add(self)

    def report(self, done: int, total: int) -> None:
        """Pass on how much is done, at most 20 times a second. Called from the worker."""
        now = time.monotonic()
        if done < total and now - self._reported_at < _REPORT_EVERY_S:
            return
        self._reported_at = now
        # Qt's int has 32 bits: a model of several GB is reported in per mille.
        scale = 1000 / total if total > 2**31 - 1 else 1
        self.progressed.emit(int(done * scale), int(total * scale))

    def is_cancelled(self) -> bool:
        """Return whether the operator asked to stop. Called from the worker."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the job to stop at its next opportunity."""
        self._cancelled.set()


@dataclass(slots=True)
class _Job:
    """A call, the receiver of its outcome, and the outcome. Only the GUI thread lets go of it."""

    func: Callable[[], object]
    on_done: Callable[..., None]
    on_error: Callable[[FaceAccessError], None]
    parent: QObject
    result: object = None
    error: Exception | None = None

    def work(self) -> None:
        """Make the call. Called from a worker."""
        try:
            self.result = self.func()
        except FaceAccessError as error:
            logger.info("A background job failed: %s", type(error).__name__)
            self.error = error
        except Exception as error:
            logger.error("A background job met a bug", exc_info=error)
            self.error = error

    def deliver(self) -> None:
        """Hand the outcome over, unless the page that asked for it is gone."""
        # The traceback leads back to this job; whoever keeps the error must not keep the page with it.
        error, self.error = self.error, None
        if not isValid(self.parent):
            return
        if error is None:
            self.on_done(self.result)
        elif isinstance(error, FaceAccessError):
            self.on_error(error)
        else:
            message = translate("Background", "Something went wrong that FaceAccess did not expect.")
            self.on_error(FaceAccessError(message, translate("Background", "The log file has the details.")))
            sys.excepthook(type(error), error, error.__traceback__)


class _Mailbox(QObject):
    """Carries the number of a finished job across to the GUI thread."""

    settled = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.settled.connect(self._deliver)

    def _deliver(self, number: int) -> None:
        job = _jobs.pop(number, None)
        if job is not None:
            job.deliver()


# What a job holds (widgets in its callbacks, frames in its traceback) must be let go of on the GUI
# thread: a widget that a worker deletes takes the program with it. So a worker receives a number, and
# every reference of its own is gone before it sends the number back.
_jobs: dict[int, _Job] = {}
_numbers = itertools.count()


@cache
def _mailbox() -> _Mailbox:
    return _Mailbox()


def _work(number: int, mailbox: _Mailbox) -> None:
    _jobs[number].work()
    if isValid(mailbox):
        mailbox.settled.emit(number)


def run_in_background(
    func: Callable[[], object],
    on_done: Callable[..., None],
    on_error: Callable[[FaceAccessError], None],
    parent: QObject,
    *,
    lane: Lane = Lane.SHORT,
) -> None:
    """Call `func` on a worker, then `on_done(result)` or `on_error(error)` on the GUI thread.

    Args:
        func: takes nothing; touches no widget.
        on_done: receives what `func` returned.
        on_error: receives the failure; a bug is also passed to `sys.excepthook`.
        parent: when it has been destroyed meanwhile, the result is dropped.
        lane: the worker; jobs of a lane run one after the other.
    """
    number = next(_numbers)
    _jobs[number] = _Job(func, on_done, on_error, parent)
    worker = _workers.get(lane)
    if worker is None:
        worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"background-{lane.value}")
        _workers[lane] = worker
    worker.submit(_work, number, _mailbox())


def shutdown() -> None:
    """Cancel the jobs that can be cancelled, drop those not begun and wait for the rest."""
    for progress in list(_running):
        progress.cancel()
    for worker in list(_workers.values()):
        worker.shutdown(wait=True, cancel_futures=True)
    _workers.clear()
    _jobs.clear()
