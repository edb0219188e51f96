"""The wording of codes: outcomes, reasons, methods, and what settings offer."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from faceaccess.codes import AttackKind, Method, Outcome, Reason, VisitorMark
from faceaccess.gui.plain import shown
from faceaccess.gui.wording import amounts
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP, translate
from faceaccess.recognition.types import Decision
from faceaccess.store.journal.types import Entry, Event


@dataclass(frozen=True)
class Wording:
    """The texts of a code.

    Attributes:
        label: a few words, for tables and headings.
        advice: what to do about it, one sentence; may be empty.
        icon: name of an icon.
    """

    label: str
    advice: str
    icon: str


# Never what gave somebody away: whoever holds up a photo would know what to do better.
_USE_A_PIN = QT_TRANSLATE_NOOP("text", "Please use a PIN, or ask at the desk.")


_OUTCOMES = {
    Outcome.ACCEPTED: (QT_TRANSLATE_NOOP("text", "Accepted"), "", "accepted"),
    Outcome.UNKNOWN: (
        QT_TRANSLATE_NOOP("text", "Not recognised"),
        QT_TRANSLATE_NOOP("text", "Look straight into the camera, use a PIN, or ask at the desk."),
        "unknown",
    ),
    Outcome.AMBIGUOUS: (
        QT_TRANSLATE_NOOP("text", "Too close to call"),
        QT_TRANSLATE_NOOP("text", "One at a time, straight into the camera, or use your PIN."),
        "ambiguous",
    ),
    Outcome.LOW_QUALITY: (
        QT_TRANSLATE_NOOP("text", "Not seen well enough"),
        QT_TRANSLATE_NOOP("text", "Come closer and look into the camera."),
        "low-quality",
    ),
    Outcome.DENIED: (
        QT_TRANSLATE_NOOP("text", "No access"),
        QT_TRANSLATE_NOOP("text", "Please ask at the desk."),
        "denied",
    ),
    Outcome.SUSPECTED: (
        QT_TRANSLATE_NOOP("text", "Not confirmed as live"),
        _USE_A_PIN,
        "suspected",
    ),
}


_REASONS = {
    Reason.MATCH: (QT_TRANSLATE_NOOP("text", "Matches a stored photo"), ""),
    Reason.NO_MATCH: (
        QT_TRANSLATE_NOOP("text", "No stored photo is close enough"),
        QT_TRANSLATE_NOOP("text", "Look straight into the camera, use a PIN, or ask at the desk."),
    ),
    Reason.EMPTY_GALLERY: (
        QT_TRANSLATE_NOOP("text", "Nobody is enrolled yet"),
        QT_TRANSLATE_NOOP("text", "Enrol someone first."),
    ),
    Reason.RUNNER_UP_TOO_CLOSE: (
        QT_TRANSLATE_NOOP("text", "Two people are almost equally close"),
        QT_TRANSLATE_NOOP("text", "One at a time, straight into the camera, or use your PIN."),
    ),
    Reason.FACE_TOO_SMALL: (
        QT_TRANSLATE_NOOP("text", "The face is too small"),
        QT_TRANSLATE_NOOP("text", "Come closer."),
    ),
    Reason.FACE_BLURRED: (
        QT_TRANSLATE_NOOP("text", "The face is blurred"),
        QT_TRANSLATE_NOOP("text", "Stand still for a moment."),
    ),
    Reason.TOO_DARK: (
        QT_TRANSLATE_NOOP("text", "The face is too dark"),
        QT_TRANSLATE_NOOP("text", "More light on the face."),
    ),
    Reason.TOO_BRIGHT: (
        QT_TRANSLATE_NOOP("text", "The face is too bright"),
        QT_TRANSLATE_NOOP("text", "Less light on the face."),
    ),
    Reason.TURNED_AWAY: (
        QT_TRANSLATE_NOOP("text", "The face is turned away"),
        QT_TRANSLATE_NOOP("text", "Look straight into the camera."),
    ),
    Reason.CUT_OFF: (
        QT_TRANSLATE_NOOP("text", "Part of the face is outside the picture"),
        QT_TRANSLATE_NOOP("text", "Move to the middle of the picture."),
    ),
    Reason.UNSURE_FACE: (
        QT_TRANSLATE_NOOP("text", "The face is not clearly visible"),
        QT_TRANSLATE_NOOP("text", "Uncover the face and look into the camera."),
    ),
    Reason.TOO_FEW_PICTURES: (
        QT_TRANSLATE_NOOP("text", "Too few pictures to decide on"),
        QT_TRANSLATE_NOOP("text", "Stay before the camera for longer."),
    ),
    Reason.INACTIVE: (
        QT_TRANSLATE_NOOP("text", "This person is deactivated"),
        QT_TRANSLATE_NOOP("text", "Please ask at the desk."),
    ),
    Reason.OUTSIDE_HOURS: (
        QT_TRANSLATE_NOOP("text", "Not at this time"),
        QT_TRANSLATE_NOOP("text", "Come back within your hours, or ask at the desk."),
    ),
    Reason.HOLIDAY: (
        QT_TRANSLATE_NOOP("text", "Not on a holiday"),
        QT_TRANSLATE_NOOP("text", "Please ask at the desk."),
    ),
    Reason.WRONG_DOOR: (
        QT_TRANSLATE_NOOP("text", "Not at this door"),
        QT_TRANSLATE_NOOP("text", "Use another door, or ask at the desk."),
    ),
    Reason.CONFIRMED: (QT_TRANSLATE_NOOP("text", "Recognised by the desk"), ""),
    Reason.REJECTED: (
        QT_TRANSLATE_NOOP("text", "Not recognised by the desk"),
        QT_TRANSLATE_NOOP("text", "Please ask at the desk."),
    ),
    Reason.ENTERED_BY_HAND: (QT_TRANSLATE_NOOP("text", "Entered by hand afterwards"), ""),
    Reason.PIN_MATCH: (QT_TRANSLATE_NOOP("text", "The PIN is right"), ""),
    Reason.PIN_WRONG: (
        QT_TRANSLATE_NOOP("text", "Staff number and PIN don't match"),
        QT_TRANSLATE_NOOP("text", "Type both again, or ask at the desk."),
    ),
    Reason.PIN_BLOCKED: (
        QT_TRANSLATE_NOOP("text", "Too many wrong PINs"),
        QT_TRANSLATE_NOOP("text", "Wait a while, or ask at the desk."),
    ),
    Reason.TURN_NOT_MADE: (QT_TRANSLATE_NOOP("text", "The head was not turned as asked"), _USE_A_PIN),
    Reason.WRONG_SIDE: (QT_TRANSLATE_NOOP("text", "The head was turned another way than asked"), _USE_A_PIN),
    Reason.SOMEBODY_ELSE: (
        QT_TRANSLATE_NOOP("text", "Another face came while the head was turned"),
        _USE_A_PIN,
    ),
    Reason.LIVENESS_FAILED: (
        QT_TRANSLATE_NOOP("text", "It could not be checked that the face is live"),
        _USE_A_PIN,
    ),
    Reason.REPLAYED: (
        QT_TRANSLATE_NOOP("text", "The same pictures had come from the camera before"),
        _USE_A_PIN,
    ),
    Reason.CAMERA_CHANGED: (
        QT_TRANSLATE_NOOP("text", "The camera is virtual, or another than was set up"),
        _USE_A_PIN,
    ),
}


_METHODS = {
    Method.FACE: QT_TRANSLATE_NOOP("text", "Face"),
    Method.PIN: QT_TRANSLATE_NOOP("text", "PIN"),
    Method.MANUAL: QT_TRANSLATE_NOOP("text", "Entered by hand"),
}


_CHOICES = {
    ("device", "auto"): QT_TRANSLATE_NOOP("text", "Automatic"),
    ("device", "cpu"): QT_TRANSLATE_NOOP("text", "Processor (CPU)"),
    ("device", "cuda"): QT_TRANSLATE_NOOP("text", "NVIDIA GPU (CUDA)"),
    ("device", "mps"): QT_TRANSLATE_NOOP("text", "Apple GPU (MPS)"),
    ("held_templates", "exact"): QT_TRANSLATE_NOOP("text", "In full"),
    ("held_templates", "compact"): QT_TRANSLATE_NOOP("text", "A byte a number"),
    ("appearance", "system"): QT_TRANSLATE_NOOP("text", "As the system"),
    ("appearance", "light"): QT_TRANSLATE_NOOP("text", "Light"),
    ("appearance", "dark"): QT_TRANSLATE_NOOP("text", "Dark"),
    ("kind", "webhook"): QT_TRANSLATE_NOOP("text", "Webhook (HTTP)"),
    ("kind", "mqtt"): QT_TRANSLATE_NOOP("text", "MQTT"),
    ("kind", "none"): QT_TRANSLATE_NOOP("text", "Nothing"),
    ("kind", "serial"): QT_TRANSLATE_NOOP("text", "A serial relay"),
    ("kind", "http"): QT_TRANSLATE_NOOP("text", "HTTP"),
    ("wish", "all"): QT_TRANSLATE_NOOP("text", "All"),
    ("wish", "accepted"): QT_TRANSLATE_NOOP("text", "Who was let in"),
    ("wish", "refused"): QT_TRANSLATE_NOOP("text", "Who was refused"),
    ("wish", "none"): QT_TRANSLATE_NOOP("text", "None"),
    ("passage", "in"): QT_TRANSLATE_NOOP("text", "In"),
    ("passage", "out"): QT_TRANSLATE_NOOP("text", "Out"),
    ("passage", "both"): QT_TRANSLATE_NOOP("text", "Both ways, not distinguished"),
    ("passage", "by_turns"): QT_TRANSLATE_NOOP("text", "In and out alternately"),
    ("mode", "off"): QT_TRANSLATE_NOOP("text", "Don't look at it"),
    ("mode", "watch"): QT_TRANSLATE_NOOP("text", "Measure and log only"),
    ("mode", "in_doubt"): QT_TRANSLATE_NOOP("text", "When in doubt, ask to turn the head"),
    ("mode", "always"): QT_TRANSLATE_NOOP("text", "Ask everybody to turn the head"),
    ("turn", "0"): QT_TRANSLATE_NOOP("text", "Not at all"),
    ("turn", "90"): QT_TRANSLATE_NOOP("text", "A quarter to the right"),
    ("turn", "180"): QT_TRANSLATE_NOOP("text", "Upside down"),
    ("turn", "270"): QT_TRANSLATE_NOOP("text", "A quarter to the left"),
}


def _tr(source: str) -> str:
    return QCoreApplication.translate("text", source) if source else ""


def outcome(code: Outcome) -> Wording:
    """Return the wording of an outcome."""
    label, advice, icon = _OUTCOMES[code]
    return Wording(_tr(label), _tr(advice), icon)


def reason(code: Reason) -> Wording:
    """Return the wording of a reason; its advice speaks to the person at the door."""
    label, advice = _REASONS[code]
    return Wording(_tr(label), _tr(advice), "info")


def voided() -> str:
    """Return the mark of an entry that a later row voids."""
    return _tr(QT_TRANSLATE_NOOP("text", "voided"))


def voided_at_the_door(event: Event) -> str:
    """Return the message to the desk when a person said that they are somebody else."""
    sentence = _tr(
        QT_TRANSLATE_NOOP(
            "text", "“Not me” at {0}: the entry of {1} at {2} is voided. Please look who is there."
        )
    )
    return sentence.format(event.entry.camera, event_name(event), amounts.short_moment(event.entry.at))


def method(code: Method) -> str:
    """Return the wording of how a person was identified."""
    return _tr(_METHODS[code])


def choice(setting: str, code: str) -> str:
    """Return the wording of a value that a setting offers."""
    return _tr(_CHOICES[setting, str(code)])


def decision_name(decision: Decision, names: dict[str, str]) -> str:
    """Return the label of a face's box: a name where one may be shown, otherwise the outcome."""
    if decision.outcome in (Outcome.ACCEPTED, Outcome.DENIED) and decision.person_id:
        return names.get(decision.person_id) or _tr(QT_TRANSLATE_NOOP("text", "Enrolled person"))
    if decision.outcome is Outcome.LOW_QUALITY:
        return reason(decision.reason).advice
    return outcome(decision.outcome).label


