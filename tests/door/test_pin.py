"""PINs: whose they are, growing waits that survive a restart, entries like any other."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from faceaccess.codes import Direction, JournalKind, Method, Outcome, Passage, Reason
from faceaccess.door.checkin import CheckInPolicy
from faceaccess.door.entries import EntryLog
from faceaccess.door.live import LiveSession
from faceaccess.door.pin import ALL_TRIES, ALL_WITHIN, DOOR_TRIES, DOOR_WITHIN, PinAnswer, PinCheck
from faceaccess.door.watch import Callbacks, Watch
from faceaccess.errors import EnrolmentError, StoreError
from faceaccess.people.directory import Directory
from faceaccess.settings import CameraSettings, DoorSettings
from faceaccess.steady import steady_s
from faceaccess.store.access.failures import FREE_FAILURES, LONGEST_WAIT, WAITS_S
from faceaccess.store.access.pins import DeskPin, Pins, clean_pin
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.people.people import People
from faceaccess.store.policy.policies import Policies
from tests.builders import NOW
from tests.fakes import FakeCapture, coloured_frame
from tests.recognition.test_pipeline import pipeline
from tests.store.builders import make_entry

OPERATOR = Actor("olga")
PIN = "2583"


class Desk:
    """A data folder with one person who has a PIN."""

    def __init__(self, folder):
        self.database = Database.open(folder)
        self.journal, self.people = Journal(self.database), People(self.database)
        self.pins = Pins(self.database, uptime=lambda: None)
        self.check = PinCheck(self.pins, self.people, self.journal)
        self.directory = Directory(self.database, self.people, self.journal, lambda: None)

    def enrol(self):
        self.ada = self.people.create(name="Ada", staff_number="A-7").person_id
        self.directory.set_pin(OPERATOR, self.ada, PIN)
        return self

    def try_pin(self, pin=PIN, number="a-7", door="Gate", now=NOW):
        return self.check.check(number, pin, door=door, now=now)


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path).enrol()
    yield made
    made.database.close()


def test_staff_number_and_pin_say_who_it_is(desk):
    assert desk.try_pin() == PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, desk.ada)
    assert desk.try_pin(" 2583 ", " A-7 ").person_id == desk.ada


@pytest.mark.parametrize(
    ("number", "pin"), [("A-7", "2581"), ("B-1", PIN), ("", ""), ("A-7", ""), (PIN, "A-7")]
)
def test_anything_else_is_wrong_and_does_not_say_what(desk, number, pin):
    assert desk.try_pin(pin, number) == PinAnswer(Outcome.UNKNOWN, Reason.PIN_WRONG)


def test_who_is_deactivated_is_denied(desk):
    desk.directory.set_active(OPERATOR, desk.ada, False)
    assert desk.try_pin() == PinAnswer(Outcome.DENIED, Reason.INACTIVE, desk.ada)


@pytest.mark.parametrize("number", ["A-7", "nobody"])
def test_after_five_failures_each_one_waits_longer(desk, number):
    now = NOW
    for _ in range(FREE_FAILURES - 1):
        assert desk.try_pin("0000", number, now=now).reason is Reason.PIN_WRONG
    for wait_s in (*WAITS_S, WAITS_S[-1]):
        blocked = desk.try_pin("0000", number, now=now)
        assert blocked.blocked_until == now + timedelta(seconds=wait_s)
        assert blocked.is_entry
        during = desk.try_pin(PIN, number, now=now + timedelta(seconds=wait_s - 1))
        assert (during.outcome, during.reason, during.is_entry) == (
            Outcome.UNKNOWN,
            Reason.PIN_BLOCKED,
            False,
        )
        now = blocked.blocked_until


def test_the_right_pin_after_the_wait_begins_anew(desk):
    for _ in range(FREE_FAILURES):
        desk.try_pin("0000")
    later = NOW + timedelta(seconds=WAITS_S[0])
    assert desk.try_pin(now=later).outcome is Outcome.ACCEPTED
    assert desk.try_pin("0000", now=later).reason is Reason.PIN_WRONG


def test_a_wait_survives_a_restart_and_a_clock_that_is_set_back(tmp_path):
    desk = Desk(tmp_path).enrol()
    for _ in range(FREE_FAILURES):
        desk.try_pin("0000")
    desk.database.close()
    desk = Desk(tmp_path)
    for now in (NOW + timedelta(seconds=1), NOW - timedelta(days=1)):
        assert desk.try_pin(now=now).reason is Reason.PIN_BLOCKED
    desk.database.close()


def test_doors_and_people_wait_apart(desk):
    for _ in range(FREE_FAILURES):
        desk.try_pin("0000")
    assert desk.try_pin().reason is Reason.PIN_BLOCKED
    assert desk.try_pin(door="Yard").outcome is Outcome.ACCEPTED
    assert desk.try_pin("1", "B-2").reason is Reason.PIN_WRONG


def test_a_failure_that_cannot_be_counted_lets_nobody_pass(desk, monkeypatch):
    def fail(*_):
        raise StoreError("The disk is full.")

    monkeypatch.setattr(Pins, "failed", fail)
    with pytest.raises(StoreError):
        desk.try_pin("0000")


@pytest.mark.parametrize(
    "pin",
    [
        "",
        "123",
        "1" * 13,
        "12a4",
        "١٢٣٤",
        "0000",
        "1234",
        "9876",
        "4711 1",
        "7007",
        "07007",
        "1212",
        "6969",
        "1984",
        "2001",
        "2580",
        "1004",
        "112233",
        "123123",
        "123321",
        "159753",
        "2468",
    ],
)
def test_a_pin_that_would_be_guessed_first_is_refused(pin):
    with pytest.raises(EnrolmentError):
        clean_pin(pin, staff_number="7007")


def test_a_pin_is_set_changed_and_removed_and_never_journalled(desk):
    assert desk.people.get(desk.ada).has_pin
    desk.directory.set_pin(OPERATOR, desk.ada, "8024")
    assert desk.try_pin().outcome is Outcome.UNKNOWN
    assert desk.try_pin("8024").outcome is Outcome.ACCEPTED
    assert not desk.directory.remove_pin(OPERATOR, desk.ada).has_pin
    desk.directory.remove_pin(OPERATOR, desk.ada)
    assert desk.try_pin("8024").outcome is Outcome.UNKNOWN
    rows = desk.journal.rows.newest()
    assert [row.kind for row in rows] == [JournalKind.PIN_REMOVED, JournalKind.PIN_SET, JournalKind.PIN_SET]
    assert "8024" not in str(rows)
    with desk.database.reader() as db:
        assert "8024" not in str(list(db.query("SELECT * FROM pins")))


def test_without_a_staff_number_there_is_no_pin(desk):
    nobody = desk.people.create(name="Bob")
    with pytest.raises(EnrolmentError, match="no staff number"):
        desk.directory.set_pin(OPERATOR, nobody.person_id, PIN)


def test_a_deleted_person_leaves_no_pin(desk):
    desk.people.erasing.person(desk.ada)
    with desk.database.reader() as db:
        assert list(db.query("SELECT * FROM pins")) == []


class Gate:
    """A running door at which PINs are given."""

    def __init__(self, desk, passage=Passage.BOTH, access=None):
        self.events = []
        callbacks = Callbacks(on_event=self.events.append)
        camera = CameraSettings(name="Gate", door="Gate", passage=passage)
        log = EntryLog(desk.journal, camera="Gate", door="Gate", device="CPU", is_recording=False)
        watch = Watch(
            camera,
            pipeline=pipeline(90, track_ids=itertools.count(1)),
            checkin=CheckInPolicy(DoorSettings()),
            log=log,
            callbacks=callbacks,
            access=access,
        )
        self.session = LiveSession([(watch, FakeCapture)], callbacks)
        self.session.start()

    def enter(self, answer):
        return self.session.enter("main", answer, datetime.now(UTC))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session.stop()


def test_an_entry_by_pin_is_an_entry_like_any_other(desk):
    accepted = PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, desk.ada)
    with Gate(desk, Passage.IN) as gate:
        event = gate.enter(accepted)
        assert gate.enter(accepted) is None
        wrong = gate.enter(PinAnswer(Outcome.UNKNOWN, Reason.PIN_WRONG))
    assert (event.person_name, event.entry.method, event.entry.direction) == ("Ada", Method.PIN, Direction.IN)
    assert (event.entry.distance, event.entry.model_id, event.has_crop) == (None, "", False)
    assert (wrong.entry.person_id, wrong.entry.reason) == (None, Reason.PIN_WRONG)
    assert [e.seq for e in desk.journal.events.newest(EventFilter())] == [wrong.seq, event.seq]
    assert gate.events == [event, wrong]


def test_a_clock_that_is_set_back_lets_nobody_enter_twice(desk):
    """Faces went by a clock that never goes back, PINs by the computer's: a cool-down ended at once."""
    accepted = PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, desk.ada)
    with Gate(desk) as gate:
        assert gate.enter(accepted) is not None
        hour_back = datetime.now(UTC) - timedelta(hours=1)
        assert gate.session.enter("main", accepted, hour_back) is None
        watch = gate.session._watches["main"]
        frames = [replace(coloured_frame(90, i, steady_s() + i), captured_at=hour_back) for i in range(3)]
        for frame in frames:
            gate.session._on_inference_thread(lambda frame=frame: watch.judge(frame))
        assert gate.session.enter("main", accepted, hour_back) is None


