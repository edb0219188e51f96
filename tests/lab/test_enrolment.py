"""`evaluate quality` and `evaluate doubles` on a handful of real people."""

import json

import pytest
from typer.testing import CliRunner

from faceaccess.cli.app import app

pytestmark = [pytest.mark.lfw, pytest.mark.models]


def run(*words):
    result = CliRunner().invoke(app, ["evaluate", *words, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout.splitlines()[-1])


@pytest.fixture
def few(lfw, tmp_path):
    """Two people with many photos, six with two, and twelve with one."""
    folder = tmp_path / "few"
    folder.mkdir()
    wanted = {10: 2, 2: 6, 1: 12}
    for found in sorted((lfw / "images").iterdir()):
        count = len(list(found.iterdir()))
        kind = 10 if 10 <= count < 14 else count if count in (1, 2) else 0
        if wanted.get(kind, 0):
            wanted[kind] -= 1
            (folder / found.name).symlink_to(found)
    return folder


@pytest.mark.slow
def test_quality_counts_refused_photos_and_misses(few):
    figures = run("quality", "--photos", str(few))
    assert figures["people"] == 2
    assert figures["refused"]["clean"] < 0.3
    assert {row["photos_each"] for row in figures["misses"]} == {1, 3}
    problems = {row["problem"] for row in figures["gates"]}
    assert {"face_blurred", "unclear", "turned_away"} <= problems


@pytest.mark.slow
def test_doubles_are_stopped_and_others_hardly_questioned(few):
    figures = run("doubles", "--photos", str(few), "--people", "6", "--newcomers", "12")
    assert (figures["doubles"], figures["newcomers"]) == (6, 12)
    assert figures["at_the_limit"]["stopped"] > 0.6
    assert figures["at_the_limit"]["questioned"] < 0.3
    shares = [row["questioned"] for row in figures["curve"]]
    assert shares == sorted(shares)
