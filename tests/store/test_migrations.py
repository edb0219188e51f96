"""Folders of earlier versions: opened unchanged, brought up to date after a copy, or refused."""

import re
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import JournalKind
from faceaccess.errors import StoreError
from faceaccess.settings import CameraSettings, DoorSettings
from faceaccess.store.access.groups import GroupMembers
from faceaccess.store.access.pins import Pins
from faceaccess.store.file import migrations
from faceaccess.store.file.connection import connect
from faceaccess.store.file.database import Database
from faceaccess.store.file.migrations import FIRST, MIGRATIONS, newest
from faceaccess.store.file.restoring import DATABASE_FILE
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.punches import Punches
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.keys.keys import KeyFile, Secrets, write_key_file
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.schedules import Schedule, Schedules, Shift
from tests.store.builders import MODEL, NOON

FOLDER_33 = Path(__file__).with_name("folder_33.sql")
"""A folder that the last program before the first schema wrote by 33 steps, with a few rows of each kind."""

pytestmark = pytest.mark.first_start


def add_nickname(db: SqliteDatabase) -> None:
    """A step of the future."""
    db.execute("ALTER TABLE people ADD COLUMN nickname TEXT NOT NULL DEFAULT ''")


def fail(db: SqliteDatabase) -> None:
    """A step that goes wrong half way."""
    db.execute("CREATE TABLE half (x)")
    raise StoreError("The step failed.")


@pytest.fixture
def folder_33(tmp_path: Path) -> Path:
    text = FOLDER_33.read_text(encoding="utf-8")
    signing_key = re.search(r"^-- The key that signed its journal: (\w+)$", text, re.MULTILINE)
    assert signing_key is not None
    secrets = Secrets(b"k" * 32, bytes.fromhex(signing_key[1]))
    (tmp_path / DATABASE_FILE).touch(mode=0o600)
    db = connect(tmp_path / DATABASE_FILE, secrets.database_key, read_only=False)
    db.execute("PRAGMA foreign_keys = OFF")
    db.conn.executescript(text)
    db.conn.close()
    write_key_file(tmp_path, KeyFile.of(secrets))
    return tmp_path


def _version(database: Database) -> int:
    with database.reader() as db:
        return migrations.schema_version(db)


def _texts(database: Database) -> list[tuple[str, str, str]]:
    with database.reader() as db:
        return sorted(db.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall())


def test_the_first_schema_is_to_the_letter_what_33_steps_made(
    folder_33: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "MIGRATIONS", ())
    (folder_33 / "new").mkdir()
    with Database.open(folder_33) as former, Database.open(folder_33 / "new") as new:
        assert (_version(former), _version(new)) == (FIRST, FIRST)
        assert _texts(former) == _texts(new)


def test_the_steps_since_then_make_of_an_old_folder_what_they_make_of_a_new_one(folder_33: Path) -> None:
    (folder_33 / "new").mkdir()
    with Database.open(folder_33) as former, Database.open(folder_33 / "new") as new:
        assert (_version(former), _version(new)) == (newest(), newest())
        assert _texts(former) == _texts(new)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_folder_of_33_steps_reads_the_same(folder_33: Path, *, read_only: bool) -> None:
    if read_only:
        Database.open(folder_33).close()
    with Database.open(folder_33, read_only=read_only) as database:
        journal, people, policies = Journal(database), People(database), Policies(database, Journal(database))
        found = journal.verify()
        assert (found.is_good, found.rows, database.problems()) == (True, 16, [])
        (ada,) = people.list()
        assert (ada.name, ada.staff_number, ada.email) == ("Ada Byron", "\u00c91", "ada@a.example")
        (stranger, event) = journal.events.newest(EventFilter())
        entry = event.entry
        assert (entry.person_id, entry.camera, entry.door) == (ada.person_id, "Gate", "North")
        assert journal.rows.note(event.seq) == "she lent her badge"
        crop = journal.events.entry_crop(event.seq)
        assert crop is not None
        assert (crop.jpeg, crop.landmarks.shape) == (b"face of Ada", (5, 2))
        (void,) = journal.rows.newest([JournalKind.ENTRY_VOIDED])
        assert (stranger.voided_by, void.details["entry"]) == (void.seq, stranger.seq)
        assert journal.rows.note(void.seq) == "nobody"
        (punch,) = Punches(database).between(NOON - timedelta(hours=1), NOON + timedelta(hours=1))
        assert punch.person_id == ada.person_id
        assert Templates(database).load(MODEL).person_ids == (ada.person_id,)
        assert policies.read(DoorSettings) == DoorSettings(cool_down_s=5)
        assert policies.cameras() == (CameraSettings(name="Gate", door="North"),)
        office = Schedule("s1", "Office", (Shift(time(8), time(16), 30, 300), *[None] * 6))
        assert Schedules(database).all() == [office]
        assert [given.person_id for given in Schedules(database).assignments()] == [ada.person_id]
        assert GroupMembers(database).by_person() == {ada.person_id: ("g1",)}
        (consent,) = Consents(database).of(ada.person_id)
        assert (consent.version, consent.given_on) == (1, date(2026, 1, 2))
    assert [copy.name for copy in folder_33.glob("*.schema*")] == [f"faceaccess.schema{FIRST}.db"]


def test_a_folder_of_33_steps_goes_on(folder_33: Path) -> None:
    with Database.open(folder_33) as database:
        ben = People(database).create(name="Ben")
        Pins(database).set(ben.person_id, "2580")
        assert Journal(database).verify().is_good


@pytest.mark.parametrize("read_only", [False, True])
def test_a_folder_of_fewer_steps_is_refused_and_kept(folder_33: Path, *, read_only: bool) -> None:
    db = connect(folder_33 / DATABASE_FILE, b"k" * 32, read_only=False)
    db.execute("DROP TABLE seals")
    db.execute("PRAGMA user_version = 32")
    db.conn.close()
    before = (folder_33 / DATABASE_FILE).read_bytes()
    with pytest.raises(StoreError, match="too old .schema 32") as refusal:
        Database.open(folder_33, read_only=read_only)
    assert "0.1.0 of November 2026" in refusal.value.hint
    assert (folder_33 / DATABASE_FILE).read_bytes() == before
    assert not list(folder_33.glob("*.schema*"))


def test_the_old_file_is_copied_first_with_all_that_its_log_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Database.open(tmp_path) as database:
        People(database).create(name="Ada")
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, add_nickname))
    with Database.open(tmp_path) as database:
        assert _version(database) == newest()
    copy = tmp_path / f"faceaccess.schema{newest() - 1}.db"
    assert copy.stat().st_mode & 0o077 == 0
    monkeypatch.undo()
    (tmp_path / "copy").mkdir()
    copy.rename(tmp_path / "copy" / DATABASE_FILE)
    (tmp_path / "faceaccess.key").rename(tmp_path / "copy" / "faceaccess.key")
    with Database.open(tmp_path / "copy") as database:
        assert [person.name for person in People(database).list()] == ["Ada"]


def test_a_new_database_has_no_copy(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    assert not list(tmp_path.glob("*.schema*"))


def test_a_step_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Database.open(tmp_path) as database:
        People(database).create(name="Ada")
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, add_nickname, fail))
        with pytest.raises(StoreError, match="step failed"):
            Database.open(tmp_path)
    with Database.open(tmp_path) as database:
        assert _version(database) == newest()
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
    Database.open(tmp_path).close()
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, add_nickname))
    with pytest.raises(StoreError, match="older schema"):
        Database.open(tmp_path, read_only=True)
