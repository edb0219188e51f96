"""Photos offered for enrolment, looked at one by one."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from faceaccess.codes import PhotoProblem
from faceaccess.errors import EnrolmentError, Text
from faceaccess.people.enrolment.capture import Observation
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.recognition.types import EnrolmentLimits
from faceaccess.store.people.types import NewTemplate
from faceaccess.vision.alignment import loose_crop
from faceaccess.vision.gates import faults, gates_for
from faceaccess.vision.portrait import RIVAL, main_face, prominent_faces, rivalry
from faceaccess.vision.quality import assess
from faceaccess.vision.sources.images import (
    KEPT_PX,
    WORKING_PX,
    limited,
    read_photo,
    to_jpeg,
)
from faceaccess.vision.sources.photo_decoding import TooLargeError, UnknownFormatError
from faceaccess.vision.types import Detection, Fault, FloatArray, ImageArray, Quality

SMALLEST_FACE_PX = 40
"""Shorter side of the smallest face that can be told at all."""

ADDS_NOTHING = frozenset({PhotoProblem.MUCH_LIKE_ANOTHER, PhotoProblem.MORE_THAN_NEEDED})
UNLIKE = frozenset({PhotoProblem.UNLIKE_OTHERS, PhotoProblem.UNLIKE_THE_OTHER})
IN_SET = ADDS_NOTHING | UNLIKE
"""Problems that a photo has only beside the person's others."""


@dataclass(frozen=True, eq=False)
class PhotoReview:
    """The review of a photo before it is enrolled.

    Attributes:
        source: file name or "webcam".
        problem: why it isn't enrolled, what is easiest to mend first; None for a good one.
        detail: the problem in the words of whatever found it, or "".
        crop: (S, S, 3) uint8 RGB aligned face, when one was found.
        quality: of that face.
        image: (H, W, 3) uint8 RGB, upright.
        detection: the face, in pixels of `image`.
        sha256: hex digest of the file's bytes, or of the pixels.
        embedding: (D,) float32 of unit norm, of that face.
        faults: all measures beyond their limits.
        faces: all faces of a photo that may be of several people, to pick one.
        overridden: problems for which an operator takes it all the same.
        override: why, or "".
        has_rival: whether another face may be the one that is meant where nobody says whose photo it is.
        bystanders: how many other faces there are, all too small to be meant where nothing else is said.
        template: what is stored of it where another installation made that already.
    """

    source: str
    problem: PhotoProblem | None
    detail: Text | str = ""
    crop: ImageArray | None = None
    quality: Quality | None = None
    image: ImageArray | None = None
    detection: Detection | None = None
    sha256: str = ""
    embedding: FloatArray | None = None
    faults: tuple[Fault, ...] = ()
    faces: tuple[Detection, ...] = ()
    overridden: frozenset[PhotoProblem] = frozenset()
    override: str = ""
    has_rival: bool = False
    bystanders: int = 0
    template: NewTemplate | None = None

    @property
    def is_good(self) -> bool:
        """Whether it is enrolled."""
        return self.problem is None or self.problem in self.overridden

    @property
    def can_override(self) -> bool:
        """Whether an operator may take it all the same: one face, refused by a measure."""
        is_offered = self.problem not in (None, PhotoProblem.SEVERAL_FACES, *ADDS_NOTHING)
        return self.embedding is not None and is_offered

    @property
    def is_weak(self) -> bool:
        """Whether it was refused, but shows a face that can be told, for want of a better photo."""
        return self.can_override and self.quality is not None and self.quality.reason is None

    def with_override(self, why: str) -> "PhotoReview":
        """Return it as taken all the same.

        Raises:
            EnrolmentError: no reason was given, or this can't be overridden.
        """
        if not why.strip():
            raise EnrolmentError("Taking a refused photo needs a reason.", "Write down why.")
        if self.problem is None or not self.can_override:
            raise EnrolmentError("This photo can't be enrolled.", "Take another one.")
        # Known to be the same person beside one photo, it is so beside several.
        taken = UNLIKE if self.problem in UNLIKE else {self.problem}
        return replace(self, overridden=self.overridden | taken, override=" ".join(why.split()))


