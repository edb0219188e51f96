"""Backups and restores that were killed: what they left is named, and removed at the next start."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from faceaccess.cli.app import app
from faceaccess.store.file import leftovers
from faceaccess.store.file.backup import Backups, backups_in, check, restore
from faceaccess.store.file.database import Database
from faceaccess.store.file.restoring import NEW_FOLDER
from faceaccess.store.journal.journal import Journal
from faceaccess.store.keys.keys import KEY_FILE
from faceaccess.workspace import Workspace
from tests.store.builders import OPERATOR
from tests.store.test_backup import PASSPHRASE, fill, names, write

KILLED = """
import os, signal, sys
from pathlib import Path
from faceaccess.store.file import backup
from faceaccess.store.file.backup import Backups
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.access.types import SYSTEM

def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)

with Database.open(Path(sys.argv[1])) as database:
    Backups(database, Journal(database)).write(SYSTEM, Path(sys.argv[2]), sys.argv[3], progress=kill)
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    fill(tmp_path / "data", "Ada")
    return tmp_path / "data"


@pytest.fixture
def part(tmp_path: Path, data: Path) -> Path:
    """What a backup left that was killed while it was written."""
    command = [sys.executable, "-c", KILLED, str(data), str(tmp_path / "backups"), PASSPHRASE]
    assert subprocess.run(command, timeout=60, check=False).returncode == -signal.SIGKILL
    (left,) = leftovers.parts_in(tmp_path / "backups")
    return left


pytestmark = [
    pytest.mark.first_start,
    pytest.mark.usual_keys,
    pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed by a signal there"),
]


def test_a_killed_backup_is_named_and_removed_at_the_next_start(data: Path, part: Path) -> None:
    """It stayed for ever, with everybody's photos in it, and no list named it."""
    assert leftovers.half_written_in(data) == [part]
    listed = CliRunner().invoke(app, ["backup", "list", str(part.parent)])
    assert f"{part}  unfinished" in listed.stdout
    seen = CliRunner().invoke(app, ["doctor", "--json", "--data-dir", str(data)])
    assert part.name in seen.stdout
    Workspace.open(data).close()
    assert list(part.parent.iterdir()) == []
    assert leftovers.half_written_in(data) == []
    assert [path.name for path in data.iterdir() if "writing" in path.name] == []


def test_a_reader_removes_nothing(data: Path, part: Path) -> None:
    Workspace.open(data, read_only=True).close()
    assert part.exists()


def test_a_backup_that_is_being_written_is_left_alone(tmp_path: Path, data: Path) -> None:
    """By another process too, whose lock on its note tells that it lives."""
    seen = []

    def look(*_: int) -> None:
        if not seen:
            leftovers.remove(data)
            seen.extend(leftovers.parts_in(tmp_path / "backups"))
            assert leftovers.half_written_in(data) == []

    with Database.open(data) as database:
        made = Backups(database, Journal(database)).write(
            OPERATOR, tmp_path / "backups", PASSPHRASE, progress=look
        )
    assert len(seen) == 1
    assert check(made, PASSPHRASE).people == 1
    assert [path.name for path in data.iterdir() if "writing" in path.name] == []


def test_another_computers_unfinished_backup_is_named_and_left(tmp_path: Path, data: Path) -> None:
    write(data, tmp_path / "backups")
    other = tmp_path / "backups" / "faceaccess-20260101-000000-000000.part"
    other.write_bytes(b"somebody else's")
    Workspace.open(data).close()
    assert other.exists()
    assert leftovers.parts_in(other.parent) == [other]
    assert len(backups_in(other.parent)) == 1


def test_a_restore_that_was_not_prepared_whole_is_removed(data: Path) -> None:
    (data / NEW_FOLDER).mkdir()
    (data / NEW_FOLDER / "faceaccess.db").write_bytes(b"half")
    (data / f"{KEY_FILE}.new").write_bytes(b"a key")
    (data / "faceaccess.schema3.db.new").write_bytes(b"a copy")
    assert len(leftovers.half_written_in(data)) == 3
    assert names(data) == ["Ada"]
    Workspace.open(data).close()
    assert leftovers.half_written_in(data) == []
    assert not (data / NEW_FOLDER).exists()


def test_a_note_removes_nothing_but_a_backups_part(tmp_path: Path, data: Path) -> None:
    precious = tmp_path / "precious.jpg"
    precious.write_bytes(b"x")
    (data / "faceaccess-writing-x-1.note").write_text(str(precious))
    Workspace.open(data).close()
    assert precious.exists()


def test_a_restore_that_fails_leaves_nothing(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = write(data, tmp_path / "backups")
    monkeypatch.setattr("faceaccess.store.file.backup.write_key_file", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restore(data, made, PASSPHRASE, OPERATOR)
    assert not (data / NEW_FOLDER).exists()
    assert names(data) == ["Ada"]
