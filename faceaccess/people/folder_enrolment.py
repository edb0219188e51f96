"""Enrolling from photo files: a person, or a folder with a sub-folder for each."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from faceaccess.codes import PhotoProblem, Right
from faceaccess.errors import Cancelled, ConsentError, EnrolmentError
from faceaccess.people.enrolment import Enrolment
from faceaccess.people.photo_review import PhotoReview, best_weak
from faceaccess.store.people import People
from faceaccess.store.roles import needs
from faceaccess.store.templates import Templates
from faceaccess.store.types import Actor, NewConsent
from faceaccess.vision.images import photo_files

LEAST_PHOTOS = 5
"""Nobody can be asked for a better photo here: so many are taken of a person, weak ones too if there
are no better. Source: `faceaccess evaluate quality`: left out and not taken again, weak photos cost
more misses than they save, of people with one, three and five photos alike."""

NO_BETTER = "there was no better photo"


class IfNamed(StrEnum):
    """What to do with a person whose name is enrolled already."""

    REFUSE = "refuse"
    ADD = "add"
    NEW = "new"


class IfDouble(StrEnum):
    """What to do with a person whose face may be enrolled under another name."""

    REFUSE = "refuse"
    KEEP = "keep"


class FolderOutcome(StrEnum):
    """What became of one person."""

    ENROLLED = "enrolled"
    ADDED = "added"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class FolderRow:
    """What became of one person, with the photos left out, and those taken though weak, and why."""

    name: str
    outcome: FolderOutcome
    photos: int
    refused: tuple[tuple[str, PhotoProblem], ...] = ()
    weak: tuple[tuple[str, PhotoProblem], ...] = ()
    message: str = ""


class FolderEnrolment:
    """Enrols people nobody sits beside. Slow: call off the GUI thread."""

    def __init__(self, enrolment: Enrolment, people: People, templates: Templates) -> None:
        self.database = enrolment.database
        self._enrolment, self._people, self._templates = enrolment, people, templates

    @needs(Right.ENROL)
    def enrol_folder(
        self,
        actor: Actor,
        folder: Path,
        *,
        if_named: IfNamed = IfNamed.REFUSE,
        consent: NewConsent | None = None,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> list[FolderRow]:
        """Enrol the people of a folder, one sub-folder each; each person is committed by itself.

        The same folder again changes nothing: photos are known by their bytes.

        Raises:
            EnrolmentError: there are no sub-folders with photos.
            Cancelled: the operator stopped it; people done so far stay.
        """
        groups = people_of(folder)
        rows = []
        for done, (name, photos) in enumerate(groups):
            if is_cancelled():
                raise Cancelled(f"Stopped after {done} of {len(groups)} people.", "Those stay enrolled.")
            rows.append(self.enrol_files(actor, name, photos, if_named=if_named, consent=consent))
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
        if_double: IfDouble = IfDouble.KEEP,
        staff_number: str | None = None,
        department: str = "",
        consent: NewConsent | None = None,
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
        add_to = namesakes[0].person_id if namesakes and if_named is IfNamed.ADD else None
        if add_to is not None:
            known = self._templates.photo_hashes(add_to)
            files = [path for path in files if hashes[path] not in known]
        chosen, refused, weak = self._chosen([self._enrolment.review_file(path) for path in files], add_to)
        row = FolderRow(name, FolderOutcome.REFUSED, 0, refused, weak)
        try:
            if add_to is not None:
                added = self._enrolment.add_photos(actor, add_to, chosen, consent)
                outcome = FolderOutcome.ADDED if added else FolderOutcome.UNCHANGED
                return FolderRow(name, outcome, added, refused, weak)
            alike = [one for one in self._enrolment.likenesses(chosen) if one.is_double]
            self._enrolment.enrol(
                actor,
                name=name,
                staff_number=staff_number,
                department=department,
                reviews=chosen,
                consent=consent,
                different_from=() if if_double is IfDouble.REFUSE else None,
            )
        except (EnrolmentError, ConsentError) as exc:
            return FolderRow(row.name, row.outcome, 0, refused, weak, str(exc))
        message = "" if not alike else f"May be {alike[0].person.name}: distance {alike[0].distance:.3f}."
        return FolderRow(name, FolderOutcome.ENROLLED, len(chosen), refused, weak, message)

    def _chosen(
        self, reviews: Sequence[PhotoReview], person_id: str | None
    ) -> tuple[list[PhotoReview], tuple[tuple[str, PhotoProblem], ...], tuple[tuple[str, PhotoProblem], ...]]:
        """Return the photos to be taken, and of those left out and of weak ones what is wrong."""
        judged = self._enrolment.judge(reviews, person_id)
        good = [review for review in judged if review.is_good]
        lacking = 0 if person_id is not None and good else LEAST_PHOTOS - len(good)
        weak = best_weak(judged, max(lacking, 0))
        taken = {id(review) for review in (*good, *weak)}
        refused = [review for review in judged if id(review) not in taken]
        chosen = [*good, *(review.with_override(NO_BETTER) for review in weak)]
        return chosen, _problems(refused), _problems(weak)


def people_of(folder: Path) -> list[tuple[str, list[Path]]]:
    """Return the names and photos of a folder with one sub-folder per person.

    Raises:
        EnrolmentError: there are no sub-folders with photos.
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
    return groups


def _problems(reviews: Iterable[PhotoReview]) -> tuple[tuple[str, PhotoProblem], ...]:
    return tuple((review.source, review.problem) for review in reviews if review.problem)


def _bytes_sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
