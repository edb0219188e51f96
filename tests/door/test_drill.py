"""The attack drill: what is held up is counted by kind, and none of it counts, opens or tells anybody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from faceaccess.codes import AttackKind, JournalKind, LivenessMode, Method, Outcome, Role
from faceaccess.door.assembly import Assembly
from faceaccess.door.checkin import CheckIn
from faceaccess.door.entries import EntryLog
from faceaccess.door.liveness.drill import DrillRow, rows_of
from faceaccess.errors import CameraError, FaceAccessError, PermissionDenied
from faceaccess.settings import CameraSettings, LivenessSettings, Opening
from faceaccess.store.access.types import Actor
from faceaccess.vision.types import LooseCrop
from faceaccess.workspace import Workspace
from tests.builders import GOOD, make_decision, make_embedding

POINTS = np.array([[75, 85], [125, 85], [100, 105], [80, 130], [120, 130]], np.float32)
ADMIN, RITA = Actor("our admin", Role.ADMIN), Actor("rita", Role.RECEPTIONIST)
PASSWORD = "violet kettle sandwich"


@pytest.fixture
def space(tmp_path):
    with Workspace.open(tmp_path / "data") as opened:
        cameras = [CameraSettings(f"c{number}", f"Cam {number}", str(number), door) for number, door in
                   enumerate(("Main", "Yard", "main"))]  # fmt: skip
        opened.policies.set_cameras(opened.access.actor, cameras)
        yield opened


@pytest.fixture
def ann(space):
    return space.people.create(name="Ann")


def enter(space, outcome=Outcome.ACCEPTED, person=None, *, is_drill=True, told=None, at=None, **changes):
    """Let a camera of the door Main write an entry, as an open door does."""
    told = [] if told is None else told
    log = EntryLog(
        space.journal,
        camera=changes.pop("camera", "Cam 0"),
        door=changes.pop("door", "Main"),
        device="CPU",
        is_recording=changes.pop("is_recording", False),
        drill=space.doors.drills.kind_now if is_drill else None,
        notify=lambda *row: told.append(row),
        keep_unknown=lambda *row: told.append(row),
    )
    decision = replace(make_decision(outcome, person and person.person_id), runner_up_id=None)
    crop = LooseCrop(np.full((200, 200, 3), 90, np.uint8), POINTS)
    shown = CheckIn(decision, GOOD, crop, at or datetime.now(UTC), 1, 0.5, 7)
    return log.append(replace(shown, embedding=make_embedding(1), **changes))


def begin(space, person, kind=AttackKind.PRINT, door="Main"):
    space.doors.drills.begin(space.access.actor, door)
    return space.doors.drills.choose(space.access.actor, kind, person.person_id)


def test_a_drill_is_counted_by_kind_from_what_was_journalled(space, ann):
    actor, drills = space.access.actor, space.doors.drills
    assert drills.latest() is None
    assert drills.kind_now() is None
    enter(space, Outcome.ACCEPTED, ann, is_drill=False)
    drill = begin(space, ann)
    assert (drill.door, drill.kind, drill.person_id, drill.is_under_way) == (
        "Main",
        AttackKind.PRINT,
        ann.person_id,
        True,
    )
    for outcome, person in ((Outcome.ACCEPTED, ann), (Outcome.SUSPECTED, ann), (Outcome.UNKNOWN, None)):
        assert enter(space, outcome, person).entry.drill is AttackKind.PRINT
    drills.say_unnoticed(actor)
    drills.choose(actor, AttackKind.PHONE, ann.person_id)
    enter(space, Outcome.SUSPECTED, ann)
    enter(space, Outcome.ACCEPTED, ann, method=Method.PIN)
    enter(space, Outcome.ACCEPTED, ann, door="Yard")
    assert drills.latest().unnoticed == {AttackKind.PRINT: 1}
    drills.end(actor)
    drill = drills.latest()
    assert not drill.is_under_way
    report = drills.report(drill)
    assert report.rows == (
        DrillRow(AttackKind.PRINT, passed=1, suspected=1, others=2),
        DrillRow(AttackKind.PHONE, passed=0, suspected=1, others=0),
    ), "a PIN is no picture, and another door is another drill"
    assert report.worst.kind is AttackKind.PRINT
    assert report.rows[0].apcer.mean == 0.25
    assert 0.04 < report.rows[0].apcer.low < 0.06
    assert report.names == {ann.person_id: "Ann"}
    assert [event.entry.drill for event in drills.events(drill)][-1] is AttackKind.PRINT
    kinds = [row.kind for row in space.journal.rows.newest() if row.kind.value.startswith("drill_")]
    assert kinds[::-1] == [
        JournalKind.DRILL_BEGUN,
        JournalKind.DRILL_CHOSEN,
        JournalKind.DRILL_SAID,
        JournalKind.DRILL_CHOSEN,
        JournalKind.DRILL_ENDED,
    ]
    assert space.journal.verify().is_good


def test_what_the_door_did_when_the_drill_began_is_kept(space, ann):
    always = LivenessSettings(mode=LivenessMode.ALWAYS, limit=0.7)
    space.policies.set_door(space.access.actor, "Main", Opening(), always)
    drill = begin(space, ann)
    space.doors.drills.end(space.access.actor)
    assert not space.doors.drills.latest().has_changed
    drill = begin(space, ann)
    space.policies.set_door(space.access.actor, "Main", Opening(), LivenessSettings())
    space.doors.drills.end(space.access.actor)
    again = space.doors.drills.latest()
    assert again.has_changed
    assert (drill.mode, drill.limit) == (again.mode, again.limit) == (LivenessMode.ALWAYS, 0.7)


def test_a_recording_of_an_older_day_is_counted(space, ann):
    """Its entries are dated when it was recorded, before the drill began, and were left out."""
    drill = begin(space, ann)
    long_ago = datetime.now(UTC) - timedelta(days=400)
    enter(space, Outcome.SUSPECTED, ann, at=long_ago, camera="print.mp4", is_recording=True)
    assert space.doors.drills.rows(drill) == (DrillRow(AttackKind.PRINT, 0, 1, 0),)


def test_an_entry_that_is_written_while_the_drill_is_ended_is_still_of_the_drill(space, ann):
    begin(space, ann)
    space.doors.drills.end(space.access.actor)
    assert enter(space, Outcome.ACCEPTED, ann).entry.drill is AttackKind.PRINT


def test_another_drill_begins_with_nothing(space, ann):
    begin(space, ann)
    enter(space, Outcome.ACCEPTED, ann)
    space.doors.drills.say_unnoticed(space.access.actor)
    space.doors.drills.end(space.access.actor)
    drill = begin(space, ann, AttackKind.MASK)
    assert space.doors.drills.rows(drill) == ()
    enter(space, Outcome.UNKNOWN)
    report = space.doors.drills.report(drill)
    assert report.rows == (DrillRow(AttackKind.MASK, 0, 0, 1),)
    assert report.bpcer is None


def test_real_visits_tell_how_many_genuine_faces_are_suspected(space, ann):
    now = datetime.now(UTC)
    for days in (1, 2, 40):
        for outcome in (Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.SUSPECTED):
            enter(space, outcome, ann, is_drill=False, at=now - timedelta(days=days))
    enter(space, Outcome.UNKNOWN, is_drill=False, at=now - timedelta(days=1))
    enter(space, Outcome.ACCEPTED, ann, is_drill=False, at=now - timedelta(days=1), door="Yard")
    enter(space, Outcome.ACCEPTED, ann, is_drill=False, at=now - timedelta(days=1), is_recording=True)
    enter(space, Outcome.ACCEPTED, ann, is_drill=False, at=now - timedelta(days=1), method=Method.PIN)
    drill = begin(space, ann)
    enter(space, Outcome.SUSPECTED, ann)
    going_on = space.doors.drills.report(drill)
    space.doors.drills.end(space.access.actor)
    for report in (going_on, space.doors.drills.report(space.doors.drills.latest())):
        assert (report.genuine, report.genuine_suspected) == (6, 2), "thirty days"
        assert report.bpcer.mean == pytest.approx(1 / 3)


def test_entries_of_a_drill_count_nowhere_and_nobody_is_told(space, ann):
    begin(space, ann)
    told = []
    for outcome, person in ((Outcome.ACCEPTED, ann), (Outcome.UNKNOWN, None), (Outcome.SUSPECTED, ann)):
        entry = space.journal.events.get(enter(space, outcome, person, told=told).seq).entry
        assert (entry.drill, entry.is_recording, entry.is_trial, entry.is_of_file) == (
            AttackKind.PRINT,
            True,
            False,
            False,
        )
    assert told == [], "nobody is told, and no stranger's face is kept"
    assert space.journal.events.last_accepted(datetime.now(UTC) - timedelta(hours=1)) == []


class FakeRecogniser:
    device_title = "CPU"
    detector = embedder = gallery = None


@pytest.fixture
def opened(space, monkeypatch):
    """What `Doors.open` puts together for live cameras."""
    assemblies, usual = [], Assembly.live

    def live(self, cameras, opener, *, counts=True):
        assemblies.append((self, cameras, usual(self, cameras, opener, counts=counts)))
        return assemblies[-1][2]

    monkeypatch.setattr(Assembly, "live", live)
    monkeypatch.setattr(type(space.models), "recogniser", property(lambda _: FakeRecogniser()))
    return assemblies


def test_a_door_opened_for_a_drill_runs_on_its_cameras_and_orders_nothing(space, ann, opened):
    enter(space, Outcome.ACCEPTED, ann, is_drill=False)
    begin(space, ann)
    session = space.doors.open(space.access.actor, is_drill=True, door="MAIN")
    assembly, cameras, _ = opened[-1]
    assert [camera.name for camera in cameras] == ["Cam 0", "Cam 2"]
    assert not session.counts
    assert assembly.door.cool_down_s == 0.0
    for watch in session._watches.values():
        assert watch._log._is_recording
        assert watch._desk is None, "the desk is asked nothing"
        assert watch._access is None, "nobody's hours decide"
    session.stop()
    space.doors.open(space.access.actor).stop()
    assert len(opened[-1][1]) == 3
    with pytest.raises(CameraError, match="No camera looks at a door named Roof"):
        space.doors.open(space.access.actor, is_drill=True, door="Roof")


def test_only_who_sets_the_policy_does_a_drill(space, ann, opened):
    space.access.operators.close_folder(space.access.actor, "our admin", PASSWORD)
    space.access.operators.create(ADMIN, "rita", Role.RECEPTIONIST, PASSWORD)
    drills = space.doors.drills
    for refused in (
        lambda: drills.begin(RITA, "Main"),
        lambda: drills.choose(RITA, AttackKind.PRINT, ann.person_id),
        lambda: drills.say_unnoticed(RITA),
        lambda: drills.end(RITA),
        lambda: space.doors.open(RITA, is_drill=True, door="Main"),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    assert drills.latest() is None


def test_nothing_is_said_of_a_drill_that_is_not_there(space, ann):
    actor, drills = space.access.actor, space.doors.drills
    for ask in (lambda: drills.choose(actor, AttackKind.PRINT, ann.person_id),
                lambda: drills.say_unnoticed(actor), lambda: drills.end(actor)):  # fmt: skip
        with pytest.raises(FaceAccessError, match="No attack drill is under way"):
            ask()
    drills.begin(actor, "Main")
    with pytest.raises(FaceAccessError, match="Nothing is held up yet"):
        drills.say_unnoticed(actor)
    with pytest.raises(FaceAccessError):
        drills.choose(actor, AttackKind.PRINT, "nobody")


def test_the_worst_kind_is_the_one_that_passes_most_often_or_was_tried_least():
    rows = rows_of(
        [(AttackKind.PRINT, Outcome.SUSPECTED)] * 9
        + [(AttackKind.PHONE, Outcome.SUSPECTED)] * 3
        + [(None, Outcome.ACCEPTED)],
        {AttackKind.MASK: 1},
    )
    assert [(row.kind, row.presentations) for row in rows] == [
        (AttackKind.PRINT, 9),
        (AttackKind.PHONE, 3),
        (AttackKind.MASK, 1),
    ]
    assert [row.apcer.mean for row in rows] == [0.0, 0.0, 0.0]
    assert rows[0].apcer.high < rows[1].apcer.high < rows[2].apcer.high
