"""Pages of the log in any order: from an index, row after row, never the whole table."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import Outcome
from faceaccess.store import clock
from faceaccess.store.journal.rows import Lead, event_where
from faceaccess.store.journal.types import Event, EventFilter, EventOrder, EventSort
from faceaccess.store.people.aliases import owner_of
from faceaccess.store.people.names import fold

NO_DISTANCE = 9.0
"""Stands for the distance of an entry that has none: beyond all others. Part of an index."""

FEW = 3000
SHORT = 10_000
"""So many entries that a filter finds are sorted at once; with more, the next page is near along the
index of the order. A time that has no more entries than SHORT finds them faster than another filter.
Source: `faceaccess benchmark log`."""

_KEYS = {
    EventOrder.TIME: "j.at_utc",
    EventOrder.DISTANCE: f"coalesce(j.distance, {NO_DISTANCE})",
}

_LEADS = {
    "journal_by_outcome": Lead.OUTCOME,
    "journal_by_camera": Lead.CAMERA,
    "journal_of_person": Lead.PERSON,
}
_INDEXES = {
    EventOrder.OUTCOME: "journal_by_outcome",
    EventOrder.CAMERA: "journal_by_camera",
    EventOrder.PERSON: "journal_of_person",
}


def page_seqs(
    db: SqliteDatabase, event_filter: EventFilter, sort: EventSort, *, after: Event | None, limit: int
) -> list[int]:
    """Return the numbers of the next entries of a filter, in an order.

    Args:
        db: to read.
        event_filter: which entries.
        sort: in which order.
        after: the last one of the page before; None begins.
        limit: how many at most.
    """
    few = _few(db, event_filter)
    if few is not None:
        return _sorted(db, few, sort, after)[:limit]
    if sort.order in _KEYS:
        return _by_key(db, event_filter, sort, after, limit)
    if sort.order is not EventOrder.ENTRY:
        return _by_value(db, event_filter, sort, after, limit)
    where, parameters = event_where(db, event_filter)
    sign, way = ("<", "DESC") if sort.is_descending else (">", "ASC")
    if after is not None:
        where, parameters = f"{where} AND j.seq {sign} ?", [*parameters, after.seq]
    return _seqs(db, f"SELECT j.seq FROM journal j WHERE {where} ORDER BY j.seq {way}", parameters, limit)


def _sorted(db: SqliteDatabase, few: Sequence[int], sort: EventSort, after: Event | None) -> list[int]:
    """Return some entries in an order, those behind the last one shown."""
    key = {
        EventOrder.ENTRY: "j.seq",
        EventOrder.PERSON: "p.name_key || p.person_id",
        EventOrder.OUTCOME: "j.outcome",
        EventOrder.CAMERA: "j.camera",
        **_KEYS,
    }[sort.order]
    way = "DESC" if sort.is_descending else "ASC"
    within = way if sort.order in _KEYS else "DESC"
    rows = db.execute(
        f"SELECT j.seq FROM journal j LEFT JOIN people a ON a.person_id = j.person_id"
        f" LEFT JOIN people p ON p.person_id = a.owner_id"
        f" WHERE j.seq IN ({', '.join(map(str, few))})"
        f" ORDER BY {key} IS NULL, {key} {way}, j.seq {within}"
    ).fetchall()
    seqs = [row[0] for row in rows]
    return seqs if after is None else seqs[seqs.index(after.seq) + 1 :] if after.seq in seqs else []


def _newest(
    db: SqliteDatabase, event_filter: EventFilter, index: str, before_seq: int | None, limit: int
) -> list[int]:
    """Return the newest entries of a filter along an index that ends with their number."""
    if event_filter.department or event_filter.text or (event_filter.person_id and event_filter.outcomes):
        # Told by its people in no time, while what the index leads to may be none of theirs.
        where, parameters = event_where(db, event_filter)
        if not _seqs(db, f"SELECT j.seq FROM journal j WHERE {where}", parameters, 1):
            return []
    where, parameters = event_where(db, event_filter, _LEADS[index])
    if before_seq is not None:
        where, parameters = f"{where} AND j.seq < ?", [*parameters, before_seq]
    begin = f"SELECT j.seq FROM journal j INDEXED BY {index} WHERE {where} ORDER BY j.seq DESC"
    return _seqs(db, begin, parameters, limit)


def _few(db: SqliteDatabase, event_filter: EventFilter) -> list[int] | None:
    """Return all entries of a filter, in no order; None when they are many."""
    if event_filter == EventFilter():
        return None
    lead = Lead.FILTER
    if event_filter.since is not None or event_filter.until is not None:
        span, bounds = event_where(
            db, EventFilter(since=event_filter.since, until=event_filter.until), Lead.TIME
        )
        is_short = len(_seqs(db, f"SELECT j.seq FROM journal j WHERE {span}", bounds, SHORT + 1)) <= SHORT
        lead = Lead.TIME if is_short else lead
    where, parameters = event_where(db, event_filter, lead)
    few = _seqs(db, f"SELECT j.seq FROM journal j WHERE {where}", parameters, FEW + 1)
    return few if len(few) <= FEW else None


def _by_value(
    db: SqliteDatabase, event_filter: EventFilter, sort: EventSort, after: Event | None, limit: int
) -> list[int]:
    """Return entries by outcome, camera or person: one value after the other, of each the newest first."""
    seqs: list[int] = []
    is_nameless = after is not None and sort.order is EventOrder.PERSON and after.person_name is None
    if not is_nameless:
        before = None if after is None else after.seq
        for value_filter in _from(db, event_filter, sort, after):
            seqs += _newest(db, value_filter, _INDEXES[sort.order], before, limit - len(seqs))
            before = None
            if len(seqs) >= limit:
                return seqs
    if sort.order is EventOrder.PERSON:
        seqs += _nameless(db, event_filter, after.seq if after and is_nameless else None, limit - len(seqs))
    return seqs


def _from(
    db: SqliteDatabase, event_filter: EventFilter, sort: EventSort, after: Event | None
) -> Iterator[EventFilter]:
    """Yield a filter for each value in turn, starting at that of the last entry shown."""
    if sort.order is EventOrder.PERSON:
        yield from _people_from(db, event_filter, sort, after)
        return
    if sort.order is EventOrder.OUTCOME:
        values = sorted(str(outcome) for outcome in event_filter.outcomes or Outcome)
        last = None if after is None else str(after.entry.outcome)
    else:
        values = [event_filter.camera] if event_filter.camera is not None else _cameras(db)
        last = None if after is None else after.entry.camera
    for value in sorted(values, reverse=sort.is_descending):
        if last is not None and (value > last if sort.is_descending else value < last):
            continue
        is_outcome = sort.order is EventOrder.OUTCOME
        yield (
            replace(event_filter, outcomes=(Outcome(value),))
            if is_outcome
            else replace(event_filter, camera=value)
        )


def _cameras(db: SqliteDatabase) -> list[str]:
    """Return the cameras of all entries, each found behind the one before along the index."""
    cameras: list[str] = []
    select = "SELECT min(camera) FROM journal WHERE camera > ?"
    while (value := db.execute(select, [cameras[-1] if cameras else ""]).fetchone()[0]) is not None:
        cameras.append(value)
    return cameras


def _people_from(
    db: SqliteDatabase, event_filter: EventFilter, sort: EventSort, after: Event | None
) -> Iterator[EventFilter]:
    sign, way = ("<=", "DESC") if sort.is_descending else (">=", "ASC")
    whose = None if event_filter.person_id is None else owner_of(db, event_filter.person_id)
    terms = {
        "person_id = ?": whose,
        "department = ?": event_filter.department,
        "instr(search_key, ?) > 0": fold(event_filter.text) or None,
    }
    used = {term: value for term, value in terms.items() if value is not None}
    parameters: list[object] = list(used.values())
    if after is not None:
        used[f"(name_key, person_id) {sign} (?, ?)"] = ""
        parameters += [fold(after.person_name or ""), after.entry.person_id]
    where = " AND ".join(["merged_into IS NULL", *used])
    select = f"SELECT person_id FROM people WHERE {where} ORDER BY name_key {way}, person_id {way}"
    for (person_id,) in db.execute(select, parameters).fetchall():
        yield replace(event_filter, person_id=person_id, text="", department=None)


def _nameless(db: SqliteDatabase, event_filter: EventFilter, before_seq: int | None, limit: int) -> list[int]:
    """Return the entries of nobody who is enrolled, newest first."""
    if event_filter.person_id is not None or event_filter.department is not None or event_filter.text:
        return []
    where, parameters = event_where(db, event_filter)
    where += " AND NOT EXISTS (SELECT 1 FROM people p WHERE p.person_id = j.person_id)"
    if before_seq is not None:
        where, parameters = f"{where} AND j.seq < ?", [*parameters, before_seq]
    return _seqs(db, f"SELECT j.seq FROM journal j WHERE {where} ORDER BY j.seq DESC", parameters, limit)


def _by_key(
    db: SqliteDatabase, event_filter: EventFilter, sort: EventSort, after: Event | None, limit: int
) -> list[int]:
    """Return entries by time or distance, along its index."""
    lead, index = _lead_of(event_filter, sort.order)
    where, parameters = event_where(db, event_filter, lead)
    key = _KEYS[sort.order]
    sign, way = ("<", "DESC") if sort.is_descending else (">", "ASC")
    begin = f"SELECT j.seq FROM journal j {index} WHERE {where}"
    if after is None:
        return _seqs(db, f"{begin} ORDER BY {key} {way}, j.seq {way}", parameters, limit)
    # In two steps, each along the index: the rest of the same value, then the values after it.
    entry = after.entry
    distance = NO_DISTANCE if entry.distance is None else entry.distance
    value = clock.to_text(entry.at) if sort.order is EventOrder.TIME else distance
    same = f"{begin} AND {key} = ? AND j.seq {sign} ? ORDER BY j.seq {way}"
    seqs = _seqs(db, same, [*parameters, value, after.seq], limit)
    later = f"{begin} AND {key} {sign} ? ORDER BY {key} {way}, j.seq {way}"
    return seqs + _seqs(db, later, [*parameters, value], limit - len(seqs))


def _lead_of(event_filter: EventFilter, order: EventOrder) -> tuple[Lead, str]:
    """Return the lead that finds entries by time or distance, and the index to name.

    The distances of one outcome, or of some people, may lie far from either end of all.
    """
    if order is EventOrder.DISTANCE and (
        event_filter.department or event_filter.text or event_filter.person_id
    ):
        return Lead.PERSON_ENTRY, "INDEXED BY journal_by_person_and_distance"
    if order is EventOrder.DISTANCE and len(event_filter.outcomes) == 1:
        return Lead.OUTCOME_ENTRY, "INDEXED BY journal_by_outcome_and_distance"
    return Lead.TIME if order is EventOrder.TIME else Lead.ORDER, ""


def _seqs(db: SqliteDatabase, select: str, parameters: Sequence[object], limit: int) -> list[int]:
    if limit <= 0:
        return []
    return [row[0] for row in db.execute(f"{select} LIMIT ?", [*parameters, limit]).fetchall()]
