"""Tables of people as others keep them: CSV of any usual kind and XLSX, however large or odd."""

import csv
import io
import itertools
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from xml.etree.ElementTree import ParseError

from faceaccess.apart import run_apart
from faceaccess.errors import EnrolmentError, Text, sentences, template
from faceaccess.foreign_files import open_file, read_bytes
from faceaccess.people.arrivals.cells import NOT_CALCULATED, shown
from faceaccess.people.arrivals.letters import read_letters

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

CSV_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
XLSX_SUFFIXES = frozenset({".xlsx", ".xlsm"})
TABLE_SUFFIXES = CSV_SUFFIXES | XLSX_SUFFIXES

MOST_ROWS = 50_000
MOST_COLUMNS = 200
LONGEST_CELL = 8_192
MOST_CELLS = 2_000_000
GREATEST_CSV_BYTES = 12 * 2**20
GREATEST_XLSX_BYTES = 64 * 2**20
"""Before it is unpacked."""

GREATEST_UNPACKED_BYTES = 128 * 2**20
READING_BYTES = 400 * 2**20
"""What reading a workbook may take, whatever is in it: an element of four bytes becomes some hundred."""

READING_S = 180.0
_MOST_PARTS = 2_000
_SEPARATORS = {
    ";": template("Columns were taken to be parted by a semicolon."),
    ",": template("Columns were taken to be parted by a comma."),
    "\t": template("Columns were taken to be parted by a tab."),
}
_SAID = re.compile(r'\s*"?sep=([;,\t])"?[;,\t\s]*', re.IGNORECASE)

# What a damaged or hostile workbook makes openpyxl raise.
_DAMAGED = (
    OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RuntimeError,
    EOFError, ParseError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True)
class TableRow:
    """A row below the header.

    Attributes:
        number: in the file, as a spreadsheet program counts.
        cells: as many as there are columns.
        is_oversized: whether a cell had more than `LONGEST_CELL` characters; it is empty here.
    """

    number: int
    cells: tuple[str, ...]
    is_oversized: bool = False


@dataclass(frozen=True)
class SourceTable:
    """A table.

    Attributes:
        columns: the header's cells.
        rows: those that aren't empty.
        separator: what was taken to part the cells of a CSV file, "" of any other table.
        hints: what somebody should look at: letters that may be wrong, sheets that aren't read.
    """

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    separator: str = ""
    hints: tuple[Text, ...] = ()

    def headings(self) -> Text:
        """Say what was found in the first row, and how a CSV file was parted, for somebody to check."""
        headings = ", ".join(heading or "(none)" for heading in self.columns)
        said = Text("Headings found: {headings}.", {"headings": headings})
        if not self.separator:
            return said
        if len(self.columns) == 1:
            none = Text("Columns are parted by a semicolon, a comma or a tab; the first row has none.")
            return sentences(said, none)
        return sentences(said, Text(_SEPARATORS[self.separator]))


def read_table(path: Path, encoding: str | None = None) -> SourceTable:
    """Read a CSV or XLSX file (its first sheet), the first row that isn't empty being the header.

    Args:
        path: of the file.
        encoding: of a CSV file, as somebody says; None finds out.

    Raises:
        EnrolmentError: it can't be read, is no table, or is larger than a table of people can be.
    """
    suffix = path.suffix.lower()
    if suffix not in TABLE_SUFFIXES:
        raise EnrolmentError(
            "{name} is not a table that can be read.", "Save it as CSV or XLSX.", name=path.name
        )
    try:
        if suffix in CSV_SUFFIXES:
            letters = read_letters(read_bytes(path, GREATEST_CSV_BYTES), encoding)
            separator, is_said = _separator(letters.text)
            table = _table(path, _csv_rows(letters.text, separator, skip_first=is_said))
            hint = letters.hint()
            return replace(table, separator=separator, hints=(hint,) if hint else ())
        return run_apart(READING_BYTES, READING_S, _read_workbook, path)
    except EnrolmentError:
        raise
    except csv.Error as exc:
        raise EnrolmentError(
            "{name} is not a CSV table: {reason}.", "Save it anew as CSV.", name=path.name, reason=str(exc)
        ) from exc
    except (MemoryError, TimeoutError, EOFError) as exc:
        raise EnrolmentError(
            "{name} is too large for a table of people, or not a workbook.",
            "Save the sheet with the people as CSV.",
            name=path.name,
        ) from exc
    except OSError as exc:
        raise _unreadable(path, exc) from exc


def _unreadable(path: Path, exc: OSError) -> EnrolmentError:
    return EnrolmentError(
        "{name} can't be read: {reason}.",
        "Check the path. A CSV file may have {csv_mb} MB, a workbook {xlsx_mb}.",
        name=path.name,
        reason=exc.strerror or str(exc),
        csv_mb=GREATEST_CSV_BYTES // 2**20,
        xlsx_mb=GREATEST_XLSX_BYTES // 2**20,
    )


