"""Restoring over a closed folder, or where one was, needs an admin or the recovery passphrase."""

from pathlib import Path

import pytest

from faceaccess.codes import JournalKind, Role
from faceaccess.errors import PermissionDenied
from faceaccess.store.access.operators import Operators
from faceaccess.store.access.types import SYSTEM, Actor, Proof
from faceaccess.store.file.backup import Backups, check, restore
from faceaccess.store.file.database import Database
from faceaccess.store.file.restoring import DATABASE_FILE
from faceaccess.store.journal.journal import Journal
from faceaccess.store.keys.keys import KEY_FILE

PASSWORD, OTHER, BACKUP = "violet kettle sandwich", "marble otter bicycle", "seven purple lanterns"
ADA = Actor("Ada", Role.ADMIN)


class Closed:
    """A folder of an admin and a receptionist, and a backup of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "data"
        with Database.open(self.folder) as database:
            journal = Journal(database)
            operators = Operators(database, journal)
            self.recovery = operators.close_folder(Actor("root"), "Ada", PASSWORD)
            operators.create(ADA, "Ben", Role.RECEPTIONIST, OTHER)
            self.backup = Backups(database, journal).write(ADA, folder / "backups", BACKUP)

    def restored_by(self) -> str:
        with Database.open(self.folder) as database:
            row = Journal(database).rows.newest([JournalKind.RESTORED])[0]
            assert Operators(database, Journal(database)).is_closed
        return row.actor


@pytest.fixture
def closed(tmp_path: Path) -> Closed:
    return Closed(tmp_path)


def spoil(folder: Path, how: str) -> None:
    """Do what somebody without a password can do to a folder."""
    if how == "damaged":
        (folder / DATABASE_FILE).write_bytes(b"\1" * 8192)
    else:
        (folder / how).unlink()


@pytest.mark.parametrize("how", ["damaged", DATABASE_FILE, KEY_FILE])
@pytest.mark.parametrize(
    "proof", [None, Proof("Ada", OTHER), Proof("Ben", OTHER), Proof("Eve", OTHER), Proof("", "AAAAA")]
)
def test_who_spoils_a_closed_folder_restores_nothing_without_an_admin(
    closed: Closed, how: str, proof: Proof | None
) -> None:
    """A folder without its key took any backup from anybody who knew the backup's passphrase."""
    spoil(closed.folder, how)
    before = {path.name: path.read_bytes() for path in closed.folder.iterdir()}
    with pytest.raises(PermissionDenied, match="admin of the backup"):
        restore(closed.folder, closed.backup, BACKUP, None, proof)
    assert {path.name: path.read_bytes() for path in closed.folder.iterdir()} == before


@pytest.mark.parametrize("how", ["damaged", DATABASE_FILE, KEY_FILE])
def test_an_admin_of_the_backup_or_its_recovery_passphrase_restores_it(closed: Closed, how: str) -> None:
    spoil(closed.folder, how)
    assert restore(closed.folder, closed.backup, BACKUP, None, Proof("ada", PASSWORD)).is_closed
    assert closed.restored_by() == "Ada"
    spoil(closed.folder, how)
    restore(closed.folder, closed.backup, BACKUP, None, Proof("", closed.recovery.lower()))
    assert closed.restored_by() == SYSTEM.name


def test_on_another_computer_the_backups_passphrase_is_enough(closed: Closed, tmp_path: Path) -> None:
    closed.folder = tmp_path / "new"
    assert restore(closed.folder, closed.backup, BACKUP, None).aside is None
    assert closed.restored_by() == SYSTEM.name


def test_a_backup_without_operators_says_so(tmp_path: Path) -> None:
    with Database.open(tmp_path / "data") as database:
        path = Backups(database, Journal(database)).write(Actor("root"), tmp_path / "backups", BACKUP)
    assert not check(path, BACKUP).is_closed
    assert not restore(tmp_path / "data", path, BACKUP, Actor("root")).is_closed
