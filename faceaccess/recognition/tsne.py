"""t-SNE: places in two dimensions that keep which embeddings are near each other.

Sources: [1] van der Maaten and Hinton, Visualizing Data using t-SNE, JMLR 9, 2008, whose gradient is worked
out in full; [2] van der Maaten, Accelerating t-SNE using tree-based algorithms, JMLR 15, 2014, of which only
the neighbours are taken.
"""

import numpy as np
from numpy.typing import NDArray

from faceaccess.vision.types import FloatArray

FEWEST = 4
"""Embeddings that can be laid out."""

STEPS, _EXAGGERATED_STEPS = 600, 250
"""Of gradient descent; the latter as in [2]."""

_PERPLEXITY = 30.0
"""Source: [1], section 2: typical values are 5 to 50, and the result changes little among them."""

_NEIGHBOURS = 3
"""Looked at of each, in perplexities. Source: [2], section 4.1."""

_EXAGGERATION = 12.0
"""Of what draws together, in the first steps. Source: [2]."""

_MOMENTUM = 0.5
"""Source: [1], section 3.4, where it becomes 0.8 later: with so few steps 0.5 throughout keeps more
neighbours, from 12 embeddings to 4 000."""

_GAIN_STEP, _GAIN_FACTOR, _LEAST_GAIN = 0.2, 0.8, 0.01
"""Source: [1], section 3.4 (Jacobs 1988); the figures are those of its authors' program."""

_RATE_OF_COUNT = 0.25
"""Rate, as part of how many there are over the exaggeration. Source: Belkina et al. 2019; Poličar et al.
2024."""

_START_SPREAD = 1e-4
_BISECTIONS = 50
_ROWS_AT_ONCE = 16
"""They stay in a core's cache, and their products are too small for OpenBLAS to share out to threads, which
wait for each other beside other work."""


class Descent:
    """Gradient descent with momentum, and gains that rise while a coordinate keeps its direction."""

    def __init__(self, affinities: FloatArray, start: FloatArray) -> None:
        """Begin where a first guess is.

        Args:
            affinities: (N, N) float32 of sum 1, symmetrical.
            start: (N, 2) float32 of which only the shape counts.
        """
        self.places = start * np.float32(_START_SPREAD)
        self._affinities = affinities
        self._steps_done = 0
        self._speed, self._gains = np.zeros_like(start), np.ones_like(start)
        blocks = (3, min(_ROWS_AT_ONCE, len(start)), len(start))
        self._kernels, self._squares, self._drawn = np.empty(blocks, np.float32)

    def run(self, steps: int) -> None:
        """Move all places so many times."""
        for _ in range(steps):
            is_early = self._steps_done < _EXAGGERATED_STEPS
            self._step(_EXAGGERATION if is_early else 1.0)
            self._steps_done += 1

    def _step(self, exaggeration: float) -> None:
        gradient = self._gradient(exaggeration)
        is_against = (gradient > 0) == (self._speed > 0)
        gains = np.where(is_against, self._gains * _GAIN_FACTOR, self._gains + _GAIN_STEP)
        self._gains = np.maximum(gains, _LEAST_GAIN)
        rate = _RATE_OF_COUNT * len(self.places) / exaggeration
        self._speed = _MOMENTUM * self._speed - rate * self._gains * gradient
        moved = self.places + self._speed
        self.places = moved - moved.mean(axis=0)

    def _gradient(self, exaggeration: float) -> FloatArray:
        """Return the gradient of the divergence, (N, 2) float32. Source: [1], equation 5.

        The sums over all others, of a weight times the way there, are products with (x, y, 1) of all places.
        """
        places, count = self.places, len(self.places)
        lengths, ones = np.einsum("ij,ij->i", places, places), np.ones(count, np.float32)
        all_places = np.column_stack([places, ones])
        # The product of these two is 1 + the squared distance of each pair.
        left = np.column_stack([-2 * places, 1 + lengths, ones])
        right = np.ascontiguousarray(np.column_stack([places, ones, lengths]).T)
        attraction, repulsion = np.empty((2, count, 3), np.float32)
        kernel_sum = 0.0
        for start in range(0, count, _ROWS_AT_ONCE):
            rows = slice(start, min(start + _ROWS_AT_ONCE, count))
            kernels, squares, drawn = (
                block[: rows.stop - start] for block in (self._kernels, self._squares, self._drawn)
            )
            np.matmul(left[rows], right, out=kernels)
            np.reciprocal(kernels, out=kernels)
            kernel_sum += float(kernels.sum())
            np.multiply(kernels, kernels, out=squares)
            np.multiply(kernels, self._affinities[rows], out=drawn)
            np.matmul(drawn, all_places, out=attraction[rows])
            np.matmul(squares, all_places, out=repulsion[rows])
        # Less the kernel of each with itself, which is 1.
        weighted = exaggeration * attraction - repulsion / max(kernel_sum - count, 1e-12)
        return np.asarray(4 * (weighted[:, 2:] * places - weighted[:, :2]), np.float32)


