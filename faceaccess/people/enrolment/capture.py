"""Guided photos: what to ask of somebody before a camera, and when to take the picture; time is passed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from faceaccess.codes import PhotoProblem
from faceaccess.vision.gates import GATES, faults
from faceaccess.vision.types import ImageArray, Quality

HOLD_S = 1.0
"""So long a pose is held before its picture is taken: the count-down."""

LARGEST_PART, SMALLEST_PART = 0.75, 0.22
"""How much of the picture's shorter side a face may, and must, take up."""

OFF_MIDDLE = 0.25
"""How far from the middle a face's centre may be, in the picture's sides."""

TURN = 0.18
"""How far yaw goes from looking ahead for a picture a little from the side: about 10 degrees."""

NOD = 0.07
"""The same for pitch. Source: looking ahead differs by 0.08 (standard deviation) among 766 LFW photos,
so that each person's own is measured first."""

AHEAD_YAW = 0.25
STEADY_YAW, STEADY_PITCH = 0.08, 0.05
"""Farther than this from one look to the next is not holding still."""


class Pose(StrEnum):
    """How the head is held for a picture; left and right are the person's own."""

    FRONT = "front"
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"


class Advice(StrEnum):
    """What to ask for; the wording lives in `gui/photo_text.py`."""

    NO_FACE = "no_face"
    ONE_AT_A_TIME = "one_at_a_time"
    COME_CLOSER = "come_closer"
    STEP_BACK = "step_back"
    TO_THE_MIDDLE = "to_the_middle"
    MORE_LIGHT = "more_light"
    LESS_LIGHT = "less_light"
    LIGHT_FROM_FRONT = "light_from_front"
    LOOK_AHEAD = "look_ahead"
    LOOK_LEFT = "look_left"
    LOOK_RIGHT = "look_right"
    LOOK_UP = "look_up"
    LOOK_DOWN = "look_down"
    LESS_FAR = "less_far"
    HOLD_STILL = "hold_still"
    PAUSED = "paused"
    DONE = "done"


@dataclass(frozen=True, eq=False)
class Observation:
    """A look at a frame.

    Attributes:
        image: (H, W, 3) uint8 RGB.
        faces: how many are prominent.
        quality: of the main face, as `vision.quality.assess` has it; None without a face.
        centre: x y of its box, in parts of the picture's sides.
    """

    image: ImageArray
    faces: int
    quality: Quality | None = None
    centre: tuple[float, float] = (0.5, 0.5)


@dataclass(frozen=True, eq=False)
class Guidance:
    """What to do now.

    Attributes:
        pose: the picture that is wanted; None when all are taken.
        advice: what to ask for.
        held: how much of the count-down is over, 0 to 1.
        shot: the picture to keep, when one was taken.
        shot_pose: which one it is.
    """

    pose: Pose | None
    advice: Advice
    held: float = 0.0
    shot: ImageArray | None = None
    shot_pose: Pose | None = None


@dataclass
class _Hold:
    """A pose being held: since when, and the sharpest frame so far."""

    since_s: float
    quality: Quality
    image: ImageArray
    sharpness: float


_ASK = {
    Pose.LEFT: Advice.LOOK_LEFT,
    Pose.RIGHT: Advice.LOOK_RIGHT,
    Pose.UP: Advice.LOOK_UP,
    Pose.DOWN: Advice.LOOK_DOWN,
}
_MEND: Mapping[PhotoProblem, Advice] = {
    PhotoProblem.TOO_DARK: Advice.MORE_LIGHT,
    PhotoProblem.TOO_BRIGHT: Advice.LESS_LIGHT,
    PhotoProblem.TURNED_AWAY: Advice.LESS_FAR,
    PhotoProblem.LOOKS_UP: Advice.LESS_FAR,
    PhotoProblem.LOOKS_DOWN: Advice.LESS_FAR,
    PhotoProblem.FACE_BLURRED: Advice.HOLD_STILL,
    PhotoProblem.CUT_OFF: Advice.TO_THE_MIDDLE,
    PhotoProblem.FACE_TOO_SMALL: Advice.COME_CLOSER,
    PhotoProblem.UNSURE_FACE: Advice.LIGHT_FROM_FRONT,
}


