"""The distances of accepted faces from the templates over time, by person, and their pictures."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import JournalKind, Method, Outcome, Reason
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.people.aliases import ids_of

# Along an index of the person's accepted entries in the order of time.
_ENTRIES = f"""
    FROM journal j WHERE j.person_id = ? AND j.outcome = '{Outcome.ACCEPTED}' AND +j.reason = '{Reason.MATCH}'
        AND j.at_utc >= ? AND j.at_utc < ? AND NOT j.is_recording AND +j.kind = '{JournalKind.ENTRY}'
        AND +j.method = '{Method.FACE}' AND NOT EXISTS (
            SELECT 1 FROM journal v WHERE v.kind = '{JournalKind.ENTRY_VOIDED}'
            AND json_extract(v.canonical, '$.details.entry') = +j.seq)
"""


class AcceptedDistances:
    """Reads accepted entries of live cameras that nobody voided."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def between(
        self, person_id: str, model_id: str, since: datetime, until: datetime, *, limit: int
    ) -> NDArray[np.float64]:
        """Return a person's distances by a model, the latest of some days; in no order.

        Args:
            person_id: whose.
            model_id: of the model that measured.
            since: UTC, inclusive.
            until: UTC, exclusive.
            limit: how many at most.
        """
        span = clock.to_text(since), clock.to_text(until)
        distances: list[float] = []
        with self._database.reader() as db:
            for alias in ids_of(db, person_id):
                rows = db.execute(
                    f"SELECT j.distance {_ENTRIES} AND +j.model_id = ? ORDER BY j.at_utc DESC LIMIT ?",
                    [alias, *span, model_id, limit],
                ).fetchall()
                distances += [row[0] for row in rows if row[0] is not None]
        return np.array(distances, np.float64)

    def newest_with_picture(self, person_id: str, since: datetime, until: datetime) -> int | None:
        """Return a person's newest accepted entry whose loose crop is still kept, by position; or None."""
        span = clock.to_text(since), clock.to_text(until)
        with self._database.reader() as db:
            seqs = [_newest(db, alias, span) for alias in ids_of(db, person_id)]
        return max((seq for seq in seqs if seq is not None), default=None)


def _newest(db: SqliteDatabase, person_id: str, span: Sequence[str]) -> int | None:
    row = db.execute(
        f"SELECT j.seq {_ENTRIES} AND EXISTS (SELECT 1 FROM crops c WHERE c.seq = j.seq"
        " AND c.landmarks IS NOT NULL)"
        " ORDER BY j.at_utc DESC LIMIT 1",
        [person_id, *span],
    ).fetchone()
    return None if row is None else int(row[0])
