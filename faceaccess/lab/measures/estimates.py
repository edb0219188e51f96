"""Whether estimates come true: thresholds chosen on one half of the people, errors of the other foretold."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faceaccess.lab.measures.all_pairs import AllPairs, threshold_of_nearest
from faceaccess.lab.measures.evaluation import nearest
from faceaccess.lab.measures.identification import OpenSet, open_set
from faceaccess.recognition.error_rates import thresholds_at
from faceaccess.recognition.intervals import Rate, equal_person_rate, pair_rate, parts_by_person, search_rate
from faceaccess.vision.types import FloatArray

FMR_TARGETS = (1e-3, 1e-4)
FPIR_TARGET = 1e-2

Embeddings = Mapping[Path, FloatArray]


@dataclass(frozen=True)
class Foretold:
    """A rate foretold from one half of the people, and what it was in the other.

    Attributes:
        error: its name and where the threshold was chosen.
        predicted: the rate of the first half, and the interval in which that of the second should lie.
        actual: that of the second.
    """

    error: str
    predicted: Rate
    actual: float

    @property
    def is_held(self) -> bool:
        """Whether the second half's rate lies in the interval."""
        return self.predicted.low <= self.actual <= self.predicted.high


@dataclass(frozen=True)
class EstimateRow:
    """How often an estimate came true over many splits.

    Attributes:
        error: see `Foretold`.
        splits: how many.
        held, below, above: how often the other half's rate lay in the interval, and beside it.
        predicted: the medians over splits of the rate and of the ends of its interval.
    """

    error: str
    splits: int
    held: int
    below: int
    above: int
    predicted: Rate


def estimate_rows(foretold: Sequence[Sequence[Foretold]]) -> list[EstimateRow]:
    """Count over splits how often each error rate lay where it was foretold."""
    rows = []
    for same in zip(*foretold, strict=True):
        ends = np.median(
            [[rate.predicted.mean, rate.predicted.low, rate.predicted.high] for rate in same], axis=0
        )
        below = sum(rate.actual < rate.predicted.low for rate in same)
        above = sum(rate.actual > rate.predicted.high for rate in same)
        rows.append(
            EstimateRow(
                same[0].error, len(same), len(same) - below - above, below, above, Rate(*map(float, ends))
            )
        )
    return rows


