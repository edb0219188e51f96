"""A frame at a glance: whether the camera sees anything, and anything new."""

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np

from faceaccess.vision.types import FloatArray, ImageArray

STEP_PX = 8

BLOCK_PX = 16
"""Side of the blocks by whose means two pictures are compared: a face that is judged has several of them, and
of 256 pixels a sensor's noise hardly moves the mean."""

STILL_WITHIN = 5.0
"""Blocks of a scene in which nothing moves differ by less, grey levels: by 4 at most in compressed recordings
with noise of 12 levels in each value. A head that comes in moves some by 69 and more there."""

DARK_BELOW = 40.0
"""Mean, grey levels, below which a face may make as little difference as that: nothing counts as still."""

BLACK_BELOW = 12.0
"""Mean of a picture that shows nothing: a covered lens, or a room without light, grey levels."""

WHITE_ABOVE = 243.0
"""Mean of a picture that is washed out, grey levels."""


@dataclass(frozen=True)
class Glance:
    """A frame at a glance.

    Attributes:
        brightness: mean, 0 (black) to 255.
        print: 64 bits, equal for two frames only when they are the same picture: a sensor's noise differs in
            each.
    """

    brightness: float
    print: int

    @property
    def is_black(self) -> bool:
        """Whether the picture is too dark to see anything."""
        return self.brightness < BLACK_BELOW

    @property
    def is_overexposed(self) -> bool:
        """Whether the picture is too bright to see anything."""
        return self.brightness > WHITE_ABOVE


def glance(image: ImageArray) -> Glance:
    """Return a frame's glance, from every eighth pixel. image: (H, W, 3) uint8."""
    sample = np.ascontiguousarray(image[::STEP_PX, ::STEP_PX])
    return Glance(
        float(sample.mean()), int.from_bytes(hashlib.blake2b(sample.tobytes(), digest_size=8).digest())
    )


class EmptyScene:
    """The picture in which nobody was found: while it stays the same but for noise, nobody has come.

    Compared is always with the picture that was searched, not with the last one, so that slow changes add up.
    """

    def __init__(self) -> None:
        self._blocks: FloatArray | None = None

    def remember(self, image: ImageArray) -> None:
        """Take a picture in which nobody was found. image: (H, W, 3) uint8."""
        self._blocks = _block_means(image)

    def forget(self) -> None:
        """Somebody is there."""
        self._blocks = None

    def is_still(self, image: ImageArray) -> bool:
        """Tell whether a picture shows that scene, in enough light to be sure. image: (H, W, 3) uint8."""
        if self._blocks is None:
            return False
        blocks = _block_means(image)
        if blocks.shape != self._blocks.shape or blocks.mean() < DARK_BELOW:
            return False
        return bool(np.abs(blocks - self._blocks).max() < STILL_WITHIN)


def _block_means(image: ImageArray) -> FloatArray:
    """Return the mean grey level of each block, (H / 16, W / 16) float32; half by half, which is fastest."""
    small = image
    while small.shape[0] >= 2 * image.shape[0] / BLOCK_PX and min(small.shape[:2]) > 1:
        size = (small.shape[1] // 2, small.shape[0] // 2)
        small = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
