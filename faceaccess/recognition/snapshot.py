"""One state of the gallery: indexes, and the person of each row. Never changed once in use."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from faceaccess.recognition.types import Candidate
from faceaccess.vision.types import FloatArray

CELLS = 2048
PROBED_CELLS = 64
TRAINED_PER_CELL = 40
"""Of a large gallery, templates are kept in cells and the nearest cells searched, with exact
distances. Source: `faceaccess benchmark gallery`: recall@1 0.998 among 1 000 000 templates."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Rows of templates: those of `main`, then those of `recent`.

    Attributes:
        main: FAISS index, exact or by cells; its rows come first.
        recent: exact index of the rows added since.
        template_ids: (N,) int64.
        people: each person once.
        owners: (N,) int32, rows of `people`.
        is_active: (N,) bool, False for people who are known but not allowed.
        is_here: (N,) bool, False for rows that were removed.
    """

    main: Any
    recent: Any
    template_ids: NDArray[np.int64]
    people: tuple[str, ...]
    owners: NDArray[np.int32]
    is_active: NDArray[np.bool_]
    is_here: NDArray[np.bool_]

    def __len__(self) -> int:
        return int(self.is_here.sum())

    @property
    def is_exact(self) -> bool:
        """Whether every row is compared."""
        return isinstance(self.main, faiss.IndexFlatL2)

    @property
    def loose_rows(self) -> int:
        """How many rows a new main index would tidy away."""
        return int(self.recent.ntotal + (~self.is_here).sum())

    def search(self, probes: FloatArray, k: int) -> tuple[FloatArray, NDArray[np.int64]]:
        """Return distances and rows, nearest first; rows may be -1 where there are fewer."""
        distances, rows = self.main.search(probes, min(k, max(self.main.ntotal, 1)))
        if self.recent.ntotal:
            near, where = self.recent.search(probes, min(k, self.recent.ntotal))
            where = np.where(where >= 0, where + self.main.ntotal, -1)
            distances, rows = np.hstack([distances, near]), np.hstack([rows, where])
            # Only so many: beyond the end of one list, the next may stand in the other.
            order = np.argsort(distances, axis=1, kind="stable")[:, :k]
            distances = np.take_along_axis(distances, order, axis=1)
            rows = np.take_along_axis(rows, order, axis=1)
        return distances, rows

    def embedding(self, row: int) -> FloatArray:
        """Return a row's (D,) template."""
        in_main = row < self.main.ntotal
        template = self.main.reconstruct(row) if in_main else self.recent.reconstruct(row - self.main.ntotal)
        return np.asarray(template, np.float32)

    def nearest_people(
        self, distances: FloatArray, rows: NDArray[np.int64], people: int
    ) -> tuple[Candidate, ...]:
        """Return each person's best of the rows found, the nearest first."""
        best: dict[int, tuple[float, int]] = {}
        for distance, row in zip(distances, rows, strict=True):
            if row < 0 or not self.is_here[row]:
                continue
            best.setdefault(int(self.owners[row]), (float(distance), int(row)))
            if len(best) == people:
                break
        nearest = list(best.items())
        near = [self.embedding(row) for _, (_, row) in nearest]
        return tuple(
            Candidate(
                self.people[owner],
                # FAISS's squared L2 of equal vectors can fall a rounding below 0.
                max(0.0, distance),
                int(self.template_ids[row]),
                bool(self.is_active[row]),
                to_nearest=float(np.sum((embedding - near[0]) ** 2)),
            )
            for (owner, (distance, row)), embedding in zip(nearest, near, strict=True)
        )

    def embeddings(self) -> FloatArray:
        """Return (M, D) of the rows that are here."""
        parts = [part.reconstruct_n(0, part.ntotal) for part in (self.main, self.recent) if part.ntotal]
        return np.vstack(parts)[self.is_here] if parts else np.empty((0, self.main.d), np.float32)

    def rebased(self, before: "Snapshot", main: Any) -> Self:  # noqa: ANN401 - FAISS has no types
        """Return this state on a new main index, which was made of `before.embeddings()`."""
        first = len(before.template_ids)
        rows = np.concatenate([np.flatnonzero(before.is_here), np.arange(first, len(self.template_ids))])
        late = self.recent.ntotal - before.recent.ntotal
        recent = exact(self.recent.reconstruct_n(before.recent.ntotal, late) if late else _none(main.d))
        return replace(
            self,
            main=main,
            recent=recent,
            template_ids=self.template_ids[rows],
            owners=self.owners[rows],
            is_active=self.is_active[rows],
            is_here=self.is_here[rows],
        )


def _none(dimension: int) -> FloatArray:
    return np.empty((0, dimension), np.float32)


def in_cells(embeddings: FloatArray, cells: int, probed: int) -> Any:  # noqa: ANN401 - FAISS has no types
    """Return an index by cells of (N, D) float32 rows. Takes seconds for a million."""
    # The door is running meanwhile: it keeps a core for itself.
    faiss.omp_set_num_threads(1)
    dimension = embeddings.shape[1]
    index = faiss.IndexIVFFlat(faiss.IndexFlatL2(dimension), dimension, cells)
    rng = np.random.default_rng(0)
    index.train(embeddings[rng.permutation(len(embeddings))[: TRAINED_PER_CELL * cells]])
    index.add(embeddings)
    index.make_direct_map()
    index.nprobe = probed
    return index


def exact(embeddings: FloatArray) -> Any:  # noqa: ANN401 - FAISS has no types
    """Return an exact index of (N, D) float32 rows."""
    index = faiss.IndexFlatL2(embeddings.shape[1])
    index.add(np.ascontiguousarray(embeddings, np.float32))
    return index


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
