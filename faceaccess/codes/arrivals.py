"""Codes about people who arrive by a table, a folder or a transfer."""

from enum import StrEnum


class ImportField(StrEnum):
    """The fields that a column of a table of people can hold."""

    NAME = "name"
    STAFF_NUMBER = "staff_number"
    DEPARTMENT = "department"
    EMAIL = "email"
    PHOTO = "photo"
    CONSENT_DATE = "consent_date"


class DateOrder(StrEnum):
    """The order in which days are written: day, month and year by their letters."""

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


class IfNamed(StrEnum):
    """What to do with a person whose name is enrolled already."""

    REFUSE = "refuse"
    ADD = "add"
    NEW = "new"


class IfDouble(StrEnum):
    """What to do with a person whose face may be enrolled under another name."""

    REFUSE = "refuse"
    KEEP = "keep"
