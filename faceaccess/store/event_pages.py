"""Pages of the log in any order: from an index, row after row, never the whole table."""

from collections.abc import Sequence

from sqlite_utils import Database as SqliteDatabase

from faceaccess.store import clock
from faceaccess.store.names import fold
from faceaccess.store.rows import Lead, event_where
from faceaccess.store.types import Event, EventFilter, EventOrder, EventSort

NO_DISTANCE = 9.0
"""Stands for the distance of an entry that has none: beyond all others. Part of an index."""


_KEYS = {
    EventOrder.TIME: "j.at_utc",
    EventOrder.OUTCOME: "j.outcome",
    EventOrder.DISTANCE: f"coalesce(j.distance, {NO_DISTANCE})",
    EventOrder.CAMERA: "j.camera",
}


FEW = 3000
SHORT = 10_000
"""So many entries that a filter finds are sorted at once; with more, the next page is near along the
index of the order. A time that has no more entries than SHORT finds them faster than another filter.
Source: `faceaccess benchmark log`."""


def page_seqs(
    db: SqliteDatabase, wanted: EventFilter, sort: EventSort, *, after: Event | None, limit: int
) -> list[int]:
    """Return the numbers of the next entries of a filter, in an order.

    Args:
        db: to read.
        wanted: which entries.
        sort: in which order.
        after: the last one of the page before; None begins.
        limit: how many at most.
    """
    where, parameters = _narrowed(db, wanted, sort.order)
    if sort.order is EventOrder.PERSON:
        return _by_person(db, where, parameters, sort, after, limit)
    if sort.order is EventOrder.ENTRY:
        sign, way = ("<", "DESC") if sort.is_descending else (">", "ASC")
        if after is not None:
            where, parameters = f"{where} AND j.seq {sign} ?", [*parameters, after.seq]
        return _seqs(db, f"SELECT j.seq FROM journal j WHERE {where} ORDER BY j.seq {way}", parameters, limit)
    key = _KEYS[sort.order]
    sign, way = ("<", "DESC") if sort.is_descending else (">", "ASC")
    begin = f"SELECT j.seq FROM journal j {_index(wanted, sort.order, where)} WHERE {where}"
    if after is None:
        return _seqs(db, f"{begin} ORDER BY {key} {way}, j.seq {way}", parameters, limit)
    # In two steps, each along the index: the rest of the same value, then the values after it.
    value = _key_of(after, sort.order)
    same = f"{begin} AND {key} = ? AND j.seq {sign} ? ORDER BY j.seq {way}"
    found = _seqs(db, same, [*parameters, value, after.seq], limit)
    later = f"{begin} AND {key} {sign} ? ORDER BY {key} {way}, j.seq {way}"
    return found + _seqs(db, later, [*parameters, value], limit - len(found))


def _index(wanted: EventFilter, order: EventOrder, where: str) -> str:
    """Return the index to be named: distances of one outcome may lie far from either end of all."""
    is_one = order is EventOrder.DISTANCE and len(wanted.outcomes) == 1
    return "INDEXED BY journal_by_outcome_and_distance" if is_one and "j.seq IN" not in where else ""


def _narrowed(db: SqliteDatabase, wanted: EventFilter, order: EventOrder) -> tuple[str, list[object]]:
    """Return the condition of a filter so that a page of an order is found along the best index."""
    if wanted == EventFilter():
        return event_where(wanted, Lead.FILTER if order is EventOrder.ENTRY else Lead.ORDER)
    lead = Lead.FILTER
    if wanted.since is not None or wanted.until is not None:
        span, bounds = event_where(EventFilter(since=wanted.since, until=wanted.until), Lead.TIME)
        is_short = len(_seqs(db, f"SELECT j.seq FROM journal j WHERE {span}", bounds, SHORT + 1)) <= SHORT
        lead = Lead.TIME if is_short else lead
    where, parameters = event_where(wanted, lead)
    few = _seqs(db, f"SELECT j.seq FROM journal j WHERE {where}", parameters, FEW + 1)
    if len(few) <= FEW:
        return f"j.seq IN ({', '.join(map(str, few))})", []
    if order is EventOrder.DISTANCE and len(wanted.outcomes) == 1:
        return event_where(wanted, Lead.OUTCOME)
    return event_where(wanted, Lead.ORDER if order in _KEYS else Lead.FILTER)


def _key_of(event: Event, order: EventOrder) -> object:
    entry = event.entry
    if order is EventOrder.TIME:
        return clock.to_text(entry.at)
    if order is EventOrder.DISTANCE:
        return NO_DISTANCE if entry.distance is None else entry.distance
    return str(entry.outcome) if order is EventOrder.OUTCOME else entry.camera


def _by_person(
    db: SqliteDatabase,
    where: str,
    parameters: list[object],
    sort: EventSort,
    after: Event | None,
    limit: int,
) -> list[int]:
    """Return entries by the present names of people; those without a name come last."""
    found: list[int] = []
    if after is None or after.person_name is not None:
        sign, way = ("<", "DESC") if sort.is_descending else (">", "ASC")
        begin = "SELECT j.seq FROM people p CROSS JOIN journal j ON j.person_id = p.person_id"
        ordered = f"ORDER BY p.name_key {way}, p.person_id {way}, j.seq DESC"
        if after is None:
            found = _seqs(db, f"{begin} WHERE {where} {ordered}", parameters, limit)
        else:
            person = [fold(after.person_name or ""), after.entry.person_id]
            same = f"{begin} WHERE {where} AND p.person_id = ? AND j.seq < ? ORDER BY j.seq DESC"
            found = _seqs(db, same, [*parameters, after.entry.person_id, after.seq], limit)
            later = f"{begin} WHERE {where} AND (p.name_key, p.person_id) {sign} (?, ?) {ordered}"
            found += _seqs(db, later, [*parameters, *person], limit - len(found))
    nameless = (
        f"SELECT j.seq FROM journal j WHERE {where} AND NOT EXISTS"
        " (SELECT 1 FROM people p WHERE p.person_id = j.person_id)"
    )
    if after is not None and after.person_name is None:
        nameless, parameters = f"{nameless} AND j.seq < ?", [*parameters, after.seq]
    return found + _seqs(db, f"{nameless} ORDER BY j.seq DESC", parameters, limit - len(found))


def _seqs(db: SqliteDatabase, select: str, parameters: Sequence[object], limit: int) -> list[int]:
    if limit <= 0:
        return []
    return [row[0] for row in db.execute(f"{select} LIMIT ?", [*parameters, limit]).fetchall()]
