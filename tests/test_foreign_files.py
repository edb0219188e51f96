"""Lists and settings that somebody else may hand over: only files are read, and only so far."""

import os
from pathlib import Path

import pytest

from faceaccess.errors import FaceAccessError
from faceaccess.foreign_files import open_file, read_bytes, read_text
from faceaccess.lab.evaluations.labelled_people import MOST_BYTES, read_pairs_left_out
from faceaccess.lab.measures.pair_evaluation import read_pairs
from faceaccess.lab.measures.scoring import read_truth
from faceaccess.settings import load_machine_settings, machine_settings_path
from faceaccess.store.people.people_file import PeopleFile

posix = pytest.mark.skipif(os.name != "posix", reason="pipes and devices are POSIX's")


@posix
@pytest.mark.parametrize(
    "read",
    [
        read_pairs_left_out,
        read_truth,
        lambda path: read_pairs(path, path),
        lambda path: PeopleFile.opened(path, "x" * 12).__enter__(),
    ],
)
@pytest.mark.parametrize("kind", ["fifo", "device"])
def test_a_pipe_or_device_is_no_list(tmp_path: Path, read, kind: str) -> None:
    """Each of these waited for ever, or filled the memory."""
    path = tmp_path / "list"
    os.mkfifo(path) if kind == "fifo" else path.symlink_to("/dev/zero")
    with pytest.raises(FaceAccessError, match="list"):
        read(path)


@posix
def test_settings_that_are_a_pipe_are_said(tmp_path: Path) -> None:
    machine_settings_path().parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(machine_settings_path())
    with pytest.raises(FaceAccessError, match="it is no file"):
        load_machine_settings()


def test_a_list_that_is_too_long_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "list").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(FaceAccessError, match="list"):
        read_pairs_left_out(tmp_path / "list")


def test_files_are_read_up_to_a_length(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb")
    assert read_bytes(path, 7) == b"\xef\xbb\xbfa\r\nb"
    assert read_text(path, 7) == "a\nb"
    with pytest.raises(OSError, match="larger"):
        open_file(path, 6)
    with pytest.raises(OSError, match="no file"):
        open_file(tmp_path, 6)
