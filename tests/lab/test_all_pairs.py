import numpy as np
import pytest

from faceaccess.errors import FaceAccessError
from faceaccess.lab.measures.all_pairs import all_pairs, all_pairs_report
from tests.cli.conftest import json_lines


def measured(people, templates, probes, targets, **options):
    return all_pairs_report(
        all_pairs(people, templates, probes, greatest_fmr=max(targets), **options), targets
    )


def figures(report):
    return [(row.fmr_target, row.fnmr.mean, row.threshold) for row in report.rows]


def test_all_pairs_of_four_photos_at_known_distances():
    """On a circle: a's photos 0 and 40 degrees, b's 90 and 100."""
    angles = np.radians([0, 40, 90, 100])
    embeddings = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    report = measured(["a", "a", "b", "b"], embeddings, embeddings, (0.3, 0.2))
    assert (report.people, report.photos, report.mated, report.non_mated) == (2, 4, 2, 4)
    (_, at_one, one), (_, at_none, none) = figures(report)
    # Non-mated: 50, 60, 90 and 100 degrees. One of four may be accepted, then none.
    assert one == pytest.approx(2 - 2 * np.cos(np.radians(60)), abs=1e-5)
    assert none == pytest.approx(2 - 2 * np.cos(np.radians(50)), abs=1e-5)
    assert (at_one, at_none) == (0, 0)
    assert [row.fmr.mean for row in report.rows] == [0.25, 0]
    ((_, missed, _),) = figures(measured(["a", "b", "b", "a"], embeddings, embeddings, (0.0,)))
    # Mated now: 100 and 50 degrees; the nearest non-mated pair is 10 degrees apart.
    assert missed == 1.0


@pytest.mark.parametrize("people", [["a", "a"], ["a", "b"]])
def test_without_mated_or_non_mated_pairs_nothing_is_measured(people):
    with pytest.raises(FaceAccessError, match="no pairs"):
        measured(people, np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32), (0.1,))


def photos(count=300, people=80, seed=0):
    """Unit embeddings by templates and probes, the photos of a person near each other."""
    rng = np.random.default_rng(seed)
    whose = rng.integers(0, people, count)
    centres = rng.normal(size=(people, 16))[whose]
    ways = []
    for _ in range(2):
        rows = centres + 0.5 * rng.normal(size=centres.shape)
        ways.append((rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32))
    return [f"{number}" for number in whose], *ways


@pytest.mark.parametrize("rows_at_once", [1, 37, 300, 5000])
def test_blocks_are_equal_to_all_pairs_in_memory(rows_at_once):
    people, templates, probes = photos()
    targets = (1.0, 0.1, 1e-2, 1e-3, 1e-4)
    report = measured(people, templates, probes, targets, rows_at_once=rows_at_once)
    first, second = np.triu_indices(len(people), 1)
    distances = np.sum((templates[first].astype(np.float64) - probes[second]) ** 2, axis=1)
    is_mated = np.array(people)[first] == np.array(people)[second]
    mated, others = distances[is_mated], np.sort(distances[~is_mated])
    assert (report.mated, report.non_mated) == (len(mated), len(others))
    for row in report.rows:
        allowed = round(row.fmr_target * len(others) - 0.5) if row.fmr_target < 1 else len(others)
        limit = others[allowed] if allowed < len(others) else 4.0
        assert row.threshold == pytest.approx(limit, abs=1e-5)
        assert row.fmr.mean == pytest.approx(allowed / len(others))
        assert row.fmr.low <= row.fmr.mean <= row.fmr.high
        assert row.fnmr.mean == pytest.approx(np.mean(mated >= limit), abs=1.5 / len(mated))
    assert sum(report.mated_spread) == pytest.approx(1)
    assert sum(report.non_mated_spread) == pytest.approx(1)
    for fmr, fnmr in report.fnmr_by_fmr:
        limit = others[max(round(fmr * len(others)) - 1, 0)]
        assert fnmr == pytest.approx(np.mean(mated > limit), abs=1.5 / len(mated))


def test_the_command_prints_all_rates(run, painted):
    words = ("evaluate", "allpairs", "--photos", str(painted))
    (result,) = json_lines(run(*words, "--json"))
    assert (result["people"], result["photos"], result["mated"], result["non_mated"]) == (20, 60, 60, 1710)
    assert [row["fmr_target"] for row in result["rows"]] == [1e-2, 1e-3, 1e-4, 1e-5]
    assert [row["fnmr"]["mean"] for row in result["rows"]] == [0] * 4
    said = run(*words, "--beside", "blind", "--half", "odd").stdout
    assert "people (odd)" in said
    assert "blind" in said
