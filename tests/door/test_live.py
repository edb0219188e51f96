"""The live session on fake cameras: loss and return, stopping while busy, failures that make no entry."""

import itertools
import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial

import numpy as np
import pytest

from faceaccess.codes import CameraFault, CameraState, Direction, Outcome, Passage
from faceaccess.door.checkin import CheckInPolicy
from faceaccess.door.feed import LatestFrames
from faceaccess.door.live import LiveSession
from faceaccess.door.replay import ReplaySession
from faceaccess.door.supervision import CameraStatus
from faceaccess.door.watch import STALE_S, Callbacks, Watch
from faceaccess.errors import CameraError, StoreError
from faceaccess.settings import CameraSettings, DoorSettings
from faceaccess.steady import steady_s
from tests.fakes import FakeCapture, FakeEmbedder, FakeRecording, coloured_frame
from tests.recognition.test_pipeline import pipeline
from tests.waiting import wait_for


class FakeLog:
    """Keeps entries; fails as often as told."""

    def __init__(self, failures=0):
        self.entries, self.states, self.actors, self.failures = [], [], [], failures
        self.truths = []

    def desk_answer(self, truth, policy, actor, entry=None):
        self.truths.append(truth)

    def append(self, entry, actor=None, truth=None):
        if self.failures:
            self.failures -= 1
            raise StoreError("The disk is full.", "Free some space.")
        self.entries.append(entry)
        if truth is not None:
            self.truths.append(truth)
        self.actors.append(actor and actor.name)
        return entry

    def camera_state(self, state, fault):
        self.states.append((state, fault))


class Watched:
    """A session with everything it reports."""

    def __init__(self, cameras, *, is_recording=False, log=None, door=None):
        self.cameras = list(cameras)
        self.log = log or FakeLog()
        self.results, self.events, self.errors, self.states = [], [], [], []
        callbacks = Callbacks(
            lambda _, result: self.results.append(result),
            self.events.append,
            self.errors.append,
            lambda _, status: self.states.append(status),
        )
        self.watch = Watch(
            CameraSettings(),
            pipeline=door or pipeline(90),
            checkin=CheckInPolicy(DoorSettings()),
            log=self.log,
            callbacks=callbacks,
        )
        if is_recording:
            self.session = ReplaySession(self._open, self.watch, callbacks)
        else:
            self.session = LiveSession([(self.watch, self._open)], callbacks)

    def put(self, frame):
        self.session._frames.put("main", frame)

    def _open(self):
        if not self.cameras:
            raise CameraError("No camera.", "Plug one in.")
        return self.cameras.pop(0)


def frames(count, value=90):
    return [coloured_frame(value, index, index / 15) for index in range(count)]


def test_a_recording_is_processed_frame_by_frame():
    watched = Watched([FakeRecording(frames(10))], is_recording=True)
    watched.session.run()
    # Each frame until the entry; then only some, as nobody is waiting.
    assert [result.frame_index for result in watched.results] == [0, 1, 2, 6]
    assert [entry.decision.outcome for entry in watched.events] == [Outcome.ACCEPTED]
    assert watched.events == watched.log.entries


def test_the_end_of_a_recording_ends_its_tracks():
    watched = Watched([FakeRecording(frames(30, value=200))], is_recording=True)
    watched.session.run()
    assert [entry.decision.outcome for entry in watched.events] == [Outcome.UNKNOWN]


def test_a_recording_on_a_thread_says_when_it_ended():
    watched = Watched([FakeRecording(frames(5))], is_recording=True)
    watched.session.start()
    wait_for(lambda: CameraStatus(CameraState.ENDED) in watched.states)
    watched.session.stop()
    assert [status.state for status in watched.states] == [CameraState.ONLINE, CameraState.ENDED]


def test_stopping_while_inference_is_busy():
    door = pipeline(90)
    embedder = door._recogniser.embedder
    embedder.hold = threading.Event()
    camera = FakeCapture(frames(1))
    watched = Watched([camera], door=door)
    watched.session.start()
    assert embedder.entered.wait(5)
    threading.Timer(0.1, embedder.hold.set).start()
    watched.session.stop()
    assert not watched.session._thread.is_alive()


