"""Reports on paper: PDF files, with every script shaped by Qt."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
    QTextTable,
)
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from faceaccess.attendance.report_cells import WORDS, Cell
from faceaccess.attendance.reports import Table
from faceaccess.attendance.table_files import heading, labelled
from faceaccess.attendance.zones import zone_name
from faceaccess.gui.insights import trial_text
from faceaccess.gui.people import certificate as certificate_text
from faceaccess.gui.safety import drill_text
from faceaccess.gui.wording import attendance as attendance_text

if TYPE_CHECKING:
    from faceaccess.door.liveness.drill import DrillReport
    from faceaccess.door.trial_day.report import TrialReport
    from faceaccess.people.gallery.erasure import Certificate

Head = tuple[int, bytes]

_DPI = 300
_MARGIN_MM = 12.0
_LINE_PX = 60
"""Height of the lines above and below, in dots of the paper."""

_WIDE = 12
"""More columns than this are written smaller."""

_FIGURES_PT = 8.5
_FIGURES_STYLE = "h1{font-size:16pt}h2{font-size:11pt;margin-top:14px;margin-bottom:5px}"

_application: QApplication | None = None


def write_pdf(table: Table, path: Path, head: Head) -> None:
    """Write a report as PDF, A4 across, with the journal's head and page numbers on every page.

    Args:
        table: the report.
        path: the file.
        head: number and hash of the journal's newest row when the report was made: paper that is kept
            elsewhere proves what the journal said.

    Raises:
        OSError: the file can't be written.
    """
    with _written(path, attendance_text.title(table)) as writer:
        writer.setResolution(_DPI)
        margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
        writer.setPageLayout(
            QPageLayout(
                QPageSize(QPageSize.PageSizeId.A4),
                QPageLayout.Orientation.Landscape,
                margins,
                QPageLayout.Unit.Millimeter,
            )
        )
        _draw(writer, table, head)


def write_certificate(certificate: "Certificate", path: Path) -> None:
    """Write a certificate of erasure as PDF, A4.

    Raises:
        OSError: the file can't be written.
    """
    with _written(path, certificate_text.title(certificate)) as writer:
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        paper = QTextDocument()
        paper.setHtml(certificate_text.html(certificate))
        paper.print_(writer)


def write_trial(report: "TrialReport", path: Path) -> None:
    """Write the page of a trial day as PDF, A4.

    Raises:
        OSError: the file can't be written.
    """
    _write_figures(path, trial_text.title(), trial_text.html(report))


def write_drill(report: "DrillReport", path: Path) -> None:
    """Write the page of an attack drill as PDF, A4.

    Raises:
        OSError: the file can't be written.
    """
    _write_figures(path, drill_text.title(), drill_text.html(report))


def _write_figures(path: Path, title: str, html: str) -> None:
    """Write a page of figures that were counted."""
    with _written(path, title) as writer:
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        paper = QTextDocument()
        font = paper.defaultFont()
        # Whatever size the window's letters have: names and columns fit.
        font.setPointSizeF(_FIGURES_PT)
        paper.setDefaultFont(font)
        paper.setDefaultStyleSheet(_FIGURES_STYLE)
        paper.setHtml(html)
        paper.print_(writer)


@contextmanager
def _written(path: Path, title: str) -> Iterator[QPdfWriter]:
    """Yield a writer of a file that is there whole or not at all: Qt doesn't report a full disk."""
    _require_application()
    drawn = QBuffer()
    drawn.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(drawn)
    writer.setTitle(title)
    writer.setCreator("FaceAccess")
    yield writer
    part = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        part.write_bytes(drawn.data().data())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def print_table(table: Table, printer: QPrinter, head: Head) -> None:
    """Print a report on the chosen paper, as `write_pdf` draws it."""
    printer.setDocName(attendance_text.title(table))
    _draw(printer, table, head)


