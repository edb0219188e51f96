"""The price of a threshold: exact rates, intervals as those of single thresholds, and what is lacking."""

from itertools import pairwise

import numpy as np
import pytest

from faceaccess.recognition.consistency import Portraits
from faceaccess.recognition.intervals import person_rate, search_rate
from faceaccess.recognition.leave_one_out import Searches, search_all
from faceaccess.recognition.price import LEAST_PEOPLE, Prices
from faceaccess.recognition.types import MatchPolicy
from tests.recognition.test_leave_one_out import unit

POLICY = MatchPolicy("m:1:x:t1p1", 1.0, 0.05)


def searches_of(people: int, photos: int = 3, seed: int = 0) -> Searches:
    rng = np.random.default_rng(seed)
    centres = np.repeat(rng.normal(size=(people, 10)), photos, axis=0)
    embeddings = unit(centres + 0.5 * rng.normal(size=centres.shape))
    searches = search_all(Portraits(np.repeat(np.arange(people), photos), embeddings), POLICY)
    assert searches is not None
    return searches


def test_rates_are_counted_and_intervals_are_those_of_one_threshold() -> None:
    searches = searches_of(60)
    prices = Prices(searches)
    for threshold in (0.3, 0.5, 0.7):
        price = prices.at(threshold)
        let_in = searches.wrong_from <= threshold
        refused = searches.right_from > threshold
        assert price.strangers.mean == pytest.approx(let_in.mean())
        assert price.staff.mean == pytest.approx(refused.mean())
        pairs = np.stack([searches.people[let_in], searches.taken_for[let_in]], axis=1)
        strangers = search_rate(pairs, searches.counts)
        staff = person_rate(searches.people, refused, 60)
        for mine, exact in ((price.strangers, strangers), (price.staff, staff)):
            assert mine.low == pytest.approx(exact.low, abs=0.02)
            assert mine.high == pytest.approx(exact.high, abs=0.02)
            assert mine.low <= mine.mean <= mine.high


def test_a_threshold_chosen_lets_in_no_more_than_was_asked() -> None:
    prices = Prices(searches_of(60))
    for one_in in (10, 50, 180):
        threshold = prices.most_lenient(one_in)
        assert threshold is not None
        assert prices.at(threshold).strangers.mean <= 1 / one_in
    assert prices.most_lenient(181) is None, "180 searches can't tell"
    assert prices.most_lenient(0) is None


def test_a_few_errors_leave_no_less_possible_than_none() -> None:
    """The upper end fell from 61 to 17 of a thousand when the first staff were refused."""
    prices = Prices(searches_of(60))
    ends = [prices.at(threshold).staff.high for threshold in np.arange(1.2, 0.3, -0.01)]
    assert all(later >= sooner - 1e-9 for sooner, later in pairwise(ends))


def test_no_error_at_all_is_not_taken_for_certainty() -> None:
    price = Prices(searches_of(40)).at(0.0)
    assert price.strangers.mean == 0
    assert 0.05 < price.strangers.high < 0.15
    assert (price.staff.mean, price.staff.high) == (1, 1)


def test_what_is_lacking_is_said() -> None:
    few = Prices(searches_of(5, photos=1))
    assert (few.shortage.people, few.shortage.second_photos) == (LEAST_PEOPLE - 5, LEAST_PEOPLE)
    assert few.at(1.0).staff is None
    alone = Prices(searches_of(1))
    assert alone.at(1.0).strangers is None
    assert alone.at(4.0).staff is not None
    enough = Prices(searches_of(LEAST_PEOPLE)).shortage
    assert (enough.people, enough.second_photos) == (0, 0)
    assert Prices(searches_of(1, photos=0)).at(1.0).strangers is None
