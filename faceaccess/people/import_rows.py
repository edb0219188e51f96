"""The rows of a table or a folder of people, checked one by one; photos are looked for, not read."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from faceaccess.codes import ImportField, ImportProblem
from faceaccess.errors import EnrolmentError
from faceaccess.people.folder_enrolment import people_of
from faceaccess.people.import_columns import Columns
from faceaccess.people.table_reading import TABLE_SUFFIXES, SourceTable, TableRow
from faceaccess.store.names import clean_department, clean_email, clean_name, clean_staff_number
from faceaccess.vision.images import photo_files

MOST_PHOTOS = 30
"""Photos of a person that are looked at: more don't make anybody better known."""

_MOST_FILES = 500_000
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


@dataclass(frozen=True)
class RowPhoto:
    """A photo that a row names.

    Attributes:
        given: as it is written there.
        path: the file; None where there is a problem.
    """

    given: str
    path: Path | None
    problem: ImportProblem | None = None


@dataclass(frozen=True)
class ImportRow:
    """A row as it was read.

    Attributes:
        number: in the table, as a spreadsheet program counts; of a folder, which sub-folder it is.
        consent_on: when the person agreed, or None.
        problem: why it can't be imported, or None.
        detail: that in the words of whatever found it, or "".
    """

    number: int
    name: str
    staff_number: str | None = None
    department: str = ""
    email: str = ""
    photos: tuple[RowPhoto, ...] = ()
    consent_on: date | None = None
    problem: ImportProblem | None = None
    detail: str = ""


class PhotoFolders:
    """Where photos may lie: nothing outside of these is touched, whatever a table says."""

    def __init__(self, table_folder: Path, photos_folder: Path | None = None) -> None:
        """Take the folders.

        Args:
            table_folder: of the table: what a path in it starts from.
            photos_folder: where photos lie besides; file names are looked for in its sub-folders, too.
        """
        folders = [table_folder] if photos_folder is None else [photos_folder, table_folder]
        self._folders = [Path(os.path.realpath(folder)) for folder in folders]
        self._searched = self._folders[0] if photos_folder is not None else None
        self._by_name: dict[str, list[Path]] | None = None

    def find(self, given: str) -> RowPhoto:
        """Return the photo that is meant by a path or a file name; it is looked for, not opened."""
        if "\0" in given:
            return RowPhoto(given, None, ImportProblem.PHOTO_MISSING)
        # Tables come from Windows, too.
        meant = Path(given if os.sep == "\\" else given.replace("\\", "/"))
        is_outside = False
        for folder in self._folders:
            try:
                path = Path(os.path.realpath(folder / meant))
                is_inside = any(path.is_relative_to(each) for each in self._folders)
                if is_inside and path.is_file():
                    is_readable = os.access(path, os.R_OK)
                    problem = None if is_readable else ImportProblem.PHOTO_UNREADABLE
                    return RowPhoto(given, path if is_readable else None, problem)
            except (OSError, ValueError):
                continue
            is_outside = is_outside or not is_inside
        if is_outside:
            return RowPhoto(given, None, ImportProblem.PHOTO_OUTSIDE)
        return self._by_file_name(given, meant)

    def _by_file_name(self, given: str, meant: Path) -> RowPhoto:
        if self._searched is None or len(meant.parts) != 1:
            return RowPhoto(given, None, ImportProblem.PHOTO_MISSING)
        if self._by_name is None:
            self._by_name = _files_by_name(self._searched)
        found = self._by_name.get(meant.name.casefold(), [])
        if len(found) != 1:
            problem = ImportProblem.PHOTO_NOT_CLEAR if found else ImportProblem.PHOTO_MISSING
            return RowPhoto(given, None, problem)
        return RowPhoto(given, found[0])


def is_of_many(path: Path) -> bool:
    """Tell whether it is a table, or a folder with folders and no photos right in it."""
    try:
        if not path.is_dir():
            return path.suffix.lower() in TABLE_SUFFIXES
        return any(each.is_dir() for each in path.iterdir()) and not photo_files(path)
    except OSError:
        return False


def rows_of_table(table: SourceTable, columns: Columns, folders: PhotoFolders) -> Iterator[ImportRow]:
    """Yield the rows of a table, checked."""
    for row in table.rows:
        yield _checked(row, {field: row.cells[at] for field, at in columns.items()}, folders)


def rows_of_folder(folder: Path) -> Iterator[ImportRow]:
    """Yield a row for each sub-folder with photos, named like the person.

    Raises:
        EnrolmentError: there are no sub-folders with photos.
    """
    folders = PhotoFolders(folder)
    for number, (name, photos) in enumerate(people_of(folder), 1):
        given = [str(photo.relative_to(folder)) for photo in photos]
        row = TableRow(number, ())
        yield _checked(row, {ImportField.NAME: name}, folders, given)


def _checked(
    row: TableRow,
    values: Mapping[ImportField, str],
    folders: PhotoFolders,
    photos: Sequence[str] | None = None,
) -> ImportRow:
    """Return a row with what is wrong with it, if anything; the worst first."""
    name = " ".join(values.get(ImportField.NAME, "").split())
    if photos is None:
        photos = [part.strip() for part in values.get(ImportField.PHOTO, "").split(";") if part.strip()]
    found = tuple(folders.find(photo) for photo in photos)
    shown = ImportRow(row.number, name, values.get(ImportField.STAFF_NUMBER) or None, photos=found)
    if row.is_oversized:
        return _refused(shown, ImportProblem.CELL_TOO_LONG)
    if not name:
        return _refused(shown, ImportProblem.NO_NAME)
    try:
        name, number = clean_name(name), clean_staff_number(shown.staff_number)
        department = clean_department(" ".join(values.get(ImportField.DEPARTMENT, "").split()))
    except EnrolmentError as exc:
        return _refused(shown, ImportProblem.BAD_TEXT, exc.message)
    try:
        email = clean_email(values.get(ImportField.EMAIL, ""))
    except EnrolmentError as exc:
        return _refused(shown, ImportProblem.BAD_EMAIL, exc.message)
    try:
        consent_on = _day(values.get(ImportField.CONSENT_DATE, ""))
    except ValueError:
        return _refused(shown, ImportProblem.BAD_DATE, values[ImportField.CONSENT_DATE])
    return ImportRow(row.number, name, number, department, email, found, consent_on)


def _refused(row: ImportRow, problem: ImportProblem, detail: str = "") -> ImportRow:
    return ImportRow(
        row.number, row.name, row.staff_number, photos=row.photos, problem=problem, detail=detail
    )


def _day(text: str) -> date | None:
    """Return a day written as 2026-03-04 or 4.3.2026, the day before the month; None for nothing.

    Raises:
        ValueError: it is neither, or still to come.
    """
    text = text.strip()
    if not text:
        return None
    parted = _DAY_FIRST.fullmatch(text)
    day = date(*(int(part) for part in parted.groups()[::-1])) if parted else date.fromisoformat(text[:10])
    if day > date.today():
        raise ValueError("still to come")
    return day


def _files_by_name(folder: Path) -> dict[str, list[Path]]:
    """Return the files of a folder tree by their names in small letters; links are not followed."""
    found: dict[str, list[Path]] = {}
    count = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if not path.is_symlink():
                found.setdefault(name.casefold(), []).append(path)
                count += 1
        if count > _MOST_FILES:
            break
    return found
