"""Unknown visitors on the command line, on the real models: seen at the door, listed, dealt with."""

import shutil

import pytest

from faceaccess.codes import JournalKind
from faceaccess.door import simulation
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.visitors import VisitorFaces
from tests.builders import make_embedding
from tests.cli.conftest import json_lines
from tests.store.builders import make_entry

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """Two people come, neither of them enrolled."""
    path = tmp_path_factory.mktemp("door") / "door.mp4"
    simulation.render(path)
    return path


@pytest.mark.slow
def test_who_came_twice_is_one_visitor_who_can_be_dealt_with(folder, run, recording):
    assert run("visitors", "list").exit_code != 0
    watch = ("watch", "--source", str(recording))
    assert "no longer kept; 0 faces deleted" in run("visitors", "keep", "0").stdout
    assert "not kept" in run("visitors", "list").stdout
    assert "kept for 24 h" in run("visitors", "keep", "24").stdout
    for _ in range(2):
        assert run(*watch).exit_code == 0
    one, other = json_lines(run("visitors", "list", "--json"))
    assert (one["visits"], other["visits"], one["looks_like"]) == (2, 2, None)
    assert f"{one['number']}: 2 visits, " in run("visitors", "list").stdout

    merged = run("visitors", "merge", str(one["number"]), str(other["entries"][1]))
    assert "with 4 visits" in merged.stdout
    (both,) = json_lines(run("visitors", "list", "--json"))
    assert both["entries"] == sorted(one["entries"] + other["entries"])

    assert run("visitors", "ignore", str(both["number"]), "--why", "not_a_face").exit_code == 0
    assert "Nobody unknown came" in run("visitors", "list").stdout
    assert run("visitors", "delete", "1", "--yes").exit_code == 1

    assert run("visitors", "keep", "0", "--yes").exit_code == 0
    assert run("visitors", "keep", "24").exit_code == 0
    assert run(*watch).exit_code == 0
    gone, _ = json_lines(run("visitors", "list", "--json"))
    assert run("visitors", "delete", str(gone["number"]), "--yes").exit_code == 0
    crop = folder.read(lambda _, journal: journal.events.entry_crop(gone["number"]))
    (deleted,) = folder.read(lambda _, journal: journal.rows.newest([JournalKind.VISITOR_DELETED]))
    assert (crop, deleted.details) == (None, {"entries": gone["entries"]})
    assert run("log", "verify").exit_code == 0


def test_faces_that_are_kept_go_only_when_that_is_meant(run, folder):
    """Fault: `visitors keep 0` deleted all kept faces without a question and printed nothing."""
    assert run("visitors", "keep", "24").exit_code == 0
    with folder.open() as database:
        seq = Journal(database).append(make_entry(), b"a crop").seq
        VisitorFaces(database).keep(seq, make_embedding(1), "fake:1")

    def kept():
        with folder.open() as database:
            return VisitorFaces(database).count()

    asked = run("visitors", "keep", "0", input="n\n")
    assert (asked.exit_code, kept()) == (1, 1)
    assert "Delete 1 face" in asked.stderr
    done = run("visitors", "keep", "0", input="y\n")
    assert (done.exit_code, kept()) == (0, 0)
    assert "1 face deleted" in done.stdout


def test_a_folder_of_photos_is_sorted_by_person(run, tmp_path, monkeypatch):
    known, stranger = simulation.portraits()
    photos = tmp_path / "photos"
    (photos / "more").mkdir(parents=True)
    for number in range(2):
        shutil.copy(known.path, photos / f"{number}.png")
    shutil.copy(stranger.path, photos / "more" / "x.jpg")
    (photos / "broken.jpg").write_bytes(b"no picture")
    monkeypatch.chdir(tmp_path)
    (found,) = json_lines(run("cluster", str(photos), "--json"))
    assert (found["photos"], found["groups"], found["in_groups"], found["seen_once"]) == (3, 1, 2, 1)
    assert found["unreadable"][0]["file"] == "broken.jpg"
    assert sorted(path.name for path in (tmp_path / "photos-groups").iterdir()) == [
        "contact-sheet.png", "groups.csv",
    ]  # fmt: skip
    assert run("cluster", str(photos)).exit_code == 1


def test_groups_of_labelled_photos_are_measured_beside_k_means(run, tmp_path):
    for name, portrait in zip(("Person 1", "Person 2"), simulation.portraits(), strict=True):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for number in range(2):
            shutil.copy(portrait.path, tmp_path / "photos" / name / f"{number}{portrait.path.suffix}")
    words = ("evaluate", "cluster", "--photos", str(tmp_path / "photos"), "--json")
    ours, k_means = json_lines(run(*words, "--least-photos", "2"))
    assert (ours["f1"], ours["people"], k_means["groups_by"]) == (1.0, 2, "k-means, told 2")
    assert run(*words).exit_code == 1
