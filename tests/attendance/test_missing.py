"""The missing-punch resolver: near misses, and an entry that names its evidence."""

from datetime import UTC, datetime, timedelta

import pytest

from faceaccess.attendance.office import Office
from faceaccess.attendance.stays import Gap
from faceaccess.codes import Direction, Outcome, Reason
from faceaccess.errors import AttendanceError
from faceaccess.store.journal.journal import Journal
from faceaccess.store.policy.schedules import Assignment
from tests.attendance.builders import LATER, OLGA, WEDNESDAY, make_entry, make_schedule

DAY = datetime(2026, 3, 4, tzinfo=UTC)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
BOB = "b" * 32


@pytest.fixture
def gap(office: Office, journal: Journal, ada: str) -> Gap:
    """Ada came in at nine and was never seen to leave."""
    office.planning.set_schedule(OLGA, make_schedule())
    office.planning.assign(OLGA, Assignment("s1", WEDNESDAY), now=LATER)
    journal.append(make_entry(ada, DAY + timedelta(hours=9), direction=Direction.IN), None)
    (sheet,) = office.timesheets.month(WEDNESDAY, now=NOW)
    (found,) = sheet.gaps
    return found


def refused(journal: Journal, hour: float, **changes: object) -> int:
    values = {"outcome": Outcome.UNKNOWN, "reason": Reason.NO_MATCH, **changes}
    return journal.append(
        make_entry(values.pop("person_id", None), DAY + timedelta(hours=hour), **values), b"c"
    ).seq


def test_near_misses_are_sorted_by_likeness(office: Office, journal: Journal, ada: str, gap: Gap) -> None:
    near = refused(journal, 17.6, nearest_id=ada, distance=0.13)
    nearer = refused(journal, 17.5, nearest_id=ada, distance=0.11)
    second = refused(journal, 17.4, nearest_id=BOB, distance=0.1, runner_up_id=ada, runner_up_distance=0.2)
    between = refused(journal, 17, outcome=Outcome.AMBIGUOUS, person_id=ada, distance=0.09)
    refused(journal, 17.5, nearest_id=BOB)
    refused(journal, 8, nearest_id=ada)
    refused(journal, 17.5, nearest_id=ada, is_recording=True)
    voided = refused(journal, 17.5, nearest_id=ada)
    journal.void(OLGA, voided)
    misses = office.missing.near_misses(gap)
    assert [miss.event.seq for miss in misses] == [between, nearer, near, second]
    assert [miss.distance for miss in misses] == [0.09, 0.11, 0.13, 0.2]
    assert misses[0].off_s == -1800
    assert journal.events.crop(misses[0].event.seq) == b"c"


def test_accepting_one_fills_the_gap_and_names_its_evidence(
    office: Office, journal: Journal, ada: str, gap: Gap
) -> None:
    seq = refused(journal, 17.5, nearest_id=ada)
    made = office.missing.accept(OLGA, gap, seq, why="Seen at the gate.", now=NOW)
    assert (made.entry.evidence, made.entry.direction, made.entry.at) == (
        seq,
        Direction.OUT,
        DAY + timedelta(hours=17.5),
    )
    (sheet,) = office.timesheets.month(WEDNESDAY, now=NOW)
    assert (sheet.gaps, sheet.total_s("worked_s")) == ((), 8 * 3600)
    assert office.missing.near_misses(gap) == []
    office.corrections.void(OLGA, made.seq, why="It was not.")
    assert [miss.event.seq for miss in office.missing.near_misses(gap)] == [seq]


def test_only_a_near_miss_is_evidence(office: Office, journal: Journal, gap: Gap) -> None:
    stranger = refused(journal, 17.5, nearest_id=BOB)
    with pytest.raises(AttendanceError, match="doesn't show this person"):
        office.missing.accept(OLGA, gap, stranger, why="x", now=NOW)
