"""A trial day at the door: its entries are marked and count nowhere, its answers stand in the journal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from faceaccess.codes import JournalKind, Light, Outcome, Role
from faceaccess.door.assembly import Assembly
from faceaccess.door.checkin import CheckIn
from faceaccess.door.entries import EntryLog
from faceaccess.door.trial_day.day import passes_so_far
from faceaccess.door.trial_day.pass_list import read_list
from faceaccess.errors import FaceAccessError, PermissionDenied
from faceaccess.recognition.types import MatchPolicy
from faceaccess.settings import CameraSettings
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.types import EventFilter
from faceaccess.vision.types import LooseCrop
from faceaccess.workspace import Workspace
from tests.builders import GOOD, POLICY, make_decision, make_embedding


@pytest.fixture
def space(tmp_path):
    with Workspace.open(tmp_path / "data") as opened:
        yield opened


def back_lit_crop():
    image = np.full((200, 200, 3), 200, np.uint8)
    image[50:150, 50:150] = 60
    points = np.array([[75, 85], [125, 85], [100, 105], [80, 130], [120, 130]], np.float32)
    return LooseCrop(image, points)


def enter(space, outcome=Outcome.ACCEPTED, person=None, *, is_trial=True, told=None):
    told = [] if told is None else told
    log = EntryLog(
        space.journal,
        camera="Gate",
        door="Main",
        device="CPU",
        is_recording=False,
        is_trial=is_trial,
        notify=lambda *row: told.append(row),
        keep_unknown=lambda *row: told.append(row),
    )
    decision = replace(make_decision(outcome, person and person.person_id), runner_up_id=None)
    shown = CheckIn(decision, GOOD, back_lit_crop(), datetime.now(UTC), 1, 0.5, 7, waited_s=0.8)
    return log.append(replace(shown, embedding=make_embedding(1)))


def test_entries_of_a_trial_are_marked_and_count_nowhere(space):
    ann, told = space.people.create(name="Ann"), []
    for outcome, person in ((Outcome.ACCEPTED, ann), (Outcome.UNKNOWN, None)):
        entry = space.journal.events.get(enter(space, outcome, person, told=told).seq).entry
        assert (entry.is_trial, entry.is_recording, entry.is_of_file, entry.waited_s) == (
            True,
            True,
            False,
            0.8,
        )
    assert told == [], "nobody is told, and no stranger's face is kept"
    since = datetime.now(UTC) - timedelta(hours=1)
    assert space.journal.events.last_accepted(since) == []
    assert space.journal.verify().is_good
    usual = enter(space, Outcome.UNKNOWN, is_trial=False, told=told)
    assert not usual.entry.is_trial
    assert len(told) == 2


def test_a_door_opened_for_a_trial_marks_its_entries_and_has_no_cool_down(space, monkeypatch):
    opened = []

    def live(self, cameras, opener, *, counts=True):
        opened.append((self, usual(self, cameras, opener, counts=counts)))
        return opened[-1][1]

    usual = Assembly.live
    monkeypatch.setattr(Assembly, "live", live)
    monkeypatch.setattr("faceaccess.models.recognisers.load_detector", lambda *_: None)
    monkeypatch.setattr(type(space.models), "recogniser", property(lambda _: FakeRecogniser()))
    space.policies.set_cameras(space.access.actor, [CameraSettings("c0", "Gate", "0", "Main")])
    for is_trial in (True, False):
        space.doors.open(space.access.actor, is_trial=is_trial)
        assembly, session = opened[-1]
        (watch,) = session._watches.values()
        assert (session.counts, watch._log._is_trial, watch._log._is_recording) == (
            not is_trial,
            is_trial,
            is_trial,
        )
        assert (assembly.door.cool_down_s == 0.0) is is_trial
        assert (watch._desk is None) is is_trial
        session.stop()


class FakeRecogniser:
    device_title = "CPU"
    detector = embedder = gallery = None


def test_only_who_sets_the_policy_opens_a_door_for_a_trial(space):
    space.access.operators.close_folder(space.access.actor, "our admin", "violet kettle sandwich")
    admin = Actor("our admin", Role.ADMIN)
    space.access.operators.create(admin, "rita", Role.RECEPTIONIST, "violet kettle sandwich")
    with pytest.raises(PermissionDenied):
        space.doors.open(Actor("rita", Role.RECEPTIONIST), is_trial=True)
    with pytest.raises(PermissionDenied):
        space.doors.trials.begin(Actor("rita", Role.RECEPTIONIST), 3)
    refused = space.journal.rows.newest((JournalKind.ACTION_REFUSED,))
    assert [row.details["right"] for row in refused] == ["set_policy", "set_policy"]


def test_answers_stand_until_they_are_taken_back_or_the_trial_is_thrown_away(space):
    actor, trials = space.access.actor, space.doors.trials
    ann, bob = space.people.create(name="Ann"), space.people.create(name="Bob")
    assert trials.latest() is None
    before = enter(space, person=ann)
    day = trials.begin(actor, 3)
    assert (day.passes, day.is_under_way, day.said) == (3, True, ())
    first, second = enter(space, person=ann), enter(space, Outcome.UNKNOWN)
    enter(space, person=ann, is_trial=False)
    trials.answer(actor, bob.person_id, entry=first.seq)
    trials.answer(actor, ann.person_id, entry=first.seq)
    trials.answer(actor, None, entry=second.seq)
    trials.answer(actor, bob.person_id, entry=None, camera="Gate")
    trials.answer(actor, ann.person_id, entry=None)
    day = trials.latest()
    assert [(row.entry, row.person_id, row.camera) for row in day.said] == [
        (first.seq, ann.person_id, ""), (second.seq, None, ""), (None, bob.person_id, "Gate"),
        (None, ann.person_id, ""),
    ]  # fmt: skip
    trials.take_back(actor, day.said[2])
    trials.take_back(actor, day.said[1])
    day = trials.latest()
    assert [row.entry for row in day.said] == [first.seq, None]
    events = trials.events(day)
    assert [event.seq for event in events] == [first.seq, second.seq], (
        "neither the one before nor one that counts"
    )
    assert before.seq < day.seq
    counted = trials.entry(events[0], 0.0)
    assert (counted.light, counted.waited_s, counted.person_id) == (Light.BACK_LIT, 0.8, ann.person_id)
    report = trials.report(day, MatchPolicy("other", 9.0, 9.0))
    assert (report.count.total.right, report.count.total.missed, report.count.total.staff) == (1, 1, 2)
    assert (report.policy.threshold, report.policy.model_id) == (POLICY.threshold, POLICY.model_id)
    assert (report.cameras, report.passes, report.names) == (("Gate",), 3, {ann.person_id: "Ann"})
    trials.end(actor)
    assert not trials.latest().is_under_way
    assert [row.entry for row in trials.latest().said] == [first.seq, None]
    trials.begin(actor, 1)
    trials.end(actor, is_thrown_away=True)
    assert trials.latest() is None


def test_a_list_answers_what_has_come_and_again_later(space, tmp_path):
    actor, trials = space.access.actor, space.doors.trials
    ann, bob = space.people.create(name="Ann"), space.people.create(name="Bob")
    path = tmp_path / "list.csv"
    path.write_text("time,person\n9:30,Ann\n")
    with pytest.raises(FaceAccessError, match="No trial day is under way"):
        trials.tick(actor, path, lambda at: at, now=datetime.now(UTC))
    day = trials.begin(actor, 1)
    events = [enter(space, person=ann), enter(space, Outcome.UNKNOWN)]
    noon = datetime(2026, 3, 4, 12, tzinfo=UTC)

    def clock(at):
        return noon + (at - events[0].entry.at)

    path.write_text("time,person\n12:00,Ann\n11:57,Bob\n")
    now = events[0].entry.at + timedelta(minutes=2)
    assert trials.tick(actor, path, clock, now=now - timedelta(minutes=3)) == (0, 1)
    assert trials.tick(actor, path, clock, now=now) == (2, 1)
    assert trials.tick(actor, path, clock, now=now) == (2, 1), "again is no second pass"
    report = trials.report(trials.latest(), MatchPolicy("m", 1.0, 0.0))
    assert (report.count.total.right, report.count.total.missed) == (1, 1)
    assert day.seq == trials.latest().seq
    assert bob.person_id in report.names


def test_no_name_is_left_of_somebody_erased(space):
    actor, trials = space.access.actor, space.doors.trials
    ann = space.people.create(name="Ann Unforgettable")
    trials.begin(actor, 1)
    trials.answer(actor, ann.person_id, entry=None)
    assert trials.names([ann.person_id]) == {ann.person_id: "Ann Unforgettable"}
    space.reception.eraser.erase(actor, ann.person_id)
    assert trials.names([ann.person_id]) == {ann.person_id: ann.person_id[:8]}
    assert "Unforgettable" not in str(space.journal.rows.newest())


@pytest.mark.parametrize(
    ("text", "is_clock", "start_s"),
    [("12.5", False, 12.5), ("1:05", False, 65), ("1:02:03", False, 3723), ("90:00", False, 5400),
     ("9:30", True, 34200), ("9:30:15", True, 34215)],
)  # fmt: skip
def test_times_are_those_of_a_recording_or_of_a_clock(space, tmp_path, text, is_clock, start_s):
    space.people.create(name="Ann", staff_number="007")
    path = tmp_path / "list.csv"
    path.write_text(f"time,person\n{text},Ann\n")
    (row,) = read_list(path, space.people, is_clock=is_clock)
    assert (row.start_s, row.end_s) == (start_s, start_s + 60)


def test_a_list_names_people_strangers_and_cameras(space, tmp_path):
    ann = space.people.create(name="Ann Lee", staff_number="007")
    path = tmp_path / "list.csv"
    path.write_text("time,person,camera\n1,ann lee,Gate\n2,007,\n3,stranger,\n4,Stranger 2,\n5,,\n\n")
    rows = read_list(path, space.people)
    assert [(row.person_id, row.camera, row.stranger) for row in rows] == [
        (ann.person_id, "Gate", 0), (ann.person_id, "", 0), (None, "", 0), (None, "", 2), (None, "", 0),
    ]  # fmt: skip
    assert [row.end_s for row in rows] == [2, 3, 4, 5, 65]


def test_what_a_list_calls_its_strangers_becomes_numbers(space, tmp_path):
    """A row of the journal can't be erased: no name may stand in it."""
    space.people.create(name="Ann")
    path = tmp_path / "list.csv"
    path.write_text("time,person\n1,stranger Zoe\n2,stranger 1\n3,Stranger ZOE\n4,stranger the tall one\n")
    assert [row.stranger for row in read_list(path, space.people)] == [2, 1, 2, 3]


