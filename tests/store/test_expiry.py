"""What is past its time goes, and nothing else; the log's proof goes on."""

from datetime import datetime, timedelta

import pytest

from faceaccess.codes import ChainFault, JournalKind, Outcome, Role
from faceaccess.errors import PermissionDenied, StoreError
from faceaccess.settings import RetentionSettings
from faceaccess.store import clock
from faceaccess.store.access.types import Actor
from faceaccess.store.file.connection import connect
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.proof import Fault
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.people.people import People
from faceaccess.upkeep.expiry import Expired, Expiry
from tests.store.builders import OPERATOR, make_entry

NOW = datetime.fromisoformat("2026-06-01T12:00:00+00:00")
OLD = NOW - timedelta(days=40)
NEW = NOW - timedelta(days=5)


@pytest.fixture
def expiry(database: Database, journal: Journal, people: People) -> Expiry:
    return Expiry(database, journal, people)


@pytest.fixture
def ada(people: People, journal: Journal, monkeypatch: pytest.MonkeyPatch) -> str:
    """Ada, enrolled by row 1, with an old and a new entry, and a stranger's beside each."""
    with monkeypatch.context() as patch:
        patch.setattr(clock, "utc_now", lambda: OLD)
        person_id = people.create(name="Ada").person_id
        for at in (OLD, NEW):
            journal.append(make_entry(person_id, at=at), b"ada")
            journal.append(make_entry(None, at=at, outcome=Outcome.UNKNOWN), b"stranger")
    return person_id


def crops(journal: Journal) -> list[int]:
    return [event.seq for event in journal.events.newest(EventFilter()) if event.has_crop]


def test_nothing_goes_until_somebody_says_how_long_it_is_kept(expiry: Expiry, ada: str) -> None:
    assert expiry.preview(RetentionSettings(), NOW) == Expired(0, 0, 0, 0)
    assert expiry.run(OPERATOR, RetentionSettings(), NOW) == Expired(0, 0, 0, 0)


@pytest.mark.parametrize(
    ("settings", "expected", "left"),
    [
        (RetentionSettings(unknown_crops_days=30), Expired(1, 0, 0, 0), [5, 4, 2]),
        (RetentionSettings(crops_days=30), Expired(0, 1, 0, 0), [5, 4, 3]),
        (RetentionSettings(unknown_crops_days=1, crops_days=1), Expired(2, 2, 0, 0), []),
        (RetentionSettings(unknown_crops_days=60, crops_days=60), Expired(0, 0, 0, 0), [5, 4, 3, 2]),
        (RetentionSettings(events_days=30), Expired(0, 0, 3, 0), [5, 4]),
    ],
)
def test_each_kind_has_a_time_of_its_own(
    expiry: Expiry,
    journal: Journal,
    ada: str,
    settings: RetentionSettings,
    expected: Expired,
    left: list[int],
) -> None:
    assert expiry.preview(settings, NOW) == expected
    assert expiry.run(OPERATOR, settings, NOW) == expected
    assert crops(journal) == left
    assert journal.verify().is_good
    assert expiry.preview(settings, NOW) == Expired(0, 0, 0, 0)
    if any(vars(expected).values()):
        assert journal.rows.newest()[0].kind is JournalKind.RETENTION_RUN


