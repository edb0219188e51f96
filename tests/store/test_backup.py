"""Backups: consistent while a door writes, checked, rotated, and put back only when they are good."""

import os
import random
import shutil
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from faceaccess.codes import JournalKind, Role
from faceaccess.errors import PermissionDenied, StoreBusyError, StoreError
from faceaccess.store.access.types import Actor
from faceaccess.store.file import backup, restoring
from faceaccess.store.file.backup import Backups, backups_in, check, restore
from faceaccess.store.file.database import Database
from faceaccess.store.file.migrations import FIRST, newest
from faceaccess.store.file.restoring import DATABASE_FILE
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.keys.keys import KEY_FILE
from faceaccess.store.keys.passphrase_file import open_under_passphrase
from faceaccess.store.people.people import People
from tests.store.builders import OPERATOR, make_entry

PASSPHRASE = "it's a marble otter; bicycle"


def fill(folder: Path, *names: str) -> None:
    with Database.open(folder) as database:
        for name in names:
            person = People(database).create(name=name)
            Journal(database).append(make_entry(person.person_id), b"jpeg")


def names(folder: Path) -> list[str]:
    with Database.open(folder) as database:
        assert Journal(database).verify().is_good
        assert database.problems() == []
        return [person.name for person in People(database).list()]


def write(folder: Path, to: Path, **choices: int) -> Path:
    with Database.open(folder) as database:
        return Backups(database, Journal(database)).write(OPERATOR, to, PASSPHRASE, **choices)


@pytest.fixture(scope="module")
def _with_a_backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    fill(folder / "data", "Ada")
    write(folder / "data", folder / "backups")
    return folder


@pytest.fixture
def made(_with_a_backup: Path, tmp_path: Path) -> Path:
    """A backup of a folder with Ada."""
    shutil.copytree(_with_a_backup, tmp_path, dirs_exist_ok=True)
    return backups_in(tmp_path / "backups")[0]


@pytest.mark.usual_keys
def test_a_backup_says_what_it_holds_and_shows_nothing(tmp_path: Path) -> None:
    """The name is long: three letters stood in the random bytes of one backup in fifty."""
    fill(tmp_path / "data", "Augusta Ada Lovelace")
    made = write(tmp_path / "data", tmp_path / "backups")
    facts = check(made, PASSPHRASE)
    assert (facts.people, facts.rows, facts.schema) == (1, 2, newest())
    content = made.read_bytes()
    assert b"Augusta Ada" not in content
    assert b"SQLite" not in content
    assert [path.name for path in made.parent.iterdir()] == [made.name]
    assert made.stat().st_mode & 0o777 == 0o600


def test_restoring_keeps_the_former_data_aside_and_goes_on_with_the_log(tmp_path: Path, made: Path) -> None:
    folder = tmp_path / "data"
    fill(folder, "Bea")
    with Database.open(folder) as database:
        former_key = database.secrets.database_key
    aside = restore(folder, made, PASSPHRASE, OPERATOR).aside
    assert names(folder) == ["Ada"]
    with Database.open(folder) as database:
        row = Journal(database).rows.newest()[0]
        assert (row.kind, row.details["aside"]) == (JournalKind.RESTORED, aside.name)
        assert database.secrets.database_key != former_key
        assert Journal(database).events.crop(2) == b"jpeg"
    assert names(aside) == ["Ada", "Bea"]


def test_a_new_computer_needs_nothing_but_the_backup(tmp_path: Path, made: Path) -> None:
    assert restore(tmp_path / "new" / "folder", made, PASSPHRASE, OPERATOR).aside is None
    assert names(tmp_path / "new" / "folder") == ["Ada"]


@pytest.mark.slow
def test_a_backup_is_of_one_moment_while_the_door_writes(tmp_path: Path) -> None:
    folder, stop = tmp_path / "data", threading.Event()
    with Database.open(folder) as database:
        journal = Journal(database)
        for _ in range(300):
            journal.append(make_entry(), os.urandom(3000))

        def go_on() -> None:
            while not stop.is_set():
                journal.append(make_entry(), os.urandom(3000))

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            paths = [Backups(database, journal).write(OPERATOR, tmp_path / "b", PASSPHRASE) for _ in range(3)]
        finally:
            stop.set()
            thread.join(10)
        rows = [check(path, PASSPHRASE).rows for path in paths]
        assert sorted(rows) == rows
        assert rows[0] >= 300
        assert journal.events.count(EventFilter()) >= rows[-1] - 3


def test_only_the_newest_are_kept_and_other_files_stay(tmp_path: Path, made: Path) -> None:
    folder, to = tmp_path / "data", made.parent
    (to / "holiday.fabackup").write_text("mine")
    for _ in range(3):
        newest = write(folder, to, keep=2)
    kept = backups_in(to)
    assert len(kept) == 2
    assert kept[0] == newest
    assert (to / "holiday.fabackup").exists()


