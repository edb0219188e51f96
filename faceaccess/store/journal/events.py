"""Reading the entries of the log: filtered, sorted, counted, each with its picture."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import numpy as np

from faceaccess.codes import Outcome
from faceaccess.store.file.database import Database
from faceaccess.store.file.faults import damaged
from faceaccess.store.journal.chain import crop_digest
from faceaccess.store.journal.event_pages import page_seqs
from faceaccess.store.journal.rows import EVENT_SELECT, event_from, event_where
from faceaccess.store.journal.types import EntryCrop, Event, EventFilter, EventSort
from faceaccess.store.people.aliases import ids_of, marks, owners

LogColumn = Literal["camera", "door", "reason", "method"]

_STORED_FLOAT = np.dtype("<f4")
_READ_AT_ONCE = 1000


class Events:
    """The entries of the log with names as they are now; of somebody merged, the other person's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, seq: int) -> Event | None:
        """Return the entry with a sequence number; None when that row is no entry."""
        entries = self.newest(EventFilter(), limit=1, before_seq=seq + 1)
        return entries[0] if entries and entries[0].seq == seq else None

    def newest(
        self, event_filter: EventFilter, *, limit: int = 100, before_seq: int | None = None
    ) -> list[Event]:
        """Return the newest entries of a filter, newest first.

        Args:
            event_filter: which entries.
            limit: how many at most.
            before_seq: only older ones than this, to read on; None starts at the newest.
        """
        with self._database.reader() as db:
            where, parameters = event_where(db, event_filter)
            if before_seq is not None:
                where += " AND j.seq < ?"
                parameters.append(before_seq)
            # The numbers first: sorting them is cheap, sorting whole rows is not.
            seqs = f"SELECT j.seq FROM journal j WHERE {where} ORDER BY j.seq DESC LIMIT ?"
            rows = db.query(
                f"{EVENT_SELECT} WHERE j.seq IN ({seqs}) ORDER BY j.seq DESC", [*parameters, limit]
            )
            whose = owners(db)
            return [event_from(row, whose) for row in rows]

    def page(
        self, event_filter: EventFilter, sort: EventSort, *, after: Event | None = None, limit: int = 100
    ) -> list[Event]:
        """Return the next entries of a filter in an order.

        Args:
            event_filter: which entries.
            sort: in which order.
            after: the last one of the page before; None begins.
            limit: how many at most.
        """
        with self._database.reader() as db:
            seqs = page_seqs(db, event_filter, sort, after=after, limit=limit)
            rows = db.query(f"{EVENT_SELECT} WHERE j.seq IN ({marks(seqs)})", seqs)
            whose = owners(db)
            entries = {row["seq"]: event_from(row, whose) for row in rows}
        return [entries[seq] for seq in seqs]

    def all(self, event_filter: EventFilter) -> Iterator[Event]:
        """Yield every entry of a filter, newest first, never many in memory."""
        before_seq = None
        while page := self.newest(event_filter, limit=_READ_AT_ONCE, before_seq=before_seq):
            yield from page
            before_seq = page[-1].seq

    def count(self, event_filter: EventFilter) -> int:
        """Return how many entries a filter finds."""
        with self._database.reader() as db:
            where, parameters = event_where(db, event_filter)
            return int(db.execute(f"SELECT count(*) FROM journal j WHERE {where}", parameters).fetchone()[0])

    def values_of(self, column: LogColumn) -> list[str]:
        """Return the values of entries in a column, for a list to choose from."""
        # From value to value along the index: reading every row would take seconds in a long log.
        values: list[str] = []
        with self._database.reader() as db:
            select = f"SELECT min({column}) FROM journal WHERE {column} > ?"
            value = db.execute(select, [""]).fetchone()[0]
            while value is not None:
                values.append(value)
                value = db.execute(select, [value]).fetchone()[0]
        return values

    def cameras(self) -> list[str]:
        """Return the names of all cameras that have entries."""
        return self.values_of("camera")

    def last_accepted(self, since: datetime) -> list[Event]:
        """Return accepted entries of live cameras from a time on that are not voided, latest first.

        By their time: a manual entry is made later than what it is about.
        """
        with self._database.reader() as db:
            where, parameters = event_where(db, EventFilter(since=since, outcomes=(Outcome.ACCEPTED,)))
            rows = db.query(
                f"{EVENT_SELECT} WHERE {where} AND NOT j.is_recording ORDER BY j.at_utc DESC, j.seq DESC",
                parameters,
            )
            whose = owners(db)
            return [event for row in rows if (event := event_from(row, whose)).voided_by is None]

    def crop(self, seq: int) -> bytes | None:
        """Return the face crop of an entry as JPEG; None when it has none or it was erased.

        Raises:
            StoreError: it is not what was journalled.
        """
        crop = self.entry_crop(seq)
        return None if crop is None else crop.jpeg

    def entry_crop(self, seq: int) -> EntryCrop | None:
        """Return the face crop of an entry with its landmarks; None when it has none or it was erased.

        Raises:
            StoreError: it is not what was journalled.
        """
        with self._database.reader() as db:
            row = db.execute(
                "SELECT c.jpeg, c.salt, json_extract(j.canonical, '$.details.crop_sha256'), c.landmarks"
                " FROM crops c JOIN journal j USING (seq) WHERE c.seq = ?",
                [seq],
            ).fetchone()
        if row is None:
            return None
        if crop_digest(bytes(row[1]), bytes(row[0])) != row[2]:
            raise damaged(self._database.path)
        points = None if row[3] is None else np.frombuffer(row[3], _STORED_FLOAT).reshape(5, 2)
        return EntryCrop(bytes(row[0]), None if points is None else points.astype(np.float32))

    def turn_picture(self, seq: int) -> bytes | None:
        """Return how the head of an entry turned, a JPEG; None when it didn't or it was erased.

        Raises:
            StoreError: it is not what was journalled.
        """
        with self._database.reader() as db:
            row = db.execute(
                "SELECT t.jpeg, c.salt, json_extract(j.canonical, '$.details.turn_sha256')"
                " FROM turn_pictures t JOIN crops c USING (seq) JOIN journal j USING (seq) WHERE t.seq = ?",
                [seq],
            ).fetchone()
        if row is None:
            return None
        if crop_digest(bytes(row[1]), bytes(row[0])) != row[2]:
            raise damaged(self._database.path)
        return bytes(row[0])

    def showing(self, person_id: str) -> list[int]:
        """Return the entries of an unknown face from which a person was enrolled later, newest first."""
        with self._database.reader() as db:
            ids = ids_of(db, person_id)
            rows = db.execute(
                f"SELECT seq FROM crops WHERE shows IN ({marks(ids)}) ORDER BY seq DESC", list(ids)
            )
            return [seq for (seq,) in rows.fetchall()]
