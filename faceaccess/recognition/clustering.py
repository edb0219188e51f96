"""Groups of faces that show one person, without names or a number of people."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from faceaccess.vision.types import FloatArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

ALONE = -1
"""Label of a face that is near no other."""

LEAST_FACES = 2
"""Two faces that are near each other make a group: somebody who came twice."""

NEIGHBOURS = 64
"""The nearest faces that are looked at of each. A face with more than these within the distance is
joined to the others by way of them."""

_ROWS_AT_ONCE = 512
_LEAST_DISTANCE = 1e-9
"""Of two equal faces, in place of 0: what is not in a sparse matrix is 0 too."""


def cluster(embeddings: FloatArray, distance: float) -> NDArray[np.int64]:
    """Return the group of each face, by DBSCAN on squared L2.

    Takes time in proportion to N² and memory to N: of 20 000 faces a few seconds and 100 MB.

    Args:
        embeddings: (N, D) float32 of unit norm; N may be 0.
        distance: greatest squared L2 between two neighbours of a group.

    Returns:
        (N,) int64: 0, 1, … in the order of each group's first face; `ALONE` for a face near no other.
    """
    # Loaded at the first use: it takes longer than all the rest of a command that groups nothing.
    from sklearn.cluster import DBSCAN

    if len(embeddings) < LEAST_FACES:
        return np.full(len(embeddings), ALONE, np.int64)
    labels = DBSCAN(eps=distance, min_samples=LEAST_FACES, metric="precomputed").fit_predict(
        _neighbours(embeddings, distance)
    )
    return labels.astype(np.int64)


def _neighbours(embeddings: FloatArray, distance: float) -> "csr_matrix":
    """Return the squared L2 between faces and their nearest ones within a distance; each row rises."""
    from scipy import sparse
    from sklearn.neighbors import sort_graph_by_row_values

    count = min(NEIGHBOURS, len(embeddings))
    columns, values, ends = [], [], [0]
    for start in range(0, len(embeddings), _ROWS_AT_ONCE):
        rows = embeddings[start : start + _ROWS_AT_ONCE]
        distances = np.maximum(2 - 2 * rows @ embeddings.T, _LEAST_DISTANCE)
        # Each face is its own neighbour, whatever rounding says.
        distances[np.arange(len(rows)), start + np.arange(len(rows))] = _LEAST_DISTANCE
        nearest = np.argpartition(distances, count - 1, axis=1)[:, :count]
        far = np.take_along_axis(distances, nearest, axis=1)
        is_near = far <= distance
        columns.append(nearest[is_near])
        values.append(far[is_near])
        ends.extend((ends[-1] + np.cumsum(is_near.sum(axis=1))).tolist())
    parts = (np.concatenate(values), np.concatenate(columns), np.array(ends))
    graph = sparse.csr_matrix(parts, shape=(len(embeddings), len(embeddings)))
    # Who is near is so both ways, though only one of the two may be among the other's nearest.
    return sort_graph_by_row_values(graph.maximum(graph.T), warn_when_not_sorted=False)
