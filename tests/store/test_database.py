"""Opening, locking, transactions, and every way in which a data folder can be bad."""

import errno
import os
import resource
import stat
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from faceaccess.errors import StoreBusyError, StoreError
from faceaccess.store.file.database import Database
from faceaccess.store.file.faults import mapped_faults
from faceaccess.store.file.lock import LOCK_FILE
from faceaccess.store.file.restoring import DATABASE_FILE, NEW_FOLDER
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.keys.keys import KEY_FILE
from faceaccess.store.people.people import People
from tests.store.builders import make_entry

pytestmark = pytest.mark.first_start


def _pragma(database: Database, name: str) -> object:
    with database.transaction() as db:
        return db.execute(f"PRAGMA {name}").fetchone()[0]


def _fill(folder: Path, count: int = 200) -> None:
    with Database.open(folder) as database:
        journal = Journal(database)
        with database.transaction():
            for second in range(count):
                journal.append(make_entry(second=second), b"jpeg" * 500)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("auto_vacuum", 2),
        ("foreign_keys", 1),
        ("temp_store", 2),
        ("mmap_size", 0),
        ("busy_timeout", 5000),
    ],
)
def test_pragmas_hold_from_the_first_schema(database: Database, pragma: str, value: object) -> None:
    assert _pragma(database, pragma) == value


def test_content_is_encrypted_and_files_are_private(tmp_path: Path) -> None:
    with Database.open(tmp_path) as database:
        People(database).create(name="Marguerite Plainly")
        content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert b"Marguerite" not in content
        assert b"CREATE TABLE" not in content
        for path in tmp_path.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_what_was_written_is_there_after_reopening(tmp_path: Path) -> None:
    with Database.open(tmp_path) as database:
        person = People(database).create(name="Ada")
    with Database.open(tmp_path) as database:
        assert People(database).get(person.person_id) == person


def test_an_error_undoes_the_whole_transaction(database: Database, people: People) -> None:
    with suppress(RuntimeError), database.transaction():
        people.create(name="Ada")
        people.create(name="Bea")
        raise RuntimeError
    assert people.list() == []


def test_an_inner_transaction_is_part_of_the_outer_one(database: Database, people: People) -> None:
    with suppress(RuntimeError), database.transaction():
        with database.transaction():
            people.create(name="Ada")
        raise RuntimeError
    assert people.list() == []


def test_a_caught_error_undoes_only_the_inner_transaction(database: Database, people: People) -> None:
    with database.transaction():
        people.create(name="Ada")
        with suppress(RuntimeError), database.transaction():
            people.create(name="Bea")
            raise RuntimeError
    assert [person.name for person in people.list()] == ["Ada"]


def test_a_reader_sees_its_own_threads_transaction_and_others_do_not(
    database: Database, people: People
) -> None:
    seen: list[int] = []
    with database.transaction():
        people.create(name="Ada")
        assert len(people.list()) == 1
        thread = threading.Thread(target=lambda: seen.append(len(people.list())))
        thread.start()
        thread.join(5)
    assert seen == [0]


def test_writers_in_many_threads_take_turns(database: Database, journal: Journal) -> None:
    def write() -> None:
        for _ in range(10):
            journal.append(make_entry(), None)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert [row.seq for row in journal.rows.newest()] == list(range(40, 0, -1))
    assert journal.verify().is_good


def test_a_second_writer_is_told_who_holds_the_folder(tmp_path: Path, database: Database) -> None:
    with pytest.raises(StoreBusyError, match=rf"in use by process {os.getpid()} on .+ since \d{{4}}-"):
        Database.open(tmp_path)


def test_an_unreadable_lock_still_says_that_it_is_held(tmp_path: Path, database: Database) -> None:
    (tmp_path / LOCK_FILE).write_bytes(b"\xff{")
    with pytest.raises(StoreBusyError, match="another process"):
        Database.open(tmp_path)