def test_by_turns_a_pin_goes_out_again(desk):
    accepted = PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, desk.ada)
    policy = CheckInPolicy(DoorSettings(cool_down_s=0))
    with Gate(desk, Passage.BY_TURNS) as gate:
        gate.session._watches["main"]._checkin = policy
        ways = [gate.enter(accepted).entry.direction for _ in range(2)]
    assert ways == [Direction.IN, Direction.OUT]


class Closed:
    """Lets nobody pass."""

    def reason_for(self, *_):
        return Reason.OUTSIDE_HOURS


@pytest.mark.parametrize(
    ("passage", "outcome"), [(Passage.IN, Outcome.DENIED), (Passage.OUT, Outcome.ACCEPTED)]
)
def test_rules_hold_for_pins_too_and_never_for_leaving(desk, passage, outcome):
    with Gate(desk, passage, Closed()) as gate:
        event = gate.enter(PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, desk.ada))
    assert event.entry.outcome is outcome


def test_an_entry_by_pin_that_cannot_be_written_is_said_and_can_be_tried_again(desk, monkeypatch):
    accepted = PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, desk.ada)

    def fail(*_, **__):
        raise StoreError("The disk is full.")

    with Gate(desk) as gate:
        with monkeypatch.context() as patch:
            patch.setattr(Journal, "append", fail)
            with pytest.raises(StoreError, match="full"):
                gate.enter(accepted)
        assert gate.enter(accepted) is not None
    assert len(gate.events) == 1


