"""`evaluate liveness --passive`: what is drawn, what is counted, and how limits are set on other people."""

import cv2
import numpy as np
import pytest

from faceaccess.lab.evaluations import liveness
from faceaccess.lab.liveness import passive_rates, watching
from faceaccess.lab.liveness.drawing import HEIGHT, WIDTH
from faceaccess.lab.liveness.measuring import subjects_in
from faceaccess.lab.liveness.passive_rates import (
    LIMITS,
    all_tables,
    beside_table,
    networks_table,
    signal_table,
)
from faceaccess.lab.liveness.presenting import Presentation, Subject
from faceaccess.lab.liveness.watching import SCENES, SIGNALS, Scene, View, Watched, frames_of, watch
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.vision.liveness import passive
from tests.builders import make_detection
from tests.cli.conftest import json_lines
from tests.fakes import ON_CPU, FakeDetector, FakeEmbedder

GENUINE, PRINT = Scene(Presentation.GENUINE, View.FAR), Scene(Presentation.PRINT, View.FAR)
NAME = next(iter(SIGNALS))


def make_subject(colour=(180, 140, 120), side=240):
    photo = np.full((side, side, 3), colour, np.uint8)
    cv2.circle(photo, (side // 2, side // 2), side // 4, (90, 60, 200), -1)
    return Subject(photo, make_detection(side * 0.3, side * 0.3, side * 0.4))


class InTheMiddle(FakeDetector):
    """Finds a face in the middle of every picture, and a larger one beside it."""

    def detect(self, image, *, smallest_face_px=None):
        self.calls += 1
        high, wide = image.shape[:2]
        side = high * 0.3
        return [make_detection(0, 0, high / 2), make_detection((wide - side) / 2, (high - side) / 2, side)]


class Scoring:
    """Calls every face alike live, and remembers where they were."""

    def __init__(self):
        self.middles = []

    def score(self, image, detection):
        self.middles.append(detection.box.reshape(2, 2).mean(axis=0))
        return 0.6


def of(scene, lives, values):
    return [
        Watched(scene, live, dict.fromkeys(SIGNALS, value)) for live, value in zip(lives, values, strict=True)
    ]


def means(table):
    return {row.scene: [error.mean for error in row.errors] for row in table.rows}


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.title)
def test_every_scene_is_drawn_anew_in_each_frame(scene):
    rng = np.random.default_rng(1)
    first, second = frames_of(scene, make_subject(), make_subject((60, 90, 200)), rng, 2)
    assert first.shape == ((240, 240, 3) if scene.view is View.AS_IT_IS else (HEIGHT, WIDTH, 3))
    assert not np.array_equal(first, second)


def test_far_attacks_show_their_room_and_near_ones_do_not():
    rooms = {}
    for view in (View.FAR, View.NEAR):
        scene = Scene(Presentation.PHONE, view)
        (frame,) = frames_of(scene, make_subject(), make_subject(), np.random.default_rng(2), 1)
        rooms[view] = float(frame[:, :20].std())
    assert rooms[View.FAR] > rooms[View.NEAR]


def test_the_face_in_the_middle_is_measured_not_its_larger_mirror_image():
    networks = Scoring()
    watched = watch([make_subject(), make_subject((60, 90, 200))], InTheMiddle(), networks, scenes=[GENUINE])
    assert len(watched) == 2
    assert all(row.live == pytest.approx(0.6) and set(row.signals) == set(SIGNALS) for row in watched)
    assert networks.middles[0] == pytest.approx((WIDTH / 2, HEIGHT / 2), abs=1)


def test_presentations_without_a_face_are_left_out():
    class Blind(FakeDetector):
        def detect(self, image, *, smallest_face_px=None):
            return []

    assert watch([make_subject()], Blind(), Scoring(), scenes=[GENUINE]) == []


def test_photos_with_black_corners_show_the_edges_of_a_picture_and_are_left_out(tmp_path):
    whole, framed = make_subject().photo, make_subject().photo.copy()
    cv2.fillPoly(framed, [np.array([(0, 0), (90, 0), (0, 90)], np.int32)], (0, 0, 0))
    paths = {}
    for name, photo in (("whole", whole), ("framed", framed)):
        path = tmp_path / f"{name}.png"
        cv2.imwrite(str(path), photo)
        paths[name] = [path]
    assert len(subjects_in(paths, FakeDetector(), 9)) == 2
    (subject,) = subjects_in(paths, FakeDetector(), 9, part=0.9)
    assert subject.photo.shape == (216, 216, 3)


def test_networks_refuse_below_their_limits():
    watched = [*of(GENUINE, [0.2, 0.6, 0.9, 0.9], [0] * 4), *of(PRINT, [0.2, 0.4, 0.6, 0.8], [0] * 4)]
    table = networks_table(watched)
    assert table.limits == tuple(f"{limit:g}" for limit in LIMITS)
    assert means(table) == {GENUINE: [0.25, 0.25, 0.5], PRINT: [0.75, 0.5, 0.25]}


def test_a_signals_limits_are_set_on_other_people_and_on_genuine_faces_alone(monkeypatch):
    monkeypatch.setattr(passive_rates, "PARTS", (0.0, 0.25, 0.5))
    tuned = [*of(GENUINE, [1] * 4, [1, 2, 3, 4]), *of(PRINT, [1], [0])]
    reported = [*of(GENUINE, [1] * 4, [0, 2.5, 3.5, 9]), *of(PRINT, [1] * 4, [0, 3.5, 4.5, 9])]
    table = signal_table(tuned, reported, NAME)
    assert table.limits == ("4", "3", "2")
    assert means(table) == {GENUINE: [0.25, 0.5, 0.75], PRINT: [0.5, 0.25, 0.25]}


def test_beside_a_signal_no_more_genuine_faces_tuned_on_are_refused():
    rng = np.random.default_rng(0)
    genuine = of(GENUINE, rng.uniform(0, 1, 200), rng.uniform(0, 1, 200))
    attacks = of(PRINT, rng.uniform(0, 1, 200), rng.uniform(0.5, 2, 200))
    alone = means(networks_table([*genuine, *attacks]))
    beside = means(beside_table(genuine, [*genuine, *attacks], NAME))
    for with_signal, without in zip(beside[GENUINE], alone[GENUINE], strict=True):
        assert without - 0.02 <= with_signal <= without
    for with_signal, without in zip(beside[PRINT], alone[PRINT], strict=True):
        assert with_signal < 0.6 * without


def test_a_signal_that_says_nothing_adds_nothing():
    rng = np.random.default_rng(0)
    genuine = of(GENUINE, rng.uniform(0, 1, 300), rng.uniform(0, 1, 300))
    attacks = of(PRINT, rng.uniform(0, 1, 300), rng.uniform(0, 1, 300))
    alone = means(networks_table([*genuine, *attacks]))
    beside = means(beside_table(genuine, [*genuine, *attacks], NAME))
    assert beside[PRINT] == pytest.approx(alone[PRINT], abs=0.03)


def test_there_is_a_table_of_the_networks_of_each_signal_and_of_both():
    watched = [*of(GENUINE, [0.9] * 5, range(5)), *of(PRINT, [0.1] * 5, range(5))]
    names = [table.name for table in all_tables(watched, watched)]
    assert names == ["networks", *SIGNALS, *(f"networks and {name}" for name in SIGNALS)]


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """A folder of photos, and networks that take them for faces."""
    for number in range(12):
        folder = tmp_path / "photos" / f"person{number}"
        folder.mkdir(parents=True)
        cv2.imwrite(str(folder / "0.png"), make_subject((15 * number, 120, 90)).photo)

    class Alone(InTheMiddle):
        def detect(self, image, *, smallest_face_px=None):
            return super().detect(image)[1:]

    recogniser = Recogniser(Alone(), FakeEmbedder(), Gallery("fake:1", 8), ON_CPU)
    monkeypatch.setattr(liveness, "load_recogniser", lambda *_: recogniser)
    monkeypatch.setattr(watching, "SCENES", SCENES[:4:3])
    return tmp_path / "photos"


@pytest.fixture
def scored(monkeypatch):
    monkeypatch.setattr(passive, "load_passive", lambda *_: Scoring())


def test_the_command_reports_one_half_and_tunes_on_the_other(run, drawn, scored):
    shown = run("evaluate", "liveness", "--passive", "--photos", str(drawn), "--each", "2")
    assert shown.exit_code == 0, shown.output
    assert "genuine, as it is" in shown.stdout
    assert "APCER" in shown.stdout
    (figures,) = json_lines(
        run("evaluate", "liveness", "--passive", "--photos", str(drawn), "--each", "2", "--json")
    )
    assert figures["half"] == "odd"
    assert [table["by"] for table in figures["tables"]][0] == "networks"
    rows = figures["tables"][0]["scenes"]
    assert [(row["kind"], row["presentations"]) for row in rows] == [("genuine", 2), ("print", 2)]
    assert rows[0]["errors"][0][0] == 0
    assert rows[1]["errors"][0][0] == 1


def test_all_people_can_not_be_both_tuned_on_and_reported(run, drawn):
    refused = run("evaluate", "liveness", "--passive", "--photos", str(drawn), "--half", "all")
    assert refused.exit_code == 1
    assert "--half" in refused.stderr


def test_without_the_weights_it_is_said_how_to_get_them(run, drawn):
    missing = run("evaluate", "liveness", "--passive", "--photos", str(drawn))
    assert missing.exit_code == 1
    assert "models fetch minifasnet" in missing.stderr
