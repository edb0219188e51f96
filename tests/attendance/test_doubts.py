"""Doubts: what can be meant, but seldom is, is asked about; what is usual never is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from faceaccess.attendance.doubts import about_schedule
from faceaccess.attendance.office import Office
from faceaccess.codes import AbsenceKind, DayPart, Direction, Pairing
from faceaccess.errors import AttendanceError
from faceaccess.store.journal.journal import Journal
from faceaccess.store.policy.schedules import Assignment
from tests.attendance.builders import LATER, NIGHT_SHIFT, OLGA, WEDNESDAY, make_entry, make_schedule

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
DAY = datetime(2026, 3, 4, tzinfo=UTC)


def hour(number: float) -> datetime:
    return DAY + timedelta(hours=number)


def seen(journal: Journal, person_id: str, *passages: tuple[float, Direction]) -> list[int]:
    return [
        journal.append(make_entry(person_id, hour(number), direction=way), None).seq
        for number, way in passages
    ]


def plan(office: Office, **rules: object) -> None:
    office.planning.set_schedule(OLGA, make_schedule(**rules))
    office.planning.assign(OLGA, Assignment("s1", date(2026, 1, 1)), now=LATER)


def doubt(
    office: Office, person_id: str, number: float, way: Direction, instead_of: int | None = None
) -> str:
    said = office.doubts.about_entry(person_id, hour(number), way, now=NOW, instead_of=instead_of)
    return "" if said is None else str(said)


def test_a_way_out_before_its_way_in_is_doubtful(office: Office, journal: Journal, ada: str) -> None:
    """An exit at eight was accepted without a word beside an entry at nine."""
    plan(office)
    (came,) = seen(journal, ada, (9, Direction.IN))
    assert doubt(office, ada, 17, Direction.OUT) == ""
    said = doubt(office, ada, 8, Direction.OUT)
    assert said == "There is no way in before the way out at 08:00 on 2026-03-04."
    # The same time in the place of the way in: there is none at all then.
    assert doubt(office, ada, 9, Direction.OUT, instead_of=came) != ""
    assert doubt(office, ada, 8, Direction.IN, instead_of=came) == ""


def test_a_night_is_no_doubt(office: Office, journal: Journal, ada: str) -> None:
    plan(office, shift=NIGHT_SHIFT)
    seen(journal, ada, (22, Direction.IN))
    assert doubt(office, ada, 24 + 6, Direction.OUT) == ""
    assert doubt(office, ada, 21, Direction.OUT) != ""


def test_two_ways_in_without_a_way_out_are_doubtful(office: Office, journal: Journal, ada: str) -> None:
    plan(office, pairing=Pairing.IN_OUT)
    seen(journal, ada, (9, Direction.IN), (17, Direction.OUT))
    assert doubt(office, ada, 12, Direction.IN) == (
        "The ways in at 09:00 and 12:00 on 2026-03-04 have no way out between them."
    )
    assert doubt(office, ada, 18, Direction.IN) == "", "its way out may be entered next"
    assert doubt(office, ada, 12, Direction.BOTH) == ""


def test_from_first_to_last_several_ways_in_are_usual(office: Office, journal: Journal, ada: str) -> None:
    plan(office)
    seen(journal, ada, (9, Direction.IN), (13, Direction.IN), (17, Direction.OUT))
    assert doubt(office, ada, 11, Direction.IN) == ""
    assert doubt(office, ada, 18, Direction.OUT) == ""


def test_an_absence_where_work_is_recorded_is_doubtful(office: Office, journal: Journal, ada: str) -> None:
    """A leave on a day fully worked made overtime of it without a question."""
    plan(office)
    seen(journal, ada, (9, Direction.IN), (17.5, Direction.OUT))

    def about(kind: AbsenceKind, part: DayPart = DayPart.WHOLE, days: int = 1) -> str:
        last = WEDNESDAY + timedelta(days=days - 1)
        said = office.doubts.about_absence(ada, kind, WEDNESDAY, last, part, now=NOW)
        return "" if said is None else str(said)

    expected = "Work is recorded on 2026-03-04 (8:00). Beside this absence it is overtime."
    assert about(AbsenceKind.LEAVE) == about(AbsenceKind.SICK, days=3) == expected
    assert about(AbsenceKind.LEAVE, DayPart.MORNING) == expected
    assert about(AbsenceKind.REMOTE) == ""
    with pytest.raises(AttendanceError, match="more than ten years"):
        office.doubts.about_absence(
            ada, AbsenceKind.LEAVE, WEDNESDAY, date(2226, 3, 4), DayPart.WHOLE, now=NOW
        )


def test_half_a_day_of_leave_beside_half_a_day_of_work_is_usual(
    office: Office, journal: Journal, ada: str
) -> None:
    plan(office)
    seen(journal, ada, (9, Direction.IN), (13, Direction.OUT))
    days = WEDNESDAY, WEDNESDAY
    half = office.doubts.about_absence(ada, AbsenceKind.LEAVE, *days, DayPart.AFTERNOON, now=NOW)
    whole = office.doubts.about_absence(ada, AbsenceKind.LEAVE, *days, DayPart.WHOLE, now=NOW)
    assert half is None
    assert whole is not None


def test_days_to_come_are_no_doubt(office: Office, ada: str) -> None:
    first, last = date(2026, 6, 1), date(2026, 6, 5)
    assert office.doubts.about_absence(ada, AbsenceKind.LEAVE, first, last, DayPart.WHOLE, now=NOW) is None


def test_many_days_are_not_all_named(office: Office, journal: Journal, ada: str) -> None:
    for day in range(5):
        seen(journal, ada, (24 * day + 9, Direction.IN), (24 * day + 10, Direction.OUT))
    last = WEDNESDAY + timedelta(days=9)
    said = office.doubts.about_absence(ada, AbsenceKind.OTHER, WEDNESDAY, last, DayPart.WHOLE, now=NOW)
    assert str(said) == "Work is recorded on 2026-03-04 (1:00), 2026-03-05 (1:00), 2026-03-06 (1:00), … too."


def test_a_schedule_without_hours_is_doubtful() -> None:
    assert about_schedule(make_schedule()) is None
    assert "never late or absent" in str(about_schedule(make_schedule(days=())))
