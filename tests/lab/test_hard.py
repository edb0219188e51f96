"""`evaluate hard` on painted people: one colour is one person."""

import cv2
import numpy as np
import pytest

from faceaccess.lab.evaluations import hard as evaluate_hard
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.pipeline import Recogniser
from tests.cli.conftest import json_lines
from tests.fakes import ON_CPU, FakeDetector, FakeEmbedder


@pytest.fixture
def photos(tmp_path, monkeypatch):
    for number in range(10):
        folder = tmp_path / "photos" / f"person{number}"
        folder.mkdir(parents=True)
        for place in range(3):
            cv2.imwrite(str(folder / f"{place}.png"), np.full((150, 150, 3), 60 + 9 * number, np.uint8))
    recogniser = Recogniser(FakeDetector(), FakeEmbedder(), Gallery("fake:1", 8), ON_CPU)
    monkeypatch.setattr(evaluate_hard, "load_recogniser", lambda device, model: recogniser)
    return tmp_path / "photos"


def test_every_kind_is_told(run, photos):
    words = ("--photos", str(photos), "--people", "4", "--draws", "2", "--half", "all")
    (found,) = json_lines(run("evaluate", "hard", *words, "--json"))
    assert (found["model_id"], found["half"], found["seeds"]) == ("fake:1", "all", [0, 1])
    assert len(found["rows"]) == 16
    assert found["rows"][0]["kind"] == "plain"
    assert found["rows"][0]["report"]["mated_probes"] == 8
    said = run("evaluate", "hard", *words).stdout
    assert "default threshold none" in said
    assert said.count("surgical mask") == 2
    assert "another as hard as the probes" in said


def test_the_default_threshold_is_measured_at_where_there_is_one(run, photos, monkeypatch):
    asked = []
    monkeypatch.setattr(evaluate_hard, "_default_threshold", lambda *words: asked.append(words) or 0.5)
    words = ("--photos", str(photos), "--people", "4", "--draws", "1", "--half", "all")
    (found,) = json_lines(run("evaluate", "hard", *words, "--json"))
    assert found["rows"][0]["report"]["rows"][-1]["threshold"] == 0.5
    assert asked == [("fake:1", 4)]
    assert "FPIR" in run("evaluate", "hard", *words).stdout


def test_too_few_people_are_said(run, photos):
    result = run("evaluate", "hard", "--photos", str(photos), "--half", "all")
    assert result.exit_code == 1
    assert "Only 10 people" in result.stderr
