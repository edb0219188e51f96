"""Enrolling people: photos are reviewed one by one, then stored with their templates at once."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from faceaccess.codes import JournalKind, Reason, Right
from faceaccess.errors import Cancelled, EnrolmentError
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.store.database import Database
from faceaccess.store.journal import Journal
from faceaccess.store.people import People
from faceaccess.store.roles import needs
from faceaccess.store.templates import Templates
from faceaccess.store.types import Actor, NewTemplate, Person
from faceaccess.vision.alignment import loose_crop
from faceaccess.vision.images import KEPT_PX, WORKING_PX, limited, photo_files, read_photo, to_jpeg
from faceaccess.vision.portrait import has_several, main_face
from faceaccess.vision.quality import assess
from faceaccess.vision.types import Detection, FloatArray, ImageArray, Quality

logger = logging.getLogger(__name__)

SMALLEST_FACE_PX = 40
"""Shorter side of the smallest face enrolled."""


class PhotoProblem(StrEnum):
    """Why a photo can't be enrolled; the wording lives in `gui/text.py`."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    FACE_TOO_SMALL = Reason.FACE_TOO_SMALL
    FACE_BLURRED = Reason.FACE_BLURRED
    TOO_DARK = Reason.TOO_DARK
    TOO_BRIGHT = Reason.TOO_BRIGHT
    TURNED_AWAY = Reason.TURNED_AWAY
    CUT_OFF = Reason.CUT_OFF
    UNSURE_FACE = Reason.UNSURE_FACE


@dataclass(frozen=True, eq=False)
class PhotoReview:
    """What is to be said of a photo before it is enrolled.

    Attributes:
        source: file name or "webcam".
        problem: why it can't be enrolled, or None.
        detail: the problem in the words of whatever found it, or "".
        crop: (S, S, 3) uint8 RGB aligned face, when one was found.
        quality: of that face.
        image: (H, W, 3) uint8 RGB, upright.
        detection: the face, in pixels of `image`.
        sha256: hex digest of the file's bytes, or of the pixels.
    """

    source: str
    problem: PhotoProblem | None
    detail: str = ""
    crop: ImageArray | None = None
    quality: Quality | None = None
    image: ImageArray | None = None
    detection: Detection | None = None
    sha256: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it can be enrolled."""
        return self.problem is None


class IfNamed(StrEnum):
    """What to do with a folder's person whose name is enrolled already."""

    REFUSE = "refuse"
    ADD = "add"
    NEW = "new"


class FolderOutcome(StrEnum):
    """What became of one person of a folder."""

    ENROLLED = "enrolled"
    ADDED = "added"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class FolderRow:
    """What became of one person of a folder, with the photos refused and why."""

    name: str
    outcome: FolderOutcome
    photos: int
    refused: tuple[tuple[str, PhotoProblem], ...] = ()
    message: str = ""


