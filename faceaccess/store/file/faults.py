"""Faults of files and databases, as messages that a person can act on."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from faceaccess.errors import StoreError, templates

# Result codes of SQLite: https://www.sqlite.org/rescode.html
_SQLITE_FAULTS = {
    3: templates(
        "The data in {path} may not be used by this account.", "Ask who owns the folder for access."
    ),
    5: templates("The data in {path} is busy.", "Try again in a moment."),
    6: templates("The data in {path} is busy.", "Try again in a moment."),
    8: templates("The data in {path} can't be changed: it is read-only.", "Make the folder writable."),
    10: templates(
        "The disk failed while {path} was used.", "Check the disk and that the folder is still connected."
    ),
    11: templates(
        "The data in {path} is damaged.",
        "Nothing was overwritten. Keep the file and restore the newest backup.",
    ),
    13: templates(
        "The disk that holds {path} is full.", "Free some space; until then nothing can be written there."
    ),
    14: templates("The data in {path} can't be opened.", "Check that the folder exists and is writable."),
    26: templates(
        "The data in {path} can't be read: it is damaged, or the key beside it belongs to another file.",
        "Nothing was overwritten. Restore the database and its key together.",
    ),
}

_FULL = 13
_FULL_FOR_READERS = frozenset({4874, 5386})
"""Reading needs a little room too, for the index of the write-ahead log (SQLITE_IOERR_SHMSIZE, _SHMMAP)."""

_CODES_BY_WORDS = {"disk I/O error": 10, "database or disk is full": 13}
"""Of what `Connection.backup` raises, which has no code."""

_NO_TEXT = "Could not decode to UTF-8"
"""Of what the database returns as a text that is none; it has no code either."""

_OS_FAULTS = {
    errno.ENOSPC: templates("The disk that holds {path} is full.", "Free some space."),
    errno.EFBIG: templates("The disk that holds {path} is full.", "Free some space."),
    errno.EDQUOT: templates("The disk quota for {path} is used up.", "Free some space."),
    errno.EACCES: templates(
        "This account may not write to {path}.",
        "Make it writable or choose another folder.",
    ),
    errno.EPERM: templates(
        "This account may not write to {path}.", "Make it writable or choose another folder."
    ),
    errno.EROFS: templates("{path} is on a read-only disk.", "Choose another folder."),
    errno.ENOENT: templates("{path} does not exist.", "Check that its disk is connected."),
    errno.ENOTDIR: templates("{path} is not a folder.", "Choose another folder."),
    errno.EEXIST: templates("{path} is not a folder.", "Choose another folder."),
}


NETWORK_FILESYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "9p", "ncpfs", "ceph",
     "fuse.sshfs", "fuse.davfs", "fuse.rclone"}
)  # fmt: skip
"""Where a database in WAL mode may be damaged: https://www.sqlite.org/wal.html#concurrency"""


def filesystem_of(folder: Path) -> str:
    """Return the type of the file system that a folder is on, such as "ext4"; "" where it isn't known."""
    import psutil

    place = folder.resolve()
    mounts = {partition.mountpoint: partition for partition in psutil.disk_partitions(all=True)}
    above = map(str, (place, *place.parents))
    mounted = next((mounts[parent] for parent in above if parent in mounts), None)
    if mounted is None:
        return ""
    # Windows says of a drive whether it is another computer's.
    return "smb" if "remote" in mounted.opts.split(",") else str(mounted.fstype).lower()


def refuse_network(folder: Path) -> None:
    """Refuse a folder on another computer.

    Raises:
        StoreError: it is one.
    """
    kind = filesystem_of(folder)
    if kind in NETWORK_FILESYSTEMS:
        raise StoreError(
            "The data folder {folder} is on a network drive ({kind}), where it could be damaged.",
            "Choose a folder on a disk of this computer; backups may go to the network drive.",
            folder=folder,
            kind=kind,
        )


def damaged(path: Path) -> StoreError:
    """Return the error for data that was read but is not what was written."""
    message, hint = _SQLITE_FAULTS[11]
    return StoreError(message, hint, path=path)


@contextmanager
def mapped_faults(path: Path) -> Iterator[None]:
    """Turn failures of disk and database into `StoreError`; anything else is a bug and passes.

    Args:
        path: the file or folder that the message names.

    Raises:
        StoreError: with what failed and what to do about it.
    """
    try:
        yield
    except sqlcipher.Error as exc:
        code = getattr(exc, "sqlite_errorcode", None) or _CODES_BY_WORDS.get(str(exc))
        if str(exc).startswith(_NO_TEXT):
            raise damaged(path) from exc
        code = _FULL if code in _FULL_FOR_READERS else code
        fault = _SQLITE_FAULTS.get(code & 0xFF) if code is not None else None
        if fault is None:
            raise
        raise StoreError(*fault, path=path) from exc
    except OSError as exc:
        fault = _OS_FAULTS.get(exc.errno or 0)
        if fault is None:
            reason = exc.strerror or str(exc)
            raise StoreError("{path} can't be used: {reason}", path=path, reason=reason) from exc
        raise StoreError(*fault, path=path) from exc
