"""How well wrong and doubled photos are detected when planted into labelled photos."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import FaceAccessError
from faceaccess.recognition.consistency import Portraits, copies, strangers
from faceaccess.recognition.types import EnrolmentLimits
from faceaccess.vision.sources.images import read_photo
from faceaccess.vision.types import FloatArray, ImageArray

PHOTOS_EACH = 4
"""Photos of each person, one of which is exchanged or doubled."""


@dataclass(frozen=True)
class HealthReport:
    """The planted photos that were detected.

    Attributes:
        people: with `PHOTOS_EACH` photos each.
        wrong_found: of `people` photos of somebody else, one planted per person, those named.
        rightly_named: of these, those whose true person was named as the nearest.
        wrong_alarms: photos named that were not planted, of people with a planted one.
        clean_alarms: people with a photo named although nothing was planted.
        copies: copies planted.
        copies_found: of these, those named.
        copy_alarms: pairs of different photos named.
        pairs: of different photos.
        misses: part of people not recognised by the threshold in force, by photos enrolled of each.
    """

    people: int
    wrong_found: int
    rightly_named: int
    wrong_alarms: int
    clean_alarms: int
    copies: int
    copies_found: int
    copy_alarms: int
    pairs: int
    misses: Mapping[int, float]


def chosen_photos(folders: Mapping[str, Sequence[Path]]) -> dict[str, list[Path]]:
    """Return the photos of people who have enough, one more than are enrolled.

    Raises:
        FaceAccessError: fewer than two people have enough.
    """
    chosen = {
        name: list(photos[: PHOTOS_EACH + 1]) for name, photos in folders.items() if len(photos) > PHOTOS_EACH
    }
    if len(chosen) < 2:
        raise FaceAccessError(f"Fewer than two people have {PHOTOS_EACH + 1} photos with a face.")
    return chosen


def copy_of(path: Path, number: int) -> ImageArray:
    """Return a photo as it may come again: stored anew, smaller, brighter, or a frame later.

    Returns:
        (H, W, 3) uint8, RGB.
    """
    image = read_photo(path).image
    height, width = image.shape[:2]
    if number % 4 == 0:
        _, data = cv2.imencode(".jpg", image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 70])
        return cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    if number % 4 == 1:
        return np.asarray(cv2.resize(image, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA), np.uint8)
    if number % 4 == 2:
        return np.clip(image.astype(np.float32) * 1.12 + 4, 0, 255).astype(np.uint8)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 2.0, 1.01)
    turn[:, 2] += (3, -2)
    turned = cv2.warpAffine(image, turn, (width, height), borderMode=cv2.BORDER_REFLECT)
    noise = np.random.default_rng(number).normal(0, 3, image.shape)
    return np.clip(turned + noise, 0, 255).astype(np.uint8)


def health_report(
    photos: Mapping[str, Sequence[FloatArray]],
    copied: Mapping[str, FloatArray],
    limits: EnrolmentLimits,
    *,
    threshold: float,
    seed: int = 0,
) -> HealthReport:
    """Plant wrong and doubled photos, and report those detected.

    Args:
        photos: of each person, `PHOTOS_EACH` + 1 (D,) unit embeddings.
        copied: of each person, that of a copy of the first photo.
        limits: which are measured.
        threshold: in force, squared L2.
        seed: picks the photo planted with each person.
    """
    names = sorted(photos)
    clean = np.stack([np.stack(photos[name][:PHOTOS_EACH]) for name in names])
    count = len(names)
    # Everybody's once: a photo planted twice would be nearest to itself.
    guests = (np.arange(count) + int(np.random.default_rng(seed).integers(1, count))) % count
    # The spare photo of somebody who is enrolled too, in the place of the last.
    planted = clean.copy()
    planted[:, -1] = [photos[names[guest]][PHOTOS_EACH] for guest in guests]
    by_row = {stranger.row: stranger for stranger in strangers(_portraits(planted), limits.wrong_person)}
    wrong = [row for row in range(PHOTOS_EACH - 1, count * PHOTOS_EACH, PHOTOS_EACH) if row in by_row]
    nearest = {row: by_row[row].nearest for row in wrong}
    named = [row for row in wrong if _person(nearest[row]) == guests[row // PHOTOS_EACH]]
    alarms = {stranger.row // PHOTOS_EACH for stranger in strangers(_portraits(clean), limits.wrong_person)}
    doubled = [name for name in names if name in copied]
    twice = np.stack([np.stack([photos[name][0], copied[name]]) for name in doubled])
    return HealthReport(
        people=count,
        wrong_found=len(wrong),
        rightly_named=len(named),
        wrong_alarms=len(by_row) - len(wrong),
        clean_alarms=len(alarms),
        copies=len(doubled),
        copies_found=len(copies(_portraits(twice), limits.same_picture)),
        copy_alarms=len(copies(_portraits(clean), limits.same_picture)),
        pairs=count * PHOTOS_EACH * (PHOTOS_EACH - 1) // 2,
        misses=_misses(clean, np.stack([photos[name][PHOTOS_EACH] for name in names]), threshold),
    )


def _person(row: int | None) -> int | None:
    return None if row is None else row // PHOTOS_EACH


def _portraits(embeddings: FloatArray) -> Portraits:
    """Return (P, K, D) embeddings of P people as one row each."""
    people = np.repeat(np.arange(len(embeddings)), embeddings.shape[1])
    return Portraits(people, embeddings.reshape(len(people), -1))


def _misses(enrolled: FloatArray, probes: FloatArray, threshold: float) -> dict[int, float]:
    distances: NDArray[np.float32] = 2 - 2 * np.einsum("pkd,pd->pk", enrolled, probes)
    return {
        many: float(np.mean(distances[:, :many].min(axis=1) > threshold))
        for many in range(1, enrolled.shape[1] + 1)
    }