def test_closing_frees_the_folder_and_may_be_repeated(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    database.close()
    database.close()
    Database.open(tmp_path).close()
    with pytest.raises(StoreError, match="closed"), database.reader():
        pass


def test_a_reader_works_beside_the_writer(tmp_path: Path, database: Database, people: People) -> None:
    people.create(name="Ada")
    with Database.open(tmp_path, read_only=True) as beside:
        assert [person.name for person in People(beside).list()] == ["Ada"]
        people.create(name="Bea")
        assert len(People(beside).list()) == 2


def test_a_reader_may_not_write(tmp_path: Path, database: Database) -> None:
    with Database.open(tmp_path, read_only=True) as beside:
        assert beside.is_read_only
        with pytest.raises(StoreError, match="for reading only"):
            People(beside).create(name="Ada")
        with pytest.raises(StoreError, match="read-only"), beside.reader() as db:
            db.execute("DELETE FROM policies WHERE key = 'x' OR 1")


def test_a_reader_of_an_empty_folder_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no data"):
        Database.open(tmp_path / "none", read_only=True)
    assert not (tmp_path / "none").exists()


def test_a_reader_works_without_a_writer(tmp_path: Path) -> None:
    _fill(tmp_path, 5)
    with Database.open(tmp_path, read_only=True) as alone:
        assert Journal(alone).verify().is_good


def test_a_killed_writer_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    """Also: its lock is free at once, and a reader may be the first to come after it."""
    script = """
        import sys
        from pathlib import Path
        from faceaccess.store.file.database import Database
        from faceaccess.store.journal.journal import Journal
        from faceaccess.store.people.people import People
        from faceaccess.store.journal.types import EventFilter
        from tests.store.builders import make_entry
        database = Database.open(Path(sys.argv[1]))
        journal, people = Journal(database), People(database)
        while True:
            with database.transaction():
                person = people.create(name="Ada")
                journal.append(make_entry(person.person_id), b"jpeg" * 3000)
            sys.stdout.write(f"{journal.events.count(EventFilter())}\\n")
            sys.stdout.flush()
    """
    for wanted in (3, 25, 60):
        child = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        acknowledged = [int(child.stdout.readline()) for _ in range(wanted)]
        child.kill()
        acknowledged += [int(line) for line in child.stdout.read().splitlines()]
        child.stdout.close()
        child.wait(10)
        with Database.open(tmp_path, read_only=True) as database:
            assert Journal(database).events.count(EventFilter()) >= acknowledged[-1]
        with Database.open(tmp_path) as database:
            count = Journal(database).events.count(EventFilter())
            assert acknowledged[-1] <= count <= acknowledged[-1] + 1
            assert len(People(database).list()) == count
            assert Journal(database).verify().is_good
            assert database.problems() == []


def _complaint(folder: Path) -> str:
    try:
        with Database.open(folder) as database:
            return "\n".join(database.problems())
    except StoreError as error:
        return error.message


@pytest.mark.parametrize("position", [0, 20, 5000, 60_000])
def test_a_changed_byte_is_found_and_nothing_overwritten(
    tmp_path: Path, position: int, capfd: pytest.CaptureFixture[str]
) -> None:
    _fill(tmp_path)
    path = tmp_path / DATABASE_FILE
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)
    assert _complaint(tmp_path) in (
        f"HMAC verification failed for page {position // 4096 + 1}",
        f"The data in {path} can't be read: it is damaged, or the key beside it belongs to another file.",
        f"The data in {path} is damaged.",
    )
    assert path.read_bytes() == bytes(content)
    assert capfd.readouterr().err == ""


def test_problems_names_damaged_pages(tmp_path: Path) -> None:
    _fill(tmp_path)
    path = tmp_path / DATABASE_FILE
    content = bytearray(path.read_bytes())
    content[-3000] ^= 1
    path.write_bytes(content)
    with Database.open(tmp_path, read_only=True) as database:
        assert any("page" in problem for problem in database.problems())


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 50_000])
def test_a_truncated_database_is_refused(tmp_path: Path, size: int) -> None:
    _fill(tmp_path)
    path = tmp_path / DATABASE_FILE
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(StoreError, match="damaged"), Database.open(tmp_path) as database:
        Journal(database).verify()
    assert path.stat().st_size == size


