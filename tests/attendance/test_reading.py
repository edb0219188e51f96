"""Timesheets put together from a data folder."""

from datetime import UTC, date, datetime

import pytest

from faceaccess.attendance.office import Office
from faceaccess.codes import Direction
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.people import People
from faceaccess.store.policy.schedules import Assignment
from tests.attendance.builders import LATER, NIGHT_SHIFT, OLGA, make_entry, make_schedule

HOUR = 3600
NIGHTS = make_schedule(NIGHT_SHIFT, days=range(7))


@pytest.fixture
def newcomer(database: Database, people: People, journal: Journal) -> str:
    """The id of somebody who was enrolled on the 10th, and worked the nights of the 1st and the 2nd."""
    person = people.create(name="Ada Byron", staff_number="7", department="Workshop")
    with database.transaction() as db:
        db.execute("UPDATE people SET created_at = '2026-09-10T08:00:00.000000+00:00'")
    for day in (1, 2):
        for at, way in ((datetime(2026, 9, day, 22), "in"), (datetime(2026, 9, day + 1, 6), "out")):
            entry = make_entry(person.person_id, at.replace(tzinfo=UTC), direction=Direction(way))
            journal.append(entry, None)
    return person.person_id


@pytest.mark.parametrize("scope", ["person", "department", "everybody"])
def test_a_schedule_counts_before_the_enrolment(
    office: Office, people: People, newcomer: str, scope: str
) -> None:
    """No schedule held before the day of the enrolment, and nobody was told: nights fell apart."""
    office.planning.set_schedule(OLGA, NIGHTS)
    whose = {"person": {"person_id": newcomer}, "department": {"department": "workshop"}, "everybody": {}}[
        scope
    ]
    office.planning.assign(OLGA, Assignment("s1", date(2026, 1, 1), **whose), now=LATER)
    (sheet,) = office.timesheets.month(date(2026, 9, 1), now=LATER, people=[people.get(newcomer)])
    nights, earlier, later = sheet.days[:2], sheet.days[2:9], sheet.days[9:]
    assert [day.worked_s for day in nights] == [8 * HOUR, 8 * HOUR]
    assert [(day.overtime_s, day.undertime_s, day.late_s, day.gaps) for day in nights] == [(0, 0, 0, ())] * 2
    assert all(day.is_absent for day in later)
    # Of somebody who came to a department later nothing is asked before; a schedule of one's own is meant.
    assert [day.is_absent for day in earlier] == [scope == "person"] * 7
    assert sheet.target_s == 8 * HOUR * (30 if scope == "person" else 23)


def test_nothing_holds_before_the_first_day_of_an_assignment(
    office: Office, people: People, newcomer: str
) -> None:
    office.planning.set_schedule(OLGA, NIGHTS)
    office.planning.assign(OLGA, Assignment("s1", date(2026, 9, 2), person_id=newcomer), now=LATER)
    (sheet,) = office.timesheets.month(date(2026, 9, 1), now=LATER, people=[people.get(newcomer)])
    assert [day.plan.schedule is not None for day in sheet.days[:3]] == [False, True, True]
    assert [day.worked_s for day in sheet.days[:3]] == [8 * HOUR, 8 * HOUR, 0]
