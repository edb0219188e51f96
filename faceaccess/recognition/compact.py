"""Templates in a byte a number: the nearest of them are measured again in full, so nothing is lost."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import GalleryError
from faceaccess.recognition.indexes import cell_centres, exact, sampled
from faceaccess.vision.types import FloatArray

ReadTemplates = Callable[[NDArray[np.int64]], tuple[NDArray[np.int64], FloatArray]]
"""Takes template ids; returns those that there still are, rising, and their (M, D) float32 embeddings."""

BEYOND = -2
"""Stands instead of a row from where on others, not looked at, may be nearer."""

_CHUNK = 20_000
_ROUNDING = 1e-5
"""Between two ways of working out a distance (not squared) in float32, with much to spare."""


@dataclass(frozen=True, eq=False)
class CompactIndex:
    """Rows of templates rounded to a byte a number, and where to read those in full.

    A rounded template lies at most `error` from itself, so by the triangle inequality a row that isn't among
    the k nearest rounded ones is no nearer than the last of these less `error`: what lies within is certain.

    Attributes:
        codes: FAISS index, of every template or by cells.
        template_ids: (N,) int64 of its rows.
        error: greatest distance, not squared, of a rounded template from itself.
        read: returns templates in full. Called from every thread that searches.
    """

    codes: Any
    template_ids: NDArray[np.int64]
    error: float
    read: ReadTemplates

    @property
    def d(self) -> int:
        """Length of an embedding, as of an index of FAISS."""
        return int(self.codes.d)

    @property
    def ntotal(self) -> int:
        """How many rows there are, as of an index of FAISS."""
        return int(self.codes.ntotal)

    def search(
        self, probes: FloatArray, k: int
    ) -> tuple[FloatArray, NDArray[np.int64], dict[int, FloatArray]]:
        """Return distances in full and rows, nearest first, and the embedding of each of these rows.

        A row is `BEYOND` where others may be nearer than what follows, and -1 where there is no more. A
        template that is no longer kept is none: the people are read anew when that is told.

        Args:
            probes: (N, D) float32 of unit norm.
            k: how many rounded templates to look at, for each.
        """
        rounded, near = self.codes.search(probes, k)
        looked_at = np.unique(near[near >= 0])
        kept_ids, embeddings = self.read(self.template_ids[looked_at])
        stored = looked_at[np.isin(self.template_ids[looked_at], kept_ids)]
        distances = np.full(near.shape, np.inf, np.float32)
        rows = np.full(near.shape, -1, np.int64)
        for at, probe in enumerate(probes):
            own = np.flatnonzero(np.isin(stored, near[at]))
            measured, order = exact(embeddings[own].reshape(-1, self.d)).search(probe[None], max(len(own), 1))
            nearest = stored[own[order[0]]] if len(own) else np.empty(0, np.int64)
            certain = self._certain(rounded[at], near[at])
            count = int(np.searchsorted(measured[0][: len(own)], certain))
            distances[at, :count], rows[at, :count] = measured[0][:count], nearest[:count]
            if np.isfinite(certain):
                distances[at, count], rows[at, count] = certain, BEYOND
        return distances, rows, dict(zip(stored.tolist(), embeddings, strict=True))

    def _certain(self, rounded: FloatArray, near: NDArray[np.int64]) -> float:
        """Return the squared distance that every row not looked at has at the least."""
        if len(near) == self.ntotal or near[-1] < 0:
            return np.inf
        return max(0.0, float(np.sqrt(max(rounded[-1], 0.0))) - self.error - _ROUNDING) ** 2


def compacted(
    template_ids: NDArray[np.int64], dimension: int, read: ReadTemplates, *, cells: int = 0, probed: int = 0
) -> CompactIndex:
    """Return an index of templates, read a few at a time: there never are many in full.

    Args:
        template_ids: (N,) int64, at least one.
        dimension: length of an embedding.
        read: returns them in full.
        cells: how many cells to divide them into; 0 for none.
        probed: how many of these a search looks into.

    Raises:
        GalleryError: one is of another length, or not of unit norm.
    """
    lows, highs = np.full(dimension, np.inf, np.float32), np.full(dimension, -np.inf, np.float32)
    for embeddings, _ in _chunks(template_ids, dimension, read):
        lows, highs = np.minimum(lows, embeddings.min(axis=0)), np.maximum(highs, embeddings.max(axis=0))
    # Trained on its two ends, the range of each number takes in every template: nothing is cut off.
    ends = np.stack([lows, np.maximum(highs, lows + np.float32(1e-6))])
    kind = faiss.ScalarQuantizer.QT_8bit
    rounding = faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_L2)
    rounding.train(ends)
    codes: Any = rounding
    if cells:
        sample = _in_order(template_ids[sampled(len(template_ids), cells)], dimension, read)[0]
        codes = faiss.IndexIVFScalarQuantizer(
            cell_centres(sample, cells), dimension, cells, kind, faiss.METRIC_L2, False
        )
        codes.train(ends)
        codes.nprobe = probed
    error = 0.0
    for embeddings, is_kept in _chunks(template_ids, dimension, read):
        codes.add(embeddings)
        away = np.linalg.norm(rounding.sa_decode(rounding.sa_encode(embeddings)) - embeddings, axis=1)
        error = max(error, float(away[is_kept].max(initial=0)))
    return CompactIndex(codes, template_ids, error, read)


def _chunks(
    template_ids: NDArray[np.int64], dimension: int, read: ReadTemplates
) -> Iterator[tuple[FloatArray, NDArray[np.bool_]]]:
    for start in range(0, len(template_ids), _CHUNK):
        yield _in_order(template_ids[start : start + _CHUNK], dimension, read)


def _in_order(
    template_ids: NDArray[np.int64], dimension: int, read: ReadTemplates
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return (N, D) embeddings, 0 for those no longer kept, and (N,) which are."""
    kept_ids, embeddings = read(template_ids)
    if len(embeddings) and embeddings.shape[1] != dimension:
        raise GalleryError(
            "Templates: expected (N, {dimension}), got {shape}.", dimension=dimension, shape=embeddings.shape
        )
    if not np.allclose(np.linalg.norm(embeddings, axis=1), 1.0, atol=1e-3):
        raise GalleryError("Templates of other than unit norm can't be searched.")
    is_kept = np.isin(template_ids, kept_ids)
    rows = np.zeros((len(template_ids), dimension), np.float32)
    rows[is_kept] = embeddings.reshape(-1, dimension)[np.searchsorted(kept_ids, template_ids[is_kept])]
    return rows, is_kept
