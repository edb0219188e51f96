"""Somebody before the drawn camera who does what is asked, with a head or with a picture of one."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast

import cv2
import numpy as np

from faceaccess.codes import Side, TurnResult
from faceaccess.lab.liveness.drawing import HEIGHT, WIDTH, Head, Pose, Surface, bent, flat, shown, turned
from faceaccess.lab.liveness.sheets import cut_out, on_screen, printed
from faceaccess.recognition.presentation import Look, TurnCheck, TurnLimits, drawn_sides
from faceaccess.vision.detector import Detector
from faceaccess.vision.embedder import Embedder
from faceaccess.vision.liveness.turn import nose_in_face
from faceaccess.vision.types import Detection, FloatArray, ImageArray

PICTURES_A_SECOND = 8.0
TRIES = 2
_SMALLEST_FACE_PX = 50
_MOST_PICTURES = 400
_REACTION_S = 0.4
_SPEED = 70.0
"""Degrees a second by which a head, or a hand with a picture, turns."""


class Presentation(StrEnum):
    """What is held before the camera."""

    GENUINE = "genuine"
    PRINT = "print"
    BENT_PRINT = "bent_print"
    PHONE = "phone"
    TABLET = "tablet"
    CUT_OUT = "cut_out"


Drawn = Callable[[Pose], ImageArray]


@dataclass(frozen=True, eq=False)
class Subject:
    """A photo with one face.

    Attributes:
        photo: (S, S, 3) uint8, RGB; as wide as high.
        face: where the detector finds it.
    """

    photo: ImageArray
    face: Detection

    @property
    def head(self) -> Head:
        """A generic head laid under the face."""
        places = (self.face.landmarks + 0.5) / len(self.photo) - 0.5
        middle = places[[0, 1, 3, 4]].mean(axis=0)
        # Of a face turned to a side the eyes are near each other, but the head stays as wide.
        down = np.linalg.norm(places[3:].mean(axis=0) - places[:2].mean(axis=0))
        eyes = max(float(np.linalg.norm(places[1] - places[0])), 0.85 * float(down))
        return Head(float(middle[0]), float(middle[1]), float(places[2, 0]), float(places[2, 1]), eyes)

    def laid_under(self, other: "Subject") -> ImageArray:
        """Return the photo moved so that its face is where another's is, (S, S, 3) uint8 of the other's."""
        move, _ = cv2.estimateAffinePartial2D(self.face.landmarks, other.face.landmarks)
        if move is None:
            return other.photo
        size = other.photo.shape[1::-1]
        return cv2.warpAffine(self.photo, move, size, borderMode=cv2.BORDER_REPLICATE)


def presented(
    kind: Presentation,
    subject: Subject,
    wearer: Subject,
    rng: np.random.Generator,
    *,
    is_mirrored: bool = False,
) -> Drawn:
    """Return what draws a presentation in any pose.

    Args:
        kind: genuine, or which attack.
        subject: whom it shows.
        wearer: somebody else, seen beside a face that is cut out and through its eyes.
        rng: chooses paper, screen and room.
        is_mirrored: how the room of somebody genuine goes on, see `turned`.
    """
    head = subject.head
    if kind is Presentation.GENUINE:
        return lambda pose: turned(subject.photo, head, pose, is_mirrored=is_mirrored)
    surface: Surface = flat
    photo = subject.photo
    if kind is Presentation.PRINT:
        photo = printed(photo, rng)
    elif kind is Presentation.BENT_PRINT:
        photo, surface = printed(photo, rng), bent(rng.uniform(0.35, 0.8), head.x)
    elif kind is Presentation.CUT_OUT:
        photo, surface = cut_out(photo, head, wearer.laid_under(subject)), bent(1.3 * head.eyes, head.x)
    else:
        photo = on_screen(photo, rng, bezel=0.03 if kind is Presentation.PHONE else 0.09)
    room = _room(rng)
    return lambda pose: shown(photo, surface, pose, room)


def _room(rng: np.random.Generator) -> ImageArray:
    blocks = rng.integers(60, 200, (4, 5, 3)).astype(np.uint8)
    return cv2.resize(blocks, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)


class Presenter:
    """Turns to where it is asked, as fast as people do and with their unsteadiness."""

    def __init__(self, greatest: dict[Side, float], rng: np.random.Generator, *, width_px: float) -> None:
        """Take how far it turns.

        Args:
            greatest: degrees for each side.
            rng: for the shaking.
            width_px: of the photo before the camera.
        """
        self._greatest, self._rng = greatest, rng
        self._pose = Pose(width_px=width_px)
        self._asked: list[Side | None] = []
        self._shake = np.zeros(5)

    def next_pose(self, asked: Side | None) -> Pose:
        """Return the pose a picture later. asked: what the screen asks for."""
        self._asked.append(asked)
        delay = round(_REACTION_S * PICTURES_A_SECOND)
        side = self._asked[-1 - delay] if len(self._asked) > delay else None
        yaw = pitch = 0.0
        if side is not None:
            amount = self._greatest[side]
            # Whoever turns to their own left turns to the right of the image.
            yaw = {Side.LEFT: amount, Side.RIGHT: -amount}.get(side, 0.0)
            pitch = {Side.DOWN: amount, Side.UP: -amount}.get(side, 0.0)
        self._pose = replace(
            self._pose, yaw=_towards(self._pose.yaw, yaw), pitch=_towards(self._pose.pitch, pitch)
        )
        self._shake = 0.8 * self._shake + self._rng.normal(0, (0.6, 0.6, 0.5, 1.5, 1.5))
        yaw, pitch, roll, x, y = (float(value) for value in self._shake)
        return replace(
            self._pose, yaw=self._pose.yaw + yaw, pitch=self._pose.pitch + pitch, roll=roll, x=x, y=y
        )


def _towards(now: float, target: float) -> float:
    step = _SPEED / PICTURES_A_SECOND
    return now + float(np.clip(target - now, -step, step))


@dataclass(frozen=True, eq=False)
class Seeing:
    """The networks that see a presentation."""

    detector: Detector
    embedder: Embedder

    def look(self, image: ImageArray, time_s: float, embedding: FloatArray | None = None) -> Look | None:
        """Return what a picture shows of its largest face, None where there is none.

        Args:
            image: (H, W, 3) uint8, RGB.
            time_s: of the picture.
            embedding: (D,) that stands for the face's own; None embeds it.
        """
        faces = self.detector.detect(image, smallest_face_px=_SMALLEST_FACE_PX)
        if not faces:
            return None
        face = max(faces, key=lambda detection: detection.face_px)
        if embedding is None:
            (embedding,) = self.embedder.embed_probes(self.embedder.alignment.align(image, face)[None])
        return Look(time_s, nose_in_face(face.landmarks), embedding)


@dataclass(frozen=True, eq=False)
class Try:
    """A try that has ended.

    Attributes:
        sides: what was asked for.
        longest_s: that a movement with its way back took.
    """

    result: TurnResult
    sides: tuple[Side, ...]
    longest_s: float


def tried(
    drawn: Drawn,
    presenter: Presenter,
    seeing: Seeing,
    limits: TurnLimits,
    rng: np.random.Generator,
    *,
    is_attack: bool = False,
) -> Try:
    """Return how a try ends.

    Args:
        drawn: the presentation.
        presenter: who moves it.
        seeing: networks.
        limits: of the check.
        rng: draws the sides and the camera's noise.
        is_attack: take it for the same face in all pictures, which saves time and can only help an attack.
    """
    sides = drawn_sides(random.Random(int(rng.integers(2**32))))
    check: TurnCheck | None = None
    for index in range(_MOST_PICTURES):
        asked = None if check is None else check.asked
        time_s = index / PICTURES_A_SECOND
        face = check.face if is_attack and check is not None else None
        look = seeing.look(through_webcam(drawn(presenter.next_pose(asked)), rng), time_s, face)
        if check is None and look is not None:
            check = TurnCheck(sides, limits, look.embedding)
        if check is None:
            continue
        result = check.wait(time_s) if look is None else check.observe(look)
        if result is not None:
            return Try(result, sides, max(check.times_s, default=0.0))
    return Try(TurnResult.NOT_MADE, sides, 0.0)


def through_webcam(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    """Return a picture with a camera's noise, packed as JPEG and unpacked. image: (H, W, 3) uint8."""
    noise = np.empty(image.shape, np.int16)
    cv2.randn(noise, 0, float(rng.uniform(2, 4)))
    noisy = np.clip(image + noise, 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 85])
    return cast(ImageArray, cv2.imdecode(packed, cv2.IMREAD_COLOR))