@dataclass
class GuidedCapture:
    """Asks for one pose after the other and says when each picture is taken. For use on one thread."""

    poses: Sequence[Pose] = tuple(Pose)
    hold_s: float = HOLD_S
    is_paused: bool = False
    taken: set[Pose] = field(default_factory=set)
    _ahead: Quality | None = None
    _last: Quality | None = None
    _hold: _Hold | None = None

    @property
    def next_pose(self) -> Pose | None:
        """The pose of the next picture, or None when all are taken."""
        return next((pose for pose in self.poses if pose not in self.taken), None)

    def pause(self) -> None:
        """Stop the count-down; nothing is taken until `resume`."""
        self.is_paused, self._hold = True, None

    def resume(self) -> None:
        """Go on; a count-down starts anew."""
        self.is_paused = False

    def retake(self, pose: Pose) -> None:
        """Ask for a picture once more; of the front, measure anew what looking ahead is."""
        self.taken.discard(pose)
        self._hold = None
        if pose is Pose.FRONT:
            self._ahead = None

    def observe(self, seen: Observation, time_s: float) -> Guidance:
        """Return what to do, from a look at the newest frame.

        Args:
            seen: the look.
            time_s: when, on any clock that only goes on.
        """
        pose = self.next_pose
        if pose is None:
            return Guidance(None, Advice.DONE)
        advice = self._advice(seen, pose)
        quality = seen.quality
        if advice is not None or quality is None:
            self._hold, self._last = None, quality
            return Guidance(pose, advice or Advice.NO_FACE)
        if self.is_paused:
            self._last = quality
            return Guidance(pose, Advice.PAUSED)
        is_still = self._is_still(quality)
        self._last = quality
        if not is_still:
            self._hold = None
            return Guidance(pose, Advice.HOLD_STILL)
        return self._hold_on(seen, quality, pose, time_s)

    def _hold_on(self, seen: Observation, quality: Quality, pose: Pose, time_s: float) -> Guidance:
        hold = self._hold
        if hold is None or time_s < hold.since_s:
            hold = self._hold = _Hold(time_s, quality, seen.image, quality.sharpness)
        elif quality.sharpness > hold.sharpness:
            hold.quality, hold.image, hold.sharpness = quality, seen.image, quality.sharpness
        held = min(1.0, (time_s - hold.since_s) / self.hold_s)
        if held < 1.0:
            return Guidance(pose, Advice.HOLD_STILL, held)
        self._hold = None
        self.taken.add(pose)
        if pose is Pose.FRONT:
            self._ahead = hold.quality
        following = self.next_pose
        ask = Advice.DONE if following is None else _ASK.get(following, Advice.LOOK_AHEAD)
        return Guidance(following, ask, 0.0, hold.image, pose)

    def _advice(self, seen: Observation, pose: Pose) -> Advice | None:
        """Return the most important thing to ask for before a picture can be taken; None for nothing."""
        quality = seen.quality
        if seen.faces > 1:
            return Advice.ONE_AT_A_TIME
        if quality is None:
            return Advice.NO_FACE
        part = quality.face_px / min(seen.image.shape[:2])
        if part < SMALLEST_PART:
            return Advice.COME_CLOSER
        if part > LARGEST_PART:
            return Advice.STEP_BACK
        if max(abs(seen.centre[0] - 0.5), abs(seen.centre[1] - 0.5)) > OFF_MIDDLE:
            return Advice.TO_THE_MIDDLE
        problems = faults(quality, GATES)
        if problems:
            return _MEND[problems[0].problem]
        return self._turn(quality, pose)

    def _turn(self, quality: Quality, pose: Pose) -> Advice | None:
        """Return how to turn the head for a pose; None when it is held so."""
        if pose is Pose.FRONT or self._ahead is None:
            return None if abs(quality.yaw) <= AHEAD_YAW else Advice.LOOK_AHEAD
        yaw, pitch = quality.yaw - self._ahead.yaw, quality.pitch - self._ahead.pitch
        if pose in (Pose.LEFT, Pose.RIGHT):
            # In the picture, the nose of who looks to their own left goes right.
            turned = yaw if pose is Pose.LEFT else -yaw
            return None if turned >= TURN else _ASK[pose]
        if abs(yaw) > AHEAD_YAW:
            return Advice.LOOK_AHEAD
        nodded = -pitch if pose is Pose.UP else pitch
        return None if nodded >= NOD else _ASK[pose]

    def _is_still(self, quality: Quality) -> bool:
        last = self._last
        if last is None:
            return False
        return abs(quality.yaw - last.yaw) <= STEADY_YAW and abs(quality.pitch - last.pitch) <= STEADY_PITCH
