"""The wording of a photo's problems, and of its measurements."""

from PySide6.QtCore import QCoreApplication

from faceaccess.codes import PhotoProblem
from faceaccess.gui.wording.codes import Wording
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP
from faceaccess.people.enrolment.capture import Advice, Pose
from faceaccess.vision.types import Fault

_PROBLEMS = {
    "unreadable": (
        QT_TRANSLATE_NOOP("text", "The photo is damaged"),
        QT_TRANSLATE_NOOP("text", "Copy it again, or use another one."),
    ),
    "unknown_format": (
        QT_TRANSLATE_NOOP("text", "Not a kind of photo that can be read"),
        QT_TRANSLATE_NOOP("text", "Use a JPEG, PNG, HEIC, AVIF, WebP or TIFF photo."),
    ),
    "too_large": (
        QT_TRANSLATE_NOOP("text", "The picture is too large"),
        QT_TRANSLATE_NOOP("text", "Save it with fewer pixels, then try again."),
    ),
    "no_face": (
        QT_TRANSLATE_NOOP("text", "No face found"),
        QT_TRANSLATE_NOOP("text", "Use a photo that shows the face from the front."),
    ),
    "several_faces": (
        QT_TRANSLATE_NOOP("text", "Several faces"),
        QT_TRANSLATE_NOOP("text", "Click the face that is meant."),
    ),
    "face_too_small": (
        QT_TRANSLATE_NOOP("text", "The face is too small"),
        QT_TRANSLATE_NOOP("text", "Come closer, or use a larger photo."),
    ),
    "face_blurred": (
        QT_TRANSLATE_NOOP("text", "The face is blurred"),
        QT_TRANSLATE_NOOP("text", "Hold still, or use a sharper photo."),
    ),
    "too_dark": (
        QT_TRANSLATE_NOOP("text", "Too dark"),
        QT_TRANSLATE_NOOP("text", "More light on the face."),
    ),
    "too_bright": (
        QT_TRANSLATE_NOOP("text", "Too bright"),
        QT_TRANSLATE_NOOP("text", "Less light on the face."),
    ),
    "turned_away": (
        QT_TRANSLATE_NOOP("text", "Turned away"),
        QT_TRANSLATE_NOOP("text", "Look straight into the camera."),
    ),
    "cut_off": (
        QT_TRANSLATE_NOOP("text", "The face is cut off"),
        QT_TRANSLATE_NOOP("text", "Keep the whole face inside the picture."),
    ),
    "unsure_face": (
        QT_TRANSLATE_NOOP("text", "Not clearly a face"),
        QT_TRANSLATE_NOOP("text", "Uncover the face, or use another photo."),
    ),
    "looks_up": (
        QT_TRANSLATE_NOOP("text", "Looks up"),
        QT_TRANSLATE_NOOP("text", "Lower the chin a little."),
    ),
    "looks_down": (
        QT_TRANSLATE_NOOP("text", "Looks down"),
        QT_TRANSLATE_NOOP("text", "Raise the chin a little."),
    ),
    "unclear": (
        QT_TRANSLATE_NOOP("text", "Covered or unclear"),
        QT_TRANSLATE_NOOP("text", "Nothing before the face, light from the front, and a sharp photo."),
    ),
    "unlike_others": (
        QT_TRANSLATE_NOOP("text", "Unlike the other photos"),
        QT_TRANSLATE_NOOP("text", "Make sure that it is the same person, or remove it."),
    ),
    "unlike_the_other": (
        QT_TRANSLATE_NOOP("text", "Not the face of the other photo"),
        QT_TRANSLATE_NOOP("text", "Remove whichever of the two shows somebody else."),
    ),
    "much_like_another": (
        QT_TRANSLATE_NOOP("text", "Left out: adds nothing"),
        QT_TRANSLATE_NOOP("text", "Much like another photo. Take one a little from the side."),
    ),
    "more_than_needed": (
        QT_TRANSLATE_NOOP("text", "Left out: enough photos"),
        QT_TRANSLATE_NOOP("text", "Ten that differ are kept; more don't help."),
    ),
}

