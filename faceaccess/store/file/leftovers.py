"""Files that a killed program left half written, with people's data: named and removed.

A backup goes to a folder of anybody's, where another computer may be writing one too. So while one is
written, a note in the data folder names it, and the writer holds the note's lock, which ends with it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from faceaccess.store.file.lock import FileLock
from faceaccess.store.file.restoring import DATABASE_FILE, NEW_FOLDER, is_unfinished
from faceaccess.store.keys.keys import KEY_FILE

PART_SUFFIX = ".part"
_NOTE_PREFIX, _NOTE_SUFFIX = "faceaccess-writing-", ".note"
_BESIDE = ("", "-journal", "-wal", "-shm")
"""What SQLite may put beside a file that it writes."""


@contextmanager
def noted(data_folder: Path, part: Path) -> Iterator[None]:
    """Keep a note of a file while it is written; nothing of it is left when that fails."""
    note = data_folder / f"{_NOTE_PREFIX}{part.stem}-{os.getpid()}{_NOTE_SUFFIX}"
    lock = None
    # Where the data folder can't be written, the backup still can.
    with suppress(OSError):
        lock = FileLock(note)
        note.write_text(str(part.resolve()), encoding="utf-8", errors="surrogateescape")
    try:
        yield
    finally:
        _remove(part)
        if lock is not None:
            note.unlink(missing_ok=True)
            lock.release()


def half_written_in(data_folder: Path) -> list[Path]:
    """Return the half-written files in or beside a data folder, while nothing else writes there."""
    half = [
        *data_folder.glob(f"{DATABASE_FILE}.new"),
        *data_folder.glob(f"{KEY_FILE}.new"),
        *data_folder.glob("faceaccess.schema*.new"),
    ]
    if (data_folder / NEW_FOLDER).is_dir() and not is_unfinished(data_folder):
        half.append(data_folder / NEW_FOLDER)
    parts = [part for note in _notes(data_folder) if (part := _part_of(note)) is not None]
    return sorted([*half, *(part for part in parts if part.exists())])


def parts_in(folder: Path) -> list[Path]:
    """Return the unfinished backups of a folder: being written now, or left by a killed program."""
    try:
        return sorted(path for path in folder.glob(f"faceaccess-*{PART_SUFFIX}") if path.is_file())
    except OSError:
        return []


def remove(data_folder: Path) -> None:
    """Remove half-written files; those that can't be removed are still found.

    The caller holds the folder's lock, so that nobody restores or changes the key.
    """
    for path in half_written_in(data_folder):
        _remove(path)
    for note in _notes(data_folder):
        part = _part_of(note)
        if part is not None and not part.exists() and part.parent.is_dir():
            with suppress(OSError):
                note.unlink()


def _notes(data_folder: Path) -> list[Path]:
    return sorted(data_folder.glob(f"{_NOTE_PREFIX}*{_NOTE_SUFFIX}"))


def _part_of(note: Path) -> Path | None:
    """Return the file that a note names; None while it is being written."""
    try:
        FileLock(note).release()
        part = Path(note.read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError:
        return None
    # Only what a backup calls its own is ever removed, whatever the note says.
    return part if part.name.startswith("faceaccess-") and part.suffix == PART_SUFFIX else None


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
            return
        for beside in _BESIDE:
            path.with_name(path.name + beside).unlink(missing_ok=True)
