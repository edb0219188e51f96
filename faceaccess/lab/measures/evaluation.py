"""Labelled photos, their embeddings and distances: what the measurements of accuracy begin with."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faceaccess.recognition.pipeline import Recogniser
from faceaccess.vision.embedder import Embedder
from faceaccess.vision.portrait import main_face
from faceaccess.vision.sources.images import pixels
from faceaccess.vision.types import FloatArray, ImageArray

_BATCH = 64


class PhotoEmbeddings:
    """Aligned crops of photos, found once, and their embeddings."""

    def __init__(self, recogniser: Recogniser, *, smallest_face_px: int = 20) -> None:
        self._recogniser, self._smallest_face_px = recogniser, smallest_face_px
        self.without_face = 0

    def crops(self, paths: Sequence[Path], progress: Callable[[int, int], None]) -> dict[Path, ImageArray]:
        """Return the crop of the main face of each photo that has one."""
        crops = {}
        for done, path in enumerate(paths, 1):
            image = pixels(path)
            crop = None if image is None else self.crop(image)
            if crop is not None:
                crops[path] = crop
            else:
                self.without_face += 1
            progress(done, len(paths))
        return crops

    def crop(self, image: ImageArray) -> ImageArray | None:
        """Return the crop of the main face of a picture, (H, W, 3) uint8 RGB; None without one."""
        faces = self._recogniser.detector.detect(image, smallest_face_px=self._smallest_face_px)
        return self._recogniser.embedder.alignment.align(image, main_face(faces, image)) if faces else None


def embed_all(
    embedder: Embedder, crops: Mapping[Path, ImageArray], *, as_templates: bool
) -> dict[Path, FloatArray]:
    """Return (D,) unit embeddings of crops, by the recipe of templates or of probes."""
    paths = list(crops)
    embeddings: dict[Path, FloatArray] = {}
    embed = embedder.embed_templates if as_templates else embedder.embed_probes
    for start in range(0, len(paths), _BATCH):
        batch = paths[start : start + _BATCH]
        embeddings.update(zip(batch, embed(np.stack([crops[path] for path in batch])), strict=True))
    return embeddings


def nearest(probes: FloatArray, gallery: FloatArray) -> tuple[FloatArray, NDArray[np.int64]]:
    """Return (N,) the squared L2 of each probe to its nearest template, and (N,) which one that is."""
    distances = np.maximum(2 - 2 * probes @ gallery.T, 0)
    who = distances.argmin(axis=1)
    return distances[np.arange(len(probes)), who], who
