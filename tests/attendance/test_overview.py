"""Overview: who is in, late or missing; counts by local day and hour, through clock changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from faceaccess.attendance.office import Office
from faceaccess.attendance.overview import MOST_DAYS, in_company_days
from faceaccess.attendance.zones import Zones
from faceaccess.codes import Direction, JournalKind, Outcome, Reason, Right
from faceaccess.gui.printing import write_pdf
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.people.people import People
from faceaccess.store.policy.attendance_policy import AttendancePolicy
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.schedules import Assignment
from faceaccess.store.policy.types import StoredMatch
from tests.attendance.builders import BERLIN, LATER, OLGA, WEDNESDAY, make_entry, make_schedule

MIDNIGHT = datetime(2026, 3, 4, tzinfo=UTC)
TODAY = EventFilter(since=MIDNIGHT)
NOON = MIDNIGHT + timedelta(hours=12)


@pytest.fixture
def staff(office: Office, people: People, database) -> dict[str, str]:
    """Three people of two departments, who are due at nine."""
    ids = {
        name: people.create(name=name, department=department).person_id
        for name, department in (("Ada", "Workshop"), ("Bea", "Workshop"), ("Cem", "Office"))
    }
    with database.transaction() as db:
        db.execute("UPDATE people SET created_at = '2020-01-01T00:00:00.000000+00:00'")
    office.planning.set_schedule(OLGA, make_schedule())
    office.planning.assign(OLGA, Assignment("s1", date(2020, 1, 1)), now=LATER)
    return ids


def names(table) -> list[str]:
    return [row[table.columns.index("name")] for row in table.rows]


def test_who_is_in_late_and_missing(office, journal: Journal, staff) -> None:
    journal.append(make_entry(staff["Ada"], MIDNIGHT + timedelta(hours=8, minutes=50)), None)
    journal.append(make_entry(staff["Bea"], MIDNIGHT + timedelta(hours=10)), None)
    found = office.overview.read(TODAY, now=NOON)
    assert names(found.present) == ["Ada", "Bea"]
    assert names(found.first_ins) == ["Bea", "Ada"], "latest first"
    assert names(found.late) == ["Bea"]
    assert found.late.rows[0][-1] == timedelta(hours=1)
    assert names(found.absent) == ["Cem"]
    assert found.absent.people == (staff["Cem"],)
    assert (found.first_day, found.last_day) == (WEDNESDAY, WEDNESDAY)
    left = make_entry(staff["Ada"], MIDNIGHT + timedelta(hours=11), direction=Direction.OUT)
    journal.append(left, None)
    assert names(office.overview.read(TODAY, now=NOON).present) == ["Bea"]


def test_nobody_is_missing_before_it_is_time(office, staff) -> None:
    assert office.overview.read(TODAY, now=MIDNIGHT + timedelta(hours=8)).absent.rows == ()
    assert len(office.overview.read(TODAY, now=MIDNIGHT + timedelta(hours=10)).absent.rows) == 3
    sunday = MIDNIGHT + timedelta(days=4, hours=12)
    assert office.overview.read(replace(TODAY, since=sunday), now=sunday).absent.rows == ()


def test_department_camera_and_door_filter_the_lists(office, journal: Journal, staff) -> None:
    journal.append(make_entry(staff["Ada"], MIDNIGHT + timedelta(hours=10), camera="Yard"), None)
    journal.append(make_entry(staff["Bea"], MIDNIGHT + timedelta(hours=10), door="Side"), None)
    read = office.overview.read
    office_only = read(replace(TODAY, department="Office"), now=NOON)
    assert (names(office_only.absent), names(office_only.present), names(office_only.late)) == (
        ["Cem"],
        [],
        [],
    )
    yard = read(replace(TODAY, camera="Yard"), now=NOON)
    assert (names(yard.first_ins), names(yard.late)) == (["Ada"], ["Ada"])
    assert names(yard.present) == ["Ada", "Bea"], "who is in is never cut short by a camera"
    side = read(replace(TODAY, door="Side"), now=NOON)
    assert (names(side.first_ins), side.count(Outcome.ACCEPTED)) == (["Bea"], 1)


def test_voided_entries_and_recordings_do_not_count(office, journal: Journal, staff) -> None:
    event = journal.append(make_entry(staff["Ada"], NOON), None)
    journal.void(OLGA, event.seq)
    journal.append(make_entry(None, NOON, is_recording=True), None)
    found = office.overview.read(TODAY, now=NOON + timedelta(hours=1))
    assert found.count(*Outcome) == 0
    assert (names(found.first_ins), found.reasons) == ([], {})


def test_who_was_named_afterwards_is_no_unknown_visitor(office, journal: Journal, staff) -> None:
    """Whoever was entered by *This is…* stayed among the day's unknown, beside their own entry."""
    refused = journal.append(make_entry(None, NOON, distance=0.4, model_id="m", threshold=0.3), None)
    journal.append(make_entry(None, NOON, distance=0.4, model_id="m", threshold=0.3), None)
    now = NOON + timedelta(hours=1)
    why = "It is her"
    naming = office.corrections.identify(OLGA, refused.seq, staff["Ada"], why=why, now=now)
    found = office.overview.read(TODAY, now=now)
    assert (found.count(Outcome.UNKNOWN), found.count(Outcome.ACCEPTED)) == (1, 1)
    assert sum(found.reasons.values()) == sum(found.distances.refused) == 1
    way = office.corrections.replace(OLGA, naming.seq, direction=Direction.OUT, why=why, now=now)
    assert office.overview.read(TODAY, now=now).count(Outcome.UNKNOWN) == 1, "nor after another correction"
    assert office.corrections.naming(refused).seq == way.seq
    office.corrections.void(OLGA, way.seq, why="It was not")
    assert office.overview.read(TODAY, now=now).count(Outcome.UNKNOWN) == 2, "unknown again"


