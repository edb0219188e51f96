"""Many templates made of few real ones, for measuring large galleries."""

from collections.abc import Sequence

import numpy as np

from faceaccess.vision.types import FloatArray


def spread(people: Sequence[FloatArray], count: int, *, seed: int = 0) -> FloatArray:
    """Return `count` templates: real ones, each moved as photos of one person differ.

    Each is a template of a random person plus the difference of two photos of another random
    person, of unit norm again. Random vectors would lie far apart, and be found too easily.

    Args:
        people: (P, D) float32 of unit norm for each person, P photos.
        count: how many to make.
        seed: of the choices.

    Returns:
        (count, D) float32 of unit norm.

    Raises:
        ValueError: nobody has two photos.
    """
    differences = [
        photos[i] - photos[j]
        for photos in people
        for i in range(len(photos))
        for j in range(len(photos))
        if i != j
    ]
    if not differences:
        raise ValueError("people: expected somebody with two photos")
    rng = np.random.default_rng(seed)
    templates, noise = np.concatenate(list(people)), np.stack(differences)
    moved = templates[rng.integers(0, len(templates), count)] + noise[rng.integers(0, len(noise), count)]
    return (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
