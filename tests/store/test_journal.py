"""The journal: what goes in comes out, nothing is changed quietly."""

import threading
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from faceaccess.codes import Direction, JournalKind, Outcome, Reason
from faceaccess.errors import StoreError
from faceaccess.store.access.types import DOOR
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.people.people import People
from tests.store.builders import NOON, OPERATOR, make_entry


def test_an_entry_comes_back_as_it_went_in(people: People, journal: Journal) -> None:
    ada, bea = people.create(name="Ada"), people.create(name="Bea")
    entry = make_entry(
        ada.person_id,
        runner_up_id=bea.person_id,
        runner_up_distance=0.61,
        direction=Direction.IN,
        is_recording=True,
        frame=17,
        time_s=0.68,
        track_id=4,
        zone="UTC+05:30",
    )
    event = journal.append(entry, b"jpeg")
    assert event == journal.events.get(event.seq) == journal.events.newest(EventFilter())[0]
    assert event.entry == entry
    assert (event.person_name, event.runner_up_name, event.has_crop) == ("Ada", "Bea", True)
    assert journal.events.crop(event.seq) == b"jpeg"
    assert journal.rows.newest()[0].actor == DOOR.name


def test_a_loose_crop_is_kept_with_its_landmarks(journal: Journal) -> None:
    points = np.arange(10, dtype=np.float32).reshape(5, 2) / 3
    loose = journal.append(make_entry(), b"loose", landmarks=points)
    aligned = journal.append(make_entry(), b"aligned")
    found = journal.events.entry_crop(loose.seq)
    assert found is not None
    assert found.landmarks is not None
    assert (found.jpeg, found.landmarks.tolist()) == (b"loose", points.tolist())
    before = journal.events.entry_crop(aligned.seq)
    assert before is not None
    assert (before.jpeg, before.landmarks) == (b"aligned", None)
    assert journal.events.entry_crop(99) is None
    assert journal.verify().is_good


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("reason", [Reason.MATCH, Reason.FACE_BLURRED])
def test_every_outcome_can_be_journalled(journal: Journal, outcome: Outcome, reason: Reason) -> None:
    entry = make_entry(outcome=outcome, reason=reason, distance=None)
    assert journal.append(entry, None).entry == entry


def test_numpy_numbers_are_taken(journal: Journal) -> None:
    event = journal.append(make_entry(distance=np.float32(0.25), quality=np.float64(3)), None)
    assert event.entry.distance == 0.25


def test_times_of_other_zones_are_kept_as_utc(journal: Journal) -> None:
    local = NOON.astimezone().replace(microsecond=123_456)
    assert journal.append(make_entry(at=local), None).entry.at == local
    with pytest.raises(ValueError, match="without a zone"):
        journal.append(make_entry(at=NOON.replace(tzinfo=None)), None)


def test_names_shown_are_the_present_ones(people: People, journal: Journal) -> None:
    person = people.create(name="Ada")
    journal.append(make_entry(person.person_id), None)
    people.update(person.person_id, name="Ada Byron", staff_number=None, department="")
    assert journal.events.newest(EventFilter())[0].person_name == "Ada Byron"


def test_operator_actions_are_rows_but_not_entries(journal: Journal) -> None:
    seq = journal.record(OPERATOR, JournalKind.PERSON_ENROLLED, person_id="a" * 32, details={"photos": 2})
    row = journal.rows.newest()[0]
    assert (row.seq, row.kind, row.actor) == (seq, JournalKind.PERSON_ENROLLED, "olga")
    assert (row.person_id, row.details) == ("a" * 32, {"photos": 2})
    assert journal.events.newest(EventFilter()) == []
    assert journal.events.get(seq) is None
    assert journal.events.get(99) is None
    assert journal.events.crop(seq) is None


def test_rows_are_paged_and_filtered_by_kind(journal: Journal) -> None:
    for _ in range(3):
        journal.append(make_entry(), None)
        journal.record(OPERATOR, JournalKind.EXPORTED)
    assert [row.seq for row in journal.rows.newest(limit=2)] == [6, 5]
    assert [row.seq for row in journal.rows.newest(limit=2, before_seq=5)] == [4, 3]
    assert [row.seq for row in journal.rows.newest([JournalKind.EXPORTED])] == [6, 4, 2]


