"""Verification on labelled pairs of photos: accuracy, and VAL at a FAR."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import FaceAccessError
from faceaccess.foreign_files import read_text
from faceaccess.recognition.error_rates import FARTHEST, thresholds_at
from faceaccess.vision.types import FloatArray

FAR_TARGET = 1e-3
_MOST_BYTES = 16 * 2**20


@dataclass(frozen=True)
class Pair:
    """Two photos and whether they show one person."""

    first: Path
    second: Path
    is_mated: bool
    fold: int


@dataclass(frozen=True)
class PairReport:
    """Verification on pairs, cross-validated by fold.

    Attributes:
        accuracy: right decisions, each fold at the threshold best for the others.
        threshold: mean of those thresholds, squared L2.
        val_at_far_1e3: accepted part of mated pairs at the threshold where the other folds'
            FAR is 1e-3. Source: davidsandberg/facenet `src/facenet.py:calculate_val`.
        far: accepted part of non-mated pairs at those thresholds.
        counts: pairs, mated, non_mated, photos, photos_without_face.
    """

    accuracy: float
    threshold: float
    val_at_far_1e3: float
    far: float
    counts: Mapping[str, int]


def read_pairs(path: Path, photos: Path) -> list[Pair]:
    """Read a list of pairs in LFW's format: name n1 n2, or name1 n1 name2 n2.

    Raises:
        FaceAccessError: it isn't such a list.
    """
    try:
        header, *lines = [line.split() for line in read_text(path, _MOST_BYTES).splitlines() if line.strip()]
        folds, pairs_each = int(header[0]), int(header[1])
        pairs = []
        for number, line in enumerate(lines):
            names = (line[0], line[0]) if len(line) == 3 else (line[0], line[2])
            numbers = (line[1], line[2]) if len(line) == 3 else (line[1], line[3])
            first, second = (
                photos / name / f"{name}_{int(which):04d}.jpg"
                for name, which in zip(names, numbers, strict=True)
            )
            pairs.append(Pair(first, second, len(line) == 3, min(number // (2 * pairs_each), folds - 1)))
    except (OSError, ValueError, IndexError) as exc:
        raise FaceAccessError(
            f"{path} is not a list of pairs.", "It has LFW's format: see its README."
        ) from exc
    return pairs


def pair_report(
    pairs: Sequence[Pair],
    templates: Mapping[Path, FloatArray],
    probes: Mapping[Path, FloatArray],
    *,
    without_face: int,
) -> PairReport:
    """Measure verification; a photo without a face is as far from every other as can be."""
    distances = np.array(
        [
            float(np.sum((templates[pair.first] - probes[pair.second]) ** 2))
            if pair.first in templates and pair.second in probes
            else FARTHEST
            for pair in pairs
        ]
    )
    mated = np.array([pair.is_mated for pair in pairs])
    folds = np.array([pair.fold for pair in pairs])
    rows = [_fold_figures(distances, mated, folds == fold) for fold in np.unique(folds)]
    right = sum(row[0] for row in rows)
    _, threshold, val, far = np.mean(rows, axis=0)
    counts = {
        "pairs": len(pairs),
        "mated": int(mated.sum()),
        "non_mated": int((~mated).sum()),
        "photos": len({path for pair in pairs for path in (pair.first, pair.second)}),
        "photos_without_face": without_face,
    }
    return PairReport(right / len(pairs), float(threshold), float(val), float(far), counts)


def _fold_figures(
    distances: NDArray[np.float64], mated: NDArray[np.bool_], test: NDArray[np.bool_]
) -> tuple[int, float, float, float]:
    """Return right decisions, threshold, VAL and FAR of a fold, by the other folds' thresholds."""
    train = ~test if (~test).any() else test
    candidates = np.sort(distances[train])
    accepted_mated = np.searchsorted(np.sort(distances[train & mated]), candidates, side="right")
    accepted_others = np.searchsorted(np.sort(distances[train & ~mated]), candidates, side="right")
    lead = accepted_mated - accepted_others
    # Of the thresholds that are equally good, the middle one: the ends are chance.
    threshold = float(np.median(candidates[lead == lead.max()]))
    right = int(np.sum((distances[test] <= threshold) == mated[test]))
    (far_threshold,) = thresholds_at(distances[train & ~mated], [FAR_TARGET])
    val = float(np.mean(distances[test & mated] <= far_threshold))
    far = float(np.mean(distances[test & ~mated] <= far_threshold))
    return right, threshold, val, far


@dataclass(frozen=True)
class AllPairsReport:
    """Verification over all pairs of some photos, at one threshold for each FMR.

    Attributes:
        people, photos, mated, non_mated: how many of each; the last two are pairs.
        rows: FMR asked for, FNMR reached, threshold (squared L2).
    """

    people: int
    photos: int
    mated: int
    non_mated: int
    rows: tuple[tuple[float, float, float], ...]


def all_pairs_report(
    people: Sequence[str], templates: FloatArray, probes: FloatArray, targets: Sequence[float]
) -> AllPairsReport:
    """Measure verification over all pairs of photos, the first of a pair enrolled, the second its probe.

    Args:
        people: the person each photo shows.
        templates: (N, D) float32 of unit norm, by the recipe of templates.
        probes: the same by that of probes.
        targets: FMR, each a part of the non-mated pairs.

    Raises:
        FaceAccessError: there are no mated or no non-mated pairs.
    """
    _, numbers = np.unique(np.asarray(people), return_inverse=True)
    above = np.triu_indices(len(numbers), 1)
    distances = np.maximum(2 - 2 * templates @ probes.T, 0)[above]
    is_mated = numbers[above[0]] == numbers[above[1]]
    mated, others = distances[is_mated], distances[~is_mated]
    if not len(mated) or not len(others):
        raise FaceAccessError(
            "There are no pairs to measure with.", "Name a folder of several people with photos each."
        )
    thresholds = thresholds_at(others, targets)
    rows = tuple(
        (target, float(np.mean(mated > threshold)), threshold)
        for target, threshold in zip(targets, thresholds, strict=True)
    )
    return AllPairsReport(int(numbers.max()) + 1, len(numbers), len(mated), len(others), rows)
