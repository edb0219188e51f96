from pathlib import Path

import numpy as np
import pytest

from faceaccess.lab.measures.all_pairs import all_pairs
from faceaccess.lab.measures.estimates import Foretold, estimate_rows, foretold, halves
from faceaccess.recognition.intervals import Rate
from tests.cli.conftest import json_lines


def test_halves_are_everybody_once_and_others_each_time():
    names = [f"p{number}" for number in range(11)]
    first, second = halves(names, 0)
    assert (len(first), len(second), first | second) == (5, 6, set(names))
    assert not first & second
    assert halves(names, 0) == (first, second)
    assert halves(names, 1) != (first, second)


def test_what_held_is_counted():
    def one(actual):
        return [Foretold("FMR", Rate(0.2, 0.1, 0.3), actual), Foretold("FNMR", Rate(0.5, 0.4, 0.6), 0.5)]

    fmr, fnmr = estimate_rows([one(actual) for actual in (0.1, 0.2, 0.3, 0.05, 0.31, 0.4)])
    assert (fmr.error, fmr.splits, fmr.held, fmr.below, fmr.above) == ("FMR", 6, 3, 1, 2)
    assert fmr.predicted == Rate(0.2, 0.1, 0.3)
    assert (fnmr.held, fnmr.below, fnmr.above) == (6, 0, 0)


def people(spread, count=240):
    """Embeddings of people of one to three photos, whose photos are as unlike as it says."""
    rng = np.random.default_rng(3)
    folders, rows = {}, {}
    for number in range(count):
        centre = rng.normal(size=16)
        paths = [Path(f"p{number}/{place}.jpg") for place in range(rng.integers(1, 4))]
        folders[f"p{number}"] = paths
        for path in paths:
            row = centre + spread(number) * rng.normal(size=16)
            rows[path] = (row / np.linalg.norm(row)).astype(np.float32)
    return folders, rows


def measured(spread, splits):
    folders, rows = people(spread)
    names = [name for name, paths in folders.items() for _ in paths]
    table = np.stack(list(rows.values()))
    pairs = all_pairs(names, table, table, greatest_fmr=0.05)
    options = {"people": 30, "seeds": range(splits), "progress": lambda _done, _count: None}
    return estimate_rows(foretold(pairs, folders, (rows, rows), **options))


def test_estimates_on_people_of_one_kind_come_true():
    rows = measured(lambda _number: 0.5, 40)
    assert [row.error for row in rows] == [
        "FMR, threshold at 0.001",
        "FNMR, threshold at FMR 0.001",
        "FMR, threshold at 0.0001",
        "FNMR, threshold at FMR 0.0001",
        "FPIR, threshold at 0.01",
        "FNIR, threshold at FPIR 0.01",
    ]
    assert all(row.held >= 36 for row in rows), rows
    assert all(row.held + row.below + row.above == 40 for row in rows)


def test_the_command_counts_and_judges(run, painted):
    words = ("evaluate", "estimates", "--photos", str(painted), "--splits", "3", "--people", "4")
    (found,) = json_lines(run(*words, "--json"))
    assert [row["splits"] for row in found["rows"]] == [3] * 6
    assert [row["held"] for row in found["rows"]] == [3] * 6
    assert "held in 100% of the splits at least: as it should be" in run(*words).stdout
    too_many = run("evaluate", "estimates", "--photos", str(painted), "--people", "40")
    assert too_many.exit_code == 1
    assert "--people" in too_many.stderr


def test_seldom_held_is_said(run, painted, monkeypatch):
    def wrong(*_args, seeds, **_options):
        return [[Foretold("FMR", Rate(0.1, 0.1, 0.1), 0.2)] for _ in seeds]

    monkeypatch.setattr("faceaccess.lab.measures.estimates.foretold", wrong)
    said = run("evaluate", "estimates", "--photos", str(painted), "--splits", "3").stdout
    assert "held in 0% of the splits at least: too seldom" in said


@pytest.mark.parametrize("actual", [0.1, 0.3])
def test_the_ends_belong_to_the_interval(actual):
    assert Foretold("FMR", Rate(0.2, 0.1, 0.3), actual).is_held