def test_filters(people: People, journal: Journal) -> None:
    ada = people.create(name="Ada 100%", staff_number="E7")
    bea = people.create(name="Bea", department="Sales")
    first = journal.append(make_entry(ada.person_id, second=0), None).seq
    journal.append(make_entry(bea.person_id, second=10, camera="Gate"), None)
    journal.append(make_entry(second=20), None)
    journal.append(make_entry(bea.person_id, second=30, outcome=Outcome.DENIED), None)
    for wanted, found in [
        (EventFilter(), [4, 3, 2, 1]),
        (EventFilter(since=NOON + timedelta(seconds=10)), [4, 3, 2]),
        (EventFilter(until=NOON + timedelta(seconds=10)), [1]),
        (EventFilter(person_id=bea.person_id), [4, 2]),
        (EventFilter(outcomes=(Outcome.UNKNOWN, Outcome.DENIED)), [4, 3]),
        (EventFilter(camera="Gate"), [2]),
        (EventFilter(text="e7"), [1]),
        (EventFilter(text="100%"), [1]),
        (EventFilter(text="_"), []),
        (EventFilter(text="SALES", outcomes=(Outcome.DENIED,)), [4]),
    ]:
        assert [event.seq - first + 1 for event in journal.events.newest(wanted)] == found, wanted
        assert journal.events.count(wanted) == len(found)
    assert journal.events.cameras() == ["Door", "Gate"]


def test_pages_follow_without_gap(journal: Journal) -> None:
    for second in range(5):
        journal.append(make_entry(second=second), None)
    first = journal.events.newest(EventFilter(), limit=2)
    second_page = journal.events.newest(EventFilter(), limit=2, before_seq=first[-1].seq)
    assert [event.seq for event in first + second_page] == [5, 4, 3, 2]


def test_cool_downs_are_restored_from_live_accepted_entries(people: People, journal: Journal) -> None:
    ada = people.create(name="Ada")
    first = journal.append(make_entry(ada.person_id, second=0), None).seq
    second = journal.append(make_entry(ada.person_id, second=10), None).seq
    journal.append(make_entry(ada.person_id, second=20, is_recording=True), None)
    journal.append(make_entry(second=30), None)
    assert [event.seq for event in journal.events.last_accepted(NOON + timedelta(seconds=5))] == [second]
    assert [event.seq for event in journal.events.last_accepted(NOON)] == [second, first]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal SET canonical = '{}' WHERE seq = 1",
        "UPDATE journal SET seq = 9 WHERE seq = 1",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE seq = 2",
        "REPLACE INTO journal (seq, canonical, previous_hash, hash)"
        " SELECT seq, canonical, previous_hash, hash FROM journal WHERE seq = 1",
    ],
)
def test_the_database_refuses_changes_of_the_journal(database: Database, journal: Journal, sql: str) -> None:
    journal.append(make_entry(), None)
    journal.append(make_entry(), None)
    with pytest.raises(sqlcipher.IntegrityError, match="append-only"), database.transaction() as db:
        db.execute(sql)
    assert journal.verify().is_good