def test_reasons_come_most_frequent_first(office, journal: Journal) -> None:
    for reason, count in ((Reason.TOO_DARK, 1), (Reason.NO_MATCH, 3)):
        for number in range(count):
            at = NOON + timedelta(minutes=number)
            outcome = Outcome.UNKNOWN if reason is Reason.NO_MATCH else Outcome.LOW_QUALITY
            journal.append(make_entry(None, at, outcome=outcome, reason=reason), None)
    found = office.overview.read(TODAY, now=NOON + timedelta(hours=1))
    assert list(found.reasons.items()) == [(Reason.NO_MATCH, 3), (Reason.TOO_DARK, 1)]
    assert (found.count(Outcome.UNKNOWN), found.by_hour[Outcome.UNKNOWN][12]) == (3, 3)


@pytest.mark.parametrize(
    ("day", "hours", "twice"), [(date(2026, 3, 29), 23, None), (date(2026, 10, 25), 25, 2)]
)
def test_a_day_on_which_clocks_change(
    office, journal: Journal, policies: Policies, day, hours, twice
) -> None:
    """One entry every half hour of the day: 46 or 50 of them, and two o'clock is left out or comes twice."""
    policies.set(OLGA, AttendancePolicy(zones=((date(2000, 1, 1), "Europe/Berlin"),)))
    start = Zones(BERLIN).moment(day, datetime.min.time())
    half = timedelta(minutes=30)
    for number in range(-1, 2 * hours + 1):
        journal.append(make_entry(None, start + number * half), None)
    wanted = EventFilter(since=start, until=start + 2 * hours * half)
    found = office.overview.read(wanted, now=start + timedelta(days=3))
    assert found.days == (day,)
    assert found.by_day[Outcome.UNKNOWN] == (2 * hours,)
    by_hour = found.by_hour[Outcome.UNKNOWN]
    assert by_hour[2] == (0 if twice is None else 4)
    assert set(by_hour[:2] + by_hour[3:]) == {2}
    whole = office.overview.read(EventFilter(), now=start + timedelta(days=1))
    assert dict(zip(whole.days, whole.by_day[Outcome.UNKNOWN], strict=True)) == {
        day - timedelta(days=1): 1, day: 2 * hours, day + timedelta(days=1): 1
    }  # fmt: skip


