"""Photos that another installation kept: checked picture by picture, whoever wrote them."""

from dataclasses import dataclass

import cv2
import numpy as np

from faceaccess.codes import PhotoProblem
from faceaccess.errors import Text
from faceaccess.models.reembedding import templates_of
from faceaccess.people.enrolment.photo_review import UNLIKE, PhotoReview, Reviewer
from faceaccess.store.people.people_file import PeopleFile, wrong
from faceaccess.store.people.types import StoredCrop, WholePhoto
from faceaccess.vision.alignment import LOOSE_PX
from faceaccess.vision.sources.images import KEPT_PX
from faceaccess.vision.types import FloatArray

_NORM_TOLERANCE = 1e-3
_LEAST_APART_PX = 2.0
"""The eyes of the smallest face enrolled are some 16 px apart, its mouth as far below them."""


@dataclass(frozen=True)
class CarriedPhoto:
    """A photo in a file of people; what was said of it there applies here."""

    file: PeopleFile
    number: int
    digest: str

    def sha256(self) -> str:
        """Return the hex digest of the original file's bytes."""
        return self.digest

    def reviewed_by(self, reviewer: Reviewer) -> PhotoReview:
        """Return it ready to be enrolled, its template made here where the file has none of the model."""
        recogniser, source = reviewer.recogniser, f"photo {self.number}"
        photo = checked(self.file.photo(self.number))
        model_id = recogniser.embedder.model_id
        embedding = photo.embeddings.get(model_id)
        if embedding is None or embedding.size != recogniser.gallery.dimension:
            crop = StoredCrop(photo.sha256, photo.crop, photo.landmarks)
            templates = templates_of([crop], recogniser.detector, recogniser.embedder)
            if not templates:
                return PhotoReview(source, PhotoProblem.NO_FACE, sha256=photo.sha256)
            embedding = templates[0].embedding
        return PhotoReview(
            source,
            None,
            sha256=photo.sha256,
            embedding=embedding,
            template=photo.template(model_id, embedding),
            # Somebody there has seen that it is the same person.
            overridden=UNLIKE,
        )


def checked(photo: WholePhoto) -> WholePhoto:
    """Return a photo whose pictures, landmarks and embeddings can be what they should be.

    Raises:
        StoreError: they can't.
    """
    if not _are_of_a_face(photo.landmarks):
        raise wrong(Text("a photo"))
    # Written so that NaN is refused as well.
    if not all(abs(float(np.linalg.norm(row)) - 1) <= _NORM_TOLERANCE for row in photo.embeddings.values()):
        raise wrong(Text("a template"))
    _check_picture(photo.crop, LOOSE_PX)
    _check_picture(photo.jpeg, KEPT_PX)
    return photo


def _are_of_a_face(landmarks: FloatArray) -> bool:
    """Tell whether a face can be aligned by landmarks: near the crop, with eyes and mouth apart."""
    # Written so that NaN is refused as well.
    if not (np.abs(landmarks) <= 2 * LOOSE_PX).all():
        return False
    across, down = landmarks[1] - landmarks[0], landmarks[3:].mean(axis=0) - landmarks[:2].mean(axis=0)
    return min(float(np.linalg.norm(across)), float(np.linalg.norm(down))) >= _LEAST_APART_PX


def _check_picture(data: bytes, longer_px: int) -> None:
    """Check that a picture is a JPEG no larger than this program keeps; its size is read first."""
    size = _jpeg_size(data)
    if size is None or max(size) > longer_px or min(size) < 1:
        raise wrong(Text("a picture"))
    if cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) is None:
        raise wrong(Text("a picture"))


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height as a JPEG's frame header says; None for anything else.

    Source: ITU-T T.81, B.2.2: SOFn is 0xFFC0 to 0xFFCF without C4, C8 and CC.
    """
    at = 2
    if data[:2] != b"\xff\xd8":
        return None
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = (int.from_bytes(data[at + n : at + n + 2], "big") for n in (5, 7))
            return width, height
        at += 2 + length
    return None
