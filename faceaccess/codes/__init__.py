"""The codes shared by all rooms; their wording lives in `gui/wording/`."""

from faceaccess.codes.access import KeySource, Right, Role
from faceaccess.codes.arrivals import DateOrder, IfDouble, IfNamed, ImportField, ImportProblem, ImportStep
from faceaccess.codes.attendance import (
    AbsenceKind,
    DayMark,
    DayPart,
    Every,
    Pairing,
    ReportFormat,
    ReportKind,
)
from faceaccess.codes.door import (
    CameraFault,
    CameraState,
    Direction,
    Drift,
    Method,
    NotificationKind,
    NotificationWish,
    OpeningKind,
    Outcome,
    Passage,
    Reason,
    Turn,
)
from faceaccess.codes.journal import ChainFault, JournalKind
from faceaccess.codes.people import ConsentDue, EnrolmentOutcome, FindingKind, PhotoProblem, VisitorMark

__all__ = [
    "AbsenceKind",
    "CameraFault",
    "CameraState",
    "ChainFault",
    "ConsentDue",
    "DateOrder",
    "DayMark",
    "DayPart",
    "Direction",
    "Drift",
    "EnrolmentOutcome",
    "Every",
    "FindingKind",
    "IfDouble",
    "IfNamed",
    "ImportField",
    "ImportProblem",
    "ImportStep",
    "JournalKind",
    "KeySource",
    "Method",
    "NotificationKind",
    "NotificationWish",
    "OpeningKind",
    "Outcome",
    "Pairing",
    "Passage",
    "PhotoProblem",
    "Reason",
    "ReportFormat",
    "ReportKind",
    "Right",
    "Role",
    "Turn",
    "VisitorMark",
]