def test_a_zone_of_quarter_hours(office, journal: Journal, policies: Policies) -> None:
    policies.set(OLGA, AttendancePolicy(zones=((date(2000, 1, 1), "Asia/Kathmandu"),)))
    journal.append(make_entry(None, datetime(2026, 3, 4, 18, 14, 59, tzinfo=UTC)), None)
    journal.append(make_entry(None, datetime(2026, 3, 4, 18, 15, tzinfo=UTC)), None)
    found = office.overview.read(EventFilter(), now=datetime(2026, 3, 4, 19, tzinfo=UTC))
    assert found.days == (WEDNESDAY, WEDNESDAY + timedelta(days=1))
    assert found.by_day[Outcome.UNKNOWN] == (1, 1)
    assert (found.by_hour[Outcome.UNKNOWN][23], found.by_hour[Outcome.UNKNOWN][0]) == (1, 1)


def test_distances_are_of_one_model_with_the_threshold_between_two_steps(office, journal: Journal) -> None:
    for distance, model_id in ((0.05, "m"), (0.11, "m"), (3.9, "m"), (0.05, "other")):
        journal.append(
            make_entry("a" * 32 if distance < 0.1 else None, NOON, distance=distance, model_id=model_id), None
        )
    found = office.overview.read(TODAY, now=NOON, match=StoredMatch("m", 0.1, 0.02)).distances
    assert (found.threshold, found.width) == (0.1, pytest.approx(0.01))
    assert (sum(found.accepted), sum(found.refused)) == (1, 2)
    assert (found.accepted[5], found.refused[11], found.refused[-1]) == (1, 1, 1)
    newest = office.overview.read(TODAY, now=NOON).distances
    assert (newest.threshold, sum(newest.accepted)) == (0.106, 1), "the newest entry's model and threshold"


def test_a_long_time_lists_people_of_its_last_days(office, journal: Journal, staff) -> None:
    found = office.overview.read(EventFilter(), now=NOON)
    assert found.last_day - found.first_day == timedelta(days=MOST_DAYS - 1)
    assert found.last_day == WEDNESDAY
    past = EventFilter(since=MIDNIGHT - timedelta(days=9), until=MIDNIGHT - timedelta(days=7))
    week = office.overview.read(past, now=NOON)
    assert (week.last_day - week.first_day, len(week.days)) == (timedelta(days=1), 2)


def test_an_empty_folder_has_one_day_of_nothing(office) -> None:
    found = office.overview.read(EventFilter(), now=NOON)
    assert (found.days, found.by_day[Outcome.ACCEPTED]) == ((WEDNESDAY,), (0,))
    assert found.distances.threshold is None


def test_days_of_this_computer_become_those_of_the_company() -> None:
    here = datetime(2026, 3, 4).astimezone()
    moved = in_company_days(EventFilter(since=here), Zones(BERLIN))
    assert moved.since == datetime(2026, 3, 4, tzinfo=BERLIN)
    assert moved.until is None


def test_who_may_read_takes_the_roll_and_that_is_journalled(
    office, journal: Journal, staff, tmp_path
) -> None:
    journal.append(make_entry(staff["Ada"], MIDNIGHT + timedelta(hours=9)), None)
    journal.append(make_entry(staff["Cem"], MIDNIGHT + timedelta(hours=9)), None)
    office.exports.pdf_writer = write_pdf
    path = tmp_path / "present.pdf"
    table, head = office.exports.take_roll(OLGA, now=NOON, path=path)
    assert names(table) == ["Ada", "Cem"]
    assert path.read_bytes().startswith(b"%PDF")
    assert path.stat().st_size > 5000
    (row,) = journal.rows.newest((JournalKind.EXPORTED,))
    assert (row.actor, row.details["report"], row.details["format"]) == ("olga", "present", "pdf")
    assert head[0] == row.seq - 1
    table, _ = office.exports.take_roll(OLGA, now=NOON, department="Office")
    assert names(table) == ["Cem"]
    assert office.exports.take_roll.needed_right is Right.READ