def test_a_log_without_its_database_is_not_built_upon(tmp_path: Path) -> None:
    _fill(tmp_path, 1)
    (tmp_path / DATABASE_FILE).unlink()
    log = tmp_path / (DATABASE_FILE + "-wal")
    log.write_bytes(b"x" * 100)
    with pytest.raises(StoreError, match="is missing, but faceaccess.db-wal"):
        Database.open(tmp_path)
    assert log.read_bytes() == b"x" * 100
    assert not (tmp_path / DATABASE_FILE).exists()


@pytest.mark.parametrize(
    "name",
    [
        KEY_FILE,
        "faceaccess.sealed",
        "faceaccess.db-shm",
        "faceaccess.schema7.db",
        "replaced-20260304-120000-1",
    ],
)
def test_where_a_database_was_removed_none_is_begun(tmp_path: Path, name: str) -> None:
    """Removing one file of a closed folder gave an open one at the next start, in silence."""
    _fill(tmp_path, 1)
    for path in tmp_path.iterdir():
        path.unlink()
    (tmp_path / name).write_text("left")
    with pytest.raises(StoreError, match=f"is missing, but {name} is there"):
        Database.open(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {name, LOCK_FILE}
    (tmp_path / name).unlink()
    Database.open(tmp_path).close()


def test_a_foreign_file_is_refused_and_kept(tmp_path: Path) -> None:
    _fill(tmp_path, 1)
    (tmp_path / DATABASE_FILE).write_bytes(b"SQLite format 3\x00" + bytes(5000))
    before = (tmp_path / DATABASE_FILE).read_bytes()
    with pytest.raises(StoreError, match="damaged, or the key"):
        Database.open(tmp_path)
    assert (tmp_path / DATABASE_FILE).read_bytes() == before


@pytest.mark.parametrize("read_only", [False, True])
def test_a_wrong_key_is_refused_and_changes_nothing(tmp_path: Path, read_only: bool) -> None:
    _fill(tmp_path, 1)
    (tmp_path / KEY_FILE).write_text("0" * 64 + "\n")
    before = (tmp_path / DATABASE_FILE).read_bytes()
    with pytest.raises(StoreError, match="key beside it"):
        Database.open(tmp_path, read_only=read_only)
    assert (tmp_path / DATABASE_FILE).read_bytes() == before
    Database.open(tmp_path / "other").close()


@pytest.mark.parametrize("read_only", [False, True])
def test_a_missing_key_is_never_replaced(tmp_path: Path, read_only: bool) -> None:
    _fill(tmp_path, 1)
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(StoreError, match="key .* is missing"):
        Database.open(tmp_path, read_only=read_only)
    assert not (tmp_path / KEY_FILE).exists()


@pytest.mark.parametrize("text", ["", "abc", "x" * 64, "0" * 63, "0" * 66])
def test_a_damaged_key_is_refused(tmp_path: Path, text: str) -> None:
    _fill(tmp_path, 1)
    (tmp_path / KEY_FILE).write_text(text)
    with pytest.raises(StoreError, match="key .* is damaged"):
        Database.open(tmp_path)


def test_a_first_start_that_was_killed_can_be_repeated(tmp_path: Path) -> None:
    """Killed before the key, which is written last, was whole."""
    new = tmp_path / NEW_FOLDER
    new.mkdir()
    (new / DATABASE_FILE).write_bytes(bytes(4096))
    (new / (DATABASE_FILE + "-wal")).write_bytes(bytes(100))
    (new / (KEY_FILE + ".new")).write_text("ab")
    with Database.open(tmp_path) as database:
        assert People(database).list() == []


def test_a_full_disk_undoes_the_write_and_says_so(database: Database, journal: Journal) -> None:
    journal.append(make_entry(), None)
    with database.transaction() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreError, match="disk that holds .*faceaccess.db is full"):
        journal.append(make_entry(), b"x" * 50_000)
    with database.transaction() as db:
        db.execute("PRAGMA max_page_count = 1000000")
    assert journal.append(make_entry(), None).seq == 2
    assert journal.verify().is_good


