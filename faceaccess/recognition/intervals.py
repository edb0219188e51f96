"""How sure a measured rate is: intervals by the bootstrap over people, never over photos or pairs.

The photos of one person are missed together, and everybody who looks like one person makes several wrong
pairs: people are the independent cases, so people are drawn anew. A pair counts as often as its two people
were drawn, multiplied.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.integer[Any]]

RESAMPLES = 2000
"""Of a bootstrap: the ends of the interval then move by a hundredth of its length."""

_ENDS = (2.5, 97.5)
_NORMAL_END = 1.959964
"""Where the standard normal distribution has 2.5 % above it."""

_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Rate:
    """A rate, or a difference of two: what was measured, and the ends of its 95 % interval."""

    mean: float
    low: float
    high: float

    @property
    def is_bounded(self) -> bool:
        """Whether the interval says anything of a share."""
        return (self.low, self.high) != (0.0, 1.0)


@dataclass(frozen=True, eq=False)
class Resampled:
    """A measured rate, and what it is in each resample of the people.

    Attributes:
        mean: what was measured.
        values: (R,) of each resample.
        cases: independent ones of a share, 0 for what isn't one, such as a difference.
    """

    mean: float
    values: NDArray[np.float64]
    cases: int

    @property
    def rate(self) -> Rate:
        """The rate with its interval.

        Where all or none of the cases are errors a resample can't differ: the ends are then those of so many
        tosses of a coin.
        """
        low, high = (float(end) for end in np.nanpercentile(self.values, _ENDS))
        if self.cases and self.mean in (0.0, 1.0):
            return without_errors(self.mean, self.cases)
        # A resample with a confusable person twice counts each of their searches twice.
        return Rate(self.mean, low, min(high, 1.0) if self.cases else high)


def ratio(first: Resampled, second: Resampled) -> Rate:
    """Return how many times as high the first of two rates is, of different people.

    Where a rate is zero the ends come from the ends of the two rates; the ratio to zero is infinite.

    Args:
        first: resampled with another seed than the second.
        second: the rate that is divided by.
    """
    if first.mean and second.mean:
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = first.values / second.values
        low, high = np.nanpercentile(ratios, _ENDS, method="nearest")
        return Rate(first.mean / second.mean, float(low), float(high))
    mine, other = first.rate, second.rate
    low = mine.low / other.high if other.high else 0.0
    high = mine.high / other.low if other.low else math.inf
    return Rate(0.0 if not first.mean else math.inf, low, high)


@lru_cache(maxsize=2)
def resampled_people(
    people: int, *, next_people: int | None = None, resamples: int = RESAMPLES, seed: int = 0
) -> Numbers:
    """Return how often each person is drawn, (R, P), in each of R resamples.

    Args:
        people: P.
        next_people: the size of another sample that is to be predicted: it is drawn from people who were
            drawn themselves, so that both samples' chance is in the result. None: as many, drawn once.
        resamples: R.
        seed: of the drawing; the same by default, so that figures stay.
    """
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(people, np.full(people, 1 / people), size=resamples)
    if next_people is not None:
        weights = rng.multinomial(next_people, weights / people)
    # Shared by whoever asks for the same again.
    weights.setflags(write=False)
    return weights


def person_rate(whose: Numbers, values: NDArray[Any], people: int, *, next_people: int | None = None) -> Rate:
    """Return the mean of what belongs to single people, such as whether a mated probe was missed.

    Args:
        whose: (M,) number of the person of each value, below `people`.
        values: (M,) bool, 1 for an error; or a difference of two.
        people: how many there are.
        next_people: predict the mean of another sample of so many people; None: the interval of the mean.
    """
    return over_draws([whose], [values], people, next_people=next_people).rate


def case_rate(errors: int, cases: int) -> Rate:
    """Return the share of errors among independent cases, with its interval.

    Source: between the ends Wilson's interval, E. B. Wilson, "Probable inference", JASA 22 (1927). A
    resample of so few errors would end lower than the interval of none.

    Args:
        errors: how many.
        cases: at least one.
    """
    share = errors / cases
    if errors in (0, cases):
        return without_errors(share, cases)
    weight = _NORMAL_END**2 / cases
    middle = (share + weight / 2) / (1 + weight)
    half = _NORMAL_END * math.sqrt(share * (1 - share) / cases + weight / (4 * cases)) / (1 + weight)
    return Rate(share, middle - half, middle + half)


def equal_person_rate(
    whose: Numbers, errors: NDArray[np.bool_], people: int, *, next_people: int | None = None
) -> Rate:
    """Return the mean over people of each one's part of errors, so that nobody with many photos decides.

    Args:
        whose: see `person_rate`.
        errors: (M,) whether each is one.
        people: see `person_rate`.
        next_people: see `person_rate`.
    """
    present, parts = parts_by_person(whose, errors)
    return over_draws([present], [parts], people, next_people=next_people, is_share=True).rate


def parts_by_person(whose: Numbers, errors: NDArray[np.bool_]) -> tuple[Numbers, NDArray[np.float64]]:
    """Return the people who have any values, and each one's part of errors."""
    counts = np.bincount(whose)
    present = np.flatnonzero(counts)
    return present, np.bincount(whose, weights=errors)[present] / counts[present]


