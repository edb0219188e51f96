"""The meaning of each column of somebody's table."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from faceaccess.codes import ImportField
from faceaccess.errors import EnrolmentError, Text, template
from faceaccess.people.arrivals.headings import FIRST_NAME, LAST_NAME, MIDDLE_NAME, WORDS
from faceaccess.people.arrivals.table_file import SourceTable

Columns = Mapping[ImportField, tuple[int, ...]]
"""The columns that are read, by what they say: names are joined in their order, photos too."""

SEVERAL = frozenset({ImportField.NAME, ImportField.PHOTO})
"""What several columns may say together."""

FIELD_NOUNS = {
    ImportField.NAME: Text("name"),
    ImportField.STAFF_NUMBER: Text("staff number"),
    ImportField.DEPARTMENT: Text("department"),
    ImportField.EMAIL: Text("email"),
    ImportField.PHOTO: Text("photo"),
    ImportField.CONSENT_DATE: Text("consent date"),
}
"""What a field is called within a sentence."""


@dataclass(frozen=True)
class Guess:
    """The columns as their headings suggest.

    Attributes:
        columns: what is plain.
        unclear: fields that several columns may mean, with these columns.
    """

    columns: Columns
    unclear: Columns


def guessed(table: SourceTable) -> Guess:
    """Return the columns of each field, by their headings; a column serves one field."""
    headings = [_plain(column) for column in table.columns]
    columns: dict[ImportField, tuple[int, ...]] = {}
    unclear: dict[ImportField, tuple[int, ...]] = {}
    taken: set[int] = set()
    for field, tiers in WORDS.items():
        places = next((at for known in tiers if (at := _places(headings, known, taken))), ())
        if field is ImportField.NAME:
            places, is_clear = _names(table, headings, places)
        else:
            is_clear = len(places) <= 1 or field in SEVERAL
        if places:
            (columns if is_clear else unclear)[field] = places
            taken.update(places)
    return Guess(columns, unclear)


def chosen(table: SourceTable, told_columns: Mapping[ImportField, Sequence[str]]) -> Columns:
    """Return the columns of each field: as told where told, else as guessed.

    Args:
        table: whose columns they are.
        told_columns: headings or numbers of columns (1 is the first) by field; "" for none.

    Raises:
        EnrolmentError: there is no such column, or which one is meant can't be told.
    """
    told = {
        field: tuple(dict.fromkeys(_column(table, text) for text in texts if text.strip()))
        for field, texts in told_columns.items()
    }
    taken = {at for places in told.values() for at in places}
    guess = guessed(table)
    for field, places in guess.unclear.items():
        if field not in told and not taken.issuperset(places):
            raise EnrolmentError(
                "Several columns may be the {noun}: {columns}.",
                template("Say which: --map {field}={number}; for a name in two columns, --map twice.")
                if field in SEVERAL
                else template("Say which: --map {field}={number}"),
                noun=FIELD_NOUNS[field],
                columns=_named(table, places),
                field=field,
                number=places[0] + 1,
            )
    left = {field: places for field, places in guess.columns.items() if field not in told}
    return {field: places for field, places in left.items() if taken.isdisjoint(places)} | {
        field: places for field, places in told.items() if places
    }


def unused(table: SourceTable, columns: Columns) -> list[str]:
    """Return the headings of the columns that nothing is read from."""
    used = {at for places in columns.values() for at in places}
    return [heading for at, heading in enumerate(table.columns) if heading and at not in used]


def _names(
    table: SourceTable, headings: Sequence[str], places: tuple[int, ...]
) -> tuple[tuple[int, ...], bool]:
    """Return the columns that make a name, and whether that is plain.

    Many write "Name" beside "First name" and mean the last one: what is in the cells tells.
    """
    first, middle, last = (_places(headings, known, set()) for known in (FIRST_NAME, MIDDLE_NAME, LAST_NAME))
    if several := next((part for part in (places, first, last) if len(part) > 1), None):
        return several, False
    if places and not (first or last):
        return places, True
    if places and _is_whole(table, places[0], (last or first)[0]):
        return places, True
    first, last = first or places, last or places
    return (first + middle + last, True) if first and last else ((), True)


def _is_whole(table: SourceTable, whole: int, part: int) -> bool:
    """Tell whether the names of one column hold those of another, in most rows."""
    rows = [row.cells for row in table.rows if row.cells[whole] and row.cells[part]]
    return 2 * sum(_plain(cells[part]) in _plain(cells[whole]) for cells in rows) > len(rows)


def _places(headings: Sequence[str], known: Sequence[str], taken: set[int]) -> tuple[int, ...]:
    """Return the columns whose heading is one of the words, numbered or not."""
    return tuple(
        at
        for at, heading in enumerate(headings)
        if at not in taken and (heading in known or re.sub(r" ?\d+$", "", heading) in known)
    )


def _column(table: SourceTable, text: str) -> int:
    places = [at for at, column in enumerate(table.columns) if _plain(column) == _plain(text)]
    if len(places) > 1:
        raise EnrolmentError(
            "Several columns are called {name!r}: {columns}.",
            "Give the number of the column.",
            name=text,
            columns=_named(table, places),
        )
    if places:
        return places[0]
    if text.strip().isdecimal() and 1 <= int(text) <= len(table.columns):
        return int(text) - 1
    raise EnrolmentError("There is no column {name!r}.", table.headings(), name=text)


def _named(table: SourceTable, places: Sequence[int]) -> Text:
    columns = {
        f"column_{at}": Text("column {number} ({heading})", {"number": at + 1, "heading": table.columns[at]})
        for at in places
    }
    return Text(", ".join(f"{{{name}}}" for name in columns), columns)


def _plain(heading: str) -> str:
    """Return a heading without case, accents and signs."""
    parted = unicodedata.normalize("NFKD", heading.casefold())
    letters = "".join(c if c.isalnum() else " " for c in parted if not unicodedata.combining(c))
    return " ".join(unicodedata.normalize("NFC", letters).replace("ł", "l").replace("ı", "i").split())
