"""`evaluate detectors` on painted people, with made-up detectors and a made-up network."""

import cv2
import numpy as np
import pytest

from faceaccess.lab.evaluations import detectors as evaluate_detectors
from faceaccess.settings import Device
from faceaccess.vision import embedder
from faceaccess.vision.devices import DeviceInUse
from tests.builders import make_detection, make_embedding
from tests.cli.conftest import json_lines
from tests.fakes import FakeDetector

NAMES = ["yunet-onet", "mtcnn", "yunet"]


class Middle(FakeDetector):
    def detect(self, image, *, smallest_face_px=None):
        return [make_detection(*(image.shape[1] * np.array([0.3, 0.3, 0.4])))]


class ByColour:
    def embed_probes(self, crops):
        return np.stack([make_embedding(int(crop[40, 40].astype(int).sum()), 16) for crop in crops])

    embed_templates = embed_probes


@pytest.fixture
def photos(tmp_path, monkeypatch):
    for number in range(8):
        folder = tmp_path / "photos" / f"person{number}"
        folder.mkdir(parents=True)
        for place in range(3):
            # Of light and of dark skin, by turns.
            colour = np.array((125, 160, 205) if number % 2 else (55, 75, 110)) + number // 2
            cv2.imwrite(str(folder / f"{place}.png"), np.full((120, 120, 3), colour, np.uint8))
    loaded = {name: Middle() for name in NAMES}
    device = DeviceInUse(Device.CPU, "CPU")
    monkeypatch.setattr(evaluate_detectors, "_load", lambda _: (device, loaded))
    monkeypatch.setattr(embedder, "load_embedder", lambda *_: ByColour())
    return tmp_path / "photos"


def test_all_figures_of_all_detectors(run, photos, tmp_path):
    genders = "person,gender\n" + "".join(f"person{i},{'female' if i < 3 else 'male'}\n" for i in range(7))
    (tmp_path / "genders.csv").write_text(genders, "utf-8")
    video = cv2.VideoWriter(str(tmp_path / "empty.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (160, 120))
    video.write(np.full((120, 160, 3), 90, np.uint8))
    video.release()
    words = ["--photos", str(photos), "--people", "3", "--sample", "6"]
    words += ["--genders", str(tmp_path / "genders.csv"), "--empty", str(tmp_path / "empty.avi")]
    (found,) = json_lines(run("evaluate", "detectors", *words, "--draws", "2", "--json"))
    assert (found["people"], found["half"], found["seeds"]) == (8, "all", [0, 1])
    assert list(found["time_ms"]["1920x1080"]) == NAMES
    assert found["recall"]["plain"]["mtcnn"] == {"found": 24, "photos": 24, "part": 1.0}
    assert found["recall"]["tilted_35_degrees"]["mtcnn"]["photos"] == 6
    assert {group: row["yunet"]["photos"] for group, row in found["recall_by_gender"].items()} == {
        "female": 9, "male": 12
    }  # fmt: skip
    assert {group: row["yunet"]["photos"] for group, row in found["recall_by_skin_tone"].items()} == {
        "intermediate skin": 12, "dark skin": 12
    }  # fmt: skip
    assert found["false_faces_per_hour"] == {name: pytest.approx(36_000) for name in NAMES}
    assert found["identification"]["yunet"]["mated_probes"] == 12
    assert found["identification"]["yunet"]["rank_1"] == 1


def test_the_table_leaves_out_what_was_not_asked_for(run, photos):
    said = run("evaluate", "detectors", "--photos", str(photos), "--people", "3", "--sample", "6").stdout
    assert all(name in said for name in NAMES)
    assert "found, mouth covered" in said
    assert "FNIR at FPIR 0.003" in said
    assert "false faces" not in said
    assert "female" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--genders", "none.csv"], "can't be read"), (["--empty", "none.avi"], "There is no file none.avi")],
)
def test_files_that_are_not_there_end_it_clearly(run, photos, words, said):
    result = run("evaluate", "detectors", "--photos", str(photos), "--people", "3", *words)
    assert result.exit_code == 1
    assert said in result.stderr


def test_an_empty_folder_is_said(run, photos, tmp_path):
    (tmp_path / "nobody").mkdir()
    result = run("evaluate", "detectors", "--photos", str(tmp_path / "nobody"))
    assert result.exit_code == 1
    assert "There are no photos." in result.stderr