class Enrolment:
    """The use cases of enrolling. Slow: call off the GUI thread."""

    def __init__(
        self,
        recogniser: Recogniser,
        *,
        database: Database,
        people: People,
        templates: Templates,
        journal: Journal,
        on_change: Callable[[], None],
    ) -> None:
        """Take the parts; `on_change` is called when templates were added."""
        self.recogniser = recogniser
        self.database, self._people, self._templates, self._journal = database, people, templates, journal
        self._on_change = on_change

    def review_file(self, path: Path) -> PhotoReview:
        """Look at a photo file; what is wrong with it is in the review, not raised."""
        try:
            photo = read_photo(path)
        except EnrolmentError as exc:
            too_large = "too large" in exc.message
            problem = PhotoProblem.TOO_LARGE if too_large else PhotoProblem.UNREADABLE
            return PhotoReview(path.name, problem, str(exc))
        return self._review(photo.image, path.name, photo.sha256)

    def review_image(self, image: ImageArray, source: str = "webcam") -> PhotoReview:
        """Look at a picture. image: (H, W, 3) uint8, RGB."""
        image = limited(np.ascontiguousarray(image), WORKING_PX)
        return self._review(image, source, hashlib.sha256(image.tobytes()).hexdigest())

    def _review(self, image: ImageArray, source: str, sha256: str) -> PhotoReview:
        # Faces below a thirtieth of a large photo are far in the background.
        smallest = max(SMALLEST_FACE_PX // 2, min(image.shape[:2]) // 30)
        faces = self.recogniser.detector.detect(image, smallest_face_px=smallest)
        if not faces:
            return PhotoReview(source, PhotoProblem.NO_FACE, image=image, sha256=sha256)
        main = main_face(faces, image)
        crop = self.recogniser.embedder.alignment.align(image, main)
        quality = assess(main, image, crop, smallest_face_px=SMALLEST_FACE_PX)
        problem = PhotoProblem(quality.reason.value) if quality.reason else None
        if has_several(faces, image):
            problem = PhotoProblem.SEVERAL_FACES
        return PhotoReview(source, problem, "", crop, quality, image, main, sha256)

    @needs(Right.ENROL)
    def enrol(
        self,
        actor: Actor,
        *,
        name: str,
        staff_number: str | None,
        department: str,
        reviews: Sequence[PhotoReview],
    ) -> Person:
        """Enrol a new person, recognised from the next frame on.

        Raises:
            EnrolmentError: no good photo, an unusable name, or a staff number that is taken.
            StoreError: it could not be written; nothing was.
        """
        new = self._new_templates(reviews)
        with self.database.transaction():
            person = self._people.create(name=name, staff_number=staff_number or None, department=department)
            self._templates.add(person.person_id, new)
            self._journal.record(
                actor, JournalKind.PERSON_ENROLLED, person_id=person.person_id, details={"photos": len(new)}
            )
        self._on_change()
        return self._people.get(person.person_id, self.recogniser.embedder.model_id)

    @needs(Right.ENROL)
    def add_photos(self, actor: Actor, person_id: str, reviews: Sequence[PhotoReview]) -> int:
        """Add photos to a person and return how many were new.

        Raises:
            EnrolmentError: no good photo, or no such person.
            StoreError: it could not be written; nothing was.
        """
        known = self._templates.photo_hashes(person_id)
        fresh = [review for review in reviews if review.sha256 not in known]
        if not fresh:
            return 0
        new = self._new_templates(fresh)
        with self.database.transaction():
            self._people.get(person_id)
            self._templates.add(person_id, new)
            self._journal.record(
                actor, JournalKind.PHOTOS_ADDED, person_id=person_id, details={"photos": len(new)}
            )
        self._on_change()
        return len(new)

    def _new_templates(self, reviews: Sequence[PhotoReview]) -> list[NewTemplate]:
        good = list({review.sha256: review for review in reviews if review.is_good}.values())
        if not good:
            raise EnrolmentError("There is no photo that can be enrolled.", "Add a clear photo of one face.")
        crops = np.stack([review.crop for review in good if review.crop is not None])
        embedder = self.recogniser.embedder
        embeddings = embedder.embed_templates(crops)
        return [
            _template(review, embedding, embedder.model_id)
            for review, embedding in zip(good, embeddings, strict=True)
        ]

    @needs(Right.ENROL)
    def enrol_folder(
        self,
        actor: Actor,
        folder: Path,
        *,
        if_named: IfNamed = IfNamed.REFUSE,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> list[FolderRow]:
        """Enrol the people of a folder, one sub-folder each; each person is committed by itself.

        The same folder again changes nothing: photos are known by their bytes.

        Raises:
            EnrolmentError: there are no sub-folders with photos.
            Cancelled: the operator stopped it; people done so far stay.
        """
        if not folder.is_dir():
            raise EnrolmentError(f"There is no folder {folder}.", "Check the path.")
        groups = [
            (path.name.replace("_", " ").strip(), photo_files(path))
            for path in sorted(folder.iterdir())
            if path.is_dir()
        ]
        groups = [(name, photos) for name, photos in groups if photos]
        if not groups:
            raise EnrolmentError(
                f"{folder} has no sub-folders with photos.",
                "Make one folder per person, named like the person.",
            )
        rows = []
        for done, (name, photos) in enumerate(groups):
            if is_cancelled():
                raise Cancelled(f"Stopped after {done} of {len(groups)} people.", "Those stay enrolled.")
            rows.append(self.enrol_files(actor, name, photos, if_named=if_named))
            progress(done + 1, len(groups))
        return rows

    @needs(Right.ENROL)
    def enrol_files(
        self,
        actor: Actor,
        name: str,
        photos: Iterable[Path],
        *,
        if_named: IfNamed = IfNamed.REFUSE,
        staff_number: str | None = None,
        department: str = "",
    ) -> FolderRow:
        """Enrol one person from photo files; what is wrong is in the row, not raised."""
        files = list(photos)
        namesakes = self._people.by_name(name)
        hashes = {path: _bytes_sha256(path) for path in files}
        for person in namesakes:
            if set(hashes.values()) <= self._templates.photo_hashes(person.person_id):
                return FolderRow(name, FolderOutcome.UNCHANGED, 0)
        if namesakes and if_named is IfNamed.REFUSE:
            return FolderRow(
                name,
                FolderOutcome.REFUSED,
                0,
                message="Somebody of this name is enrolled: add to that person, or enrol a new one.",
            )
        if len(namesakes) > 1 and if_named is IfNamed.ADD:
            return FolderRow(name, FolderOutcome.REFUSED, 0, message="Several people have this name.")
        reviews = [self.review_file(path) for path in files]
        refused = tuple((review.source, review.problem) for review in reviews if review.problem)
        good = [review for review in reviews if review.is_good]
        try:
            if namesakes and if_named is IfNamed.ADD:
                added = self.add_photos(actor, namesakes[0].person_id, good)
                outcome = FolderOutcome.ADDED if added else FolderOutcome.UNCHANGED
                return FolderRow(name, outcome, added, refused)
            self.enrol(actor, name=name, staff_number=staff_number, department=department, reviews=good)
        except EnrolmentError as exc:
            return FolderRow(name, FolderOutcome.REFUSED, 0, refused, str(exc))
        return FolderRow(name, FolderOutcome.ENROLLED, len(good), refused)


def _template(review: PhotoReview, embedding: FloatArray, model_id: str) -> NewTemplate:
    assert review.image is not None
    assert review.detection is not None
    assert review.quality is not None
    crop, landmarks = loose_crop(review.image, review.detection)
    return NewTemplate(
        embedding=embedding,
        model_id=model_id,
        quality=review.quality.sharpness,
        photo=to_jpeg(limited(review.image, KEPT_PX)),
        photo_sha256=review.sha256,
        crop=to_jpeg(crop),
        landmarks=landmarks,
    )


def _bytes_sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
