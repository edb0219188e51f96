"""Enrolling from photo files: a person, or a folder with a sub-folder for each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from faceaccess.codes import EnrolmentOutcome, IfDouble, IfNamed, ImportProblem, PhotoProblem, Right
from faceaccess.errors import Cancelled, ConsentError, EnrolmentError
from faceaccess.people.enrolment import DoubleFound, Enrolment
from faceaccess.people.photo_choice import Choice, choice
from faceaccess.people.photo_pool import bytes_sha256
from faceaccess.people.photo_review import ADDS_NOTHING, PhotoReview
from faceaccess.store.people import People
from faceaccess.store.roles import needs
from faceaccess.store.templates import Templates
from faceaccess.store.types import Actor, NewConsent
from faceaccess.vision.images import photo_files


@dataclass(frozen=True)
class FolderRow:
    """What became of one person, with the photos left out, and those taken though weak, and why.

    Attributes:
        problem: why the person was refused, where that is known.
        message: that in other words, or whom somebody enrolled looks like.
    """

    name: str
    outcome: EnrolmentOutcome
    photos: int
    refused: tuple[tuple[str, PhotoProblem], ...] = ()
    weak: tuple[tuple[str, PhotoProblem], ...] = ()
    message: str = ""
    problem: ImportProblem | None = None


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
        if_double: IfDouble = IfDouble.KEEP,
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
            rows.append(
                self.enrol_files(actor, name, photos, if_named=if_named, if_double=if_double, consent=consent)
            )
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
        hashes = {path: bytes_sha256(path) for path in files}
        for person in namesakes:
            if set(hashes.values()) <= self._templates.photo_hashes(person.person_id):
                return FolderRow(name, EnrolmentOutcome.UNCHANGED, 0)
        if namesakes and if_named is IfNamed.REFUSE:
            message = "Somebody of this name is enrolled."
            return _refused(name, ImportProblem.NAME_ENROLLED, message)
        if len(namesakes) > 1 and if_named is IfNamed.ADD:
            return _refused(name, ImportProblem.SEVERAL_OF_NAME, "Several people have this name.")
        add_to = namesakes[0].person_id if namesakes and if_named is IfNamed.ADD else None
        if add_to is not None:
            known = self._templates.photo_hashes(add_to)
            files = [path for path in files if hashes[path] not in known]
        kept = 0 if add_to is None else len(self._templates.photo_hashes(add_to))
        reviews = [self._enrolment.review_file(path) for path in files]
        chosen = choice(self._enrolment, reviews, add_to, kept)
        refused, weak = _problems(reviews, chosen, False), _problems(reviews, chosen, True)
        row = FolderRow(name, EnrolmentOutcome.REFUSED, 0, refused, weak)
        asked = () if if_double is IfDouble.REFUSE else None
        try:
            if add_to is not None and not chosen.taken and {problem for _, problem in refused} - ADDS_NOTHING:
                return replace(row, message="There is no photo that can be enrolled.")
            if add_to is not None:
                added = self._enrolment.add_photos(actor, add_to, chosen.taken, consent, different_from=asked)
                outcome = EnrolmentOutcome.ADDED if added else EnrolmentOutcome.UNCHANGED
                return FolderRow(name, outcome, added, refused, weak)
            alike = [one for one in self._enrolment.likenesses(chosen.taken) if one.is_double]
            self._enrolment.enrol(
                actor,
                name=name,
                staff_number=staff_number,
                department=department,
                reviews=chosen.taken,
                consent=consent,
                different_from=asked,
            )
        except (EnrolmentError, ConsentError) as exc:
            return replace(row, **_why(exc))
        message = "" if not alike else f"May be {alike[0].person.name}: distance {alike[0].distance:.3f}."
        return FolderRow(name, EnrolmentOutcome.ENROLLED, len(chosen.taken), refused, weak, message)


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


def _refused(name: str, problem: ImportProblem, message: str) -> FolderRow:
    return FolderRow(name, EnrolmentOutcome.REFUSED, 0, message=message, problem=problem)


def _why(error: EnrolmentError | ConsentError) -> dict[str, Any]:
    """Return the problem and the message of a row; what helps is told by who knows the row's problem."""
    if isinstance(error, DoubleFound):
        return {"problem": ImportProblem.DOUBLE, "message": error.message}
    if isinstance(error, ConsentError):
        return {"problem": ImportProblem.NO_CONSENT, "message": str(error)}
    return {"message": str(error)}


def _problems(
    reviews: Sequence[PhotoReview], chosen: Choice, is_taken: bool
) -> tuple[tuple[str, PhotoProblem], ...]:
    """Return what is wrong with the photos that are taken, or with those that aren't."""
    return tuple(
        (review.source, problem)
        for review, (taken, problem) in zip(reviews, chosen.verdicts, strict=True)
        if problem and taken is is_taken
    )
