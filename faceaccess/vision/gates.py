"""Whether a photo is good enough to be enrolled: the door is less strict, and waits for a better frame."""

from collections.abc import Iterable
from dataclasses import dataclass

from faceaccess.codes import PhotoProblem
from faceaccess.vision.types import Fault, Quality


@dataclass(frozen=True)
class Gate:
    """A limit that a photo must keep.

    Attributes:
        measure: name of a field of `Quality`.
        limit: in that field's unit.
        is_least: whether the limit is the least allowed; else the greatest.
    """

    problem: PhotoProblem
    measure: str
    limit: float
    is_least: bool

    def measured(self, quality: Quality) -> float:
        """Return the value that is compared: turns count the same to either side."""
        value = float(getattr(quality, self.measure))
        return abs(value) if self.measure == "yaw" else value

    def refuses(self, quality: Quality) -> bool:
        """Tell whether a face is beyond the limit."""
        value = self.measured(quality)
        return value < self.limit if self.is_least else value > self.limit


GATES = (
    Gate(PhotoProblem.FACE_TOO_SMALL, "face_px", 50.0, is_least=True),
    Gate(PhotoProblem.CUT_OFF, "part_outside", 0.1, is_least=False),
    Gate(PhotoProblem.TOO_DARK, "brightness", 30.0, is_least=True),
    Gate(PhotoProblem.TOO_BRIGHT, "brightness", 230.0, is_least=False),
    Gate(PhotoProblem.FACE_BLURRED, "sharpness", 3.4, is_least=True),
    Gate(PhotoProblem.TURNED_AWAY, "yaw", 0.9, is_least=False),
    Gate(PhotoProblem.LOOKS_UP, "pitch", 0.28, is_least=True),
    Gate(PhotoProblem.LOOKS_DOWN, "pitch", 0.80, is_least=False),
    Gate(PhotoProblem.UNSURE_FACE, "detection_score", 0.98, is_least=True),
)
"""In the order in which they are told: what is easiest to mend first. Source: `faceaccess evaluate
quality`. Together they refuse 2 % of clean photos. Light is as wide as it is because a tighter limit refused
photos by which people were recognised as well as by all others, and would refuse dark skin sooner than
light. Contrast and tilt have no limit: photos beyond any were recognised as well as the others, or better."""


def faults(quality: Quality, gates: Iterable[Gate] = GATES) -> tuple[Fault, ...]:
    """Return the faults of a photo, the easiest to mend first; none for a good one."""
    return tuple(
        Fault(gate.problem, gate.measured(quality), gate.limit) for gate in gates if gate.refuses(quality)
    )


def gates_for(clarity: float | None) -> tuple[Gate, ...]:
    """Return the gates of a model, with the limit of clarity that was measured for it.

    It comes last, refuses 4 % of clean photos, and does most: it is what covered, dark and unclear faces
    have in common, and goes with the distance to the person's other photos better than all others.
    """
    if clarity is None:
        return GATES
    return (*GATES, Gate(PhotoProblem.UNCLEAR, "clarity", clarity, is_least=True))