def test_a_frame_that_waited_too_long_is_not_decided_on():
    camera = FakeCapture(frames(3), age_s=STALE_S + 0.5)
    watched = Watched([camera])
    watched.session.start()
    wait_for(lambda: camera.receives >= 6)
    watched.session.stop()
    assert watched.results == []


def test_a_clock_that_is_set_back_holds_nobody_up():
    """An hour back, and the cool-down would have lasted an hour: entries keep the clock's time."""
    hour = timedelta(hours=1)
    early, late = frames(5), [coloured_frame(90, i, 70 + i / 15) for i in range(5)]
    late = [replace(frame, captured_at=frame.captured_at - hour) for frame in late]
    watched = Watched([FakeRecording([*early, *late])], is_recording=True)
    watched.session.run()
    assert [entry.decision.outcome for entry in watched.events] == [Outcome.ACCEPTED] * 2
    assert watched.events[1].at < watched.events[0].at


def test_another_resolution_begins_new_tracks():
    large = [replace(frame, image=np.full((240, 320, 3), 90, np.uint8)) for frame in frames(10)[5:]]
    watched = Watched([FakeRecording([*frames(5), *large])], is_recording=True)
    watched.session.run()
    assert [result.faces[0].track_id for result in watched.results] == [1, 1, 1, 2, 2, 2]
    assert len(watched.events) == 1


def test_who_stood_there_when_the_camera_was_lost_is_not_forgotten():
    """The refusal of a stranger is written when nothing more is seen, not at the next picture."""
    camera = FakeCapture()
    watched = Watched([camera])
    watched.session.start()
    now_s = steady_s()
    for i, age_s in enumerate((1.8, 1.4, 1.0, 0.6)):
        watched.put(coloured_frame(200, i, now_s - age_s))
        wait_for(lambda i=i: len(watched.results) > i)
    wait_for(lambda: watched.events)
    watched.session.stop()
    assert [entry.decision.outcome for entry in watched.events] == [Outcome.UNKNOWN]


def test_each_change_of_the_camera_is_journalled_once():
    watched = Watched([])
    for status in (
        CameraStatus(CameraState.CONNECTING),
        CameraStatus(CameraState.ONLINE),
        CameraStatus(CameraState.ONLINE, reconnects=1),
        CameraStatus(CameraState.ONLINE, CameraFault.BLACK),
        CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE, 5.0),
        CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE, 9.0),
    ):
        watched.watch.camera_changed(status)
    assert watched.log.states == [
        (CameraState.ONLINE, None),
        (CameraState.ONLINE, CameraFault.BLACK),
        (CameraState.OFFLINE, CameraFault.UNREACHABLE),
    ]
    assert len(watched.states) == 6


def test_an_entry_that_cannot_be_written_is_not_shown_and_tried_again():
    log = FakeLog(failures=1)
    watched = Watched([FakeCapture()], log=log)
    watched.session.start()
    for index in range(20):
        # Far enough apart that each is looked at.
        watched.put(coloured_frame(90, index, steady_s() + index / 3))
        count = len(watched.results) + len(watched.errors)
        wait_for(lambda count=count: len(watched.results) + len(watched.errors) > count)
    watched.session.stop()
    assert [error.message for error in watched.errors][:1] == ["The disk is full."]
    assert len(watched.events) == len(log.entries) == 1


def test_a_full_disk_stops_a_recording_with_its_message():
    watched = Watched([FakeRecording(frames(20))], is_recording=True, log=FakeLog(failures=1))
    with pytest.raises(StoreError, match="full"):
        watched.session.run()
    assert watched.events == []


