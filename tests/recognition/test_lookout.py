"""An empty scene is not searched again and again; whoever comes is seen at once."""

import numpy as np
import pytest

from faceaccess.recognition.lookout import EMPTY_AFTER_S, MUCH_SMALLER, STILL_EVERY_S, Lookout
from faceaccess.settings import WHOLE_PICTURE
from faceaccess.vision.picture import DARK_BELOW, STILL_WITHIN
from faceaccess.vision.types import Frame
from tests.builders import NOW, make_detection
from tests.fakes import FakeDetector

SCENE = 120
HEIGHT, WIDTH = 480, 640


def frame_of(time_s, level=SCENE, *, noise=0.0, seed=0, head_px=0, head=0):
    rng = np.random.default_rng(seed)
    image = level + noise * rng.standard_normal((HEIGHT, WIDTH, 3))
    image[200 : 200 + head_px, 300 : 300 + head_px] += head
    return Frame(np.clip(image, 0, 255).astype(np.uint8), NOW, 0, time_s)


def lookout(*plan, region=WHOLE_PICTURE):
    detector = FakeDetector(plan or [[] for _ in range(100)])
    return Lookout(detector, region, smallest_face_px=60), detector


def searches(watcher, detector, frame):
    before = detector.calls
    watcher.faces(frame)
    return detector.calls > before


def test_an_empty_scene_is_searched_twice_a_second_for_all_its_noise():
    watcher, detector = lookout()
    for number in range(150):
        watcher.faces(frame_of(number / 15, noise=12.0, seed=number))
    assert detector.calls == pytest.approx(10 / STILL_EVERY_S, abs=1)


@pytest.mark.parametrize("head", [-20, 20])
def test_whoever_comes_is_searched_for_in_the_first_picture(head):
    watcher, detector = lookout()
    watcher.faces(frame_of(0.0, noise=4.0))
    assert not searches(watcher, detector, frame_of(0.1, noise=4.0, seed=1))
    assert searches(watcher, detector, frame_of(0.2, noise=4.0, seed=2, head_px=60, head=head))


def test_light_that_changes_slowly_adds_up():
    watcher, detector = lookout()
    watcher.faces(frame_of(0.0, SCENE))
    assert not searches(watcher, detector, frame_of(0.1, SCENE + STILL_WITHIN - 1))
    assert searches(watcher, detector, frame_of(0.2, SCENE + STILL_WITHIN + 1))


def test_in_the_dark_every_picture_is_searched():
    watcher, detector = lookout()
    for number in range(5):
        assert searches(watcher, detector, frame_of(number / 10, DARK_BELOW - 1))


def test_a_face_that_is_missed_for_a_moment_is_looked_for_at_once():
    """Its track would end before the scene is searched again."""
    watcher, detector = lookout([make_detection()], [], [], [])
    watcher.faces(frame_of(0.0))
    assert searches(watcher, detector, frame_of(0.1))
    assert searches(watcher, detector, frame_of(EMPTY_AFTER_S - 0.01))
    assert not searches(watcher, detector, frame_of(EMPTY_AFTER_S + 0.1))


def test_what_moves_outside_the_region_is_nothing():
    watcher, detector = lookout(region=(0.0, 0.0, 0.4, 1.0))
    watcher.faces(frame_of(0.0))
    assert not searches(watcher, detector, frame_of(0.1, head_px=100, head=100))


def test_after_a_break_and_after_a_clock_set_back_the_picture_is_searched():
    watcher, detector = lookout()
    watcher.faces(frame_of(100.0))
    assert searches(watcher, detector, frame_of(3.0))
    assert not searches(watcher, detector, frame_of(3.1))
    watcher.forget()
    assert searches(watcher, detector, frame_of(3.2))


def test_another_resolution_is_another_scene():
    watcher, detector = lookout()
    watcher.faces(frame_of(0.0))
    small = frame_of(0.1).image[::2, ::2].copy()
    assert searches(watcher, detector, Frame(small, NOW, 1, 0.1))


def sought(watcher, detector, time_s):
    """Return the smallest face that is looked for in the picture of a time."""
    watcher.faces(frame_of(time_s))
    return detector.smallest_asked_px


def test_while_a_near_face_is_followed_far_ones_are_looked_for_four_times_a_second():
    watcher, detector = lookout(*[[make_detection(side=200.0)] for _ in range(9)])
    assert sought(watcher, detector, 0.0) == 60
    assert sought(watcher, detector, 0.1) == sought(watcher, detector, 0.2) == round(200 * MUCH_SMALLER)
    assert sought(watcher, detector, 0.25) == 60
    assert sought(watcher, detector, 0.3) == 100


def test_a_far_face_is_followed_in_every_picture():
    watcher, detector = lookout(*[[make_detection(side=200.0), make_detection(side=80.0)] for _ in range(9)])
    assert {sought(watcher, detector, number / 10) for number in range(9)} == {60}


def test_a_near_face_that_is_missed_is_looked_for_at_any_size():
    watcher, detector = lookout([make_detection(side=200.0)], [], [])
    assert [sought(watcher, detector, time_s) for time_s in (0.0, 0.1, 0.2)] == [60, 100, 60]


def test_after_a_break_faces_of_any_size_are_looked_for():
    watcher, detector = lookout(*[[make_detection(side=200.0)] for _ in range(3)])
    assert [sought(watcher, detector, time_s) for time_s in (0.0, 0.1)] == [60, 100]
    watcher.forget()
    assert sought(watcher, detector, 0.2) == 60
