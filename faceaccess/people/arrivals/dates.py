"""Days as people write them in a column: which part is the day and which the month, told from all of them."""

import re
from collections.abc import Iterable
from datetime import date

from faceaccess.codes import DateOrder

_PARTED = re.compile(r"(?P<first>\d{1,4})(?P<sign>[./-])(?P<second>\d{1,2})(?P=sign)(?P<third>\d{1,4})\.?")
_UNPARTED = re.compile(r"(?P<first>\d{4})(?P<sign>)(?P<second>\d{2})(?P<third>\d{2})")
_NAMED = re.compile(
    r"(?P<day>\d{1,2})[-. ]+(de )?(?P<month>[^\W\d_]{3,})[-., ]+(de )?(?P<year>\d{4}|\d{2})"
    r"|(?P<month_first>[^\W\d_]{3,})\.? (?P<day_second>\d{1,2}),? (?P<year_last>\d{4})"
)
_MONTHS = (
    "jan ene gen", "feb fév fev", "mar mär mrz maa mrt", "apr avr abr", "may mai mag mei", "jun juin giu",
    "jul juil lug", "aug aoû ago", "sep set", "oct okt out ott", "nov", "dec dez déc dic",
)  # fmt: skip
"""How the months begin in English, German, French, Spanish, Italian, Portuguese and Dutch."""

_EARLIEST = 1970
"""Nobody agreed to anything here before that: such a year is mistyped."""

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
            readings = [set(days) for text in texts if (days := _readings(text, self._orders))]
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
    if named := _named_day(text):
        return dict.fromkeys(orders, named)
    first_part = re.split(r"[\sT]", text.strip(), maxsplit=1)[0]
    parted = _PARTED.fullmatch(first_part) or _UNPARTED.fullmatch(first_part)
    if parted is None:
        return {}
    parts = parted["first"], parted["second"], parted["third"]
    readings = {order: day for order in orders if (day := _day(parts, order, parted["sign"]))}
    if len(parts[0]) == 4 and (day := _day(parts, DateOrder.YMD, parted["sign"])):
        # Nobody means anything else, in whatever order the column is.
        return dict.fromkeys(orders, day)
    return readings


def _named_day(text: str) -> date | None:
    """Return a day whose month is a word, as Excel writes many: 4-Mar-26, March 4, 2026."""
    parts = _NAMED.fullmatch(text.strip())
    if parts is None:
        return None
    word = (parts["month"] or parts["month_first"]).casefold()
    month = next((n for n, starts in enumerate(_MONTHS, 1) if {word[:3], word[:4]} & set(starts.split())), 0)
    return _valid(parts["year"] or parts["year_last"], str(month), parts["day"] or parts["day_second"])


def _day(parts: tuple[str, str, str], order: DateOrder, sign: str) -> date | None:
    year, month, day = (parts[place] for place in _PLACES[order])
    # Nobody writes the month first and points between.
    is_odd = order is DateOrder.MDY and sign == "."
    if is_odd or len(year) not in (2, 4) or max(len(month), len(day)) > 2:
        return None
    return _valid(year, month, day)


def _valid(year: str, month: str, day: str) -> date | None:
    """Return a day of the calendar in a year that can be meant; one of two digits is never to come."""
    whole_year = int(year) + (2000 if len(year) == 2 else 0)
    if whole_year < _EARLIEST or (len(year) == 2 and whole_year > date.today().year):
        return None
    try:
        return date(whole_year, int(month), int(day))
    except ValueError:
        return None
