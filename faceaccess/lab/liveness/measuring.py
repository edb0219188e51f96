"""What the turning of the head lets through, by kind of presentation."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from faceaccess.codes import Side, TurnResult
from faceaccess.lab.liveness.presenting import (
    TRIES,
    Presentation,
    Presenter,
    Seeing,
    Subject,
    presented,
    tried,
)
from faceaccess.recognition.intervals import Rate, case_rate
from faceaccess.recognition.presentation import TurnLimits
from faceaccess.vision.detector import Detector
from faceaccess.vision.quality import yaw_of
from faceaccess.vision.sources.images import read_photo
from faceaccess.vision.types import ImageArray

Progress = Callable[[int, int], None]

_FACE_PX = (90.0, 150.0)
"""How large faces are in a picture of 480 pixels: from a step away to near."""

_GREATEST_YAW = 0.35
"""`Quality.yaw` of a face that looks ahead, as whoever begins a try does."""

_BLACK, _MOST_BLACK = 3, 0.02
"""Grey level up to which a pixel is black, and the greatest part of black pixels at a photo's edge."""

_GREATEST_TILT = 30.0
_GENUINE_SIDEWAYS = (30.0, 40.0)
_GENUINE_UP_AND_DOWN = (25.0, 35.0)
"""How far people turn at most who go on until they are asked to come back, degrees."""


@dataclass(frozen=True)
class TurnRow:
    """What became of the presentations of one kind.

    Attributes:
        presentations: how many.
        passed: of these, within two tries, and in the first.
        results: of all tries.
        longest_s: seconds of the longest movement of those that passed.
    """

    kind: Presentation
    presentations: int
    passed: int
    passed_at_once: int
    results: Counter[TurnResult]
    longest_s: float

    @property
    def is_attack(self) -> bool:
        """Whether it is to be refused."""
        return self.kind is not Presentation.GENUINE

    @property
    def error(self) -> Rate:
        """Share of attacks that passed, or of genuine faces that did not, with its 95 % interval."""
        errors = self.passed if self.is_attack else self.presentations - self.passed
        return case_rate(errors, self.presentations)


def subjects_in(
    people: dict[str, list[Path]], detector: Detector, count: int, *, part: float = 1.0
) -> list[Subject]:
    """Return so many photos that show one face, looking ahead, each of another person while there are enough.

    Args:
        people: photos by person.
        detector: finds the face.
        count: how many at most.
        part: of a photo's shorter side, about its middle; less than 1 also leaves out photos that are black
            at their edge: aligned photos have black corners, which are the edges of a picture.
    """
    subjects: list[Subject] = []
    for path in _in_turns(people):
        if len(subjects) == count:
            break
        photo = _square(read_photo(path).image, part)
        faces = [] if part < 1 and _is_framed(photo) else detector.detect(photo)
        if len(faces) == 1 and abs(yaw_of(faces[0].landmarks)) <= _GREATEST_YAW:
            subjects.append(Subject(photo, faces[0]))
    return subjects


def _is_framed(photo: ImageArray) -> bool:
    edge = np.concatenate([photo[0], photo[-1], photo[:, 0], photo[:, -1]])
    return float((edge.max(axis=-1) <= _BLACK).mean()) > _MOST_BLACK


def _in_turns(people: dict[str, list[Path]]) -> list[Path]:
    most = max((len(files) for files in people.values()), default=0)
    return [files[turn] for turn in range(most) for files in people.values() if turn < len(files)]


def _square(image: ImageArray, part: float) -> ImageArray:
    """Return the middle of a picture, as wide as high: so much of its shorter side."""
    side = round(part * min(image.shape[:2]))
    top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
    return np.ascontiguousarray(image[top : top + side, left : left + side])


def turn_rows(
    seeing: Seeing,
    limits: TurnLimits,
    subjects: Sequence[Subject],
    kinds: Sequence[Presentation],
    *,
    seed: int = 0,
    progress: Progress = lambda *_: None,
) -> list[TurnRow]:
    """Return a row for each kind, every subject presented once in each.

    Args:
        seeing: networks.
        limits: of the check.
        subjects: who is presented.
        kinds: of presentation.
        seed: for everything that is drawn at random.
        progress: told how many presentations are done, of how many.
    """
    rows = []
    for number, kind in enumerate(kinds):
        results: Counter[TurnResult] = Counter()
        passed = at_once = 0
        longest_s = 0.0
        for index, subject in enumerate(subjects):
            rng = np.random.default_rng((seed, number, index))
            drawn = presented(kind, subject, subjects[index - 1], rng)
            for turn in range(TRIES):
                presenter = Presenter(_turns(kind, rng), rng, width_px=width_px(subject, rng))
                ended = tried(
                    drawn, presenter, seeing, limits, rng, is_attack=kind is not Presentation.GENUINE
                )
                results[ended.result] += 1
                if ended.result is TurnResult.MADE:
                    passed += 1
                    at_once += turn == 0
                    longest_s = max(longest_s, ended.longest_s)
                    break
            progress(number * len(subjects) + index + 1, len(kinds) * len(subjects))
        rows.append(TurnRow(kind, len(subjects), passed, at_once, results, longest_s))
    return rows


def _turns(kind: Presentation, rng: np.random.Generator) -> dict[Side, float]:
    """Return the degrees to which somebody turns, for each side."""
    if kind is not Presentation.GENUINE:
        tilt = float(rng.uniform(10, _GREATEST_TILT))
        return dict.fromkeys(Side, tilt)
    sideways, up, down = (
        float(rng.uniform(*_GENUINE_SIDEWAYS)),
        float(rng.uniform(*_GENUINE_UP_AND_DOWN)),
        float(rng.uniform(*_GENUINE_UP_AND_DOWN)),
    )
    return {Side.LEFT: sideways, Side.RIGHT: sideways, Side.UP: up, Side.DOWN: down}


def width_px(subject: Subject, rng: np.random.Generator) -> float:
    """Return how wide the photo is before the camera, for a face of a usual size there."""
    return float(rng.uniform(*_FACE_PX)) / subject.face.face_px * len(subject.photo)
