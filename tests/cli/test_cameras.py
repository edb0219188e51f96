"""Setting up cameras from the command line."""

import json
from pathlib import Path

import pytest

from faceaccess.codes import Passage
from faceaccess.settings import CameraSettings
from faceaccess.workspace import Workspace
from tests.cli.conftest import Folder, Run


def cameras(folder: Folder) -> tuple[CameraSettings, ...]:
    """The cameras as kept."""
    with Workspace.open(folder.path) as space:
        return space.policies.cameras()


def test_the_first_camera_added_takes_the_place_of_the_default(run: Run, folder: Folder) -> None:
    assert (
        run("cameras", "add", "Gate", "--source", "rtsp://ann:pw@10.0.0.7/a", "--direction", "in").exit_code
        == 0
    )
    assert (
        run("cameras", "add", "Yard", "--source", "1", "--door", "Back", "--region", "0,0,0.5,1").exit_code
        == 0
    )
    gate, yard = cameras(folder)
    assert (gate.name, gate.passage, gate.door) == ("Gate", Passage.IN, "Main door")
    assert (yard.door, yard.region) == ("Back", (0.0, 0.0, 0.5, 1.0))
    listed = run("cameras", "list").stdout
    assert "Gate: rtsp://10.0.0.7/a" in listed
    assert "pw" not in listed
    rows = [json.loads(line) for line in run("cameras", "list", "--json").stdout.splitlines()]
    assert [row["name"] for row in rows] == ["Gate", "Yard"]


def test_a_camera_is_changed_and_removed_by_name(run: Run, folder: Folder) -> None:
    run("cameras", "add", "Gate", "--source", "0")
    run("cameras", "add", "Yard", "--source", "1")
    assert run("cameras", "set", "yard", "--name", "Garden", "--smallest-face", "40").exit_code == 0
    assert (cameras(folder)[1].name, cameras(folder)[1].smallest_face_px, cameras(folder)[1].source) == (
        "Garden",
        40,
        "1",
    )
    assert run("cameras", "remove", "Gate").exit_code == 0
    assert [camera.name for camera in cameras(folder)] == ["Garden"]


def test_what_cannot_be_done_is_said(run: Run, folder: Folder) -> None:
    run("cameras", "add", "Gate", "--source", "0")
    for arguments, words in (
        (("set", "Yard", "--door", "x"), "There are: Gate."),
        (("add", "GATE", "--source", "1"), "Two cameras are called Gate"),
        (("set", "Gate", "--region", "0,0,2"), "four numbers"),
        (("set", "Gate", "--smallest-face", "3"), "it must be 20 to 1000 px"),
        (("remove", "Gate"), "needs a camera"),
        (("add", "Yard", "--source", "htp:/nonsense"), "There is no file or folder"),
        (("add", "Yard", "--source", "nonsense"), "is not a camera"),
        (("set", "Gate", "--source", "ftp://host/x"), "not the address of a camera"),
    ):
        result = run("cameras", *arguments)
        assert result.exit_code == 1
        assert words in result.stderr
    assert [camera.name for camera in cameras(folder)] == ["Gate"]


def test_a_file_is_kept_by_its_whole_path(
    run: Run, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that was given by its bare name and is gone was taken for a webcam, and waited for."""
    (tmp_path / "snapshots").mkdir()
    monkeypatch.chdir(tmp_path)
    run("cameras", "add", "Gate", "--source", "snapshots")
    assert cameras(folder)[0].source == str(tmp_path / "snapshots")


def test_only_a_recording_can_be_said_to_have_begun(run: Run, folder: Folder) -> None:
    result = run("watch", "--source", "0", "--began", "2026-01-05T08:00")
    assert (result.exit_code, "Only a recording" in result.stderr) == (1, True)
