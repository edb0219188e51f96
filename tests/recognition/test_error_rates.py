import numpy as np
import pytest
from sklearn.metrics import auc, roc_curve

from faceaccess.recognition.error_rates import (
    FARTHEST,
    accepted_part,
    error_curve,
    spread_parts,
    thresholds_at,
)


def distances(seed, mated=400, non_mated=3000, places=None):
    rng = np.random.default_rng(seed)
    same, others = rng.gamma(4, 0.15, mated), 4 - rng.gamma(6, 0.3, non_mated)
    return (same, others) if places is None else (same.round(places), others.round(places))


@pytest.mark.parametrize("places", [None, 1])
@pytest.mark.parametrize("seed", range(5))
def test_curve_and_area_equal_scikit_learns(seed, places):
    """With distances to a tenth, mated and non-mated pairs are tied with each other many times."""
    same, others = distances(seed, places=places)
    curve = error_curve(same, others)
    is_mated = np.r_[np.ones(len(same)), np.zeros(len(others))]
    far, val, limits = roc_curve(is_mated, -np.r_[same, others], drop_intermediate=False)
    assert len(curve.thresholds) == len(limits)
    np.testing.assert_allclose(curve.fmr, far, atol=1e-12, rtol=0)
    np.testing.assert_allclose(1 - curve.fnmr, val, atol=1e-12, rtol=0)
    np.testing.assert_array_equal(curve.thresholds[1:], -limits[1:])
    assert curve.auc == pytest.approx(auc(far, val), abs=1e-12)


def test_rates_of_five_pairs_by_hand():
    curve = error_curve(np.array([0.2, 0.6]), np.array([0.4, 0.8, 1.0]))
    assert curve.thresholds[1:].tolist() == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert curve.fmr.tolist() == pytest.approx([0, 0, 1 / 3, 1 / 3, 2 / 3, 1])
    assert curve.fnmr.tolist() == [1, 0.5, 0.5, 0, 0, 0]
    # Of six comparisons of a mated with a non-mated pair, only that of 0.6 with 0.4 is the wrong way round.
    assert curve.auc == pytest.approx(5 / 6)
    # Between 0.4 (FMR 1/3, FNMR 1/2) and 0.6 (1/3, 0) FMR stays at a third.
    assert curve.eer == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("mated", "non_mated", "auc_is", "eer_is"),
    [
        ([0.1, 0.2], [3.0], 1.0, 0.0),
        ([3.0], [0.1, 0.2], 0.0, 1.0),
        ([1.0], [1.0], 0.5, 0.5),
        # From FMR 0 and FNMR 1/2 the line runs to 1/2 and 0: the rates meet halfway.
        ([0.0, 1.0], [1.0, 2.0], 7 / 8, 1 / 4),
    ],
)
def test_areas_and_equal_error_rates_by_hand(mated, non_mated, auc_is, eer_is):
    curve = error_curve(np.array(mated), np.array(non_mated))
    assert curve.auc == pytest.approx(auc_is)
    assert curve.eer == pytest.approx(eer_is)


@pytest.mark.parametrize(("mated", "non_mated"), [([], [1.0]), ([1.0], [])])
def test_without_both_kinds_of_pairs_there_is_no_curve(mated, non_mated):
    with pytest.raises(ValueError, match="at least one"):
        error_curve(np.array(mated), np.array(non_mated))


def test_a_threshold_accepts_no_more_than_its_target():
    wrong = np.arange(1, 101, dtype=np.float32) / 50
    for target, most in ((0, 0), (0.009, 0), (0.01, 1), (0.29, 29), (0.999, 99)):
        (threshold,) = thresholds_at(wrong[::-1], [target])
        assert np.sum(wrong <= threshold) == most
        assert np.sum(wrong <= threshold + 0.01) == most + 1
    assert thresholds_at(wrong, [1]) == [FARTHEST]


def test_of_equal_distances_all_are_refused_rather_than_one_too_many_accepted():
    wrong = np.array([0.5, 0.5, 0.5, 0.9])
    assert [accepted_part(wrong, limit) for limit in thresholds_at(wrong, [0.25, 0.75])] == [0, 0.75]


def test_where_distances_lie():
    parts = spread_parts(np.array([0.0, 0.01, 2.0, 4.0]))
    assert len(parts) == 80
    assert (parts[0], parts[40], parts[79], sum(parts)) == (0.5, 0.25, 0.25, 1)
    assert sum(spread_parts(np.empty(0))) == 0
