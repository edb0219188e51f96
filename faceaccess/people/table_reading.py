"""Tables of people as others keep them: CSV of any usual kind and XLSX, however large or odd they are."""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from xml.etree.ElementTree import ParseError

from faceaccess.errors import EnrolmentError

CSV_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
XLSX_SUFFIXES = frozenset({".xlsx", ".xlsm"})
TABLE_SUFFIXES = CSV_SUFFIXES | XLSX_SUFFIXES

MOST_ROWS = 50_000
MOST_COLUMNS = 200
LONGEST_CELL = 8_192
GREATEST_BYTES = 64 * 2**20
"""Of a CSV file, and of an XLSX file before it is unpacked."""

GREATEST_UNPACKED_BYTES = 128 * 2**20
_MOST_PARTS = 2_000
_SEPARATORS = {";": "a semicolon", ",": "a comma", "\t": "a tab"}
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

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
    """

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    separator: str = ""

    def headings(self) -> str:
        """Say what was found in the first row, and how a CSV file was parted, for somebody to check."""
        found = f"Headings found: {', '.join(heading or '(none)' for heading in self.columns)}."
        if not self.separator:
            return found
        if len(self.columns) == 1:
            return f"{found} Columns are parted by a semicolon, a comma or a tab; the first row has none."
        return f"{found} Columns were taken to be parted by {_SEPARATORS[self.separator]}."


def read_table(path: Path) -> SourceTable:
    """Read a CSV or XLSX file (its first sheet), the first row that isn't empty being the header.

    Raises:
        EnrolmentError: it can't be read, is no table, or is larger than a table of people can be.
    """
    suffix = path.suffix.lower()
    if suffix not in TABLE_SUFFIXES:
        raise EnrolmentError(f"{path.name} is no table that can be read.", "Save it as CSV or XLSX.")
    try:
        size = path.stat().st_size
        if size > GREATEST_BYTES:
            raise EnrolmentError(f"{path.name} is too large for a table of people.", "Split it.")
        if suffix in CSV_SUFFIXES:
            words = _decoded(path.read_bytes())
            separator = _separator(words)
            return _table(path, _csv_rows(words, separator), separator)
        with warnings.catch_warnings():
            # Of formats and validations that don't matter here.
            warnings.simplefilter("ignore")
            return _table(path, _xlsx_rows(path))
    except EnrolmentError:
        raise
    except csv.Error as exc:
        raise EnrolmentError(f"{path.name} is no CSV table: {exc}.", "Save it anew as CSV.") from exc
    except _DAMAGED as exc:
        if isinstance(exc, OSError) and exc.strerror:
            raise EnrolmentError(f"{path.name} can't be read: {exc.strerror}.", "Check the path.") from exc
        raise EnrolmentError(
            f"{path.name} is damaged, locked by a password, or no workbook.", "Save it anew as XLSX or CSV."
        ) from exc


def _table(path: Path, rows: Iterator[tuple[int, Sequence[str]]], separator: str = "") -> SourceTable:
    """Return the header and the rows below it."""
    header = next(((number, cells) for number, cells in rows if any(cells)), None)
    if header is None:
        raise EnrolmentError(f"{path.name} is empty.", "It needs a row of headings and rows of people.")
    columns = [cell[:LONGEST_CELL] for cell in header[1][:MOST_COLUMNS]]
    while columns and not columns[-1]:
        columns.pop()
    found: list[TableRow] = []
    for number, cells in rows:
        if not any(cells):
            continue
        if len(found) == MOST_ROWS:
            raise EnrolmentError(f"{path.name} has more than {MOST_ROWS} rows.", "Split it.")
        found.append(_row(number, cells, len(columns)))
    return SourceTable(tuple(columns), tuple(found), separator)


def _row(number: int, cells: Sequence[str], count: int) -> TableRow:
    fitting = [cell if len(cell) <= LONGEST_CELL else "" for cell in cells[:count]]
    fitting += [""] * (count - len(fitting))
    return TableRow(number, tuple(fitting), any(len(cell) > LONGEST_CELL for cell in cells[:count]))


def _csv_rows(words: str, separator: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows of a CSV file by the number of their last line."""
    reader = csv.reader(io.StringIO(words, newline=""), delimiter=separator)
    for cells in reader:
        yield reader.line_num, [cell.strip() for cell in cells[: MOST_COLUMNS + 1]]


def _decoded(data: bytes) -> str:
    """Return the words of a file: UTF-8 or UTF-16, or else what Windows writes in Western Europe."""
    if data.startswith(_UTF16_MARKS):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Every second byte of Latin words is nought in UTF-16.
        for codec, start in (("utf-16-le", 1), ("utf-16-be", 0)):
            half = data[start:400:2]
            if half and half.count(0) > len(half) // 2:
                return data.decode(codec, "replace")
    return data.decode("cp1252", "replace")


def _separator(words: str) -> str:
    """Return what parts the cells of the first line that isn't empty, outside of quotes."""
    line = next((line for line in words[:65_536].splitlines() if line.strip()), "")
    outside = "".join(line.split('"')[::2])
    return max(_SEPARATORS, key=outside.count)


def _xlsx_rows(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    # Takes a while to import.
    from openpyxl import load_workbook

    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        # What is unpacked ends where the directory of the archive says: no part can be larger.
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > GREATEST_UNPACKED_BYTES:
            raise EnrolmentError(f"{path.name} is too large for a table of people.", "Split it.")
    # Values as last calculated, never formulas; rows are read one by one and bounded.
    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        if not book.worksheets:
            return
        rows: Iterable[Sequence[object]] = book.worksheets[0].iter_rows(
            max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True
        )
        for number, cells in enumerate(rows, 1):
            yield number, [_text(cell) for cell in cells]
    finally:
        book.close()


def _text(cell: object) -> str:
    """Return a cell as people wrote it: 17 for the number 17.0, 2026-03-04 for a day."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
