"""The plan for each person who comes in, before anything is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from faceaccess.codes import ImportProblem, ImportStep
from faceaccess.errors import Text
from faceaccess.people.arrivals.arrival import Arrival, ArrivalRow
from faceaccess.store.people.names import fold
from faceaccess.store.people.types import Person


class Enrolled:
    """The people enrolled, looked up by staff number and by name."""

    def __init__(self, people: Iterable[Person], merged_numbers: Mapping[str, Person]) -> None:
        """Take the people.

        Args:
            people: all, those who are deleted too.
            merged_numbers: the owners of merged people, by the staff numbers that those had.
        """
        everybody = list(people)
        self._by_number = {fold(number): person for number, person in merged_numbers.items()}
        numbered = [person for person in everybody if person.staff_number and not person.is_number_shared]
        self._by_number |= {fold(person.staff_number or ""): person for person in numbered}
        self._by_name: dict[str, list[Person]] = {}
        for person in everybody:
            if person.hidden_at is None:
                self._by_name.setdefault(fold(person.name), []).append(person)

    def with_number(self, number: str) -> Person | None:
        """Return the person with a staff number, deleted or not."""
        return self._by_number.get(fold(number))

    def named(self, name: str) -> Sequence[Person]:
        """Return the people of a name who aren't deleted."""
        return self._by_name.get(fold(name), ())


def planned(rows: Iterable[ArrivalRow], enrolled: Enrolled) -> list[Arrival]:
    """Return the people of a table in the order of their first rows.

    Rows are one person's when they have one staff number and one name; without a staff number, one
    name and one e-mail address, or none.
    """
    groups: dict[object, list[ArrivalRow]] = {}
    for row in rows:
        if row.problem is not None:
            groups[row.number, "refused"] = [row]
            continue
        key: object = (
            ("apart", row.number)
            if row.carried
            else ("number", fold(row.staff_number))
            if row.staff_number
            else ("name", fold(row.name), fold(row.email))
        )
        first = groups.get(key, [row])[0]
        if fold(first.name) == fold(row.name):
            groups.setdefault(key, []).append(row)
        else:
            detail = Text("row {number}: {name}", {"number": first.number, "name": first.name})
            groups[row.number, "refused"] = [replace(row, problem=ImportProblem.NUMBER_TWICE, detail=detail)]
    return [_planned(tuple(group), enrolled) for group in groups.values()]


def _planned(rows: tuple[ArrivalRow, ...], enrolled: Enrolled) -> Arrival:
    first = rows[0]
    if first.problem is not None:
        return _refused(rows, first.problem, first.detail)
    arrival = Arrival(rows, ImportStep.NEW)
    if not arrival.photos and arrival.carried is None:
        return _refused(rows, ImportProblem.NO_PHOTO)
    if arrival.photos and all(photo.source is None for _, photo in arrival.photos):
        _, photo = arrival.photos[0]
        return _refused(rows, photo.problem or ImportProblem.NO_PHOTO, photo.name)
    if first.staff_number and (holder := enrolled.with_number(first.staff_number)):
        return _of_number(arrival, holder)
    namesakes = who_may_be(arrival, enrolled.named(first.name))
    if len(namesakes) == 1:
        return replace(arrival, step=ImportStep.COMPARE, person=namesakes[0])
    return replace(arrival, step=ImportStep.COMPARE) if namesakes else arrival


def who_may_be(arrival: Arrival, namesakes: Sequence[Person]) -> list[Person]:
    """Return the people of a name whom an arrival may be; two staff numbers are two people."""
    return [person for person in namesakes if arrival.staff_number is None or person.staff_number is None]


def _of_number(arrival: Arrival, holder: Person) -> Arrival:
    if holder.hidden_at is not None:
        return _refused(arrival.rows, ImportProblem.NUMBER_OF_DELETED, holder.name, holder)
    if fold(holder.name) != fold(arrival.name):
        return _refused(arrival.rows, ImportProblem.NUMBER_TAKEN, holder.name, holder)
    return replace(arrival, step=ImportStep.ADD, person=holder)


def _refused(
    rows: tuple[ArrivalRow, ...],
    problem: ImportProblem,
    detail: Text | str = "",
    person: Person | None = None,
) -> Arrival:
    return Arrival(rows, ImportStep.REFUSE, person, problem, detail)
