"""Cells as Excel shows them, and what it makes of staff numbers."""

from datetime import date, datetime, time
from types import SimpleNamespace

import pytest

from faceaccess.people.arrivals.cells import is_error, is_no_number, shown


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (42, "00000", "00042"),
        (42.0, "General", "42"),
        (42, '"E"0000', "E0042"),
        (42, r"\A\-000", "A-042"),
        (123456789, "000-00-0000", "123-45-6789"),
        (1234567, "#,##0", "1,234,567"),
        (1234.5, "#,##0.00", "1,234.50"),
        (42, "_-* 0000_-", "0042"),
        (42, "[$-409]0000", "0042"),
        (-5, "000;(000)", "(005)"),
        (-5, "000", "-005"),
        (0, "000", "000"),
        (123456, "000", "123456"),
        (42, "@", "42"),
        (42, "0%", "4200%"),
        (0.42, "0%", "42%"),
        (0.425, "0.0%", "42.5%"),
        (17.5, "General", "17.5"),
        (0.1 + 0.2, "General", "0.3"),
        (1.2345678901234568e18, "General", "1.23457E+18"),
        (True, "General", "TRUE"),
        (datetime(2026, 3, 4), "dd/mm/yyyy", "2026-03-04"),
        (datetime(2026, 3, 4, 8, 30), "dd/mm/yyyy", "2026-03-04 08:30:00"),
        (date(2026, 3, 4), "General", "2026-03-04"),
        (time(8, 30), "hh:mm", "08:30:00"),
        (" Ada ", "General", "Ada"),
        (None, "00000", ""),
    ],
)
def test_a_cell_is_read_as_its_program_shows_it(value: object, number_format: str, text: str) -> None:
    """Fault: 42 shown as 00042 was read as 42, which is another number."""
    assert shown(SimpleNamespace(value=value, number_format=number_format)) == text


@pytest.mark.parametrize(
    "text", ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NV", "#BEZUG!", "Err:502"]
)
def test_marks_of_failed_formulas_are_told(text: str) -> None:
    assert is_error(text)


@pytest.mark.parametrize("text", ["#1", "#A-17", "Ada!", "", "N/A", "# 12"])
def test_other_texts_are_none(text: str) -> None:
    assert not is_error(text)


@pytest.mark.parametrize(
    "text",
    [
        "TRUE",
        "falsch",
        "2026-03-01",
        "2026-03-01 08:00:00",
        "1.3.2026",
        "03/01/26",
        "08:30",
        "1-Mar",
        "Mar-26",
    ]
    + ["01. Mrz", "1.23E+11", "1,23457E+18"],
)
def test_what_a_spreadsheet_made_of_a_number_is_none(text: str) -> None:
    assert is_no_number(text)


@pytest.mark.parametrize(
    "text", ["00042", "A-17", "3-1", "1E5", "2026", "E10", "12.03", "Mar", "MA-26", "1-MARKT"]
)
def test_numbers_that_people_give_are_kept(text: str) -> None:
    assert not is_no_number(text)
