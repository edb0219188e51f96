"""How old a frame may be, told from how frames arrive; no clock but the script's."""

import random

import pytest

from faceaccess.vision.sources.arrivals import DRAIN_S, OLDEST_S, Arrivals

DECODING_S = 0.004


class Line:
    """A connection on which frames come as a script says; `true_s` is a frame's true age."""

    def __init__(self, fps=15.0, said_fps=25.0):
        self.now_s, self.fps = 100.0, fps
        self.arrivals = Arrivals(self.now_s, said_fps)

    def wait(self, count=1):
        """Frames that come as they are made; return their ages."""
        found = []
        for _ in range(count):
            started_s, self.now_s = self.now_s + 0.001, self.now_s + 1 / self.fps
            found.append(self.arrivals.age_s(started_s, self.now_s))
        return found

    def stall(self, seconds, *, kept=True, is_reading=True):
        """A line or reader that is held up; return pairs of told and true ages of what was kept."""
        started_s = self.now_s + 0.001
        self.now_s += seconds
        made = [started_s + number / self.fps for number in range(round(seconds * self.fps))]
        found = []
        for made_s in made if kept else made[-1:]:
            began_s = started_s if is_reading and not found else self.now_s
            self.now_s += DECODING_S
            found.append((self.arrivals.age_s(began_s, self.now_s), self.now_s - made_s))
        return found


@pytest.mark.parametrize("fps", [0.5, 1, 5, 15, 60])
def test_frames_of_a_steady_camera_are_new_once_its_pace_is_known(fps):
    line = Line(fps)
    assert all(age == pytest.approx(0, abs=0.002) for age in line.wait(60)[20:])


@pytest.mark.parametrize("fps", [1, 5, 15, 60])
@pytest.mark.parametrize("is_reading", [True, False])
def test_no_frame_is_told_younger_than_it_is_after_a_stall(fps, is_reading):
    """Frames of 4.5 to 2.6 s came in as new after the reader had stood still for 4.5 s."""
    line = Line(fps)
    line.wait(60)
    for told, true in line.stall(4.5, is_reading=is_reading):
        assert told > OLDEST_S or true < OLDEST_S + 2 / fps
    assert line.wait(3)[-1] < 0.05


def test_a_stall_without_a_backlog_costs_one_frame():
    line = Line()
    line.wait(60)
    ((told, _),) = line.stall(4.5, kept=False)
    assert told > OLDEST_S
    assert line.wait()[0] <= OLDEST_S


def test_a_short_pause_loses_nothing_and_is_counted():
    line = Line()
    line.wait(60)
    told = [told for told, _ in line.stall(0.6)]
    assert max(told) == pytest.approx(0.6, abs=0.1)


def test_a_camera_that_becomes_slower_goes_on():
    line = Line(60)
    line.wait(60)
    line.fps = 1
    assert max(line.wait(20)) <= OLDEST_S


def test_a_camera_that_becomes_faster_during_a_stall_is_believed_after_a_while():
    line = Line(10)
    line.wait(60)
    line.stall(4.5, kept=False)
    line.fps = 60
    ages = line.wait(round(DRAIN_S * 60) + 20)
    assert ages[-1] < 0.1


def test_what_waited_while_the_camera_was_opened_is_old():
    line = Line(15)
    (*_, (told, _)) = line.stall(3.0, is_reading=False)
    assert told > OLDEST_S
    assert line.wait()[0] < 0.1


@pytest.mark.parametrize("work", [0.1, 0.6, 0.9])
def test_a_reader_that_has_much_to_do_is_not_behind(work):
    """It waits for a small part of each interval only, now and then for none: ages must not add up."""
    line, rng, ages = Line(30), random.Random(3), []
    for _ in range(3000):
        spent_s = min(rng.expovariate(1) * work, 3 * work) / line.fps
        started_s = line.now_s + spent_s
        line.now_s = max(line.now_s + 1 / line.fps, started_s + 0.0005)
        ages.append(line.arrivals.age_s(started_s, line.now_s))
    assert max(ages[30:]) < OLDEST_S / 2