def affinities(embeddings: FloatArray) -> FloatArray:
    """Return how much each two belong together, (N, N) float32 of sum 1, symmetrical.

    Source: [1], section 3.1 and equation 1, at the bandwidth of each that gives the perplexity.

    Args:
        embeddings: (N, D) float32 of unit norm; N is at least `FEWEST`.
    """
    count = len(embeddings)
    perplexity = min(_PERPLEXITY, (count - 1) / _NEIGHBOURS)
    nearest, distances = _nearest(embeddings, min(count - 1, int(_NEIGHBOURS * perplexity) + 1))
    parts = _at_perplexity(distances - distances.min(axis=1, keepdims=True), perplexity)
    whole = np.zeros((count, count), np.float32)
    np.put_along_axis(whole, nearest, parts, axis=1)
    whole += whole.T
    whole /= 2 * count
    return whole


def nearest_rows(probes: FloatArray, embeddings: FloatArray) -> NDArray[np.int64]:
    """Return which embedding is nearest to each probe, (N,) int64; all of unit norm."""
    parts = [np.empty(0, np.int64)]
    for start in range(0, len(probes), _ROWS_AT_ONCE):
        parts.append(np.argmax(probes[start : start + _ROWS_AT_ONCE] @ embeddings.T, axis=1))
    return np.concatenate(parts)


def _nearest(embeddings: FloatArray, neighbours: int) -> tuple[NDArray[np.int64], FloatArray]:
    """Return the rows of the others nearest to each, in no order, and their squared distances."""
    nearest_parts, distances = [], []
    for start in range(0, len(embeddings), _ROWS_AT_ONCE):
        rows = embeddings[start : start + _ROWS_AT_ONCE]
        apart = np.maximum(2 - 2 * rows @ embeddings.T, 0)
        apart[np.arange(len(rows)), start + np.arange(len(rows))] = np.inf
        nearest = np.argpartition(apart, neighbours - 1, axis=1)[:, :neighbours]
        nearest_parts.append(nearest)
        distances.append(np.take_along_axis(apart, nearest, axis=1))
    return np.concatenate(nearest_parts), np.concatenate(distances)


def _at_perplexity(distances: FloatArray, perplexity: float) -> FloatArray:
    """Return what part of its neighbourhood each neighbour is, as `distances`; rows of sum 1."""
    target = np.log(perplexity)
    low, high = np.zeros((len(distances), 1)), np.full((len(distances), 1), np.inf)
    precision = np.ones_like(low)
    for _ in range(_BISECTIONS):
        weights = np.exp(-precision * distances)
        sums = weights.sum(axis=1, keepdims=True)
        entropy = np.log(sums) + precision * np.sum(weights * distances, axis=1, keepdims=True) / sums
        is_wide = entropy > target
        low, high = np.where(is_wide, precision, low), np.where(is_wide, high, precision)
        precision = np.where(np.isinf(high), 2 * precision, (low + high) / 2)
    weights = np.exp(-precision * distances)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)