def rate_over_draws(whose: Sequence[Numbers], values: Sequence[NDArray[Any]], people: int) -> Rate:
    """Return the mean over draws of each draw's mean, see `over_draws`."""
    return over_draws(whose, values, people).rate


def over_draws(
    whose: Sequence[Numbers],
    values: Sequence[NDArray[Any]],
    people: int,
    *,
    next_people: int | None = None,
    is_share: bool | None = None,
    seed: int = 0,
) -> Resampled:
    """Return the mean over draws of each draw's mean, such as FNIR with several sets of people enrolled.

    A person who takes part in several draws weighs the same in all of them, since draws of the same people
    aren't independent.

    Args:
        whose: of each draw, see `person_rate`.
        values: of each draw.
        people: how many there are in all draws together.
        next_people: see `person_rate`.
        is_share: whether the values are errors or parts of them, and not differences; None: where they are
            bool.
        seed: of the resamples.
    """
    share = all(row.dtype == np.bool_ for row in values) if is_share is None else is_share
    is_foretold = share and next_people is not None
    if is_foretold:
        weights = foretold_people(people, next_people or 0, seed=seed)
    else:
        weights = resampled_people(people, next_people=next_people, seed=seed)
    means = []
    for persons, row in zip(whose, values, strict=True):
        counts = np.bincount(persons, minlength=people).astype(np.float64)
        errors = np.bincount(persons, weights=row, minlength=people)
        if is_foretold:
            usual = counts[counts > 0].mean()
            counts, errors = np.append(counts, [usual, usual]), np.append(errors, [usual, 0.0])
        means.append(_ratios(weights @ errors, weights @ counts))
    mean = float(np.mean([row.mean() for row in values]))
    cases = len(np.unique(np.concatenate(whose))) if share and not is_foretold else 0
    # By chance a small draw may get nobody: the others' mean counts then.
    return Resampled(mean, np.nanmean(means, axis=0), cases)


@lru_cache(maxsize=2)
def foretold_people(people: int, next_people: int, *, seed: int = 0) -> Numbers:
    """Return how often each person is drawn into another sample, (R, P + 2), of errors that may be rare.

    The last two are nobody: half a person always wrong and half a person never, as likely as anybody by half.
    Where three people of a hundred are missed, few resamples of them alone reach the rate that other people
    will show; with the two, people who are all alike are foretold as by Jeffreys' prior.

    Args:
        people: P.
        next_people: how many are drawn.
        seed: of the drawing.
    """
    rng = np.random.default_rng(seed)
    likely = rng.standard_gamma(np.append(np.ones(people), [0.5, 0.5]), size=(RESAMPLES, people + 2))
    weights = rng.multinomial(next_people, likely / likely.sum(axis=1, keepdims=True))
    weights.setflags(write=False)
    return weights


