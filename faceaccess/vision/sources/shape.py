"""The shape of a camera's picture: pixels that aren't square made so, a camera on its side turned upright."""

from dataclasses import dataclass

import cv2

from faceaccess.codes import Turn
from faceaccess.vision.sources.images import GREATEST_FRAME_PX, limited
from faceaccess.vision.types import Frame, FrameSource, ImageArray

LIKELY_STRETCH = (0.25, 4.0)
"""Pixels that a file calls longer than this in one direction are none that a camera makes."""

_LEAST_CHANGE = 0.02

_ROTATIONS = {
    Turn.RIGHT: cv2.ROTATE_90_CLOCKWISE,
    Turn.HALF: cv2.ROTATE_180,
    Turn.LEFT: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


def pixel_stretch(capture: cv2.VideoCapture) -> float:
    """Return how much wider than high a video's pixels are, by what it says; 1.0 where it says nothing."""
    wide, high = (float(capture.get(side)) for side in (cv2.CAP_PROP_SAR_NUM, cv2.CAP_PROP_SAR_DEN))
    stretch = wide / high if wide > 0 and high > 0 else 1.0
    least, most = LIKELY_STRETCH
    return stretch if least <= stretch <= most else 1.0


def stretched(image: ImageArray, factor: float) -> ImageArray:
    """Return a picture made wider by a factor, by enlarging the side that is too short.

    Args:
        image: (H, W, 3) or (H, W) uint8.
        factor: of the width against the height; 1.0 returns the image itself.
    """
    if abs(factor - 1) < _LEAST_CHANGE:
        return image
    across, down = (factor, 1.0) if factor > 1 else (1.0, 1 / factor)
    return cv2.resize(image, None, fx=across, fy=down, interpolation=cv2.INTER_LINEAR)


@dataclass(frozen=True)
class Shape:
    """The changes to every picture of a camera: first made wider, then turned.

    Attributes:
        turn: clockwise.
        stretch: factor of the width.
    """

    turn: Turn = Turn.NONE
    stretch: float = 1.0

    def of(self, image: ImageArray) -> ImageArray:
        """Return (H, W, 3) uint8 in this shape, at most `GREATEST_FRAME_PX` wide or high."""
        wide = limited(stretched(image, self.stretch), GREATEST_FRAME_PX)
        return wide if self.turn is Turn.NONE else cv2.rotate(wide, _ROTATIONS[self.turn])

    def undone(self, image: ImageArray) -> ImageArray:
        """Return a picture that has this shape as it came. image: (H, W, 3) uint8."""
        back = {Turn.RIGHT: Turn.LEFT, Turn.LEFT: Turn.RIGHT}.get(self.turn, self.turn)
        return stretched(Shape(back).of(image), 1 / self.stretch)


AS_IT_COMES = Shape()


class ShapedSource:
    """A frame source whose pictures are stretched and turned."""

    def __init__(self, source: FrameSource, shape: Shape) -> None:
        self.name, self.is_recording, self.fps = source.name, source.is_recording, source.fps
        self._source, self._shape = source, shape

    def read(self) -> Frame | None:
        """Return the next frame, or None at the end. Raises CameraError when it fails."""
        frame = self._source.read()
        if frame is None:
            return None
        image = self._shape.of(frame.image)
        image.setflags(write=False)
        return Frame(image, frame.captured_at, frame.index, frame.time_s)

    def close(self) -> None:
        """Let go of the device or file."""
        self._source.close()
