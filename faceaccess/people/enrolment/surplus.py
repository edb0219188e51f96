"""Limiting a person's photos to as many as help."""

import numpy as np

from faceaccess.codes import JournalKind
from faceaccess.people.enrolment.photo_set import MOST_TEMPLATES, most_different
from faceaccess.store import clock
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.photos import Photos
from faceaccess.store.people.templates import Templates


class Surplus:
    """Hides photos beyond `MOST_TEMPLATES`, inside the caller's transaction."""

    def __init__(self, photos: Photos, templates: Templates, journal: Journal) -> None:
        self._photos, self._templates, self._journal = photos, templates, journal

    def hide(self, actor: Actor, person_id: str, model_id: str, new: int) -> None:
        """Hide surplus photos: the newest stay, and of the others those that differ most.

        Args:
            actor: who added photos.
            person_id: whose they are.
            model_id: by whose templates they are compared.
            new: how many of the newest have just been added.
        """
        photos = self._templates.by_photo(person_id, model_id)
        if len(photos) <= MOST_TEMPLATES:
            return
        embeddings = np.stack([embedding for _, embedding in photos])
        distances = np.maximum(2 - 2 * embeddings @ embeddings.T, 0)
        places = most_different(distances, range(len(photos)), MOST_TEMPLATES, certain=max(new, 1))
        surplus = [photos[place][0] for place in sorted(set(range(len(photos))) - set(places))]
        self._photos.set_hidden(surplus, clock.utc_now())
        details = {"photos": surplus}
        self._journal.record(actor, JournalKind.PHOTOS_HIDDEN, person_id=person_id, details=details)
