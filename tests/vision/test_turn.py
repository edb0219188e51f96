"""Where the nose stands in the frame of the face: nothing that a flat picture does moves it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceaccess.vision.liveness.turn import nose_in_face

FACE = np.array([[30, 40], [70, 42], [52, 60], [36, 80], [66, 79]], np.float32)
numbers = st.floats(-2.0, 2.0)


@given(st.tuples(numbers, numbers, numbers, numbers), st.tuples(numbers, numbers))
def test_shifting_scaling_turning_and_shearing_a_flat_picture_moves_nothing(matrix, shift):
    linear = np.array(matrix).reshape(2, 2)
    if abs(np.linalg.det(linear)) < 0.05:
        return
    moved = (FACE @ linear.T + 100 * np.array(shift)).astype(np.float32)
    assert nose_in_face(moved) == pytest.approx(nose_in_face(FACE), abs=2e-3)


def test_it_counts_in_half_eye_distances_from_the_middle():
    points = np.array([[-1, -1], [1, -1], [0.25, 0.5], [-1, 1], [1, 1]], np.float32)
    assert nose_in_face(50 + 20 * points) == pytest.approx([0.25, 0.5], abs=1e-5)


def test_a_nose_that_moves_before_the_face_is_measured():
    turned = FACE.copy()
    turned[2] += (20, 0)
    x, y = nose_in_face(turned) - nose_in_face(FACE)
    assert x == pytest.approx(1.0, abs=0.15)
    assert abs(y) < 0.1


@pytest.mark.parametrize(
    "flat",
    [np.zeros((5, 2)), np.full((5, 2), 7.0), np.array([[0, 0], [1, 1], [3, 0], [2, 2], [3, 3]])],
)
def test_points_on_a_line_have_no_frame(flat):
    assert nose_in_face(flat.astype(np.float32)) is None
