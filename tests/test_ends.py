"""Ends of the log kept outside the data folder: what was cut off or put back is said at the next start."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from faceaccess.codes import ChainFault, JournalKind
from faceaccess.errors import StoreError
from faceaccess.store.access.types import SYSTEM
from faceaccess.store.journal import heads
from faceaccess.store.journal.types import EventFilter
from faceaccess.workspace import Workspace, restore_backup
from tests.store.builders import make_entry
from tests.waiting import wait_for


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(folder: Path, entries: int = 0) -> list[str]:
    """Start the program, let it write entries, and end it; return what it said."""
    said: list[str] = []
    with Workspace.open(folder) as space:
        before = len(space.journal.rows.newest([JournalKind.PROGRAM_STARTED]))
        space.start_chores(lambda error: said.append(error.message))
        wait_for(lambda: len(space.journal.rows.newest([JournalKind.PROGRAM_STARTED])) > before)
        for _ in range(entries):
            space.journal.append(make_entry(), None)
    return said


def faults(folder: Path) -> set[ChainFault]:
    with Workspace.open(folder, read_only=True) as space:
        return {fault.kind for fault in space.keeping.verify_log(space.access.actor).faults}


def test_each_start_journals_the_end_it_found_and_each_stop_keeps_one(folder: Path) -> None:
    assert run(folder, 2) == []
    assert run(folder) == []
    with Workspace.open(folder, read_only=True) as space:
        last, first = space.journal.rows.newest([JournalKind.PROGRAM_STARTED])
        assert first.details == {"found": None}
        assert last.details["found"]["seq"] == 4
        kept = [head.seq for head in heads.read(space.keeping.ends.here())]
        assert kept == [1, 4, 5, 6]
    assert faults(folder) == set()


@pytest.mark.logs_warnings
@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_an_older_folder_put_back_is_said_once_and_found_for_ever(
    folder: Path, tmp_path: Path, *, is_elsewhere: bool
) -> None:
    """Who puts back settings and data alike is found out by an end on another disk alone."""
    disk = tmp_path / "disk"
    disk.mkdir()
    run(folder, 2)
    if is_elsewhere:
        with Workspace.open(folder) as space:
            space.keeping.keep_ends_in(space.access.actor, disk)
    shutil.copytree(folder, tmp_path / "copy")
    shutil.copytree(tmp_path / "config", tmp_path / "settings")
    run(folder, 3)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "copy", folder)
    if is_elsewhere:
        shutil.rmtree(tmp_path / "config")
        shutil.copytree(tmp_path / "settings", tmp_path / "config")
    assert ChainFault.KEPT_HEAD in faults(folder)
    (said,) = run(folder, 20)
    assert "has lost row" in said
    assert run(folder) == []
    assert ChainFault.FOUND_CHANGED in faults(folder)


def test_removing_the_log_of_a_killed_program_loses_nothing_that_was_acknowledged(
    folder: Path, tmp_path: Path
) -> None:
    """What `append` returned from is in the database file: the write-ahead log can be removed."""
    with Workspace.open(folder) as space:
        for _ in range(5):
            space.journal.append(make_entry(), b"jpeg")
        killed = shutil.copytree(folder, tmp_path / "killed")  # as it lies when the program is killed here
    assert (killed / "faceaccess.db-wal").exists()
    for name in ("faceaccess.db-wal", "faceaccess.db-shm", "faceaccess.lock"):
        (killed / name).unlink(missing_ok=True)
    with Workspace.open(killed) as space:
        assert space.journal.events.count(EventFilter()) == 5
        assert space.journal.verify().is_good


def test_a_disk_that_is_away_is_said_and_not_made_up(folder: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    run(folder, 1)
    with Workspace.open(folder) as space:
        space.keeping.keep_ends_in(space.access.actor, disk)
    (disk / heads.HEADS_FILE).rename(tmp_path / "away")
    assert all("are not there" in words for words in run(folder))
    assert not (disk / heads.HEADS_FILE).exists()
    with Workspace.open(folder, read_only=True) as space, pytest.raises(StoreError, match="Plug the disk in"):
        space.keeping.verify_log(space.access.actor)
    (tmp_path / "away").rename(disk / heads.HEADS_FILE)
    assert run(folder) == []


def test_what_a_restore_replaced_is_not_missed(folder: Path, tmp_path: Path) -> None:
    """The row of the restore says what it replaced, and who did it."""
    run(folder, 2)
    with Workspace.open(folder) as space:
        backup = space.keeping.back_up(space.access.actor, tmp_path / "backups", "bread winter lamp river")
    run(folder, 9)
    restore_backup(folder, backup, "bread winter lamp river", SYSTEM)
    assert run(folder) == []
    assert faults(folder) == set()
    shutil.copytree(folder, tmp_path / "copy")
    run(folder, 30)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "copy", folder)
    assert faults(folder) == {ChainFault.KEPT_HEAD}


@pytest.mark.logs_warnings
def test_another_folder_put_in_the_place_of_a_closed_one_is_said(folder: Path, tmp_path: Path) -> None:
    run(folder, 5)
    run(tmp_path / "open", 9)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "open", folder)
    (said,) = run(folder)
    assert "not the one that was here before" in said
    assert run(folder) == []
    assert ChainFault.SIGNATURE in faults(folder)


def test_a_forged_line_of_ends_is_no_loss_of_the_log(folder: Path) -> None:
    """Whoever has no key at all had the log call itself changed for good."""
    run(folder, 2)
    with Workspace.open(folder, read_only=True) as space:
        path = space.keeping.ends.here()
        forged = replace(space.journal.head(), seq=99, hash=bytes(32))
    good = path.read_bytes()
    heads.add(path, forged)
    assert run(folder) == []
    assert ChainFault.SIGNATURE in faults(folder)
    path.write_bytes(good)
    assert faults(folder) == set()


@pytest.mark.logs_warnings
def test_commands_keep_the_end_of_a_closed_folder(folder: Path, tmp_path: Path) -> None:
    with Workspace.open(folder) as space:
        space.access.operators.close_folder(space.access.actor, "Olga", "correct horse staple")
    shutil.copytree(folder, tmp_path / "copy")
    with Workspace.open(folder) as space:
        space.people.create(name="Ada")
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "copy", folder)
    with Workspace.open(folder, read_only=True) as space:
        kinds = {fault.kind for fault in space.journal.verify(space.keeping.ends.all()).faults}
    assert kinds == {ChainFault.KEPT_HEAD}
