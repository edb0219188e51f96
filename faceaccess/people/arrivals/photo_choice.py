"""The choice among somebody's photos where nobody can be asked for better ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from faceaccess.codes import PhotoProblem
from faceaccess.people.enrolment.enrolment import Enrolment
from faceaccess.people.enrolment.photo_review import PhotoReview, best_weak
from faceaccess.people.enrolment.photo_set import MOST_TEMPLATES

LEAST_PHOTOS = 5
"""Nobody can be asked for a better photo here: so many are taken of a person, weak ones too if there
are no better. Source: `faceaccess evaluate quality`: left out and not taken again, weak photos cost
more misses than they save, of people with one, three and five photos alike."""

NO_BETTER = "there was no better photo"


@dataclass(frozen=True)
class Choice:
    """Photos to be taken, and what is wrong with each of them and of the others.

    Attributes:
        taken: ready to be enrolled, the weak ones overridden.
        verdicts: of each photo asked about, in order: whether it is taken, and its problem.
    """

    taken: tuple[PhotoReview, ...]
    verdicts: tuple[tuple[bool, PhotoProblem | None], ...]


def choice(
    enrolment: Enrolment, reviews: Sequence[PhotoReview], person_id: str | None = None, known: int = 0
) -> Choice:
    """Choose from somebody's photos: the good ones, and weak ones for want of better ones.

    What is left out now is left out again when it is asked about beside the photos taken.

    Args:
        enrolment: judges them.
        reviews: in the order in which they came, none of them kept already.
        person_id: who gets them, if enrolled already.
        known: how many photos that person has.
    """
    judged = enrolment.judge(reviews, person_id)
    room = max(0, MOST_TEMPLATES - known)
    good = [at for at, review in enumerate(judged) if review.is_good]
    problems = {at: review.problem for at, review in enumerate(judged)}
    for at in good[room:]:
        problems[at] = PhotoProblem.MORE_THAN_NEEDED
    good = good[:room]
    weak = best_weak(judged, max(0, LEAST_PHOTOS - known - len(good)))
    places = {id(review): at for at, review in enumerate(judged)}
    taken = {at: judged[at] for at in good}
    taken |= {places[id(review)]: review.with_override(NO_BETTER) for review in weak}
    return Choice(
        tuple(taken[at] for at in sorted(taken)),
        tuple((at in taken, problems[at]) for at in range(len(judged))),
    )
