"""The people of a folder of labelled photos who are measured."""

import csv
import hashlib
import io
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from faceaccess.errors import FaceAccessError
from faceaccess.foreign_files import read_text

PAIR_COLUMNS = ("person", "other")
MOST_BYTES = 12 * 2**20


class Half(StrEnum):
    """Half of the people, by the last digit of their name's SHA-256."""

    EVEN = "even"
    ODD = "odd"
    ALL = "all"


HalfOption = Annotated[
    Half,
    typer.Option("--half", help="Of the people, by the last digit of their name's SHA-256."),
]
LeaveOut = Annotated[
    Path | None,
    typer.Option(
        "--leave-out",
        help="A CSV file with columns person and other: the people named in either are left out, such as "
        "those whose photos are under a wrong name.",
        show_default=False,
    ),
]


def is_in(name: str, half: Half) -> bool:
    """Tell whether a person belongs to a half."""
    is_even = int(hashlib.sha256(name.encode()).hexdigest()[-1], 16) % 2 == 0
    return half is Half.ALL or is_even == (half is Half.EVEN)


def people_in(photos: Path, half: Half, leave_out: Path | None = None) -> dict[str, list[Path]]:
    """Return the photos of the people who are measured.

    Args:
        photos: a folder with one sub-folder per person.
        half: which people.
        leave_out: a list of pairs of people, see `read_pairs_left_out`.

    Raises:
        FaceAccessError: there is no such folder, or no such list.
    """
    from faceaccess.vision.sources.images import photo_folders

    if not photos.is_dir():
        raise FaceAccessError(
            f"{photos} is not a folder.", "Give one with a sub-folder of photos per person."
        )
    left_out = read_pairs_left_out(leave_out) if leave_out is not None else frozenset()
    return {
        name: files
        for name, files in photo_folders(photos).items()
        if is_in(name, half) and name not in left_out
    }


def read_pairs_left_out(path: Path) -> frozenset[str]:
    """Return the people named in either column of a list of pairs of people.

    Raises:
        FaceAccessError: it can't be read, or isn't such a list.
    """
    rows = read_columns(path, PAIR_COLUMNS)
    return frozenset(name for row in rows for name in row)


def read_columns(path: Path, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the fields of some columns of a CSV file whose first line names them.

    Raises:
        FaceAccessError: it can't be read, a column isn't there, or a field is empty.
    """
    hint = f"It is a CSV file whose first line is: {','.join(columns)}"
    try:
        reader = csv.DictReader(io.StringIO(read_text(path, MOST_BYTES)))
        if not set(columns) <= set(reader.fieldnames or ()):
            raise FaceAccessError(f"{path} has no columns {' and '.join(columns)}.", hint)
        rows = [tuple((row[column] or "").strip() for column in columns) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as exc:
        raise FaceAccessError(f"{path} can't be read as a CSV file.", hint) from exc
    for number, row in enumerate(rows, 2):
        if not all(row):
            raise FaceAccessError(f"{path}: line {number} lacks one of {' and '.join(columns)}.", hint)
    return rows
