from pathlib import Path

import numpy as np
import pytest

from faceaccess.errors import FaceAccessError
from faceaccess.recognition.pair_evaluation import Pair, pair_report, read_pairs


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
    report = pair_report(pairs, embeddings, embeddings, without_face=0)
    assert (report.accuracy, report.val_at_far_1e3, report.far) == (1, 1, 0)
    assert report.counts == {
        "pairs": 40, "mated": 20, "non_mated": 20, "photos": 60, "photos_without_face": 0
    }  # fmt: skip
    without = {path: found for path, found in embeddings.items() if path != Path("0b")}
    report = pair_report(pairs, without, without, without_face=1)
    assert report.accuracy == pytest.approx(39 / 40)
    assert np.isclose(report.val_at_far_1e3, 19 / 20)
