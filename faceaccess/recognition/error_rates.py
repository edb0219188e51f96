"""How often a threshold is wrong about mated and non-mated pairs, from their distances."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Distances = NDArray[np.floating[Any]]

FARTHEST = 4.0
"""Squared L2 of two opposite embeddings: a threshold here accepts everything."""


SPREAD_STEPS = 80


@dataclass(frozen=True, eq=False)
class ErrorCurve:
    """Error rates at every threshold that decides differently, the smallest first.

    Attributes:
        thresholds: (T,) squared L2; the first accepts nothing, the others are the distances themselves.
        fmr: (T,) accepted part of the non-mated pairs.
        fnmr: (T,) refused part of the mated pairs.
        auc: probability that a mated pair is nearer than a non-mated one; ties count half.
    """

    thresholds: NDArray[np.float64]
    fmr: NDArray[np.float64]
    fnmr: NDArray[np.float64]
    auc: float

    @property
    def eer(self) -> float:
        """The rate at which FMR and FNMR are equal, on the straight line between two thresholds."""
        above = int(np.argmax(self.fmr >= self.fnmr))
        if above == 0:
            return float(self.fmr[0])
        gap, gap_before = (self.fmr[at] - self.fnmr[at] for at in (above, above - 1))
        part = -gap_before / (gap - gap_before)
        return float(self.fmr[above - 1] + part * (self.fmr[above] - self.fmr[above - 1]))


def error_curve(mated: Distances, non_mated: Distances) -> ErrorCurve:
    """Return the error rates of some pairs; a pair is accepted where its distance is at most the threshold.

    Args:
        mated: (M,) squared L2, in any order; at least one.
        non_mated: (N,) likewise.

    Raises:
        ValueError: either is empty.
    """
    if not len(mated) or not len(non_mated):
        raise ValueError("mated and non_mated: expected at least one distance each")
    same, others = np.sort(mated), np.sort(non_mated)
    distances = np.unique(np.concatenate([same, others])).astype(np.float64)
    fmr = np.searchsorted(others, distances, side="right") / len(others)
    fnmr = 1 - np.searchsorted(same, distances, side="right") / len(same)
    nearer = np.searchsorted(same, others, side="left").sum(dtype=np.float64)
    not_farther = np.searchsorted(same, others, side="right").sum(dtype=np.float64)
    auc = (nearer + not_farther) / 2 / (float(len(same)) * len(others))
    below_all = np.nextafter(distances[0], -np.inf)
    return ErrorCurve(
        np.concatenate([[below_all], distances]),
        np.concatenate([[0.0], fmr]),
        np.concatenate([[1.0], fnmr]),
        float(auc),
    )


def thresholds_at(wrong: Distances, targets: Sequence[float]) -> list[float]:
    """Return the greatest threshold at each rate of false accepts.

    Args:
        wrong: (N,) squared L2 that should be refused: of non-mated pairs for FMR, of strangers to their
            nearest template for FPIR.
        targets: each accepts no greater part of them.
    """
    ordered = np.sort(wrong)
    return [_below_one_too_many(ordered, target) for target in targets]


def _below_one_too_many(distances: Distances, rate: float) -> float:
    # What is meant by 0.29 of 100 is 29, not the 28 that the product is a little above.
    allowed = math.floor(rate * len(distances) + 1e-9)
    return float(np.nextafter(distances[allowed], 0)) if allowed < len(distances) else FARTHEST


def spread_parts(distances: Distances) -> tuple[float, ...]:
    """Return which part of distances lies in each of `SPREAD_STEPS` equal steps from 0 to 4."""
    return tuple((spread_counts(distances) / max(len(distances), 1)).tolist())


def spread_counts(distances: Distances) -> NDArray[np.int64]:
    """Return (SPREAD_STEPS,) how many distances lie in each step."""
    return np.histogram(distances, SPREAD_STEPS, (0, FARTHEST))[0].astype(np.int64)


def accepted_part(distances: Distances, threshold: float) -> float:
    """Return the part of distances that a threshold accepts: FMR of non-mated, 1 - FNMR of mated pairs."""
    return float(np.mean(distances <= threshold))
