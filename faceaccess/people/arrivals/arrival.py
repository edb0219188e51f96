"""People who come in: their rows as their source has them, and the plan for each."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from faceaccess.codes import ImportProblem, ImportStep
from faceaccess.errors import Text
from faceaccess.people.arrivals.photo_pool import PhotoFile, PhotoSource
from faceaccess.people.consent import CarriedConsent
from faceaccess.store.people.types import Person

MOST_PHOTOS = 30
"""Photos of a person that are looked at: more don't make anybody better known."""


@dataclass(frozen=True)
class ArrivalPhoto:
    """A photo that a row names.

    Attributes:
        name: as it is written there.
        path: the file; None where there is a problem, or the photo comes from another installation.
        carried: that photo.
    """

    name: str
    path: Path | None
    problem: ImportProblem | None = None
    carried: PhotoSource | None = None

    @property
    def source(self) -> PhotoSource | None:
        """The photo to look at; None where there is a problem."""
        return self.carried if self.path is None else PhotoFile(self.path)


@dataclass(frozen=True)
class Carried:
    """Further facts that another installation sends about a person.

    Attributes:
        is_active: whether the person may come in there.
        consent: the one in force there, or None.
    """

    is_active: bool
    consent: CarriedConsent | None


@dataclass(frozen=True)
class ArrivalRow:
    """A row as it was read; anything in a source that belongs to nobody is a row with a problem.

    Attributes:
        number: in the table, as a spreadsheet program counts; of a folder, which of its parts it is.
        consent_on: when the person agreed, or None.
        problem: why it can't be admitted, or None.
        detail: that in the words of whatever noticed it, or "".
        carried: what another installation says besides. Such a row is a person by itself, with or without
            photos, whatever other rows say.
    """

    number: int
    name: str
    staff_number: str | None = None
    department: str = ""
    email: str = ""
    photos: tuple[ArrivalPhoto, ...] = ()
    consent_on: date | None = None
    problem: ImportProblem | None = None
    detail: Text | str = ""
    carried: Carried | None = None


@dataclass(frozen=True)
class Arrival:
    """One person who comes in, in one row or several.

    Attributes:
        rows: those of the person, in order.
        step: the planned step.
        person: the person enrolled already who would get the photos, or whom a refusal is about.
        problem: why it is refused, or None.
        detail: that in other words: whose the staff number is, which row has it.
    """

    rows: tuple[ArrivalRow, ...]
    step: ImportStep
    person: Person | None = None
    problem: ImportProblem | None = None
    detail: Text | str = ""

    @property
    def name(self) -> str:
        """The person's name."""
        return self.rows[0].name

    @property
    def staff_number(self) -> str | None:
        """The person's staff number, if a row has one."""
        return self.rows[0].staff_number

    @property
    def department(self) -> str:
        """The first that a row has."""
        return next((row.department for row in self.rows if row.department), "")

    @property
    def email(self) -> str:
        """The first that a row has."""
        return next((row.email for row in self.rows if row.email), "")

    @property
    def consent_on(self) -> date | None:
        """The first day that a row has."""
        return next((row.consent_on for row in self.rows if row.consent_on), None)

    @property
    def photos(self) -> tuple[tuple[int, ArrivalPhoto], ...]:
        """The photos with the numbers of their rows, each file once, those beyond the most refused."""
        unique: dict[object, tuple[int, ArrivalPhoto]] = {}
        for row in self.rows:
            for photo in row.photos:
                unique.setdefault(photo.source or photo.name, (row.number, photo))
        usable = 0
        photos = []
        for number, photo in unique.values():
            usable += photo.source is not None
            if photo.source is not None and usable > MOST_PHOTOS:
                photo = ArrivalPhoto(photo.name, None, ImportProblem.TOO_MANY_PHOTOS)
            photos.append((number, photo))
        return tuple(photos)

    @property
    def carried(self) -> Carried | None:
        """Further facts that another installation sent about the person."""
        return self.rows[0].carried

    @property
    def photos_refused(self) -> list[ArrivalPhoto]:
        """The photos that can't be looked at."""
        return [photo for _, photo in self.photos if photo.problem]

    def fills_in(self, person: Person) -> dict[str, str]:
        """Return the values in the rows that are not yet known of somebody enrolled, by field."""
        known = {"staff_number": person.staff_number, "department": person.department, "email": person.email}
        said = {"staff_number": self.staff_number, "department": self.department, "email": self.email}
        return {field: text for field, text in said.items() if text and not known[field]}
