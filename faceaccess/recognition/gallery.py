"""All templates searched: an exact FAISS index, swapped as a whole when people change."""

from collections.abc import Sequence
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import GalleryError
from faceaccess.recognition.types import Candidate
from faceaccess.vision.types import FloatArray


@dataclass(frozen=True, eq=False)
class _Snapshot:
    """One state of the gallery; never changed once it is in use."""

    index: faiss.IndexFlatL2
    template_ids: NDArray[np.int64]
    person_ids: tuple[str, ...]
    is_active: NDArray[np.bool_]


class Gallery:
    """The templates of one model. Searching is safe while another thread replaces them."""

    def __init__(self, model_id: str, dimension: int) -> None:
        """Start empty.

        Args:
            model_id: the only model whose templates may enter.
            dimension: length of an embedding.
        """
        self.model_id = model_id
        self.dimension = dimension
        self._snapshot = self._build(
            np.empty(0, np.int64), (), np.empty(0, bool), np.empty((0, dimension), np.float32)
        )

    def __len__(self) -> int:
        return len(self._snapshot.person_ids)

    def replace(
        self,
        model_id: str,
        *,
        template_ids: NDArray[np.int64],
        person_ids: Sequence[str],
        is_active: NDArray[np.bool_],
        embeddings: FloatArray,
    ) -> None:
        """Put other templates in the place of all that are here, at once for every search.

        Args:
            model_id: the model that made them.
            template_ids: (N,) int64.
            person_ids: N ids.
            is_active: (N,) bool, False for people who are known but not allowed.
            embeddings: (N, D) float32 of unit norm.

        Raises:
            GalleryError: they are of another model, or don't fit it.
        """
        if model_id != self.model_id:
            raise GalleryError(f"Templates of {model_id} can't be searched beside those of {self.model_id}.")
        if embeddings.ndim != 2 or embeddings.shape[1] != self.dimension:
            raise GalleryError(f"Templates: expected (N, {self.dimension}), got {embeddings.shape}.")
        if not np.allclose(np.linalg.norm(embeddings, axis=1), 1.0, atol=1e-3):
            raise GalleryError("Templates of other than unit norm can't be searched.")
        self._snapshot = self._build(template_ids, tuple(person_ids), is_active, embeddings)

    def _build(
        self,
        template_ids: NDArray[np.int64],
        person_ids: tuple[str, ...],
        is_active: NDArray[np.bool_],
        embeddings: FloatArray,
    ) -> _Snapshot:
        index = faiss.IndexFlatL2(self.dimension)
        index.add(np.ascontiguousarray(embeddings, np.float32))
        return _Snapshot(index, template_ids, person_ids, is_active)

    def search(self, embeddings: FloatArray, people: int = 2) -> list[tuple[Candidate, ...]]:
        """Return for each probe the nearest people, nearest first.

        Args:
            embeddings: (N, D) float32 of unit norm.
            people: how many different people to return at the most.
        """
        state = self._snapshot
        if embeddings.ndim != 2 or embeddings.shape[1] != self.dimension:
            raise GalleryError(f"Probes: expected (N, {self.dimension}), got {embeddings.shape}.")
        found: list[tuple[Candidate, ...]] = [() for _ in embeddings]
        open_rows, k = list(range(len(embeddings))), 4 * people
        while open_rows and len(state.person_ids):
            k = min(k, len(state.person_ids))
            distances, rows = state.index.search(np.ascontiguousarray(embeddings[open_rows]), k)
            for row, near, where in zip(list(open_rows), distances, rows, strict=True):
                found[row] = _nearest_people(state, near, where, people)
            if k == len(state.person_ids):
                break
            # One person's many templates may fill the list: ask for more.
            open_rows = [row for row in open_rows if len(found[row]) < people]
            k *= 4
        return found


def _nearest_people(
    state: _Snapshot, distances: FloatArray, rows: NDArray[np.int64], people: int
) -> tuple[Candidate, ...]:
    best: dict[str, Candidate] = {}
    for distance, row in zip(distances, rows, strict=True):
        person = state.person_ids[row]
        if person not in best:
            best[person] = Candidate(
                # FAISS's squared L2 of equal vectors can fall a rounding below 0.
                person,
                max(0.0, float(distance)),
                int(state.template_ids[row]),
                bool(state.is_active[row]),
            )
        if len(best) == people:
            break
    return tuple(best.values())
