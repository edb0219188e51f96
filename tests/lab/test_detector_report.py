import cv2
import numpy as np
import pytest

from faceaccess.errors import CameraError
from faceaccess.lab.measures.degrading import CONDITIONS
from faceaccess.lab.measures.detector_report import (
    TURNS,
    Recall,
    by_group,
    false_faces_per_hour,
    is_in_the_middle,
    look,
    recall_when_worse,
    scene,
    times_ms,
    tone_of_people,
)
from tests.builders import make_detection
from tests.fakes import FakeDetector

SKIN = (205, 160, 125)


class Always(FakeDetector):
    """Finds a face at the same part of every picture."""

    def __init__(self, x, y, side):
        super().__init__()
        self._place = np.array([x, y, side])

    def detect(self, image, *, smallest_face_px=None):
        self.calls += 1
        return [make_detection(*(self._place * image.shape[1]))]


class Bright(Always):
    """Finds a face in bright pictures only."""

    def detect(self, image, *, smallest_face_px=None):
        return super().detect(image) if image.mean() > 60 else []


@pytest.fixture
def photos(tmp_path):
    found = []
    for number in range(4):
        found.append(tmp_path / f"{number}.png")
        colour = SKIN if number < 3 else (120, 120, 120)
        cv2.imwrite(str(found[-1]), np.full((120, 120, 3), colour[::-1], np.uint8))
    return found


def ignore(done, count):
    pass


def test_a_face_counts_as_found_where_the_middle_thirds_meet():
    image = np.zeros((300, 600, 3), np.uint8)
    assert is_in_the_middle([make_detection(250, 100, 100)], image)
    assert not is_in_the_middle([make_detection(100, 100, 100)], image)
    assert not is_in_the_middle([make_detection(250, 0, 100)], image)
    assert is_in_the_middle([make_detection(0, 0, 50), make_detection(250, 100, 100)], image)
    assert not is_in_the_middle([], image)


def test_all_detectors_look_at_all_photos_and_tone_is_measured_where_one_sees_the_face(photos):
    calls = []
    detectors = {"off": Always(0, 0, 0.2), "right": Always(0.3, 0.3, 0.4)}
    finds, tones = look(detectors, photos, lambda done, count: calls.append((done, count)))
    assert finds["off"].recall(photos) == Recall(0, 4)
    assert finds["right"].recall(photos).part == 1
    assert set(finds["off"].crops) == set(finds["right"].crops) == set(photos)
    assert finds["right"].crops[photos[0]].shape == (112, 112, 3)
    assert set(tones) == set(photos[:3])
    assert tones[photos[0]] == pytest.approx(37.9, abs=0.5)
    assert calls[-1] == (4, 4)


def test_recall_is_told_by_condition_and_by_group(photos):
    detectors = {"all": Always(0.3, 0.3, 0.4), "bright": Bright(0.3, 0.3, 0.4)}
    found = recall_when_worse(detectors, photos, seed=0, progress=ignore)
    assert list(found) == list(CONDITIONS)
    assert all(by_name["all"] == Recall(4, 4) for by_name in found.values())
    assert found["brightness_15_percent"]["bright"] == Recall(0, 4)
    assert found["size_40_percent"]["bright"] == Recall(4, 4)
    finds, tones = look(detectors, photos, ignore)
    groups = by_group(finds, {"one": photos[:1], "others": photos[1:]})
    assert groups["others"] == {"all": Recall(3, 3), "bright": Recall(3, 3)}
    people = {"ann": photos[:2], "bob": photos[3:], "cyn": [photos[2], photos[3]]}
    assert list(tone_of_people(people, tones)) == ["ann", "cyn"]
    assert (
        tone_of_people({"ann": photos[:3]}, dict(zip(photos, (10.0, 50.0, 20.0), strict=False)))["ann"] == 20
    )


def test_detectors_take_turns_on_both_sizes():
    detectors = {"one": Always(0, 0, 1), "other": Always(0, 0, 1)}
    times = times_ms(detectors, np.full((250, 250, 3), 90, np.uint8))
    assert list(times) == ["640x480", "1920x1080"]
    assert all(ms > 0 for by_name in times.values() for ms in by_name.values())
    assert [detector.calls for detector in detectors.values()] == [2 * (TURNS + 1)] * 2


@pytest.mark.parametrize("shape", [(250, 250), (100, 400), (1200, 900)])
def test_a_scene_holds_the_whole_portrait_in_the_middle(shape):
    picture = scene(np.full((*shape, 3), (255, 0, 0), np.uint8), 640, 480)
    assert picture.shape == (480, 640, 3)
    rows, columns = np.nonzero((picture == (255, 0, 0)).all(axis=2))
    assert rows.min() + rows.max() == pytest.approx(479, abs=2)
    assert columns.min() + columns.max() == pytest.approx(639, abs=2)
    assert np.ptp(rows) + 1 <= 240


def test_false_faces_are_counted_by_the_hour(tmp_path):
    path = tmp_path / "empty.avi"
    video = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (160, 120))
    for level in (30, 200, 30, 30, 30):
        video.write(np.full((120, 160, 3), level, np.uint8))
    video.release()
    detectors = {"all": Always(0.3, 0.3, 0.4), "bright": Bright(0.3, 0.3, 0.4)}
    # Two recordings of half a second.
    found = false_faces_per_hour(detectors, [path, path], ignore)
    assert found == {"all": pytest.approx(36_000), "bright": pytest.approx(7_200)}
    with pytest.raises(CameraError):
        false_faces_per_hour(detectors, [tmp_path / "none.avi"], ignore)
