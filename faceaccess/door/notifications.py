"""The programs that are told of entries and camera faults."""

import secrets

from faceaccess.codes import Right
from faceaccess.door.delivery import send_test
from faceaccess.settings import Notification
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.outbox import Outbox
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.types import Channels


def new_notification(name: str) -> Notification:
    """Return a new notification with a secret of its own, not stored yet."""
    return Notification(
        channel_id=secrets.token_hex(4),
        name=name,
        address="https://localhost/",
        secret=secrets.token_urlsafe(24),
    )


class Notifications:
    """Sets up notifications."""

    def __init__(self, policies: Policies, outbox: Outbox) -> None:
        self.database = policies.database
        self._policies, self._outbox = policies, outbox

    def waiting(self) -> dict[str, int]:
        """Return how many messages wait for each, by id."""
        return self._outbox.counts()

    @needs(Right.SET_POLICY)
    def put(self, actor: Actor, channel: Notification) -> None:
        """Add a program to be told, or change how the one with this id is told.

        Raises:
            SettingsError: it could not be told as it is set up.
        """
        with self.database.transaction():
            known = {other.channel_id: other for other in self._policies.read(Channels).channels}
            self._policies.set(actor, Channels(tuple((known | {channel.channel_id: channel}).values())))

    @needs(Right.SET_POLICY)
    def remove(self, actor: Actor, channel_id: str) -> None:
        """Stop telling a program; waiting messages are dropped."""
        with self.database.transaction():
            left = [
                other for other in self._policies.read(Channels).channels if other.channel_id != channel_id
            ]
            self._policies.set(actor, Channels(tuple(left)))
            self._outbox.drop_channel(channel_id)

    def send_test(self, channel: Notification) -> None:
        """Send a message that says that it is a test.

        Raises:
            OutputError: the receiver did not confirm it.
        """
        send_test(channel)
