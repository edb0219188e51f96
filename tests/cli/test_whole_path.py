"""The whole path on the real models, as a person at a terminal would walk it."""

import json
import shutil
import subprocess
import sys

import pytest

from faceaccess.door import simulation

pytestmark = pytest.mark.models

KEYS = {
    "outcome", "person", "frame", "time_s", "distance", "runner_up", "runner_up_distance", "threshold",
    "model_id",
}  # fmt: skip


def run(*words, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "faceaccess", *map(str, words)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def rows(text):
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder of staff photos, photos of both people, and a recording in which both come."""
    folder = tmp_path_factory.mktemp("place")
    known, stranger = simulation.portraits()
    (folder / "staff" / "Eileen_Collins").mkdir(parents=True)
    shutil.copy(known.path, folder / "staff" / "Eileen_Collins" / "1.png")
    shutil.copy(stranger.path, folder / "stranger.jpg")
    simulation.render(folder / "door.mp4")
    return folder


def test_enrol_watch_identify_and_read_the_log(place, tmp_path):
    data = ("--data-dir", tmp_path / "data")
    (enrolled,) = rows(run("enrol", place / "staff", "--json", *data))
    assert (enrolled["name"], enrolled["outcome"], enrolled["photos"]) == ("Eileen Collins", "enrolled", 1)
    assert rows(run("enrol", place / "staff", "--json", *data))[0]["outcome"] == "unchanged"

    first = rows(run("watch", "--source", place / "door.mp4", "--json", *data))
    assert [(row["outcome"], row["person"]) for row in first] == [
        ("ACCEPTED", "Eileen Collins"),
        ("UNKNOWN", None),
    ]
    assert set(first[0]) >= KEYS
    again = rows(run("watch", "--source", place / "door.mp4", "--json", *data))
    assert [(row["frame"], row["distance"]) for row in again] == [
        (row["frame"], row["distance"]) for row in first
    ]
    assert len(rows(run("log", "--json", *data))) == 4

    photo = place / "staff" / "Eileen_Collins" / "1.png"
    (known,) = rows(run("identify", photo, "--json", *data))
    assert (known["outcome"], known["person"]) == ("ACCEPTED", "Eileen Collins")
    (other,) = rows(run("identify", place / "stranger.jpg", "--json", *data))
    assert (other["outcome"], other["person"]) == ("UNKNOWN", None)
    run("verify", photo, photo, *data)
    run("verify", photo, place / "stranger.jpg", *data, code=4)

    run("people", "deactivate", "Eileen Collins", *data)
    denied = rows(run("watch", "--source", place / "door.mp4", "--json", *data))[0]
    assert (denied["outcome"], denied["person"]) == ("DENIED", "Eileen Collins")
    report = json.loads(run("doctor", "--json", *data))
    assert (report["data"]["database check"], report["data"]["journal chain"]) == ("ok", "ok")


def test_the_demo_lets_one_in_and_refuses_the_other():
    assert [row["outcome"] for row in rows(run("demo", "--headless", "--json"))] == ["ACCEPTED", "UNKNOWN"]


@pytest.fixture
def recording(place, tmp_path):
    """A recording with its people and its truth."""
    recording = tmp_path / "recording"
    recording.mkdir()
    shutil.copytree(place / "staff", recording / "gallery")
    shutil.copy(place / "door.mp4", recording)
    visits = [
        {"person": "Eileen_Collins", "start_s": 2.0, "end_s": 6.0},
        {"person": None, "start_s": 8.0, "end_s": 12.0},
    ]
    (recording / "truth.json").write_text(json.dumps({"visits": visits}))
    return recording


def test_the_door_is_measured_beside_the_usual_loop(recording):
    (report,) = rows(run("benchmark", "door", "--video", recording, "--seconds", 6.1, "--json"))
    assert (report["door"]["right"], report["door"]["wrong"], report["door"]["missed"]) == (1, 0, 0)
    assert report["dlib loop"]["frames_looked_at"] == 92
    assert report["door"]["frames_looked_at"] < 92
    assert report["cpu_ratio"] > 1


def test_a_recording_is_scored_against_its_truth(recording):
    (result,) = rows(run("evaluate", "video", recording, "--json"))
    assert (result["right"], result["missed"], result["strangers_logged_once"]) == (1, 0, 1)
    assert result["wrong_name"] == result["accepted_strangers"] == result["duplicates"] == 0


def test_what_is_wrong_is_said_with_an_exit_code(place, tmp_path):
    data = ("--data-dir", tmp_path / "data")
    run("identify", place / "stranger.jpg", *data, code=1)
    run("enrol", tmp_path / "missing", *data, code=1)
    run("enrol", place / "stranger.jpg", *data, code=2)
    run("watch", "--source", "no such camera", "--device", "nonsense", *data, code=1)
    run("watch", "--nonsense", code=2)