@pytest.mark.parametrize(
    ("sql", "first_bad"),
    [
        ("UPDATE journal SET canonical = replace(canonical, 'unknown', 'denied') WHERE seq = 3", 3),
        ("UPDATE journal SET canonical = 'x{' WHERE seq = 3", None),
        ("UPDATE journal SET hash = zeroblob(32) WHERE seq = 3", 3),
        ("UPDATE journal SET previous_hash = zeroblob(32) WHERE seq = 3", 3),
        ("DELETE FROM journal WHERE seq = 3", 3),
        ("DELETE FROM journal WHERE seq = 1", 1),
        ("UPDATE journal SET seq = -seq WHERE seq IN (2, 3)", 1),
        ("UPDATE journal SET seq = 7 WHERE seq = 6", 6),
        ("UPDATE crops SET jpeg = x'00' WHERE seq = 4", 4),
        ("UPDATE crops SET salt = x'00' WHERE seq = 4", 4),
        ("INSERT INTO crops (seq, salt, jpeg) SELECT 5, salt, jpeg FROM crops WHERE seq = 4", 5),
    ],
)
def test_tampering_by_someone_with_the_key_is_found(
    database: Database, journal: Journal, sql: str, first_bad: int | None
) -> None:
    for _ in range(6):
        journal.append(make_entry(), None if journal.events.count(EventFilter()) != 3 else b"jpeg")
    assert journal.verify().is_good
    try:
        with database.transaction() as db:
            for trigger in ("update", "delete"):
                db.execute(f"DROP TRIGGER journal_refuses_{trigger}")
            db.execute("PRAGMA defer_foreign_keys = ON")
            db.execute(sql)
    except sqlcipher.Error:
        assert first_bad is None
        return
    assert journal.verify().faults[0][0] == first_bad


def test_a_row_forged_with_a_fitting_hash_breaks_the_next(database: Database, journal: Journal) -> None:
    from faceaccess.store.journal.chain import chain_hash

    for _ in range(3):
        journal.append(make_entry(), None)
    with database.transaction() as db:
        db.execute("DROP TRIGGER journal_refuses_update")
        canonical, previous = db.execute(
            "SELECT canonical, previous_hash FROM journal WHERE seq = 2"
        ).fetchone()
        forged = canonical.replace("unknown", "denied")
        db.execute(
            "UPDATE journal SET canonical = ?, hash = ? WHERE seq = 2", [forged, chain_hash(previous, forged)]
        )
    assert journal.verify().faults[0][0] == 3


def test_erasing_a_crop_does_not_break_the_chain(database: Database, journal: Journal) -> None:
    journal.append(make_entry(), b"jpeg")
    with database.transaction() as db:
        db.execute("DELETE FROM crops")
    assert journal.verify().is_good
    assert journal.events.newest(EventFilter())[0].has_crop is False


def test_no_name_is_ever_in_a_row(
    database: Database, people: People, journal: Journal, tmp_path: Path
) -> None:
    person = people.create(name="Marguerite")
    journal.append(make_entry(person.person_id), None)
    journal.export_csv(
        OPERATOR, EventFilter(text="Marguerite"), tmp_path / "Marguerite.csv", local=lambda at: at
    )
    with database.reader() as db:
        texts = [row[0] for row in db.execute("SELECT canonical FROM journal")]
    assert len(texts) == 3
    assert not any("Marguerite" in text for text in texts)


def test_reading_goes_on_while_another_thread_appends(journal: Journal) -> None:
    stop = threading.Event()

    def append() -> None:
        while not stop.is_set():
            journal.append(make_entry(), b"jpeg")

    thread = threading.Thread(target=append)
    thread.start()
    try:
        for _ in range(30):
            seqs = [event.seq for event in journal.events.newest(EventFilter())]
            assert seqs == sorted(seqs, reverse=True)
    finally:
        stop.set()
        thread.join(5)
    assert journal.verify().is_good


def test_an_entry_is_voided_by_a_row_of_its_own_and_stays(journal: Journal, database: Database) -> None:
    person = People(database).create(name="Ada")
    first, second = (journal.append(make_entry(person.person_id), None) for _ in range(2))
    void = journal.void(OPERATOR, first.seq)
    events = {event.seq: event.voided_by for event in journal.events.newest(EventFilter())}
    assert events == {second.seq: None, first.seq: void}
    assert [event.seq for event in journal.events.last_accepted(first.entry.at)] == [second.seq]
    row = journal.rows.get(void)
    assert (row.kind, row.actor, row.details) == (JournalKind.ENTRY_VOIDED, "olga", {"entry": first.seq})
    assert journal.verify().is_good
    for seq, reason in (
        (first.seq, f"taken back already, by row {void}"),
        (void, "no entry"),
        (99, "no entry"),
    ):
        with pytest.raises(StoreError, match=reason):
            journal.void(OPERATOR, seq)
