"""An enrolment that is being saved: what the page had when it began, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faceaccess.gui.enrolment.form import Enrolee
from faceaccess.store.people.types import NewConsent, Person

if TYPE_CHECKING:
    from faceaccess.people.enrolment.doubles import Likeness
    from faceaccess.people.enrolment.photo_review import PhotoReview
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.people.people import People

_COLLEAGUES = 3
_MOST_ALIKE = 2


@dataclass(frozen=True, eq=False)
class EnrolmentCase:
    """What is saved, whatever happens on the page meanwhile.

    Attributes:
        visitor: entries of the unknown visitor whom it is about; () for none.
        different_from: ids of people whom the operator knows to be others.
        why: how the operator knows.
    """

    enrolee: Enrolee
    reviews: "Sequence[PhotoReview]"
    consent: NewConsent | None
    visitor: tuple[int, ...] = ()
    different_from: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class SavedCase:
    """What came of it.

    Attributes:
        photos: how many were stored.
        alike: who looks most like the person, nearest first.
    """

    person: Person
    photos: int
    alike: "Sequence[Likeness]" = ()


def save_case(access: "Access", reception: "Reception", case: EnrolmentCase) -> SavedCase:
    """Enrol somebody, by face or by PIN, or add photos to somebody. Slow."""
    enrolee, actor = case.enrolee, access.actor
    if enrolee.pin is not None:
        person = reception.directory.add_without_face(
            actor,
            name=enrolee.name,
            department=enrolee.department,
            email=enrolee.email,
            staff_number=enrolee.staff_number or "",
            pin=enrolee.pin,
        )
        return SavedCase(person, 0)
    if enrolee.add_to is not None:
        person = enrolee.add_to
        added = reception.enrolment.add_photos(
            actor,
            person.person_id,
            case.reviews,
            case.consent,
            different_from=case.different_from,
            why=case.why,
        )
        return SavedCase(person, added)
    person = reception.enrolment.enrol(
        actor,
        name=enrolee.name,
        department=enrolee.department,
        email=enrolee.email,
        staff_number=enrolee.staff_number,
        reviews=case.reviews,
        consent=case.consent,
        different_from=case.different_from,
        why=case.why,
    )
    alike = reception.enrolment.likenesses(case.reviews, person.person_id)
    return SavedCase(person, len(case.reviews), alike[:_COLLEAGUES])


def read_faces(people: "People", alike: "Sequence[Likeness]") -> "list[tuple[Likeness, bytes | None]]":
    """Return whom somebody may be, the nearest first, each with a face as JPEG."""
    return [(likeness, people.thumbnail(likeness.person.person_id)) for likeness in alike[:_MOST_ALIKE]]