def event_name(event: Event) -> str:
    """Return the name of the person an event is about, or that it is nobody known."""
    if event.person_name:
        is_sure = event.entry.outcome not in (Outcome.AMBIGUOUS, Outcome.SUSPECTED)
        name = shown(event.person_name)
        return name if is_sure else f"{name}?"
    if event.entry.person_id:
        return _tr(QT_TRANSLATE_NOOP("text", "Deleted person"))
    return _tr(QT_TRANSLATE_NOOP("text", "Unknown person"))


_VISITOR_MARKS = {
    VisitorMark.NOT_A_FACE: QT_TRANSLATE_NOOP("text", "Not a face"),
    VisitorMark.NEVER_ASK: QT_TRANSLATE_NOOP("text", "Never ask again"),
}


def visitor_mark(mark: VisitorMark) -> str:
    """Return the reason to stop asking about a visitor, as a choice."""
    return _tr(_VISITOR_MARKS[mark])


_ATTACKS = {
    AttackKind.PRINT: QT_TRANSLATE_NOOP("text", "Print"),
    AttackKind.BENT_PRINT: QT_TRANSLATE_NOOP("text", "Bent print"),
    AttackKind.PHONE: QT_TRANSLATE_NOOP("text", "Phone"),
    AttackKind.TABLET: QT_TRANSLATE_NOOP("text", "Tablet"),
    AttackKind.LAPTOP: QT_TRANSLATE_NOOP("text", "Laptop"),
    AttackKind.CUT_OUT: QT_TRANSLATE_NOOP("text", "Cut-out"),
    AttackKind.MASK: QT_TRANSLATE_NOOP("text", "Mask"),
    AttackKind.OWN: QT_TRANSLATE_NOOP("text", "Something of your own"),
}


