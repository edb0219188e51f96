"""Reading rows of the journal: from their canonical text, and the filter of entries as SQL."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import (
    AttackKind,
    Direction,
    JournalKind,
    LivenessMode,
    Method,
    OtherWay,
    Outcome,
    Reason,
    Side,
    TurnResult,
)
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.journal.types import Entry, Event, EventFilter, JournalRow, Liveness
from faceaccess.store.people.aliases import ids_of, marks
from faceaccess.store.people.names import fold

_TOP_LEVEL = ("at", "zone", "person_id")

EVENT_SELECT = """
    SELECT j.seq, j.canonical, p.name AS person_name, r.name AS runner_up_name,
        EXISTS (SELECT 1 FROM crops c WHERE c.seq = j.seq) AS has_crop,
        (SELECT v.seq FROM journal v WHERE v.kind = 'entry_voided'
            AND json_extract(v.canonical, '$.details.entry') = +j.seq) AS voided_by
    FROM journal j
    LEFT JOIN people a ON a.person_id = j.person_id
    LEFT JOIN people p ON p.person_id = a.owner_id
    LEFT JOIN people b ON b.person_id = j.runner_up_id
    LEFT JOIN people r ON r.person_id = b.owner_id
"""

NAMED_LATER = f"""
    SELECT json_extract(m.canonical, '$.details.evidence') FROM journal m
    WHERE m.method = '{Method.MANUAL}' AND json_extract(m.canonical, '$.details.evidence') IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM journal v WHERE v.kind = '{JournalKind.ENTRY_VOIDED}'
            AND json_extract(v.canonical, '$.details.entry') = +m.seq)
"""
"""The refused entries of which a manual one that counts says whom they show."""


def details_of(entry: Entry) -> dict[str, object]:
    """Return an entry's details beyond time and person, as plain values."""
    plain = {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry)}
    details = {name: value for name, value in plain.items() if name not in _TOP_LEVEL}
    for name in ("distance", "runner_up_distance", "threshold", "margin", "quality", "time_s", "waited_s"):
        # Numpy's numbers can't be written as JSON.
        details[name] = None if details[name] is None else float(details[name])
    details["entered_at"] = None if entry.entered_at is None else clock.to_text(entry.entered_at)
    details["liveness"] = None if entry.liveness is None else dataclasses.asdict(entry.liveness)
    return details


def entry_from(canonical: str) -> Entry:
    """Return the entry of a row of kind ENTRY."""
    row = json.loads(canonical)
    known = {field.name for field in dataclasses.fields(Entry)}
    details = {name: value for name, value in row["details"].items() if name in known}
    details["outcome"] = Outcome(details["outcome"])
    details["reason"] = Reason(details["reason"])
    details["direction"] = Direction(details["direction"])
    details["method"] = Method(details["method"])
    if details.get("entered_at") is not None:
        details["entered_at"] = clock.from_text(details["entered_at"])
    if details.get("drill") is not None:
        details["drill"] = AttackKind(details["drill"])
    if details.get("liveness") is not None:
        details["liveness"] = _liveness_from(details["liveness"])
    return Entry(at=clock.from_text(row["at"]), zone=row["zone"], person_id=row["person_id"], **details)


def _liveness_from(values: Mapping[str, Any]) -> Liveness:
    turn, other_way = values["turn"], values.get("other_way")
    return Liveness(
        **{
            **values,
            "mode": LivenessMode(values["mode"]),
            "turn": None if turn is None else TurnResult(turn),
            "other_way": None if other_way is None else OtherWay(other_way),
            "sides": tuple(map(Side, values["sides"])),
            "times_s": tuple(values["times_s"]),
        }
    )


def event_from(row: Mapping[str, Any], owners: Mapping[str, str]) -> Event:
    """Return the event of a row that `EVENT_SELECT` gave; `owners` is from `aliases.owners`."""
    entry = entry_from(row["canonical"])
    if owners:
        whose = {
            name: owners.get(getattr(entry, name), getattr(entry, name))
            for name in ("person_id", "runner_up_id", "nearest_id")
        }
        entry = dataclasses.replace(entry, **whose)
    return Event(
        seq=row["seq"],
        entry=entry,
        person_name=row["person_name"],
        runner_up_name=row["runner_up_name"],
        has_crop=bool(row["has_crop"]),
        voided_by=row["voided_by"],
    )


def journal_row_from(seq: int, canonical: str) -> JournalRow:
    """Return a row of any kind."""
    row = json.loads(canonical)
    return JournalRow(
        seq=seq,
        at=clock.from_text(row["at"]),
        kind=JournalKind(row["kind"]),
        actor=row["actor"],
        person_id=row["person_id"],
        details=row["details"],
    )


