"""Opens a door for people let in: tried once, valid for a moment, never again after a restart."""

import logging
import math
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from faceaccess.codes import Direction, JournalKind, OpeningKind, Outcome, Reason
from faceaccess.door.outputs import post, publish, pulse
from faceaccess.errors import FaceAccessError, OutputError
from faceaccess.settings import Opening
from faceaccess.steady import steady_s
from faceaccess.store.access.types import DOOR, Actor
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Event

logger = logging.getLogger(__name__)

VALID_S = 3.0
"""An order is dropped when its entry is older: who it was for may have gone, somebody else stand there."""

LEAST_S = 0.1
JOIN_S = 5.0


@dataclass(frozen=True)
class _Order:
    """An entry whose door is to be opened.

    Attributes:
        expires_s: when it is too old, on the steady clock.
        valid_until: the same by the computer's clock, UTC.
    """

    event: Event
    expires_s: float
    valid_until: datetime


class DoorOutput:
    """Carries out the orders, each door's on a thread of its own: one that hangs holds up no other.

    Orders live in memory only. Only entries of live cameras that let somebody in give one:
    leaving never depends on this program.
    """

    def __init__(
        self,
        journal: Journal,
        opening: Callable[[str], Opening],
        on_error: Callable[[FaceAccessError], None] = lambda _: None,
        on_failed: Callable[[Event], None] = lambda _: None,
    ) -> None:
        """Take the parts.

        Args:
            journal: where each opening is recorded.
            opening: returns what opens a door, by the door's name.
            on_error: called from a door's thread.
            on_failed: called from a door's thread with an entry that did not open it.
        """
        self._parts = journal, opening, on_error, on_failed
        self._lock = threading.Lock()
        self._doors: dict[str, _DoorWorker] = {}
        self._is_running = False

    def start(self) -> None:
        """Begin, with nothing to do."""
        with self._lock:
            self._is_running = True

    def stop(self) -> None:
        """Stop after the openings under way; a relay is switched off at once. May be called again."""
        with self._lock:
            self._is_running = False
            doors, self._doors = list(self._doors.values()), {}
        for door in doors:
            door.begin_stop()
        for door in doors:
            door.join()

    def order(self, event: Event) -> None:
        """Open the door of an entry, if it lets somebody in. May be called from any thread."""
        entry = event.entry
        is_let_in = entry.outcome is Outcome.ACCEPTED and entry.direction is not Direction.OUT
        if not is_let_in or entry.is_recording:
            return
        with self._lock:
            if not self._is_running:
                return
            name = entry.door.casefold()
            if name not in self._doors:
                self._doors[name] = _DoorWorker(*self._parts)
            self._doors[name].put(_order_of(event))


def _order_of(event: Event) -> _Order:
    """Return an order that is valid for a moment from the entry on, or from the desk's answer to it."""
    now, late = datetime.now(UTC), timedelta()
    if event.entry.reason is not Reason.CONFIRMED:
        late = min(max(now - event.entry.at, timedelta()), timedelta(seconds=VALID_S))
    left_s = VALID_S - late.total_seconds()
    return _Order(event, steady_s() + left_s, now + timedelta(seconds=left_s))


