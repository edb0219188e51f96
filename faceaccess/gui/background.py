"""Slow calls off the GUI thread; their results come back on it."""

import logging
import sys
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from faceaccess.errors import FaceAccessError

logger = logging.getLogger(__name__)

_REPORT_EVERY_S = 0.05


class Lane(Enum):
    """Which worker does a job; each has one thread, so a long job never holds up a short one.

    SHORT reads for the screen, LONG exports and downloads, DOOR opens and closes cameras,
    FACES looks at photos.
    """

    SHORT = "short"
    LONG = "long"
    DOOR = "door"
    FACES = "faces"


_workers: dict[Lane, ThreadPoolExecutor] = {}
_pending: set["_Delivery"] = set()
_running: "weakref.WeakSet[Progress]" = weakref.WeakSet()


class Progress(QObject):
    """How far a long job is, and whether it should stop.

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


class _Delivery(QObject):
    """Carries one result across; has no QObject parent because it may outlive the page."""

    _settled = Signal(object, object)

    def __init__(
        self,
        on_done: Callable[[object], None],
        on_error: Callable[[FaceAccessError], None],
        parent: QObject,
    ) -> None:
        super().__init__()
        self._on_done, self._on_error, self._parent = on_done, on_error, parent
        self._settled.connect(self._deliver)

    def run(self, func: Callable[[], object]) -> None:
        """Do the job. Called from a worker."""
        try:
            result = func()
        except FaceAccessError as error:
            logger.info("A background job failed: %s", type(error).__name__)
            self._settle(None, error)
        except Exception as error:
            logger.error("A background job met a bug", exc_info=error)
            self._settle(None, error)
        else:
            self._settle(result, None)

    def _settle(self, result: object, error: Exception | None) -> None:
        if isValid(self):
            self._settled.emit(result, error)

    def _deliver(self, result: object, error: Exception | None) -> None:
        _pending.discard(self)
        if not isValid(self._parent):
            return
        if error is None:
            self._on_done(result)
        elif isinstance(error, FaceAccessError):
            self._on_error(error)
        else:
            message = self.tr("Something went wrong that FaceAccess did not expect.")
            self._on_error(FaceAccessError(message, self.tr("The log file has the details.")))
            sys.excepthook(type(error), error, error.__traceback__)


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
    delivery = _Delivery(on_done, on_error, parent)
    _pending.add(delivery)
    worker = _workers.get(lane)
    if worker is None:
        worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"background-{lane.value}")
        _workers[lane] = worker
    worker.submit(delivery.run, func)


def shutdown() -> None:
    """Cancel what can be cancelled, drop what has not begun and wait for the rest."""
    for progress in list(_running):
        progress.cancel()
    for worker in list(_workers.values()):
        worker.shutdown(wait=True, cancel_futures=True)
    _workers.clear()
    _pending.clear()