@pytest.mark.logs_warnings
def test_a_fault_of_the_program_is_never_an_entry_and_never_silent():
    door = pipeline(90)
    door._recogniser.embedder.embed_probes = lambda crops: 1 / 0
    watched = Watched([FakeRecording(frames(5))], is_recording=True, door=door)
    watched.session.start()
    wait_for(lambda: CameraStatus(CameraState.ENDED) in watched.states)
    watched.session.stop()
    assert watched.events == []
    assert "unexpectedly" in watched.errors[0].message


@pytest.mark.logs_warnings
def test_a_frame_that_cannot_be_judged_is_no_entry_and_does_not_close_the_door():
    """A door that stops for good at the first fault of the program would be dead until morning."""
    door = pipeline(90)
    embed, calls = door._recogniser.embedder.embed_probes, []

    def sometimes(crops):
        calls.append(1)
        return 1 / 0 if len(calls) <= 3 else embed(crops)

    door._recogniser.embedder.embed_probes = sometimes
    watched = Watched([FakeCapture()], door=door)
    watched.session.start()
    for index in range(8):
        watched.put(coloured_frame(90, index, steady_s() + index / 3))
        wait_for(lambda index=index: len(calls) > min(index, 5))
    wait_for(lambda: watched.events)
    watched.session.stop()
    assert [error.message for error in watched.errors] == ["A picture could not be judged."]
    assert [entry.decision.outcome for entry in watched.events] == [Outcome.ACCEPTED]
    assert watched.events[0].frame_index >= 5


class TwoCameras:
    """A session on two cameras, of one door or of two, fed by hand."""

    def __init__(self, doors, *, passages=(Passage.BOTH, Passage.BOTH), embedders=(None, None)):
        self.results, self.events, self.errors = [], [], []
        callbacks = Callbacks(
            lambda camera_id, result: self.results.append((camera_id, result)),
            self.events.append,
            self.errors.append,
        )
        policies = {name: CheckInPolicy(DoorSettings()) for name in doors}
        track_ids = itertools.count(1)
        self.logs = {}
        cameras = []
        for number, (door, passage, embed) in enumerate(zip(doors, passages, embedders, strict=True)):
            parts = pipeline(90, track_ids=track_ids)
            if embed is not None:
                parts._recogniser.embedder.embed_probes = embed
            self.logs[f"c{number}"] = log = FakeLog()
            camera = CameraSettings(camera_id=f"c{number}", door=door, passage=passage)
            watch = Watch(camera, pipeline=parts, checkin=policies[door], log=log, callbacks=callbacks)
            cameras.append((watch, FakeCapture))
        self.session = LiveSession(cameras, callbacks)
        self.session.start()

    def show(self, camera_id, count=5, value=90, later_s=0.0):
        for index in range(count):
            seen = len(self.results) + len(self.errors)
            # Far enough apart that each is looked at.
            frame = coloured_frame(value, index, steady_s() + later_s + index / 3)
            self.session._frames.put(camera_id, frame)
            wait_for(lambda seen=seen: len(self.results) + len(self.errors) > seen)

    def stop(self):
        self.session.stop()
        return {camera_id: len(log.entries) for camera_id, log in self.logs.items()}


def test_two_cameras_of_one_door_make_one_entry_of_a_person():
    cameras = TwoCameras(["Gate", "Gate"])
    cameras.show("c0")
    cameras.show("c1")
    assert cameras.stop() == {"c0": 1, "c1": 0}
    assert {camera_id for camera_id, _ in cameras.results} == {"c0", "c1"}


def test_two_doors_make_an_entry_each():
    cameras = TwoCameras(["Gate", "Laboratory"])
    cameras.show("c0")
    cameras.show("c1")
    assert cameras.stop() == {"c0": 1, "c1": 1}


def test_a_camera_in_and_a_camera_out_of_one_door_make_an_entry_each():
    cameras = TwoCameras(["Gate", "Gate"], passages=(Passage.IN, Passage.OUT))
    cameras.show("c0")
    cameras.show("c1", later_s=5)
    assert cameras.stop() == {"c0": 1, "c1": 1}
    assert [event.direction for event in cameras.events] == [Direction.IN, Direction.OUT]


