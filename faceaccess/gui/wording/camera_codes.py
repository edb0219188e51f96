"""The wording of what cameras do: their states, faults and drifts."""

from PySide6.QtCore import QCoreApplication

from faceaccess.codes import CameraFault, Drift
from faceaccess.door.entries import CameraChange
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui.wording import amounts
from faceaccess.gui.wording.codes import Wording
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP

_STATES = {
    "connecting": (QT_TRANSLATE_NOOP("text", "Connecting to the camera…"), "", "camera"),
    "online": (QT_TRANSLATE_NOOP("text", "Camera on"), "", "camera"),
    "offline": (
        QT_TRANSLATE_NOOP("text", "No picture from the camera"),
        QT_TRANSLATE_NOOP("text", "Check its cable or address; it is tried again automatically."),
        "camera-off",
    ),
    "stalled": (
        QT_TRANSLATE_NOOP("text", "The camera stopped sending pictures"),
        QT_TRANSLATE_NOOP("text", "It is restarted automatically."),
        "camera-off",
    ),
    "ended": (QT_TRANSLATE_NOOP("text", "The recording has ended"), "", "stop"),
}


_FAULTS = {
    CameraFault.UNREACHABLE: _STATES["offline"][:2],
    CameraFault.NO_PICTURE: _STATES["stalled"][:2],
    CameraFault.FROZEN: (
        QT_TRANSLATE_NOOP("text", "The camera's picture is frozen"),
        QT_TRANSLATE_NOOP(
            "text",
            "It repeats one and the same picture; it is started again by itself. If that doesn't help: "
            "interlaced video looks like this, so set the camera to progressive.",
        ),
    ),
    CameraFault.BLACK: (
        QT_TRANSLATE_NOOP("text", "The camera's picture is black"),
        QT_TRANSLATE_NOOP(
            "text",
            "Is the lens covered, or the light off? Interlaced video looks like this too: set the camera to "
            "progressive.",
        ),
    ),
    CameraFault.OVEREXPOSED: (
        QT_TRANSLATE_NOOP("text", "The camera's picture is washed out"),
        QT_TRANSLATE_NOOP("text", "Too much light falls into the camera."),
    ),
    CameraFault.TOO_SLOW: (
        QT_TRANSLATE_NOOP("text", "The camera sends too few pictures"),
        QT_TRANSLATE_NOOP("text", "People pass between two of them. Set it to 5 pictures a second or more."),
    ),
    CameraFault.REDIRECTED: (
        QT_TRANSLATE_NOOP("text", "The camera's address names another one"),
        QT_TRANSLATE_NOOP(
            "text",
            "That isn't followed, since another camera would open this door. Was the camera changed? Set up "
            "the address that is meant.",
        ),
    ),
}


_DRIFTS = {
    Drift.SMALLER: QT_TRANSLATE_NOOP(
        "text",
        "Faces are {0} % smaller than at the camera's set-up: was it moved, or do people stand far away?",
    ),
    Drift.LARGER: QT_TRANSLATE_NOOP(
        "text", "Faces are {0} % larger than at the camera's set-up: was it moved?"
    ),
    Drift.BLURRED: QT_TRANSLATE_NOOP(
        "text", "Faces are {0} % less sharp than at the camera's set-up: is the lens dirty or out of focus?"
    ),
    Drift.DARKER: QT_TRANSLATE_NOOP(
        "text",
        "Faces are {0} % darker than at the camera's set-up: is a light off, or is one behind them?",
    ),
    Drift.BRIGHTER: QT_TRANSLATE_NOOP(
        "text", "Faces are {0} % brighter than at the camera's set-up: does the sun or a lamp shine on them?"
    ),
    Drift.TURNED: QT_TRANSLATE_NOOP(
        "text", "Faces are turned away more than at the camera's set-up: was the camera turned?"
    ),
}


def state(code: str) -> Wording:
    """Return the wording of a `CameraState`."""
    label, advice, icon = _STATES[code]
    return Wording(_tr(label), _tr(advice), icon)


def status(current: CameraStatus) -> Wording:
    """Return the wording of a camera's state: of its fault, where there is one."""
    if current.fault is None:
        return state(current.state)
    label, advice = _FAULTS[current.fault]
    return Wording(_tr(label), _tr(advice), "camera-off")


def change(of: CameraChange) -> str:
    """Return the wording of a change of a camera's state, with its time."""
    return f"{amounts.short_moment(of.at)}  {of.camera}: {status(CameraStatus(of.state, of.fault)).label}"


def drift(kind: Drift, change: float) -> str:
    """Return the change in the faces at a camera, its extent, and what to look at.

    Args:
        kind: what has changed.
        change: a part of what it was.
    """
    return _tr(_DRIFTS[kind]).format(round(abs(change) * 100))


def _tr(source: str) -> str:
    return QCoreApplication.translate("text", source) if source else ""