class _DoorWorker:
    """One door's thread, and the orders that wait for it."""

    def __init__(
        self,
        journal: Journal,
        opening: Callable[[str], Opening],
        on_error: Callable[[FaceAccessError], None],
        on_failed: Callable[[Event], None],
    ) -> None:
        self._journal, self._opening = journal, opening
        self._on_error, self._on_failed = on_error, on_failed
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        # Until when a relay was on that this door's last order switched on.
        self._open_until_s = 0.0
        self._thread = threading.Thread(target=self._loop, name="door output", daemon=True)
        self._thread.start()

    def put(self, order: _Order) -> None:
        """Carry out an order after those that wait."""
        self._orders.put(order)

    def begin_stop(self) -> None:
        """Tell the thread to end, without waiting for it."""
        self._stopping.set()
        self._orders.put(None)

    def join(self) -> None:
        """Wait for the thread for a while."""
        self._thread.join(JOIN_S)

    def _loop(self) -> None:
        while (order := self._orders.get()) is not None and not self._stopping.is_set():
            try:
                self._carry_out(order)
            except Exception:  # the edge of the door's thread: the door stays shut, the thread lives
                logger.exception("a door could not be opened")
                self._on_error(OutputError("A door could not be opened.", "The log file says more."))

    def _carry_out(self, order: _Order) -> None:
        entry = order.event.entry
        try:
            opening = self._opening(entry.door)
            if opening.kind is OpeningKind.NONE:
                return
            if steady_s() > order.expires_s:
                if order.expires_s - VALID_S < self._open_until_s:
                    self._record(order, None)
                    return
                raise OutputError(
                    "{door} was not opened: it took too long.",
                    "Ask them to step back and try again.",
                    door=entry.door,
                )
            open_once(
                opening,
                entry.door,
                order_id=str(order.event.seq),
                expires_s=order.expires_s,
                valid_until=order.valid_until,
                is_stopping=self._stopping,
            )
            if opening.kind is OpeningKind.SERIAL:
                self._open_until_s = steady_s()
        except FaceAccessError as exc:
            self._record(order, exc)
            self._on_error(exc)
            self._on_failed(order.event)
        else:
            self._record(order, None)

    def _record(self, order: _Order, error: FaceAccessError | None) -> None:
        details = _result(order.event.entry.door, order.event.seq, error)
        self._journal.record(DOOR, JournalKind.DOOR_OPENING, details=details)


def _result(door: str, entry: int | None, error: FaceAccessError | None) -> dict[str, object]:
    return {
        "door": door,
        "entry": entry,
        "result": "opened" if error is None else "failed",
        "error": "" if error is None else error.message,
    }


def open_once(
    opening: Opening,
    door: str,
    *,
    order_id: str,
    expires_s: float,
    valid_until: datetime,
    is_stopping: threading.Event | None = None,
) -> None:
    """Open a door, without trying again.

    Args:
        opening: what opens it.
        door: its name.
        order_id: names the order to the receiver.
        expires_s: nothing is sent after this, on the steady clock.
        valid_until: the same, UTC, told to the receiver so that it can refuse a late message.
        is_stopping: when set, a relay is switched off at once.

    Raises:
        OutputError: it could not be opened, or nobody confirmed it in time.
    """
    if opening.kind is OpeningKind.SERIAL:
        on, off = bytes.fromhex(opening.on_hex), bytes.fromhex(opening.off_hex)
        pulse(opening.address, on, off, seconds=opening.pulse_s, is_stopping=is_stopping)
        return
    values = {"kind": "open", "id": order_id, "door": door, "valid_until": valid_until.isoformat()}
    left_s = max(LEAST_S, expires_s - steady_s())
    if opening.kind is OpeningKind.HTTP:
        post(opening.address, opening.secret, values, key=f"open-{order_id}", timeout_s=left_s)
    elif opening.kind is OpeningKind.MQTT:
        publish(opening.address, values, timeout_s=left_s, expiry_s=math.ceil(left_s))


def try_opening(journal: Journal, actor: Actor, opening: Opening, door: str) -> None:
    """Open a door once to see that it works; journal the operator, then the result.

    Raises:
        OutputError: it could not be opened, or there is nothing to open it with.
        StoreError: it could not be journalled; the door stays shut.
    """
    if opening.kind is OpeningKind.NONE:
        raise OutputError("Nothing opens {door}.", "Choose what opens it first.", door=door)
    journal.record(actor, JournalKind.DOOR_OPENING, details={"door": door, "entry": None, "result": "tried"})
    until = datetime.now(UTC) + timedelta(seconds=VALID_S)
    error: OutputError | None = None
    try:
        open_once(opening, door, order_id="test", expires_s=steady_s() + VALID_S, valid_until=until)
    except OutputError as exc:
        error = exc
        raise
    finally:
        journal.record(actor, JournalKind.DOOR_OPENING, details=_result(door, None, error))
