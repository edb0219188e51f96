"""The journal rows still to be told to each channel: durable, and without their content.

A message is made from the journal when it is sent, so that nobody's name waits in a queue
after the person was erased.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from faceaccess.store import clock
from faceaccess.store.file.database import Database


@dataclass(frozen=True)
class Waiting:
    """A journal row that is to be told to a channel.

    Attributes:
        attempts: how often it was tried in vain.
    """

    channel_id: str
    seq: int
    attempts: int


class Outbox:
    """Reads and changes waiting rows; inside `database.transaction()` it takes part in that one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, seq: int, channel_ids: Sequence[str]) -> None:
        """Let a journal row wait for each channel, due at once."""
        now = clock.to_text(clock.utc_now())
        with self._database.transaction() as db:
            for channel_id in channel_ids:
                db.execute(
                    "INSERT INTO outbox (channel_id, seq, attempts, due_at) VALUES (?, ?, 0, ?)",
                    [channel_id, seq, now],
                )

    def next_due(self, now: datetime, *, skip: Sequence[str] = ()) -> Waiting | None:
        """Return the oldest row that is due; None when none is.

        Args:
            now: UTC.
            skip: channels that are not to be tried now.
        """
        marks = ", ".join("?" * len(skip))
        with self._database.reader() as db:
            row = db.execute(
                "SELECT channel_id, seq, attempts FROM outbox"
                f" WHERE due_at <= ? AND channel_id NOT IN ({marks}) ORDER BY seq LIMIT 1",
                [clock.to_text(now), *skip],
            ).fetchone()
        return Waiting(*row) if row else None

    def delivered(self, waiting: Waiting) -> None:
        """Forget a message: the channel has it, or it is given up."""
        with self._database.transaction() as db:
            db.execute(
                "DELETE FROM outbox WHERE channel_id = ? AND seq = ?", [waiting.channel_id, waiting.seq]
            )

    def failed(self, waiting: Waiting, due_at: datetime) -> None:
        """Let a message wait until it is tried again."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE outbox SET attempts = attempts + 1, due_at = ? WHERE channel_id = ? AND seq = ?",
                [clock.to_text(due_at), waiting.channel_id, waiting.seq],
            )

    def drop_channel(self, channel_id: str) -> None:
        """Forget everything that waits for a channel that was removed."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM outbox WHERE channel_id = ?", [channel_id])

    def counts(self) -> dict[str, int]:
        """Return how many messages wait, by channel."""
        with self._database.reader() as db:
            return dict(db.execute("SELECT channel_id, count(*) FROM outbox GROUP BY channel_id").fetchall())

    def installation_id(self) -> str:
        """Return the random name of this data folder in messages, made at the first call."""
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO policies (key, value) VALUES ('installation', ?) ON CONFLICT DO NOTHING",
                [f'{{"id": "{secrets.token_hex(8)}"}}'],
            )
            row = db.execute(
                "SELECT json_extract(value, '$.id') FROM policies WHERE key = 'installation'"
            ).fetchone()
        return str(row[0])
