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


class PhotoProblem(StrEnum):
    """Why a photo isn't enrolled.

    UNCLEAR: the network makes little of the face: it is covered, blurred or badly lit.
    UNLIKE_OTHERS: it may show somebody else than the person's other photos.
    """

    UNREADABLE = "unreadable"
    UNKNOWN_FORMAT = "unknown_format"
    TOO_LARGE = "too_large"
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    FACE_TOO_SMALL = Reason.FACE_TOO_SMALL
    FACE_BLURRED = Reason.FACE_BLURRED
    TOO_DARK = Reason.TOO_DARK
    TOO_BRIGHT = Reason.TOO_BRIGHT
    TURNED_AWAY = Reason.TURNED_AWAY
    LOOKS_UP = "looks_up"
    LOOKS_DOWN = "looks_down"
    CUT_OFF = Reason.CUT_OFF
    UNSURE_FACE = Reason.UNSURE_FACE
    UNCLEAR = "unclear"
    UNLIKE_OTHERS = "unlike_others"
    MUCH_LIKE_ANOTHER = "much_like_another"
    MORE_THAN_NEEDED = "more_than_needed"


class ImportField(StrEnum):
    """What a column of a table of people can say."""

    NAME = "name"
    STAFF_NUMBER = "staff_number"
    DEPARTMENT = "department"
    EMAIL = "email"
    PHOTO = "photo"
    CONSENT_DATE = "consent_date"


class DateOrder(StrEnum):
    """In which order days are written: day, month and year by their letters."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


class ImportStep(StrEnum):
    """What would be done with a person of a table.

    COMPARE: the name is enrolled, and there is no staff number: it is the same person if a photo is.
    """

    NEW = "new"
    ADD = "add"
    COMPARE = "compare"
    REFUSE = "refuse"


class ImportProblem(StrEnum):
    """Why a row of a table, a part of a folder, or a photo that it names, can't be imported.

    DATE_NOT_CLEAR: which is the day and which the month can't be told. ONLY_FOLDERS: a person's folder holds
    folders where photos should be. LOOSE_FILE: it lies beside the folders of people, not in one.
    """

    NO_NAME = "no_name"
    NAME_INCOMPLETE = "name_incomplete"
    CELL_ERROR = "cell_error"
    BAD_NUMBER = "bad_number"
    BAD_TEXT = "bad_text"
    BAD_EMAIL = "bad_email"
    BAD_DATE = "bad_date"
    DATE_NOT_CLEAR = "date_not_clear"
    CELL_TOO_LONG = "cell_too_long"
    NO_PHOTO = "no_photo"
    PHOTO_MISSING = "photo_missing"
    PHOTO_UNREADABLE = "photo_unreadable"
    PHOTO_OUTSIDE = "photo_outside"
    PHOTO_NOT_CLEAR = "photo_not_clear"
    PHOTO_FORMAT = "photo_format"
    PACKED = "packed"
    FOLDER_INSIDE = "folder_inside"
    ONLY_FOLDERS = "only_folders"
    LOOSE_PHOTO = "loose_photo"
    LOOSE_FILE = "loose_file"
    FOLDER_UNREADABLE = "folder_unreadable"
    TOO_MANY_PHOTOS = "too_many_photos"
    NUMBER_TWICE = "number_twice"
    NUMBER_TAKEN = "number_taken"
    NUMBER_OF_DELETED = "number_of_deleted"
    NAME_ENROLLED = "name_enrolled"
    SEVERAL_OF_NAME = "several_of_name"
    DOUBLE = "double"
    NO_GOOD_PHOTO = "no_good_photo"
    NO_CONSENT = "no_consent"
    NOT_STORED = "not_stored"


class Method(StrEnum):
    """How a person was identified. MANUAL: an operator says so, in an entry made afterwards."""

    FACE = "face"
    PIN = "pin"
    MANUAL = "manual"


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


class Turn(StrEnum):
    """By how many degrees a camera's picture is turned clockwise, so that people stand upright in it."""

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


class KeySource(StrEnum):
    """Where the secrets of a data folder lie: in a FILE beside it, else at rest elsewhere."""

    FILE = "file"
    KEYRING = "keyring"
    CREDENTIAL = "credential"
    SEALED = "sealed"
    ENVIRONMENT = "environment"


class Role(StrEnum):
    """What somebody may do; see `store/roles.py`.

    OPEN: anybody, while a folder has no operators. SYSTEM: the program by itself, on a schedule.
    """

    OPEN = "open"
    NOBODY = "nobody"
    SYSTEM = "system"
    DOOR = "door"
    RECEPTIONIST = "receptionist"
    AUDITOR = "auditor"
    ADMIN = "admin"


class FindingKind(StrEnum):
    """What may be amiss with somebody's photos."""

    UNLIKE_OTHERS = "unlike_others"
    LOOK_ALIKES = "look_alikes"
    DRIFT = "drift"
    NEAR_IDENTICAL = "near_identical"
    FEW_PHOTOS = "few_photos"
    OLD_PHOTOS = "old_photos"
    OTHER_MODEL = "other_model"


class Right(StrEnum):
    """What a use case needs."""

    READ = "read"
    RUN_DOOR = "run_door"
    VOID_GREETING = "void_greeting"
    ANSWER_DESK = "answer_desk"
    ENROL = "enrol"
    CHANGE_PEOPLE = "change_people"
    DELETE_PEOPLE = "delete_people"
    CORRECT = "correct"
    EXPORT = "export"
    SET_POLICY = "set_policy"
    MANAGE_OPERATORS = "manage_operators"
    KEEP = "keep"


