"""An attack drill from recordings, on the real models, as a person at a terminal would do it."""

import json
import os
import shutil
import time

import cv2
import numpy as np
import pytest

from faceaccess.door import simulation
from tests.cli.test_whole_path import rows, run

pytestmark = [pytest.mark.models, pytest.mark.slow]

PICTURES, A_SECOND = 130, 10
"""Longer than two tries of turning the head last."""
DAYS_AGO_S = 3 * 86_400.0


def record(path, image):
    """Write some seconds of a picture that is held up, with a sensor's noise, as of some days ago."""
    rng = np.random.default_rng(1)
    path.parent.mkdir(parents=True)
    height, width = image.shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), A_SECOND, (width, height))
    for _ in range(PICTURES):
        noisy = np.clip(image + rng.normal(0, 3, image.shape), 0, 255).astype(np.uint8)
        writer.write(np.ascontiguousarray(noisy[:, :, ::-1]))
    writer.release()
    then = time.time() - DAYS_AGO_S
    os.utime(path, (then, then))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("place")
    known, _ = simulation.portraits()
    (folder / "staff" / "Eileen_Collins").mkdir(parents=True)
    shutil.copy(known.path, folder / "staff" / "Eileen_Collins" / "1.png")
    record(folder / "drill" / "print" / "1.mp4", simulation.door_still(known))
    record(folder / "drill" / "phone" / "1.mp4", np.full((480, 640, 3), 120, np.uint8))
    (folder / "drill" / "phone" / ".hidden").touch()
    (folder / "nothing").mkdir()
    return folder


def test_a_drill_is_counted_from_recordings(place, tmp_path):
    data = ("--data-dir", tmp_path / "data")
    run("enrol", place / "staff", *data)
    drill = ("drill", place / "drill", "--person", "Eileen Collins")
    pdf = tmp_path / "drill.pdf"
    counted = json.loads(run(*drill, "--json", "--pdf", pdf, *data))
    assert pdf.read_bytes().startswith(b"%PDF")
    assert [
        (row["kind"], row["presentations"], row["passed"], row["suspected"], row["others"])
        for row in counted["kinds"]
    ] == [("print", 1, 1, 0, 0), ("phone", 1, 0, 0, 1)], "a recording of an older day counts too"
    assert (counted["worst"], counted["mode"], counted["genuine"], counted["bpcer"]) == (
        "print",
        "watch",
        0,
        None,
    )
    (entry,) = rows(run("log", "--json", *data))
    assert (entry["drill"], entry["is_recording"], entry["is_trial"]) == ("print", True, False)

    run("doors", "liveness", counted["door"], "always", *data)
    said = run(*drill, *data)
    assert "photos and screens: always" in said
    assert "print       1 presentation: 0 passed, 1 suspected, 0 otherwise" in said, said
    entry = rows(run("log", "--json", *data))[0]
    assert (entry["outcome"], entry["person"], entry["nearest"]) == ("SUSPECTED", None, "Eileen Collins")
    assert entry["liveness"]["mode"] == "always"
    assert len(entry["liveness"]["sides"]) > 0


def test_what_can_not_be_counted_is_refused_before_anything_is(place, tmp_path):
    data = ("--data-dir", tmp_path / "data")
    run("enrol", place / "staff", *data)
    (tmp_path / "there.pdf").touch()
    person = ("--person", "Eileen Collins")
    for words in (
        (place / "nothing", *person),
        (place / "gone", *person),
        (place / "drill", "--person", "Nobody Here"),
        (place / "drill", *person, "--door", "Roof"),
        (place / "drill", *person, "--pdf", tmp_path / "there.pdf"),
    ):
        run("drill", *words, *data, code=1)
    assert rows(run("log", "--json", *data)) == []
    assert "drill_begun" not in run("log", "--actions", "--json", *data)
