"""A head for a site, and whether it helps people it was not learned from. Needs no torch in this process."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faceaccess.apart import run_apart
from faceaccess.errors import ModelError
from faceaccess.learning.head_plan import HeadPlan
from faceaccess.learning.judging import FARS, Judgement, Pairs, judge_pairs, pairs_of
from faceaccess.recognition.intervals import Rate
from faceaccess.vision.types import FloatArray

FOLDS = 3
LEAST_PEOPLE = 30
"""With two pictures or more. Fewer than twenty to learn from, and ten to judge by, say nothing."""

_LEAST_FALSE_ACCEPTS = 30
_TAIL = 10
_MOST_BYTES, _MOST_S = 4 * 2**30, 1800.0
_RESAMPLES = 1000


@dataclass(frozen=True, eq=False)
class CrossFitted:
    """A head learned from everybody, and what heads learned without a third of the people did for these.

    Attributes:
        head: (D, D) float32.
        before, after: judgements of the people held out in turn, by the model and by the adapted one.
        far: at which VAL is compared.
        gain: in VAL, with its 95 % interval by people.
    """

    head: FloatArray
    before: Judgement
    after: Judgement
    far: float
    gain: Rate
    _non_mated: tuple[FloatArray, FloatArray]

    @property
    def is_better(self) -> bool:
        """Whether the people held out are told apart better, beyond chance."""
        return self.gain.low > 0

    def threshold(self, threshold: float) -> float:
        """Return the adapted model's threshold that accepts as many non-mated pairs as the model's own."""
        before, after = self._non_mated
        accepted = int(np.searchsorted(before, threshold, side="right"))
        if accepted >= _TAIL:
            return float(after[accepted - 1])
        # Too few pairs lie below it to count: both tails are compared instead.
        return threshold * float(after[:_TAIL].mean() / max(float(before[:_TAIL].mean()), 1e-6))


def adapted(embeddings: FloatArray, head: FloatArray) -> FloatArray:
    """Return (N, D) embeddings of unit norm after a (D, D) head."""
    moved = embeddings @ head.T
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12), np.float32)


def crossfit(
    embeddings: FloatArray,
    people: NDArray[np.int64],
    folds: NDArray[np.int64],
    *,
    plan: HeadPlan | None = None,
    threads: int = 1,
) -> CrossFitted:
    """Learn a head, and judge it by people it was not learned from.

    Args:
        embeddings: (N, D) of unit norm, by the model in force.
        people: (N,) numbers of the people, from 0.
        folds: (N,) which of `FOLDS` parts each person is in.
        plan: how heads are learned; None: as measured.
        threads: that learning may use.

    Raises:
        ModelError: learning failed; nothing was changed.
    """
    parts = [(embeddings[folds != fold], people[folds != fold]) for fold in range(FOLDS)]
    heads = _fitted([*parts, (embeddings, people)], plan or HeadPlan(), threads)
    before, after = [], []
    for fold, head in enumerate(heads[:FOLDS]):
        rows, whose = embeddings[folds == fold], people[folds == fold]
        before.append(pairs_of(rows, whose))
        after.append(pairs_of(adapted(rows, head), whose))
    judged_before, judged_after = (judge_pairs(side, _RESAMPLES) for side in (before, after))
    far = _far(judged_before.non_mated)
    return CrossFitted(
        heads[-1],
        judged_before,
        judged_after,
        far,
        judged_after.gain_over(judged_before, far),
        (_sorted(before), _sorted(after)),
    )


def _fitted(
    parts: list[tuple[FloatArray, NDArray[np.int64]]], plan: HeadPlan, threads: int
) -> list[FloatArray]:
    try:
        return run_apart(_MOST_BYTES, _MOST_S, _fit_here, parts, plan, threads)
    except (MemoryError, TimeoutError, EOFError) as exc:
        raise ModelError(
            "The model couldn't be adapted: the process that learns ended early.",
            "Close other programs and try again.",
        ) from exc


def _fit_here(
    parts: list[tuple[FloatArray, NDArray[np.int64]]], plan: HeadPlan, threads: int
) -> list[FloatArray]:
    """Learn the heads. Runs in a process of its own: torch is large, and must not be loaded after Qt."""
    from faceaccess.learning.heads import fit_heads

    return fit_heads(parts, plan, threads)


def _far(non_mated: int) -> float:
    """Return the smallest FAR that enough non-mated pairs stand behind."""
    return min((far for far in FARS if far * non_mated >= _LEAST_FALSE_ACCEPTS), default=max(FARS))


def _sorted(parts: list[Pairs]) -> FloatArray:
    return np.sort(np.concatenate([part.non_mated for part in parts]))
