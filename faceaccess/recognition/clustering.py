"""Groups of faces that show one person, without names or a number of people."""

import numpy as np
from numpy.typing import NDArray

from faceaccess.vision.types import FloatArray

ALONE = -1
"""Label of a face that is near no other."""

LEAST_FACES = 2
"""Two faces that are near each other make a group: somebody who came twice."""

NEIGHBOURS = 64
"""The nearest faces that are looked at of each. A face with more than these within the distance is
joined to the others by way of them."""

_ROWS_AT_ONCE = 512


def cluster(embeddings: FloatArray, distance: float) -> NDArray[np.int64]:
    """Return the group of each face, by DBSCAN on squared L2.

    With two faces a group, DBSCAN's groups are the connected parts of the graph of near faces.
    Takes time in proportion to N² and memory to N: of 20 000 faces a few seconds and 100 MB.
    Source: Ester et al. 1996.

    Args:
        embeddings: (N, D) float32 of unit norm; N may be 0.
        distance: greatest squared L2 between two neighbours of a group.

    Returns:
        (N,) int64: 0, 1, … in the order of each group's first face; `ALONE` for a face near no other.
    """
    firsts = _firsts(len(embeddings), *_neighbours(embeddings, distance))
    _, groups, faces = np.unique(firsts, return_inverse=True, return_counts=True)
    is_alone = faces < LEAST_FACES
    numbers = np.where(is_alone, ALONE, np.cumsum(~is_alone) - 1)
    return numbers[groups].astype(np.int64)


def _neighbours(embeddings: FloatArray, distance: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of a face and one of the nearest faces within a distance of it, as two arrays."""
    faces, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for start in range(0, len(embeddings), _ROWS_AT_ONCE):
        rows = embeddings[start : start + _ROWS_AT_ONCE]
        distances = 2 - 2 * rows @ embeddings.T
        # Each face is its own neighbour, whatever rounding says, and takes the place of no other.
        distances[np.arange(len(rows)), start + np.arange(len(rows))] = -1
        is_near = distances <= distance
        crowded = np.flatnonzero(np.count_nonzero(is_near, axis=1) > NEIGHBOURS)
        if len(crowded):
            nearest = np.argpartition(distances[crowded], NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
            is_near[crowded] = False
            is_near[crowded[:, None], nearest] = True
        face, other = np.nonzero(is_near)
        faces.append(face + start)
        others.append(other)
    return np.concatenate(faces), np.concatenate(others)


def _firsts(count: int, faces: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first face of each face's connected part.

    Each face points to an earlier one of its part or to itself. In turns, the faces pointed to are pointed at
    the earliest that a pair ties them to, and all pointers are followed to their ends.
    """
    firsts = np.arange(count)
    while True:
        ends, other_ends = firsts[faces], firsts[others]
        is_apart = ends != other_ends
        if not is_apart.any():
            return firsts
        faces, others = ends[is_apart], other_ends[is_apart]
        np.minimum.at(firsts, np.maximum(faces, others), np.minimum(faces, others))
        while not np.array_equal(further := firsts[firsts], firsts):
            firsts = further
