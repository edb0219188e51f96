"""The whole path on the real models, as a person at a terminal would walk it."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from faceaccess.door import simulation

pytestmark = [pytest.mark.models, pytest.mark.slow]

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


def test_a_trial_day_is_counted_from_recordings(place, tmp_path):
    data = ("--data-dir", tmp_path / "data")
    run("enrol", place / "staff", *data)
    comes = tmp_path / "list.csv"
    comes.write_text("time,person\n0:02,Eileen Collins\n8,stranger\n")
    trial = ("trial", place / "door.mp4", "--list", comes, *data)
    (counted,) = rows(run(*trial, "--json", "--pdf", tmp_path / "trial.pdf"))
    total = counted["total"]
    assert (total["staff"], total["right"], total["strangers"], total["accepted"]) == (1, 1, 1, 0)
    assert 0 < total["waited_s"] < 1
    assert list(counted["names"].values()) == ["Eileen Collins"]
    assert (counted["enrolled"], counted["photos"], counted["cameras"]) == (1, 1, ["door.mp4"])
    assert [row["key"] for row in counted["by_light"]] == ["bright"]
    assert (tmp_path / "trial.pdf").read_bytes().startswith(b"%PDF")
    assert rows(run("log", "--json", *data))[0]["is_recording"]

    comes.write_text("time,person\n0:02,stranger\n8,Eileen Collins\n")
    said = run(*trial)
    assert "missed              1 of 1" in said
    assert "strangers accepted  1 of 1" in said
    assert "went wrong: stranger not told apart taken for Eileen Collins, door.mp4, light bright" in said
    assert "went wrong: Eileen Collins missed" in said
    assert "by stranger not told apart: accepted 1 of 1" in said
    assert "Passes of strangers taken for somebody enrolled: 1 of 1." in said
    run(*trial, "--pdf", tmp_path / "trial.pdf", code=1)
    run(*trial, "--list", comes, code=1)


def test_enrol_watch_identify_and_read_the_log(place, tmp_path):
    data = ("--data-dir", tmp_path / "data")
    (enrolled,) = rows(run("enrol", place / "staff", "--json", *data))
    assert (enrolled["name"], enrolled["outcome"], enrolled["taken"]) == ("Eileen Collins", "enrolled", 1)
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
    run("watch", "--source", place / "door.mp4", "--templates", "rounded", *data, code=1)
    compact = ("--templates", "compact", "--json", *data)
    denied = rows(run("watch", "--source", place / "door.mp4", *compact))[0]
    assert (denied["outcome"], denied["person"]) == ("DENIED", "Eileen Collins")
    report = json.loads(run("doctor", "--json", *data))
    assert (report["data"]["database check"], report["data"]["journal chain"]) == ("ok", "ok")
    assert report["data"]["templates in memory"].endswith(" exact: in full")


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


def test_recordings_that_people_have_give_entries_or_say_why_not(place, tmp_path):
    """A camera on its side, photos a second apart, a file that is gone: all ended without a word."""
    data = ("--data-dir", tmp_path / "data")
    run("enrol", place / "staff", *data)
    recording = cv2.VideoCapture(str(place / "door.mp4"))
    pictures = [recording.read()[1] for _ in range(int(recording.get(cv2.CAP_PROP_FRAME_COUNT)))]
    height, width = pictures[0].shape[:2]
    turned = tmp_path / "turned.mp4"
    writer = cv2.VideoWriter(str(turned), cv2.VideoWriter.fourcc(*"mp4v"), 15.0, (height, width))
    for picture in pictures:
        writer.write(cv2.rotate(picture, cv2.ROTATE_90_COUNTERCLOCKWISE))
    writer.release()
    seen = rows(run("watch", "--source", turned, "--turn", "90", "--json", *data))
    assert ("ACCEPTED", "Eileen Collins") in [(row["outcome"], row["person"]) for row in seen]
    assert max(row["at"] for row in seen) < datetime.now(UTC).isoformat()

    near = seen[0]["frame"]
    (tmp_path / "photos").mkdir()
    for number in range(3):
        cv2.imwrite(str(tmp_path / "photos" / f"{number}.png"), pictures[near + 2 * number])
    seen = rows(run("watch", "--source", tmp_path / "photos", "--json", "--began", "2026-01-05T08:00", *data))
    assert [(row["outcome"], row["person"]) for row in seen] == [("ACCEPTED", "Eileen Collins")]
    assert seen[0]["at"].startswith("2026-01-0")

    gone = tmp_path / "yesterday.mp4"
    failed = subprocess.run(
        [sys.executable, "-m", "faceaccess", "watch", "--source", str(gone), *map(str, data)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (failed.returncode, f"There is no file or folder {gone}." in failed.stderr) == (1, True)


def test_two_photos_are_not_compared_where_one_shows_several_people(place, tmp_path):
    """One of the faces was picked, and nobody said which."""
    one, other = (
        cv2.imread(str(path)) for path in (place / "staff/Eileen_Collins/1.png", place / "stranger.jpg")
    )
    size = min(one.shape[0], other.shape[0])
    pair = np.hstack(
        [cv2.resize(each, (round(each.shape[1] * size / each.shape[0]), size)) for each in (one, other)]
    )
    cv2.imwrite(str(tmp_path / "pair.png"), pair)
    data = ("--data-dir", tmp_path / "data")
    run("enrol", place / "staff", *data)
    for words in (
        ("verify", place / "staff/Eileen_Collins/1.png", tmp_path / "pair.png"),
        ("identify", tmp_path / "pair.png"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "faceaccess", *map(str, words), *map(str, data)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert "several" in done.stdout + done.stderr
