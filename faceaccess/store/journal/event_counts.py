"""How many entries there were, by time and by distance, counted by SQLite from one index."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from faceaccess.codes import JournalKind, Outcome, Reason
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.journal.rows import NAMED_LATER, event_where
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.people.aliases import owners

QUARTER = timedelta(minutes=15)
"""Clocks differ from UTC by whole quarters of an hour: each lies in one hour of one day, in any zone."""

# The index has every column that is asked for; SQLite takes it only when told to, because it believes
# that a generated column needs the text that it was generated from.
_COUNTED = f"""
    FROM journal j INDEXED BY journal_counts
    WHERE {{where}} AND NOT j.is_recording AND j.seq NOT IN (
        SELECT json_extract(v.canonical, '$.details.entry') FROM journal v
        WHERE v.kind = '{JournalKind.ENTRY_VOIDED}') AND j.seq NOT IN ({NAMED_LATER})
"""


@dataclass(frozen=True, slots=True)
class QuarterCount:
    """Entries of a quarter of an hour with the same outcome and reason.

    Attributes:
        start: UTC.
    """

    start: datetime
    outcome: Outcome
    reason: Reason
    count: int


@dataclass(frozen=True, slots=True)
class DistanceCount:
    """Entries whose distances lie in the same step.

    Attributes:
        step: from `step * width` to the next one; the last one has all that are farther.
    """

    step: int
    is_accepted: bool
    count: int


class EventCounts:
    """Counts entries of a filter; voided ones and recordings don't count.

    Nor does a refused one whose person was named later: the entry by hand stands for that passage.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_time(self, event_filter: EventFilter) -> list[QuarterCount]:
        """Return how many entries there were in each quarter of an hour that has any, earliest first."""
        rows = self._rows(
            "SELECT substr(j.at_utc, 1, 13), CAST(substr(j.at_utc, 15, 2) AS INTEGER) / 15,"
            f" j.outcome, j.reason, count(*) {_COUNTED} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2",
            event_filter,
        )
        return [
            QuarterCount(
                clock.from_text(f"{hour}:00:00+00:00") + number * QUARTER,
                Outcome(outcome),
                Reason(reason),
                count,
            )
            for hour, number, outcome, reason, count in rows
        ]

    def by_distance(
        self, event_filter: EventFilter, model_id: str, *, width: float, steps: int
    ) -> list[DistanceCount]:
        """Return how many entries there were at each step of distance that has any.

        Args:
            event_filter: which entries.
            model_id: of the model that measured: distances of two models can't be compared.
            width: of a step.
            steps: how many at most.
        """
        rows = self._rows(
            f"SELECT min(CAST(j.distance / ? AS INTEGER), ?), j.outcome = '{Outcome.ACCEPTED}', count(*)"
            f" {_COUNTED} AND j.distance IS NOT NULL AND j.model_id = ? GROUP BY 1, 2 ORDER BY 1, 2",
            event_filter,
            before=(width, steps - 1),
            after=(model_id,),
        )
        return [DistanceCount(step, bool(is_accepted), count) for step, is_accepted, count in rows]

    def passages(self, event_filter: EventFilter) -> set[tuple[str, datetime]]:
        """Return the people accepted, each with the time."""
        rows = self._rows(
            f"SELECT j.person_id, j.at_utc {_COUNTED} AND j.outcome = '{Outcome.ACCEPTED}'"
            " AND j.person_id IS NOT NULL",
            event_filter,
        )
        with self._database.reader() as db:
            whose = owners(db)
        return {(whose.get(person_id, person_id), clock.from_text(at)) for person_id, at in rows}

    def newest_model(self) -> tuple[str, float] | None:
        """Return the model of the newest entry that has a distance, and its threshold; None without any."""
        with self._database.reader() as db:
            row = db.execute(
                "SELECT j.model_id, json_extract(j.canonical, '$.details.threshold') FROM journal j"
                " WHERE j.distance IS NOT NULL ORDER BY j.seq DESC LIMIT 1"
            ).fetchone()
        return None if row is None else (str(row[0]), float(row[1]))

    def _rows(
        self,
        query: str,
        event_filter: EventFilter,
        before: tuple[object, ...] = (),
        after: tuple[object, ...] = (),
    ) -> list[tuple[Any, ...]]:
        with self._database.reader() as db:
            where, parameters = event_where(db, event_filter)
            cursor = db.execute(query.format(where=where), [*before, *parameters, *after])
            return cursor.fetchall()
