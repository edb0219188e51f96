"""Tables as others write them, and as somebody writes them who means harm."""

import os
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook

from faceaccess.codes import ImportField
from faceaccess.errors import EnrolmentError
from faceaccess.people.arrivals import table_file
from faceaccess.people.arrivals.cells import is_error
from faceaccess.people.arrivals.columns import chosen, guessed, unused
from faceaccess.people.arrivals.table_file import LONGEST_CELL, SourceTable, TableRow, read_table

WORDS = 'Name;Personalnummer;Foto\n"Zoë; Åsa";007;a.jpg\n\nBen;8;b.jpg;c.jpg\n'


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_usual_kinds_of_csv_are_read(tmp_path: Path, codec: str, delimiter: str) -> None:
    path = tmp_path / "staff.csv"
    # The name is quoted, so that it may hold a delimiter.
    path.write_bytes(WORDS.replace(";", delimiter).encode(codec))
    table = read_table(path)
    assert table.columns == ("Name", "Personalnummer", "Foto")
    assert [(row.number, row.cells) for row in table.rows] == [
        (2, (f"Zoë{delimiter} Åsa", "007", "a.jpg")),
        (4, ("Ben", "8", "b.jpg")),
    ]


def _workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for at, cell in enumerate(row):
                is_day = hasattr(cell, "year")
                sheet.write_datetime(number, at, cell, day) if is_day else sheet.write(number, at, cell)
    return path


def test_a_workbook_is_read_as_it_shows(tmp_path: Path) -> None:
    path = _workbook(
        tmp_path / "staff.xlsx",
        ("Name", "Number", "Consent"),
        ("Ada", 17.0, datetime(2026, 3, 4)),
        ("=1+1", '=HYPERLINK("x")', ""),
    )
    first, second = read_table(path).rows
    assert (first.number, first.cells) == (2, ("Ada", "17", "2026-03-04"))
    assert "HYPERLINK" not in "".join(second.cells)


def test_a_cell_at_the_far_end_costs_nothing(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "far.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "Name")
        sheet.write_string(1_048_575, 16_383, "x")
    before = os.times()
    table = read_table(tmp_path / "far.xlsx")
    after = os.times()
    assert (table.columns, table.rows) == (("Name",), ())
    # Of the process that reads it, which a busy computer takes no more of.
    assert after.children_user - before.children_user < 5


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "bomb.xlsx", ("Name",))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/big.xml", "w") as part:
        for _ in range(140):
            part.write(bytes(2**20))
    assert path.stat().st_size < 2**20
    with pytest.raises(EnrolmentError, match="too large"):
        read_table(path)


def test_entities_that_grow_are_not_expanded(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "laughs.xlsx", ("Name",), ("Ada",))
    grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    laughs = (
        f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a0 "ha">{grown}]>'
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a9;</t></si></sst>'
    )
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/sharedStrings.xml"] = laughs.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    with pytest.raises(EnrolmentError, match="damaged"):
        read_table(path)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.csv", b""),
        ("blank.csv", b"\n;;\n"),
        ("not.xlsx", b"PK\x03\x04nothing"),
        ("old.xls", b"\xd0\xcf\x11\xe0"),
        ("huge.csv", b'Name\n"' + b"x" * 200_000),
    ],
)
def test_what_is_no_table_is_refused_clearly(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(EnrolmentError):
        read_table(tmp_path / name)


def test_a_missing_table_is_refused_clearly(tmp_path: Path) -> None:
    with pytest.raises(EnrolmentError, match="can't be read"):
        read_table(tmp_path / "none.csv")


def test_rows_and_columns_and_cells_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{n}" for n in range(1_000)) + f"\n{'x' * (LONGEST_CELL + 1)},b\n")
    table = read_table(path)
    assert len(table.columns) == table_file.MOST_COLUMNS
    assert table.rows[0].is_oversized
    assert table.rows[0].cells[:2] == ("", "b")
    monkeypatch.setattr(table_file, "MOST_ROWS", 2)
    path.write_text("Name\na\nb\nc\n")
    with pytest.raises(EnrolmentError, match="more than 2 rows"):
        read_table(path)


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (("Name", "Staff No.", "Department", "E-Mail", "Photo"), (0, 1, 2, 3, 4)),
        (("Personal-Nr", "Vollständiger Name", "Abteilung", "Bild", "E-Mail-Adresse"), (1, 0, 2, 4, 3)),
        (("Nom complet", "Matricule", "Courriel", "Photos", "Service"), (0, 1, 4, 2, 3)),
        (("x", "y"), (None,) * 5),
    ],
)
def test_columns_are_guessed_by_their_headings(
    columns: tuple[str, ...], found: tuple[int | None, ...]
) -> None:
    fields = ("name", "staff_number", "department", "email", "photo")
    guess = guessed(SourceTable(columns, ())).columns
    assert tuple(guess.get(ImportField(field)) for field in fields) == tuple(
        None if at is None else (at,) for at in found
    )


