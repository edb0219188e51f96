"""A table of people as rows, checked one by one; photos are looked for, not read."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from faceaccess.codes import DateOrder, ImportField, ImportProblem
from faceaccess.errors import EnrolmentError, Text, sentences
from faceaccess.people.arrivals.arrival import ArrivalRow
from faceaccess.people.arrivals.cells import is_error, is_no_name, is_no_number
from faceaccess.people.arrivals.columns import FIELD_NOUNS, Columns
from faceaccess.people.arrivals.dates import DayReader
from faceaccess.people.arrivals.photo_files import PhotoFolders
from faceaccess.people.arrivals.proposed_name import proposed_name
from faceaccess.people.arrivals.table_file import SourceTable, TableRow
from faceaccess.store.people.names import clean_department, clean_email, clean_name, clean_staff_number

_NEEDED = (ImportField.NAME, ImportField.PHOTO)


def rows_of_table(
    table: SourceTable, columns: Columns, folders: PhotoFolders, order: DateOrder | None = None
) -> list[ArrivalRow]:
    """Return the rows of a table, checked.

    Args:
        table: as it was read.
        columns: which of them say what.
        folders: where the photos lie.
        order: in which days are written; None leaves it to what the column can only mean.

    Raises:
        EnrolmentError: no column says the names or the photos, or there are no rows.
    """
    lacking = [field for field in _NEEDED if not columns.get(field)]
    if lacking:
        raise EnrolmentError(
            "No column is known for: {lacking}.",
            sentences(table.headings(), Text("Say which column it is, for example: --map name=Who")),
            lacking=", ".join(lacking),
        )
    if not table.rows:
        raise EnrolmentError("There is nobody below the headings.", "The table needs a row for each person.")
    texts = [_texts(row, columns) for row in table.rows]
    days = DayReader((row.get(ImportField.CONSENT_DATE, "") for row in texts), order)
    return [
        _checked(row, columns, values, folders, days) for row, values in zip(table.rows, texts, strict=True)
    ]


def checked_texts(row: ArrivalRow) -> ArrivalRow:
    """Return a row with its texts in the form that is stored, or with what is wrong with them."""
    if not row.name:
        return replace(row, problem=ImportProblem.NO_NAME)
    if is_no_name(row.name):
        return replace(
            row, problem=ImportProblem.BAD_TEXT, detail=Text("The name is a day, a time or a number.")
        )
    try:
        row = replace(
            row,
            name=clean_name(row.name),
            staff_number=clean_staff_number(row.staff_number),
            department=clean_department(" ".join(row.department.split())),
        )
    except EnrolmentError as exc:
        return replace(row, problem=ImportProblem.BAD_TEXT, detail=exc.message_text)
    if row.staff_number and is_no_number(row.staff_number):
        return replace(row, problem=ImportProblem.BAD_NUMBER, detail=row.staff_number)
    try:
        return replace(row, email=clean_email(row.email))
    except EnrolmentError as exc:
        return replace(row, problem=ImportProblem.BAD_EMAIL, detail=exc.message_text)


def _name_in_photos(photos: list[str]) -> str:
    """Return the name that the photos of a row suggest; "" for none."""
    names = (proposed_name(Path(photo.replace("\\", "/"))) for photo in photos)
    return next((name for name in names if name), "")


def _texts(row: TableRow, columns: Columns) -> dict[ImportField, str]:
    """Return a row's texts, several columns of a field joined: names by a blank, photos by a semicolon."""
    return {
        field: (";" if field is ImportField.PHOTO else " ").join(
            row.cells[at] for at in places if row.cells[at]
        )
        for field, places in columns.items()
    }


def _checked(
    row: TableRow,
    columns: Columns,
    values: Mapping[ImportField, str],
    folders: PhotoFolders,
    days: DayReader,
) -> ArrivalRow:
    """Return a row with what is wrong with it, if anything; the worst first."""
    photos = [part.strip() for part in values[ImportField.PHOTO].split(";") if part.strip()]
    read = ArrivalRow(
        row.number,
        " ".join(values[ImportField.NAME].split()),
        values.get(ImportField.STAFF_NUMBER) or None,
        values.get(ImportField.DEPARTMENT, ""),
        values.get(ImportField.EMAIL, ""),
        tuple(folders.find(photo) for photo in photos if not is_error(photo)),
    )
    if row.is_oversized:
        return replace(read, problem=ImportProblem.CELL_TOO_LONG)
    for field, places in columns.items():
        if wrong := next((row.cells[at] for at in places if is_error(row.cells[at])), ""):
            return replace(
                read,
                problem=ImportProblem.CELL_ERROR,
                detail=Text("{error} in {field}", {"error": wrong, "field": FIELD_NOUNS[field]}),
            )
    names = [row.cells[at] for at in columns[ImportField.NAME]]
    if read.name and not (names[0] and names[-1]):
        return replace(read, problem=ImportProblem.NAME_INCOMPLETE)
    read = checked_texts(read)
    if read.problem is ImportProblem.NO_NAME and (name := _name_in_photos(photos)):
        return replace(read, detail=Text("its photo suggests {name}", {"name": name}))
    if read.problem is not None:
        return read
    cell = values.get(ImportField.CONSENT_DATE, "")
    try:
        return replace(read, consent_on=days.day(cell))
    except ValueError:
        problem = ImportProblem.DATE_NOT_CLEAR if days.is_unclear(cell) else ImportProblem.BAD_DATE
        return replace(read, problem=problem, detail=cell)
