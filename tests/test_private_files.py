"""Whatever is written about people is for the account that runs the program, whatever the system's mask."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from faceaccess import paths
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.people import People
from tests.store.builders import make_entry

pytestmark = [
    pytest.mark.first_start,
    pytest.mark.usual_keys,
    pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's"),
]

PASSPHRASE = "a marble otter; bicycle\n"
EXPORTS = {
    "log.csv": ("log", "--csv"),
    "daily.csv": ("report", "daily", "--date", "2026-03-04", "--out"),
    "daily.json": ("report", "daily", "--date", "2026-03-04", "--out"),
    "daily.xlsx": ("report", "daily", "--date", "2026-03-04", "--out"),
    "daily.pdf": ("report", "daily", "--date", "2026-03-04", "--out"),
    "ada.zip": ("people", "disclose", "Ada", "--to"),
    "done.csv": ("import", "staff", "--report"),
}
"""What takes the place of a file that is there."""

NEW = {
    "heads.jsonl": ("log", "head", "--to"),
    "all.fapeople": ("people", "export"),
    "backups": ("backup", "create"),
    "sorted": ("cluster", "photos", "--out"),
    "ada.pdf": ("people", "erase", "Ada", "--yes", "--certificate"),
}


def faceaccess(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "faceaccess", *map(str, words)],
        capture_output=True, text=True, timeout=60, check=False, umask=0, cwd=cwd, input=PASSPHRASE,
    )  # fmt: skip


@pytest.mark.slow
def test_exports_are_private_whatever_the_mask(tmp_path: Path) -> None:
    """The log of who came when was written for everybody to read, and where it had been, it stayed so."""
    with Database.open(tmp_path / "data") as database:
        ada = People(database).create(name="Ada").person_id
        Journal(database).append(make_entry(ada), b"jpeg")
    for folder in ("staff/Ann", "photos", "out"):
        (tmp_path / folder).mkdir(parents=True)
        Image.new("RGB", (60, 60)).save(tmp_path / folder / "a.jpg")
    (tmp_path / "out" / "a.jpg").unlink()
    for name in EXPORTS:
        (tmp_path / "out" / name).touch()
        (tmp_path / "out" / name).chmod(0o644)
    for name, words in (EXPORTS | NEW).items():
        data = ("--data-dir", tmp_path / "data")
        done = faceaccess(*data, *words, tmp_path / "out" / name, cwd=tmp_path)
        assert "Traceback" not in done.stderr, done.stderr
        assert (tmp_path / "out" / name).exists(), (name, done.stderr)
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(written) >= len(EXPORTS | NEW)
    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in written}
    assert modes == dict.fromkeys(modes, "0o600")


@pytest.mark.slow
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
