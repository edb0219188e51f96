from pathlib import Path

import numpy as np
import pytest

from faceaccess.errors import FaceAccessError
from faceaccess.lab.measures.pair_evaluation import Pair, pair_result, read_pairs


def test_a_list_in_lfws_format_is_read(tmp_path):
    (tmp_path / "pairs.txt").write_text("2 1\nAnn 1 2\nAnn 1 Bob 3\nCyn 2 4\nBob 1 Cyn 1\n", "utf-8")
    pairs = read_pairs(tmp_path / "pairs.txt", Path("photos"))
    assert [(pair.is_mated, pair.fold) for pair in pairs] == [(True, 0), (False, 0), (True, 1), (False, 1)]
    assert pairs[1] == Pair(Path("photos/Ann/Ann_0001.jpg"), Path("photos/Bob/Bob_0003.jpg"), False, 0)


def test_another_file_is_no_list_of_pairs(tmp_path):
    (tmp_path / "pairs.txt").write_text("person,other\n", "utf-8")
    with pytest.raises(FaceAccessError, match=r"pairs\.txt"):
        read_pairs(tmp_path / "pairs.txt", tmp_path)


def test_pairs_told_apart_are_all_right_and_a_photo_without_a_face_is_no_match():
    pairs, embeddings, axes = [], {}, np.eye(40, dtype=np.float32)
    for number in range(20):
        first, second, other = (Path(f"{number}{kind}") for kind in "abc")
        embeddings |= {first: axes[number], second: axes[number], other: axes[number + 20]}
        pairs += [Pair(first, second, True, number % 2), Pair(first, other, False, number % 2)]
    report = pair_result(pairs, embeddings, embeddings).report
    assert (report.auc, report.eer, report.fte) == (1, 0, 0)
    assert (report.accuracy, report.val_at_far_1e3, report.far) == (1, 1, 0)
    assert report.counts == {
        "pairs": 40, "mated": 20, "non_mated": 20, "photos": 60, "photos_without_face": 0
    }  # fmt: skip
    without = {path: found for path, found in embeddings.items() if path != Path("0b")}
    report = pair_result(pairs, without, without).report
    assert (report.fte, report.counts["photos_without_face"]) == (pytest.approx(1 / 60), 1)
    assert report.accuracy == pytest.approx(39 / 40)
    assert np.isclose(report.val_at_far_1e3, 19 / 20)


def test_figures_of_two_folds_by_hand():
    """On a circle, at degrees from the first photo; one photo of somebody else is at 20."""
    angles = {"near": 10, "far": 90, "liar": 20}
    embeddings = {
        Path(name): np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))], np.float32)
        for name, angle in ({"first": 0} | angles).items()
    }
    listed = [("near", True, 0), ("far", False, 0), ("near", True, 1), ("liar", False, 1), ("far", False, 1)]
    result = pair_result(
        [Pair(Path("first"), Path(name), mated, fold) for name, mated, fold in listed], embeddings, embeddings
    )
    report = result.report
    # By the other fold's pairs alone each threshold is at 10 degrees, where all five are decided rightly.
    assert result.is_right.tolist() == [True] * 5
    assert (report.accuracy, report.accuracy_deviation) == (1, 0)
    # FAR 1e-3 of one or two pairs is none: just below 90 degrees by the first fold, below 20 by the second.
    assert result.is_accepted.tolist() == [True, False, True, True, False]
    assert (report.val_at_far_1e3, report.far) == (1, pytest.approx((0 + 1 / 2) / 2))
    assert report.threshold == pytest.approx(2 - 2 * np.cos(np.radians(10)), abs=1e-6)


def test_the_deviation_is_over_folds():
    """Of three folds of two pairs one has a mated pair that is as far as the non-mated ones."""
    axes = np.eye(12, dtype=np.float32)
    pairs, embeddings = [], {}
    for fold in range(3):
        first, second, other = (Path(f"{fold}{kind}") for kind in "abc")
        embeddings |= {first: axes[fold], second: axes[fold if fold else 8], other: axes[fold + 4]}
        pairs += [Pair(first, second, True, fold), Pair(first, other, False, fold)]
    report = pair_result(pairs, embeddings, embeddings).report
    assert report.accuracy == pytest.approx((0.5 + 1 + 1) / 3)
    assert report.accuracy_deviation == pytest.approx(np.std([0.5, 1, 1], ddof=1))
    assert report.val_at_far_1e3 == pytest.approx(2 / 3)
    assert report.val_deviation == pytest.approx(np.std([0, 1, 1], ddof=1))