def test_who_has_left_long_ago_is_deleted_with_everything(
    expiry: Expiry, people: People, journal: Journal, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bea = people.create(name="Bea")
    for person_id, at in ((ada, OLD), (bea.person_id, NEW)):
        monkeypatch.setattr(clock, "utc_now", lambda at=at: at)
        people.set_active(person_id, False)
        journal.record(
            OPERATOR, JournalKind.PERSON_CHANGED, person_id=person_id, details={"is_active": False}
        )
    settings = RetentionSettings(leavers_days=30)
    assert expiry.run(OPERATOR, settings, NOW).leavers == 1
    assert [person.name for person in people.list()] == ["Bea"]
    assert journal.events.crop(2) is None
    people.set_active(bea.person_id, True)
    assert expiry.preview(settings, NOW + timedelta(days=90)).leavers == 0


def test_the_start_of_the_log_can_be_moved_by_nobody_else(
    expiry: Expiry, journal: Journal, database: Database, ada: str
) -> None:
    """A log whose start was cut off by hand is found, however well the start is forged."""
    with database.transaction() as db:
        row_hash = db.execute("SELECT hash FROM journal WHERE seq = 2").fetchone()[0]
        db.execute("UPDATE journal_start SET seq = 2, hash = ?", [row_hash])
        db.execute("DELETE FROM crops WHERE seq <= 2")
        db.execute("DELETE FROM journal WHERE seq <= 2")
    assert journal.verify().faults == (
        Fault(2, ChainFault.ROW),
        Fault(0, ChainFault.RECORD, f"person:{ada}"),  # the row that had her digest is gone
    )


def test_digests_of_records_outlive_the_rows_that_had_them(
    expiry: Expiry, journal: Journal, database: Database, people: People, ada: str
) -> None:
    assert expiry.run(OPERATOR, RetentionSettings(events_days=30), NOW).rows == 3
    with connect(database.path, database.secrets.database_key, read_only=False).conn as db:
        db.execute("UPDATE people SET name = 'Bea'")
    assert [(fault.kind, fault.about) for fault in journal.verify().faults] == [
        (ChainFault.RECORD, f"person:{ada}")
    ]


def test_removing_old_rows_hides_no_change_of_a_record(
    expiry: Expiry, journal: Journal, database: Database, ada: str
) -> None:
    with connect(database.path, database.secrets.database_key, read_only=False).conn as db:
        db.execute("UPDATE people SET name = 'Bea'")
    expiry.run(OPERATOR, RetentionSettings(events_days=30), NOW)
    assert [(fault.kind, fault.about) for fault in journal.verify().faults] == [
        (ChainFault.FOUND_CHANGED, f"person:{ada}")
    ]


def test_an_end_kept_before_the_start_is_still_good(expiry: Expiry, journal: Journal, ada: str) -> None:
    kept = journal.head()
    for _ in range(3):
        journal.append(make_entry(at=NOW), None)
    later = journal.head()
    expiry.run(OPERATOR, RetentionSettings(events_days=2), NOW)
    assert journal.verify([kept, later]).is_good


def test_the_newest_row_is_never_removed(journal: Journal, ada: str) -> None:
    for seq in (0, 5, 9):
        with pytest.raises(StoreError, match="can't be the last"):
            journal.prune(OPERATOR, seq)


def test_it_can_be_stopped_between_steps(expiry: Expiry, journal: Journal, ada: str) -> None:
    removed = expiry.run(OPERATOR, RetentionSettings(1, 1, 1, 1), NOW, is_cancelled=lambda: True)
    assert removed == Expired(0, 0, 0, 0)
    assert len(crops(journal)) == 4


def test_only_who_keeps_the_data_may(expiry: Expiry) -> None:
    with pytest.raises(PermissionDenied):
        expiry.run(Actor("Ben", Role.AUDITOR), RetentionSettings(), NOW)


def test_an_absence_goes_with_the_row_that_entered_it_unless_it_still_matters(
    expiry: Expiry, journal: Journal, database: Database, ada: str
) -> None:
    """Whoever had been absent once kept every row for good: none could be removed any more."""
    with database.transaction() as db:
        for seq, last_day in ((2, OLD), (3, NOW)):
            row = {"seq": seq, "person_id": ada, "kind": "leave", "part": "all_day"}
            day = last_day.date().isoformat()
            db.table("absences").insert(row | {"first_day": day, "last_day": day})
    settings = RetentionSettings(events_days=30)
    assert expiry.preview(settings, NOW).rows == 2
    assert expiry.run(OPERATOR, settings, NOW).rows == 2
    with database.reader() as db:
        assert [row[0] for row in db.execute("SELECT seq FROM absences")] == [3]
    with database.transaction() as db:
        db.execute("UPDATE absences SET removed_by = 4")
    assert expiry.run(OPERATOR, settings, NOW).rows == 1
    assert journal.verify().is_good
