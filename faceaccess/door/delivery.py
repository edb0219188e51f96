"""Tells other programs of entries and camera faults, again and again until they have them."""

import logging
import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from faceaccess.codes import JournalKind, NotificationKind, NotificationWish, Outcome
from faceaccess.door.outputs import post, publish
from faceaccess.errors import FaceAccessError
from faceaccess.settings import Notification
from faceaccess.store.access.types import DOOR
from faceaccess.store.clock import utc_now
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Event, JournalRow
from faceaccess.store.outbox import Outbox, Waiting

logger = logging.getLogger(__name__)

TIMEOUT_S = 5.0
WAITS_S = (2.0, 10.0, 60.0, 300.0, 900.0)
"""Waits after the first failures of a message; the last one for ever after."""

GIVE_UP_AFTER = timedelta(days=7)
"""A message that nobody took for so long is news no more; that it was dropped is journalled."""

IDLE_S = 1.0
JOIN_S = TIMEOUT_S + 2.0


class Delivery:
    """One thread that sends what is due, a message at a time, oldest first.

    A message is sent until its receiver has confirmed it, so one whose confirmation was lost
    comes again, with the same key: in effect once, for a receiver that looks at keys. A channel
    that fails is left alone for a while and holds up no other for longer than `TIMEOUT_S`.
    """

    def __init__(
        self,
        journal: Journal,
        outbox: Outbox,
        channels: Callable[[], tuple[Notification, ...]],
        *,
        waits_s: tuple[float, ...] = WAITS_S,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Take the parts.

        Args:
            journal: what there is to tell.
            outbox: what was not told yet.
            channels: returns those in force.
            waits_s: for tests.
            timeout_s: for tests.
        """
        self._journal, self._outbox, self._channels = journal, outbox, channels
        self._waits_s, self._timeout_s = waits_s, timeout_s
        self._prefix = outbox.installation_id()
        self._paused: dict[str, datetime] = {}
        self._failures: Counter[str] = Counter()
        self._last_channel = ""
        self._stopping, self._woken = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._delivery_loop, name="delivery", daemon=True)

    def start(self) -> None:
        """Begin, with what waits since the last time."""
        self._thread.start()

    def wake(self) -> None:
        """Look at once: something was put. May be called from any thread."""
        self._woken.set()

    def stop(self) -> None:
        """Stop after the message under way; the rest waits in the data folder. May be called again."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_S)

    def _delivery_loop(self) -> None:
        while not self._stopping.is_set():
            try:
                if self._deliver_one():
                    continue
            except Exception:  # the edge of the delivery thread: whatever it was, try again
                logger.exception("a notification could not be handled")
            self._woken.wait(min(IDLE_S, self._waits_s[0]))
            self._woken.clear()

    def _deliver_one(self) -> bool:
        """Try one message; tell whether there was any."""
        now = utc_now()
        paused = [channel_id for channel_id, until in self._paused.items() if until > now]
        # Another channel than the last time, where one waits: each has its turn.
        waiting = self._outbox.next_due(now, skip=[*paused, self._last_channel])
        waiting = waiting or self._outbox.next_due(now, skip=paused)
        if waiting is None:
            return False
        self._last_channel = waiting.channel_id
        channel = next((c for c in self._channels() if c.channel_id == waiting.channel_id), None)
        row = self._journal.rows.get(waiting.seq)
        if channel is None or row is None:
            self._outbox.delivered(waiting)
            return True
        try:
            self._send(channel, row, waiting)
        except FaceAccessError as exc:
            self._postpone(waiting, row, now, exc)
        else:
            self._paused.pop(waiting.channel_id, None)
            self._failures.pop(waiting.channel_id, None)
            self._outbox.delivered(waiting)
        return True

    def _send(self, channel: Notification, row: JournalRow, waiting: Waiting) -> None:
        key = f"{self._prefix}-{waiting.channel_id}-{waiting.seq}"
        event = self._journal.events.get(row.seq) if row.kind is JournalKind.ENTRY else None
        send(channel, {"id": key, **message(row, event)}, key=key, timeout_s=self._timeout_s)

    def _postpone(self, waiting: Waiting, row: JournalRow, now: datetime, error: FaceAccessError) -> None:
        logger.info("notification %d to %s failed: %s", waiting.seq, waiting.channel_id, type(error).__name__)
        if now - row.at > GIVE_UP_AFTER:
            details = {"channel": waiting.channel_id, "row": waiting.seq}
            self._journal.record(DOOR, JournalKind.NOTIFICATION_DROPPED, details=details)
            self._outbox.delivered(waiting)
            return
        self._outbox.failed(waiting, now + self._wait(waiting.attempts))
        # The channel itself is in trouble too, most likely: its other messages needn't find out.
        self._paused[waiting.channel_id] = now + self._wait(self._failures[waiting.channel_id])
        self._failures[waiting.channel_id] += 1

    def _wait(self, failures: int) -> timedelta:
        wait_s = self._waits_s[min(failures, len(self._waits_s) - 1)]
        return timedelta(seconds=wait_s * random.uniform(0.8, 1.2))  # noqa: S311 - not for secrets


def send(channel: Notification, values: dict[str, object], *, key: str, timeout_s: float = TIMEOUT_S) -> None:
    """Send a message once.

    Raises:
        OutputError: the receiver did not confirm it.
    """
    if channel.kind is NotificationKind.WEBHOOK:
        post(channel.address, channel.secret, values, key=key, timeout_s=timeout_s)
    else:
        publish(channel.address, values, timeout_s=timeout_s)


def send_test(channel: Notification) -> None:
    """Send a message that says that it is a test.

    Raises:
        OutputError: the receiver did not confirm it.
    """
    send(channel, {"kind": "test", "at": datetime.now(UTC).isoformat()}, key="test")


def message(row: JournalRow, event: Event | None) -> dict[str, object]:
    """Return the message about a journal row; names as they are now, none of people since erased."""
    told: dict[str, object] = {"seq": row.seq, "at": row.at.isoformat(), "kind": row.kind.value}
    if event is None:
        return told | dict(row.details)
    entry = event.entry
    is_named = entry.outcome in (Outcome.ACCEPTED, Outcome.DENIED)
    return told | {
        "outcome": entry.outcome.value,
        "reason": entry.reason.value,
        "method": entry.method.value,
        "person_id": entry.person_id if is_named else None,
        "person": event.person_name if is_named else None,
        "direction": entry.direction.value,
        "camera": entry.camera,
        "door": entry.door,
        "distance": entry.distance,
        "threshold": entry.threshold,
    }


def wants(channel: Notification, outcome: Outcome | None) -> bool:
    """Tell whether a channel wants an entry or, without an outcome, a camera's fault."""
    if outcome is None:
        return channel.wants_faults
    if channel.wish is NotificationWish.ACCEPTED:
        return outcome is Outcome.ACCEPTED
    if channel.wish is NotificationWish.REFUSED:
        return outcome is not Outcome.ACCEPTED
    return channel.wish is NotificationWish.ALL