def listed_pair_rate(pairs: Numbers, values: NDArray[Any], people: int) -> Rate:
    """Return the mean of what belongs to listed pairs, such as whether each was decided rightly.

    Args:
        pairs: (N, 2) numbers of the people of each pair, twice the same for a mated one.
        values: (N,) bool, or a difference of two.
        people: how many there are.
    """
    weights = resampled_people(people)
    first, second = np.asarray(pairs).T
    is_mated = first == second
    totals, counted = np.zeros(len(weights)), np.zeros(len(weights))
    for at, row in enumerate(weights):
        drawn = row[first] * np.where(is_mated, 1, row[second])
        totals[at], counted[at] = drawn @ values, drawn.sum()
    cases = max(len(np.unique(pairs)) // 2, 1) if values.dtype == np.bool_ else 0
    return Resampled(float(np.mean(values)), _ratios(totals, counted), cases).rate


def pair_rate(accepted: Numbers, photos: Numbers, *, next_people: int | None = None) -> Rate:
    """Return the accepted part of all pairs of photos of different people, see `over_pairs`."""
    return over_pairs(accepted, photos, next_people=next_people).rate


def over_pairs(
    accepted: Numbers, photos: Numbers, *, next_people: int | None = None, seed: int = 0
) -> Resampled:
    """Return the accepted part of all pairs of photos of different people: FMR.

    Where pairs are accepted by chance and not because of who is in them, the interval is wider than it had to
    be, by a quarter to a half; it is never narrower.

    Args:
        accepted: (K, 2) numbers of the two people of each accepted pair of photos.
        photos: (P,) how many photos each person has.
        next_people: see `person_rate`.
        seed: of the resamples.
    """
    counts = np.asarray(photos, np.float64)
    weights = resampled_people(len(counts), next_people=next_people, seed=seed)
    totals = ((weights @ counts) ** 2 - weights.astype(np.float64) ** 2 @ counts**2) / 2
    pairs = (counts.sum() ** 2 - (counts**2).sum()) / 2
    resampled = _ratios(_weighed(accepted, weights), totals)
    # So many pairs of people at least have nobody in common.
    cases = _tosses(int((counts > 0).sum()) // 2, next_people)
    return Resampled(float(len(accepted) / pairs), resampled, cases)


def search_rate(
    accepted: Numbers,
    probes: Numbers,
    *,
    is_enrolled: NDArray[np.bool_] | None = None,
    next_people: int | None = None,
) -> Rate:
    """Return the accepted part of searches by people who are not enrolled: FPIR.

    Args:
        accepted: (K, 2) numbers of the person of each accepted probe, and of the one it was taken for.
        probes: (P,) how many probes of each person were searched for.
        is_enrolled: (P,) who could be taken for; None: everybody but the probe's own person.
        next_people: see `person_rate`; as many of them are enrolled, in proportion.
    """
    weights = resampled_people(len(probes), next_people=next_people)
    enrolled = np.ones(len(probes), bool) if is_enrolled is None else is_enrolled
    # The gallery is as big in every resample: only who is in it is left to chance.
    size = weights[:, enrolled].sum(axis=1) / max(int(enrolled.sum()), 1)
    resampled = _ratios(_weighed(accepted, weights), (weights @ probes) * size)
    cases = _tosses(int((probes > 0).sum()), next_people)
    return Resampled(len(accepted) / int(probes.sum()), resampled, cases).rate


def without_errors(mean: float, cases: int) -> Rate:
    """Return a share of 0 or 1 with its exact interval, where a resample can't differ from it.

    Args:
        mean: 0 where none of the cases is an error, 1 where all are.
        cases: independent ones.
    """
    bound = 1 - (_ENDS[0] / 100) ** (1 / cases)
    return Rate(mean, 0.0, bound) if mean == 0 else Rate(mean, 1 - bound, 1.0)


def _weighed(pairs: Numbers, weights: Numbers) -> NDArray[np.float64]:
    """Return (R,) how many pairs there are in each resample."""
    totals = np.zeros(len(weights))
    step = max(_AT_ONCE // len(weights), 1)
    for start in range(0, len(pairs), step):
        first, second = pairs[start : start + step].T
        totals += np.einsum("rk,rk->r", weights[:, first], weights[:, second])
    return totals


def _ratios(parts: NDArray[Any], wholes: NDArray[Any]) -> NDArray[np.float64]:
    return np.divide(parts, wholes, out=np.full(len(wholes), np.nan), where=np.asarray(wholes) > 0)


def _tosses(cases: int, next_people: int | None) -> int:
    """Return how many independent cases decide where there is no error: the fewer of both samples."""
    return cases if next_people is None else min(cases, next_people)
