"""Presentations before a camera that asks for nothing, and what each passive signal says of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np

from faceaccess.lab.liveness.drawing import WIDTH
from faceaccess.lab.liveness.measuring import Progress, width_px
from faceaccess.lab.liveness.presenting import (
    Presentation,
    Presenter,
    Subject,
    presented,
    through_webcam,
)
from faceaccess.vision.detector import Detector
from faceaccess.vision.liveness.edges import picture_edge
from faceaccess.vision.liveness.passive import PassiveNetworks
from faceaccess.vision.liveness.pattern import periodic_pattern
from faceaccess.vision.types import Detection, ImageArray

PART = 0.9
"""Of a photo's side: about its edge, aligned photos often show that they were turned."""

FRAMES = 5
"""That are watched of a presentation."""

_NEAR = (1.12, 1.3)
"""How many times as wide as the frame a photo is whose edges are outside it."""

_SMALLEST_FACE_PX = 50


class View(StrEnum):
    """How a presentation is seen.

    FAR: an attack with its edges; somebody genuine in a room that goes on as the photo's mirror image.
    NEAR: the photo fills the frame, enlarged.
    AS_IT_IS: the photo is the frame, with a camera's noise; of genuine faces alone.
    """

    FAR = "far"
    NEAR = "near"
    AS_IT_IS = "as_it_is"


@dataclass(frozen=True)
class Scene:
    """What is before the camera. kind: genuine, or which attack."""

    kind: Presentation
    view: View

    @property
    def is_attack(self) -> bool:
        """Whether it is to be refused."""
        return self.kind is not Presentation.GENUINE

    @property
    def title(self) -> str:
        """Its name for people."""
        return f"{self.kind.value}, {self.view.value}".replace("_", " ")


SCENES = (
    Scene(Presentation.GENUINE, View.AS_IT_IS),
    *(Scene(kind, view) for kind in Presentation for view in (View.FAR, View.NEAR)),
)

Seen = Sequence[tuple[ImageArray, Detection]]

SIGNALS: Mapping[str, Callable[[Seen], float]] = {
    "edges": lambda seen: float(np.mean([picture_edge(*look) for look in seen])),
    "pattern": lambda seen: float(np.mean([periodic_pattern(*look) for look in seen])),
}
"""What each says of the frames in which a face was seen: the higher, the likelier a picture."""


@dataclass(frozen=True)
class Watched:
    """What was measured of a presentation.

    Attributes:
        live: mean score of the networks.
        signals: by their names.
    """

    scene: Scene
    live: float
    signals: Mapping[str, float]


def frames_of(
    scene: Scene, subject: Subject, wearer: Subject, rng: np.random.Generator, count: int = FRAMES
) -> Iterator[ImageArray]:
    """Yield what the camera sees of a presentation that is held as still as people can.

    Args:
        scene: what is presented.
        subject: whom it shows.
        wearer: of a face that is cut out.
        rng: for all that is drawn at random.
        count: of frames.

    Returns: (360, 480, 3) uint8, RGB; the photo's own size where it is the frame.
    """
    if scene.view is View.AS_IT_IS:
        yield from (through_webcam(subject.photo, rng) for _ in range(count))
        return
    is_near = scene.view is View.NEAR
    drawn = presented(scene.kind, subject, wearer, rng, is_mirrored=not is_near)
    wide = WIDTH * float(rng.uniform(*_NEAR)) if is_near else width_px(subject, rng)
    presenter = Presenter({}, rng, width_px=wide)
    for _ in range(count):
        yield through_webcam(drawn(presenter.next_pose(None)), rng)


def _from_middle(image: ImageArray, face: Detection) -> float:
    """Return how far a face is from the frame's middle, where it is presented: its mirror images are not."""
    middle = face.box.reshape(2, 2).mean(axis=0)
    return float(np.hypot(*(middle - np.array(image.shape[1::-1]) / 2)))


def watch(
    subjects: Sequence[Subject],
    detector: Detector,
    networks: PassiveNetworks,
    *,
    scenes: Sequence[Scene],
    seed: int = 0,
    progress: Progress = lambda *_: None,
) -> list[Watched]:
    """Return what is measured of every subject in every scene; presentations without a face are left out.

    Args:
        subjects: who is presented.
        detector: finds the faces.
        networks: score them.
        scenes: what is presented.
        seed: for everything that is drawn at random.
        progress: told how many presentations are done, of how many.
    """
    watched = []
    for number, scene in enumerate(scenes):
        for index, subject in enumerate(subjects):
            rng = np.random.default_rng((seed, number, index))
            seen = [
                (image, min(faces, key=partial(_from_middle, image)))
                for image in frames_of(scene, subject, subjects[index - 1], rng)
                if (faces := detector.detect(image, smallest_face_px=_SMALLEST_FACE_PX))
            ]
            if seen:
                live = float(np.mean([networks.score(image, face) for image, face in seen]))
                signals = {name: signal(seen) for name, signal in SIGNALS.items()}
                watched.append(Watched(scene, live, signals))
            progress(number * len(subjects) + index + 1, len(scenes) * len(subjects))
    return watched
