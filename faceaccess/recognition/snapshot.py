"""One state of the gallery: indexes, and the person of each row. Never changed once in use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from faceaccess.recognition.compact import BEYOND, CompactIndex
from faceaccess.recognition.indexes import exact
from faceaccess.recognition.types import Candidate
from faceaccess.vision.types import FloatArray


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Rows of templates: those of `main`, then those of `recent`.

    Attributes:
        main: FAISS index, exact or by cells, or a compact one; its rows come first.
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
        index = self.main.codes if isinstance(self.main, CompactIndex) else self.main
        return not isinstance(index, faiss.IndexIVF)

    @property
    def loose_rows(self) -> int:
        """How many rows a new main index would tidy away."""
        return int(self.recent.ntotal + (~self.is_here).sum())

    def search(self, probes: FloatArray, k: int, people: int) -> list[tuple[Candidate, ...]]:
        """Return for each probe the nearest people among its k nearest rows, nearest first.

        There are fewer than asked for where more rows must be looked at.

        Args:
            probes: (N, D) float32 of unit norm.
            k: how many rows to look at.
            people: how many different people to return at the most.
        """
        read: Mapping[int, FloatArray] = {}
        among_main = min(k, max(self.main.ntotal, 1))
        if isinstance(self.main, CompactIndex):
            distances, rows, read = self.main.search(probes, among_main)
        else:
            distances, rows = self.main.search(probes, among_main)
        if self.recent.ntotal:
            near, where = self.recent.search(probes, min(k, self.recent.ntotal))
            where = np.where(where >= 0, where + self.main.ntotal, -1)
            distances, rows = np.hstack([distances, near]), np.hstack([rows, where])
            # Only so many: beyond the end of one list, the next may stand in the other.
            order = np.argsort(distances, axis=1, kind="stable")[:, :k]
            distances = np.take_along_axis(distances, order, axis=1)
            rows = np.take_along_axis(rows, order, axis=1)
        return [
            self._nearest_people(distance, row, people, read)
            for distance, row in zip(distances, rows, strict=True)
        ]

    def _embedding(self, row: int) -> FloatArray:
        in_main = row < self.main.ntotal
        template = self.main.reconstruct(row) if in_main else self.recent.reconstruct(row - self.main.ntotal)
        return np.asarray(template, np.float32)

    def _nearest_people(
        self,
        distances: FloatArray,
        rows: NDArray[np.int64],
        people: int,
        read: Mapping[int, FloatArray],
    ) -> tuple[Candidate, ...]:
        """Return each person's best of the rows, the nearest first, up to where others may be nearer."""
        best: dict[int, tuple[float, int]] = {}
        for distance, row in zip(distances, rows, strict=True):
            if row == BEYOND:
                break
            if row < 0 or not self.is_here[row]:
                continue
            best.setdefault(int(self.owners[row]), (float(distance), int(row)))
            if len(best) == people:
                break
        nearest = list(best.items())
        near = [read[row] if row in read else self._embedding(row) for _, (_, row) in nearest]
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
        """Return (M, D) of the rows that are here, where the main index isn't compact."""
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
