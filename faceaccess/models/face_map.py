"""The map of the faces enrolled: a place for each photo, and what on it deserves a look."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faceaccess.models.evidence import GalleryEvidence, WrongPair
from faceaccess.recognition.calibration import enrolment_limits
from faceaccess.recognition.consistency import Portraits, strangers
from faceaccess.recognition.face_map import MOST_LAID_OUT, lay_out
from faceaccess.store.file.database import Database
from faceaccess.store.people.people import People
from faceaccess.store.people.photos import Photos
from faceaccess.store.people.types import PhotoEmbeddings

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class FaceMap:
    """A map of N photos.

    Attributes:
        photo_ids: (N,) int64.
        places: (N, 2) float32; only who is near whom means anything.
        person_ids, names, departments: N each, of whom the photo shows.
        outliers: rows of photos unlike the person's others.
        look_alikes: pairs of people within the distance at which they need a greater lead, nearest first.
    """

    photo_ids: NDArray[np.int64]
    places: NDArray[np.float32]
    person_ids: tuple[str, ...]
    names: tuple[str, ...]
    departments: tuple[str, ...]
    outliers: tuple[int, ...]
    look_alikes: tuple[WrongPair, ...]

    @property
    def put_beside(self) -> int:
        """How many photos were not laid out themselves, but put beside the one that they are most like."""
        return max(len(self.photo_ids) - MOST_LAID_OUT, 0)


class FaceMaps:
    """Draws maps. Slow: off the GUI's thread."""

    def __init__(self, database: Database, people: People) -> None:
        self._photos, self._people = Photos(database), people

    def draw(
        self,
        gallery: GalleryEvidence,
        *,
        progress: Progress = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> FaceMap | None:
        """Return the map of the photos enrolled now; None when it was cancelled.

        Args:
            gallery: tells the people most alike.
            progress: called with steps done, and how many there are.
            is_cancelled: asked between parts.

        Raises:
            GalleryError: templates of different sizes.
        """
        model_id = gallery.policy.model_id
        stored = self._photos.embeddings(model_id)
        if not len(stored.photo_ids):
            return FaceMap(stored.photo_ids, np.zeros((0, 2), np.float32), (), (), (), (), ())
        places = lay_out(stored.embeddings, progress=progress, is_cancelled=is_cancelled)
        if places is None:
            return None
        known = {person.person_id: person for person in self._people.list()}
        shown = [known.get(person_id) for person_id in stored.person_ids]
        return FaceMap(
            stored.photo_ids,
            places,
            stored.person_ids,
            tuple(person.name if person else "" for person in shown),
            tuple(person.department if person else "" for person in shown),
            _outliers(stored, model_id),
            tuple(pair for pair in gallery.wrong_pairs if pair.distance < gallery.policy.lookalike_distance),
        )


def _outliers(stored: PhotoEmbeddings, model_id: str) -> tuple[int, ...]:
    limits = enrolment_limits(model_id)
    if limits is None:
        return ()
    numbers = {person_id: number for number, person_id in enumerate(dict.fromkeys(stored.person_ids))}
    whose = np.array([numbers[person_id] for person_id in stored.person_ids], np.int64)
    unlike = strangers(Portraits(whose, stored.embeddings), limits.unlike_others)
    return tuple(sorted(stranger.row for stranger in unlike))
