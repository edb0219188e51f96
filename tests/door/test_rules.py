"""Access rules: boundaries, nights, holidays, doors, the two days a year when the clock jumps."""

import time as clock_module
from datetime import UTC, date, datetime, time

import pytest

from faceaccess.codes import Outcome, Reason
from faceaccess.door.rules import AccessCheck, apply, denial
from faceaccess.errors import SettingsError
from faceaccess.people.directory import Directory
from faceaccess.settings import CameraSettings
from faceaccess.store.access.groups import GroupMembers
from faceaccess.store.access.types import AccessGroup, AccessRules, Actor, Window
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.other_ways import OtherWays
from faceaccess.store.people.people import People
from faceaccess.store.policy.policies import Policies
from tests.builders import make_decision, make_face, make_result

OPERATOR = Actor("olga")
WORKDAYS = frozenset(range(5))
DAY = Window(WORKDAYS, time(8), time(18))
NIGHT = Window(frozenset({4}), time(22), time(6))
STAFF = AccessGroup("s", "Staff", (DAY,))
MONDAY, FRIDAY, SATURDAY, SUNDAY = (date(2026, 3, day) for day in (2, 6, 7, 8))


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second), UTC)


def reason(*groups, when, door="Gate", holidays=()):
    return denial(groups, AccessRules(tuple(groups), frozenset(holidays)), door, when)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (at(MONDAY, 7, 59, 59), Reason.OUTSIDE_HOURS),
        (at(MONDAY, 8), None),
        (at(MONDAY, 17, 59, 59), None),
        (at(MONDAY, 18), Reason.OUTSIDE_HOURS),
        (at(SATURDAY, 12), Reason.OUTSIDE_HOURS),
    ],
)
def test_a_window_includes_its_start_and_not_its_end(when, expected):
    assert reason(STAFF, when=when) is expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (at(FRIDAY, 21, 59), Reason.OUTSIDE_HOURS),
        (at(FRIDAY, 22), None),
        (at(SATURDAY, 5, 59), None),
        (at(SATURDAY, 6), Reason.OUTSIDE_HOURS),
        (at(SATURDAY, 23), Reason.OUTSIDE_HOURS),
        (at(FRIDAY, 3), Reason.OUTSIDE_HOURS),
    ],
)
def test_a_night_belongs_to_the_day_it_starts_on(when, expected):
    assert reason(AccessGroup("n", "Night", (NIGHT,)), when=when) is expected


def test_a_window_that_ends_when_it_starts_is_a_whole_day():
    whole = AccessGroup("w", "Whole", (Window(frozenset({5}), time(6), time(6)),))
    assert reason(whole, when=at(SATURDAY, 6)) is None
    assert reason(whole, when=at(SUNDAY, 5, 59)) is None
    assert reason(whole, when=at(SUNDAY, 6)) is Reason.OUTSIDE_HOURS


def test_who_is_in_no_group_may_always_pass_and_who_is_in_several_when_any_may():
    assert reason(when=at(SUNDAY, 3)) is None
    weekend = AccessGroup("w", "Weekend", (Window(frozenset({5, 6}), time(0), time(0)),))
    assert reason(STAFF, weekend, when=at(SUNDAY, 3)) is None
    assert reason(STAFF, weekend, when=at(MONDAY, 9)) is None
    assert reason(STAFF, weekend, when=at(MONDAY, 3)) is Reason.OUTSIDE_HOURS


def test_holidays_count_by_the_day_a_window_starts_on():
    assert reason(STAFF, when=at(MONDAY, 9), holidays=[MONDAY]) is Reason.HOLIDAY
    night = AccessGroup("n", "Night", (NIGHT,))
    assert reason(night, when=at(SATURDAY, 3), holidays=[FRIDAY]) is Reason.HOLIDAY
    assert reason(night, when=at(SATURDAY, 3), holidays=[SATURDAY]) is None
    always = AccessGroup("a", "Always", (DAY,), on_holidays=True)
    assert reason(always, when=at(MONDAY, 9), holidays=[MONDAY]) is None
    assert reason(AccessGroup("b", "Any time"), when=at(MONDAY, 9), holidays=[MONDAY]) is Reason.HOLIDAY