def test_a_full_disk_at_the_first_start_leaves_a_folder_that_can_be_used_later(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(StoreError):
            _fill(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    _fill(tmp_path)
    with Database.open(tmp_path) as database:
        assert Journal(database).verify().is_good
        assert database.problems() == []


@pytest.fixture
def unprivileged(tmp_path: Path) -> Iterator[None]:
    """Give up root's right to write anywhere, when the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    nobody = 65534
    # A process of several has a folder of its own between.
    for folder in [tmp_path, *tmp_path.parents]:
        if folder.name.startswith("pytest-of-"):
            folder.chmod(0o755)
            break
        folder.chmod(0o755)
    os.chown(tmp_path, nobody, nobody)
    os.seteuid(nobody)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.usefixtures("unprivileged")
def test_a_folder_that_may_not_be_written_says_so(tmp_path: Path) -> None:
    _fill(tmp_path, 1)
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(StoreError, match=f"may not write to {tmp_path}"):
            Database.open(tmp_path / "new")
        (tmp_path / LOCK_FILE).chmod(0o444)
        with pytest.raises(StoreError, match=f"may not write to {tmp_path}"):
            Database.open(tmp_path)
    finally:
        tmp_path.chmod(0o755)


def test_a_file_in_the_place_of_the_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreError, match="not a folder"):
        Database.open(tmp_path / "data")


def test_faults_of_the_system_name_path_and_remedy() -> None:
    with pytest.raises(StoreError, match="/data .*full") as caught, mapped_faults(Path("/data")):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.hint
    with pytest.raises(StoreError, match="Strange"), mapped_faults(Path("/data")):
        raise OSError(errno.EXDEV, "Strange")


def test_a_mistake_in_our_sql_is_a_bug_and_not_a_store_error(database: Database) -> None:
    with pytest.raises(sqlcipher.OperationalError), database.reader() as db:
        db.execute("SELECT nothing FROM nowhere")


def test_a_folder_that_is_removed_or_moved_while_it_is_used_says_so(tmp_path: Path) -> None:
    """What is written to a removed file would be gone, and shown as recorded."""
    folder = tmp_path / "data"
    with Database.open(folder) as database:
        people = People(database)
        people.create(name="Ada")
        folder.rename(tmp_path / "moved")
        with pytest.raises(StoreError, match="moved or removed") as refused:
            people.create(name="Bea")
        assert str(folder) in refused.value.message
        (tmp_path / "moved").rename(folder)
        people.create(name="Carl")
    with Database.open(folder) as database:
        assert [person.name for person in People(database).list()] == ["Ada", "Carl"]


def test_another_file_in_its_place_is_not_written_to(tmp_path: Path) -> None:
    with Database.open(tmp_path / "data") as database:
        (tmp_path / "data" / DATABASE_FILE).rename(tmp_path / "old")
        (tmp_path / "data" / DATABASE_FILE).write_bytes((tmp_path / "old").read_bytes())
        with pytest.raises(StoreError, match="moved or removed"):
            People(database).create(name="Ada")


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_network_drive_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    from faceaccess.store.file import faults

    monkeypatch.setattr(faults, "filesystem_of", lambda _: kind)
    with pytest.raises(StoreError, match="network drive") as refused:
        Database.open(tmp_path / "data")
    assert str(tmp_path / "data") in refused.value.message
    assert "disk of this computer" in refused.value.hint
    assert list((tmp_path / "data").iterdir()) == []


def test_a_local_disk_is_known_as_one(tmp_path: Path) -> None:
    from faceaccess.store.file.faults import NETWORK_FILESYSTEMS, filesystem_of

    assert filesystem_of(tmp_path) not in NETWORK_FILESYSTEMS


def test_a_database_that_may_not_grow_says_that_the_disk_is_full(
    database: Database, journal: Journal
) -> None:
    """As a quota of SQLite's own: nothing is shown as recorded, and it goes on once there is room."""
    with database.transaction() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 2}").fetchone()
    shown = []

    def go_on() -> None:
        for second in range(50):
            shown.append(journal.append(make_entry(second=second), b"jpeg" * 800).seq)

    with pytest.raises(StoreError, match="full") as full:
        go_on()
    assert str(database.path) in full.value.message
    assert len(journal.rows.newest(limit=100)) == len(shown)
    with database.transaction() as db:
        db.execute("PRAGMA max_page_count = 1000000").fetchone()
    assert journal.append(make_entry(), b"jpeg").seq == len(shown) + 1
    assert journal.verify().is_good
