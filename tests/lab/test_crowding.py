from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from faceaccess.lab.measures.crowding import (
    Crowd,
    CrowdRow,
    WorstRatio,
    crowd_rows,
    crowded,
    is_worth_it,
)
from faceaccess.lab.measures.identification import OpenSet, identify, open_set
from faceaccess.recognition.group_errors import GroupRow
from faceaccess.recognition.intervals import Rate
from tests.cli.conftest import json_lines


def on_a_circle(**degrees):
    return {
        Path(name): np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))], np.float32)
        for name, angle in degrees.items()
    }


def squared(degrees):
    return 2 - 2 * np.cos(np.radians(degrees))


def test_distances_of_three_people_by_hand():
    """Enrolled at 0, 10 and 90 degrees; a probe of the first at 4 and a stranger at 95."""
    faces = on_a_circle(a=0, b=10, c=90, probe=4, stranger=95)
    split = OpenSet(
        (("a", Path("a")), ("b", Path("b")), ("c", Path("c"))),
        (("a", Path("probe")),),
        (Path("stranger"),),
    )
    by_crowd = {crowd: crowded(split, faces, faces, crowd) for crowd in Crowd}
    near = {crowd: float(draw.near[0]) - 2 for crowd, draw in by_crowd.items()}
    plain, of_probe, of_template = squared(4), (squared(6) + squared(86)) / 4, (squared(10) + squared(90)) / 4
    assert near[Crowd.NONE] == pytest.approx(plain, abs=1e-5)
    assert near[Crowd.PROBE] == pytest.approx(plain - of_probe, abs=1e-5)
    assert near[Crowd.TEMPLATE] == pytest.approx(plain - of_template, abs=1e-5)
    assert near[Crowd.BOTH] == pytest.approx(plain - (of_probe + of_template) / 2, abs=1e-5)
    assert all(draw.is_right.all() for draw in by_crowd.values())
    # Nobody enrolled is near the stranger but c: the limit is looser there.
    stranger = float(by_crowd[Crowd.PROBE].stranger_near[0]) - 2
    assert stranger == pytest.approx(squared(5) - (squared(85) + squared(95)) / 4, abs=1e-5)


def people(count=120, seed=0):
    """Half of the people are crowded together; photos of a person differ alike everywhere."""
    rng = np.random.default_rng(seed)
    folders, rows = {}, {}
    for number in range(count):
        centre = rng.normal(size=24) + (0 if number % 2 else 0.5)
        folders[f"p{number}"] = [Path(f"p{number}/{place}.jpg") for place in range(3)]
        for path in folders[f"p{number}"]:
            row = centre + 0.5 * rng.normal(size=24)
            rows[path] = (row / np.linalg.norm(row)).astype(np.float32)
    return folders, rows


def test_the_plain_distance_is_the_usual_search():
    folders, rows = people()
    split = open_set(folders, set(rows), people=30, photos_each=1)
    plain, usual = crowded(split, rows, rows, Crowd.NONE), identify(split, rows, rows)
    assert plain.near == pytest.approx(usual.near + 2, abs=1e-5)
    assert (plain.is_right == usual.is_right).all()
    assert plain.names == usual.names


def test_crowded_people_fare_more_alike_with_the_crowd_counted():
    folders, rows = people(count=400)
    groups = {name: "crowded" if int(name[1:]) % 2 == 0 else "lonely" for name in folders}
    splits = [open_set(folders, set(rows), people=60, photos_each=1, seed=seed) for seed in range(2)]
    whose = {path: name for name, paths in folders.items() for path in paths}
    found = {row.crowd: row for row in crowd_rows(splits, rows, rows, whose, {"kind": groups})}
    assert [rate.mean for rate in found[Crowd.NONE].difference.values()] == [0, 0, 0]
    before, after = (
        next(ratio.row for ratio in found[crowd].worst if ratio.error == "FPIR")
        for crowd in (Crowd.NONE, Crowd.PROBE)
    )
    assert before.group == "crowded"
    assert after.times_best.mean < before.times_best.mean


def row_with(times, misses):
    rate = Rate(times, 0, 9)
    group = GroupRow("worst", 200, 100, Rate(0.1, 0, 1), rate, is_worse=True)
    worst = (
        WorstRatio("kind", "FPIR", group),
        WorstRatio("kind", "FNIR", replace(group, times_best=Rate(9, 8, 10))),
    )
    return CrowdRow(Crowd.PROBE, {0.01: rate}, {0.01: Rate(misses, -1, 1)}, worst)


@pytest.mark.parametrize(
    ("times", "misses", "is_worth"),
    [(2.0, 0.0, True), (2.1, 0.0, False), (1.0, 0.001, False), (1.0, -0.01, True)],
)
def test_worth_it_is_a_third_less_unlike_and_nobody_missed_more(times, misses, is_worth):
    assert is_worth_it(row_with(times, misses), row_with(3.0, 0.0)) is is_worth


def test_the_command_reports_and_changes_nothing(run, painted, tmp_path):
    lines = [f"person{number},{'even' if number % 2 == 0 else 'odd'}" for number in range(20)]
    (tmp_path / "kinds.csv").write_text("\n".join(["person,kind", *lines]), "utf-8")
    words = ("evaluate", "crowd", str(tmp_path / "kinds.csv"), "--photos", str(painted))
    words = (*words, "--people", "5", "--draws", "2")
    found = json_lines(run(*words, "--json"))
    assert [row["crowd"] for row in found] == [crowd.value for crowd in Crowd]
    assert [row["is_worth_it"] for row in found] == [False] * 4
    assert "both: not worth it" in run(*words).stdout
    assert run("evaluate", "crowd", "--photos", str(painted)).exit_code == 2
