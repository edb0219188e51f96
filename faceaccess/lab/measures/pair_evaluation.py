"""Verification on labelled pairs of photos: accuracy, and VAL at a FAR."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import FaceAccessError
from faceaccess.foreign_files import read_text
from faceaccess.recognition.error_rates import FARTHEST, error_curve, thresholds_at
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
        accuracy_deviation: standard deviation of the folds' accuracies; 0 with one fold.
        threshold: mean of those thresholds, squared L2.
        val_at_far_1e3: accepted part of mated pairs at the threshold where the other folds'
            FAR is 1e-3. Source: davidsandberg/facenet `src/facenet.py:calculate_val`.
        val_deviation: of the folds' VALs.
        far: accepted part of non-mated pairs at those thresholds.
        auc, eer: of all pairs together, see `ErrorCurve`.
        fte: part of the photos or clips in which no face was found.
        counts: pairs, mated, non_mated, photos, photos_without_face; or clips for photos.
    """

    accuracy: float
    accuracy_deviation: float
    threshold: float
    val_at_far_1e3: float
    val_deviation: float
    far: float
    auc: float
    eer: float
    fte: float
    counts: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class PairResult:
    """What became of each pair, and the figures of all.

    Attributes:
        report: the figures.
        distances: (N,) squared L2, in the order of the list.
        is_mated: (N,) whether a pair shows one person.
        is_right: (N,) whether it was decided rightly at its fold's threshold.
        is_accepted: (N,) whether it was accepted at its fold's threshold for FAR 1e-3.
    """

    report: PairReport
    distances: NDArray[np.float64]
    is_mated: NDArray[np.bool_]
    is_right: NDArray[np.bool_]
    is_accepted: NDArray[np.bool_]


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


def pair_result(
    pairs: Sequence[Pair], templates: Mapping[Path, FloatArray], probes: Mapping[Path, FloatArray]
) -> PairResult:
    """Measure verification; a photo without a face is as far from every other as can be.

    Args:
        pairs: the list; both mated and non-mated ones.
        templates: (D,) unit embeddings of the first photos of pairs, where there is a face.
        probes: likewise of the second ones.
    """
    distances = np.array(
        [
            float(np.sum((templates[pair.first] - probes[pair.second]) ** 2))
            if pair.first in templates and pair.second in probes
            else FARTHEST
            for pair in pairs
        ]
    )
    return decided(pairs, distances, templates.keys() & probes.keys())


def decided(
    pairs: Sequence[Pair], distances: NDArray[np.float64], with_face: Collection[Path], noun: str = "photos"
) -> PairResult:
    """Decide about pairs by their distances, each fold by the thresholds of the others.

    Args:
        pairs: the list; both mated and non-mated ones.
        distances: (N,) squared L2 of each.
        with_face: what of them a face was found in.
        noun: what the pairs are of.
    """
    mated = np.array([pair.is_mated for pair in pairs])
    folds = np.array([pair.fold for pair in pairs])
    is_right, is_accepted = np.zeros(len(pairs), bool), np.zeros(len(pairs), bool)
    thresholds = []
    for fold in np.unique(folds):
        test = folds == fold
        threshold, far_threshold = _fold_thresholds(distances, mated, ~test if (~test).any() else test)
        is_right[test] = (distances[test] <= threshold) == mated[test]
        is_accepted[test] = distances[test] <= far_threshold
        thresholds.append(threshold)
    paths = {path for pair in pairs for path in (pair.first, pair.second)}
    lost = len(paths.difference(with_face))
    counts = {
        "pairs": len(pairs),
        "mated": int(mated.sum()),
        "non_mated": int((~mated).sum()),
        noun: len(paths),
        f"{noun}_without_face": lost,
    }
    curve = error_curve(distances[mated], distances[~mated])
    accuracy, val, far = (
        _over_folds(values[which], folds[which])
        for values, which in ((is_right, mated | True), (is_accepted, mated), (is_accepted, ~mated))
    )
    report = PairReport(
        *accuracy,
        float(np.mean(thresholds)),
        *val,
        far[0],
        curve.auc,
        curve.eer,
        lost / len(paths),
        counts,
    )
    return PairResult(report, distances, mated, is_right, is_accepted)


def _over_folds(values: NDArray[np.bool_], folds: NDArray[np.int_]) -> tuple[float, float]:
    """Return the mean of the folds' means, and their standard deviation; 0 with one fold."""
    means = [float(values[folds == fold].mean()) for fold in np.unique(folds)]
    return float(np.mean(means)), float(np.std(means, ddof=1)) if len(means) > 1 else 0.0


def _fold_thresholds(
    distances: NDArray[np.float64], mated: NDArray[np.bool_], train: NDArray[np.bool_]
) -> tuple[float, float]:
    """Return the threshold that is most often right about some pairs, and the one of their FAR."""
    candidates = np.sort(distances[train])
    accepted_mated = np.searchsorted(np.sort(distances[train & mated]), candidates, side="right")
    accepted_others = np.searchsorted(np.sort(distances[train & ~mated]), candidates, side="right")
    lead = accepted_mated - accepted_others
    (far_threshold,) = thresholds_at(distances[train & ~mated], [FAR_TARGET])
    # Of the thresholds that are equally good, the middle one: the ends are chance.
    return float(np.median(candidates[lead == lead.max()])), far_threshold
