"""`evaluate int8`: SFace in int8 is near SFace in float32, and both are measured on the same draws."""

import numpy as np
import pytest

from faceaccess import paths
from faceaccess.door.simulation import door_still, portraits
from faceaccess.lab.evaluations import int8 as evaluate_int8
from faceaccess.lab.int8 import comparison
from faceaccess.lab.int8.comparison import Int8Comparison, MissedRow, compare
from faceaccess.lab.int8.network import FaceTime, planes_of, quantised, write_in_full
from faceaccess.lab.measures.identification import OpenSet
from faceaccess.recognition.intervals import Rate
from faceaccess.settings import Device
from faceaccess.vision.alignment import PointsAlignment
from faceaccess.vision.detector import YUNET, load_detector
from faceaccess.vision.devices import pick_device
from faceaccess.vision.embedder import BUILT_IN, load_embedder
from faceaccess.vision.exports import Exports
from faceaccess.vision.runtime import OnnxNetwork
from faceaccess.vision.weights import located
from tests.cli.conftest import json_lines


@pytest.fixture(scope="module")
def crops():
    """Four faces: two portraits, and both mirrored."""
    detector = load_detector(YUNET, pick_device(Device.CPU), Exports(paths.cache_dir()), paths.models_dir())
    stills = [door_still(portrait) for portrait in portraits()[:2]]
    straight = np.stack([PointsAlignment(YUNET).align(still, detector.detect(still)[0]) for still in stills])
    return np.concatenate([straight, straight[:, :, ::-1]])


@pytest.fixture(scope="module")
def embedder():
    return load_embedder(BUILT_IN, pick_device(Device.CPU), Exports(paths.cache_dir()), paths.models_dir())


@pytest.mark.models
def test_the_graph_in_full_gives_what_ours_gives(crops, embedder, tmp_path):
    write_in_full(located(BUILT_IN, paths.models_dir()), tmp_path / "full.onnx")
    (found,) = OnnxNetwork((tmp_path / "full.onnx").read_bytes()).run(planes_of(crops))
    unit = found / np.linalg.norm(found, axis=1, keepdims=True)
    assert np.abs(unit - embedder.embed_once(crops)).max() < 1e-5


@pytest.mark.models
@pytest.mark.filterwarnings("ignore")
def test_both_are_measured_on_the_same_draws(crops, embedder, tmp_path, monkeypatch, caplog):
    caplog.set_level("CRITICAL")
    weights = located(BUILT_IN, paths.models_dir())
    small = quantised(weights, crops)
    assert len(small) < 1.02 * weights.stat().st_size
    monkeypatch.setattr(comparison, "quantised", lambda _weights, _crops: small)
    photos = {tmp_path / str(number): crop for number, crop in enumerate(crops)}
    first, other, first_again, other_again = photos
    split = OpenSet((("a", first),), (("a", first_again),), (other, other_again))
    found = compare(embedder, crops, photos, [split])
    assert list(found.times) == ["float32", "float32, two threads", "int8"]
    assert [time.rows for time in found.times["int8"]] == [1, 2, 4]
    assert 0 < found.moved_median <= found.moved_p95 < 0.1
    assert [(row.fpir, row.float32.mean, row.difference.mean) for row in found.rows] == [
        (1e-2, 0, 0),
        (3e-3, 0, 0),
        (1e-3, 0, 0),
    ]


def test_what_int8_costs_is_told(run, painted, painted_model, monkeypatch):
    rate = Rate(0.02, 0.01, 0.03)
    rows = [MissedRow(3e-3, rate, rate, Rate(0.001, -0.002, 0.003))]
    times = {name: [FaceTime(1, 20.0, 19.0), FaceTime(2, 18.0, 17.0)] for name in ("float32", "int8")}
    asked = []

    def compare(embedder, calibration, crops, splits):
        asked.append((len(calibration), len(crops), len(splits)))
        return Int8Comparison(times, 0.0093, 0.0144, rows)

    monkeypatch.setattr(evaluate_int8, "load_recogniser", painted_model)
    monkeypatch.setattr(comparison, "compare", compare)
    words = ("evaluate", "int8", "--photos", str(painted), "--people", "5", "--draws", "2")
    (found,) = json_lines(run(*words, "--json"))
    ((scaled_by, measured, draws),) = asked
    assert (found["photos_to_set_scales"], found["photos"], found["draws"]) == (scaled_by, measured, draws)
    # Scales are set by one photo of each even person; the three photos of the odd ones are measured.
    assert 3 * scaled_by + measured == 60
    assert found["times"]["int8"][1] == {"rows": 2, "wall_ms": 18.0, "processor_ms": 17.0}
    said = run(*words).stdout
    assert "18.0 (17.0)" in said
    assert "+0.0010 (-0.0020 to +0.0030)" in said