def test_who_is_to_come_can_be_chosen_and_changed(space):
    actor, trials = space.access.actor, space.doors.trials
    ann, bob = space.people.create(name="Ann"), space.people.create(name="Bob")
    assert trials.begin(actor, 3, [ann.person_id, ann.person_id]).expected == (ann.person_id,)
    trials.expect(actor, [bob.person_id, ann.person_id])
    trials.answer(actor, ann.person_id, entry=enter(space, person=ann).seq)
    day = trials.latest()
    assert day.expected == (bob.person_id, ann.person_id)
    assert [row.person_id for row in passes_so_far(day, trials.events(day))] == [ann.person_id]
    report = trials.report(day, MatchPolicy("m", 1.0, 0.0))
    assert (report.expected, report.absent) == (day.expected, (bob.person_id,))
    assert report.names == {ann.person_id: "Ann", bob.person_id: "Bob"}
    assert trials.begin(actor, 3).expected == (), "another day asks anew"


def test_strangers_are_told_apart_by_numbers(space):
    actor, trials = space.access.actor, space.doors.trials
    trials.begin(actor, 3)
    first, again = enter(space, Outcome.UNKNOWN), enter(space, Outcome.UNKNOWN)
    trials.answer(actor, None, entry=first.seq, stranger=2)
    trials.answer(actor, None, entry=again.seq, stranger=2)
    trials.answer(actor, None, entry=None, stranger=1)
    trials.answer(actor, None, entry=None)
    day = trials.latest()
    assert day.strangers == {1: None, 2: again.seq}
    count = trials.report(day, MatchPolicy("m", 1.0, 0.0)).count
    assert (count.strangers, count.total.strangers) == (2, 3), "a second look within 20 s is the same pass"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("when,who\n1,Ann\n", "has no columns time and person"),
        ("time,person\nsoon,Ann\n", "Line 2 of"),
        ("time,person\n1,Nobody Known\n", "is the name of 0 people"),
        ("time,person\n1,Ann\n", "is the name of 2 people"),
        ("", "has no columns"),
    ],
)
def test_a_list_that_is_none_is_refused(space, tmp_path, text, message):
    space.people.create(name="Ann")
    space.people.create(name="Ann")
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(FaceAccessError, match=message):
        read_list(path, space.people)
    path.write_text("time,person\n25:00,Ann\n")
    with pytest.raises(FaceAccessError, match="is no time"):
        read_list(path, space.people, is_clock=True)


def test_entries_of_an_older_program_are_no_trial(space):
    event = enter(space, Outcome.UNKNOWN, is_trial=False, told=[])
    assert space.journal.events.newest(EventFilter())[0].entry == event.entry
