"""What gates cost and save, on made-up samples whose answer is known; and photos made worse."""

from pathlib import Path

import numpy as np
import pytest

from faceaccess.codes import PhotoProblem
from faceaccess.errors import FaceAccessError
from faceaccess.lab.measures.degrading import DEGRADATIONS
from faceaccess.lab.measures.quality_report import (
    CLEAN,
    OFFERED,
    Sample,
    gate_rows,
    measure,
    miss_rows,
    refused_parts,
)
from faceaccess.vision.gates import Gate
from faceaccess.vision.types import Quality

BLURRED = Gate(PhotoProblem.FACE_BLURRED, "sharpness", 3.0, is_least=True)


def sample(person, photo, kind, sharpness, direction):
    vector = np.array(direction, np.float32)
    vector /= np.linalg.norm(vector)
    quality = Quality(90.0, sharpness, 120.0, 0.0, 1.0)
    return Sample(person, Path(f"{person}{photo}"), kind, quality, vector, vector)


def people(count=6, *, worse_direction):
    """Each person points in a direction of their own; photos made worse all point elsewhere."""
    samples = []
    for number in range(count):
        own = np.eye(count + 1)[number]
        for photo in range(OFFERED + 2):
            samples.append(sample(f"P{number}", photo, CLEAN, 8.0, own))
            if photo < OFFERED:
                samples.append(sample(f"P{number}", photo, "blurred", 1.0, worse_direction(own)))
    return samples


def test_gates_save_misses_where_refused_photos_are_bad():
    samples = people(worse_direction=lambda _: np.eye(7)[6])
    strangers = np.tile(np.eye(7, dtype=np.float32)[6] * 0.8, (200, 1)) + 0.01
    strangers /= np.linalg.norm(strangers, axis=1, keepdims=True)
    rows = miss_rows(samples, strangers, [BLURRED], photos_each=(1,))
    (taken_again, *_) = [row for row in rows if row.is_retaken]
    assert taken_again.fnir_off > 0.4
    assert taken_again.fnir_on == 0.0
    assert taken_again.saved == pytest.approx(1.0)


def test_each_gate_is_shown_at_several_limits_with_what_it_refuses():
    samples = people(worse_direction=lambda own: own + 1.0)
    rows = gate_rows(samples, [BLURRED])
    assert [round(row.gate.limit, 2) for row in rows] == [1.8, 2.4, 3.0, 3.75, 4.8]
    assert all(row.clean_refused == 0 and row.worse_refused == 1 for row in rows)
    assert rows[0].distance_passed is None
    assert rows[0].distance_refused > 0.1
    assert refused_parts(samples, [BLURRED]) == {CLEAN: 0.0, "blurred": 1.0}


def test_people_with_too_few_photos_are_told_apart():
    with pytest.raises(FaceAccessError, match="more than"):
        measure(None, {"A": [Path("a.jpg")]}, seed=0, progress=lambda *_: None)


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_a_photo_made_worse_keeps_its_shape_and_changes(name):
    rng = np.random.default_rng(1)
    image = rng.integers(0, 255, (120, 160, 3)).astype(np.uint8)
    for strength in (0.0, 1.0):
        worse = DEGRADATIONS[name](image, strength, np.random.default_rng(2))
        assert (worse.shape, worse.dtype) == (image.shape, np.uint8)
        assert not np.array_equal(worse, image)
