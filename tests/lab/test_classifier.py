import sys
from pathlib import Path

import numpy as np
import pytest

from faceaccess.lab.measures.classifier_report import added_s, classified, classifier_rows
from faceaccess.lab.measures.identification import identify, open_set
from tests.cli.conftest import json_lines


def people(noise, count=60, photos=3):
    rng = np.random.default_rng(5)
    folders, rows = {}, {}
    for number in range(count):
        centre = rng.normal(size=32)
        folders[f"p{number}"] = [Path(f"p{number}/{place}.jpg") for place in range(photos)]
        for path in folders[f"p{number}"]:
            row = centre + noise * rng.normal(size=32)
            rows[path] = (row / np.linalg.norm(row)).astype(np.float32)
    return folders, rows


def test_both_ways_are_right_about_people_who_are_easily_told():
    folders, rows = people(0.1)
    split = open_set(folders, set(rows), people=30, photos_each=2)
    machine, trained_s = classified(split, rows, rows)
    assert (machine.people, machine.photos_each, len(machine.names)) == (30, 2, 30)
    assert machine.is_right.all()
    assert machine.names == identify(split, rows, rows).names
    assert not machine.missed_at(0.01).any()
    assert trained_s > 0


def test_a_certain_stranger_is_as_near_as_anybody_enrolled():
    """A stranger with the face of somebody enrolled is accepted first, whichever way it is."""
    folders, rows = people(0.1)
    split = open_set(folders, set(rows), people=30, photos_each=2)
    rows[split.non_mated[7]] = rows[split.gallery[0][1]]
    machine, _ = classified(split, rows, rows)
    assert machine.stranger_near.argmin() == 7
    assert (machine.near > 0).all()


def test_rows_state_both_ways_and_their_difference():
    folders, rows = people(0.6)
    splits = [open_set(folders, set(rows), people=20, photos_each=1, seed=seed) for seed in range(2)]
    compared, cost = classifier_rows(splits, rows, rows, lambda _done, _count: None)
    assert [row.fpir_target for row in compared] == [1e-2, 3e-3, 1e-3]
    for row in compared:
        assert row.difference.mean == pytest.approx(row.classifier.mean - row.nearest.mean)
    assert cost.people == 20
    assert cost.trained_s > cost.added_s > 0


def test_a_row_is_added_to_a_gallery_of_the_others():
    _, rows = people(0.1)
    assert 0 < added_s(np.stack(list(rows.values()))) < 5


def test_it_is_said_that_scikit_learn_is_missing(run, painted, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.svm", None)
    monkeypatch.delitem(sys.modules, "faceaccess.lab.measures.sklearn_peer", raising=False)
    monkeypatch.delattr("faceaccess.lab.measures.sklearn_peer", raising=False)
    result = run("evaluate", "classifier", "--photos", str(painted))
    assert result.exit_code == 1
    assert "scikit-learn isn't installed" in result.stderr
    assert "faceaccess[compare]" in result.stderr


def test_the_command_prints_both_ways(run, painted, tmp_path):
    words = (
        "evaluate",
        "classifier",
        "--photos",
        str(painted),
        "--people",
        "4",
        "--people",
        "6",
        "--draws",
        "2",
    )
    (found,) = json_lines(run(*words, "--json"))
    assert [row["people"] for row in found["rows"]] == [4, 4, 4, 6, 6, 6]
    assert [row["nearest"]["mean"] for row in found["rows"]] == [0] * 6
    assert [cost["people"] for cost in found["newcomer"]] == [4, 6]
    assert "One newcomer" in run(*words).stdout
