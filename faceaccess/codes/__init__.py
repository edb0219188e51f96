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
    Light,
    Method,
    NotificationKind,
    NotificationWish,
    OpeningKind,
    Outcome,
    Passage,
    PassResult,
    Reason,
    Turn,
)
from faceaccess.codes.journal import ChainFault, JournalKind
from faceaccess.codes.learning import Loss, Mining
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
    "Light",
    "Loss",
    "Method",
    "Mining",
    "NotificationKind",
    "NotificationWish",
    "OpeningKind",
    "Outcome",
    "Pairing",
    "PassResult",
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
