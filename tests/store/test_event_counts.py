"""Counts equal what reading every entry gives, whatever is filtered, voided or recorded."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faceaccess.codes import Method, Outcome, Reason
from faceaccess.store.file.database import Database
from faceaccess.store.journal.event_counts import QUARTER, EventCounts
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Event, EventFilter
from faceaccess.store.people.people import People
from tests.store.builders import MODEL, NOON, OPERATOR, make_entry

WIDTH, STEPS = 0.05, 9

moments = st.integers(0, 4 * 24 * 60).map(lambda minute: NOON + timedelta(minutes=minute))
maybe_moments = st.one_of(st.none(), moments)
filters = st.builds(
    EventFilter,
    since=maybe_moments,
    until=maybe_moments,
    outcomes=st.sampled_from([(), (Outcome.UNKNOWN,), (Outcome.ACCEPTED, Outcome.DENIED)]),
    camera=st.sampled_from([None, "Gate", "Yard"]),
    door=st.sampled_from([None, "North", "South"]),
    department=st.sampled_from([None, "Office"]),
    method=st.sampled_from([None, Method.PIN]),
)
kinds = st.tuples(
    moments,
    st.sampled_from(list(Outcome)),
    st.sampled_from([Reason.MATCH, Reason.NO_MATCH, Reason.TOO_DARK]),
    st.sampled_from([None, 0.0, 0.05, 0.1234, 0.3, 2.5]),
    st.sampled_from(["Gate", "Yard"]),
    st.sampled_from(["North", "South"]),
    st.sampled_from([MODEL, "other"]),
    st.sampled_from(["live", "recording", "voided"]),
    st.sampled_from([Method.FACE, Method.PIN]),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory):
    """One folder for all examples: each clears its journal's worth by a time of its own."""
    with Database.open(tmp_path_factory.mktemp("counts")) as database:
        people = People(database)
        ids = [people.create(name=name, department=name).person_id for name in ("Office", "Yard")]
        yield database, ids


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=st.lists(kinds, max_size=12), wanted=filters)
def test_counts_equal_brute_force(folder, entries: list, wanted: EventFilter) -> None:
    database, ids = folder
    journal, counts = Journal(database), EventCounts(database)
    for number, (at, outcome, reason, distance, camera, door, model_id, kind, method) in enumerate(entries):
        person = ids[number % 2] if outcome in (Outcome.ACCEPTED, Outcome.DENIED) else None
        event = journal.append(
            make_entry(
                person, at=at, outcome=outcome, reason=reason, distance=distance, camera=camera, door=door,
                model_id=model_id, is_recording=kind == "recording", method=method,
            ),
            None,
        )  # fmt: skip
        if kind == "voided":
            journal.void(OPERATOR, event.seq)
    counted = [event.entry for event in journal.events.all(wanted) if is_counted(event)]

    by_time = Counter()
    for each in counts.by_time(wanted):
        by_time[each.start, each.outcome, each.reason] += each.count
    assert by_time == Counter((quarter(entry.at), entry.outcome, entry.reason) for entry in counted)

    by_distance = {
        (each.step, each.is_accepted): each.count
        for each in counts.by_distance(wanted, MODEL, width=WIDTH, steps=STEPS)
    }
    assert by_distance == Counter(
        (min(int(entry.distance / WIDTH), STEPS - 1), entry.outcome is Outcome.ACCEPTED)
        for entry in counted
        if entry.distance is not None and entry.model_id == MODEL
    )
    assert counts.passages(wanted) == {
        (entry.person_id, entry.at)
        for entry in counted
        if entry.outcome is Outcome.ACCEPTED and entry.person_id
    }


def is_counted(event: Event) -> bool:
    return event.voided_by is None and not event.entry.is_recording


def quarter(at: datetime) -> datetime:
    return datetime.fromtimestamp(at.timestamp() // QUARTER.total_seconds() * QUARTER.total_seconds(), UTC)


def test_the_newest_entry_names_the_model_and_threshold(database: Database, journal: Journal) -> None:
    counts = EventCounts(database)
    assert counts.newest_model() is None
    journal.append(make_entry(model_id="old", threshold=0.2), None)
    journal.append(make_entry(model_id="new", threshold=0.3), None)
    journal.append(make_entry(model_id="pin", distance=None), None)
    assert counts.newest_model() == ("new", 0.3)


def test_counting_reads_the_index_alone(database: Database) -> None:
    """In a log of a million entries the table itself would take five times as long."""
    with database.reader() as db:
        plan = db.execute(
            "EXPLAIN QUERY PLAN SELECT outcome, count(*) FROM journal j INDEXED BY journal_counts"
            " WHERE j.at_utc >= '2026' GROUP BY 1"
        ).fetchall()
    assert "journal_counts" in plan[0][3]
