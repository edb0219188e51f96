"""A frame at a glance: whether the camera sees anything, and anything new."""

import zlib
from dataclasses import dataclass

import numpy as np

from faceaccess.vision.types import ImageArray

STEP_PX = 8

BLACK_BELOW = 12.0
"""Mean of a picture that shows nothing: a covered lens, or a room without light, grey levels."""

WHITE_ABOVE = 243.0
"""Mean of a picture that is washed out, grey levels."""


@dataclass(frozen=True)
class Glance:
    """A frame at a glance.

    Attributes:
        brightness: mean, 0 (black) to 255.
        print: equal for two frames only when they are the same picture: a sensor's noise
            differs in each.
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
    return Glance(float(sample.mean()), zlib.crc32(sample.tobytes()))
