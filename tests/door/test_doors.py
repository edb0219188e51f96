"""The doors of a real data folder, without models: what works while nothing is open, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from faceaccess.codes import JournalKind, Outcome, Reason
from faceaccess.door.checkin import CheckIn
from faceaccess.door.pin import PinAnswer
from faceaccess.door.watch import Callbacks
from faceaccess.errors import CameraError, StoreError
from faceaccess.settings import CameraSettings, Notification
from faceaccess.store.access.types import AccessGroup, Actor
from faceaccess.workspace import Workspace
from tests.builders import GOOD, NOW, make_decision
from tests.door.test_live import TwoCameras
from tests.store.builders import make_entry

OPERATOR = Actor("olga")


@pytest.fixture
def space(tmp_path):
    with Workspace.open(tmp_path) as opened:
        yield opened


def test_a_closed_door_takes_neither_pins_nor_answers(space):
    for call in (
        lambda: space.doors.enter_pin("main", "7", "2583"),
        lambda: space.doors.answer_question(OPERATOR, 1, None),
    ):
        with pytest.raises(CameraError, match="closed"):
            call()


def test_a_camera_that_is_gone_takes_no_pin_and_says_so(space):
    """It ended in a fault of the program."""
    cameras = TwoCameras(["Gate", "Yard"])
    space.doors._session = cameras.session
    with pytest.raises(CameraError, match="no longer in service"):
        space.doors.enter_pin("gone", "7", "2583")
    cameras.stop()


def test_who_stood_before_a_door_that_did_not_open_may_enter_again(space):
    cameras, told = TwoCameras(["Gate", "Yard"]), []
    space.doors._session = cameras.session
    cameras.show("c0")
    entry = replace(make_entry(cameras.events[0].decision.person_id), door="Gate")
    space.doors._on_opening_failed(Callbacks(on_not_opened=told.append), space.journal.append(entry, None))
    assert len(told) == 1
    # Whoever still stands there is not entered again by that, but by coming back.
    cameras.show("c0")
    assert len(cameras.events) == 1
    cameras.session.enter("c0", PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, entry.person_id), entry.at)
    assert len(cameras.events) == 2
    cameras.stop()


def test_not_me_is_a_correction_that_refusals_are_told_with(space):
    channel = Notification(
        channel_id="a", name="A", address="http://127.0.0.1:9/", secret="s" * 16, wish="refused"
    )
    space.doors.notifications.put(OPERATOR, channel)
    person = space.people.create(name="Ada")
    event = space.journal.append(make_entry(person.person_id), None)
    assert space.people.get(person.person_id).last_seen == event.entry.at
    space.doors.void_entry(OPERATOR, event)
    assert space.people.get(person.person_id).last_seen is None
    assert space.journal.events.get(event.seq).voided_by is not None
    assert space.journal.rows.newest()[0].kind is JournalKind.ENTRY_VOIDED
    assert space.doors.notifications.waiting() == {"a": 1}
    with pytest.raises(StoreError):
        space.doors.void_entry(OPERATOR, event)
    assert space.doors.notifications.waiting() == {"a": 1}


def test_rules_hold_from_the_moment_they_are_set(space):
    person = space.people.create(name="Ada")
    space.policies.set_cameras(OPERATOR, [CameraSettings(door="Laboratory")])
    group = AccessGroup("g", "Lab", doors=("Laboratory",))
    space.doors.groups.put(OPERATOR, group)
    at = make_entry(None).at
    assert space.doors.access.reason_for(person.person_id, "Gate", at) is None
    space.reception.directory.set_groups(OPERATOR, person.person_id, ["g"])
    assert space.doors.access.reason_for(person.person_id, "Gate", at) is not None
    assert space.doors.access.reason_for(person.person_id, "laboratory", at) is None
    assert space.doors.groups.set_free_by(group_id="g") == (person.person_id,)
    assert space.doors.groups.set_free_by(person_id=person.person_id) == (person.person_id,)
    assert space.doors.groups.set_free_by(person_id=person.person_id, groups=("g",)) == ()


def test_only_entries_of_cameras_are_cooled_down_by(space):
    person = space.people.create(name="Ada")
    entry = make_entry(person.person_id, outcome=Outcome.ACCEPTED)
    kept = space.journal.append(entry, None)
    space.journal.append(replace(entry, is_recording=True), None)
    assert [event.seq for event in space.journal.events.last_accepted(entry.at)] == [kept.seq]


ADDRESS = "rtsp://ann:s3cret@127.0.0.1:9/live"


def test_a_stream_that_was_not_set_up_counts_nowhere_and_is_named_by_its_address(space):
    """A receptionist's `watch --source` on a stream of their own wrote entries and opened the door."""
    space.policies.set_cameras(
        space.access.actor, (CameraSettings(name="Gate", source="rtsp://10.0.0.7/live"),)
    )
    session = space.doors.open(space.access.actor, source=ADDRESS)
    (watch,) = session._watches.values()
    entered = []
    watch._order = entered.append
    assert not session.counts
    assert watch.camera.name == "rtsp://127.0.0.1:9/live"
    event = watch._enter(CheckIn(make_decision(Outcome.UNKNOWN, None), GOOD, None, NOW, 0, 0.0, 1))
    assert (event.entry.is_recording, event.entry.is_of_file) == (True, False)
    assert event.entry.camera == "rtsp://127.0.0.1:9/live"
    assert space.journal.events.last_accepted(NOW - timedelta(days=1)) == []


@pytest.mark.parametrize("source", [None, "Gate", "gate-1", "rtsp://10.0.0.7/live"])
def test_a_camera_that_was_set_up_counts_however_it_is_named(space, source):
    camera = CameraSettings(camera_id="gate-1", name="Gate", source="rtsp://10.0.0.7/live")
    space.policies.set_cameras(space.access.actor, (camera,))
    session = space.doors.open(space.access.actor, source=source)
    assert session.counts
    assert session.cameras == (camera,)


@pytest.mark.parametrize(
    "source", ["file:///tmp/door.mp4", "/srv/gone.mp4", "gone.mp4", "htp://x/y", "Nobody's"]
)
def test_what_no_picture_can_ever_come_from_is_refused_at_once(space, source):
    """A file that was gone was tried again for ever, as if it were a camera."""
    with pytest.raises(CameraError):
        space.doors.open(space.access.actor, source=source)


def test_of_several_cameras_one_that_is_none_is_said_and_left_out(space, tmp_path):
    """A file that was gone was tried again for ever; one that was there was played over and over."""
    (tmp_path / "door.mp4").write_bytes(b"a recording")
    sources = {"Gate": "rtsp://10.0.0.7/live", "Gone": "/srv/gone.mp4", "Played": str(tmp_path / "door.mp4")}
    cameras = tuple(
        CameraSettings(camera_id=name.lower(), name=name, source=source) for name, source in sources.items()
    )
    space.policies.set_cameras(space.access.actor, cameras)
    errors = []
    session = space.doors.open(space.access.actor, Callbacks(on_error=errors.append))
    assert session.cameras == cameras[:1]
    assert [error.message.split(":")[0] for error in errors] == ["Gone is left out", "Played is left out"]
    space.policies.set_cameras(space.access.actor, cameras[1:])
    with pytest.raises(CameraError, match="any of the cameras"):
        space.doors.open(space.access.actor, Callbacks(on_error=errors.append))