@pytest.mark.logs_warnings
def test_a_camera_whose_frames_cannot_be_judged_does_not_stop_the_other():
    cameras = TwoCameras(["Gate", "Laboratory"], embedders=(lambda crops: 1 / 0, None))
    for _ in range(4):
        cameras.session._frames.put("c0", coloured_frame(90, 0, steady_s()))
        cameras.show("c1", 2)
    assert cameras.stop() == {"c0": 0, "c1": 1}
    assert len(cameras.errors) == 1


def test_a_slow_judgement_loses_sight_of_nobody(monkeypatch):
    """A frame that was taken in time and judged too late for the next turn would end its own tracks."""
    watched = Watched([FakeCapture()])
    judge, ended = watched.watch.judge, []
    late_s = [0.0]
    monkeypatch.setattr("faceaccess.door.live.steady_s", lambda: steady_s() + late_s[0])

    def slowly(frame):
        late_s[0] = 2 * STALE_S
        try:
            return judge(frame)
        finally:
            watched.watch.has_lost_sight = lambda now_s: ended.append(now_s) is not None

    watched.watch.judge = slowly
    watched.session.start()
    began_s = steady_s()
    watched.put(coloured_frame(90, 0, began_s))
    wait_for(lambda: ended)
    watched.session.stop()
    assert ended[0] < began_s + STALE_S, "the time is that before the judging"


def _hold(busy, held):
    busy.set()
    held.wait(5)


def test_cameras_are_looked_at_together_and_decided_on_one_thread(monkeypatch):
    """Four cameras took turns on one core while the others had nothing to do."""
    monkeypatch.setattr("faceaccess.door.live.os.cpu_count", lambda: 2)
    together = threading.Barrier(2, timeout=5)
    deciding = []

    def embed(crops):
        together.wait()
        return FakeEmbedder().embed_probes(crops)

    cameras = TwoCameras(["Gate", "Gate"], embedders=(embed, embed))
    for log in cameras.logs.values():
        append = log.append
        log.append = lambda *entry, to=append: deciding.append(threading.current_thread().name) or to(*entry)
    for index in range(5):
        held, busy = threading.Event(), threading.Event()
        order = threading.Thread(
            target=cameras.session._on_inference_thread, args=(partial(_hold, busy, held),)
        )
        order.start()
        assert busy.wait(5)
        # What both show by the time the inference thread is free.
        for camera_id in ("c0", "c1"):
            cameras.session._frames.put(camera_id, coloured_frame(90, index, steady_s() + index / 3))
        held.set()
        order.join(5)
        wait_for(lambda index=index: len(cameras.results) == 2 * (index + 1))
    assert sum(cameras.stop().values()) == 1, "it is one person at one door"
    assert cameras.errors == []
    assert deciding == ["inference"]


def test_each_camera_gets_its_share_and_its_newest_frame():
    """The busy camera's frames replace one another; the quiet one's isn't pushed aside."""
    newest = LatestFrames()
    for index in range(10):
        newest.put("busy", coloured_frame(90, index))
    newest.put("quiet", coloured_frame(90, 100))
    taken = []
    for index in range(10, 14):
        [(camera_id, frame)] = newest.take(0)
        taken.append((camera_id, frame.index))
        newest.put("busy", coloured_frame(90, index))
    assert taken == [("busy", 9), ("quiet", 100), ("busy", 11), ("busy", 12)]


def test_who_was_seen_before_a_recording_breaks_off_is_entered_and_the_break_is_raised():
    class Broken(FakeRecording):
        def read(self):
            frame = super().read()
            if frame is None:
                raise CameraError("It ends after 2 of 9 s.", "It is damaged.")
            return frame

    watched = Watched([Broken(frames(30, value=200))], is_recording=True)
    with pytest.raises(CameraError, match="ends after"):
        watched.session.run()
    assert [entry.decision.outcome for entry in watched.events] == [Outcome.UNKNOWN]
