"""A report as a file: CSV and JSON for programs, XLSX for people."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from faceaccess.attendance.report_cells import MOMENTS, Cell
from faceaccess.attendance.reports import Table
from faceaccess.attendance.zones import zone_name
from faceaccess.codes import ReportFormat
from faceaccess.plain_text import visible
from faceaccess.store.file.files import without_formula, written_whole

Titles = Callable[[str], str]
_WIDEST = 40
_LONGEST_HEADER = 200
_TITLES = {"asked": "Target", "credited": "Remote", "undertime": "Short by", "total": "Total"}
"""The columns of hours, as the window calls them, and what stands before their sums."""

_LONGEST_CELL = 32_767
"""What a cell of an XLSX file holds: https://support.microsoft.com/office (specifications and limits)."""


def plain_title(column: str) -> str:
    """Return a column's name as a heading, where no window supplies one."""
    return _TITLES.get(column) or column.replace("_", " ").capitalize()


def write_table(table: Table, path: Path, format_: ReportFormat, lines: Sequence[str] = ()) -> None:
    """Write a report as CSV, JSON or XLSX; only people read the lines below its totals.

    Raises:
        StoreError: the file can't be written; one that was there is kept.
    """
    if format_ is ReportFormat.XLSX:
        write_xlsx(table, path, lines=lines)
    else:
        (write_csv if format_ is ReportFormat.CSV else write_json)(table, path)


def write_csv(table: Table, path: Path) -> None:
    """Write rows for a spreadsheet program: UTF-8 with a byte order mark, nothing taken for a formula.

    Durations are hours and minutes, moments on the company's clocks.
    """
    with written_whole(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        write_csv_rows(table, file)


def write_csv_rows(table: Table, file: TextIO) -> None:
    """Write rows to an open file, none of it a formula; columns of moments name their zone."""
    writer = csv.writer(file)
    zone = ("zone",) if table.zone else ()
    writer.writerow((*table.columns, *zone))
    for row in table.rows:
        cells = (*row, *(_zone_of(table, row) for _ in zone))
        writer.writerow([without_formula(cell_text(cell)) for cell in cells])


def write_json(table: Table, path: Path) -> None:
    """Write rows as a JSON list of objects; durations in seconds, moments with their offset."""
    with written_whole(path) as part:
        rows = json.dumps(table_values(table), ensure_ascii=False, indent=1)
        part.write_text(rows + "\n", encoding="utf-8")


def table_values(table: Table) -> list[dict[str, object]]:
    """Return the rows as plain values by column; columns of moments name their zone."""
    rows = []
    for row in table.rows:
        values = {name: _plain(cell) for name, cell in zip(table.columns, row, strict=True)}
        rows.append(values | ({"zone": _zone_of(table, row)} if table.zone else {}))
    return rows


def _zone_of(table: Table, row: Sequence[Cell]) -> str:
    return next((zone_name(cell) for cell in row if isinstance(cell, datetime)), table.zone)


def heading(table: Table, column: str, title: str) -> str:
    """Return a column's heading; above moments it names their zone."""
    return f"{title} ({table.zone})" if column in MOMENTS else title


def labelled(totals: Sequence[Cell], label: str) -> tuple[Cell, ...]:
    """Return a row of totals that says what it is, where its first cell has nothing to say."""
    return (totals[0] or label, *totals[1:])


def write_xlsx(table: Table, path: Path, titles: Titles = plain_title, lines: Sequence[str] = ()) -> None:
    """Write a workbook with one sheet; text is written as text, durations as numbers of hours.

    Args:
        table: the report.
        path: the file.
        titles: returns the heading of a column, and the word for the totals.
        lines: written below the totals, and after them what the report is about and when it was made.
    """
    # At the first report that is written: the window knows of reports from its start.
    import xlsxwriter

    with written_whole(path) as part:
        # In memory: what it writes to a full disk it can neither finish nor give up without a fault.
        held = io.BytesIO()
        book = xlsxwriter.Workbook(held, {"in_memory": True})
        sheet = book.add_worksheet(table.kind.value.capitalize())
        bold = book.add_format({"bold": True, "bottom": 1})
        formats = {
            timedelta: book.add_format({"num_format": "[h]:mm"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        headings = [heading(table, column, titles(column)) for column in table.columns]
        for at, title in enumerate(headings):
            sheet.write_string(0, at, title, bold)
        totals = [labelled(table.totals, titles("total"))] if table.totals and table.rows else []
        rows = [*table.rows, *totals]
        for number, row in enumerate(rows, 1):
            for at, cell in enumerate(row):
                _write_cell(sheet, number, at, cell, formats)
        # A file that is renamed or printed still says what it is about, and of when it is.
        about = f"{table.subject} · {cell_text(table.made_at)} ({zone_name(table.made_at)})"
        for number, line in enumerate((*lines, about), len(rows) + 2):
            sheet.write_string(number, 0, visible(line))
        sheet.set_header(f"&L{about.replace('&', '&&')[:_LONGEST_HEADER]}&R&P / &N")
        for at, title in enumerate(headings):
            longest = max([len(title), *(len(cell_text(row[at])) for row in rows)])
            sheet.set_column(at, at, min(longest + 2, _WIDEST))
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        book.close()
        part.write_bytes(held.getvalue())


def _write_cell(sheet, row: int, column: int, cell: Cell, formats: dict) -> None:  # type: ignore[no-untyped-def, type-arg]  # noqa: ANN001 - xlsxwriter has no annotations
    if isinstance(cell, timedelta):
        sheet.write_number(row, column, cell.total_seconds() / 86_400, formats[timedelta])
    elif isinstance(cell, datetime):
        # A workbook knows no zones: the company's clock is what people read.
        sheet.write_datetime(
            row, column, cell.replace(tzinfo=None, second=0, microsecond=0), formats[datetime]
        )
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime.combine(cell, datetime.min.time()), formats[date])
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif cell is not None:
        sheet.write_string(row, column, visible(cell_text(cell))[:_LONGEST_CELL])


def cell_text(cell: Cell) -> str:
    """Return a cell as text: `8:05` for a duration, `2026-03-04 08:05` for a moment, "" for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, timedelta):
        return duration_text(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:g}"
    if isinstance(cell, tuple):
        return ", ".join(code.value.replace("_", " ") for code in cell)
    if isinstance(cell, StrEnum):
        return cell.value.replace("_", " ")
    return str(cell)


def duration_text(duration: timedelta) -> str:
    """Return hours and minutes, such as 160:05; begun minutes don't count."""
    minutes = int(duration.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02}"


def _plain(cell: Cell) -> object:
    if isinstance(cell, timedelta):
        return int(cell.total_seconds())
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, tuple):
        return [code.value for code in cell]
    return cell
