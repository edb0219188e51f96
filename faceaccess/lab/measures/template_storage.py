"""Templates stored in fewer bytes: how much room and time that saves, and what it costs."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from faceaccess.errors import ModelError
from faceaccess.lab.benchmarks.spreading import spread
from faceaccess.recognition.indexes import searching_alone
from faceaccess.vision.types import FloatArray

_CHUNK = 100_000
_TIMED = 50

LEAST_FITTED = 256
"""A byte of a product code tells so many centres apart, each of which is some template at first."""

PRODUCT_PARTS = (32, 16)
"""Bytes of a product-quantised template: each says which of 256 known parts is nearest to a piece of it."""


@dataclass(frozen=True)
class StoredSize:
    """A way to store templates.

    Attributes:
        kind: its name.
        template_bytes: of one.
        search_ms: of one probe among so many templates, all compared; median. None where it wasn't timed.
    """

    kind: str
    template_bytes: int
    search_ms: float | None


def indexes(training: FloatArray) -> dict[str, Any]:
    """Return an empty FAISS index of each kind, all of which compare every template.

    Args:
        training: (T, D) unit embeddings of people who are not measured, for the kinds that are fitted to
            some.

    Raises:
        ModelError: product codes are to be fitted to fewer than `LEAST_FITTED`.
    """
    dimension = training.shape[1]
    kinds: dict[str, Any] = {
        "float32": faiss.IndexFlatL2(dimension),
        "float16": faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_L2),
        "int8": faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_L2),
    }
    product_parts = [parts for parts in PRODUCT_PARTS if dimension % parts == 0]
    if product_parts and len(training) < LEAST_FITTED:
        raise ModelError(
            "There are too few photos to fit codes to: {count}.",
            "It takes {least} of people whose name's SHA-256 ends even, beside those who are measured.",
            count=len(training),
            least=LEAST_FITTED,
        )
    for parts in product_parts:
        product = faiss.IndexPQ(dimension, parts, 8)
        # FAISS warns on standard error where there are few; the figures show what that costs.
        product.pq.cp.min_points_per_centroid = 1
        kinds[f"product, {parts} parts"] = product
    for index in kinds.values():
        index.train(np.ascontiguousarray(training, np.float32))
    return kinds


def as_stored(index: Any, templates: Mapping[Path, FloatArray]) -> dict[Path, FloatArray]:  # noqa: ANN401
    """Return templates as they come back from an index, of unit norm again.

    Args:
        index: an empty, trained one; it is emptied again.
        templates: (D,) unit embeddings.
    """
    index.add(np.stack(list(templates.values())))
    rows = index.reconstruct_n(0, index.ntotal)
    index.reset()
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return dict(zip(templates, rows, strict=True))


def stored_size(kind: str, index: Any, people: Sequence[FloatArray], count: int) -> StoredSize:  # noqa: ANN401
    """Measure an index full of templates.

    Args:
        kind: its name.
        index: an empty, trained one; it is emptied again.
        people: (P, D) templates for each person, P photos; they are spread out to many.
        count: how many templates; 0 times nothing.
    """
    size = int(index.sa_code_size())
    if not count:
        return StoredSize(kind, size, None)
    for start in range(0, count, _CHUNK):
        index.add(spread(people, min(_CHUNK, count - start), seed=start))
    laps = []
    with searching_alone():
        for probe in spread(people, _TIMED + 1, seed=count + 1):
            started_s = time.perf_counter()
            index.search(probe[None], 1)
            laps.append(1000 * (time.perf_counter() - started_s))
    index.reset()
    # The first search warms up.
    return StoredSize(kind, size, float(np.median(laps[1:])))
