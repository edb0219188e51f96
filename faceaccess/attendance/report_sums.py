"""What the totals of a report say about one another, in sentences that a reader can check."""

from datetime import timedelta

from faceaccess.attendance.reports import Table
from faceaccess.attendance.table_files import duration_text
from faceaccess.errors import Text

_HOURS = ("worked", "credited", "asked", "overtime", "undertime")


def sum_lines(table: Table) -> tuple[Text, ...]:
    """Return how a report's totals of hours add up; nothing of a report without such totals."""
    totals = dict(zip(table.columns, table.totals or (), strict=False))
    if not table.rows or not totals.keys() >= set(_HOURS):
        return ()
    cells = (totals[name] for name in _HOURS)
    worked, credited, target, over, short = (
        cell if isinstance(cell, timedelta) else timedelta() for cell in cells
    )
    counted = worked + credited
    lines = [
        Text(
            "Worked {worked} + remote {remote} = {counted}; target of the days that are over: {target}.",
            {
                "worked": duration_text(worked),
                "remote": duration_text(credited),
                "counted": duration_text(counted),
                "target": duration_text(target),
            },
        )
    ]
    if target:
        balance = counted - target
        lines.append(
            Text(
                "Overtime {overtime} + other time beyond the target {other} − short by {short}"
                " = {balance} against the target.",
                {
                    "overtime": duration_text(over),
                    "other": duration_text(balance - over + short),
                    "short": duration_text(short),
                    "balance": _signed(balance),
                },
            )
        )
    return tuple(lines)


def _signed(balance: timedelta) -> str:
    return f"{'+' if balance >= timedelta() else '−'}{duration_text(abs(balance))}"
