"""The steps of a start are read from the program's log; starting it for real is a slow test."""

from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest

from faceaccess import paths
from faceaccess.errors import FaceAccessError, SettingsError
from faceaccess.lab.benchmarks import start
from faceaccess.lab.benchmarks.started import Office, Started
from faceaccess.log import LOG_FILE, Step
from tests.cli.conftest import json_lines

WRITING = """
import sys
from pathlib import Path
from faceaccess import log
log.set_up(Path(sys.argv[2]))
import logging
for text in sys.argv[3:]:
    logging.getLogger("faceaccess.test").info("%s", text)
"""


@pytest.fixture
def place(tmp_path: Path) -> Office:
    import os
    import sys

    return Office((sys.executable, "-c", WRITING), tmp_path, dict(os.environ))


def test_steps_are_read_from_the_log(place: Office) -> None:
    with Started(place, ["something else", Step.PAINTED, Step.LOADED, Step.PAINTED]) as program:
        reached = program.wait_for(Step.PAINTED, Step.LOADED)
    assert 0 < reached[Step.PAINTED] <= reached[Step.LOADED] < 60


def test_a_program_that_ends_before_a_step_is_told(place: Office) -> None:
    with Started(place, [Step.LOADED]) as program, pytest.raises(FaceAccessError, match=Step.PAINTED):
        program.wait_for(Step.LOADED, Step.PAINTED)


def test_a_log_of_before_is_forgotten(place: Office) -> None:
    folder = paths.log_dir(place.data)
    folder.mkdir()
    stamp = f"{datetime.now() - timedelta(hours=1):%Y-%m-%d %H:%M:%S},000"
    (folder / LOG_FILE).write_text(f"{stamp} 1 MainThread INFO x: {Step.PAINTED}\n")
    with Started(place, [Step.PAINTED]) as program:
        assert program.wait_for(Step.PAINTED)[Step.PAINTED] > 0


def test_without_rights_only_a_programs_files_are_forgotten(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(start, "_PAGE_CACHE", tmp_path / "none")
    with pytest.raises(SettingsError):
        start._Cache(None)
    program, forgotten = tmp_path / "program", []
    program.write_bytes(b"program")
    (tmp_path / "library").write_bytes(b"library")
    monkeypatch.setattr(start, "_forget", forgotten.append)
    cache = start._Cache(program)
    cache.empty()
    assert cache.what == "the program's files"
    assert set(forgotten) == {program, tmp_path / "library"}


def test_with_rights_everything_is_forgotten(tmp_path: Path, monkeypatch) -> None:
    caches = tmp_path / "drop_caches"
    caches.touch()
    monkeypatch.setattr(start, "_PAGE_CACHE", caches)
    cache = start._Cache(None)
    cache.empty()
    assert (cache.what, caches.read_text()) == ("everything", "3\n")


@pytest.mark.slow
@pytest.mark.models
def test_a_real_start_reaches_its_steps(run) -> None:
    few = ("--people", "3", "--events", "20", "--json")
    (figures,) = json_lines(run("benchmark", "start", "--times", "1", *few))
    assert 0 < figures["painted_s"] < figures["loaded_s"]
    assert figures["decided_s"] > 0
    (report,) = json_lines(run("benchmark", "memory", "--minutes", "0", *few))
    held = {row["stage"]: row["memory_mb"] for row in report["stages"]}
    assert list(held) == ["window", "window and door", "watch", "kiosk"]
    assert held["watch"] < held["window and door"]
    assert report["imports_mb"]["numpy"] > 0
    assert not [child for child in psutil.Process().children(recursive=True) if "faceaccess" in child.name()]
