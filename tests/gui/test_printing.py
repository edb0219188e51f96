"""PDF: every script shaped, the journal's head on each page."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QTextLayout

from faceaccess.attendance.report_cells import MONTHLY, PERSON, WHO
from faceaccess.attendance.reports import Table
from faceaccess.codes import AbsenceKind, DayMark, DayPart, Reason, ReportKind
from faceaccess.gui import printing
from faceaccess.gui.wording import attendance as attendance_text
from tests.gui.made_font import FAMILY, make_font

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
BENGALI = "ক্ষণিকা শ্রেষ্ঠা"
CONJUNCT = "ক্ষ"
NAMES = (BENGALI, "محمد بن علي", "Zoë Ångström")


@pytest.fixture
def font(qapp, tmp_path: Path) -> Iterator[QFont]:
    """The only font that is sure to be there; it has the letters of the names below."""
    made = make_font(tmp_path / "boxes.ttf", "".join(NAMES), CONJUNCT)
    number = QFontDatabase.addApplicationFont(str(made))
    before = qapp.font()
    yield QFont(FAMILY)
    qapp.setFont(before)
    QFontDatabase.removeApplicationFont(number)


def table(rows: int, name: str = "Ada") -> Table:
    row = (name, "7", "Workshop", *[1] * (len(MONTHLY) - 1), (DayMark.CORRECTED,))
    return Table(ReportKind.MONTHLY, "2026-03", NOW, (*WHO, *MONTHLY), (row,) * rows, row)


def test_a_long_report_has_pages(qapp, tmp_path: Path) -> None:
    printing.write_pdf(table(3), tmp_path / "short.pdf", (9, b"\x0a" * 32))
    printing.write_pdf(table(200), tmp_path / "long.pdf", (9, b"\x0a" * 32))
    counts = [
        len(re.findall(rb"/Type\s*/Page\b(?!s)", (tmp_path / name).read_bytes()))
        for name in ("short.pdf", "long.pdf")
    ]
    assert counts[0] == 1
    assert counts[1] > 3


def test_the_head_and_the_heading_stand_in_the_document(qapp) -> None:
    words = printing.document(table(2, "<b>Ada & Bob</b>")).toPlainText()
    assert "<b>Ada & Bob</b>" in words
    assert "Monthly report · 2026-03" in words
    assert "corrected" in words
    assert printing.proof((9, b"\x0a" * 32)) == "#9 " + "0a" * 32


def test_the_zone_of_times_is_named(qapp) -> None:
    at = datetime(2026, 3, 4, 9, tzinfo=ZoneInfo("Asia/Dhaka"))
    daily = Table(ReportKind.DAILY, "2026-03-04", at, ("name", "first_in"), (("Ada", at),))
    assert "In (Asia/Dhaka)" in printing.document(daily).toPlainText()
    assert "(" not in printing.document(table(1)).toPlainText()


def test_bengali_is_shaped_and_its_font_is_in_the_file(qapp, font: QFont, tmp_path: Path) -> None:
    """Conjuncts join: the letters of ক্ষ (three characters) become one glyph."""
    layout = QTextLayout(CONJUNCT, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    glyphs = [glyph for run in layout.glyphRuns() for glyph in run.glyphIndexes()]
    assert len(glyphs) == 1
    assert 0 not in glyphs
    qapp.setFont(font)
    printing.write_pdf(table(1, BENGALI), tmp_path / "bn.pdf", (1, bytes(32)))
    fonts = b" ".join(re.findall(rb"/BaseFont\s*/(\S+)", (tmp_path / "bn.pdf").read_bytes()))
    assert FAMILY.replace(" ", "").encode() in fonts.replace(b"-", b"")


@pytest.mark.parametrize("name", NAMES)
def test_no_letter_is_missing(qapp, font: QFont, name: str) -> None:
    """Right-to-left and Bengali names are drawn with fonts that have them, whatever the default one has."""
    layout = QTextLayout(name, printing.document(table(1)).defaultFont())
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    assert all(0 not in run.glyphIndexes() for run in layout.glyphRuns())


def test_a_file_that_cannot_be_written_says_so(qapp, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        printing.write_pdf(table(1), tmp_path / "no" / "a.pdf", (1, bytes(32)))


def test_every_column_kind_and_code_has_words(qapp) -> None:
    for name in {*WHO, *MONTHLY, *PERSON, "people", "entry", "time", "reason", "camera", "door", "since"}:
        assert attendance_text.column(name)
    for kind in ReportKind:
        assert attendance_text.report(kind)
    for member in (*DayMark, *AbsenceKind, *DayPart, *Reason):
        assert attendance_text.code(member)


def test_cells_are_worded(qapp) -> None:
    day = date(2026, 3, 4)
    assert attendance_text.cell(NOW, day) == "09:00"
    assert attendance_text.cell(NOW + timedelta(days=1), day) == "09:00 (+1)"
    assert attendance_text.cell(day).endswith("2026-03-04")
    assert attendance_text.cell((AbsenceKind.LEAVE, DayPart.MORNING)) == "leave, morning"
    assert attendance_text.cell(timedelta(hours=8, minutes=5)) == "8:05"
    assert attendance_text.cell(None) == ""
