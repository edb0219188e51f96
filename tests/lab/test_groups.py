"""`evaluate groups` on painted people."""

import pytest

from faceaccess.errors import FaceAccessError
from faceaccess.lab.evaluations.groups import read_groups
from faceaccess.lab.evaluations.photo_model import photo_model
from tests.cli.conftest import json_lines


@pytest.fixture
def words(painted, tmp_path):
    lines = [f"person{number},{'even' if number % 2 == 0 else 'odd'}" for number in range(18)]
    (tmp_path / "gender.csv").write_text("\n".join(["person,gender", *lines]), "utf-8")
    words = ("evaluate", "groups", str(tmp_path / "gender.csv"), "--photos", str(painted), "--people", "5")
    return (*words, "--draws", "2", "--threshold", "0.3")


def test_all_errors_are_measured_by_group(run, words, tmp_path):
    found = json_lines(run(*words, "--json", "--model", "blind"))
    assert [(table["error"], table["threshold"]) for table in found][2:] == [
        ("FMR, pairs within a group", 0.3),
        ("FNMR", 0.3),
        ("FPIR", 0.3),
        ("FNIR", 0.3),
        ("no face found", None),
    ]
    assert {table["grouping"] for table in found} == {"gender"}
    lost = {row["group"]: row["rate"]["mean"] for row in found[-1]["rows"]}
    assert lost == {"odd": pytest.approx(1 / 9), "even": 0}
    result = run(*words, "--html", str(tmp_path / "page.html"))
    assert result.exit_code == 0, result.output
    assert "gender: 9 even (45.0%), 9 odd (45.0%), 2 in no group (10.0%)" in result.stdout
    assert "<svg" in (tmp_path / "page.html").read_text("utf-8")


def test_skin_tone_is_measured_in_the_photos_and_needs_no_list(run, words, monkeypatch):
    def tones(self, paths, progress):
        return {path: 50.0 if int(path.parent.name[6:]) < 8 else -40.0 for path in paths}

    monkeypatch.setattr("faceaccess.lab.measures.embedded_photos.PhotoModel.skin_tones", tones)
    without_list = [word for word in words if not word.endswith(".csv")]
    found = json_lines(run(*without_list, "--skin-tone", "--json"))
    assert {row["group"] for row in found[-1]["rows"]} == {"light", "dark"}
    assert {row["group"]: row["people"] for row in found[-1]["rows"]} == {"light": 8, "dark": 12}


def test_skin_of_another_models_crops_is_not_measured(painted):
    photos = sorted(painted.rglob("*.png"))[:1]
    with pytest.raises(FaceAccessError, match="crops of another model"):
        photo_model("sface", "cpu", no_cache=True).skin_tones(photos, lambda _done, _count: None)


def test_without_groups_or_with_a_useless_threshold_nothing_is_measured(run, words, monkeypatch):
    monkeypatch.setattr("faceaccess.lab.measures.all_pairs.LEAST_KEPT", 1)
    without_list = [word for word in words if not word.endswith(".csv")]
    assert run(*without_list).exit_code == 2
    result = run(*words, "--threshold", "3.9")
    assert result.exit_code == 1
    assert "accepts more than" in result.stderr
    without_threshold = [word for word in words if word not in ("--threshold", "0.3")]
    assert "no measured threshold" in run(*without_threshold).stderr


@pytest.mark.parametrize(
    ("content", "groups"),
    [
        ("person,gender\na,x\nb,y\n", {"a": "x", "b": "y"}),
        ("age,person,group\n3,a,x\n4,b,y\n", {"a": "x", "b": "y"}),
        ("group,person\nx,a\n", {"a": "x"}),
    ],
)
def test_the_column_of_groups_is_taken_from_a_list(tmp_path, content, groups):
    (tmp_path / "groups.csv").write_text(content, "utf-8")
    assert read_groups(tmp_path / "groups.csv") == groups


@pytest.mark.parametrize(
    "content", [b"", b"person\na\n", b"name,group\na,b\n", b"person,a,b\nx,y,z\n", b"\xff\xfe\x00"]
)
def test_another_file_is_said(tmp_path, content):
    (tmp_path / "groups.csv").write_bytes(content)
    with pytest.raises(FaceAccessError) as caught:
        read_groups(tmp_path / "groups.csv")
    assert "person,group" in caught.value.hint
