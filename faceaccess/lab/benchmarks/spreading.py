"""Many templates made of few real ones, for measuring large galleries."""

from collections.abc import Iterator, Sequence

import numpy as np

from faceaccess.vision.types import FloatArray

_AT_ONCE = 500


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


def people_like(
    people: Sequence[FloatArray], count: int, photos: int, *, seed: int = 0
) -> Iterator[FloatArray]:
    """Yield made-up people who differ from each other as real ones do, and so do the photos of each.

    Each is a random mix of everybody, so that few look like anybody else, as among real people; a photo is
    that, moved by the difference of two photos of a random person, made smaller by the root of two: two
    photos of a person are then as far from each other as two real ones.

    Args:
        people: (P, D) float32 of unit norm for each real person, P photos.
        count: how many to make.
        photos: of each.
        seed: of the choices.

    Yields:
        (N, photos, D) float32 of unit norm, of the next N people.

    Raises:
        ValueError: nobody has two photos.
    """
    differences = np.stack(
        [own[i] - own[j] for own in people for i in range(len(own)) for j in range(len(own)) if i != j]
        or [np.empty(0, np.float32)]
    )
    if not differences.size:
        raise ValueError("people: expected somebody with two photos")
    centres = np.stack([own.mean(axis=0) for own in people])
    middle = centres.mean(axis=0)
    rng = np.random.default_rng(seed)
    for start in range(0, count, _AT_ONCE):
        some = min(_AT_ONCE, count - start)
        mixes = rng.normal(size=(some, len(people))) / max(1, len(people) - 1) ** 0.5
        faces = middle + mixes @ (centres - middle)
        moved = differences[rng.integers(0, len(differences), (some, photos))] / 2**0.5
        photographed = faces[:, None] + moved
        lengths = np.linalg.norm(photographed, axis=2, keepdims=True)
        yield (photographed / lengths).astype(np.float32)
