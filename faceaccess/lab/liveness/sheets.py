"""Photos as they are held up: printed, shown on a screen, cut out."""

import cv2
import numpy as np

from faceaccess.lab.liveness.drawing import Head
from faceaccess.vision.types import ImageArray

_SIDE = 500
"""Pixels of a photo with its border."""


def printed(photo: ImageArray, rng: np.random.Generator) -> ImageArray:
    """Return a photo as printed: the paper's cast, less contrast, dots, and a white border.

    Args:
        photo: (S, S, 3) uint8, RGB.
        rng: chooses paper and printer.
    """
    image = _enlarged(photo)
    paper = np.array((246, 240, 226), np.float32) * rng.uniform(0.9, 1.0)
    black = rng.uniform(18, 45)
    ink = black + image.astype(np.float32) / 255 * (paper - black)
    return _bordered(_clipped(ink + _dots(rng)[..., None]), paper, 0.06)


def _dots(rng: np.random.Generator) -> np.ndarray:
    """Return (S, S) grey levels of a halftone screen at 45 degrees."""
    y, x = np.mgrid[:_SIDE, :_SIDE].astype(np.float32)
    period = rng.uniform(2.6, 4.0)
    along, across = (x + y) * np.pi / period, (x - y) * np.pi / period
    return np.asarray(rng.uniform(4, 12) * np.cos(along) * np.cos(across))


def on_screen(photo: ImageArray, rng: np.random.Generator, *, bezel: float) -> ImageArray:
    """Return a photo as a screen shows it: stripes of its pixels, another gamma, glare, a dark rim.

    Args:
        photo: (S, S, 3) uint8, RGB.
        rng: chooses the screen.
        bezel: width of the rim, a part of the photo.
    """
    image = _enlarged(photo).astype(np.float32) / 255
    bright = image ** rng.uniform(0.8, 1.25) * np.array((0.94, 0.98, 1.06), np.float32)
    stripes = 1 - 0.12 * (np.arange(_SIDE) % 3 == rng.integers(3))
    lit = 255 * bright * stripes[None, :, None] * rng.uniform(0.85, 1.1) + rng.uniform(4, 18)
    y, x = np.mgrid[:_SIDE, :_SIDE].astype(np.float32) / _SIDE
    glare = rng.uniform(10, 60) * np.exp(
        -((x - rng.uniform(0, 1)) ** 2 + (y - rng.uniform(0, 1)) ** 2) / 0.05
    )
    return _bordered(_clipped(lit + glare[..., None]), np.full(3, 14, np.float32), bezel)


def cut_out(photo: ImageArray, head: Head, wearer: ImageArray) -> ImageArray:
    """Return a photo's face cut out, with holes at the eyes, before somebody who wears it.

    Args:
        photo: (S, S, 3) uint8, RGB.
        head: where the face is in it.
        wearer: (S, S, 3) uint8, somebody else with the face in the same place: seen beside it and through the
            holes.

    Returns: (S, S, 3) uint8, RGB.
    """
    side = len(photo)
    y, x = (np.mgrid[:side, :side].astype(np.float32) + 0.5) / side - 0.5
    is_paper = head.belongs(x, y) > 0.5
    for eye in (-0.5, 0.5):
        # The eyes stand above the middle of the face by half their distance.
        across = (x - head.x - eye * head.eyes) / (0.2 * head.eyes)
        down = (y - head.y + 0.5 * head.eyes) / (0.11 * head.eyes)
        is_paper &= np.hypot(across, down) > 1
    return np.where(is_paper[..., None], photo, wearer)


def _enlarged(photo: ImageArray) -> ImageArray:
    return cv2.resize(photo, (_SIDE, _SIDE), interpolation=cv2.INTER_CUBIC)


def _bordered(image: ImageArray, colour: np.ndarray, part: float) -> ImageArray:
    width = round(part * len(image))
    value = [float(level) for level in colour]
    return cv2.copyMakeBorder(image, width, width, width, width, cv2.BORDER_CONSTANT, value=value)


def _clipped(values: np.ndarray) -> ImageArray:
    return np.clip(values, 0, 255).astype(np.uint8)