def test_doors():
    lab = AccessGroup("l", "Lab", doors=("Laboratory",))
    assert reason(lab, when=at(MONDAY, 3), door="Laboratory") is None
    assert reason(lab, when=at(MONDAY, 3)) is Reason.WRONG_DOOR
    assert reason(lab, STAFF, when=at(MONDAY, 3)) is Reason.OUTSIDE_HOURS


def test_who_may_not_pass_is_denied_and_nobody_else_is_touched():
    faces = [make_face(make_decision(Outcome.ACCEPTED, who), i) for i, who in enumerate("ab")]
    faces.append(make_face(make_decision(Outcome.AMBIGUOUS, "a", Reason.RUNNER_UP_TOO_CLOSE), 3))
    result = apply(make_result(0, *faces), lambda who: Reason.HOLIDAY if who == "a" else None)
    decided = [(face.decision.outcome, face.decision.reason) for face in result.faces]
    assert decided == [
        (Outcome.DENIED, Reason.HOLIDAY),
        (Outcome.ACCEPTED, Reason.MATCH),
        (Outcome.AMBIGUOUS, Reason.RUNNER_UP_TOO_CLOSE),
    ]
    assert result.faces[0].decision.person_id == "a"


class Office:
    """A data folder with one person and groups."""

    def __init__(self, folder):
        self.database = Database.open(folder)
        self.journal = Journal(self.database)
        self.policies = Policies(self.database, self.journal)
        self.people = People(self.database)
        self.members = GroupMembers(self.database)
        self.check = AccessCheck(self.policies, self.members, OtherWays(self.database))
        self.directory = Directory(self.database, self.people, self.journal, self.check.refresh)
        self.ada = self.people.create(name="Ada").person_id


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def berlin(monkeypatch):
    if not hasattr(clock_module, "tzset"):
        pytest.skip("the zone can't be set here")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    clock_module.tzset()
    yield
    monkeypatch.undo()
    clock_module.tzset()


@pytest.mark.parametrize(
    ("utc", "is_open"),
    [
        (datetime(2026, 3, 27, 7, 0, tzinfo=UTC), True),  # 8:00 in winter
        (datetime(2026, 3, 27, 6, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 30, 6, 0, tzinfo=UTC), True),  # 8:00 in summer
        (datetime(2026, 3, 30, 5, 59, tzinfo=UTC), False),
    ],
)
def test_windows_follow_the_wall_clock_through_summer_time(office, berlin, utc, is_open):
    office.policies.set(OPERATOR, AccessRules((STAFF,)))
    office.directory.set_groups(OPERATOR, office.ada, ["s"])
    assert (office.check.reason_for(office.ada, "Gate", utc) is None) is is_open


def test_rules_and_groups_are_kept_and_journalled(office):
    office.policies.set_cameras(OPERATOR, [CameraSettings(door="Gate")])
    rules = AccessRules((STAFF, AccessGroup("n", "Night", (NIGHT,), ("Gate",), True)), frozenset({MONDAY}))
    office.policies.set(OPERATOR, rules)
    assert office.policies.read(AccessRules) == rules
    office.directory.set_groups(OPERATOR, office.ada, ["s", "n"])
    office.directory.set_groups(OPERATOR, office.ada, ["n", "s"])
    assert office.members.by_person() == {office.ada: ("n", "s")}
    kinds = [row.kind.value for row in office.journal.rows.newest()]
    assert kinds == ["groups_changed", "policy_changed", "policy_changed"]
    office.people.erasing.person(office.ada)
    assert office.members.by_person() == {}


def test_a_removed_group_lets_its_people_pass(office):
    office.policies.set(OPERATOR, AccessRules((STAFF,)))
    office.directory.set_groups(OPERATOR, office.ada, ["s"])
    office.policies.set(OPERATOR, AccessRules())
    office.check.refresh()
    assert office.check.reason_for(office.ada, "Gate", at(SUNDAY, 3)) is None


@pytest.mark.parametrize(
    "groups",
    [
        (STAFF, AccessGroup("x", "STAFF ")),
        (AccessGroup("x", "  "),),
        (AccessGroup("x", "G\x1b[31m\u202e"),),
        (AccessGroup("x", "X", (Window(frozenset(), time(8), time(9)),)),),
    ],
)
def test_rules_that_make_no_sense_are_refused(office, groups):
    with pytest.raises(SettingsError):
        office.policies.set(OPERATOR, AccessRules(groups))
    assert office.policies.read(AccessRules) == AccessRules()
