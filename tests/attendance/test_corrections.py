"""Corrections, absences and closed months in the journal: nothing is edited, everything is named."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from faceaccess.attendance.office import Office
from faceaccess.codes import AbsenceKind, DayPart, Direction, JournalKind, Method, Outcome, Reason
from faceaccess.errors import AttendanceError, EnrolmentError, StoreError
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.people import People
from faceaccess.store.policy.schedules import Assignment
from tests.attendance.builders import LATER, OLGA, WEDNESDAY, make_entry, make_schedule

NINE = datetime(2026, 3, 4, 9, tzinfo=UTC)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def test_a_voided_entry_stays_with_who_and_why(office: Office, journal: Journal, ada: str) -> None:
    entry = journal.append(make_entry(ada, NINE), None)
    voided = office.corrections.void(OLGA, entry.seq, why="  It was\nBob. ")
    assert voided.voided_by is not None
    row = journal.rows.get(voided.voided_by)
    assert (row.kind, row.actor, row.details["entry"]) == (JournalKind.ENTRY_VOIDED, "olga", entry.seq)
    assert journal.rows.note(row.seq) == "It was Bob."
    assert "Bob" not in str(dict(row.details))
    with pytest.raises(StoreError, match="taken back already, by row"):
        office.corrections.void(OLGA, entry.seq, why="again")
    with pytest.raises(AttendanceError, match="needs a reason"):
        office.corrections.void(OLGA, entry.seq, why=" ")


def test_a_manual_entry_says_so_and_when_it_was_made(office: Office, journal: Journal, ada: str) -> None:
    event = office.corrections.add(
        OLGA, ada, at=NINE, direction=Direction.IN, why="Forgot.", now=NOW, door="Gate"
    )
    entry = journal.events.get(event.seq).entry
    assert (entry.at, entry.entered_at, entry.method) == (NINE, NOW, Method.MANUAL)
    assert (entry.outcome, entry.reason, entry.door) == (Outcome.ACCEPTED, Reason.ENTERED_BY_HAND, "Gate")
    assert journal.rows.get(event.seq).actor == "olga"
    assert journal.events.cameras() == []
    assert journal.verify().is_good


@pytest.mark.parametrize("why", ["", "x\0y", "x" * 2001])
def test_what_cannot_be_kept_is_refused(office: Office, journal: Journal, ada: str, why: str) -> None:
    before = journal.head()
    with pytest.raises((AttendanceError, EnrolmentError)):
        office.corrections.add(OLGA, ada, at=NINE, direction=Direction.IN, why=why, now=NOW)
    assert journal.head() == before


def test_nothing_is_entered_for_the_future_or_for_nobody(office: Office, journal: Journal, ada: str) -> None:
    before = journal.head()
    late = NOW + timedelta(seconds=1)
    with pytest.raises(AttendanceError, match="future"):
        office.corrections.add(OLGA, ada, at=late, direction=Direction.IN, why="x", now=NOW)
    with pytest.raises(EnrolmentError, match="no person"):
        office.corrections.add(OLGA, "f" * 32, at=NINE, direction=Direction.IN, why="x", now=NOW)
    with pytest.raises(AttendanceError, match="no entry 99"):
        office.corrections.add(OLGA, ada, at=NINE, direction=Direction.IN, why="x", now=NOW, evidence=99)
    assert journal.head() == before


def test_replacing_voids_and_enters_or_neither(office: Office, journal: Journal, ada: str) -> None:
    entry = journal.append(make_entry(ada, NINE, direction=Direction.IN), None)
    made = office.corrections.replace(
        OLGA, entry.seq, at=NINE - timedelta(hours=1), why="The clock was wrong.", now=NOW
    )
    assert (made.entry.corrects, made.entry.direction, made.entry.door) == (entry.seq, Direction.IN, "Gate")
    old = journal.events.get(entry.seq)
    assert journal.rows.get(old.voided_by).details["replaced_by"] == made.seq
    before = journal.head()
    with pytest.raises(StoreError):
        office.corrections.replace(OLGA, entry.seq, why="again", now=NOW)
    assert journal.head() == before


def test_a_correction_of_a_corrected_entry_names_what_stands_for_it(
    office: Office, journal: Journal, ada: str
) -> None:
    """It was only said that it can't be."""
    first = journal.append(make_entry(ada, NINE), None)
    second = office.corrections.replace(OLGA, first.seq, why="Once", now=NOW)
    with pytest.raises(
        StoreError, match=f"Entry {first.seq} was corrected: entry {second.seq} stands for it"
    ):
        office.corrections.replace(OLGA, first.seq, why="again", now=NOW)
    third = office.corrections.replace(OLGA, second.seq, why="Twice", now=NOW)
    with pytest.raises(StoreError, match=f"entry {third.seq} stands for it. Correct {third.seq}."):
        office.corrections.void(OLGA, first.seq, why="again")
    office.corrections.void(OLGA, third.seq, why="Never came")
    with pytest.raises(StoreError, match=f"entry {third.seq}, which stood for it, was taken back"):
        office.corrections.replace(OLGA, first.seq, why="again", now=NOW)
    with pytest.raises(AttendanceError, match="There is no entry 4711"):
        office.corrections.replace(OLGA, 4711, why="x", now=NOW)


