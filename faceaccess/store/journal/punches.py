"""Punches: the entries that count for attendance, read without their other columns."""

from dataclasses import dataclass
from datetime import datetime

from faceaccess.codes import Direction, JournalKind, Method, Outcome
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.journal.rows import NAMED_LATER
from faceaccess.store.people.aliases import ids_of, marks, owners

# The pluses keep SQLite from reading every accepted entry there is instead of those of the time asked for.
_SELECT = f"""
    SELECT j.seq, j.at_utc, j.person_id, json_extract(j.canonical, '$.details.direction'),
        json_extract(j.canonical, '$.details.method'),
        coalesce(json_extract(j.canonical, '$.details.door'), ''),
        (SELECT v.seq FROM journal v WHERE v.kind = '{JournalKind.ENTRY_VOIDED}'
            AND json_extract(v.canonical, '$.details.entry') = +j.seq)
    FROM journal j
    WHERE j.at_utc >= ? AND j.at_utc < ? AND j.person_id IS NOT NULL AND NOT j.is_recording
        AND +j.kind = '{JournalKind.ENTRY}' AND {{outcome}} = '{Outcome.ACCEPTED}'
"""

_NOT_VOIDED = f"""NOT EXISTS (SELECT 1 FROM journal v WHERE v.kind = '{JournalKind.ENTRY_VOIDED}'
    AND json_extract(v.canonical, '$.details.entry') = +{{seq}})"""

_NEAR_MISSES = f"""
    SELECT j.seq FROM journal j
    WHERE j.at_utc >= :since AND j.at_utc < :until AND NOT j.is_recording
        AND +j.kind = '{JournalKind.ENTRY}' AND +j.outcome <> '{Outcome.ACCEPTED}'
        AND (+j.person_id IN ({{ids}}) OR j.runner_up_id IN ({{ids}})
            OR json_extract(j.canonical, '$.details.nearest_id') IN ({{ids}}))
        AND {_NOT_VOIDED.format(seq="j.seq")}
        AND NOT EXISTS (SELECT 1 FROM journal m WHERE m.person_id IN ({{ids}})
            AND m.outcome = '{Outcome.ACCEPTED}' AND m.at_utc = j.at_utc
            AND json_extract(m.canonical, '$.details.evidence') = j.seq
            AND {_NOT_VOIDED.format(seq="m.seq")})
    ORDER BY j.seq
"""

_RELYING = f"""
    SELECT m.seq FROM journal m
    WHERE m.at_utc = ? AND +m.kind = '{JournalKind.ENTRY}'
        AND json_extract(m.canonical, '$.details.evidence') = ? AND {_NOT_VOIDED.format(seq="m.seq")}
"""


@dataclass(frozen=True, slots=True)
class Punch:
    """An accepted entry, as far as attendance asks.

    Attributes:
        seq: position in the journal.
        at: UTC time that it is about.
        voided_by: position of the row that takes it back, or None.
    """

    seq: int
    at: datetime
    person_id: str
    direction: Direction
    method: Method
    door: str = ""
    voided_by: int | None = None


class Punches:
    """Reads the accepted entries of live cameras, PINs and operators; recordings don't count."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def between(self, since: datetime, until: datetime, person_id: str | None = None) -> list[Punch]:
        """Return the punches of some days, earliest first, with those voided since.

        Args:
            since: UTC, inclusive.
            until: UTC, exclusive.
            person_id: None means everybody.
        """
        query = _SELECT.format(outcome="+j.outcome" if person_id is None else "j.outcome")
        parameters: list[object] = [clock.to_text(since), clock.to_text(until)]
        with self._database.reader() as db:
            if person_id is not None:
                ids = ids_of(db, person_id)
                query += f" AND j.person_id IN ({marks(ids)})"
                parameters.extend(ids)
            rows = db.execute(query + " ORDER BY j.at_utc, j.seq", parameters).fetchall()
            whose = owners(db)
        return [
            Punch(
                seq,
                clock.from_text(at),
                whose.get(who, who),
                Direction(direction),
                Method(method),
                door,
                voided_by,
            )
            for seq, at, who, direction, method, door, voided_by in rows
        ]

    def near_misses(self, since: datetime, until: datetime, person_id: str) -> list[int]:
        """Return refused entries in which a person was the nearest or the second, by position.

        Those that are voided, or that a manual entry relies on already, are left out.
        """
        with self._database.reader() as db:
            names = {f"id_{number}": alias for number, alias in enumerate(ids_of(db, person_id))}
            rows = db.execute(
                _NEAR_MISSES.format(ids=", ".join(f":{name}" for name in names)),
                {"since": clock.to_text(since), "until": clock.to_text(until), **names},
            ).fetchall()
        return [row[0] for row in rows]

    def named_later(self) -> frozenset[int]:
        """Return the refused entries, by position, of which a manual one that counts says whom they show."""
        with self._database.reader() as db:
            return frozenset(row[0] for row in db.execute(NAMED_LATER).fetchall())

    def relying_on(self, seq: int, at: datetime) -> int | None:
        """Return the manual entry of the same moment that relies on a refused one and counts, if any."""
        with self._database.reader() as db:
            row = db.execute(_RELYING, [clock.to_text(at), seq]).fetchone()
        return None if row is None else int(row[0])
