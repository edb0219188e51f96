"""What happens at a door and its cameras."""

from enum import StrEnum


class Outcome(StrEnum):
    """The decision about a face at the door."""

    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    LOW_QUALITY = "low_quality"
    DENIED = "denied"
    SUSPECTED = "suspected"


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
    TOO_FEW_PICTURES = "too_few_pictures"
    INACTIVE = "inactive"
    OUTSIDE_HOURS = "outside_hours"
    HOLIDAY = "holiday"
    WRONG_DOOR = "wrong_door"
    PIN_MATCH = "pin_match"
    PIN_WRONG = "pin_wrong"
    PIN_BLOCKED = "pin_blocked"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    ENTERED_BY_HAND = "entered_by_hand"
    TURN_NOT_MADE = "turn_not_made"
    WRONG_SIDE = "wrong_side"
    SOMEBODY_ELSE = "somebody_else"
    LIVENESS_FAILED = "liveness_failed"
    REPLAYED = "replayed"
    CAMERA_CHANGED = "camera_changed"


class Method(StrEnum):
    """How a person was identified. MANUAL: an operator says so, in an entry made afterwards."""

    FACE = "face"
    PIN = "pin"
    MANUAL = "manual"


class LivenessMode(StrEnum):
    """When a door asks somebody it knows to show that they are no picture.

    WATCH measures and logs, and decides nothing; IN_DOUBT asks those whose score is below a limit.
    """

    OFF = "off"
    WATCH = "watch"
    IN_DOUBT = "in_doubt"
    ALWAYS = "always"


class Side(StrEnum):
    """A movement of the head, as seen by whoever makes it."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"


class OtherWay(StrEnum):
    """How somebody comes in who isn't asked to turn the head."""

    PIN = "pin"
    DESK = "desk"


class Verdict(StrEnum):
    """What a door does with somebody it knows: lets it count, asks for a turn of the head, or refuses."""

    COUNTS = "counts"
    ASK = "ask"
    SUSPECTED = "suspected"


class AttackKind(StrEnum):
    """What is held before a camera in an attack drill. OWN: whatever a site thought of itself."""

    PRINT = "print"
    BENT_PRINT = "bent_print"
    PHONE = "phone"
    TABLET = "tablet"
    LAPTOP = "laptop"
    CUT_OUT = "cut_out"
    MASK = "mask"
    OWN = "own"


class TurnResult(StrEnum):
    """How a try of turning the head as asked ended."""

    MADE = "made"
    NOT_MADE = "not_made"
    WRONG_SIDE = "wrong_side"
    SOMEBODY_ELSE = "somebody_else"


class Direction(StrEnum):
    """The way a person passed a door; BOTH: not known."""

    IN = "in"
    OUT = "out"
    BOTH = "both"


class Passage(StrEnum):
    """The way people pass a camera. BY_TURNS: somebody who came in goes out the next time."""

    IN = "in"
    OUT = "out"
    BOTH = "both"
    BY_TURNS = "by_turns"


class Turn(StrEnum):
    """The degrees by which a camera's picture is turned clockwise, so that people stand upright in it."""

    NONE = "0"
    RIGHT = "90"
    HALF = "180"
    LEFT = "270"


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
    TOO_SLOW = "too_slow"
    REDIRECTED = "redirected"


class CameraDoubt(StrEnum):
    """Why a webcam may show what somebody plays into it. OTHER: not the one that was set up."""

    VIRTUAL = "virtual"
    OTHER = "other"


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
    """The entries another program is told of."""

    ALL = "all"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    NONE = "none"


class OpeningKind(StrEnum):
    """The kinds of device that open a door."""

    NONE = "none"
    SERIAL = "serial"
    HTTP = "http"
    MQTT = "mqtt"


class Light(StrEnum):
    """The light that a face is seen in."""

    BRIGHT = "bright"
    DIM = "dim"
    BACK_LIT = "back_lit"
    UNMEASURED = "unmeasured"


class PassResult(StrEnum):
    """What the door made of somebody who came by during a trial day.

    REFUSED and ACCEPTED are strangers', the others those of people enrolled.
    """

    RIGHT = "right"
    MISSED = "missed"
    WRONG = "wrong"
    REFUSED = "refused"
    ACCEPTED = "accepted"
