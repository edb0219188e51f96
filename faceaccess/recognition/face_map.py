"""A gallery in two dimensions: photos of one person near each other, people who look alike side by side."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from faceaccess.recognition.tsne import FEWEST, STEPS, Descent, affinities, nearest_rows
from faceaccess.vision.types import FloatArray

MOST_LAID_OUT = 3000
"""Of more photos, so many are laid out, spread evenly over them, and each of the others is put beside the one
that it is most like: time and memory rise with the square."""

_STEPS_AT_ONCE = 10
"""Between two parts somebody can stop it."""

_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
_SPIRAL_STEP = 0.5
"""How far photos beside the same one are apart, in standard deviations of the map over √N."""


def lay_out(
    embeddings: FloatArray,
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> FloatArray | None:
    """Return a place for each photo; the same for the same photos. None when it was cancelled.

    Only who is near whom means anything: neither the axes nor long distances do. Of more photos than
    `MOST_LAID_OUT` some are only put beside the one that they are most like.

    Args:
        embeddings: (N, D) float32 of unit norm.
        progress: called with steps done, and how many there are.
        is_cancelled: asked between parts.

    Returns:
        (N, 2) float32.
    """
    if len(embeddings) < FEWEST:
        return _few(embeddings)
    rows = np.unique(np.linspace(0, len(embeddings) - 1, MOST_LAID_OUT).astype(np.int64))
    descent = Descent(affinities(embeddings[rows]), _principal(embeddings[rows]))
    for done in range(0, STEPS, _STEPS_AT_ONCE):
        if is_cancelled():
            return None
        progress(done, STEPS)
        descent.run(_STEPS_AT_ONCE)
    progress(STEPS, STEPS)
    return _with_others(embeddings, rows, descent.places)


def _principal(embeddings: FloatArray) -> FloatArray:
    """Return the first two principal components, (N, 2) float32; the first has a deviation of 1."""
    centred = embeddings - embeddings.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    places = centred @ axes[:, :-3:-1]
    return np.asarray(places / max(float(np.std(places[:, 0])), 1e-12), np.float32)


def _with_others(embeddings: FloatArray, rows: NDArray[np.int64], places: FloatArray) -> FloatArray:
    """Return places of all photos: those not laid out in a spiral around the one that they are most like."""
    others = np.setdiff1d(np.arange(len(embeddings)), rows)
    everywhere = np.empty((len(embeddings), 2), np.float32)
    everywhere[rows] = places
    hosts = nearest_rows(embeddings[others], embeddings[rows])
    # The first beside a photo, the second and so on.
    order, guests = np.argsort(hosts, kind="stable"), np.bincount(hosts, minlength=len(rows))
    number = np.empty(len(others))
    number[order] = 1 + np.arange(len(others)) - np.repeat(np.cumsum(guests) - guests, guests)
    step = _SPIRAL_STEP * float(places.std()) / np.sqrt(len(places))
    angle = _GOLDEN_ANGLE * number
    way = (step * np.sqrt(number))[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    everywhere[others] = places[hosts] + way
    return everywhere


def _few(embeddings: FloatArray) -> FloatArray:
    """Return places in a row, as far apart as the photos are."""
    steps = np.sum(np.diff(embeddings, axis=0) ** 2, axis=1) if len(embeddings) else np.zeros(0)
    across = np.concatenate([[0.0], np.cumsum(steps)])[: len(embeddings)]
    return np.stack([across, np.zeros(len(embeddings))], axis=1).astype(np.float32)
