"""`evaluate pairs` on painted people, its result kept and compared."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from faceaccess.lab.measures import saved_pairs
from faceaccess.lab.measures.pair_evaluation import Pair, pair_result
from tests.builders import make_embedding
from tests.cli.conftest import json_lines


@pytest.fixture
def listed(tmp_path, painted_model):
    """Forty people of two photos in two folds; the words of the command."""
    lines = ["2\t10"]
    for number in range(40):
        folder = tmp_path / "photos" / f"P{number}"
        folder.mkdir(parents=True)
        for place in (1, 2):
            picture = np.full((100, 100, 3), 5 * number, np.uint8)
            cv2.imwrite(str(folder / f"P{number}_{place:04d}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 100])
    for fold in range(2):
        lines += [f"P{number}\t1\t2" for number in range(20 * fold, 20 * fold + 10)]
        lines += [f"P{number}\t1\tP{number + 10}\t1" for number in range(20 * fold, 20 * fold + 10)]
    (tmp_path / "pairs.txt").write_text("\n".join(lines), "utf-8")
    return "evaluate", "pairs", "--photos", str(tmp_path / "photos"), "--pairs", str(tmp_path / "pairs.txt")


def test_figures_are_printed_and_written(run, listed, tmp_path):
    (figures,) = json_lines(run(*listed, "--json"))
    assert (figures["accuracy"], figures["auc"], figures["eer"], figures["fte"]) == (1, 1, 0, 0)
    assert (figures["accuracy_deviation"], figures["val_deviation"]) == (0, 0)
    assert (figures["model_id"], figures["counts"]["photos"]) == ("sface:1", 60)
    said = run(*listed, "--html", str(tmp_path / "page.html")).stdout
    assert "1.0000 ± 0.0000" in said
    assert (tmp_path / "page.html").read_text("utf-8").count("<svg") == 2


def test_photos_without_a_face_are_told(run, listed):
    """The model "blind" sees no face in two photos of one person."""
    (_, blind) = json_lines(run(*listed, "--beside", "blind", "--json"))
    assert blind["fte"] == pytest.approx(2 / 60)


def test_a_result_is_compared_with_a_saved_one(run, listed, tmp_path):
    file = tmp_path / "kept.json"
    assert run(*listed, "--save", str(file)).exit_code == 0
    result = run(*listed, "--compare", str(file), "--json")
    assert result.exit_code == 0
    compared = json_lines(result)[0]["compared"]
    assert (compared["is_worse"], compared["accuracy"]["mean"], compared["earlier_model_id"]) == (
        False,
        0,
        "sface:1",
    )
    assert "not worse" in run(*listed, "--compare", str(file)).stdout


def test_a_worse_result_ends_with_its_own_code(run, listed, tmp_path):
    """The saved one was right about all; the new one is blind to a fifth of the people."""
    file = tmp_path / "kept.json"
    run(*listed, "--save", str(file))
    for number in (0, 3, 7, 22, 26, 28):
        for photo in (tmp_path / "photos" / f"P{number}").iterdir():
            cv2.imwrite(str(photo), np.full((100, 100, 3), 30, np.uint8))
    result = run(*listed, "--compare", str(file), "--model", "blind", "--json")
    assert result.exit_code == 4
    compared = json_lines(result)[0]["compared"]
    assert compared["is_worse"]
    assert compared["val"]["high"] < 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda kept: kept | {"format": "something else"}, "no saved result"),
        (lambda kept: kept | {"is_right": "12"}, "no saved result"),
        (lambda kept: kept | {"is_right": 1}, "no saved result"),
        (lambda kept: {}, "no saved result"),
        (lambda kept: [], "no saved result"),
        (lambda kept: kept | {"is_right": "1"}, "other pairs"),
        (lambda kept: kept | {"list_sha256": "0"}, "other pairs"),
    ],
)
def test_another_file_is_compared_with_nothing(run, listed, tmp_path, change, said):
    file = tmp_path / "kept.json"
    run(*listed, "--save", str(file))
    file.write_text(json.dumps(change(json.loads(file.read_text("utf-8")))), "utf-8")
    result = run(*listed, "--compare", str(file))
    assert result.exit_code == 1
    assert said in result.stderr


def test_two_models_are_not_saved_at_once(run, listed, tmp_path):
    assert run(*listed, "--beside", "blind", "--save", str(tmp_path / "kept.json")).exit_code == 2


def test_a_few_pairs_lost_by_chance_are_not_called_worse():
    """One mated pair of a hundred people is lost, and another won."""
    people = [f"{number}" for number in range(100)]
    axes = {name: make_embedding(int(name), 64) for name in people}
    paths = {name: (_path(name, "a"), _path(name, "b")) for name in people}
    embeddings = {path: axes[name] for name, pair in paths.items() for path in pair}
    pairs = [Pair(*paths[name], True, 0) for name in people]
    pairs += [
        Pair(paths[name][0], paths[other][0], False, 0)
        for name, other in zip(people, people[1:], strict=False)
    ]
    earlier, later = dict(embeddings), dict(embeddings)
    earlier[paths["7"][1]] = -axes["7"]
    later[paths["9"][1]] = -axes["9"]
    kept, new = (pair_result(pairs, rows, rows) for rows in (earlier, later))
    saved = saved_pairs.SavedPairs("old:1", "", kept.is_right, kept.is_accepted)
    assert not saved_pairs.compare(pairs, new, saved).is_worse
    many = dict(embeddings)
    many.update({paths[str(number)][1]: -axes[str(number)] for number in range(10, 20)})
    worse = saved_pairs.compare(pairs, pair_result(pairs, many, many), saved)
    assert worse.is_worse
    assert worse.val.mean == pytest.approx(-0.09)


def _path(name, kind):
    return Path(name) / f"{name}{kind}.jpg"
