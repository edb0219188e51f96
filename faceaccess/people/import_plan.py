"""What an import would do with each person of a table, said before anything is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from faceaccess.codes import ImportProblem, ImportStep
from faceaccess.people.import_rows import MOST_PHOTOS, ImportRow, RowPhoto
from faceaccess.store.names import fold
from faceaccess.store.types import Person


@dataclass(frozen=True)
class PlannedPerson:
    """One person of a table, in one row or several.

    Attributes:
        rows: those of the person, in order.
        step: what would be done.
        person: who is enrolled already and would get the photos, or whom a refusal is about.
        problem: why it is refused, or None.
        detail: that in other words: whose the staff number is, which row has it.
    """

    rows: tuple[ImportRow, ...]
    step: ImportStep
    person: Person | None = None
    problem: ImportProblem | None = None
    detail: str = ""

    @property
    def name(self) -> str:
        """The person's name."""
        return self.rows[0].name

    @property
    def staff_number(self) -> str | None:
        """The person's staff number, if the table has one."""
        return self.rows[0].staff_number

    @property
    def department(self) -> str:
        """The first that a row says."""
        return next((row.department for row in self.rows if row.department), "")

    @property
    def email(self) -> str:
        """The first that a row says."""
        return next((row.email for row in self.rows if row.email), "")

    @property
    def consent_on(self) -> date | None:
        """The first day that a row says."""
        return next((row.consent_on for row in self.rows if row.consent_on), None)

    @property
    def photos(self) -> tuple[tuple[int, RowPhoto], ...]:
        """The photos with the numbers of their rows, each file once, those beyond the most refused."""
        found: dict[object, tuple[int, RowPhoto]] = {}
        for row in self.rows:
            for photo in row.photos:
                found.setdefault(photo.path or photo.given, (row.number, photo))
        usable = 0
        photos = []
        for number, photo in found.values():
            usable += photo.path is not None
            if photo.path is not None and usable > MOST_PHOTOS:
                photo = RowPhoto(photo.given, None, ImportProblem.TOO_MANY_PHOTOS)
            photos.append((number, photo))
        return tuple(photos)

    @property
    def fills_in(self) -> dict[str, str]:
        """What the table says and the folder doesn't know of somebody enrolled."""
        if self.step is not ImportStep.ADD or self.person is None:
            return {}
        known = {"department": self.person.department, "email": self.person.email}
        given = {"department": self.department, "email": self.email}
        return {field: text for field, text in given.items() if text and not known[field]}


class Enrolled:
    """Who is enrolled, to be asked by staff number and by name."""

    def __init__(self, people: Iterable[Person], merged_numbers: Mapping[str, Person]) -> None:
        """Take the people.

        Args:
            people: all, those who are deleted too.
            merged_numbers: whom people were merged into, by the staff numbers that those had.
        """
        everybody = list(people)
        self._by_number = {fold(number): person for number, person in merged_numbers.items()}
        self._by_number |= {fold(each.staff_number): each for each in everybody if each.staff_number}
        self._by_name: dict[str, list[Person]] = {}
        for each in everybody:
            if each.hidden_at is None:
                self._by_name.setdefault(fold(each.name), []).append(each)

    def with_number(self, number: str) -> Person | None:
        """Return whose a staff number is, deleted or not."""
        return self._by_number.get(fold(number))

    def named(self, name: str) -> Sequence[Person]:
        """Return the people of a name who aren't deleted."""
        return self._by_name.get(fold(name), ())


def planned(rows: Iterable[ImportRow], enrolled: Enrolled) -> list[PlannedPerson]:
    """Return the people of a table in the order of their first rows.

    Rows are one person's when they have one staff number and one name; without a staff number, one
    name and one e-mail address, or none.
    """
    groups: dict[object, list[ImportRow]] = {}
    for row in rows:
        if row.problem is not None:
            groups[row.number, "refused"] = [row]
            continue
        key = (
            ("number", fold(row.staff_number))
            if row.staff_number
            else ("name", fold(row.name), fold(row.email))
        )
        first = groups.get(key, [row])[0]
        if fold(first.name) == fold(row.name):
            groups.setdefault(key, []).append(row)
        else:
            detail = f"row {first.number}: {first.name}"
            groups[row.number, "refused"] = [replace(row, problem=ImportProblem.NUMBER_TWICE, detail=detail)]
    return [_planned(tuple(group), enrolled) for group in groups.values()]


def _planned(rows: tuple[ImportRow, ...], enrolled: Enrolled) -> PlannedPerson:
    first = rows[0]
    if first.problem is not None:
        return _refused(rows, first.problem, first.detail)
    one = PlannedPerson(rows, ImportStep.NEW)
    if not one.photos:
        return _refused(rows, ImportProblem.NO_PHOTO)
    if all(photo.path is None for _, photo in one.photos):
        _, photo = one.photos[0]
        return _refused(rows, photo.problem or ImportProblem.NO_PHOTO, photo.given)
    if first.staff_number:
        holder = enrolled.with_number(first.staff_number)
        return one if holder is None else _of_number(one, holder)
    namesakes = enrolled.named(first.name)
    if len(namesakes) > 1:
        return replace(one, step=ImportStep.COMPARE)
    return replace(one, step=ImportStep.COMPARE, person=namesakes[0]) if namesakes else one


def _of_number(one: PlannedPerson, holder: Person) -> PlannedPerson:
    if holder.hidden_at is not None:
        return _refused(one.rows, ImportProblem.NUMBER_OF_DELETED, holder.name, holder)
    if fold(holder.name) != fold(one.name):
        return _refused(one.rows, ImportProblem.NUMBER_TAKEN, holder.name, holder)
    return replace(one, step=ImportStep.ADD, person=holder)


def _refused(
    rows: tuple[ImportRow, ...], problem: ImportProblem, detail: str = "", person: Person | None = None
) -> PlannedPerson:
    return PlannedPerson(rows, ImportStep.REFUSE, person, problem, detail)
