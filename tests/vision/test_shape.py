"""Pictures of cameras on their side, upside down, or squeezed."""

import numpy as np
import pytest

from faceaccess.codes import Turn
from faceaccess.vision.sources.shape import AS_IT_COMES, Shape, ShapedSource, stretched
from tests.fakes import FakeRecording, coloured_frame

CORNERS = np.zeros((40, 80, 3), np.uint8)
CORNERS[:10, :10] = (255, 0, 0)


def brightest_corner(image):
    height, width = image.shape[:2]
    y, x = np.unravel_index(image[..., 0].argmax(), (height, width))
    return ("top" if y < height / 2 else "bottom"), ("left" if x < width / 2 else "right")


@pytest.mark.parametrize(
    ("turn", "size", "corner"),
    [
        (Turn.NONE, (40, 80), ("top", "left")),
        (Turn.RIGHT, (80, 40), ("top", "right")),
        (Turn.HALF, (40, 80), ("bottom", "right")),
        (Turn.LEFT, (80, 40), ("bottom", "left")),
    ],
)
def test_a_picture_is_turned_clockwise(turn, size, corner):
    image = Shape(turn).of(CORNERS)
    assert image.shape[:2] == size
    assert brightest_corner(image) == corner


@pytest.mark.parametrize(("factor", "size"), [(2.0, (40, 160)), (0.5, (80, 80)), (1.01, (40, 80))])
def test_a_picture_is_stretched_by_enlarging_the_shorter_side(factor, size):
    assert stretched(CORNERS, factor).shape[:2] == size


@pytest.mark.parametrize("turn", list(Turn))
@pytest.mark.parametrize("stretch", [1.0, 2.0])
def test_a_shape_can_be_undone(turn, stretch):
    shape = Shape(turn, stretch)
    back = shape.undone(shape.of(CORNERS))
    assert back.shape[1] / back.shape[0] == pytest.approx(2, abs=0.05)
    assert brightest_corner(back) == ("top", "left")


def test_every_frame_of_a_shaped_source_has_its_shape():
    source = ShapedSource(FakeRecording([coloured_frame(90, 3, 0.2)]), Shape(Turn.RIGHT, 2.0))
    frame = source.read()
    assert (frame.image.shape, frame.index, frame.time_s) == ((320, 120, 3), 3, 0.2)
    assert not frame.image.flags.writeable
    assert source.read() is None
    assert (source.fps, source.is_recording) == (15.0, True)
    assert AS_IT_COMES.of(CORNERS) is CORNERS
