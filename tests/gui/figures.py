"""Figures of a day at the office, for pages that draw them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from faceaccess.attendance.overview import Distances, OverviewFigures
from faceaccess.attendance.reports import Table
from faceaccess.codes import Outcome, Reason, ReportKind
from tests.gui.drawn import NOW


def make_figures(**changes: object) -> OverviewFigures:
    """Return figures of one day: two are in, one of them late; a stranger, and a dark face."""
    day, nine = date(2026, 3, 4), datetime(2026, 3, 4, 9, tzinfo=UTC)
    who = ("Person 1", "S001", "Workshop"), ("Person 2", "S002", "Office"), ("Person 3", None, "Workshop")
    ids = tuple(f"{number:032x}" for number in (1, 2, 3))
    columns = ("day", "name", "staff_number", "department")

    def table(kind: ReportKind, last: str, rows: tuple, people: tuple) -> Table:
        return Table(kind, day.isoformat(), NOW, (*columns, last), rows, people=people)

    hours = {outcome: (0,) * 24 for outcome in Outcome}
    hours[Outcome.ACCEPTED] = (*(0,) * 9, 2, *(0,) * 14)
    hours[Outcome.UNKNOWN] = hours[Outcome.LOW_QUALITY] = (*(0,) * 10, 1, *(0,) * 13)
    present = tuple((*each, nine, "Gate") for each in who[:2])
    made = OverviewFigures(
        present=Table(
            ReportKind.PRESENT, "now", NOW, (*columns[1:], "since", "door"), present, people=ids[:2]
        ),
        first_ins=table(ReportKind.DAILY, "first_in", tuple((day, *each, nine) for each in who[:2]), ids[:2]),
        late=table(ReportKind.LATENESS, "late_by", ((day, *who[1], timedelta(minutes=20)),), ids[1:2]),
        absent=table(ReportKind.DAILY, "due", ((day, *who[2], nine),), ids[2:]),
        first_day=day,
        last_day=day,
        reasons={Reason.NO_MATCH: 1, Reason.TOO_DARK: 1},
        days=(day,),
        by_day={outcome: (sum(counts),) for outcome, counts in hours.items()},
        by_hour=hours,
        distances=Distances(0.01, (0, 2, 0), (0, 0, 1), 0.1),
    )
    return replace(made, **changes)
