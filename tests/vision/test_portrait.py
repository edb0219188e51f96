"""Whose portrait a photo is."""

import numpy as np

from faceaccess.vision.portrait import main_face, prominence, prominent_faces
from tests.builders import make_detection

PHOTO = np.zeros((250, 250, 3), np.uint8)
SITTER = make_detection(x=80, y=60, side=100)


def test_the_large_face_near_the_middle_is_whose_portrait_it_is():
    behind = make_detection(x=10, y=10, side=60)
    assert main_face([behind, SITTER], PHOTO) is SITTER
    assert prominent_faces([behind, SITTER], PHOTO) == [SITTER]


def test_a_larger_face_that_is_cut_off_at_the_edge_stands_in_the_background():
    """Fault: a detector that guesses what is outside the picture made the cut face the larger one."""
    cut = make_detection(x=-105, y=-174, side=220)
    assert main_face([cut, SITTER], PHOTO) is SITTER
    assert prominent_faces([cut, SITTER], PHOTO) == [SITTER]
    assert prominence(cut, PHOTO) < prominence(make_detection(x=-50, y=-90, side=220), PHOTO)


def test_two_about_alike_are_both_prominent_from_left_to_right():
    left, right = make_detection(x=20, y=60, side=90), make_detection(x=140, y=60, side=92)
    assert prominent_faces([right, left], PHOTO) == [left, right]
