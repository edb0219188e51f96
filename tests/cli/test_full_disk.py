"""A disk that is full: said in words by every command that writes a file, and what was there is kept."""

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from faceaccess.store.file.restoring import DATABASE_FILE, NEW_FOLDER
from tests.cli.conftest import Folder, Run
from tests.store.builders import make_entry, make_template

pytestmark = [
    pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full"),
    pytest.mark.slow,
]

PASSPHRASE = "a marble otter; bicycle\n"
OLDER = b"what was there before"

EXPORTS = [
    (["log", "--csv"], "log.csv"),
    (["report", "daily", "--date", "2026-03-04", "--out"], "r.csv"),
    (["report", "daily", "--date", "2026-03-04", "--out"], "r.json"),
    (["report", "daily", "--date", "2026-03-04", "--out"], "r.xlsx"),
    (["report", "daily", "--date", "2026-03-04", "--out"], "r.pdf"),
    (["people", "disclose", "E1", "--to"], "ada.zip"),
]


def fill(people, templates, journal) -> None:
    ada = people.create(name="Ada", staff_number="E1").person_id
    templates.add(ada, [make_template(1, photo=b"jpeg" * 50_000)])
    journal.append(make_entry(ada), b"jpeg" * 50_000)


@pytest.fixture
def ada(folder: Folder) -> Folder:
    folder.fill(fill)
    return folder


def full(path: Path) -> list[Path]:
    """Let what is written for a file end on a device that is full; return what that is called."""
    whole = path.with_name(f".{path.name}.{os.getpid()}.new")
    parts = [whole, whole.with_name(f".{whole.name}.{os.getpid()}.new"), path.with_name(f"{path.name}.new")]
    for part in parts:
        part.symlink_to("/dev/full")
    return parts


@pytest.mark.parametrize(("words", "name"), EXPORTS)
def test_a_full_disk_is_said_and_the_older_file_kept(
    run: Run, ada: Folder, tmp_path: Path, words: list[str], name: str
) -> None:
    """XLSX ended in a traceback, and a PDF was cut off in silence and took the older one's place."""
    path = tmp_path / name
    path.write_bytes(OLDER)
    parts = full(path)
    result = run(*words, str(path))
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "full" in result.stderr
    assert path.read_bytes() == OLDER
    assert any(not part.is_symlink() for part in parts)
    assert not any(part.exists() and not part.is_symlink() for part in parts)


def test_contact_sheets_on_a_full_disk(run: Run, folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    Image.new("RGB", (60, 60)).save(tmp_path / "in" / "a.jpg")
    (tmp_path / "out").mkdir()
    full(tmp_path / "out" / "groups.csv")
    result = run("cluster", str(tmp_path / "in"), "--out", str(tmp_path / "out"))
    assert (result.exit_code, isinstance(result.exception, SystemExit)) == (1, True)
    assert "full" in result.stderr


def test_a_report_of_an_import_on_a_full_disk(run: Run, folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "in" / "Ann").mkdir(parents=True)
    (tmp_path / "in" / "Ann" / "a.jpg").write_bytes(b"x")
    full(tmp_path / "done.csv")
    result = run("import", str(tmp_path / "in"), "--report", str(tmp_path / "done.csv"))
    assert (result.exit_code, isinstance(result.exception, SystemExit)) == (1, True)
    assert "full" in result.stderr


def test_a_certificate_on_a_full_disk(run: Run, ada: Folder, tmp_path: Path) -> None:
    """Who is erased is erased; that the paper could not be written is said, and no half of it is left."""
    full(tmp_path / "ada.pdf")
    result = run("people", "erase", "E1", "--yes", "--certificate", str(tmp_path / "ada.pdf"))
    assert (result.exit_code, isinstance(result.exception, SystemExit)) == (1, True)
    assert "full" in result.stderr
    assert not (tmp_path / "ada.pdf").exists()


def bounded(*words: object, most_bytes: int) -> subprocess.CompletedProcess[str]:
    """Run a command that may write no file larger than that, which SQLite takes for a full disk."""
    return subprocess.run(
        [sys.executable, "-m", "faceaccess", *map(str, words)],
        input=PASSPHRASE, capture_output=True, text=True, timeout=120, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes)),
    )  # fmt: skip


def test_a_backup_and_a_file_of_people_on_a_full_disk(ada: Folder, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "older").write_bytes(OLDER)
    most = 40_000
    for words in (["backup", "create", out], ["people", "export", out / "all.fapeople"]):
        done = bounded(*words, "--data-dir", ada.path, most_bytes=most)
        assert done.returncode == 1, words
        assert "Traceback" not in done.stderr
        assert "The disk" in done.stderr, (words, done.stderr)
        assert [(path.name, path.read_bytes()) for path in out.iterdir()] == [("older", OLDER)]


def test_a_restore_on_a_full_disk_changes_nothing(ada: Folder, tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    assert bounded("backup", "create", out, "--data-dir", ada.path, most_bytes=2**30).returncode == 0
    (made,) = out.iterdir()
    shutil.copytree(ada.path, other)
    before = {path.name for path in other.iterdir()}
    done = bounded("backup", "restore", made, "--data-dir", other, most_bytes=40_000)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "The disk" in done.stderr
    assert not (other / NEW_FOLDER).exists()
    # The end of the log that would be replaced was read: SQLite leaves its own files where it can't write.
    log = {f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm"}
    assert {path.name for path in other.iterdir()} <= before | {"logs"} | log
    assert bounded("people", "--data-dir", other, most_bytes=2**30).stdout.count("Ada") == 1
