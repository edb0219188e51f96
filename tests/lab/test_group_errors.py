import numpy as np
import pytest

from faceaccess.lab.measures.all_pairs import all_pairs
from faceaccess.lab.measures.group_errors import detection_table, draw_tables, pair_tables
from faceaccess.lab.measures.identification import Identified


def rows(table):
    return {row.group: row for row in table.rows}


def on_a_circle(degrees):
    angles = np.radians(degrees)
    return np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)


def test_pairs_of_two_small_groups_by_hand():
    """Three people of one photo in each group, at degrees; one of the second has another 50 degrees off."""
    embeddings = on_a_circle([0, 20, 60, 180, 190, 200, 250])
    people = ["a", "b", "c", "x", "y", "z", "z"]
    measured = all_pairs(people, embeddings, embeddings, greatest_fmr=1)
    limit = 2 - 2 * np.cos(np.radians(25))
    group_of = dict.fromkeys("abc", "first") | dict.fromkeys("xyz", "second")
    false_accepts, false_rejects = pair_tables(measured, group_of, limit)
    # Within: 20 of 20, 40, 60; and 10, 10, 20 of these and 60, 70.
    assert [row.group for row in false_accepts.rows] == ["second", "first"]
    accepted = rows(false_accepts)
    assert (accepted["first"].rate.mean, accepted["first"].cases) == (pytest.approx(1 / 3), 3)
    assert (accepted["second"].rate.mean, accepted["second"].cases) == (pytest.approx(3 / 5), 5)
    assert accepted["second"].times_best.mean == pytest.approx(1.8)
    assert accepted["first"].times_best is None
    assert not accepted["second"].is_worse
    # Of all 20 non-mated pairs these four are accepted; that is one of the second group's five.
    assert false_accepts.everybody == pytest.approx(4 / 20)
    assert accepted["second"].threshold == pytest.approx(2 - 2 * np.cos(np.radians(10)), abs=1e-5)
    assert accepted["first"].threshold is None
    assert {group: row.rate.mean for group, row in rows(false_rejects).items()} == {"second": 1}


def faces(pairs_alike, people=400, seed=0):
    """Photos of people in two groups, some pairs of the first group's being alike."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(people, 32))
    for pair in range(pairs_alike):
        rows[2 * pair + 1] = rows[2 * pair] + 0.2 * rng.normal(size=32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    both = np.concatenate([rows, rows]).astype(np.float32)
    names = [f"{number:03d}" for number in range(people)]
    groups = {name: "alike" if int(name) < people // 2 else "unlike" for name in names}
    return all_pairs(names * 2, both, both, greatest_fmr=0.5), groups


@pytest.mark.parametrize(("pairs_alike", "is_worse"), [(60, True), (0, False)])
def test_a_group_is_called_worse_only_where_the_interval_of_the_ratio_excludes_one(pairs_alike, is_worse):
    measured, group_of = faces(pairs_alike)
    false_accepts, _ = pair_tables(measured, group_of, measured.threshold_at(1e-3))
    assert rows(false_accepts)["alike"].is_worse is is_worse
    assert not rows(false_accepts)["unlike"].is_worse


def test_equal_groups_are_seldom_called_worse():
    said = 0
    for seed in range(40):
        measured, group_of = faces(0, people=220, seed=seed)
        false_accepts, _ = pair_tables(measured, group_of, measured.threshold_at(3e-3))
        said += any(row.is_worse for row in false_accepts.rows)
    assert said <= 4


def test_a_small_group_is_not_what_others_are_compared_with():
    """Nobody of a group of five is missed, which says little."""
    faces_of = {f"p{number}": [number % 10 > 0] for number in range(300)}
    faces_of |= {f"few{number}": [True] for number in range(5)}
    group_of = {name: "few" if name.startswith("few") else f"half {len(name) % 2}" for name in faces_of}
    table = detection_table(faces_of, group_of)
    few = rows(table)["few"]
    assert few.rate.mean == 0
    assert few.times_best is not None
    assert few.times_best.high > 1


def test_searches_by_group_by_hand():
    """Two draws of three probes and four strangers; "left" is where the errors are."""
    group_of = {"l1": "left", "l2": "left", "r1": "right", "r2": "right", "sl": "left", "sr": "right"}
    near, is_right = np.array([0.5, 0.9, 0.5], np.float32), np.array([True, True, True])
    strangers_near = np.array([0.6, 0.7, 0.9, 0.95], np.float32)
    draws = [
        Identified(3, 1, names, near, is_right, strangers_near)
        for names in (("l1", "l2", "r1"), ("r2", "l1", "r1"))
    ]
    false_accepts, false_rejects = draw_tables(
        draws, [["sl", "sl", "sr", "sr"], ["sl", "x", "sl", "sr"]], group_of, 0.75
    )
    assert {group: row.rate.mean for group, row in rows(false_rejects).items()} == {"left": 0.75, "right": 0}
    assert {group: row.rate.mean for group, row in rows(false_accepts).items()} == {"left": 0.75, "right": 0}
    assert false_accepts.everybody == 0.5
    # Half of the left ones' photos are 0.6, 0.7, 0.6 and 0.9: two of four lie below 0.7.
    assert rows(false_accepts)["left"].threshold == pytest.approx(0.7, abs=1e-6)


def test_photos_without_a_face_by_group():
    faces_of = {"a": [True, False], "b": [True], "c": [True, True]}
    table = detection_table(faces_of, {"a": "one", "b": "one", "c": "two"})
    assert table.everybody == pytest.approx(1 / 5)
    assert [(row.group, row.rate.mean, row.people, row.cases) for row in table.rows] == [
        ("one", pytest.approx(1 / 3), 2, 3),
        ("two", 0, 1, 2),
    ]