class Reviewer:
    """Looks at photos. Slow; not on two threads at once."""

    def __init__(self, recogniser: Recogniser, limits: EnrolmentLimits | None) -> None:
        self.recogniser = recogniser
        self._gates = gates_for(limits.clarity if limits else None)

    def review_file(self, path: Path) -> PhotoReview:
        """Look at a photo file; what is wrong with it is in the review, not raised."""
        try:
            photo = read_photo(path)
        except UnknownFormatError as exc:
            return PhotoReview(path.name, PhotoProblem.UNKNOWN_FORMAT, exc.text)
        except TooLargeError as exc:
            return PhotoReview(path.name, PhotoProblem.TOO_LARGE, exc.text)
        except EnrolmentError as exc:
            return PhotoReview(path.name, PhotoProblem.UNREADABLE, exc.text)
        return self._review(photo.image, path.name, photo.sha256)

    def review_image(self, image: ImageArray, source: str = "webcam") -> PhotoReview:
        """Look at a picture. image: (H, W, 3) uint8, RGB."""
        image = limited(np.ascontiguousarray(image), WORKING_PX)
        return self._review(image, source, hashlib.sha256(image.tobytes()).hexdigest())

    def observe(self, image: ImageArray) -> Observation:
        """Look at a frame for guidance only, which is faster. image: (H, W, 3) uint8, RGB."""
        height, width = image.shape[:2]
        faces = self.recogniser.detector.detect(image, smallest_face_px=max(SMALLEST_FACE_PX, height // 10))
        if not faces:
            return Observation(image, 0)
        face = main_face(faces, image)
        crop = self.recogniser.embedder.alignment.align(image, face)
        quality = assess(face, image, crop, smallest_face_px=SMALLEST_FACE_PX)
        x, y = (face.box[:2] + face.box[2:]) / 2
        return Observation(
            image, len(prominent_faces(faces, image)), quality, (float(x / width), float(y / height))
        )

    def choose_face(self, review: PhotoReview, face: Detection) -> PhotoReview:
        """Return the review of one face of a photo that has several."""
        assert review.image is not None
        return self._judge(PhotoReview(review.source, None, image=review.image, sha256=review.sha256), face)

    def _review(self, image: ImageArray, source: str, sha256: str) -> PhotoReview:
        # Faces below a thirtieth of a large photo are far in the background.
        smallest = max(SMALLEST_FACE_PX // 2, min(image.shape[:2]) // 30)
        faces = self.recogniser.detector.detect(image, smallest_face_px=smallest)
        if not faces:
            return PhotoReview(source, PhotoProblem.NO_FACE, image=image, sha256=sha256)
        review = PhotoReview(
            source,
            None,
            image=image,
            sha256=sha256,
            has_rival=rivalry(faces, image) >= RIVAL,
            bystanders=len(faces) - 1,
        )
        judged = self._judge(review, main_face(faces, image))
        prominent = prominent_faces(faces, image)
        if len(prominent) > 1:
            return replace(judged, problem=PhotoProblem.SEVERAL_FACES, faces=tuple(prominent))
        return judged

    def _judge(self, review: PhotoReview, face: Detection) -> PhotoReview:
        assert review.image is not None
        embedder = self.recogniser.embedder
        crop = embedder.alignment.align(review.image, face)
        quality = assess(face, review.image, crop, smallest_face_px=SMALLEST_FACE_PX)
        embeddings, clarity = embedder.embed_measured(crop[None])
        quality = replace(quality, clarity=float(clarity[0]))
        problems = faults(quality, self._gates)
        of_door = PhotoProblem(quality.reason.value) if quality.reason else None
        return replace(
            review,
            problem=problems[0].problem if problems else of_door,
            crop=crop,
            quality=quality,
            detection=face,
            embedding=embeddings[0],
            faults=problems,
        )


def new_template(review: PhotoReview, model_id: str) -> NewTemplate:
    """Return what is stored of a photo in which a face was found."""
    if review.template is not None:
        return review.template
    assert review.image is not None
    assert review.detection is not None
    assert review.quality is not None
    assert review.embedding is not None
    crop, landmarks = loose_crop(review.image, review.detection)
    return NewTemplate(
        embedding=review.embedding,
        model_id=model_id,
        quality=review.quality.sharpness,
        photo=to_jpeg(limited(review.image, KEPT_PX)),
        photo_sha256=review.sha256,
        crop=to_jpeg(crop),
        landmarks=landmarks,
    )


def best_weak(reviews: Sequence[PhotoReview], count: int) -> list[PhotoReview]:
    """Return the clearest of the photos that were refused but can be told, at most so many."""
    weak = [review for review in reviews if review.is_weak and review.problem not in IN_SET]
    return sorted(weak, key=lambda review: -review.quality.clarity if review.quality else 0.0)[:count]