def attack(kind: AttackKind) -> str:
    """Return the name of what is held up in an attack drill."""
    return _tr(_ATTACKS[kind])


_RECORDING = QT_TRANSLATE_NOOP("text", "{0} (recording: doesn't count)")
_NOT_SET_UP = QT_TRANSLATE_NOOP("text", "{0} (not set up: doesn't count)")
_TRIAL = QT_TRANSLATE_NOOP("text", "{0} (trial: doesn't count)")
_DRILL = QT_TRANSLATE_NOOP("text", "{0} (drill: doesn't count)")
_DRILL_CELL = QT_TRANSLATE_NOOP("text", "Drill: {0}")
_TRIAL_CELL = QT_TRANSLATE_NOOP("text", "Trial: {0}")
_RECORDING_CELL = QT_TRANSLATE_NOOP("text", "Recording: {0}")
_NOT_SET_UP_CELL = QT_TRANSLATE_NOOP("text", "Not set up: {0}")


def camera(entry: Entry) -> str:
    """Return the camera of an entry, and why an entry of it doesn't count."""
    if not entry.is_recording:
        return entry.camera
    if entry.is_trial:
        return translate("text", _TRIAL).format(entry.camera)
    if entry.drill is not None:
        return translate("text", _DRILL).format(entry.camera)
    mark = _RECORDING if entry.is_of_file else _NOT_SET_UP
    return translate("text", mark).format(entry.camera)


def camera_cell(entry: Entry) -> str:
    """Return the camera of an entry, with the mark of one that doesn't count where no cell cuts it off."""
    if not entry.is_recording:
        return entry.camera
    if entry.is_trial:
        return translate("text", _TRIAL_CELL).format(entry.camera)
    if entry.drill is not None:
        return translate("text", _DRILL_CELL).format(entry.camera)
    mark = _RECORDING_CELL if entry.is_of_file else _NOT_SET_UP_CELL
    return translate("text", mark).format(entry.camera)


def why_not_counted(entry: Entry) -> str:
    """Return in a word why an entry doesn't count; "" for those that do."""
    if not entry.is_recording:
        return ""
    if entry.is_trial:
        return translate("text", "trial")
    if entry.drill is not None:
        return translate("text", "drill")
    return translate("text", "recording") if entry.is_of_file else translate("text", "not set up")


def not_counted() -> str:
    """Return the mark of an entry that counts as no attendance."""
    return translate("text", "doesn't count")
