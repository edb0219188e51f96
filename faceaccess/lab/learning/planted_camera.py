"""Whether adapting helps: people enrolled with good photos, and a door camera that spoils what it sees."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from faceaccess.lab.measures.evaluation import PhotoEmbeddings
from faceaccess.learning.crossfit import FOLDS, crossfit
from faceaccess.recognition.intervals import Rate
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.vision.types import FloatArray, ImageArray

PHOTOS = 4
"""Of each person: the first two as they are, enrolled, the others as the camera shows them."""


@dataclass(frozen=True)
class Camera:
    """A camera as it spoils a crop of 112 px.

    Attributes:
        gains: of red, green and blue.
        blur_px: deviation of a Gaussian, pixels of the crop.
    """

    name: str
    gains: tuple[float, float, float]
    blur_px: float

    def show(self, crop: ImageArray) -> ImageArray:
        """Return a crop as this camera shows it."""
        lit = np.clip(crop * np.array(self.gains, np.float32), 0, 255).astype(np.uint8)
        return cv2.GaussianBlur(lit, (0, 0), self.blur_px) if self.blur_px else lit


CAMERAS = (
    Camera("good", (1.0, 1.0, 1.0), 0.0),
    Camera("yellowish, slightly out of focus", (1.25, 1.0, 0.6), 2.2),
    Camera("orange, out of focus", (1.4, 1.0, 0.35), 3.6),
)


@dataclass(frozen=True)
class AdaptingRow:
    """One trial of adapting.

    Attributes:
        camera: at the door.
        people: learned from and judged in turn.
        far: at which VAL is compared.
        before, after: VAL of the people held out in turn.
        gain: of the two.
        is_taken: whether the adapted model would be added.
    """

    camera: str
    people: int
    far: float
    before: Rate
    after: Rate
    gain: Rate
    is_taken: bool


def adapting_rows(
    recogniser: Recogniser,
    people: Mapping[str, Sequence[Path]],
    counts: Sequence[int],
    *,
    seed: int,
    progress: Callable[[int, int], None],
) -> Iterator[AdaptingRow]:
    """Yield how adapting goes, for each camera and number of people.

    Args:
        recogniser: the model that is adapted.
        people: the photos of each; those with fewer than `PHOTOS` are left out.
        counts: how many of them.
        seed: of who is chosen.
        progress: told how many photos are read.
    """
    chosen = {name: list(photos)[:PHOTOS] for name, photos in people.items() if len(photos) >= PHOTOS}
    crops = PhotoEmbeddings(recogniser).crops([path for paths in chosen.values() for path in paths], progress)
    order = np.random.default_rng(seed).permutation(sorted(chosen))
    for camera in CAMERAS:
        rows = {name: _embedded(recogniser, chosen[name], crops, camera) for name in chosen}
        for count in sorted({min(count, len(order)) for count in counts}):
            yield _row(camera.name, [rows[name] for name in order[:count]])


def _embedded(
    recogniser: Recogniser, photos: Sequence[Path], crops: Mapping[Path, ImageArray], camera: Camera
) -> FloatArray:
    """Return (M, D) embeddings of a person's photos, the last ones as the camera shows them."""
    seen = [
        crops[path] if number < PHOTOS // 2 else camera.show(crops[path])
        for number, path in enumerate(photos)
        if path in crops
    ]
    if not seen:
        return np.zeros((0, 1), np.float32)
    return recogniser.embedder.embed_once(np.stack(seen))


def _row(camera: str, rows: Sequence[FloatArray]) -> AdaptingRow:
    present = [row for row in rows if len(row) > 1]
    whose = np.repeat(np.arange(len(present)), [len(row) for row in present])
    fitted = crossfit(np.concatenate(present), whose, whose % FOLDS)
    far = fitted.far
    return AdaptingRow(
        camera,
        len(present),
        far,
        fitted.before.val[far].rate,
        fitted.after.val[far].rate,
        fitted.gain,
        fitted.is_better,
    )