def test_the_desks_pin_ends_the_kiosk_and_guessing_it_waits(desk):
    desk_pin = DeskPin(Policies(desk.database, desk.journal), desk.pins)
    assert desk_pin.check("anything", NOW)
    with pytest.raises(EnrolmentError):
        desk_pin.set(OPERATOR, "1111")
    desk_pin.set(OPERATOR, "4827")
    assert desk_pin.is_set
    assert desk_pin.check("4827", NOW)
    for _ in range(FREE_FAILURES):
        assert not desk_pin.check("0000", NOW)
    assert not desk_pin.check("4827", NOW)
    assert desk_pin.check("4827", NOW + timedelta(seconds=WAITS_S[0]))
    assert "argon2" not in str(desk.journal.rows.newest())


def test_a_door_that_did_not_open_lets_its_person_try_again(desk):
    """“Ask them to try again”, it said, and for a minute their face and PIN did nothing."""
    accepted = PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, desk.ada)
    with Gate(desk) as gate:
        assert gate.enter(accepted) is not None
        gate.session.forget(desk.ada, "Yard")
        assert gate.enter(accepted) is None
        gate.session.forget(desk.ada, "Gate")
        assert gate.enter(accepted) is not None


def fail_at(desk, number, now, door="Gate"):
    """Try a wrong PIN as the door does: what is an entry is journalled."""
    answer = desk.try_pin("4711", number, door=door, now=now)
    if answer.is_entry:
        shown = replace(
            make_entry(None, outcome=answer.outcome, reason=answer.reason),
            method=Method.PIN,
            door=door,
            at=now,
        )
        desk.journal.append(shown, None)
    return answer


def test_many_people_tried_at_a_door_close_its_pins_for_a_while(desk):
    """One PIN tried of each of 40 people: only each person's own failures were counted."""
    for number in range(DOOR_TRIES):
        assert fail_at(desk, f"n{number}", NOW + timedelta(seconds=number)).reason is Reason.PIN_WRONG
    during = desk.try_pin(now=NOW + timedelta(minutes=5))
    assert (during.reason, during.is_entry) == (Reason.PIN_BLOCKED, False)
    assert during.blocked_until == NOW + DOOR_WITHIN
    assert desk.try_pin(door="Yard", now=NOW + timedelta(minutes=5)).outcome is Outcome.ACCEPTED
    assert desk.try_pin(now=NOW + DOOR_WITHIN).outcome is Outcome.ACCEPTED


@pytest.mark.slow
def test_many_people_tried_at_many_doors_close_the_pins_of_all(desk):
    for number in range(ALL_TRIES):
        at = NOW + timedelta(seconds=number)
        assert fail_at(desk, f"n{number}", at, door=f"Door {number % 5}").reason is Reason.PIN_WRONG
    assert desk.try_pin(door="Elsewhere", now=NOW + timedelta(minutes=59)).reason is Reason.PIN_BLOCKED
    assert desk.try_pin(door="Elsewhere", now=NOW + ALL_WITHIN).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("years", [1, 30])
def test_a_clock_that_was_wrong_once_blocks_nobody_for_longer_than_an_hour(desk, years):
    """A failure of the year 2056 made everybody wait until then."""
    wrong = NOW + timedelta(days=365 * years)
    for _ in range(FREE_FAILURES + len(WAITS_S)):
        desk.pins.failed("A-7", "Gate", wrong)
        fail_at(desk, "x", wrong)
    waits = desk.try_pin(now=NOW)
    assert waits.blocked_until == NOW + LONGEST_WAIT
    assert desk.try_pin(now=NOW + LONGEST_WAIT).outcome is Outcome.ACCEPTED
    assert desk.try_pin(door="Yard", now=NOW).outcome is Outcome.ACCEPTED
