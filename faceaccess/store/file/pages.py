"""The pages of a database file, and damage to them by a disk or another program."""

from pathlib import Path

from faceaccess.errors import StoreError

_PAGE_BYTES = 4096
_LOCK_BYTE = 1 << 30


def lost_pages(path: Path) -> list[int]:
    """Return the numbers of pages that are all zeros, as a failing disk leaves them.

    SQLCipher never writes such a page, and doesn't notice one. The page at 1 GiB is never used:
    https://www.sqlite.org/fileformat2.html#the_lock_byte_page
    """
    lost, empty, number = [], bytes(_PAGE_BYTES), 0
    with path.open("rb") as file:
        while page := file.read(_PAGE_BYTES):
            number += 1
            if page == empty[: len(page)] and number != _LOCK_BYTE // _PAGE_BYTES + 1:
                lost.append(number)
    return lost


def refuse_cut_off(path: Path) -> None:
    """Raise for a file shorter than a page, which SQLite would take for a new database."""
    size = path.stat().st_size
    if size < _PAGE_BYTES:
        raise StoreError(
            "The database {path} is damaged: it has only {size} bytes.",
            "Nothing was overwritten. Keep the file and restore the newest backup.",
            path=path,
            size=size,
        )


def identity(path: Path) -> tuple[int, int] | None:
    """Return the identity of a file, unlike any other's; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
