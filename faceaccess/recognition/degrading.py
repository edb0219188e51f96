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
