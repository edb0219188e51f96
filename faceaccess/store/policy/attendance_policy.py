"""The policy of attendance: the company's zone, and reports that are written automatically."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from faceaccess.codes import Every, ReportFormat, ReportKind
from faceaccess.errors import SettingsError

UNSUITED = frozenset({ReportKind.PERSON, ReportKind.PRESENT})
"""Reports about one person or one moment: nothing to write by itself."""


@dataclass(frozen=True)
class ScheduledReport:
    """A report that is written into a folder automatically, of the day or month before.

    Attributes:
        report_id: names it for good.
        at: time of day, in the company's zone, after which it is written.
    """

    report_id: str
    kind: ReportKind
    format: ReportFormat
    folder: str
    every: Every = Every.DAY
    at: time = time(6)

    def check(self) -> None:
        """Check that it can be written.

        Raises:
            SettingsError: a report that isn't of a day or month, or a folder that isn't named whole.
        """
        if self.kind in UNSUITED:
            raise SettingsError(
                "The report {kind} can't be written automatically.", "Choose another.", kind=self.kind
            )
        if self.kind is ReportKind.DAILY and self.every is Every.MONTH:
            raise SettingsError("The daily report is of one day.", "Have it written every day.")
        if not Path(self.folder).is_absolute():
            raise SettingsError(
                "The folder {folder!r} must be given whole, from the root or drive.", folder=self.folder
            )


@dataclass(frozen=True)
class AttendancePolicy:
    """The rules of attendance beyond schedules.

    Attributes:
        zones: from which day on the company keeps which time zone, earliest first; "" is this
            computer's. None means this computer's all along.
        reports: written by themselves.
    """

    zones: tuple[tuple[date, str], ...] = ()
    reports: tuple[ScheduledReport, ...] = ()

    def check(self) -> None:
        """Check that all parts can be used.

        Raises:
            SettingsError: a zone that doesn't exist, or a report that can't be written.
        """
        for _, name in self.zones:
            check_zone(name)
        for report in self.reports:
            report.check()


def check_zone(name: str) -> None:
    """Refuse a time zone that is not known here.

    Raises:
        SettingsError: with the form of a right one.
    """
    if name and name not in available_timezones():
        raise SettingsError(
            "There is no time zone named {name!r}.", "Write it as Europe/Berlin or UTC.", name=name
        )
    if name:
        ZoneInfo(name)


def policy_values(policy: AttendancePolicy) -> dict[str, object]:
    """Return a policy as plain values."""
    return {
        "zones": [[day.isoformat(), name] for day, name in sorted(policy.zones)],
        "reports": [
            {
                "report_id": report.report_id,
                "kind": report.kind.value,
                "format": report.format.value,
                "folder": report.folder,
                "every": report.every.value,
                "at": report.at.isoformat("minutes"),
            }
            for report in policy.reports
        ],
    }


def policy_from(values: Mapping[str, Any]) -> AttendancePolicy:
    """Return the policy that `policy_values` wrote; without values, the default one."""
    return AttendancePolicy(
        tuple((date.fromisoformat(day), name) for day, name in values.get("zones", ())),
        tuple(
            ScheduledReport(
                report["report_id"],
                ReportKind(report["kind"]),
                ReportFormat(report["format"]),
                report["folder"],
                Every(report["every"]),
                time.fromisoformat(report["at"]),
            )
            for report in values.get("reports", ())
        ),
    )
