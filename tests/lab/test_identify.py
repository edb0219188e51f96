"""`evaluate identify` on painted people: one colour is one person."""

import pytest

from faceaccess.lab.evaluations import identify as evaluate_identify
from tests.cli.conftest import json_lines


@pytest.fixture
def photos(painted, painted_model, monkeypatch):
    monkeypatch.setattr(evaluate_identify, "load_recogniser", painted_model)
    return painted


def test_figures_and_counts_as_json(run, photos):
    result = run("evaluate", "identify", "--photos", str(photos), "--people", "5", "--draws", "3", "--json")
    (found,) = json_lines(result)
    assert (found["model_id"], found["seeds"], found["half"]) == ("sface:1", [0, 1, 2], "all")
    assert (found["people"], found["draws"], found["mated_probes"], found["non_mated_probes"]) == (
        5,
        3,
        30,
        135,
    )
    assert (found["photos"], found["photos_usable"], found["photos_without_face"]) == (60, 60, {"sface:1": 0})
    assert found["rank_1"] == 1
    assert [row["fpir_target"] for row in found["rows"]] == [1e-2, 3e-3, 1e-3]
    assert found["rows"][0]["fnir"] == {"mean": 0, "low": 0, "high": pytest.approx(0.285, abs=1e-3)}


def test_others_stand_in_the_way_and_are_not_searched_for(run, photos):
    for number in range(8):
        for place in (1, 2):
            (photos / f"person{number}" / f"{place}.png").unlink()
    words = ("--photos", str(photos), "--people", "5", "--others", "6", "--draws", "2")
    (found,) = json_lines(run("evaluate", "identify", *words, "--json"))
    assert (found["people"], found["others"], found["mated_probes"]) == (11, 6, 20)
    assert "11 people enrolled (6 of them without a probe)" in run("evaluate", "identify", *words).stdout


def test_another_model_is_measured_on_the_photos_that_both_can_use(run, photos):
    words = ("--photos", str(photos), "--people", "5", "--draws", "2", "--beside", "blind")
    (found,) = json_lines(run("evaluate", "identify", *words, "--threshold", "0.5", "--json"))
    assert found["photos_without_face"] == {"sface:1": 0, "blind:1": 3}
    assert found["photos_usable"] == 57
    assert found["beside"]["model_id"] == "blind:1"
    assert found["beside"]["mated_probes"] == found["mated_probes"]
    assert [row["fpir_target"] for row in found["rows"]] == [1e-2, 3e-3, 1e-3, None]
    assert [row["fpir_target"] for row in found["beside"]["rows"]] == [1e-2, 3e-3, 1e-3]
    assert [row["mean"] for row in found["fnir_difference"]] == [0, 0, 0]
    said = run("evaluate", "identify", *words).stdout
    assert "0 of 84 stranger photos over 2 draws" in said
    assert "FNIR of sface less that of blind, on the same photos: +0.0000 (+0.0000 to +0.0000)" in said


def test_recipes_are_compared(run, photos):
    words = ("--photos", str(photos), "--people", "5", "--recipes")
    (found,) = json_lines(run("evaluate", "identify", *words, "--json"))
    assert [row["recipe"] for row in found["recipes"]][0] == "t1p1"
    assert found["recipes"][0]["difference"]["mean"] == 0
    said = run("evaluate", "identify", *words).stdout
    assert "t10p2" in said
    assert run("evaluate", "identify", *words, "--beside", "blind").exit_code == 2


def test_a_wrong_list_of_people_ends_the_command_clearly(run, photos, tmp_path):
    (tmp_path / "out.csv").write_text("a,b\n", "utf-8")
    result = run("evaluate", "identify", "--photos", str(photos), "--leave-out", str(tmp_path / "out.csv"))
    assert result.exit_code == 1
    assert "no columns person and other" in result.stderr
