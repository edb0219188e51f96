"""FAISS indexes of templates in full: every one compared, or those of the nearest cells."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from faceaccess.vision.types import FloatArray

CELLS = 2048
PROBED_CELLS = 64
TRAINED_PER_CELL = 40
"""Of a large gallery, templates are kept in cells and the nearest cells searched, with exact
distances. Source: `faceaccess benchmark gallery`: recall@1 0.998 among 1 000 000 templates."""


def exact(embeddings: FloatArray) -> Any:  # noqa: ANN401 - FAISS has no types
    """Return an exact index of (N, D) float32 rows."""
    index = faiss.IndexFlatL2(embeddings.shape[1])
    index.add(np.ascontiguousarray(embeddings, np.float32))
    return index


def in_cells(embeddings: FloatArray, cells: int, probed: int) -> Any:  # noqa: ANN401 - FAISS has no types
    """Return an index by cells of (N, D) float32 rows. Takes seconds for a million."""
    dimension = embeddings.shape[1]
    centres = cell_centres(embeddings[sampled(len(embeddings), cells)], cells)
    index = faiss.IndexIVFFlat(centres, dimension, cells)
    index.train(embeddings[:1])
    index.add(embeddings)
    index.make_direct_map()
    index.nprobe = probed
    return index


def sampled(count: int, cells: int) -> NDArray[np.int64]:
    """Return which of so many rows the centres of cells are made of, in order."""
    return np.random.default_rng(0).permutation(count)[: TRAINED_PER_CELL * cells]


def cell_centres(sample: FloatArray, cells: int) -> Any:  # noqa: ANN401 - FAISS has no types
    """Return an exact index of the centres of cells, made of (S, D) float32 rows."""
    # The door is running meanwhile: it keeps a core for itself.
    faiss.omp_set_num_threads(1)
    centres = faiss.IndexFlatL2(sample.shape[1])
    faiss.IndexIVFFlat(centres, sample.shape[1], cells).train(sample)
    return centres


@contextmanager
def searching_alone() -> Iterator[None]:
    """Search on the calling thread only, not on threads that FAISS shares one probe's rows out to.

    Beside other work these wait for a core: among 10 000 templates 14 ms a search instead of 0.15. And
    distances are then the same to the last bit however many cores there are.
    """
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
