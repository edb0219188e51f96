"""`faceaccess learn`: a network trained and added, never beside a door, and adapting without consent."""

import shutil
from pathlib import Path

import pytest

from faceaccess.learning.photos import photos_of
from faceaccess.workspace import Workspace
from tests.cli.conftest import Folder, Run, json_lines


@pytest.mark.lfw
@pytest.mark.slow
def test_a_network_is_trained_added_followed_by_another_and_removed(
    run: Run, folder: Folder, lfw: Path, tmp_path: Path
) -> None:
    photos = tmp_path / "photos"
    several = {name: files for name, files in photos_of(lfw / "images").items() if len(files) > 1}
    for name in sorted(several)[:24]:
        (photos / name).mkdir(parents=True)
        for path in several[name][:2]:
            shutil.copy(path, photos / name)
    with Workspace.open(folder.path):
        quick = (
            "--network",
            "SMALL",
            "--steps",
            "4",
            "--judge-every",
            "2",
            "--people",
            "6",
            "--threads",
            "1",
        )
        busy = run("learn", "train", str(photos), "--out", str(tmp_path / "m"), *quick)
        assert busy.exit_code == 3
        assert "would take the processor from a door" in busy.output
    done = run("learn", "train", str(photos), "--out", str(tmp_path / "m"), "--name", "first", *quick)
    assert done.exit_code == 0, done.output
    assert "first: SMALL, 729,360 parameters" in done.output
    assert "step 4: loss" in done.output
    assert "first is among the models" in done.output
    assert any(
        row["name"] == "first" and row["is_added"] for row in json_lines(run("models", "list", "--json"))
    )
    again = run("learn", "train", str(photos), "--out", str(tmp_path / "m"), *quick)
    assert (again.exit_code, "holds a finished model" in again.output) == (1, True)
    second = run(
        "learn", "train", str(photos), "--out", str(tmp_path / "n"), "--name", "second",
        "--compatible-with", str(tmp_path / "m"), "--json", *quick,
    )  # fmt: skip
    assert second.exit_code == 0, second.output
    (card,) = json_lines(second)
    assert card["arguments"]["compatible_with"].startswith("first:")
    assert run("models", "remove", "first").exit_code == 0
    assert run("models", "add", str(tmp_path / "m")).exit_code == 0
    refused = run("models", "remove", "sface")
    assert (refused.exit_code, "Only such models" in refused.output) == (1, True)


def test_what_cannot_be_learned_from_is_said(run: Run, folder: Folder, tmp_path: Path) -> None:
    with Workspace.open(folder.path):
        pass
    adapted = run("learn", "adapt")
    assert adapted.exit_code == 1
    assert "Too few people agreed to it and have two pictures or more: 0." in adapted.output
    for words, says in (
        (("--network", "NN9"), "There are: NN1"),
        (("--device", "tpu"), "no device tpu"),
        ((), "is not a folder"),
    ):
        result = run("learn", "train", str(tmp_path / "none"), "--out", str(tmp_path / "m"), *words)
        assert (result.exit_code, says in result.output) == (1, True), result.output