def document(table: Table) -> QTextDocument:
    """Return a report as a document whose first row is repeated on each page."""
    text = QTextDocument()
    font = text.defaultFont()
    font.setPointSizeF(6.5 if len(table.columns) > _WIDE else 8.5)
    text.setDefaultFont(font)
    text.setHtml(_html(table))
    for frame in text.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            layout = frame.format()
            layout.setHeaderRowCount(1)
            frame.setFormat(layout)
    return text


def make_printer() -> QPrinter:
    """Return the usual printer, set to draw as `write_pdf` does."""
    printer = QPrinter()
    printer.setResolution(_DPI)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    printer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    return printer


def _require_application() -> None:
    """Make the application that Qt's fonts need where no window is open, on a screen or off it."""
    global _application  # noqa: PLW0603 - Qt has one application and must not lose it
    if QGuiApplication.instance() is not None:
        return
    has_screen = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform.startswith("linux") and not has_screen:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _application = QApplication(sys.argv[:1])


def _draw(writer: QPdfWriter | QPrinter, table: Table, head: Head) -> None:
    paper = document(table)
    paper.documentLayout().setPaintDevice(writer)
    page = writer.pageLayout().paintRectPixels(writer.resolution())
    body = QRectF(0, 0, page.width(), page.height() - 3 * _LINE_PX)
    paper.setPageSize(body.size())
    painter = QPainter(writer)
    try:
        for number in range(paper.pageCount()):
            if number:
                writer.newPage()
            _draw_line(painter, table, head, QRectF(0, 0, body.width(), _LINE_PX))
            painter.save()
            painter.translate(0, 1.5 * _LINE_PX - number * body.height())
            paper.drawContents(painter, QRectF(0, number * body.height(), body.width(), body.height()))
            painter.restore()
            page_number = f"{number + 1} / {paper.pageCount()}"
            foot = QRectF(0, page.height() - _LINE_PX, body.width(), _LINE_PX)
            painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, page_number)
    finally:
        painter.end()


def _draw_line(painter: QPainter, table: Table, head: Head, where: QRectF) -> None:
    """Draw the line above every page: the report, and its proof."""
    font = painter.font()
    font.setPointSizeF(8.0)
    painter.setFont(font)
    stamp = f"FaceAccess · {table.made_at:%Y-%m-%d %H:%M} {zone_name(table.made_at)}"
    painter.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, stamp)
    painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, proof(head))


def proof(head: Head) -> str:
    """Return the journal's head as it stands on paper."""
    return f"#{head[0]} {head[1].hex()}"


def _html(table: Table) -> str:
    sides = ["left" if name in WORDS else "right" for name in table.columns]
    day = table.columns.index("day") if "day" in table.columns else None
    head = "".join(
        f"<th align='{side}'>{escape(heading(table, name, attendance_text.column(name)))}</th>"
        for name, side in zip(table.columns, sides, strict=True)
    )
    rows = [f"<tr bgcolor='#e2e6ec'>{head}</tr>"]
    for number, row in enumerate(table.rows):
        ground = "#f3f5f8" if number % 2 else "#ffffff"
        rows.append(f"<tr bgcolor='{ground}'>{_row_html(row, sides, day)}</tr>")
    if table.totals and table.rows:
        totals = labelled(table.totals, attendance_text.column("total"))
        rows.append(f"<tr bgcolor='#e2e6ec'>{_row_html(totals, sides, None)}</tr>")
    title = escape(attendance_text.title(table))
    body = "".join(rows)
    sums = "".join(f"<p>{escape(line)}</p>" for line in attendance_text.sums(table))
    return f"<h2>{title}</h2><table width='100%' cellspacing='0' cellpadding='3'>{body}</table>{sums}"


def _row_html(row: tuple[Cell, ...], sides: list[str], day: int | None) -> str:
    of_row = row[day] if day is not None else None
    of_day = of_row if isinstance(of_row, date) else None
    return "".join(
        f"<td align='{side}'>{escape(attendance_text.cell(cell, of_day))}</td>"
        for cell, side in zip(row, sides, strict=True)
    )