_MEASURES = {
    PhotoProblem.FACE_TOO_SMALL: QT_TRANSLATE_NOOP("text", "face {0:.0f} px, at least {1:.0f}"),
    PhotoProblem.CUT_OFF: QT_TRANSLATE_NOOP("text", "{0:.0%} outside the picture, at most {1:.0%}"),
    PhotoProblem.TOO_DARK: QT_TRANSLATE_NOOP("text", "brightness {0:.0f} of 255, at least {1:.0f}"),
    PhotoProblem.TOO_BRIGHT: QT_TRANSLATE_NOOP("text", "brightness {0:.0f} of 255, at most {1:.0f}"),
    PhotoProblem.FACE_BLURRED: QT_TRANSLATE_NOOP("text", "sharpness {0:.1f}, at least {1:.1f}"),
    PhotoProblem.TURNED_AWAY: QT_TRANSLATE_NOOP("text", "turn {0:.2f}, at most {1:.2f}"),
    PhotoProblem.LOOKS_UP: QT_TRANSLATE_NOOP("text", "nose height {0:.2f}, at least {1:.2f}"),
    PhotoProblem.LOOKS_DOWN: QT_TRANSLATE_NOOP("text", "nose height {0:.2f}, at most {1:.2f}"),
    PhotoProblem.UNSURE_FACE: QT_TRANSLATE_NOOP("text", "detection score {0:.2f}, at least {1:.2f}"),
    PhotoProblem.UNCLEAR: QT_TRANSLATE_NOOP("text", "clarity {0:.1f}, at least {1:.1f}"),
}


def photo_problem(code: str) -> Wording:
    """Return the wording of a `PhotoProblem`."""
    label, advice = _PROBLEMS[code]
    return Wording(_tr(label), _tr(advice), "warning")


def measured(fault: Fault) -> str:
    """Return a measurement of a photo, beside its limit."""
    return _tr(_MEASURES[fault.problem]).format(fault.measured, fault.limit)


def _tr(text: str) -> str:
    return QCoreApplication.translate("text", text)


_POSES = {
    Pose.FRONT: QT_TRANSLATE_NOOP("text", "Front"),
    Pose.LEFT: QT_TRANSLATE_NOOP("text", "Left"),
    Pose.RIGHT: QT_TRANSLATE_NOOP("text", "Right"),
    Pose.UP: QT_TRANSLATE_NOOP("text", "Up"),
    Pose.DOWN: QT_TRANSLATE_NOOP("text", "Down"),
}

_ADVICE = {
    Advice.NO_FACE: QT_TRANSLATE_NOOP("text", "Look into the camera."),
    Advice.ONE_AT_A_TIME: QT_TRANSLATE_NOOP("text", "One person at a time, please."),
    Advice.COME_CLOSER: QT_TRANSLATE_NOOP("text", "Come closer."),
    Advice.STEP_BACK: QT_TRANSLATE_NOOP("text", "Step back a little."),
    Advice.TO_THE_MIDDLE: QT_TRANSLATE_NOOP("text", "Bring your face into the oval."),
    Advice.MORE_LIGHT: QT_TRANSLATE_NOOP("text", "More light on your face."),
    Advice.LESS_LIGHT: QT_TRANSLATE_NOOP("text", "Less light on your face."),
    Advice.LIGHT_FROM_FRONT: QT_TRANSLATE_NOOP("text", "Turn to the light, nothing before the face."),
    Advice.LOOK_AHEAD: QT_TRANSLATE_NOOP("text", "Look straight into the camera."),
    Advice.LOOK_LEFT: QT_TRANSLATE_NOOP("text", "Look to your left a little."),
    Advice.LOOK_RIGHT: QT_TRANSLATE_NOOP("text", "Look to your right a little."),
    Advice.LOOK_UP: QT_TRANSLATE_NOOP("text", "Look up a little."),
    Advice.LOOK_DOWN: QT_TRANSLATE_NOOP("text", "Look down a little."),
    Advice.LESS_FAR: QT_TRANSLATE_NOOP("text", "Not quite so far."),
    Advice.HOLD_STILL: QT_TRANSLATE_NOOP("text", "Hold still…"),
    Advice.PAUSED: QT_TRANSLATE_NOOP("text", "Stopped: nothing is taken."),
    Advice.DONE: QT_TRANSLATE_NOOP("text", "Done. Click a photo's name to take it again."),
}


def pose(code: Pose) -> str:
    """Return the name of a guided photo's pose."""
    return _tr(_POSES[code])


def advice(code: Advice) -> str:
    """Return the request to the person before the camera."""
    return _tr(_ADVICE[code])
