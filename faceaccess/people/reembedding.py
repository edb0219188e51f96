"""Giving every person templates of another model, from the crops kept for it."""

from collections.abc import Callable

import cv2
import numpy as np

from faceaccess.errors import Cancelled
from faceaccess.store.people import People
from faceaccess.store.templates import Templates
from faceaccess.store.types import NewTemplate, StoredCrop
from faceaccess.vision.detector import Detector
from faceaccess.vision.embedder import Embedder
from faceaccess.vision.types import Detection, FloatArray


def reembed(
    people: People,
    templates: Templates,
    detector: Detector,
    embedder: Embedder,
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Add the templates of a model that people lack; return how many photos couldn't be used.

    Each person is committed by itself, and one who has templates of the model is passed over,
    so that it can be stopped and taken up again at any time.

    Raises:
        Cancelled: the operator stopped it.
        StoreError: a template could not be written.
    """
    waiting = [person for person in people.list(model_id=embedder.model_id) if not person.template_count]
    lost = 0
    for done, person in enumerate(waiting):
        if is_cancelled():
            raise Cancelled(f"Stopped after {done} of {len(waiting)} people.", "It can be taken up again.")
        new = [
            made
            for crop in templates.crops(person.person_id)
            if (made := template_of(crop, detector, embedder))
        ]
        lost += len(templates.crops(person.person_id)) - len(new)
        templates.add(person.person_id, new)
        progress(done + 1, len(waiting))
    return lost


def template_of(stored: StoredCrop, detector: Detector, embedder: Embedder) -> NewTemplate | None:
    """Return a template of a loose crop; None where its face isn't found again."""
    image = cv2.cvtColor(
        cv2.imdecode(np.frombuffer(stored.crop, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB
    )
    faces = detector.detect(image, smallest_face_px=max(20, min(image.shape[:2]) // 5))
    if not faces:
        return None
    face = min(faces, key=lambda found: _distance(found, stored.landmarks))
    aligned = embedder.alignment.align(image, face)
    return NewTemplate(
        embedding=embedder.embed_templates(aligned[None])[0],
        model_id=embedder.model_id,
        quality=float(cv2.Laplacian(cv2.cvtColor(aligned, cv2.COLOR_RGB2GRAY), cv2.CV_32F).std()),
        photo=b"",
        photo_sha256=stored.photo_sha256,
        crop=stored.crop,
        landmarks=stored.landmarks,
    )


def _distance(face: Detection, landmarks: FloatArray) -> float:
    return float(np.linalg.norm(face.landmarks - landmarks))
