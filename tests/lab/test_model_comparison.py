import numpy as np
import pytest

from faceaccess.lab.measures.all_pairs import all_pairs
from faceaccess.lab.measures.identification import Identified
from faceaccess.lab.measures.model_comparison import Verdict, compared_draws, compared_pairs
from tests.cli.conftest import json_lines


def drawn(wrong, people=200):
    """A draw of one probe a person, of whom some are missed."""
    names = tuple(f"p{number:03d}" for number in range(people))
    is_right = np.array([number not in wrong for number in range(people)])
    far = np.linspace(1, 2, 100, dtype=np.float32)
    return Identified(people, 1, names, np.full(people, 0.5, np.float32), is_right, far)


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        (range(40), range(20), Verdict.SECOND),
        (range(20), range(40), Verdict.FIRST),
        # As often wrong, about other people.
        (range(20), range(20, 40), Verdict.NEITHER),
        # One more miss of twenty.
        (range(21), range(20), Verdict.NEITHER),
        (range(20), range(20), Verdict.NEITHER),
    ],
)
def test_a_model_is_better_only_where_chance_can_not_have_done_it(first, second, verdict):
    rows = compared_draws([drawn(set(first))], [drawn(set(second))])
    assert [row.verdict for row in rows] == [verdict] * 4
    assert rows[0].first - rows[0].second == pytest.approx(rows[0].difference.mean)
    assert rows[1].measure == "FNIR at FPIR 0.01"


def test_equal_models_are_seldom_told_apart():
    """Both miss a tenth of the people by chance: of 100 comparisons about five may say otherwise."""
    rng = np.random.default_rng(2)
    said = 0
    for _ in range(100):
        first, second = (set(np.flatnonzero(rng.random(200) < 0.1)) for _ in range(2))
        said += compared_draws([drawn(first)], [drawn(second)])[0].verdict != Verdict.NEITHER
    assert said <= 10


def test_other_photos_are_refused():
    with pytest.raises(ValueError, match="same photos"):
        compared_draws([drawn(set())], [drawn(set(), people=3)])


def test_pairs_are_compared_person_by_person():
    """The second model takes twenty of a hundred people's second photos for somebody else's."""
    rng = np.random.default_rng(0)
    axes = rng.normal(size=(200, 64)).astype(np.float32)
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    people = [f"{number:03d}" for number in range(100)] * 2
    good, bad = np.concatenate([axes[:100], axes[:100]]), np.concatenate([axes[:100], axes[:100]])
    bad[100:120] = axes[100:120]
    first, second = (all_pairs(people, rows, rows, greatest_fmr=1e-3) for rows in (good, bad))
    rows = compared_pairs(first, second)
    assert [row.measure for row in rows] == ["FNMR at FMR 0.001", "FNMR at FMR 0.0001", "FNMR at FMR 1e-05"]
    assert {row.verdict for row in rows} == {Verdict.FIRST}
    assert (rows[0].first, rows[0].second) == (0, pytest.approx(0.2))
    with pytest.raises(ValueError, match="same photos"):
        compared_pairs(first, all_pairs(people[1:], good[1:], good[1:], greatest_fmr=1e-3))


def test_the_command_names_no_winner_of_two_that_are_equal(run, painted, tmp_path):
    words = (
        "evaluate",
        "compare",
        "sface",
        "blind",
        "--photos",
        str(painted),
        "--people",
        "5",
        "--draws",
        "2",
    )
    (found,) = json_lines(run(*words, "--json"))
    assert found["model_ids"] == ["sface:1", "blind:1"]
    assert found["photos"] == 57
    assert [row["verdict"] for row in found["rows"]] == ["may be chance"] * 7
    result = run(*words, "--html", str(tmp_path / "page.html"))
    assert "FNIR at FPIR 0.001" in result.stdout
    text = (tmp_path / "page.html").read_text("utf-8")
    assert "may be chance" in text
    assert text.count("<svg") == 1
