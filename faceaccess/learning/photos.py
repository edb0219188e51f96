"""Labelled photos as crops to learn from, and the people who are held out to judge by."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import Cancelled, ModelError, Text
from faceaccess.vision.alignment import PointsAlignment
from faceaccess.vision.detector import Detector
from faceaccess.vision.portrait import main_face
from faceaccess.vision.sources.images import photo_folders, pixels
from faceaccess.vision.types import ImageArray

SMALLEST_FACE_PX = 20

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class LabelledCrops:
    """Aligned faces and whose they are.

    Attributes:
        crops: (N, S, S, 3) uint8, RGB.
        labels: (N,) int64, numbers of `names`.
        names: of the people.
        left_out: photos that can't be read, or have no face.
    """

    crops: ImageArray
    labels: NDArray[np.int64]
    names: tuple[str, ...]
    left_out: int = 0

    @property
    def people(self) -> int:
        """How many people have a crop."""
        return len(np.unique(self.labels))

    @property
    def digest(self) -> str:
        """Hex SHA-256 of crops, labels and names, which tells this data from other data."""
        digest = hashlib.sha256(repr((self.crops.shape, self.names)).encode())
        digest.update(np.ascontiguousarray(self.labels).tobytes())
        digest.update(np.ascontiguousarray(self.crops).tobytes())
        return digest.hexdigest()

    def of(self, people: Collection[str]) -> "LabelledCrops":
        """Return the crops of some people, under the same numbers."""
        numbers = [number for number, name in enumerate(self.names) if name in people]
        return self.at(np.flatnonzero(np.isin(self.labels, numbers)))

    def at(self, rows: NDArray[np.int64]) -> "LabelledCrops":
        """Return some of the crops, under the same numbers."""
        return LabelledCrops(self.crops[rows], self.labels[rows], self.names, self.left_out)

    def limited(self, photos: int) -> "LabelledCrops":
        """Return at most so many crops of each person, the first ones."""
        rows = [np.flatnonzero(self.labels == number)[:photos] for number in np.unique(self.labels)]
        return self.at(np.concatenate(rows) if rows else np.zeros(0, np.int64))


def photos_of(folder: Path) -> dict[str, list[Path]]:
    """Return the photos of each person's sub-folder.

    Raises:
        ModelError: there is no such folder, or no sub-folder in it.
    """
    hint = Text("Give a folder with one sub-folder of photos per person.")
    if not folder.is_dir():
        raise ModelError("{folder} is not a folder.", hint, folder=folder)
    people = photo_folders(folder)
    if not people:
        raise ModelError("{folder} has no sub-folders.", hint, folder=folder)
    return people


def read_crops(
    photos: Mapping[str, Sequence[Path]],
    detector: Detector,
    alignment: PointsAlignment,
    *,
    progress: Progress = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> LabelledCrops:
    """Return the main face of each photo; what can't be read or has no face is left out, and counted.

    Args:
        photos: by the person's name.
        detector: finds the faces.
        alignment: cuts them out.
        progress: told how many photos are done, and of how many.
        is_cancelled: asked before each.

    Raises:
        ModelError: no photo shows a face.
        Cancelled: it was stopped.
    """
    files = [(number, path) for number, paths in enumerate(photos.values()) for path in paths]
    crops, labels = [], []
    for done, (number, path) in enumerate(files, 1):
        if is_cancelled():
            raise Cancelled("Stopped. Photos done: {done} of {count}.", done=done - 1, count=len(files))
        crop = _main_crop(path, detector, alignment)
        if crop is not None:
            crops.append(crop)
            labels.append(number)
        progress(done, len(files))
    if not crops:
        raise ModelError("No photo shows a face; looked at: {count}.", "Give other photos.", count=len(files))
    left_out = len(files) - len(crops)
    return LabelledCrops(np.stack(crops), np.array(labels, np.int64), tuple(photos), left_out)


def _main_crop(path: Path, detector: Detector, alignment: PointsAlignment) -> ImageArray | None:
    image = pixels(path)
    if image is None:
        return None
    faces = detector.detect(image, smallest_face_px=SMALLEST_FACE_PX)
    return alignment.align(image, main_face(faces, image)) if faces else None


def is_held_out(name: str, one_in: int) -> bool:
    """Tell whether a person is held out: by name alone, so that adding photos moves nobody."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % one_in == one_in - 1


def split(crops: LabelledCrops, one_in: int) -> tuple[LabelledCrops, LabelledCrops]:
    """Return the crops to learn from and those of the people held out.

    Args:
        crops: of everybody.
        one_in: one person in so many is held out.

    Raises:
        ModelError: there are too few people, or too few with two photos, on either side.
    """
    held_out = {name for name in crops.names if is_held_out(name, one_in)}
    learnt, judged = crops.of(set(crops.names) - held_out), crops.of(held_out)
    for side, purpose in ((learnt, "to learn from"), (judged, "to hold out")):
        _, counts = np.unique(side.labels, return_counts=True)
        if len(counts) < 2 or (counts > 1).sum() < 2:
            raise ModelError(
                "There are too few people with two photos or more {purpose}: {people}.",
                "Learning needs photos of at least some ten people, with two or more of each.",
                purpose=purpose,
                people=int((counts > 1).sum()),
            )
    return learnt, judged