def _table(path: Path, rows: Iterator[tuple[int, Sequence[str]]]) -> SourceTable:
    """Return the header and the rows below it."""
    header = next(((number, cells) for number, cells in rows if any(cells)), None)
    if header is None:
        raise EnrolmentError(
            "{name} is empty.", "It needs a row of headings and rows of people.", name=path.name
        )
    columns = [cell[:LONGEST_CELL] for cell in header[1][:MOST_COLUMNS]]
    while columns and not columns[-1]:
        columns.pop()
    most_rows = min(MOST_ROWS, MOST_CELLS // max(1, len(columns)))
    people: list[TableRow] = []
    for number, cells in rows:
        if not any(cells):
            continue
        if len(people) == most_rows:
            raise EnrolmentError(
                "{name} has more than {most_rows} rows of {columns} columns.",
                "Split it.",
                name=path.name,
                most_rows=most_rows,
                columns=len(columns),
            )
        people.append(_row(number, cells, len(columns)))
    return SourceTable(tuple(columns), tuple(people))


def _row(number: int, cells: Sequence[str], count: int) -> TableRow:
    fitting = [cell if len(cell) <= LONGEST_CELL else "" for cell in cells[:count]]
    fitting += [""] * (count - len(fitting))
    return TableRow(number, tuple(fitting), any(len(cell) > LONGEST_CELL for cell in cells[:count]))


def _csv_rows(text: str, separator: str, *, skip_first: bool) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows of a CSV file by the number of their last line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    for cells in itertools.islice(reader, int(skip_first), None):
        yield reader.line_num, [cell.strip() for cell in cells[: MOST_COLUMNS + 1]]


def _separator(text: str) -> tuple[str, bool]:
    """Return what parts the cells of the first line that isn't empty, and whether that line only says so.

    Excel's own `sep=;` counts; else what stands there most often, outside of quotes.
    """
    line = next((line for line in text[:65_536].splitlines() if line.strip()), "")
    if said := _SAID.fullmatch(line):
        return said[1], True
    outside = "".join(line.split('"')[::2])
    return max(_SEPARATORS, key=outside.count), False


def _read_workbook(path: Path) -> SourceTable:
    """Read the first sheet of a workbook. Runs in a process of its own."""
    try:
        # Of formats and validations that don't matter here.
        with warnings.catch_warnings(action="ignore"), open_file(path, GREATEST_XLSX_BYTES) as file:
            return _workbook_table(path, file)
    except _DAMAGED as exc:
        if isinstance(exc, OSError) and exc.strerror:
            raise _unreadable(path, exc) from exc
        raise EnrolmentError(
            "{name} is damaged, locked by a password, or not a workbook.",
            "Save it anew as XLSX or CSV.",
            name=path.name,
        ) from exc


def _workbook_table(path: Path, file: BinaryIO) -> SourceTable:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        # What is unpacked ends where the directory of the archive says: no part can be larger.
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > GREATEST_UNPACKED_BYTES:
            raise EnrolmentError("{name} is too large for a table of people.", "Split it.", name=path.name)
    with _workbook(file) as book, _workbook(file, is_calculated=False) as formulas:
        sheets = book.worksheets
        rows = _calculated_rows(sheets[0], formulas.worksheets[0]) if sheets else iter(())
        table = _table(path, rows)
        others = [sheet.title for sheet in sheets[1:] if any(any(cells) for _, cells in _xlsx_rows(sheet, 2))]
    if not others:
        return table
    hint = Text(
        "Only the first sheet is read, {sheet}; not read: {others}.",
        {"sheet": sheets[0].title, "others": ", ".join(others)},
    )
    return replace(table, hints=(hint,))


@contextmanager
def _workbook(file: BinaryIO, *, is_calculated: bool = True) -> "Iterator[Workbook]":
    """Give a workbook with values or with its formulas; its rows are read one by one."""
    # Takes a while to import.
    from openpyxl import load_workbook

    with closing(load_workbook(file, read_only=True, data_only=is_calculated, keep_links=False)) as book:
        yield book


def _calculated_rows(
    values: "ReadOnlyWorksheet", formulas: "ReadOnlyWorksheet"
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows of a sheet, with a failure where a formula has no value: that cell isn't empty."""
    limits = {"max_row": MOST_ROWS + 2, "max_col": MOST_COLUMNS}
    both = zip(values.iter_rows(**limits), formulas.iter_rows(**limits), strict=True)
    for number, (cells, sources) in enumerate(both, 1):
        yield (
            number,
            [
                NOT_CALCULATED if cell.value is None and source.value is not None else shown(cell)
                for cell, source in zip(cells, sources, strict=True)
            ],
        )


def _xlsx_rows(sheet: "ReadOnlyWorksheet", most: int) -> Iterator[tuple[int, Sequence[str]]]:
    for number, cells in enumerate(sheet.iter_rows(max_row=most, max_col=MOST_COLUMNS), 1):
        yield number, [shown(cell) for cell in cells]
