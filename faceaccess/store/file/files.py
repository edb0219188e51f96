"""Files that are there whole or not at all, and texts that a spreadsheet program can't take for formulas."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faceaccess.plain_text import visible
from faceaccess.store.file.faults import mapped_faults

# What a spreadsheet program takes for the start of a formula:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a path to write to, which takes the place of a file when all has been written.

    Raises:
        StoreError: the file can't be written; one that was there is kept.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.new")
    with mapped_faults(path):
        try:
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)


def without_formula(text: str) -> str:
    """Return a text for a cell; an apostrophe keeps it from being taken for a formula."""
    text = visible(text)
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
