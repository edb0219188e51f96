"""Days of a column: told from what it can only mean, never guessed."""

from datetime import date

import pytest

from faceaccess.codes import DateOrder
from faceaccess.people.arrivals.dates import DayReader

FOURTH_OF_MARCH = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (["02/28/2026"], "03/04/2026"),
        (["28/02/2026"], "04/03/2026"),
        (["02/28/2026", "2026-01-02"], "3/4/2026"),
        (["28-02-26"], "04-03-26"),
        (["26/02/28", "28/02/26", "26/02/27"], "2026/03/04"),
        ([], "4.3.2026"),
        ([], "2026-03-04"),
        ([], "2026-03-04 10:30"),
        ([], "20260304"),
        ([], "4-Mar-26"),
        ([], "04. März 2026"),
        ([], "March 4, 2026"),
        ([], "4 de marzo de 2026"),
        ([], "4 mars 2026"),
        (["28/02/2026 10:00"], "04/03/2026 10:00"),
    ],
)
def test_a_cell_that_can_only_be_read_in_one_order_decides_for_the_column(
    column: list[str], text: str
) -> None:
    assert DayReader([*column, text]).day(text) == FOURTH_OF_MARCH


@pytest.mark.parametrize(
    "column", [["03/04/2026"], ["03/04/26"], ["02/28/2026", "28/02/2026", "03/04/2026"], ["3-4-2026"]]
)
def test_a_day_that_can_be_read_in_two_ways_is_unclear_unless_told(column: list[str]) -> None:
    """Fault: the day was taken to stand before the month whatever the column said."""
    reader = DayReader(column)
    assert reader.is_unclear(column[-1])
    with pytest.raises(ValueError, match="two days"):
        reader.day(column[-1])
    assert DayReader(column, DateOrder.MDY).day(column[-1]) == FOURTH_OF_MARCH
    assert DayReader(column, DateOrder.DMY).day(column[-1]) == date(2026, 4, 3)


def test_what_means_one_day_in_every_order_is_read_though_the_column_contradicts_itself() -> None:
    reader = DayReader(["02/28/2026", "28/02/2026", "03/03/2026"])
    assert reader.day("02/28/2026") == reader.day("28/02/2026") == date(2026, 2, 28)
    assert reader.day("03/03/2026") == date(2026, 3, 3)


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "31.2.2026",
        "13/13/2026",
        "1.1.2999",
        "26",
        "1/2/3",
        "2026-13-01",
        "0026-03-04",
        "4-Foo-26",
        "31 Feb 2026",
    ],
)
def test_what_is_no_day_of_the_past_is_none(text: str) -> None:
    reader = DayReader([text])
    with pytest.raises(ValueError, match="no day|to come"):
        reader.day(text)
    assert not reader.is_unclear(text)


def test_an_empty_cell_is_no_day_and_decides_nothing() -> None:
    assert DayReader(["", "02/28/2026"]).day(" ") is None
