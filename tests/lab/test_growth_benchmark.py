"""A data folder that has grown, made small: what is in it, and that each step measures it."""

from pathlib import Path

import pytest

from faceaccess.lab.benchmarks import growth_steps
from faceaccess.lab.benchmarks.growth import _fill, _known, _probes
from faceaccess.workspace import Workspace
from tests.cli.conftest import json_lines

PEOPLE, PHOTOS, ENTRIES = 12, 2, 40


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FACEACCESS_CONFIG_DIR", str(tmp_path / "config"))
    assert _fill(tmp_path / "data", _known(None), PEOPLE, PHOTOS, ENTRIES)["templates"] == PEOPLE * PHOTOS
    return tmp_path / "data"


@pytest.mark.models
def test_the_folder_is_whole_and_made_once(data: Path) -> None:
    with Workspace.open(data) as space:
        assert space.database.problems() == []
        assert space.journal.verify().is_good
        assert len(space.people.list()) == PEOPLE
        assert space.people.list("000003")[0].name == "Somebody 000003"
        assert space.journal.head().seq >= ENTRIES
    again = _fill(data, _known(None), PEOPLE + 5, PHOTOS, ENTRIES)
    assert (again["people"], again["seconds"]) == (PEOPLE, 0.0)


@pytest.mark.models
def test_what_is_opened_is_searched_and_looked_through(data: Path) -> None:
    opened = growth_steps.opened(data, _probes(_known(None), PEOPLE, PHOTOS))
    assert opened["nearest_is_right"] == 1.0
    assert growth_steps.loaded(data)["models_and_gallery_mb"] > 0
    found = growth_steps.health(data)
    assert found["seconds"] >= 0
    assert "few_photos" not in found


def test_people_with_the_most_photos_come_first(tmp_path: Path) -> None:
    for name, count in (("one", 1), ("three", 3), ("none", 0)):
        (tmp_path / name).mkdir()
        for number in range(count):
            (tmp_path / name / f"{number}.jpg").write_bytes(b"jpeg")
    table = growth_steps.table_of(tmp_path, 5, 2, tmp_path / "table.csv")
    lines = table.read_text(encoding="utf-8").splitlines()
    assert [line.count(".jpg") for line in lines] == [0, 2, 1]
    assert growth_steps.table_of(tmp_path, 0, 2, tmp_path / "table.csv") is None


@pytest.mark.slow
@pytest.mark.models
def test_every_step_is_measured(run) -> None:
    rows = json_lines(
        run("benchmark", "growth", "--people", "5", "--templates-each", "2", "--events", "9", "--json")
    )
    assert [row["step"] for row in rows] == [
        "filled", "opened", "loaded", "page People", "all pages", "health", "start",
    ]  # fmt: skip
    assert rows[3]["listed"] == 5
    assert 0 < rows[-1]["painted_s"] < rows[-1]["loaded_s"]
