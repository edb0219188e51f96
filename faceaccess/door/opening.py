"""Opens a door for who is let in: tried once, valid for a moment, never again after a restart."""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from faceaccess.codes import Direction, JournalKind, OpeningKind, Outcome
from faceaccess.door.outputs import post, publish, pulse
from faceaccess.errors import FaceAccessError, OutputError
from faceaccess.settings import Opening
from faceaccess.steady import steady_s
from faceaccess.store.journal import Journal
from faceaccess.store.types import DOOR, Actor, Event

logger = logging.getLogger(__name__)

VALID_S = 3.0
"""An order older than this is dropped: whoever it was for may have gone, and somebody else stand there."""

JOIN_S = 5.0


@dataclass(frozen=True)
class _Order:
    event: Event
    ordered_s: float


class DoorOutput:
    """One thread that carries out the orders of all doors, so that recognition never waits.

    Orders live in memory only. Only entries of live cameras that let somebody in give one:
    leaving never depends on this program.
    """

    def __init__(
        self,
        journal: Journal,
        opening: Callable[[str], Opening],
        on_error: Callable[[FaceAccessError], None] = lambda _: None,
    ) -> None:
        """Take the parts.

        Args:
            journal: where each opening is recorded.
            opening: returns what opens a door, by the door's name.
            on_error: called from the output's thread.
        """
        self._journal, self._opening, self._on_error = journal, opening, on_error
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._output_loop, name="door output", daemon=True)

    def start(self) -> None:
        """Begin, with nothing to do."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the opening under way. May be called again."""
        self._orders.put(None)
        if self._thread.is_alive():
            self._thread.join(JOIN_S)

    def order(self, event: Event) -> None:
        """Open the door of an entry, if it lets somebody in. May be called from any thread."""
        entry = event.entry
        is_let_in = entry.outcome is Outcome.ACCEPTED and entry.direction is not Direction.OUT
        if is_let_in and not entry.is_recording:
            self._orders.put(_Order(event, steady_s()))

    def _output_loop(self) -> None:
        while (order := self._orders.get()) is not None:
            try:
                self._carry_out(order)
            except Exception:  # the edge of the output's thread: the door stays shut, the thread lives
                logger.exception("a door could not be opened")
                self._on_error(OutputError("A door could not be opened.", "The log file says more."))

    def _carry_out(self, order: _Order) -> None:
        entry = order.event.entry
        try:
            opening = self._opening(entry.door)
            if opening.kind is OpeningKind.NONE:
                return
            if steady_s() - order.ordered_s > VALID_S:
                raise OutputError(f"{entry.door} was not opened: it took too long.", "Ask them to try again.")
            open_once(opening, entry.door, order_id=str(order.event.seq))
        except FaceAccessError as exc:
            self._record(order, exc)
            self._on_error(exc)
        else:
            self._record(order, None)

    def _record(self, order: _Order, error: FaceAccessError | None) -> None:
        details = {
            "door": order.event.entry.door,
            "entry": order.event.seq,
            "result": "opened" if error is None else "failed",
            "error": "" if error is None else error.message,
        }
        self._journal.record(DOOR, JournalKind.DOOR_OPENING, details=details)


def open_once(opening: Opening, door: str, *, order_id: str) -> None:
    """Open a door, without trying again.

    A message says until when it is valid, so that a receiver can refuse a late one.

    Raises:
        OutputError: it could not be opened, or nobody confirmed it.
    """
    if opening.kind is OpeningKind.SERIAL:
        on, off = bytes.fromhex(opening.on_hex), bytes.fromhex(opening.off_hex)
        pulse(opening.address, on, off, seconds=opening.pulse_s)
        return
    until = datetime.now(UTC) + timedelta(seconds=VALID_S)
    values = {"kind": "open", "id": order_id, "door": door, "valid_until": until.isoformat()}
    if opening.kind is OpeningKind.HTTP:
        post(opening.address, opening.secret, values, key=f"open-{order_id}", timeout_s=VALID_S)
    elif opening.kind is OpeningKind.MQTT:
        publish(opening.address, values, timeout_s=VALID_S, expiry_s=round(VALID_S))


def try_opening(journal: Journal, actor: Actor, opening: Opening, door: str) -> None:
    """Open a door once to see that it works, and journal who did.

    Raises:
        OutputError: it could not be opened, or there is nothing to open it with.
        StoreError: it could not be journalled; the door stays shut.
    """
    if opening.kind is OpeningKind.NONE:
        raise OutputError(f"Nothing opens {door}.", "Choose what opens it first.")
    journal.record(actor, JournalKind.DOOR_OPENING, details={"door": door, "entry": None, "result": "tried"})
    open_once(opening, door, order_id="test")