@pytest.mark.parametrize("kind", ["short", "text", "empty", "folder", "link", "none", "database", "tail"])
def test_what_is_no_backup_is_refused_and_nothing_is_changed(tmp_path: Path, made: Path, kind: str) -> None:
    folder, path = tmp_path / "data", tmp_path / "given"
    makers = {
        "short": lambda: path.write_bytes(made.read_bytes()[:5000]),
        "text": lambda: path.write_text("x" * 8192),
        "empty": lambda: path.touch(),
        "folder": path.mkdir,
        "link": lambda: path.symlink_to(made),
        "none": lambda: None,
        "database": lambda: shutil.copy(folder / DATABASE_FILE, path),
        "tail": lambda: path.write_bytes(made.read_bytes()[:-4096]),
    }
    makers[kind]()
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(StoreError) as refused:
        restore(folder, path, PASSPHRASE, OPERATOR)
    assert "given" in refused.value.message
    assert refused.value.hint or kind == "none"
    assert sorted(path.name for path in folder.iterdir()) == before
    assert names(folder) == ["Ada"]


def test_another_passphrase_opens_nothing(tmp_path: Path, made: Path) -> None:
    for wrong in ("", "it's", PASSPHRASE + " ", "'; DROP TABLE people; --"):
        with pytest.raises(StoreError, match="passphrase"):
            check(made, wrong)
    assert names(tmp_path / "data") == ["Ada"]


@pytest.mark.slow
def test_no_changed_byte_is_used_in_silence(tmp_path: Path, made: Path) -> None:
    """Any byte of a backup changed: refused; every page is authenticated."""
    original, dice = made.read_bytes(), random.Random(3)
    for _ in range(60):
        changed = bytearray(original)
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
        made.write_bytes(changed)
        with pytest.raises(StoreError):
            check(made, PASSPHRASE)


@pytest.mark.slow
def test_a_page_that_a_disk_lost_is_noticed(made: Path) -> None:
    """SQLCipher takes a page of zeros for a good one."""
    original = made.read_bytes()
    for at in range(0, len(original), 4096):
        made.write_bytes(original[:at] + bytes(4096) + original[at + 4096 :])
        with pytest.raises(StoreError):
            check(made, PASSPHRASE)


@pytest.mark.parametrize(("schema", "age"), [(newest() + 1, "a newer"), (FIRST - 1, "an older")])
def test_a_backup_of_a_schema_that_is_not_read_is_refused(
    tmp_path: Path, made: Path, schema: int, age: str
) -> None:
    connection = open_under_passphrase(made, PASSPHRASE)
    connection.execute(f"PRAGMA user_version = {schema}")
    connection.close()
    with pytest.raises(StoreError, match=f"{age} FaceAccess"):
        restore(tmp_path / "data", made, PASSPHRASE, OPERATOR)


def test_a_backup_whose_log_was_changed_is_refused(tmp_path: Path, made: Path) -> None:
    connection = open_under_passphrase(made, PASSPHRASE)
    connection.execute("DROP TRIGGER journal_refuses_update")
    connection.execute("UPDATE journal SET canonical = replace(canonical, 'accepted', 'denied')")
    connection.close()
    with pytest.raises(StoreError, match="log was changed"):
        check(made, PASSPHRASE)


@pytest.mark.parametrize("facts", ["x", "[]", "{}", '{"made_at": 1, "program": "", "signing_key": ""}'])
def test_strange_facts_are_refused(made: Path, facts: str) -> None:
    connection = open_under_passphrase(made, PASSPHRASE)
    connection.execute("UPDATE backup_facts SET facts = ?", [facts])
    connection.close()
    with pytest.raises(StoreError, match="not a backup"):
        check(made, PASSPHRASE)


def test_a_folder_in_use_is_not_restored_into(tmp_path: Path, made: Path) -> None:
    with Database.open(tmp_path / "data"), pytest.raises(StoreBusyError):
        restore(tmp_path / "data", made, PASSPHRASE, OPERATOR)
    assert names(tmp_path / "data") == ["Ada"]


@pytest.mark.parametrize("killed_after", range(8))
def test_a_restore_that_is_killed_is_finished_at_the_next_start(
    tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    """Each rename may be the last thing that a killed program did."""
    folder = tmp_path / "data"
    fill(folder, "Bea")
    done = 0
    replace = os.replace

    def dying(*paths: Path) -> None:
        nonlocal done
        if done == killed_after:
            raise KeyboardInterrupt
        done += 1
        replace(*paths)

    monkeypatch.setattr(restoring.os, "replace", dying)
    with suppress(KeyboardInterrupt):
        restore(folder, made, PASSPHRASE, OPERATOR)
    monkeypatch.setattr(restoring.os, "replace", replace)
    found = names(folder)
    asides = list(folder.glob("replaced-*"))
    assert found == (["Ada"] if asides else ["Ada", "Bea"])
    kept = {path.name for aside in asides for path in aside.iterdir()}
    assert not asides or {DATABASE_FILE, KEY_FILE} <= kept


def test_a_full_disk_leaves_no_half_backup(tmp_path: Path, made: Path, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup.os, "replace", full)
    with pytest.raises(StoreError, match="full"):
        write(tmp_path / "data", made.parent)
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_only_an_admin_backs_up(tmp_path: Path, made: Path) -> None:
    with Database.open(tmp_path / "data") as database, pytest.raises(PermissionDenied):
        Backups(database, Journal(database)).write(Actor("Bob", Role.RECEPTIONIST), tmp_path, PASSPHRASE)
