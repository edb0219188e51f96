"""Guessing passwords beside a program that holds the folder, in a process of one's own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from faceaccess.codes import JournalKind
from faceaccess.store.access.failures import FREE_FAILURES
from faceaccess.workspace import Workspace

pytestmark = pytest.mark.slow

PASSWORD = "violet kettle sandwich"
GUESSES = 40

# Stands in for a program that is shown another time, where libfaketime is not installed.
_AHEAD = """
import datetime, time
ahead, real = datetime.timedelta(hours=HOURS), datetime.datetime
class Shown(real):
    @classmethod
    def now(cls, tz=None):
        return real.now(tz) + ahead
datetime.datetime = Shown
for name in ("time", "monotonic"):
    setattr(time, name, lambda told=getattr(time, name): told() + ahead.total_seconds())
told_by = time.clock_gettime
time.clock_gettime = lambda clock: told_by(clock) + ahead.total_seconds()
"""

_GUESSES = """
import sys
from typer.testing import CliRunner
from faceaccess.cli.app import app
for line in sys.stdin:
    result = CliRunner().invoke(app, ["people", "--operator", "ada"], input=line)
    print(result.exit_code, "not right" in result.output, "wait" in result.output, "Byron" in result.output)
"""


def guess(folder: Path, passwords: list[str], *, hours: int = 0, faketime: bool = False) -> list[str]:
    """Return what a process of its own came to: exit code, whether wrong, to be waited, and in."""
    command = [sys.executable, "-c", _AHEAD.replace("HOURS", str(hours)) + _GUESSES]
    if faketime:
        command = ["faketime", "-f", f"+{hours}h", sys.executable, "-c", _GUESSES]
    environment = {**os.environ, "FACEACCESS_DATA_DIR": str(folder)}
    typed = "".join(f"{password}\n" for password in passwords)
    run = subprocess.run(
        command, input=typed, capture_output=True, text=True, env=environment, timeout=120, check=True
    )
    return run.stdout.splitlines()


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder with one person and one admin."""
    with Workspace.open(tmp_path / "data") as space:
        space.people.create(name="Ada Byron")
        space.access.operators.close_folder(space.access.actor, "Ada", PASSWORD)
    return tmp_path / "data"


def test_guesses_beside_a_door_are_counted_and_journalled(closed: Path) -> None:
    """42 of 42 guesses were compared, with no wait and no row, as long as a door ran."""
    with Workspace.open(closed) as door:
        came_to = guess(closed, [*(f"wrong {number}" for number in range(GUESSES)), PASSWORD])
        failed = door.journal.rows.newest([JournalKind.SIGN_IN_FAILED])
        assert door.journal.verify().is_good
        door.journal.record(door.access.actor, JournalKind.OPERATOR_CHANGED)
        assert door.journal.verify().is_good
    assert came_to[:FREE_FAILURES] == ["1 True False False"] * FREE_FAILURES
    assert came_to[FREE_FAILURES:] == ["1 False True False"] * (GUESSES + 1 - FREE_FAILURES)
    assert [row.details for row in failed] == [{"operator": "ada"}] * FREE_FAILURES


def test_who_knows_the_password_reads_beside_a_door_and_is_journalled(closed: Path) -> None:
    with Workspace.open(closed) as door:
        assert guess(closed, ["wrong", PASSWORD]) == ["1 True False False", "0 False False True"]
        row = door.journal.rows.newest()[0]
    assert (row.kind, row.actor) == (JournalKind.SIGNED_IN, "Ada")


@pytest.mark.parametrize(("is_running", "faketime"), [(True, True), (True, False), (False, False)])
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no clock is known that a process can't set")
def test_a_clock_set_for_one_process_shortens_no_wait(closed: Path, is_running: bool, faketime: bool) -> None:
    """Each guess under a later time was compared at once, beside a door and without one."""
    if faketime and shutil.which("faketime") is None:
        pytest.skip("libfaketime is not installed")
    door = Workspace.open(closed) if is_running else None
    try:
        guess(closed, ["wrong"] * FREE_FAILURES)
        assert guess(closed, [PASSWORD], hours=48, faketime=faketime) == ["1 False True False"]
    finally:
        if door is not None:
            door.close()
