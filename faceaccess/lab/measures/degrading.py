"""Photos made worse on purpose, as bad cameras, light and poses make them."""

from collections.abc import Callable

import cv2
import numpy as np

from faceaccess.vision.types import ImageArray

Degradation = Callable[[ImageArray, float, np.random.Generator], ImageArray]
"""Takes (H, W, 3) uint8 RGB, a strength from 0 to 1, and what chooses at random."""


def _smaller(image: ImageArray, strength: float, _: np.random.Generator) -> ImageArray:
    scale = 1 / (1.5 + 4.5 * strength)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def _blurred(image: ImageArray, strength: float, _: np.random.Generator) -> ImageArray:
    return cv2.GaussianBlur(image, (0, 0), (1 + 4 * strength) * _unit(image))


def _moved(image: ImageArray, strength: float, rng: np.random.Generator) -> ImageArray:
    length = max(3, round((3 + 18 * strength) * _unit(image)))
    streak = np.zeros((length, length), np.float32)
    streak[length // 2] = 1
    centre = ((length - 1) / 2, (length - 1) / 2)
    streak = cv2.warpAffine(streak, cv2.getRotationMatrix2D(centre, rng.uniform(0, 180), 1), (length, length))
    return cv2.filter2D(image, -1, streak / streak.sum())


def _darkened(image: ImageArray, strength: float, rng: np.random.Generator) -> ImageArray:
    return _clipped(image * (0.54 - 0.5 * strength) + rng.normal(0, 4, image.shape))


def _overexposed(image: ImageArray, strength: float, _: np.random.Generator) -> ImageArray:
    return _clipped(image * (1.5 + 2.5 * strength) + 40 * strength)


def _tilted(image: ImageArray, strength: float, rng: np.random.Generator) -> ImageArray:
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.choice([-1, 1]) * (15 + 60 * strength), 1)
    return cv2.warpAffine(image, turn, (width, height), borderMode=cv2.BORDER_REFLECT)


def _covered(image: ImageArray, strength: float, rng: np.random.Generator) -> ImageArray:
    """Cover a quarter to six tenths of a face that is in the middle, as in LFW's photos."""
    height, width = image.shape[:2]
    part = 0.25 + 0.35 * strength
    x1, x2, y1, y2 = (round(at) for at in (0.32 * width, 0.68 * width, 0.28 * height, 0.75 * height))
    across, down = round(part * (x2 - x1)), round(part * (y2 - y1))
    covered = image.copy()
    places = (np.s_[y2 - down :, :], np.s_[: y1 + down, :], np.s_[:, : x1 + across], np.s_[:, x2 - across :])
    covered[places[rng.integers(4)]] = rng.integers(0, 255, 3)
    return covered


def _noisy(image: ImageArray, strength: float, rng: np.random.Generator) -> ImageArray:
    return _clipped(image + rng.normal(0, 10 + 50 * strength, image.shape))


def _unit(image: ImageArray) -> float:
    """Return how many pixels are one of a photo as large as LFW's."""
    return min(image.shape[:2]) / 250


def _clipped(values: np.ndarray) -> ImageArray:
    return np.clip(values, 0, 255).astype(np.uint8)


DEGRADATIONS: dict[str, Degradation] = {
    "smaller": _smaller,
    "blurred": _blurred,
    "moved": _moved,
    "darkened": _darkened,
    "overexposed": _overexposed,
    "tilted": _tilted,
    "covered": _covered,
    "noisy": _noisy,
}


Condition = Callable[[ImageArray, np.random.Generator], ImageArray]
"""Takes (H, W, 3) uint8 RGB, and what chooses at random. The strength is fixed."""

DIM_NOISE = 4.0
"""Standard deviation of a camera's noise in the dark, grey levels."""

SHADED = 0.22
"""What is left of a face's light with a window behind it."""


def dimmed(
    image: ImageArray, rng: np.random.Generator, *, brightness: float, noise: float = 0.0
) -> ImageArray:
    """Return a picture with a part of its light.

    Args:
        image: (H, W, 3) uint8, RGB.
        rng: makes the noise.
        brightness: part of the light that is left, 0 to 1.
        noise: standard deviation, grey levels.
    """
    dark = image * np.float32(brightness)
    return _clipped(dark + rng.normal(0, noise, image.shape) if noise else dark)


def back_lit(image: ImageArray, centre: tuple[float, float], face_px: float) -> ImageArray:
    """Return a picture with a dark face before surroundings that are nearly white.

    Args:
        image: (H, W, 3) uint8, RGB.
        centre: of the face, x y, pixels.
        face_px: its height.
    """
    height, width = image.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    away = np.hypot((x - centre[0]) / (0.42 * face_px), (y - centre[1] - 0.05 * face_px) / (0.62 * face_px))
    # From 0 at the face to 1 in the surroundings, with a soft edge: light also falls into the lens.
    around = np.clip((away - 0.8) / 0.4, 0, 1)[..., None]
    around = around * around * (3 - 2 * around)
    shaded = image * np.float32(SHADED) + 18
    bright = 255 - (255 - image.astype(np.float32)) * 0.25
    return _clipped(shaded * (1 - around) + bright * around)


def _shrunk(image: ImageArray, _: np.random.Generator) -> ImageArray:
    return cv2.resize(image, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)


def _at_15_percent(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    return dimmed(image, rng, brightness=0.15)


def _at_10_percent(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    return dimmed(image, rng, brightness=0.10, noise=DIM_NOISE)


def _leaning(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.choice([-35, 35])), 1)
    return cv2.warpAffine(image, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)


def _mouth_covered(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    """Cover what is below the tip of the nose of a face in the middle, as in LFW's photos."""
    height, width = image.shape[:2]
    covered = image.copy()
    rows, columns = (
        slice(round(low * side), round(high * side))
        for side, low, high in ((height, 0.56, 0.77), (width, 0.3, 0.7))
    )
    covered[rows, columns] = rng.integers(0, 255, 3)
    return covered


def _back_lit_middle(image: ImageArray, _: np.random.Generator) -> ImageArray:
    height, width = image.shape[:2]
    return back_lit(image, (width / 2, height / 2), 0.45 * height)


CONDITIONS: dict[str, Condition] = {
    "size_40_percent": _shrunk,
    "brightness_15_percent": _at_15_percent,
    "brightness_10_percent_noisy": _at_10_percent,
    "tilted_35_degrees": _leaning,
    "mouth_covered": _mouth_covered,
    "back_lit": _back_lit_middle,
}
"""Of photos with one face in the middle."""
