"""Faces from the loose crops that are kept of entries and photos: as pixels, and cut for any model."""

import numpy as np

from faceaccess.recognition.pipeline import Recogniser
from faceaccess.store.journal.types import EntryCrop
from faceaccess.vision.detector import Detector
from faceaccess.vision.embedder import Alignment
from faceaccess.vision.sources.images import from_jpeg
from faceaccess.vision.types import Detection, FloatArray, ImageArray


def image_of(crop: EntryCrop) -> ImageArray:
    """Return a crop as (H, W, 3) uint8 RGB."""
    return from_jpeg(crop.jpeg)


def aligned_again(
    image: ImageArray, landmarks: FloatArray, alignment: Alignment, detector: Detector
) -> ImageArray | None:
    """Return a model's input from a loose crop; None where its face isn't found again.

    It is looked for only where the alignment needs its box: the landmarks are kept.

    Args:
        image: (H, W, 3) uint8 RGB.
        landmarks: (5, 2) float32, pixels of the image.
        alignment: of the model.
        detector: in use by nobody else.
    """
    if not alignment.needs_box:
        return aligned_by_points(image, landmarks, alignment)
    faces = detector.detect(image, smallest_face_px=max(20, min(image.shape[:2]) // 5))
    if not faces:
        return None
    face = min(faces, key=lambda detection: float(np.linalg.norm(detection.landmarks - landmarks)))
    return alignment.align(image, face)


def aligned_by_points(image: ImageArray, landmarks: FloatArray, alignment: Alignment) -> ImageArray:
    """Return a crop by an alignment that needs no box; see `aligned_again`."""
    box = np.concatenate([landmarks.min(axis=0), landmarks.max(axis=0)])
    return alignment.align(image, Detection(box.astype(np.float32), landmarks, 1.0))


def embedded(crop: EntryCrop, recogniser: Recogniser) -> FloatArray | None:
    """Return the (D,) embedding of a loose crop; None where its face isn't found again."""
    if crop.landmarks is None:
        return None
    embedder = recogniser.embedder
    aligned = aligned_again(image_of(crop), crop.landmarks, embedder.alignment, recogniser.detector)
    return None if aligned is None else np.asarray(embedder.embed_probes(aligned[None])[0])