class ChainFault(StrEnum):
    """What is wrong with the journal.

    ROW: a row was changed, is missing or out of order. CROP: a picture or note is not the one that
    was journalled. HEAD: the end is not the one that was signed. SIGNATURE: the end is not signed by
    this folder's key. FOUND_CHANGED: the program itself found it, or a record, changed and went on.
    KEPT_HEAD: an end that was kept elsewhere is not in it. COLUMN: what is searched by says something
    else than the row. SCHEMA: tables, triggers or indexes are not those that the program makes. RECORD: a
    person, operator, policy or schedule is not what the last row about it says.
    """

    ROW = "row"
    CROP = "crop"
    HEAD = "head"
    SIGNATURE = "signature"
    FOUND_CHANGED = "found_changed"
    KEPT_HEAD = "kept_head"
    COLUMN = "column"
    SCHEMA = "schema"
    RECORD = "record"


class Pairing(StrEnum):
    """What counts as worked: from the first way in to the last way out, or each stay by itself."""

    FIRST_LAST = "first_last"
    IN_OUT = "in_out"


class AbsenceKind(StrEnum):
    """Why somebody does not come. REMOTE is work, elsewhere."""

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
    """What there is to say about a working day beside its hours."""

    DAY_OFF = "day_off"
    HOLIDAY = "holiday"
    PRESENT = "present"
    ABSENT = "absent"
    MISSING_IN = "missing_in"
    MISSING_OUT = "missing_out"
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
    """How often a report is written by itself."""

    DAY = "day"
    MONTH = "month"


class IfNamed(StrEnum):
    """What to do with a person whose name is enrolled already."""

    REFUSE = "refuse"
    ADD = "add"
    NEW = "new"


class IfDouble(StrEnum):
    """What to do with a person whose face may be enrolled under another name."""

    REFUSE = "refuse"
    KEEP = "keep"


class EnrolmentOutcome(StrEnum):
    """What became of one person of a folder, a table or a file."""

    ENROLLED = "enrolled"
    ADDED = "added"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"


class ConsentDue(StrEnum):
    """What is to be done about somebody's consent.

    MISSING: there are photos and no consent. EXPIRES_SOON: within the time of the policy. OLD_TEXT:
    the text in that language was rewritten since. WITHDRAWN: by somebody who may not erase; it will be.
    """

    MISSING = "missing"
    EXPIRED = "expired"
    EXPIRES_SOON = "expires_soon"
    REVIEW = "review"
    OLD_TEXT = "old_text"
    WITHDRAWN = "withdrawn"


class VisitorMark(StrEnum):
    """Why nobody is to be asked about a face at the door."""

    NOT_A_FACE = "not_a_face"
    NEVER_ASK = "never_ask"


class JournalKind(StrEnum):
    """What a journal row records."""

    ENTRY = "entry"
    ENTRY_VOIDED = "entry_voided"
    PERSON_ENROLLED = "person_enrolled"
    PHOTOS_ADDED = "photos_added"
    PERSON_CHANGED = "person_changed"
    PERSON_DELETED = "person_deleted"
    FACE_ERASED = "face_erased"
    CONSENT_TEXT_WRITTEN = "consent_text_written"
    CONSENT_RECORDED = "consent_recorded"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    LOOK_ALIKES_MARKED = "look_alikes_marked"
    PERSON_HIDDEN = "person_hidden"
    PERSON_RESTORED = "person_restored"
    PERSON_MERGED = "person_merged"
    PHOTOS_HIDDEN = "photos_hidden"
    PHOTOS_RESTORED = "photos_restored"
    PHOTOS_MOVED = "photos_moved"
    PHOTOS_ERASED = "photos_erased"
    CHANGE_UNDONE = "change_undone"
    FINDING_KEPT = "finding_kept"
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
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    OPERATOR_CREATED = "operator_created"
    OPERATOR_CHANGED = "operator_changed"
    OPERATOR_REMOVED = "operator_removed"
    PASSWORD_SET = "password_set"
    PASSWORD_RECOVERED = "password_recovered"
    RECOVERY_RENEWED = "recovery_renewed"
    ACTION_REFUSED = "action_refused"
    ENCRYPTION_CHANGED = "encryption_changed"
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    RETENTION_RUN = "retention_run"
    JOURNAL_PRUNED = "journal_pruned"
    HEAD_KEPT = "head_kept"
    CLOCK_CHANGED = "clock_changed"
    CHAIN_BROKEN = "chain_broken"
    RECORDS_SEALED = "records_sealed"
    PROGRAM_STARTED = "program_started"
    PROGRAM_STOPPED = "program_stopped"
    EXPORT_FAILED = "export_failed"
    SCHEDULE_CHANGED = "schedule_changed"
    SCHEDULE_ASSIGNED = "schedule_assigned"
    ABSENCE_ENTERED = "absence_entered"
    ABSENCE_REMOVED = "absence_removed"
    MONTH_CLOSED = "month_closed"
    VISITORS_MERGED = "visitors_merged"
    VISITOR_IGNORED = "visitor_ignored"
    VISITOR_DELETED = "visitor_deleted"
    VISITOR_ENROLLED = "visitor_enrolled"
    MODEL_FORGOTTEN = "model_forgotten"
    NETWORK_CHANGED = "network_changed"
