"""Giving every person templates of another model, from the crops kept for it."""

import sys
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np

from faceaccess.errors import Cancelled
from faceaccess.models.kept_faces import aligned_again
from faceaccess.recognition.gallery import Gallery
from faceaccess.store.people.templates import Templates
from faceaccess.store.people.types import AnotherTemplate, StoredCrop
from faceaccess.vision.detector import Detector
from faceaccess.vision.embedder import Embedder
from faceaccess.vision.sources.images import from_jpeg
from faceaccess.vision.types import ImageArray


def reembed(
    templates: Templates,
    detector: Detector,
    embedder: Embedder,
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Add the templates of a model that photos lack; return how many photos couldn't be used.

    Each person is one short transaction, and what templates there are is all that says how far it is:
    it can be stopped, or killed, and taken up again at any time, and two may do it at once.

    Raises:
        Cancelled: the operator stopped it.
        StoreError: a template could not be written.
    """
    waiting = list(dict.fromkeys(person_id for _, person_id in templates.by_model.missing(embedder.model_id)))
    lost = 0
    for done, person_id in enumerate(waiting):
        if is_cancelled():
            raise Cancelled(
                "Stopped. People done: {done} of {count}.",
                "It can be taken up again.",
                done=done,
                count=len(waiting),
            )
        crops = templates.by_model.without(person_id, embedder.model_id)
        new_templates = templates_of(crops, detector, embedder)
        templates.by_model.complete(person_id, new_templates)
        lost += len(crops) - len(new_templates)
        progress(done + 1, len(waiting))
    return lost


def bring_up_to_date(gallery: Gallery, templates: Templates, person_id: str | None = None) -> None:
    """Bring a gallery up to date with its model's templates in the database.

    Args:
        gallery: searched from then on.
        templates: of the database.
        person_id: the only person who lost templates since, if anybody did; None looks at everybody, which
            takes the longer the more are enrolled.
    """
    if gallery.is_compact and not len(gallery):
        listed = templates.load(gallery.model_id, newer_than=sys.maxsize)
        gallery.fill(listed.template_ids, listed.person_ids, listed.is_active)
        return
    newest = gallery.newest_id
    update: Callable[..., None] = gallery.update
    if person_id is None:
        stored = templates.load(gallery.model_id, newer_than=newest)
    else:
        stored = templates.load_of(person_id, gallery.model_id, newer_than=newest)
        update = partial(gallery.update_person, person_id=person_id)
    update(
        gallery.model_id,
        template_ids=stored.template_ids,
        person_ids=stored.person_ids,
        is_active=stored.is_active,
        embeddings=stored.embeddings.reshape(-1, gallery.dimension),
    )


def templates_of(crops: list[StoredCrop], detector: Detector, embedder: Embedder) -> list[AnotherTemplate]:
    """Return the templates of loose crops, without those whose face isn't found again."""
    faces: list[tuple[StoredCrop, ImageArray]] = []
    for crop in crops:
        aligned = aligned_again(from_jpeg(crop.crop), crop.landmarks, embedder.alignment, detector)
        if aligned is not None:
            faces.append((crop, aligned))
    if not faces:
        return []
    embeddings = embedder.embed_templates(np.stack([aligned for _, aligned in faces]))
    return [
        AnotherTemplate(embedding, embedder.model_id, _sharpness(aligned), crop.photo_sha256)
        for (crop, aligned), embedding in zip(faces, embeddings, strict=True)
    ]


def _sharpness(aligned: ImageArray) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(aligned, cv2.COLOR_RGB2GRAY), cv2.CV_32F).std())
