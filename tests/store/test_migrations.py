"""Schema steps: from each older one, refused from a newer one, a copy before."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import JournalKind, Pairing, Passage
from faceaccess.errors import EnrolmentError, PermissionDenied, StoreError
from faceaccess.settings import CameraSettings, DoorSettings
from faceaccess.store import clock
from faceaccess.store.access.failures import FailureCounts, Failures
from faceaccess.store.access.operators import Operators
from faceaccess.store.access.pins import Pins
from faceaccess.store.file import migrations
from faceaccess.store.file.database import Database
from faceaccess.store.file.migrations import MIGRATIONS
from faceaccess.store.file.restoring import DATABASE_FILE
from faceaccess.store.journal import seals
from faceaccess.store.journal.chain import crop_digest
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.punches import Punches
from faceaccess.store.journal.rows import details_of
from faceaccess.store.people.people import People
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.schedules import Schedule, Schedules, Shift
from faceaccess.store.policy.types import ModelChoice
from tests.store.builders import NOON, OPERATOR, make_entry


def add_nickname(db: SqliteDatabase) -> None:
    """A step of the future."""
    db.execute("ALTER TABLE people ADD COLUMN nickname TEXT NOT NULL DEFAULT ''")


def fail(db: SqliteDatabase) -> None:
    """A step that goes wrong half way."""
    db.execute("CREATE TABLE half (x)")
    raise StoreError("The step failed.")


@contextmanager
def _older_program(monkeypatch: pytest.MonkeyPatch, steps: int) -> Iterator[None]:
    """Be a program that knew the first steps only, and sealed nothing."""
    with monkeypatch.context() as patch:
        patch.setattr(migrations.migrate, "__defaults__", (MIGRATIONS[:steps],))
        patch.setattr(seals, "TABLES", {})
        yield


def _make_old(folder: Path, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with _older_program(monkeypatch, steps):
        Database.open(folder).close()


def _insert_person(db: SqliteDatabase, person_id: str) -> None:
    """As any older program wrote one."""
    db.table("people").insert(
        {"person_id": person_id, "name": "Ada", "name_key": "ada", "search_key": "ada\n\n"}
        | {"created_at": clock.to_text(NOON)}
    )


def _version(database: Database) -> int:
    with database.reader() as db:
        return migrations.schema_version(db)


@pytest.mark.parametrize("steps", range(1, len(MIGRATIONS)))
def test_each_older_schema_is_brought_up_to_date(
    tmp_path: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make_old(tmp_path, steps, monkeypatch)
    with Database.open(tmp_path) as database:
        assert _version(database) == len(MIGRATIONS)
        assert database.problems() == []
        People(database).create(name="Ada")
        assert len(People(database).list()) == 1


def test_the_one_camera_of_an_older_schema_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make_old(tmp_path, MIGRATIONS.index(migrations.split_cameras), monkeypatch)
    with (
        _older_program(monkeypatch, MIGRATIONS.index(migrations.split_cameras)),
        Database.open(tmp_path) as database,
        database.transaction() as db,
    ):
        value = '{"camera_name": "Gate", "direction": "in", "source": "2", "cool_down_s": 5.0}'
        db.execute("INSERT INTO policies (key, value) VALUES ('door', ?)", [value])
    with Database.open(tmp_path) as database:
        policies = Policies(database, Journal(database))
        assert policies.read(DoorSettings) == DoorSettings(cool_down_s=5)
        assert policies.cameras() == (CameraSettings(name="Gate", passage=Passage.IN, source="2"),)


def test_entries_of_an_older_schema_count_for_attendance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = MIGRATIONS.index(migrations.create_notes)
    with (
        _older_program(monkeypatch, steps),
        Database.open(tmp_path) as database,
        database.transaction() as db,
    ):
        _insert_person(db, "a" * 32)
        journal, details = Journal(database), details_of(make_entry("a" * 32))
        seq = journal.record(OPERATOR, JournalKind.ENTRY, person_id="a" * 32, details=details)
        journal.record(OPERATOR, JournalKind.ENTRY_VOIDED, details={"entry": seq})
    with Database.open(tmp_path) as database:
        assert Journal(database).verify().is_good
        now = clock.utc_now()
        (punch,) = Punches(database).between(now - timedelta(hours=1), now + timedelta(hours=1))
        assert (punch.person_id, punch.voided_by) == ("a" * 32, seq + 1)
        assert Schedules(database).all() == []


def test_crops_of_an_older_schema_are_aligned_faces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = MIGRATIONS.index(migrations.add_crop_landmarks)
    with (
        _older_program(monkeypatch, steps),
        Database.open(tmp_path) as database,
        database.transaction() as db,
    ):
        details = details_of(make_entry()) | {"crop_sha256": crop_digest(b"salt", b"chip")}
        seq = Journal(database).record(OPERATOR, JournalKind.ENTRY, details=details)
        db.execute("INSERT INTO crops (seq, salt, jpeg) VALUES (?, ?, ?)", [seq, b"salt", b"chip"])
    with Database.open(tmp_path) as database:
        journal = Journal(database)
        found = journal.events.entry_crop(seq)
        assert found is not None
        assert (found.jpeg, found.landmarks) == (b"chip", None)
        assert journal.verify().is_good


def test_people_of_an_older_schema_are_there_and_can_be_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = MIGRATIONS.index(migrations.add_hiding_and_merging)
    with (
        _older_program(monkeypatch, steps),
        Database.open(tmp_path) as database,
        database.transaction() as db,
    ):
        _insert_person(db, "a" * 32)
        _insert_person(db, "b" * 32)
    with Database.open(tmp_path) as database:
        people = People(database)
        assert [(each.name, each.hidden_at) for each in people.list()] == [("Ada", None)] * 2
        with database.transaction() as db:
            db.execute("UPDATE people SET merged_into = ? WHERE person_id = ?", ["b" * 32, "a" * 32])
        assert people.get("a" * 32).person_id == "b" * 32
        people.delete("b" * 32)
        assert people.list(hidden=None) == []
        assert database.problems() == []


def test_the_model_chosen_in_an_older_schema_stays_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        _older_program(monkeypatch, MIGRATIONS.index(migrations.create_shadow_decisions)),
        Database.open(tmp_path) as database,
        database.transaction() as db,
    ):
        db.execute("INSERT INTO policies VALUES ('active_model', '{\"model\": \"facenet-vggface2\"}')")
    with Database.open(tmp_path) as database:
        choice = Policies(database, Journal(database)).read(ModelChoice)
        assert choice == ModelChoice(active="facenet-vggface2")


def test_the_old_file_is_copied_first_with_all_that_its_log_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Database.open(tmp_path) as database:
        People(database).create(name="Ada")
    newer = (*MIGRATIONS, add_nickname)
    monkeypatch.setattr(migrations.migrate, "__defaults__", (newer,))
    with Database.open(tmp_path) as database:
        assert _version(database) == len(newer)
    copy = tmp_path / f"faceaccess.schema{len(MIGRATIONS)}.db"
    assert copy.stat().st_mode & 0o077 == 0
    monkeypatch.undo()
    (tmp_path / "copy").mkdir()
    copy.rename(tmp_path / "copy" / DATABASE_FILE)
    (tmp_path / "faceaccess.key").rename(tmp_path / "copy" / "faceaccess.key")
    with Database.open(tmp_path / "copy") as database:
        assert [person.name for person in People(database).list()] == ["Ada"]


def test_people_of_an_older_schema_have_no_email_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = MIGRATIONS.index(migrations.add_email)
    _make_old(tmp_path, steps, monkeypatch)
    with (
        _older_program(monkeypatch, steps),
        Database.open(tmp_path) as database,
        database.transaction() as db,
    ):
        _insert_person(db, "1" * 32)
    with Database.open(tmp_path) as database:
        assert [(person.name, person.email) for person in People(database).list("ada")] == [("Ada", "")]


def test_schedules_of_an_older_schema_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = MIGRATIONS.index(migrations.allow_split_shifts)
    _make_old(tmp_path, steps, monkeypatch)
    shift = {"start": "22:00", "end": "06:00", "break_minutes": 30, "break_after_minutes": 300,
             "flexible_minutes": None}  # fmt: skip
    rules = {
        "shifts": [shift, *[None] * 6], "pairing": "in_out", "grace_in_minutes": 1, "grace_out_minutes": 2,
        "overtime_after_minutes": 3, "counts_early": False, "works_on_holidays": True,
    }  # fmt: skip
    with (
        _older_program(monkeypatch, steps),
        Database.open(tmp_path) as database,
        database.transaction() as db,
    ):
        values = {"schedule_id": "s1", "name": "Night", "rules": json.dumps(rules)}
        db.table("schedules").insert(values)
    night = Shift(time(22), time(6), 30, 300)
    expected = Schedule("s1", "Night", (night, *[None] * 6), Pairing.IN_OUT, 1, 2, 3, False, True)
    with Database.open(tmp_path) as database:
        assert Schedules(database).all() == [expected]
        later = replace(night, start=time(8), end=time(12), later=((time(17), time(21)),))
        changed = replace(expected, shifts=(later, *[None] * 13), first_week=date(2026, 1, 5))
        Schedules(database).put(changed)
        assert Schedules(database).all() == [changed]


def test_a_new_database_has_no_copy(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    assert not list(tmp_path.glob("*.schema*"))


def test_a_step_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Database.open(tmp_path) as database:
        People(database).create(name="Ada")
    with monkeypatch.context() as patch:
        patch.setattr(migrations.migrate, "__defaults__", ((*MIGRATIONS, add_nickname, fail),))
        with pytest.raises(StoreError, match="step failed"):
            Database.open(tmp_path)
    with Database.open(tmp_path) as database:
        assert _version(database) == len(MIGRATIONS)
        with database.reader() as db:
            assert "half" not in db.table_names()
            assert "nickname" not in db.table("people").columns_dict


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_schema_is_refused_and_kept(tmp_path: Path, read_only: bool) -> None:
    with Database.open(tmp_path) as database, database.transaction() as db:
        db.execute("PRAGMA user_version = 99")
    before = (tmp_path / DATABASE_FILE).read_bytes()
    with pytest.raises(StoreError, match="newer FaceAccess .*schema 99"):
        Database.open(tmp_path, read_only=read_only)
    assert (tmp_path / DATABASE_FILE).read_bytes() == before


def test_a_reader_does_not_migrate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make_old(tmp_path, 1, monkeypatch)
    with pytest.raises(StoreError, match="older schema"):
        Database.open(tmp_path, read_only=True)


@pytest.mark.logs_warnings
def test_staff_numbers_that_are_one_when_folded_lose_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Two meanings of one number: the folder opens, and says whose number is an earlier person's, too."""
    steps = MIGRATIONS.index(migrations.fold_names_and_numbers)
    people = {"a": ("Ada  Byron", "\u00c91", 2), "b": ("Ben", "\u00e91", 1), "c": ("Cleo", "7", 3)}
    with (
        _older_program(monkeypatch, steps),
        Database.open(tmp_path) as database,
        database.transaction() as db,
    ):
        for sign, (name, number, hours) in people.items():
            _insert_person(db, sign * 32)
            created_at = clock.to_text(NOON + timedelta(hours=hours))
            texts = {"name": name, "staff_number": number, "created_at": created_at}
            db.table("people").update(sign * 32, texts)
    with Database.open(tmp_path) as database:
        assert f"of {'a' * 32} is another" in caplog.text
        caplog.clear()
        store = People(database)
        assert {one.name: (one.staff_number, one.is_number_shared) for one in store.list()} == {
            "Ada  Byron": ("\u00c91", True),
            "Ben": ("\u00e91", False),
            "Cleo": ("7", False),
        }
        assert [one.name for one in store.by_name("ada byron")] == ["Ada  Byron"]
        ada = store.update("a" * 32, name="Ada", staff_number="\u00c91", department="")
        assert ada.is_number_shared
        pins = Pins(database)
        pins.set("a" * 32, "2580")
        pins.set("b" * 32, "1479")
        assert (pins.owner("\u00c91", "2580"), pins.owner("\u00c91", "1479")) == ("a" * 32, "b" * 32)
        assert pins.owner("\u00e91", "2580") is None
        ada = store.update("a" * 32, name="Ada", staff_number="\u00c92", department="")
        assert not ada.is_number_shared
        with pytest.raises(EnrolmentError, match="belongs to Ada"):
            store.create(name="Dan", staff_number="\u00e92")
        assert database.problems() == []


