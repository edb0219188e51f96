"""Files that somebody else may have made: opened only if they are files, and read only up to a limit.

A pipe or a device may never end, or never begin; a file may be larger than memory.
"""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path


def open_file(path: Path, most_bytes: int) -> BufferedReader:
    """Open a file to read it; links are followed.

    Raises:
        OSError: it can't be opened, is no file, or is larger; `strerror` says so in words.
    """
    # Without O_NONBLOCK the opening of a pipe waits for somebody to write.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    number = os.open(path, flags)
    try:
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no file", str(path))
        if status.st_size > most_bytes:
            raise _too_large(path, most_bytes)
        return os.fdopen(number, "rb")
    except BaseException:
        os.close(number)
        raise


def read_bytes(path: Path, most_bytes: int) -> bytes:
    """Return the bytes of a file.

    Raises:
        OSError: as `open_file`, and where the file says that it is shorter than it is.
    """
    with open_file(path, most_bytes) as file:
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise _too_large(path, most_bytes)
    return data


def read_text(path: Path, most_bytes: int, *, errors: str = "strict") -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark, with Python's line endings.

    Raises:
        OSError: as `read_bytes`.
        UnicodeDecodeError: it isn't UTF-8.
    """
    text = read_bytes(path, most_bytes).decode("utf-8-sig", errors)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _too_large(path: Path, most_bytes: int) -> OSError:
    return OSError(errno.EINVAL, f"it is larger than {most_bytes // 2**20 or 1} MB", str(path))
