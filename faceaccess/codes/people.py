"""Codes about people, their photos and consents."""

from enum import StrEnum

from faceaccess.codes.door import Reason


class PhotoProblem(StrEnum):
    """The reason why a photo isn't enrolled.

    UNCLEAR: the network makes little of the face: it is covered, blurred or badly lit.
    UNLIKE_OTHERS: it may show somebody else than the person's other photos.
    UNLIKE_THE_OTHER: of two photos that may show two people, the second; either may be the wrong one.
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
    UNLIKE_THE_OTHER = "unlike_the_other"
    MUCH_LIKE_ANOTHER = "much_like_another"
    MORE_THAN_NEEDED = "more_than_needed"


class FindingKind(StrEnum):
    """What may be amiss with somebody's photos."""

    UNLIKE_OTHERS = "unlike_others"
    LOOK_ALIKES = "look_alikes"
    DRIFT = "drift"
    NEAR_IDENTICAL = "near_identical"
    FEW_PHOTOS = "few_photos"
    OLD_PHOTOS = "old_photos"
    OTHER_MODEL = "other_model"


class EnrolmentOutcome(StrEnum):
    """The result for one person of a folder, a table or a file."""

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
    """The reason why nobody is to be asked about a face at the door."""

    NOT_A_FACE = "not_a_face"
    NEVER_ASK = "never_ask"
