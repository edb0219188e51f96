"""The faces of entries, from the loose crops that the log keeps: as pixels, and embedded by any model."""

import cv2
import numpy as np

from faceaccess.recognition.pipeline import Recogniser
from faceaccess.store.types import EntryCrop
from faceaccess.vision.types import FloatArray, ImageArray


def image_of(crop: EntryCrop) -> ImageArray:
    """Return a crop as (H, W, 3) uint8 RGB."""
    decoded = cv2.imdecode(np.frombuffer(crop.jpeg, np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB))


def embedded(crop: EntryCrop, recogniser: Recogniser) -> FloatArray | None:
    """Return the (D,) embedding of a loose crop; None where its face isn't found again."""
    landmarks = crop.landmarks
    if landmarks is None:
        return None
    image = image_of(crop)
    faces = recogniser.detector.detect(image, smallest_face_px=max(20, min(image.shape[:2]) // 5))
    if not faces:
        return None
    face = min(faces, key=lambda found: float(np.linalg.norm(found.landmarks - landmarks)))
    aligned = recogniser.embedder.alignment.align(image, face)
    return np.asarray(recogniser.embedder.embed_probes(aligned[None])[0])