def test_an_entry_of_nobody_needs_a_name(office: Office, journal: Journal, ada: str) -> None:
    stranger = journal.append(make_entry(None, NINE), None)
    with pytest.raises(AttendanceError, match="names nobody"):
        office.corrections.replace(OLGA, stranger.seq, why="x", now=NOW)
    made = office.corrections.replace(OLGA, stranger.seq, why="It was Ada.", now=NOW, person_id=ada)
    assert made.person_name == "Ada Byron"


def test_somebody_refused_is_entered_by_what_the_refusal_shows(
    office: Office, journal: Journal, ada: str
) -> None:
    refused = make_entry(None, NINE, outcome=Outcome.UNKNOWN, reason=Reason.NO_MATCH, direction=Direction.IN)
    seq = journal.append(refused, None).seq
    event = office.corrections.identify(OLGA, seq, ada, why="It is her", now=NOW)
    entry = event.entry
    assert (entry.person_id, entry.at, entry.door, entry.direction) == (ada, NINE, "Gate", Direction.IN)
    assert (entry.method, entry.evidence, entry.corrects) == (Method.MANUAL, seq, None)
    assert journal.rows.note(event.seq) == "It is her"
    assert journal.events.get(seq).voided_by is None, "what the door decided stays"
    with pytest.raises(AttendanceError, match=f"Entry {event.seq} says already whom entry {seq} shows"):
        office.corrections.identify(OLGA, seq, ada, why="again", now=NOW)
    office.corrections.void(OLGA, event.seq, why="It was her sister")
    assert office.corrections.identify(OLGA, seq, ada, why="It was her", now=NOW).seq > event.seq
    assert journal.verify().is_good


def test_whom_an_entry_shows_is_said_only_of_refusals_that_count(
    office: Office, journal: Journal, ada: str
) -> None:
    recorded = make_entry(None, NINE, outcome=Outcome.UNKNOWN, reason=Reason.NO_MATCH, is_recording=True)
    refused = make_entry(None, NINE, outcome=Outcome.UNKNOWN, reason=Reason.NO_MATCH)
    seqs = [journal.append(entry, None).seq for entry in (make_entry(ada, NINE), recorded, refused)]
    before = journal.head()
    for seq, message in zip(seqs, ("names somebody already", "doesn't count"), strict=False):
        with pytest.raises(AttendanceError, match=message):
            office.corrections.identify(OLGA, seq, ada, why="x", now=NOW)
    with pytest.raises(AttendanceError, match="There is no entry"):
        office.corrections.identify(OLGA, 999, ada, why="x", now=NOW)
    with pytest.raises(AttendanceError, match="needs a reason"):
        office.corrections.identify(OLGA, seqs[2], ada, why=" ", now=NOW)
    with pytest.raises(EnrolmentError):
        office.corrections.identify(OLGA, seqs[2], "f" * 32, why="x", now=NOW)
    assert journal.head() == before


def test_erasing_a_person_takes_the_notes_and_keeps_the_chain(
    office: Office, journal: Journal, people: People, ada: str
) -> None:
    bob = people.create(name="Bob").person_id
    entry = journal.append(make_entry(ada, NINE), None)
    made = office.corrections.replace(OLGA, entry.seq, why="It was Bob, not Ada.", now=NOW, person_id=bob)
    sick = office.planning.enter_absence(
        OLGA,
        ada,
        kind=AbsenceKind.SICK,
        first_day=WEDNESDAY,
        last_day=WEDNESDAY,
        now=LATER,
        why="Ada has the flu.",
    )
    other = office.corrections.add(OLGA, bob, at=NINE, direction=Direction.OUT, why="Bob forgot.", now=NOW)
    people.erasing.person(ada)
    assert journal.rows.note(made.seq) is journal.rows.note(sick.seq) is None
    assert journal.rows.note(other.seq) == "Bob forgot."
    assert journal.verify().is_good
    assert office.planning.absences(WEDNESDAY, WEDNESDAY) == []


