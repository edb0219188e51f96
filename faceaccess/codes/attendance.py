"""Working times, absences and reports."""

from enum import StrEnum


class Pairing(StrEnum):
    """What counts as worked: from the first way in to the last way out, or each stay by itself."""

    FIRST_LAST = "first_last"
    IN_OUT = "in_out"


class AbsenceKind(StrEnum):
    """The reason why somebody does not come. REMOTE is work, elsewhere."""

    LEAVE = "leave"
    SICK = "sick"
    REMOTE = "remote"
    OTHER = "other"


class DayPart(StrEnum):
    """How much of a day."""

    WHOLE = "whole"
    MORNING = "morning"
    AFTERNOON = "afternoon"


class DayMark(StrEnum):
    """Remarks about a working day, besides its hours."""

    DAY_OFF = "day_off"
    HOLIDAY = "holiday"
    PRESENT = "present"
    ABSENT = "absent"
    MISSING_IN = "missing_in"
    MISSING_OUT = "missing_out"
    OUT_BEFORE_IN = "out_before_in"
    LONG_STAY = "long_stay"
    CORRECTED = "corrected"
    CORRECTED_LATE = "corrected_after_closing"


class ReportKind(StrEnum):
    """What a report is about."""

    DAILY = "daily"
    MONTHLY = "monthly"
    PERSON = "person"
    DEPARTMENT = "department"
    LATENESS = "lateness"
    VISITORS = "visitors"
    PRESENT = "present"


class ReportFormat(StrEnum):
    """The files that a report can become."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    JSON = "json"


class Every(StrEnum):
    """How often a report is written automatically."""

    DAY = "day"
    MONTH = "month"
