"""AUC and VAL of people held out: beside scikit-learn, by hand, and old against new."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from faceaccess.learning.judging import HeldOut, judge_pairs, pairs_of


def points(seed, people=12, photos=4, dimension=8, spread=0.7):
    rng = np.random.default_rng(seed)
    rows = np.repeat(rng.normal(size=(people, dimension)), photos, axis=0)
    rows = rows + spread * rng.normal(size=rows.shape)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32), np.repeat(np.arange(people), photos)


@pytest.mark.parametrize("seed", range(3))
def test_auc_and_val_are_scikit_learns(seed):
    rows, labels = points(seed)
    judged = HeldOut(labels, resamples=0).judge(rows)
    pairs = pairs_of(rows, labels)
    is_mated = pairs.first == pairs.second
    assert judged.auc.mean == pytest.approx(roc_auc_score(is_mated, -pairs.distances), abs=1e-9)
    far, val, _ = roc_curve(is_mated, -pairs.distances, drop_intermediate=False)
    for target, rate in judged.val.items():
        assert rate.mean == pytest.approx(val[far <= target].max(), abs=1e-9)
    assert (judged.mated, judged.non_mated) == (is_mated.sum(), (~is_mated).sum())


def test_a_collapsed_network_is_worth_a_coin():
    labels = np.repeat(np.arange(5), 3)
    rows = np.tile(np.array([[1.0, 0.0]], np.float32), (15, 1))
    judged = HeldOut(labels, resamples=20).judge(rows)
    assert judged.auc.mean == 0.5
    assert [rate.mean for rate in judged.val.values()] == [0.0, 0.0, 0.0]
    np.testing.assert_allclose(judged.auc.values, 0.5)


def test_a_hand_made_case():
    """Mated at .2 and 2, non-mated at 1 and 3: AUC 3 of 4; VAL at FAR 0.1 is what lies below 1."""
    from faceaccess.learning.judging import Pairs

    pairs = Pairs(np.array([0.2, 2, 1, 3], np.float32), np.array([0, 1, 0, 0]), np.array([0, 1, 1, 1]))
    judged = judge_pairs([pairs], 0)
    assert judged.auc.mean == pytest.approx(0.75)
    assert judged.val[0.1].mean == pytest.approx(0.5)


def test_intervals_hold_the_mean_and_a_gain_over_oneself_is_nothing():
    rows, labels = points(1)
    judged = HeldOut(labels, resamples=200).judge(rows)
    rate = judged.auc.rate
    assert rate.low < rate.mean < rate.high
    gain = judged.gain_over(judged, 0.1)
    assert (gain.mean, gain.low, gain.high) == (0, 0, 0)
    worse = HeldOut(labels, resamples=200).judge(points(1, spread=3)[0])
    assert judged.gain_over(worse).low > 0


def test_new_probes_against_old_templates_leave_out_a_photos_own_template():
    rows, labels = points(2, people=3, photos=2)
    same = HeldOut(labels, resamples=0).judge(rows, rows)
    assert (same.mated, same.non_mated) == (6, 24)
    assert same.auc.mean == pytest.approx(HeldOut(labels, resamples=0).judge(rows).auc.mean)
