"""The results for the people and photos of an import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from faceaccess.codes import EnrolmentOutcome, ImportProblem, ImportStep, PhotoProblem
from faceaccess.errors import Text
from faceaccess.people.arrivals.arrival import Arrival
from faceaccess.people.arrivals.photo_choice import Choice
from faceaccess.people.arrivals.photo_pool import Look
from faceaccess.people.enrolment.photo_review import ADDS_NOTHING

NO_LOSS: frozenset[ImportProblem | PhotoProblem] = ADDS_NOTHING | {ImportProblem.TOO_MANY_PHOTOS}
"""A photo that is left out for these is not missed."""


@dataclass(frozen=True)
class PhotoResult:
    """The result for one photo.

    Attributes:
        row: number of the row that names it.
        name: as it is written there.
        is_taken: whether it was enrolled now.
        problem: why not, or what is weak about it; None for a good one, or one that was known.
    """

    row: int
    name: str
    is_taken: bool
    problem: ImportProblem | PhotoProblem | None = None

    @property
    def is_known(self) -> bool:
        """Whether the person had it before."""
        return not self.is_taken and self.problem is None

    @property
    def is_useless(self) -> bool:
        """Whether it was left out for what is wrong with it, not because there are enough like it."""
        return not self.is_taken and self.problem not in NO_LOSS | {None}


@dataclass(frozen=True)
class AdmissionResult:
    """The result for one person who came in.

    Attributes:
        planned: the plan for the person.
        photos: the result of each photo; none where they weren't looked at.
        problem: why the person was refused, or None.
        detail: that in other words, or who it may be.
    """

    planned: Arrival
    outcome: EnrolmentOutcome
    photos: tuple[PhotoResult, ...] = ()
    problem: ImportProblem | None = None
    detail: Text | str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out that would have helped: neither the person nor a photo."""
        if self.outcome in (EnrolmentOutcome.REFUSED, EnrolmentOutcome.NOT_REACHED):
            return False
        left_out = {photo.problem for photo in self.photos if photo.problem and not photo.is_taken}
        return left_out <= NO_LOSS

    @property
    def taken(self) -> int:
        """How many photos were enrolled now."""
        return sum(photo.is_taken for photo in self.photos)

    @property
    def problems(self) -> set[ImportProblem]:
        """The problems that kept the person or a photo out."""
        kept_out = {self.problem, *(photo.problem for photo in self.photos)}
        return {problem for problem in kept_out if isinstance(problem, ImportProblem)}


def refused(arrival: Arrival, problem: ImportProblem | None, detail: Text | str = "") -> AdmissionResult:
    """Return the result for somebody refused before a photo was looked at."""
    photos = tuple(
        PhotoResult(row, photo.name, False, photo.problem) for row, photo in arrival.photos if photo.problem
    )
    return AdmissionResult(arrival, EnrolmentOutcome.REFUSED, photos, problem, detail)


def untouched(arrival: Arrival) -> AdmissionResult:
    """Return the result for somebody left as they were."""
    if arrival.step is ImportStep.REFUSE:
        return refused(arrival, arrival.problem, arrival.detail)
    return AdmissionResult(arrival, EnrolmentOutcome.NOT_REACHED)


def photo_results(
    arrival: Arrival, looks: Sequence[Look], asked: Mapping[str, object], chosen: Choice
) -> tuple[PhotoResult, ...]:
    """Return the result for each photo, in the order of the table.

    Args:
        arrival: whose photos they are.
        looks: what was seen of those that have a file, in that order.
        asked: what was asked about, by the hash of the file.
        chosen: the answer to it.
    """
    verdicts = dict(zip(asked, chosen.verdicts, strict=True))
    seen = iter(looks)
    results = []
    for row, photo in arrival.photos:
        problem: ImportProblem | PhotoProblem | None = photo.problem
        is_taken = False
        if photo.source is not None:
            # The same bytes twice are taken once.
            is_taken, problem = verdicts.pop(next(seen).sha256, (False, None))
        results.append(PhotoResult(row, photo.name, is_taken, problem))
    return tuple(results)
