"""The codes shared by door, store, log and screen; their wording lives in `gui/text.py`."""

from enum import StrEnum


class Outcome(StrEnum):
    """What was decided about a face at the door."""

    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    LOW_QUALITY = "low_quality"
    DENIED = "denied"


class Reason(StrEnum):
    """Why an outcome was reached; one list for door and log."""

    MATCH = "match"
    NO_MATCH = "no_match"
    EMPTY_GALLERY = "empty_gallery"
    RUNNER_UP_TOO_CLOSE = "runner_up_too_close"
    FACE_TOO_SMALL = "face_too_small"
    FACE_BLURRED = "face_blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    TURNED_AWAY = "turned_away"
    CUT_OFF = "cut_off"
    UNSURE_FACE = "unsure_face"
    INACTIVE = "inactive"
    OUTSIDE_HOURS = "outside_hours"
    HOLIDAY = "holiday"
    WRONG_DOOR = "wrong_door"
    PIN_MATCH = "pin_match"
    PIN_WRONG = "pin_wrong"
    PIN_BLOCKED = "pin_blocked"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Method(StrEnum):
    """How a person was identified."""

    FACE = "face"
    PIN = "pin"


class Direction(StrEnum):
    """Which way a person passed a door; BOTH: not known."""

    IN = "in"
    OUT = "out"
    BOTH = "both"


class Passage(StrEnum):
    """Which way people pass a camera. BY_TURNS: who came in goes out the next time."""

    IN = "in"
    OUT = "out"
    BOTH = "both"
    BY_TURNS = "by_turns"


class CameraState(StrEnum):
    """What a camera is doing. STALLED: it is open, but gives nothing that can be decided on."""

    CONNECTING = "connecting"
    ONLINE = "online"
    STALLED = "stalled"
    OFFLINE = "offline"
    ENDED = "ended"


class CameraFault(StrEnum):
    """What is wrong with a camera or its picture."""

    UNREACHABLE = "unreachable"
    NO_PICTURE = "no_picture"
    FROZEN = "frozen"
    BLACK = "black"
    OVEREXPOSED = "overexposed"


class Drift(StrEnum):
    """How faces at a camera have come to differ from those at its set-up."""

    SMALLER = "smaller"
    LARGER = "larger"
    BLURRED = "blurred"
    DARKER = "darker"
    BRIGHTER = "brighter"
    TURNED = "turned"


class NotificationKind(StrEnum):
    """How another program is told."""

    WEBHOOK = "webhook"
    MQTT = "mqtt"


class NotificationWish(StrEnum):
    """Which entries another program is told of."""

    ALL = "all"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    NONE = "none"


class OpeningKind(StrEnum):
    """What opens a door."""

    NONE = "none"
    SERIAL = "serial"
    HTTP = "http"
    MQTT = "mqtt"


class JournalKind(StrEnum):
    """What a journal row records."""

    ENTRY = "entry"
    ENTRY_VOIDED = "entry_voided"
    PERSON_ENROLLED = "person_enrolled"
    PHOTOS_ADDED = "photos_added"
    PERSON_CHANGED = "person_changed"
    PERSON_DELETED = "person_deleted"
    PIN_SET = "pin_set"
    PIN_REMOVED = "pin_removed"
    GROUPS_CHANGED = "groups_changed"
    POLICY_CHANGED = "policy_changed"
    CAMERA_STATE = "camera_state"
    CAMERA_DRIFT = "camera_drift"
    NOTIFICATION_DROPPED = "notification_dropped"
    DOOR_OPENING = "door_opening"
    DESK_ANSWER = "desk_answer"
    EXPORTED = "exported"
