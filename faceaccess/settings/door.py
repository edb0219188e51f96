"""When a face becomes an entry, and the cameras that look at doors."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from faceaccess.codes import Passage, Turn
from faceaccess.settings import fields
from faceaccess.settings.fields import Region

WEBCAM_PREFIX = "usb:"
"""Begins a source that names a webcam by what the system knows it by, wherever it is plugged in."""


@dataclass(frozen=True)
class DoorSettings(fields.Settings):
    """When a face at a door becomes an entry; the same for all cameras."""

    agreeing_frames: int = fields.number(
        3, "Agreeing frames", "How many frames must agree before an entry is made.", (1, 30)
    )
    cool_down_s: float = fields.number(
        60.0,
        "Cool-down",
        "How long after an entry the same person makes no further one in the same direction.",
        (0, 86_400),
        unit="s",
    )
    absence_s: float = fields.number(
        1.0,
        "Absence",
        "How long a face must be out of sight before its visit is over.",
        (0.1, 60),
        unit="s",
    )
    unknown_after_s: float = fields.number(
        3.0,
        "Unknown after",
        "How long a face stays unrecognised before it is entered as unknown.",
        (0.1, 60),
        unit="s",
    )

    asks_desk: bool = fields.flag(
        False,
        "Ask the desk",
        "Who is a little beyond the threshold, or between two people, is shown at the desk for 30 s instead "
        "of being refused at once. How little was measured for the model.",
    )
    keep_unknown_h: int = fields.number(
        0,
        "Keep unknown faces",
        "How long faces that were not recognised can be compared with one another, to see who comes "
        "again. Longer than a day or two needs a reason that you can tell people.",
        (0, 720),
        unit="h",
        zero="not at all",
    )


@dataclass(frozen=True)
class CameraSettings(fields.Settings):
    """A camera, the door it looks at, and what counts in its picture.

    Attributes:
        camera_id: names the camera for good, whatever it is called.
    """

    camera_id: str = fields.text("main", "Id", "Names the camera in settings and commands.", (1, 32))
    name: str = fields.text("Door", "Name", "What window and log call the camera.", (1, 100))
    source: str = fields.text(
        "0",
        "Picture from",
        "A webcam, an RTSP or HTTP address, a video file or a folder of images.",
        (1, 2000),
    )
    door: str = fields.text(
        "Main door",
        "Door",
        "The door it looks at. Two cameras at one door make one entry of a person, not two.",
        (1, 100),
    )
    passage: Passage = fields.choice(
        Passage.BOTH,
        "Direction",
        "Which way people pass it. By turns: in, then out, then in again, each day anew.",
    )
    smallest_face_px: int = fields.number(
        60,
        "Smallest face",
        "Faces with a shorter side than this are asked to come closer and not judged.",
        (20, 1000),
        unit="px",
    )
    region: Region = fields.region("Region", "The part of the picture in which faces count.")
    turn: Turn = fields.choice(
        Turn.NONE, "Turn", "By how much the picture is turned clockwise, for a camera that hangs on its side."
    )
    stretch: float = fields.number(
        1.0,
        "Stretch",
        "By how much the picture is made wider, where faces look too narrow: 2 at 960x1080.",
        (0.25, 4.0),
    )
    device: str = fields.text(
        "", "Webcam", "The webcam's name when it was set up: another one in its place is said.", (0, 200)
    )


class SourceKind(StrEnum):
    """The kind of a source."""

    WEBCAM = "webcam"
    STREAM = "stream"
    RECORDING = "recording"


def is_live(source: str) -> bool:
    """Tell whether a source is a camera by how it is written: an address, a number, or a webcam's name."""
    return "://" in source or source.isdigit() or source.startswith(WEBCAM_PREFIX)


def source_kind(source: str) -> SourceKind:
    """Return the kind of a source, by how it is written; a file or folder must exist."""
    if "://" in source:
        return SourceKind.STREAM
    if not is_live(source) and Path(source).expanduser().exists():
        return SourceKind.RECORDING
    return SourceKind.WEBCAM
