"""All templates searched, swapped as a whole when people change."""

import logging
import threading
from collections.abc import Sequence
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import GalleryError
from faceaccess.recognition.compact import ReadTemplates, compacted
from faceaccess.recognition.indexes import CELLS, PROBED_CELLS, exact, in_cells, searching_alone
from faceaccess.recognition.snapshot import Snapshot
from faceaccess.recognition.types import Candidate
from faceaccess.vision.types import FloatArray

logger = logging.getLogger(__name__)

EXACT_UP_TO = 200_000
"""Templates that are all compared; beyond, cells are searched. Source: `faceaccess benchmark
gallery`: 8 ms for so many of 128 numbers, 38 ms for a million."""

LOOSE_PART = 0.1
LOOSE_LEAST = 1000
"""Changes by more rows than this, and than this part of all, are worth a new main index."""


class Gallery:
    """The templates of one model. Searching is safe while another thread changes them."""

    def __init__(
        self,
        model_id: str,
        dimension: int,
        *,
        read: ReadTemplates | None = None,
        exact_up_to: int = EXACT_UP_TO,
        cells: int = CELLS,
        probed_cells: int = PROBED_CELLS,
    ) -> None:
        """Start empty.

        Args:
            model_id: the only model whose templates may enter.
            dimension: length of an embedding.
            read: returns templates in full, called from every thread that searches: then most are held
                here in a byte a number, and candidates and distances are the same. None holds all in full.
            exact_up_to: how many templates are all compared.
            cells: into how many a larger gallery is divided.
            probed_cells: how many of these a search looks into.
        """
        self.model_id = model_id
        self.dimension = dimension
        self._read = read
        self._exact_up_to, self._cells, self._probed_cells = exact_up_to, cells, probed_cells
        self._changing = threading.Lock()
        self._builder: threading.Thread | None = None
        none = np.empty((0, dimension), np.float32)
        self._snapshot = self._state(np.empty(0, np.int64), (), np.empty(0, bool), none)

    def __len__(self) -> int:
        return len(self._snapshot)

    @property
    def is_exact(self) -> bool:
        """Whether a search compares every template."""
        return self._snapshot.is_exact

    @property
    def is_compact(self) -> bool:
        """Whether templates are held in a byte a number, and read where they must be known in full."""
        return self._read is not None

    @property
    def newest_id(self) -> int:
        """The highest template id that is here, or 0."""
        return int(self._snapshot.template_ids.max(initial=0))

    def replace(
        self,
        model_id: str,
        *,
        template_ids: NDArray[np.int64],
        person_ids: Sequence[str],
        is_active: NDArray[np.bool_],
        embeddings: FloatArray,
    ) -> None:
        """Replace all templates, at once for every search.

        Args:
            model_id: the model that made them.
            template_ids: (N,) int64.
            person_ids: N ids.
            is_active: (N,) bool, False for people who are known but not allowed.
            embeddings: (N, D) float32 of unit norm.

        Raises:
            GalleryError: they are of another model, or don't fit it.
        """
        self._check(model_id, embeddings)
        with self._changing:
            self._snapshot = self._state(template_ids, person_ids, is_active, embeddings)
            self._build_behind()

    def fill(
        self, template_ids: NDArray[np.int64], person_ids: Sequence[str], is_active: NDArray[np.bool_]
    ) -> None:
        """Replace all templates of a compact gallery by others, which it reads a few at a time.

        Args:
            template_ids: (N,) int64 rising.
            person_ids: N ids.
            is_active: (N,) bool, False for people who are known but not allowed.

        Raises:
            GalleryError: they don't fit it.
        """
        if self._read is None:
            raise ValueError("expected a compact gallery")
        main, none = self._compacted(template_ids, 0), exact(np.empty((0, self.dimension), np.float32))
        people, owners = _numbered(person_ids)
        is_here = np.ones(len(template_ids), bool)
        with self._changing:
            self._snapshot = Snapshot(main, none, template_ids, people, owners, is_active, is_here)
            self._build_behind()

    def update(
        self,
        model_id: str,
        *,
        template_ids: NDArray[np.int64],
        person_ids: Sequence[str],
        is_active: NDArray[np.bool_],
        embeddings: FloatArray,
    ) -> None:
        """Change the templates that differ from those stored now, at once for every search.

        Args:
            model_id: the model that made them.
            template_ids: (N,) int64 rising, all that there are; a number is never used twice.
            person_ids: N ids.
            is_active: (N,) bool, False for people who are known but not allowed.
            embeddings: (M, D) float32 of unit norm, of the last M, which are newer than `newest_id`.

        Raises:
            GalleryError: they are of another model, or don't fit it.
        """
        self._check(model_id, embeddings)
        with self._changing:
            state = self._snapshot
            held = np.flatnonzero(state.is_here & np.isin(state.template_ids, template_ids))
            new = self._new_rows(template_ids, embeddings)
            place = np.searchsorted(template_ids, state.template_ids[held])
            # Rows of the old state, then the new ones; what each is, by its place in the arguments.
            rows = np.concatenate([held, len(state.template_ids) + np.arange(len(new))])
            place = np.concatenate([place, new])
            people, owners = _numbered(person_ids)
            count = len(state.template_ids) + len(new)
            self._snapshot = Snapshot(
                state.main,
                _extended(state.recent, embeddings),
                np.concatenate([state.template_ids, template_ids[new]]),
                people,
                _placed(owners, place, rows, count),
                _placed(is_active, place, rows, count),
                _placed(np.ones(len(template_ids), bool), place, rows, count),
            )
            self._build_behind()

    def update_person(
        self,
        model_id: str,
        person_id: str,
        *,
        template_ids: NDArray[np.int64],
        person_ids: Sequence[str],
        is_active: NDArray[np.bool_],
        embeddings: FloatArray,
    ) -> None:
        """Change the templates of one person that differ from those stored now, and add all newer ones.

        Those of the others stay as they are: it takes no more where many people are enrolled.

        Args:
            model_id: the model that made them.
            person_id: whose templates may be gone, too.
            template_ids: (N,) int64 rising, the person's and whatever else is newer than `newest_id`.
            person_ids: N ids.
            is_active: (N,) bool, False for people who are known but not allowed.
            embeddings: (M, D) float32 of unit norm, of the last M, which are newer than `newest_id`.

        Raises:
            GalleryError: they are of another model, or don't fit it.
        """
        self._check(model_id, embeddings)
        with self._changing:
            state = self._snapshot
            new = self._new_rows(template_ids, embeddings)
            numbers = {owner: number for number, owner in enumerate(state.people)}
            owners = [numbers.setdefault(person_ids[row], len(numbers)) for row in new]
            own = np.flatnonzero(state.is_here & (state.owners == numbers.get(person_id, -1)))
            held = own[np.isin(state.template_ids[own], template_ids)]
            here, active = state.is_here.copy(), state.is_active.copy()
            here[own] = False
            here[held] = True
            active[held] = is_active[np.searchsorted(template_ids, state.template_ids[held])]
            self._snapshot = Snapshot(
                state.main,
                _extended(state.recent, embeddings),
                np.concatenate([state.template_ids, template_ids[new]]),
                tuple(numbers),
                np.concatenate([state.owners, np.array(owners, np.int32)]),
                np.concatenate([active, is_active[new]]),
                np.concatenate([here, np.ones(len(new), bool)]),
            )
            self._build_behind()

    def search(self, embeddings: FloatArray, people: int = 2) -> list[tuple[Candidate, ...]]:
        """Return for each probe the nearest people, nearest first.

        Args:
            embeddings: (N, D) float32 of unit norm.
            people: how many different people to return at the most.
        """
        state = self._snapshot
        if embeddings.ndim != 2 or embeddings.shape[1] != self.dimension:
            raise GalleryError(
                "Probes: expected (N, {dimension}), got {shape}.",
                dimension=self.dimension,
                shape=embeddings.shape,
            )
        nearest: list[tuple[Candidate, ...]] = [() for _ in embeddings]
        rows = len(state.template_ids)
        open_rows, k = list(range(len(embeddings))), 4 * people
        while open_rows and rows:
            k = min(k, rows)
            with searching_alone():
                candidates_of = state.search(np.ascontiguousarray(embeddings[open_rows]), k, people)
            for row, candidates in zip(open_rows, candidates_of, strict=True):
                nearest[row] = candidates
            if k == rows:
                break
            # One person's many templates, or removed ones, may fill the list: ask for more.
            open_rows = [row for row in open_rows if len(nearest[row]) < people]
            k *= 4
        return nearest

    def settle(self) -> None:
        """Wait until no index is being built."""
        builder = self._builder
        if builder is not None:
            builder.join()

    def _check(self, model_id: str, embeddings: FloatArray) -> None:
        if model_id != self.model_id:
            raise GalleryError(
                "Templates of {model_id} can't be searched beside those of {own_model_id}.",
                model_id=model_id,
                own_model_id=self.model_id,
            )
        if embeddings.ndim != 2 or embeddings.shape[1] != self.dimension:
            raise GalleryError(
                "Templates: expected (N, {dimension}), got {shape}.",
                dimension=self.dimension,
                shape=embeddings.shape,
            )
        if not np.allclose(np.linalg.norm(embeddings, axis=1), 1.0, atol=1e-3):
            raise GalleryError("Templates of other than unit norm can't be searched.")

    def _new_rows(self, template_ids: NDArray[np.int64], embeddings: FloatArray) -> NDArray[np.int64]:
        """Return which of some templates are newer than all that are here."""
        new = np.flatnonzero(template_ids > self.newest_id)
        if len(new) != len(embeddings):
            raise GalleryError(
                "Templates: expected {expected} new ones, got {count}.",
                expected=len(new),
                count=len(embeddings),
            )
        return new

    def _build_behind(self) -> None:
        """Begin a new main index where one pays, unless one is being built. Under the lock."""
        if self._builder is not None and self._builder.is_alive():
            return
        state = self._snapshot
        is_large = len(state) > self._exact_up_to
        is_loose = state.loose_rows > max(LOOSE_LEAST, LOOSE_PART * len(state.template_ids))
        if (is_large and state.is_exact) or is_loose:
            self._builder = threading.Thread(target=self._build, args=(state,), name="gallery", daemon=True)
            self._builder.start()

    def _build(self, before: Snapshot) -> None:
        """Build a main index while searches go on on the old one. Runs on a thread of its own."""
        try:
            main = self._rebuilt(before)
        except Exception:  # the edge of this thread: the old index is still right, only slower
            logger.exception("building the gallery's index failed")
            return
        with self._changing:
            # Everything was replaced meanwhile? Then this index is of no use.
            if self._snapshot.main is before.main:
                self._snapshot = self._snapshot.rebased(before, main)

    def _rebuilt(self, before: Snapshot) -> Any:  # noqa: ANN401 - FAISS has no types
        """Return a main index of the rows of a state that are here."""
        is_large = len(before) > self._exact_up_to
        if self._read is not None:
            return self._compacted(before.template_ids[before.is_here], self._cells if is_large else 0)
        embeddings = before.embeddings()
        return in_cells(embeddings, self._cells, self._probed_cells) if is_large else exact(embeddings)

    def _compacted(self, template_ids: NDArray[np.int64], cells: int) -> Any:  # noqa: ANN401
        if self._read is None or not len(template_ids):
            return exact(np.empty((0, self.dimension), np.float32))
        return compacted(template_ids, self.dimension, self._read, cells=cells, probed=self._probed_cells)

    def _state(
        self,
        template_ids: NDArray[np.int64],
        person_ids: Sequence[str],
        is_active: NDArray[np.bool_],
        embeddings: FloatArray,
    ) -> Snapshot:
        people, owners = _numbered(person_ids)
        full, none = exact(embeddings), exact(np.empty((0, self.dimension), np.float32))
        # A compact gallery's main index is made behind.
        main, recent = (none, full) if self.is_compact else (full, none)
        is_here = np.ones(len(template_ids), bool)
        return Snapshot(main, recent, template_ids, people, owners, is_active, is_here)


def _placed(values: NDArray[Any], place: NDArray[Any], rows: NDArray[Any], count: int) -> NDArray[Any]:
    """Return `count` values, those of `place` at `rows` and 0 elsewhere."""
    placed = np.zeros(count, values.dtype)
    placed[rows] = values[place]
    return placed


def _extended(index: faiss.Index, embeddings: FloatArray) -> faiss.Index:
    """Return a copy of an index with more embeddings: searches go on in the old one."""
    index = faiss.clone_index(index)
    index.add(np.ascontiguousarray(embeddings, np.float32))
    return index


def _numbered(person_ids: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Return each person once, and for each of the ids its row there."""
    numbers: dict[str, int] = {}
    owners = np.fromiter(
        (numbers.setdefault(person_id, len(numbers)) for person_id in person_ids), np.int32, len(person_ids)
    )
    return tuple(numbers), owners