def test_columns_are_chosen_by_heading_or_number() -> None:
    table = SourceTable(("Name", "Who", "Photo"), ())
    told = {ImportField.NAME: ["who"], ImportField.EMAIL: ["1"], ImportField.PHOTO: [""]}
    assert chosen(table, told) == {ImportField.NAME: (1,), ImportField.EMAIL: (0,)}
    with pytest.raises(EnrolmentError, match="no column 'x'"):
        chosen(table, {ImportField.NAME: ["x"]})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Who;Foto\n", "Headings found: Who, Foto. Columns were taken to be parted by a semicolon."),
        ("A,B;C,D\n", "Headings found: A, B;C, D. Columns were taken to be parted by a comma."),
        ("Who|Foto\n", "Headings found: Who|Foto. Columns are parted by a semicolon, a comma or a tab"),
    ],
)
def test_what_was_taken_for_the_headings_is_said(tmp_path: Path, words: str, said: str) -> None:
    """Fault: a column that was not found was refused without a word on how the file had been parted."""
    (tmp_path / "staff.csv").write_text(words)
    table = read_table(tmp_path / "staff.csv")
    with pytest.raises(EnrolmentError) as refused:
        chosen(table, {ImportField.NAME: ["Name"]})
    assert str(refused.value.hint).startswith(said)


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;", "sep=;;;;"])
def test_the_line_in_which_excel_names_the_separator_is_passed_over(tmp_path: Path, line: str) -> None:
    """Fault: it was taken for the headings."""
    (tmp_path / "staff.csv").write_text(f"{line}\nName;Photo\nAda, Lady;a.jpg\n")
    table = read_table(tmp_path / "staff.csv")
    assert table.columns == ("Name", "Photo")
    assert [(row.number, row.cells) for row in table.rows] == [(3, ("Ada, Lady", "a.jpg"))]


