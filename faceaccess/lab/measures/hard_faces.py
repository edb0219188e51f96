"""Faces made hard to recognise: covered by drawing on them, in bad light, or small.

What is drawn lies where the five points of a detection say the face is. It is no photo of a mask or a
scarf: it hides the same part of the face, which is what recognition loses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from faceaccess.lab.measures.degrading import DIM_NOISE, back_lit, dimmed
from faceaccess.vision.types import Detection, FloatArray, ImageArray

HardFace = Callable[[ImageArray, Detection, np.random.Generator], ImageArray]
"""Takes (H, W, 3) uint8 RGB, the face in it, and what chooses at random."""

SMALL_FACE_PX = 40
DIM_BRIGHTNESS = 0.15
_BLUE = (150, 190, 212)
_CLOTHS = ((60, 62, 72), (112, 62, 74), (52, 84, 112), (196, 186, 168), (96, 116, 88))
_DARK_GLASS = (22, 22, 26)

_MASK = (
    (0.0, 0.26), (0.3, 0.36), (0.62, 0.46), (1.0, 0.52), (0.98, 0.95), (0.82, 1.4), (0.5, 1.78), (0.0, 1.95),
)  # fmt: skip
"""Right half of a mask, from the bridge of the nose to below the chin: see `_Axes`."""

_PLEATS = (0.85, 1.1, 1.35)
_OPENING = ((0.0, 0.62), (0.92, 1.2))
_HOOD = ((0.0, 0.35), (1.65, 2.05))
"""Centre and half axes of the ellipses that a headscarf leaves open, and covers."""

_SHOULDERS = ((1.45, 0.9), (1.75, 2.0), (2.8, 3.4), (2.8, 5.5))


@dataclass(frozen=True, eq=False)
class _Axes:
    """The axes of a face: x across, 0 midway and ±0.5 at the eyes; y down, 0 eyes and 1 mouth.

    Attributes:
        origin, across, down: (2,) x y, pixels.
        turn: how far the tip of the nose lies off the middle, in x.
    """

    origin: FloatArray
    across: FloatArray
    down: FloatArray
    turn: float

    @property
    def unit(self) -> float:
        """Pixels between eyes and mouth."""
        return float(np.linalg.norm(self.down))

    def at(self, points: Sequence[tuple[float, float]] | FloatArray) -> FloatArray:
        """Return (N, 2) pixels of points of the face."""
        places = np.asarray(points, np.float32)
        return self.origin + places[:, :1] * self.across + places[:, 1:] * self.down

    def of(self, height: int, width: int) -> FloatArray:
        """Return (H, W, 2) where each pixel of an image lies on the face."""
        y, x = np.mgrid[:height, :width].astype(np.float32)
        basis = np.linalg.inv(np.column_stack([self.across, self.down]))
        return np.asarray((np.dstack([x, y]) - self.origin) @ basis.T, np.float32)


def _axes(face: Detection) -> _Axes:
    left, right, nose = face.landmarks[:3]
    eyes, mouth = (left + right) / 2, face.landmarks[3:].mean(axis=0)
    down = mouth - eyes
    height = float(np.linalg.norm(down))
    if height < 1:
        down, height = np.array([0.0, 1.0], np.float32), 1.0
    aside = right - left
    apart = float(np.linalg.norm(aside))
    # Of a face turned away the eyes are near each other and tell no direction, but the head stays about as
    # wide.
    square = np.array([down[1], -down[0]]) / height
    is_clear = apart >= 0.5 * height and float(aside @ square) >= 0.7 * apart
    along = aside / apart if is_clear else square
    width = max(apart, 0.75 * height)
    turn = float((nose - (eyes + mouth) / 2) @ along) / width
    return _Axes(eyes.astype(np.float32), (along * width).astype(np.float32), down.astype(np.float32), turn)


def _masked(image: ImageArray, face: Detection, _: np.random.Generator) -> ImageArray:
    axes = _axes(face)
    half = np.array(_MASK, np.float32)
    outline = np.concatenate([half, half[-2:0:-1] * (-1, 1)])
    outline = _turned(outline, axes.turn)
    place = axes.of(*image.shape[:2])
    light = 1.02 - 0.12 * place[..., 0] ** 2 - 0.08 * (place[..., 1] - 1.0)
    for pleat in _PLEATS:
        light -= 0.1 * np.exp(-(((place[..., 1] - pleat) / 0.035) ** 2))
    cover = _filled(image, axes.at(outline), 0.02 * axes.unit)
    strings = [[(side * 0.95, y), (side * 1.15, 0.35)] for side in (-1, 1) for y in (0.56, 1.1)]
    worn = image
    for string in strings:
        thin = _line(image, axes.at(_turned(string, axes.turn)), 0.045 * axes.unit)
        worn = _painted(worn, thin, np.array((225, 228, 230), np.float32), _exposure(image, face))
    return _painted(worn, cover, light[..., None] * np.array(_BLUE, np.float32), _exposure(image, face))


def _veiled(image: ImageArray, face: Detection, rng: np.random.Generator) -> ImageArray:
    axes = _axes(face)
    place = axes.of(*image.shape[:2])
    opening = _inside(place, *_OPENING, shift=-0.3 * axes.turn)
    hood = _inside(place, *_HOOD, shift=-0.2 * axes.turn)
    right = np.array(_SHOULDERS, np.float32)
    neck = _filled(image, axes.at(np.concatenate([right, right[::-1] * (-1, 1)])), 0.03 * axes.unit)
    cover = np.maximum(hood, neck) * (1 - opening)
    away = np.hypot(place[..., 0] / 0.92, (place[..., 1] - 0.62) / 1.2)
    angle = np.arctan2(place[..., 1] - 0.62, place[..., 0])
    # Folds run around the face; the cloth lies in its own shade at the edge of the opening.
    folds = 0.1 * np.sin(9 * away + 2.5 * np.sin(2 * angle) + rng.uniform(0, 6))
    folds -= 0.25 * np.exp(-(((away - 1) / 0.06) ** 2))
    cloth = np.array(_CLOTHS[rng.integers(len(_CLOTHS))], np.float32) * (1 + folds[..., None])
    cloth = cloth + rng.normal(0, 3, image.shape[:2]).astype(np.float32)[..., None]
    return _painted(image, cover, cloth, _exposure(image, face))


def _shaded_eyes(image: ImageArray, face: Detection, _: np.random.Generator) -> ImageArray:
    axes = _axes(face)
    place = axes.of(*image.shape[:2])
    shift = 0.3 * axes.turn
    lenses = [
        _inside(place, (side * 0.53, 0.08), (0.43, 0.36), shift=shift, power=2.8) for side in (-1.0, 1.0)
    ]
    bars = [[(-0.14 + shift, -0.06), (0.14 + shift, -0.06)]]
    bars += [[(side * 0.9 + shift, -0.08), (side * 1.25, -0.02)] for side in (-1, 1)]
    cover = np.asarray(np.maximum(*lenses), np.float32)
    for bar in bars:
        cover = np.maximum(cover, _line(image, axes.at(bar), 0.08 * axes.unit), dtype=np.float32)
    # A little sky in the upper part of the glass.
    sky = 22 * np.clip(0.25 - place[..., 1:], 0, 0.5)
    glass = np.asarray(sky + np.array(_DARK_GLASS), np.float32)
    return _painted(image, cover * np.float32(0.97), glass, 1.0)


def _before_a_window(image: ImageArray, face: Detection, _: np.random.Generator) -> ImageArray:
    centre = (face.box[:2] + face.box[2:]) / 2
    return back_lit(image, (float(centre[0]), float(centre[1])), float(face.box[3] - face.box[1]))


def _in_dim_light(image: ImageArray, _: Detection, rng: np.random.Generator) -> ImageArray:
    return dimmed(image, rng, brightness=DIM_BRIGHTNESS, noise=DIM_NOISE)


def _infra_red(image: ImageArray, face: Detection, rng: np.random.Generator) -> ImageArray:
    """Return a picture as of a camera that sees by its own infra-red lamps: skin bright, the rest dark."""
    grey = image.astype(np.float32) @ np.array([0.75, 0.22, 0.03], np.float32)
    grey = cv2.GaussianBlur(grey, (0, 0), 0.008 * max(face.face_px, 1) + 0.3)
    place = _axes(face).of(*image.shape[:2])
    lamp = 0.35 + 0.75 * np.exp(-((place[..., 0] / 3.2) ** 2) - ((place[..., 1] - 0.6) / 3.2) ** 2)
    seen = 255 * (np.clip(grey / 255, 0, 1) ** 0.75) * lamp + rng.normal(0, 4, grey.shape)
    return np.repeat(np.clip(seen, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def _small(image: ImageArray, face: Detection, _: np.random.Generator) -> ImageArray:
    scale = min(SMALL_FACE_PX / max(face.face_px, 1.0), 1.0)
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


HARD_FACES: dict[str, HardFace] = {
    "surgical_mask": _masked,
    "headscarf": _veiled,
    "sunglasses": _shaded_eyes,
    "back_light": _before_a_window,
    "dim_light": _in_dim_light,
    "infra_red": _infra_red,
    "face_40_px": _small,
}


def _turned(points: Sequence[tuple[float, float]] | FloatArray, turn: float) -> FloatArray:
    """Return points that lie on a face looking ahead, moved to where they are when it turns.

    The middle goes with the nose; the side that the face turns to grows narrow.

    Args:
        points: (N, 2), see `_Axes`.
        turn: of the axes.
    """
    places = np.array(points, np.float32)
    across = places[:, 0]
    narrowed = np.where(across * turn > 0, across * max(1 - 0.9 * abs(turn), 0.4), across)
    places[:, 0] = narrowed + turn * np.clip(1.1 - 1.1 * np.abs(across), 0, 1)
    return places


def _inside(
    place: FloatArray,
    centre: tuple[float, float],
    half: tuple[float, float],
    *,
    shift: float = 0.0,
    power: float = 2.0,
) -> FloatArray:
    """Return (H, W) from 0 to 1, 1 inside an ellipse of the face; a power over 2 squares it."""
    x = np.abs((place[..., 0] - centre[0] - shift) / half[0])
    y = np.abs((place[..., 1] - centre[1]) / half[1])
    return np.asarray(np.clip((1.03 - (x**power + y**power) ** (1 / power)) / 0.06, 0, 1), np.float32)


def _filled(image: ImageArray, outline: FloatArray, blur_px: float) -> FloatArray:
    """Return (H, W) from 0 to 1, 1 inside a polygon of (N, 2) pixels, with a soft edge."""
    cover = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(cover, [np.round(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return cv2.GaussianBlur(cover, (0, 0), max(blur_px, 0.4)).astype(np.float32) / 255


def _line(image: ImageArray, ends: FloatArray, width_px: float) -> FloatArray:
    """Return (H, W) from 0 to 1, 1 on a line between (2, 2) pixels."""
    cover = np.zeros(image.shape[:2], np.uint8)
    first, second = (tuple(int(value) for value in np.round(end * 16)) for end in ends)
    cv2.line(cover, first, second, 255, max(1, round(width_px)), cv2.LINE_AA, 4)
    return np.asarray(cover / 255, np.float32)


def _painted(image: ImageArray, cover: FloatArray, colour: FloatArray, exposure: float) -> ImageArray:
    """Return an image with a colour on it.

    Args:
        image: (H, W, 3) uint8, RGB.
        cover: (H, W), 1 where only the colour is seen.
        colour: (3,) or (H, W, 3), as in good light.
        exposure: of the photo, 1 for good light.
    """
    part = cover[..., None]
    return np.clip(image * (1 - part) + colour * exposure * part, 0, 255).astype(np.uint8)


def _exposure(image: ImageArray, face: Detection) -> float:
    """Return how bright the photo is beside one in good light: what is drawn is lit as the face is."""
    x1, y1, x2, y2 = (max(int(value), 0) for value in face.box)
    part = image[y1 : y2 + 1, x1 : x2 + 1]
    return float(np.clip(part.mean() / 125, 0.55, 1.2)) if part.size else 1.0