def test_operators_sign_in_by_the_folded_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = MIGRATIONS.index(migrations.fold_names_and_numbers)
    with (
        _older_program(monkeypatch, steps),
        Database.open(tmp_path) as database,
        database.transaction() as db,
    ):
        row = {"name_key": "ada  byron", "name": "Ada  Byron", "role": "admin", "hash": "x"}
        db.table("operators").insert(row | {"created_at": clock.to_text(NOON)})
    with Database.open(tmp_path) as database, database.reader() as db:
        assert db.execute("SELECT name_key FROM operators").fetchall() == [("ada byron",)]


def test_failures_of_an_older_schema_go_on_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = MIGRATIONS.index(migrations.count_failures_in_one_table)
    until = NOON + timedelta(minutes=5)
    with (
        _older_program(monkeypatch, steps),
        Database.open(tmp_path) as database,
        database.transaction() as db,
    ):
        ada = {"name_key": "ada", "name": "Ada", "role": "admin", "hash": "x"}
        db.table("operators").insert(ada | {"created_at": clock.to_text(NOON)})
        row = {"failures": 7, "blocked_until": clock.to_text(until)}
        db.table("sign_in_failures").insert({"name_key": "ada", **row})
        db.table("pin_failures").insert({"scope": "digest", "door": "Gate", **row})
    with Database.open(tmp_path) as database:
        failures = FailureCounts(database, lambda: None)
        assert failures.of("digest", "Gate", NOON) == Failures(7, until)
        with pytest.raises(PermissionDenied, match="wait 300 s"):
            Operators(database, Journal(database)).sign_in("Ada", "anything", NOON)
