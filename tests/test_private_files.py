"""Whatever is written about people is for the account that runs the program, whatever the system's mask."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from faceaccess import paths

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


def faceaccess(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "faceaccess", *map(str, words)],
        capture_output=True, text=True, timeout=60, check=False, umask=0,
    )  # fmt: skip


def test_exports_are_private_whatever_the_mask(tmp_path: Path) -> None:
    """The log of who came when was written for everybody to read."""
    data = ("--data-dir", tmp_path / "data")
    assert faceaccess("schedules", "zone", "Europe/Berlin", *data).returncode == 0
    faceaccess("log", "--csv", tmp_path / "log.csv", *data)
    faceaccess("report", "monthly", "--out", tmp_path / "r.xlsx", *data)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {tmp_path / "log.csv", tmp_path / "r.xlsx"} <= set(written)
    assert {path.name: stat.S_IMODE(path.stat().st_mode) & 0o077 for path in written} == dict.fromkeys(
        (path.name for path in written), 0
    )


def test_a_folder_that_others_may_write_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    assert not paths.others_may_write(folder)
    assert "other accounts" not in faceaccess("people", "--data-dir", folder).stderr
    folder.chmod(0o777)
    assert paths.others_may_write(folder)
    said = faceaccess("schedules", "zone", "Europe/Berlin", "--data-dir", folder).stderr
    assert "can be written by other accounts" in said
    assert not paths.others_may_write(tmp_path / "nothing")
