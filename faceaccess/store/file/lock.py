"""The lock that lets one process at a time write to a data folder."""

import json
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from faceaccess.errors import StoreBusyError, Text
from faceaccess.store.file.faults import mapped_faults

LOCK_FILE = "faceaccess.lock"


if sys.platform == "win32":
    import msvcrt

    # Locked bytes can't be read by others there: lock one far behind the holder's name.
    _LOCKED_BYTE = 1 << 30

    def _take(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """A file's lock, held until it is released or the process ends, however that comes."""

    def __init__(self, path: Path) -> None:
        """Take it; the file is made where there is none.

        Raises:
            OSError: it is held already, or the file can't be written.
        """
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(self._handle)
        except OSError:
            os.close(self._handle)
            raise

    def release(self) -> None:
        """Give it back."""
        os.close(self._handle)


class WriterLock:
    """Held while a process may write; the system frees it when the process ends or is killed.

    A child made by fork would inherit it: start children with the spawn method.
    """

    def __init__(self, folder: Path) -> None:
        """Take the lock of a data folder.

        Raises:
            StoreBusyError: another process, or this one, holds it already.
            StoreError: the folder can't be written.
        """
        self._path = folder / LOCK_FILE
        with mapped_faults(folder):
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(self._handle)
        except OSError as exc:
            os.close(self._handle)
            raise StoreBusyError(
                "The data folder {folder} is in use by {holder}.",
                "Stop that program first; `log`, `people` and `doctor` can read beside it.",
                folder=folder,
                holder=_describe_holder(self._path),
            ) from exc
        try:
            with mapped_faults(folder):
                self._write_holder()
        except BaseException:
            self.release()
            raise

    def _write_holder(self) -> None:
        holder = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        os.ftruncate(self._handle, 0)
        os.write(self._handle, json.dumps(holder).encode())

    def release(self) -> None:
        """Give the lock back; a second call does nothing."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Self:
        """Return the lock itself."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Give the lock back."""
        self.release()


def _describe_holder(path: Path) -> Text:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        values = {name: holder[name] for name in ("pid", "host", "since")}
        return Text("process {pid} on {host} since {since}", values)
    except (OSError, ValueError, KeyError, TypeError):
        return Text("another process")
