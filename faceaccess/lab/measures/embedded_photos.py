"""Labelled photos to embeddings: out of the cache where they are known, by the model where they are not."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from faceaccess.errors import ModelError
from faceaccess.foreign_files import open_file
from faceaccess.lab.measures.embedding_cache import EmbeddingCache, Rows, Use
from faceaccess.lab.measures.evaluation import PhotoEmbeddings, embed_all
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.vision.alignment import SFACE_PX
from faceaccess.vision.skin_tone import ita
from faceaccess.vision.sources.images import pixels
from faceaccess.vision.sources.photo_decoding import GREATEST_BYTES
from faceaccess.vision.types import FloatArray, ImageArray

_BATCH = 64
_KEPT_EVERY = 2048

RECIPES = (Use.TEMPLATE, Use.PROBE)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Embedded:
    """Photos of a folder by a model.

    Attributes:
        model_id: network, weights, alignment and use.
        templates, probes: (D,) unit embeddings of the photos with a face, for each use; empty where it
            was not asked for.
        without_face: the photos in which no face was found, or which can't be read.
    """

    model_id: str
    templates: dict[Path, FloatArray]
    probes: dict[Path, FloatArray]
    without_face: frozenset[Path]

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model_id.partition(":")[0]


class PhotoModel:
    """A model that embeds labelled photos; it is loaded only when a photo isn't in the cache."""

    def __init__(
        self, model_id: str, load: Callable[[], Recogniser], cache: EmbeddingCache | None = None
    ) -> None:
        """Take the parts.

        Args:
            model_id: of what `load` returns.
            load: loads the model.
            cache: where embeddings are kept; None keeps none.
        """
        self.model_id = model_id
        self._load, self._cache = load, cache

    @property
    def name(self) -> str:
        """Its name, without weights and the rest."""
        return self.model_id.partition(":")[0]

    @cached_property
    def recogniser(self) -> Recogniser:
        """The model itself."""
        return self._load()

    def embed(self, paths: Sequence[Path], progress: Progress, uses: Sequence[Use] = RECIPES) -> Embedded:
        """Return the embeddings of the main face of each photo.

        Args:
            paths: the photos.
            progress: told how many are done, and of how many.
            uses: TEMPLATE, PROBE or both.
        """
        digests = {path: _digest(path) for path in paths}
        return _result(self.model_id, digests, self._known(digests, uses, progress))

    def skin_tones(self, paths: Sequence[Path], progress: Progress) -> dict[Path, float]:
        """Return the individual typology angle of the main face of each photo in colour, degrees.

        Raises:
            ModelError: the model's crops aren't those on which it is measured.
        """
        digests = {path: _digest(path) for path in paths}
        rows = self._known(digests, [Use.SKIN_TONE], progress)[Use.SKIN_TONE]
        tones = {path: rows[digest] for path, digest in digests.items() if digest is not None}
        return {path: float(row[0]) for path, row in tones.items() if row is not None}

    def _known(
        self, digests: Mapping[Path, bytes | None], uses: Sequence[Use], progress: Progress
    ) -> dict[Use, dict[bytes, FloatArray | None]]:
        """Return what is known of photos for some uses, measured where it wasn't."""
        known = {use: self._cache.read(self.model_id, use) if self._cache else {} for use in uses}
        wanting = {
            path: digest
            for path, digest in digests.items()
            if digest is not None and any(digest not in rows for rows in known.values())
        }
        for start in range(0, len(wanting), _KEPT_EVERY):
            part = list(wanting)[start : start + _KEPT_EVERY]
            for faces in self._faces(part, partial(_advance, progress, start, len(wanting))):
                for use, rows in known.items():
                    embeddings = self._embedded(faces, use)
                    rows.update((wanting[path], embedding) for path, embedding in embeddings.items())
            for use, rows in known.items():
                if self._cache:
                    self._cache.write(self.model_id, use, rows)
        return known

    def _faces(
        self, paths: Sequence[Path], progress: Callable[[int], None]
    ) -> Iterator[dict[Path, ImageArray | None]]:
        """Yield the crops of photos, some at a time; None where there is no face."""
        finder = PhotoEmbeddings(self.recogniser)
        faces: dict[Path, ImageArray | None] = {}
        for done, path in enumerate(paths, 1):
            image = pixels(path)
            faces[path] = None if image is None else finder.crop(image)
            progress(done)
            if len(faces) == _BATCH or done == len(paths):
                yield faces
                faces = {}

    def _embedded(self, faces: Mapping[Path, ImageArray | None], use: Use) -> dict[Path, FloatArray | None]:
        crops = {path: crop for path, crop in faces.items() if crop is not None}
        if use is Use.SKIN_TONE:
            return {path: _tone(crops[path]) if path in crops else None for path in faces}
        embeddings = embed_all(self.recogniser.embedder, crops, as_templates=use is Use.TEMPLATE)
        return {path: embeddings.get(path) for path in faces}


def _tone(crop: ImageArray) -> FloatArray | None:
    if crop.shape[0] != SFACE_PX:
        raise ModelError("Skin is measured on the crops of another model.", "Use --model sface.")
    degrees = ita(crop)
    return None if degrees is None else np.array([degrees], np.float32)


def _advance(progress: Progress, start: int, count: int, done: int) -> None:
    progress(start + done, count)


def _result(model_id: str, digests: Mapping[Path, bytes | None], known: Mapping[Use, Rows]) -> Embedded:
    by_use: dict[Use, dict[Path, FloatArray]] = {use: {} for use in Use}
    without = set()
    for path, digest in digests.items():
        for use, rows in known.items():
            row = None if digest is None else rows[digest]
            if row is None:
                without.add(path)
            else:
                by_use[use][path] = row
    return Embedded(model_id, by_use[Use.TEMPLATE], by_use[Use.PROBE], frozenset(without))


def _digest(path: Path) -> bytes | None:
    """Return a photo's SHA-256; None, said as a warning, where the file can't be read."""
    try:
        with open_file(path, GREATEST_BYTES) as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        pixels(path)
        return None
