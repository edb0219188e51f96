"""Pages of the log: in every order complete, without a gap or a double, whatever is filtered."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from faceaccess.codes import Method, Outcome, Reason
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Event, EventFilter, EventOrder, EventSort
from faceaccess.store.people.people import People
from tests.store.builders import NOON, make_entry

KEYS = {
    EventOrder.ENTRY: lambda event: event.seq,
    EventOrder.TIME: lambda event: event.entry.at,
    EventOrder.PERSON: lambda event: (event.person_name or "").casefold(),
    EventOrder.OUTCOME: lambda event: event.entry.outcome,
    EventOrder.DISTANCE: lambda event: 9.0 if event.entry.distance is None else event.entry.distance,
    EventOrder.CAMERA: lambda event: event.entry.camera,
}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    """Forty entries of three people, two of one name, one since deleted, and strangers; only read."""
    with Database.open(tmp_path_factory.mktemp("log")) as database:
        yield _fill(Journal(database), People(database))


def _fill(journal: Journal, people: People) -> Journal:
    dice = random.Random(4)
    ids = [people.create(name=name, department=name[:1]).person_id for name in ("Bea", "ada", "Ada", "Carl")]
    for second in range(40):
        person = dice.choice([*ids, None])
        journal.append(
            make_entry(
                person,
                at=NOON + timedelta(seconds=second),
                outcome=Outcome.ACCEPTED if person else dice.choice([Outcome.UNKNOWN, Outcome.LOW_QUALITY]),
                reason=dice.choice([Reason.MATCH, Reason.TOO_DARK]),
                distance=dice.choice([None, 0.1, 0.2, 0.3]),
                camera=dice.choice(["Gate", "Yard"]),
                door=dice.choice(["North", "South"]),
                method=dice.choice([Method.FACE, Method.PIN]),
            ),
            None,
        )
    people.erasing.person(ids[3])
    return journal


def read_all(journal: Journal, wanted: EventFilter, sort: EventSort, limit: int) -> list[Event]:
    found: list[Event] = []
    while page := journal.events.page(wanted, sort, after=found[-1] if found else None, limit=limit):
        assert len(page) <= limit
        found += page
    return found


@pytest.mark.parametrize("is_descending", [True, False])
@pytest.mark.parametrize("order", list(EventOrder))
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_every_order_is_complete_and_sorted(
    log: Journal, order: EventOrder, is_descending: bool, limit: int
) -> None:
    found = read_all(log, EventFilter(), EventSort(order, is_descending), limit)
    assert sorted(event.entry.at for event in found) == [NOON + timedelta(seconds=s) for s in range(40)]
    if order is EventOrder.PERSON:
        named = [event for event in found if event.person_name]
        assert found[: len(named)] == named, "those without a name come last"
        found = named
    keys = [KEYS[order](event) for event in found]
    assert keys == sorted(keys, reverse=is_descending)
    if order is not EventOrder.ENTRY:
        for one, other in zip(found, found[1:], strict=False):
            same = (one.entry.person_id, KEYS[order](one)) == (other.entry.person_id, KEYS[order](other))
            assert not same or order is not EventOrder.PERSON or one.seq > other.seq


@pytest.mark.parametrize("order", list(EventOrder))
@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (EventFilter(door="North"), lambda event: event.entry.door == "North"),
        (EventFilter(method=Method.PIN), lambda event: event.entry.method is Method.PIN),
        (EventFilter(reason=Reason.TOO_DARK), lambda event: event.entry.reason is Reason.TOO_DARK),
        (EventFilter(department="B"), lambda event: event.person_name == "Bea"),
        (EventFilter(text="ADA"), lambda event: event.person_name in ("ada", "Ada")),
        (
            EventFilter(camera="Gate", outcomes=(Outcome.UNKNOWN,), since=NOON + timedelta(seconds=5)),
            lambda event: (
                event.entry.camera == "Gate"
                and event.entry.outcome is Outcome.UNKNOWN
                and event.entry.at >= NOON + timedelta(seconds=5)
            ),
        ),
        (EventFilter(door="Nowhere"), lambda _: False),
    ],
    ids=["door", "method", "reason", "department", "text", "several", "nowhere"],
)
def test_every_filter_holds_in_every_order(
    log: Journal, order: EventOrder, wanted: EventFilter, fits
) -> None:
    everything = read_all(log, EventFilter(), EventSort(), 100)
    found = read_all(log, wanted, EventSort(order), 4)
    assert {event.seq for event in found} == {event.seq for event in everything if fits(event)}
    assert len(found) == len({event.seq for event in found}) == log.events.count(wanted)


def test_what_there_is_to_choose_from(log: Journal) -> None:
    assert log.events.values_of("door") == ["North", "South"]
    assert log.events.values_of("method") == ["face", "pin"]
    assert log.events.values_of("reason") == ["match", "too_dark"]
    assert log.events.cameras() == ["Gate", "Yard"]
