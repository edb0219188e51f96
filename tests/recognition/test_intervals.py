import numpy as np
import pytest

from faceaccess.recognition.intervals import (
    case_rate,
    equal_person_rate,
    listed_pair_rate,
    over_draws,
    over_pairs,
    pair_rate,
    person_rate,
    ratio,
    resampled_people,
    search_rate,
)


def covered(intervals, truth):
    return np.mean([rate.low <= truth <= rate.high for rate in intervals])


def test_people_are_drawn_and_not_their_photos():
    errors = np.arange(100) < 20
    once = person_rate(np.arange(100), errors, 100)
    tenfold = person_rate(np.repeat(np.arange(100), 10), np.repeat(errors, 10), 100)
    assert once == tenfold
    assert once.mean == 0.2
    # Of 100 independent cases: 0.2 with a standard error of 0.04.
    assert (once.low, once.high) == (pytest.approx(0.12, abs=0.02), pytest.approx(0.28, abs=0.02))


@pytest.mark.parametrize(("is_wrong", "low", "high"), [(False, 0, 0.0362), (True, 0.9638, 1)])
def test_where_nobody_or_everybody_is_missed_the_ends_are_exact(is_wrong, low, high):
    """0 errors of 100: below 1 - 0.025 ** (1 / 100), where the bootstrap would be sure of 0."""
    rate = person_rate(np.arange(100), np.full(100, is_wrong), 100)
    assert (rate.low, rate.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_a_difference_of_nothing_is_sure():
    rate = person_rate(np.arange(50), np.zeros(50), 50)
    assert (rate.mean, rate.low, rate.high) == (0, 0, 0)


def test_a_mated_pair_weighs_as_its_person_and_another_as_both():
    """Two people, each with a right mated pair, and a wrong pair of the two.

    A resample has one person twice (all pairs of that one right) or both once (two of three right).
    """
    pairs, right = np.array([[0, 0], [1, 1], [0, 1]]), np.array([1.0, 1.0, 0.0])
    rate = listed_pair_rate(pairs, right, 2)
    assert (rate.mean, rate.low, rate.high) == (pytest.approx(2 / 3), pytest.approx(2 / 3), 1)


def test_pairs_of_three_people_by_hand():
    """Two photos of the first, one of the others: five pairs of different people, one accepted."""
    rate = pair_rate(np.array([[0, 1]]), np.array([2, 1, 1]))
    assert rate.mean == pytest.approx(1 / 5)
    # A resample of one person thrice has no pairs and is left out; of the others the greatest part is of
    # the first once and the second twice: two of its four pairs.
    assert (rate.low, rate.high) == (0, pytest.approx(0.5))


def test_a_person_who_looks_like_many_widens_the_interval_of_pairs():
    """Twenty wrong pairs, all with one person, are one case; spread over forty people they are twenty."""
    photos = np.ones(200, int)
    spread = pair_rate(np.array([[2 * i, 2 * i + 1] for i in range(20)]), photos)
    crowded = pair_rate(np.array([[0, i + 1] for i in range(20)]), photos)
    assert spread.mean == crowded.mean
    assert crowded.high - crowded.low > 1.8 * (spread.high - spread.low)
    assert crowded.low == 0


def test_intervals_of_pairs_cover_the_truth():
    """Everybody has a liking of being mistaken; a pair is accepted at the product of two."""
    rng = np.random.default_rng(0)
    rates = []
    for _ in range(60):
        liking = rng.gamma(2, 0.05, 80)
        above = np.argwhere(np.triu(rng.random((80, 80)) < np.outer(liking, liking), 1))
        rates.append(pair_rate(above, np.ones(80, int)))
    assert covered(rates, 0.01) >= 0.9
    # Of 60 such samples 95 % of the means lie within 0.0102; the intervals are wider, never narrower.
    assert 0.0102 < np.median([rate.high - rate.low for rate in rates]) < 0.0153


def test_a_prediction_holds_the_next_sample_and_is_wider_than_the_interval_of_the_mean():
    rng = np.random.default_rng(1)
    held, held_mean = [], []
    for _ in range(100):
        first, second = rng.random(200) < 0.1, rng.random(60) < 0.1
        for rates, size in ((held, 60), (held_mean, None)):
            rate = person_rate(np.arange(200), first, 200, next_people=size)
            rates.append(rate.low <= second.mean() <= rate.high)
    assert np.mean(held) >= 0.9
    assert np.mean(held_mean) < 0.85


def test_a_bigger_next_sample_is_foretold_more_closely():
    errors, photos = np.arange(200) < 20, np.ones(200, int)
    accepted = np.array([[i, i + 40] for i in range(40)])
    for predicted in (
        lambda size: person_rate(np.arange(200), errors, 200, next_people=size),
        lambda size: pair_rate(accepted, photos, next_people=size),
        lambda size: search_rate(accepted, photos, next_people=size),
    ):
        small, big, itself = predicted(50), predicted(2000), predicted(None)
        assert small.mean == big.mean == itself.mean
        assert small.high - small.low > big.high - big.low > itself.high - itself.low


def test_searches_of_strangers_in_a_gallery_by_hand():
    """Two of ten strangers' photos are accepted, both as the same person enrolled."""
    probes = np.r_[np.ones(10, int), np.zeros(5, int)]
    rate = search_rate(np.array([[0, 10], [1, 10]]), probes, is_enrolled=np.arange(15) >= 10)
    assert rate.mean == 0.2
    assert rate.low == 0
    assert 0.5 < rate.high <= 1
    nobody = search_rate(np.empty((0, 2), int), probes, is_enrolled=np.arange(15) >= 10)
    assert (nobody.low, nobody.high) == (0, pytest.approx(1 - 0.025 ** (1 / 10)))


def test_resamples_are_the_same_each_time_and_of_the_size_asked_for():
    assert (resampled_people(30) == resampled_people(30)).all()
    assert (resampled_people(30).sum(axis=1) == 30).all()
    assert (resampled_people(30, next_people=7).sum(axis=1) == 7).all()


def errors(count, of, seed):
    return over_draws([np.arange(of)], [np.arange(of) < count], of, seed=seed)


def test_a_ratio_of_equal_rates_holds_one_and_of_different_ones_does_not():
    equal, thrice = (
        ratio(errors(50, 500, 1), errors(50, 500, 2)),
        ratio(errors(150, 500, 1), errors(50, 500, 2)),
    )
    assert (equal.mean, thrice.mean) == (1, pytest.approx(3))
    assert equal.low < 1 < equal.high
    # The logarithm of the ratio of 150/500 to 50/500 has a standard error of 0.147.
    assert (thrice.low, thrice.high) == (
        pytest.approx(3 * np.exp(-0.288), rel=0.1),
        pytest.approx(4.0, rel=0.1),
    )


def test_a_ratio_with_no_error_on_either_side_is_bounded_as_far_as_can_be():
    none, some = errors(0, 100, 1), errors(20, 100, 2)
    below, above, unknown = ratio(none, some), ratio(some, none), ratio(none, errors(0, 100, 2))
    assert (below.mean, below.low, below.high) == (0, 0, pytest.approx(0.0362 / some.rate.low, rel=0.01))
    assert (above.mean, above.low, above.high) == (
        np.inf,
        pytest.approx(some.rate.low / 0.0362, rel=0.01),
        np.inf,
    )
    assert (unknown.low, unknown.high) == (0, np.inf)


def test_ratios_of_pairs_in_two_groups():
    """Four in a hundred people look alike in each group, twice as many pairs of them in the first."""
    photos = np.ones(100, int)
    pairs = np.array([[2 * at, 2 * at + 1] for at in range(40)])
    twice = ratio(over_pairs(pairs, photos, seed=1), over_pairs(pairs[:20], photos, seed=2))
    assert twice.mean == 2
    assert 0.8 < twice.low < 2 < twice.high < 7


def test_somebody_with_many_photos_counts_as_anybody():
    whose = np.r_[np.zeros(1000, int), np.arange(1, 10)]
    errors = np.r_[np.ones(1000, bool), np.zeros(9, bool)]
    rate = equal_person_rate(whose, errors, 10)
    assert rate.mean == pytest.approx(0.1)
    assert person_rate(whose, errors, 10).mean == pytest.approx(1000 / 1009)
    half = equal_person_rate(np.array([0, 0, 1, 1]), np.array([True, False, False, False]), 2)
    assert half.mean == 0.25


@pytest.mark.parametrize("part", [0.015, 0.1])
def test_rare_errors_of_other_people_are_foretold(part):
    """Of 150 people some two are missed: what the next 150 show lies where it was foretold."""
    rng = np.random.default_rng(4)
    held = []
    for _ in range(200):
        first, second = (rng.random(150) < part for _ in range(2))
        rate = person_rate(np.arange(150), first, 150, next_people=150)
        assert rate.mean == first.mean()
        held.append(rate.low <= second.mean() <= rate.high)
    assert 0.92 <= np.mean(held) <= 0.995


def test_no_error_seen_foretells_few_in_a_big_sample_and_more_in_a_small_one():
    small, big = (
        person_rate(np.arange(100), np.zeros(100, bool), 100, next_people=size) for size in (20, 5000)
    )
    assert small.mean == small.low == big.low == 0
    assert 0.01 < big.high < 0.04 < small.high < 0.12


def test_a_share_of_independent_cases_ends_higher_the_more_errors_there_are():
    """A resample of 1 in 60 ended at 5.0 %, below the 6.0 % of none."""
    rates = [case_rate(errors, 60) for errors in range(61)]
    assert [rate.high for rate in rates] == sorted(rate.high for rate in rates)
    assert [rate.low for rate in rates] == sorted(rate.low for rate in rates)
    assert rates[1].high == pytest.approx(0.0886, abs=1e-4), "Wilson's"
    assert rates[0].high == pytest.approx(0.0596, abs=1e-4)
    assert (rates[0].low, rates[60].high) == (0.0, 1.0)