def test_lines_of_old_macs_are_lines(tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_bytes("Name;Photo\rJürgen;a.jpg\r".encode("mac-roman"))
    assert read_table(tmp_path / "staff.csv").rows[0].cells == ("Jürgen", "a.jpg")


def test_sheets_that_are_not_read_are_named(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "staff.xlsx") as book:
        for name in ("Office", "Works", "Empty"):
            sheet = book.add_worksheet(name)
            if name != "Empty":
                sheet.write_row(0, 0, ("Name", "Photo"))
    (hint,) = map(str, read_table(tmp_path / "staff.xlsx").hints)
    assert "Office" in hint
    assert "not read: Works." in hint


def test_a_workbooks_numbers_and_failures_are_read_as_they_show(tmp_path: Path) -> None:
    path = tmp_path / "staff.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("Name", "Number"))
        sheet.write_string(1, 0, "Ada")
        sheet.write_number(1, 1, 42, book.add_format({"num_format": "00000"}))
        sheet.write_formula(2, 0, "=NA()", None, "#N/A")
        sheet.write_boolean(2, 1, True)
    assert [row.cells for row in read_table(path).rows] == [("Ada", "00042"), ("#N/A", "TRUE")]


def test_a_formula_that_was_never_calculated_is_a_failure_and_no_empty_cell(tmp_path: Path) -> None:
    """Programs that write tables leave formulas without a value: people came in without their numbers."""
    book = Workbook()
    book.active.append(["Name", "Number"])
    book.active.append(["Ada", "=A1&7"])
    book.active.append(["Ben", None])
    book.save(tmp_path / "staff.xlsx")
    first, second = read_table(tmp_path / "staff.xlsx").rows
    assert (is_error(first.cells[1]), second.cells[1]) == (True, "")


def _table(*rows: tuple[str, ...]) -> SourceTable:
    return SourceTable(rows[0], tuple(TableRow(n, row) for n, row in enumerate(rows[1:], 2)))


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        ([("First name", "Last name", "Photo"), ("Hans", "Blix", "a")], (0, 1)),
        ([("Nachname", "Vorname", "Foto"), ("Blix", "Hans", "a")], (1, 0)),
        ([("Name", "Vorname", "Foto"), ("Blix", "Hans", "a")], (1, 0)),
        ([("Nombre", "Apellidos", "Foto"), ("Hans", "Blix", "a")], (0, 1)),
        ([("Name", "First name", "Photo"), ("Hans Blix", "Hans", "a")], (0,)),
        ([("Full name", "First name", "Last name"), ("Hans Blix", "Hans", "Blix")], (0,)),
        ([("First name", "Middle name", "Surname"), ("Hans", "M.", "Blix")], (0, 1, 2)),
        ([("姓名", "照片"), ("张伟", "a")], (0,)),
    ],
)
def test_a_name_in_two_columns_is_one_name(rows: list[tuple[str, ...]], places: tuple[int, ...]) -> None:
    """Fault: the last name alone, or the first alone, was taken."""
    assert guessed(_table(*rows)).columns[ImportField.NAME] == places


@pytest.mark.parametrize(
    ("heads", "field"),
    [
        (("Name", "Name", "Photo"), ImportField.NAME),
        (("Name", "Staff number", "Employee ID", "Photo"), ImportField.STAFF_NUMBER),
        (("Name", "E-mail", "E-mail", "Photo"), ImportField.EMAIL),
    ],
)
def test_two_headings_that_mean_one_thing_are_asked_about(heads: tuple[str, ...], field: ImportField) -> None:
    """Fault: the first of them was taken without a word."""
    table = _table(heads)
    assert field in guessed(table).unclear
    with pytest.raises(EnrolmentError, match="Several columns may be") as asked:
        chosen(table, {})
    assert f"--map {field}=" in asked.value.hint
    assert chosen(table, {field: ["2"]})[field] == (1,)


def test_first_names_alone_are_no_names() -> None:
    assert ImportField.NAME not in guessed(_table(("First name", "Photo"), ("Hans", "a"))).columns


def test_photos_in_several_columns_are_all_read() -> None:
    """Fault: the second column was dropped unsaid."""
    for heads in (("Name", "Photo", "Photo"), ("Name", "Photo 1", "Photo 2")):
        assert guessed(_table(heads)).columns[ImportField.PHOTO] == (1, 2)


def test_columns_that_nothing_is_read_from_are_named() -> None:
    table = _table(("Name", "Photo", "Salary", ""))
    assert unused(table, chosen(table, {})) == ["Salary"]


def test_several_columns_may_be_told_for_a_name() -> None:
    table = _table(("a", "b", "Photo"), ("Hans", "Blix", "x"))
    assert chosen(table, {ImportField.NAME: ["b", "a", "2"]})[ImportField.NAME] == (1, 0)
    with pytest.raises(EnrolmentError, match="Several columns are called"):
        chosen(_table(("Name", "Name", "Photo")), {ImportField.NAME: ["Name"]})
