"""What became of the people and the photos of an import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from faceaccess.codes import EnrolmentOutcome, ImportProblem, ImportStep, PhotoProblem
from faceaccess.people.import_plan import PlannedPerson
from faceaccess.people.photo_choice import Choice
from faceaccess.people.photo_pool import Look


@dataclass(frozen=True)
class PhotoResult:
    """What became of one photo.

    Attributes:
        row: number of the row that names it.
        given: as it is written there.
        is_taken: whether it was enrolled now.
        problem: why not, or what is weak about it; None for a good one, or one that was known.
    """

    row: int
    given: str
    is_taken: bool
    problem: ImportProblem | PhotoProblem | None = None


@dataclass(frozen=True)
class ImportResult:
    """What became of one person of a table.

    Attributes:
        planned: what was to be done.
        photos: what became of each photo; none where they weren't looked at.
        problem: why the person was refused, or None.
        detail: that in other words, or who it may be.
    """

    planned: PlannedPerson
    outcome: EnrolmentOutcome
    photos: tuple[PhotoResult, ...] = ()
    problem: ImportProblem | None = None
    detail: str = ""

    @property
    def taken(self) -> int:
        """How many photos were enrolled now."""
        return sum(photo.is_taken for photo in self.photos)


def untouched(one: PlannedPerson) -> ImportResult:
    """Return what became of somebody whom nothing was done with."""
    if one.step is ImportStep.REFUSE:
        return ImportResult(one, EnrolmentOutcome.REFUSED, problem=one.problem, detail=one.detail)
    return ImportResult(one, EnrolmentOutcome.NOT_REACHED)


def photo_results(
    one: PlannedPerson, looks: Sequence[Look], fresh: Mapping[str, object], made: Choice
) -> tuple[PhotoResult, ...]:
    """Return what became of each photo, in the order in which they stand in the table.

    Args:
        one: whose photos they are.
        looks: what was seen of those that have a file, in that order.
        fresh: what was asked about, by the hash of the file.
        made: the answer to it.
    """
    verdicts = dict(zip(fresh, made.verdicts, strict=True))
    seen = iter(looks)
    results = []
    for row, photo in one.photos:
        problem: ImportProblem | PhotoProblem | None = photo.problem
        is_taken = False
        if photo.path is not None:
            # The same bytes twice are taken once.
            is_taken, problem = verdicts.pop(next(seen).sha256, (False, None))
        results.append(PhotoResult(row, photo.given, is_taken, problem))
    return tuple(results)