def test_a_note_that_was_changed_is_found(
    office: Office, journal: Journal, database: Database, ada: str
) -> None:
    made = office.corrections.add(OLGA, ada, at=NINE, direction=Direction.IN, why="Forgot.", now=NOW)
    with database.transaction() as db:
        db.execute("UPDATE notes SET text = 'Lied.'")
    assert journal.verify().faults[0][0] == made.seq


def test_absences_are_entered_and_taken_back_without_names(
    office: Office, journal: Journal, ada: str
) -> None:
    entered = office.planning.enter_absence(
        OLGA, ada, kind=AbsenceKind.LEAVE, first_day=WEDNESDAY, last_day=date(2026, 3, 6), now=LATER
    )
    assert office.planning.absences(date(2026, 3, 6), date(2026, 3, 9), ada) == [entered]
    assert journal.rows.get(entered.seq).details == {
        "absence": "leave", "part": "whole", "first_day": "2026-03-04", "last_day": "2026-03-06",
    }  # fmt: skip
    with pytest.raises(AttendanceError, match="on 2026-03-06 already, 2026-03-04 to"):
        office.planning.enter_absence(
            OLGA, ada, kind=AbsenceKind.SICK, part=DayPart.MORNING,
            first_day=date(2026, 3, 6), last_day=date(2026, 3, 6), now=LATER,
        )  # fmt: skip
    office.planning.remove_absence(OLGA, entered.seq)
    (removed,) = office.planning.absences(WEDNESDAY, WEDNESDAY)
    assert journal.rows.get(removed.removed_by).kind is JournalKind.ABSENCE_REMOVED
    with pytest.raises(AttendanceError, match="no absence"):
        office.planning.remove_absence(OLGA, entered.seq)
    with pytest.raises(AttendanceError, match="lasts 1 to"):
        office.planning.enter_absence(
            OLGA, ada, kind=AbsenceKind.SICK, first_day=WEDNESDAY, last_day=date(2026, 3, 3), now=LATER
        )


def test_the_two_halves_of_a_day_may_differ(office: Office, ada: str) -> None:
    for kind, part in ((AbsenceKind.LEAVE, DayPart.MORNING), (AbsenceKind.REMOTE, DayPart.AFTERNOON)):
        office.planning.enter_absence(
            OLGA, ada, kind=kind, part=part, first_day=WEDNESDAY, last_day=WEDNESDAY, now=LATER
        )
    assert len(office.planning.absences(WEDNESDAY, WEDNESDAY)) == 2


def test_a_closed_month_shows_what_is_corrected_later(office: Office, journal: Journal, ada: str) -> None:
    for hour, way in ((9, Direction.IN), (17, Direction.OUT)):
        journal.append(make_entry(ada, NINE.replace(hour=hour), direction=way), None)
    with pytest.raises(AttendanceError, match="not over"):
        office.timesheets.close_month(OLGA, WEDNESDAY, now=NOW)
    april = datetime(2026, 4, 2, tzinfo=UTC)
    closed = office.timesheets.close_month(OLGA, WEDNESDAY, now=april)
    assert (closed.actor, dict(closed.worked_s)) == ("olga", {ada: 8 * 3600})
    with pytest.raises(AttendanceError, match="closed already"):
        office.timesheets.close_month(OLGA, WEDNESDAY, now=april)
    (sheet,) = office.timesheets.month(WEDNESDAY, now=april)
    assert (sheet.is_corrected_late, sheet.closed_worked_s) == (False, 8 * 3600)
    office.corrections.add(
        OLGA, ada, at=NINE.replace(hour=18), direction=Direction.OUT, why="Stayed longer.", now=april
    )
    (sheet,) = office.timesheets.month(WEDNESDAY, now=april)
    assert [day.plan.day for day in sheet.days if day.is_corrected_late] == [WEDNESDAY]
    assert (sheet.is_corrected_late, sheet.total_s("worked_s")) == (True, 9 * 3600)
    assert journal.verify().is_good


