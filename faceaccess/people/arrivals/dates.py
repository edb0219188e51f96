"""Days as people write them in a column: which part is the day and which the month, told from all of them."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from faceaccess.codes import DateOrder

_PARTED = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\.?")
_PLACES = {DateOrder.DMY: (2, 1, 0), DateOrder.MDY: (2, 0, 1), DateOrder.YMD: (0, 1, 2)}
"""Where year, month and day stand."""


class DayReader:
    """Reads the days of one column.

    A column is written in one order: a cell that can only be read in one decides for all. Where none
    does, or two contradict each other, only cells that mean the same day in every order are read.
    """

    def __init__(self, texts: Iterable[str], order: DateOrder | None = None) -> None:
        """Take the column.

        Args:
            texts: its cells.
            order: as somebody says it is written; None finds out.
        """
        self._orders = frozenset(DateOrder) if order is None else frozenset({order})
        if order is None:
            readings = [set(found) for text in texts if (found := _readings(text, self._orders))]
            common = set(DateOrder).intersection(*readings)
            self._orders = frozenset(common or DateOrder)

    def day(self, text: str) -> date | None:
        """Return the day that a cell means; None for an empty one.

        Raises:
            ValueError: it is none, is still to come, or can be read in two ways.
        """
        if not text.strip():
            return None
        days = self._days(text)
        if len(days) != 1:
            raise ValueError("no day" if not days else "two days")
        (day,) = days
        if day > date.today():
            raise ValueError("still to come")
        return day

    def is_unclear(self, text: str) -> bool:
        """Tell whether a cell can be read in two ways."""
        return len(self._days(text)) > 1

    def _days(self, text: str) -> set[date]:
        return set(_readings(text, self._orders).values())


def _readings(text: str, orders: frozenset[DateOrder]) -> dict[DateOrder, date]:
    """Return which day a text is in each order that fits; a time after it doesn't matter."""
    words = re.split(r"[\sT]", text.strip(), maxsplit=1)[0]
    parted = _PARTED.fullmatch(words)
    if parted is None:
        day = _iso(words)
        return {} if day is None else dict.fromkeys(orders, day)
    parts = (parted[1], parted[3], parted[4])
    readings = {}
    for order in orders:
        # Nobody writes the month first and points between.
        if order is DateOrder.MDY and parted[2] == ".":
            continue
        year, month, day_of_month = (parts[place] for place in _PLACES[order])
        try:
            if len(year) in (2, 4) and max(len(month), len(day_of_month)) <= 2:
                readings[order] = date(
                    int(year) + (2000 if len(year) == 2 else 0), int(month), int(day_of_month)
                )
        except ValueError:
            continue
    return readings


def _iso(text: str) -> date | None:
    """Return a day written as 20260304; None for anything else."""
    try:
        return datetime.strptime(text, "%Y%m%d").date() if len(text) == 8 else None
    except ValueError:
        return None