class Lead(Enum):
    """Which terms may find entries by an index: all, as SQLite sees fit, or those of some columns."""

    FILTER = ("",)
    TIME = ("j.at_utc",)
    OUTCOME = ("j.outcome",)
    CAMERA = ("j.camera",)
    PERSON = ("j.person_id",)
    OUTCOME_ENTRY = ("j.outcome", "j.kind")
    PERSON_ENTRY = ("j.person_id", "j.kind")
    ORDER = ()


_OF_PEOPLE = """j.person_id IN (SELECT person_id FROM people WHERE owner_id IN (
    SELECT person_id FROM people WHERE merged_into IS NULL AND {}))"""


def event_where(
    db: SqliteDatabase, event_filter: EventFilter, lead: Lead = Lead.FILTER
) -> tuple[str, list[object]]:
    """Return the condition of a filter over the entries of `journal j`, and its parameters."""
    terms: list[str] = []
    parameters: list[object] = []

    def require(term: str, *values: object) -> None:
        # A plus keeps SQLite from using a column's index.
        terms.append(term if term.startswith(lead.value) else f"+{term}")
        parameters.extend(values)

    if event_filter.since is not None:
        require("j.at_utc >= ?", clock.to_text(event_filter.since))
    if event_filter.until is not None:
        require("j.at_utc < ?", clock.to_text(event_filter.until))
    if event_filter.person_id is not None:
        ids = ids_of(db, event_filter.person_id)
        # Nearly nobody was ever merged, and one value is found along an index in its order.
        require("j.person_id = ?" if len(ids) == 1 else f"j.person_id IN ({marks(ids)})", *ids)
    plain = {
        "j.camera = ?": event_filter.camera,
        "j.reason = ?": event_filter.reason,
        "j.door = ?": event_filter.door,
        "j.method = ?": event_filter.method,
        _OF_PEOPLE.format("department = ?"): event_filter.department,
    }
    for term, value in plain.items():
        if value is not None:
            require(term, str(value))
    if event_filter.outcomes:
        require(
            f"j.outcome IN ({marks(event_filter.outcomes)})",
            *(str(outcome) for outcome in event_filter.outcomes),
        )
    if text := fold(event_filter.text):
        require(_OF_PEOPLE.format("instr(search_key, ?) > 0"), text)
    # Nearly all rows are entries: with other terms, the plus keeps SQLite from starting at the kind.
    may_lead = not terms if lead is Lead.FILTER else "j.kind" in lead.value
    is_entry = f"{'' if may_lead else '+'}j.kind = '{JournalKind.ENTRY}'"
    return " AND ".join([is_entry, *terms]), parameters


class Rows:
    """The rows of the journal, of any kind."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, seq: int) -> JournalRow | None:
        """Return a row of any kind; None when there is none of that number."""
        with self._database.reader() as db:
            row = db.execute("SELECT canonical FROM journal WHERE seq = ?", [seq]).fetchone()
        return None if row is None else journal_row_from(seq, row[0])

    def newest(
        self,
        kinds: Sequence[JournalKind] = (),
        *,
        limit: int = 100,
        before_seq: int | None = None,
        or_by_hand: bool = False,
    ) -> list[JournalRow]:
        """Return rows of any kind, newest first; no kinds means all but seals, which belong to other rows.

        Args:
            kinds: which.
            limit: how many at most.
            before_seq: only older ones than this.
            or_by_hand: entries by hand too.
        """
        kind_term = f"kind IN ({marks(kinds)})" if kinds else f"kind != '{JournalKind.RECORDS_SEALED}'"
        if or_by_hand:
            # Both along their indexes: most rows by far are entries of doors.
            kind_term = (
                f"seq IN (SELECT seq FROM journal WHERE {kind_term}"
                f" UNION ALL SELECT seq FROM journal WHERE method = '{Method.MANUAL}')"
            )
        with self._database.reader() as db:
            rows = db.execute(
                f"SELECT seq, canonical FROM journal WHERE {kind_term} AND seq < coalesce(?, seq + 1)"
                " ORDER BY seq DESC LIMIT ?",
                [*map(str, kinds), before_seq, limit],
            ).fetchall()
        return [journal_row_from(seq, canonical) for seq, canonical in rows]

    def about(self, person_id: str, kinds: Sequence[JournalKind] = ()) -> list[JournalRow]:
        """Return every row about a person and people merged into them, newest first; no kinds means all."""
        kind_term = f"+kind IN ({marks(kinds)})" if kinds else "1"
        with self._database.reader() as db:
            ids = ids_of(db, person_id)
            rows = db.execute(
                f"SELECT seq, canonical FROM journal WHERE person_id IN ({marks(ids)}) AND {kind_term}"
                " ORDER BY seq DESC",
                [*ids, *map(str, kinds)],
            ).fetchall()
        return [journal_row_from(seq, canonical) for seq, canonical in rows]

    def note(self, seq: int) -> str | None:
        """Return the note of a row; None when it has none or it was erased."""
        with self._database.reader() as db:
            row = db.execute("SELECT text FROM notes WHERE seq = ?", [seq]).fetchone()
        return None if row is None else str(row[0])