def halves(names: Sequence[str], seed: int) -> tuple[frozenset[str], frozenset[str]]:
    """Return two halves of some people, by chance."""
    order = [str(name) for name in np.random.default_rng(seed).permutation(sorted(names))]
    return frozenset(order[: len(order) // 2]), frozenset(order[len(order) // 2 :])


def foretold_pairs(measured: AllPairs, first: frozenset[str], second: frozenset[str]) -> Iterator[Foretold]:
    """Yield FMR and FNMR at thresholds chosen on the first half; in FNMR each person counts alike.

    Args:
        measured: all pairs of everybody; enough near ones for twice the greatest of `FMR_TARGETS`.
        first: the people on whom thresholds are chosen.
        second: the other ones.
    """
    mine, theirs = (_within(measured, half) for half in (first, second))
    for target in FMR_TARGETS:
        threshold = threshold_of_nearest(mine.near, target, mine.pairs)
        fmr = pair_rate(mine.near_people[mine.near <= threshold], mine.photos, next_people=len(second))
        yield Foretold(f"FMR, threshold at {target:g}", fmr, theirs.fmr(threshold))
        fnmr = equal_person_rate(
            mine.whose, mine.mated > threshold, len(mine.photos), next_people=len(second)
        )
        _, missed = parts_by_person(theirs.whose, theirs.mated > threshold)
        yield Foretold(f"FNMR, threshold at FMR {target:g}", fnmr, float(missed.mean()))


@dataclass(frozen=True, eq=False)
class _Half:
    """The pairs within a half of the people, who are numbered anew; see `AllPairs`."""

    photos: NDArray[np.int_]
    near: FloatArray
    near_people: NDArray[np.int_]
    mated: FloatArray
    whose: NDArray[np.int_]
    pairs: int

    def fmr(self, threshold: float) -> float:
        """Return the part of the non-mated pairs that a threshold accepts."""
        return float(np.sum(self.near <= threshold) / self.pairs)


def _within(measured: AllPairs, half: frozenset[str]) -> _Half:
    number = np.full(len(measured.names), -1)
    members = np.array([at for at, name in enumerate(measured.names) if name in half])
    number[members] = np.arange(len(members))
    photos = measured.photos[members]
    near_people, whose = number[measured.near_people], number[measured.whose]
    is_within = (near_people >= 0).all(axis=1)
    pairs = int(photos.sum() ** 2 - (photos**2).sum()) // 2
    return _Half(
        photos,
        measured.near[is_within],
        near_people[is_within],
        measured.mated[whose >= 0],
        whose[whose >= 0],
        pairs,
    )


@dataclass(frozen=True, eq=False)
class _Searched:
    """Searches of one half's strangers and people in a gallery of their own; see `OpenSet`."""

    split: OpenSet
    near: FloatArray
    taken_for: NDArray[np.int64]
    stranger_near: FloatArray
    stranger_taken_for: NDArray[np.int64]

    def whose(self) -> NDArray[np.int_]:
        """Return (M,) the number of the person of each mated probe, in the order of their names."""
        return np.unique([name for name, _ in self.split.mated], return_inverse=True)[1]

    def missed(self, threshold: float) -> NDArray[np.bool_]:
        """Return (M,) which mated probes are missed or misnamed."""
        named = [self.split.gallery[place][0] for place in self.taken_for]
        is_right = np.array([name == own for name, (own, _) in zip(named, self.split.mated, strict=True)])
        return ~(is_right & (self.near <= threshold))


def foretold_searches(
    folders: Mapping[str, Sequence[Path]],
    embeddings: tuple[Embeddings, Embeddings],
    first: frozenset[str],
    second: frozenset[str],
    *,
    people: int,
    seed: int,
) -> Iterator[Foretold]:
    """Yield FPIR and FNIR, the threshold chosen on the first half, each half with a gallery of its own.

    In FNIR each person enrolled counts alike.

    Args:
        folders: photos by person.
        embeddings: (D,) by photo, of templates and of probes.
        first: the people on whom the threshold is chosen.
        second: the other ones.
        people: how many of each half are enrolled, with one photo each.
        seed: picks them.
    """
    person_of = {path: name for name, paths in folders.items() for path in paths}
    mine, theirs = (_searched(folders, embeddings, half, people, seed) for half in (first, second))
    (threshold,) = thresholds_at(mine.stranger_near, [FPIR_TARGET])
    number = {name: place for place, name in enumerate(sorted(first))}
    strangers = np.array([number[person_of[path]] for path in mine.split.non_mated])
    enrolled = np.array([number[name] for name, _ in mine.split.gallery])
    accepted = mine.stranger_near <= threshold
    is_enrolled = np.zeros(len(number), bool)
    is_enrolled[enrolled] = True
    fpir = search_rate(
        np.stack([strangers, enrolled[mine.stranger_taken_for]], axis=1)[accepted],
        np.bincount(strangers, minlength=len(number)),
        is_enrolled=is_enrolled,
        next_people=len(second),
    )
    actual = float(np.mean(theirs.stranger_near <= threshold))
    yield Foretold(f"FPIR, threshold at {FPIR_TARGET:g}", fpir, actual)
    fnir = equal_person_rate(mine.whose(), mine.missed(threshold), people, next_people=people)
    _, missed = parts_by_person(theirs.whose(), theirs.missed(threshold))
    yield Foretold(f"FNIR, threshold at FPIR {FPIR_TARGET:g}", fnir, float(missed.mean()))


def _searched(
    folders: Mapping[str, Sequence[Path]],
    embeddings: tuple[Embeddings, Embeddings],
    half: frozenset[str],
    people: int,
    seed: int,
) -> _Searched:
    templates, probes = embeddings
    own = {name: folders[name] for name in sorted(half)}
    split = open_set(own, set(probes), people=people, photos_each=1, seed=seed)
    gallery = np.stack([templates[path] for _, path in split.gallery])
    near = nearest(np.stack([probes[path] for _, path in split.mated]), gallery)
    stranger_near = nearest(np.stack([probes[path] for path in split.non_mated]), gallery)
    return _Searched(split, *near, *stranger_near)


def foretold(
    measured: AllPairs,
    folders: Mapping[str, Sequence[Path]],
    embeddings: tuple[Embeddings, Embeddings],
    *,
    people: int,
    seeds: Sequence[int],
    progress: Callable[[int, int], None],
) -> list[list[Foretold]]:
    """Return what was foretold and came, of each of many splits of the people into halves.

    Args:
        measured: all pairs of everybody.
        folders: photos by person.
        embeddings: (D,) by photo, of templates and of probes.
        people: how many of each half are enrolled.
        seeds: one for each split.
        progress: told how many splits are done, and of how many.
    """
    rows = []
    for done, seed in enumerate(seeds, 1):
        first, second = halves(list(folders), seed)
        searches = foretold_searches(folders, embeddings, first, second, people=people, seed=seed)
        rows.append([*foretold_pairs(measured, first, second), *searches])
        progress(done, len(seeds))
    return rows
