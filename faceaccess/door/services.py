"""The services behind an open door: openings and notifications."""

from collections.abc import Callable

from faceaccess.codes import Outcome
from faceaccess.door.delivery import Delivery, wants
from faceaccess.door.opening import DoorOutput
from faceaccess.errors import FaceAccessError
from faceaccess.settings import Notification
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Event
from faceaccess.store.outbox import Outbox
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.types import Channels


class DoorServices:
    """Runs the output and the delivery of a data folder; one for all its sessions."""

    def __init__(self, journal: Journal, policies: Policies, outbox: Outbox) -> None:
        self.database = journal.database
        self._journal, self._policies, self._outbox = journal, policies, outbox
        self._on_error: Callable[[FaceAccessError], None] = lambda _: None
        self._on_failed: Callable[[Event], None] = lambda _: None
        self.output = DoorOutput(journal, policies.opening, self._report, self._report_failed)
        self.delivery = Delivery(journal, outbox, self.channels)

    def start(self) -> None:
        """Begin; notifications that waited since the last time are sent."""
        self.output.start()
        self.delivery.start()

    def stop(self) -> None:
        """Stop both. May be called again."""
        self.delivery.stop()
        self.output.stop()

    def report_to(
        self,
        on_error: Callable[[FaceAccessError], None],
        on_failed: Callable[[Event], None] = lambda _: None,
    ) -> None:
        """Set the callback for failed openings, with their entries; called from a door's thread."""
        self._on_error, self._on_failed = on_error, on_failed

    def channels(self) -> tuple[Notification, ...]:
        """Return the programs that are told."""
        return self._policies.read(Channels).channels

    def notify(self, seq: int, outcome: Outcome | None) -> None:
        """Let a journal row wait for the programs it is to be told to. Inside the row's own transaction.

        Args:
            seq: of the row.
            outcome: of an entry; None for a camera's fault.
        """
        channel_ids = [channel.channel_id for channel in self.channels() if wants(channel, outcome)]
        if channel_ids:
            self._outbox.put(seq, channel_ids)
            self.delivery.wake()

    def _report_failed(self, event: Event) -> None:
        self._on_failed(event)

    def _report(self, error: FaceAccessError) -> None:
        self._on_error(error)
