"""`evaluate video` by YouTube Faces' protocol, on clips made of photos."""

import cv2
import numpy as np
import pytest

from faceaccess.errors import FaceAccessError
from faceaccess.lab.evaluations.clips import clip_report
from faceaccess.lab.evaluations.photo_model import photo_model
from faceaccess.lab.measures.clip_evaluation import clip_frames, clip_result, read_splits
from faceaccess.lab.measures.pair_evaluation import Pair
from tests.builders import make_embedding
from tests.cli.conftest import json_lines
from tests.fakes import FakeDetector

HEADER = "split number, pair number, first name, second name, is same, is first\n"


def write_splits(folder, rows):
    lines = (
        f"{fold}, {number}, {first}, {second}, {same}, 0\n" for fold, number, first, second, same in rows
    )
    (folder / "splits.txt").write_text(HEADER + "".join(lines), "utf-8")


@pytest.fixture
def painted_clips(tmp_path, painted_model):
    """Eight people of two clips of three frames in two folds, one colour a person."""
    folder = tmp_path / "ytf"
    for person in range(8):
        for clip in range(2):
            frames = folder / "frame_images_DB" / f"P{person}" / str(clip)
            frames.mkdir(parents=True)
            for frame in range(3):
                picture = np.full((100, 100, 3), 10 * person, np.uint8)
                cv2.imwrite(str(frames / f"{clip}.{frame + 1}.png"), picture)
    rows = [(1 + person // 4, person, f"P{person}/0", f"P{person}/1", 1) for person in range(8)]
    rows += [(1 + person // 4, person, f"P{person}/0", f"P{(person + 1) % 8}/1", 0) for person in range(8)]
    write_splits(folder, rows)
    return folder


def test_clips_of_a_folder_are_measured(run, painted_clips, tmp_path):
    words = ("evaluate", "video", str(painted_clips))
    (found,) = json_lines(run(*words, "--json"))
    assert (found["auc"], found["fte"]) == (1, 0)
    assert found["accuracy"] > 0.9
    assert found["counts"] == {"pairs": 16, "mated": 8, "non_mated": 8, "clips": 16, "clips_without_face": 0}
    result = run(*words, "--html", str(tmp_path / "page.html"))
    assert "16 clips" in result.stdout
    assert (tmp_path / "page.html").read_text("utf-8").count("<svg") == 2


def test_a_clip_without_a_face_is_told_and_only_the_first_frames_are_taken(run, painted_clips, monkeypatch):
    looked_at = []
    detect = FakeDetector.detect
    monkeypatch.setattr(
        FakeDetector, "detect", lambda self, image, **options: looked_at.append(1) or detect(self, image)
    )
    words = ("evaluate", "video", str(painted_clips), "--frames", "2", "--no-cache", "--json")
    (found,) = json_lines(run(*words, "--model", "blind"))
    assert found["counts"]["clips_without_face"] == 2
    # Two frames of each of sixteen clips, less two clips of one person that the detector is blind to.
    assert len(looked_at) == 2 * 14


def test_the_distance_of_clips_is_the_mean_of_all_pairs_of_frames(tmp_path):
    rng = np.random.default_rng(0)
    clips = {
        tmp_path / name: [tmp_path / name / f"{at}.jpg" for at in range(count)]
        for name, count in zip("abc", (1, 4, 7), strict=True)
    }
    probes = {
        frame: make_embedding(int(rng.integers(1000)), 16) for frames in clips.values() for frame in frames
    }
    first, second, third = clips
    del probes[clips[third][0]]
    pairs = [Pair(first, second, True, 1), Pair(second, third, False, 1)]
    result = clip_result(pairs, clips, probes)
    for pair, distance in zip(pairs, result.distances, strict=True):
        every = [
            np.sum((probes[one] - probes[other]) ** 2)
            for one in clips[pair.first]
            for other in clips[pair.second]
            if one in probes and other in probes
        ]
        assert distance == pytest.approx(np.mean(every), abs=1e-5)


def test_frames_are_taken_in_their_order(tmp_path):
    for number in (10, 2, 1):
        (tmp_path / f"0.{number}.jpg").touch()
    assert [path.name for path in clip_frames(tmp_path, 2)] == ["0.1.jpg", "0.2.jpg"]


@pytest.mark.parametrize(
    "content",
    ["", HEADER, HEADER + "1, 1, a/0\n", HEADER + "x, 1, P0/0, P0/1, 1\n", HEADER + "1, 1, P0/0, P0/1, 1\n"],
)
def test_another_list_is_said(painted_clips, content):
    (painted_clips / "splits.txt").write_text(content, "utf-8")
    with pytest.raises(FaceAccessError, match="not a list of pairs of clips"):
        read_splits(painted_clips / "splits.txt", painted_clips)


@pytest.mark.parametrize("name", ["P9/0", "../ytf/frame_images_DB/P0/0", "/etc"])
def test_a_clip_that_is_not_there_or_lies_elsewhere_is_said(painted_clips, name):
    write_splits(painted_clips, [(1, 1, "P0/0", "P0/1", 1), (1, 1, "P0/0", name, 0)])
    with pytest.raises(FaceAccessError, match="There is no clip"):
        read_splits(painted_clips / "splits.txt", painted_clips)


@pytest.mark.slow
@pytest.mark.lfw
@pytest.mark.models
def test_clips_made_of_photos_are_told_apart(lfw, tmp_path):
    """Ten people's photos, each moved a little from frame to frame, by the built-in network."""
    people = [folder for folder in sorted((lfw / "images").iterdir()) if len(list(folder.iterdir())) > 1][:10]
    for folder in people:
        for clip, photo in enumerate(sorted(folder.iterdir())[:2]):
            frames = tmp_path / folder.name / str(clip)
            frames.mkdir(parents=True)
            picture = cv2.imread(str(photo))
            for frame in range(3):
                moved = cv2.warpAffine(picture, np.float32([[1, 0, 3 * frame], [0, 1, frame]]), (250, 250))
                cv2.imwrite(str(frames / f"{clip}.{frame}.jpg"), moved)
    names = [folder.name for folder in people]
    rows = [(1 + at % 2, at, f"{name}/0", f"{name}/1", 1) for at, name in enumerate(names)]
    rows += [(1 + at % 2, at, f"{name}/0", f"{names[at - 1]}/1", 0) for at, name in enumerate(names)]
    write_splits(tmp_path, rows)
    report = clip_report(tmp_path, photo_model("sface", "cpu", no_cache=True), 100)
    assert report.figures[0]["accuracy"] >= 0.95
    assert report.figures[0]["counts"]["clips"] == 20