def test_a_month_closed_to_the_second_is_not_taken_for_changed(
    office: Office, journal: Journal, ada: str
) -> None:
    """Hours count from minutes since: a sum of seconds would differ where nobody changed anything."""
    for at, way in ((NINE.replace(second=50), Direction.IN), (NINE.replace(hour=17), Direction.OUT)):
        journal.append(make_entry(ada, at, direction=way), None)
    sums = {"month": "2026-03", "people": 1, "worked_s": 28_750}
    journal.record(OLGA, JournalKind.MONTH_CLOSED, details=sums, note=json.dumps({ada: 28_750}))
    april = datetime(2026, 4, 2, tzinfo=UTC)
    (sheet,) = office.timesheets.month(WEDNESDAY, now=april)
    assert (sheet.is_corrected_late, sheet.total_s("worked_s")) == (False, 8 * 3600)
    office.corrections.add(
        OLGA, ada, at=NINE.replace(hour=18), direction=Direction.OUT, why="Late.", now=april
    )
    assert office.timesheets.month(WEDNESDAY, now=april)[0].is_corrected_late


def test_an_absence_after_closing_shows_too(office: Office, ada: str) -> None:
    april = datetime(2026, 4, 2, tzinfo=UTC)
    office.timesheets.close_month(OLGA, WEDNESDAY, now=april)
    made = office.planning.enter_absence(
        OLGA, ada, kind=AbsenceKind.SICK, first_day=WEDNESDAY, last_day=WEDNESDAY, now=LATER
    )
    (sheet,) = office.timesheets.month(WEDNESDAY, now=april)
    assert sheet.days[3].is_corrected_late
    office.planning.remove_absence(OLGA, made.seq)
    (sheet,) = office.timesheets.month(WEDNESDAY, now=april)
    assert sheet.days[3].is_corrected_late


def test_schedules_are_set_assigned_and_removed(office: Office, journal: Journal, ada: str) -> None:
    planning, usual = office.planning, make_schedule(grace_in_minutes=7)
    planning.set_schedule(OLGA, usual)
    assert planning.schedules() == [usual]
    number = planning.assign(OLGA, Assignment("s1", date(2026, 1, 1), department=" Workshop "), now=LATER)
    (sheet,) = office.timesheets.month(WEDNESDAY, now=NOW)
    assert sheet.days[3].plan.schedule == usual
    assert sheet.days[3].is_absent
    assert [mark.is_absent for mark in sheet.days[:3]] == [False, True, True]
    with pytest.raises(AttendanceError, match="Choose another name"):
        planning.set_schedule(OLGA, make_schedule().__class__("s2", "USUAL"))
    with pytest.raises(AttendanceError, match="no such schedule"):
        planning.assign(OLGA, Assignment("none", WEDNESDAY), now=LATER)
    with pytest.raises(EnrolmentError):
        planning.assign(OLGA, Assignment("s1", WEDNESDAY, person_id="f" * 32), now=LATER)
    with pytest.raises(AttendanceError, match="before the first"):
        planning.assign(OLGA, Assignment("s1", WEDNESDAY, date(2026, 3, 3)), now=LATER)
    planning.unassign(OLGA, number)
    with pytest.raises(AttendanceError, match="no assignment"):
        planning.unassign(OLGA, number)
    planning.assign(OLGA, Assignment("s1", WEDNESDAY, person_id=ada), now=LATER)
    planning.remove_schedule(OLGA, "s1")
    assert (planning.schedules(), planning.assignments()) == ([], [])
    for row in journal.rows.newest((JournalKind.SCHEDULE_ASSIGNED, JournalKind.SCHEDULE_CHANGED)):
        assert "Workshop" not in str(row.details)
        assert "Usual" not in str(row.details)


def test_an_older_entry_is_read_without_the_newer_fields(journal: Journal, ada: str) -> None:
    from faceaccess.store.journal.rows import entry_from

    event = journal.append(make_entry(ada, NINE), None)
    with journal.database.reader() as db:
        canonical = db.execute("SELECT canonical FROM journal WHERE seq = ?", [event.seq]).fetchone()[0]
    for name in ("nearest_id", "corrects", "evidence", "entered_at"):
        canonical = canonical.replace(f'"{name}":null,', "")
    assert entry_from(canonical) == event.entry
