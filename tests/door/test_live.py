"""The live session on fake cameras: loss and return, stopping while busy, failures that make no entry."""

import threading
import time

import pytest

from faceaccess.codes import Outcome
from faceaccess.door.checkin import CheckInPolicy
from faceaccess.door.live import Callbacks, CameraFeed, CameraState, LatestSlot, LiveSession
from faceaccess.errors import CameraError, StoreError
from faceaccess.settings import DoorSettings
from tests.fakes import FakeCamera, coloured_frame
from tests.recognition.test_pipeline import pipeline


def wait_for(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


class FakeLog:
    """Keeps entries; fails as often as told."""

    def __init__(self, failures=0):
        self.entries, self.states, self.failures = [], [], failures

    def append(self, entry, policy):
        if self.failures:
            self.failures -= 1
            raise StoreError("The disk is full.", "Free some space.")
        self.entries.append(entry)
        return entry

    def camera_state(self, state):
        self.states.append(state)


class Watched:
    """A session with everything it reports."""

    def __init__(self, cameras, *, is_recording=False, log=None, door=None):
        self.cameras = list(cameras)
        self.log = log or FakeLog()
        self.results, self.events, self.errors, self.states = [], [], [], []
        self.pipeline = door or pipeline(90)
        self.session = LiveSession(
            self._open,
            is_recording=is_recording,
            pipeline=self.pipeline,
            checkin=CheckInPolicy(DoorSettings()),
            log=self.log,
            callbacks=Callbacks(
                self.results.append, self.events.append, self.errors.append, self.states.append
            ),
        )

    def _open(self):
        if not self.cameras:
            raise CameraError("No camera.", "Plug one in.")
        return self.cameras.pop(0)


def frames(count, value=90):
    return [coloured_frame(value, index, index / 15) for index in range(count)]


def test_a_recording_is_processed_frame_by_frame():
    watched = Watched([FakeCamera(frames(10))], is_recording=True)
    watched.session.run()
    # Each frame until the entry; then only some, as nobody is waiting.
    assert [result.frame_index for result in watched.results] == [0, 1, 2, 6]
    assert [entry.decision.outcome for entry in watched.events] == [Outcome.ACCEPTED]
    assert watched.events == watched.log.entries


def test_the_end_of_a_recording_ends_its_tracks():
    watched = Watched([FakeCamera(frames(30, value=200))], is_recording=True)
    watched.session.run()
    assert [entry.decision.outcome for entry in watched.events] == [Outcome.UNKNOWN]


def test_a_recording_on_a_thread_says_when_it_ended():
    watched = Watched([FakeCamera(frames(5))], is_recording=True)
    watched.session.start()
    wait_for(lambda: CameraState.ENDED in watched.states)
    watched.session.stop()
    assert watched.states == [CameraState.ONLINE, CameraState.ENDED]


def test_an_unplugged_camera_is_reported_and_opened_again():
    first, second = FakeCamera(frames(1), then="fail"), FakeCamera(frames(1), then="wait")
    states, errors, cameras = [], [], [first, second]
    feed = CameraFeed(lambda: cameras.pop(0), on_state=states.append, on_error=errors.append, retry_s=(0.01,))
    feed.start()
    wait_for(lambda: states.count(CameraState.ONLINE) == 2)
    second.close()
    feed.stop()
    offline = states.index(CameraState.OFFLINE)
    assert states[:3] == [CameraState.CONNECTING, CameraState.ONLINE, CameraState.OFFLINE]
    assert states[offline + 1] is CameraState.CONNECTING
    assert errors[0].message == "Unplugged."


def test_a_camera_that_is_not_there_is_tried_for_ever():
    attempts = []

    def fail():
        attempts.append(1)
        raise CameraError("No camera.", "Plug one in.")

    feed = CameraFeed(fail, retry_s=(0.001,))
    feed.start()
    wait_for(lambda: len(attempts) > 20)
    feed.stop()
    assert feed.latest_frame() is None


def test_offline_shows_no_old_picture():
    camera = FakeCamera(frames(1), then="fail")
    cameras = [camera]

    def open_once():
        if cameras:
            return cameras.pop()
        raise CameraError("Gone.", "")

    states = []
    feed = CameraFeed(open_once, on_state=states.append, retry_s=(0.01,))
    feed.start()
    wait_for(lambda: CameraState.OFFLINE in states)
    assert feed.latest_frame() is None
    feed.stop()


def test_a_read_that_hangs_does_not_hang_stop():
    camera = FakeCamera(frames(1), then="wait")
    watched = Watched([camera])
    watched.session.start()
    wait_for(lambda: watched.session.latest_frame() is not None)
    threading.Timer(0.2, camera.close).start()
    started = time.monotonic()
    watched.session.stop()
    watched.session.stop()
    assert time.monotonic() - started < 5


def test_stopping_while_inference_is_busy():
    door = pipeline(90)
    embedder = door._recogniser.embedder
    embedder.hold = threading.Event()
    camera = FakeCamera(frames(1), then="wait")
    watched = Watched([camera], door=door)
    watched.session.start()
    assert embedder.entered.wait(5)
    threading.Timer(0.1, embedder.hold.set).start()
    threading.Timer(0.1, camera.close).start()
    watched.session.stop()
    assert not watched.session._thread.is_alive()


def test_only_the_newest_frame_waits():
    slot = LatestSlot()
    for frame in frames(5):
        slot.put(frame)
    assert slot.take(0).index == 4
    assert slot.take(0) is None


def test_a_frame_that_waited_too_long_is_not_decided_on():
    from dataclasses import replace
    from datetime import timedelta

    fresh = coloured_frame(90, 1)
    old = replace(fresh, captured_at=fresh.captured_at - timedelta(seconds=5), index=0)
    camera = FakeCamera([old], then="wait")
    watched = Watched([camera])
    watched.session.start()
    wait_for(lambda: camera.reads >= 2)
    time.sleep(0.3)
    camera.close()
    watched.session.stop()
    assert watched.results == []


def test_an_entry_that_cannot_be_written_is_not_shown_and_tried_again():
    log = FakeLog(failures=1)
    watched = Watched([FakeCamera(frames(20), then="wait")], log=log)
    camera = watched.cameras[0]
    camera._frames.clear()
    watched.session.start()
    for index in range(20):
        # Far enough apart that each is looked at.
        watched.session._feed.slot.put(coloured_frame(90, index, index / 3))
        count = len(watched.results) + len(watched.errors)
        wait_for(lambda count=count: len(watched.results) + len(watched.errors) > count)
    camera.close()
    watched.session.stop()
    assert [error.message for error in watched.errors][:1] == ["The disk is full."]
    assert len(watched.events) == len(log.entries) == 1


def test_a_full_disk_stops_a_recording_with_its_message():
    watched = Watched([FakeCamera(frames(20))], is_recording=True, log=FakeLog(failures=1))
    with pytest.raises(StoreError, match="full"):
        watched.session.run()
    assert watched.events == []


@pytest.mark.logs_warnings
def test_a_fault_of_the_program_is_never_an_entry_and_never_silent():
    door = pipeline(90)
    door._recogniser.embedder.embed_probes = lambda crops: 1 / 0
    watched = Watched([FakeCamera(frames(5))], is_recording=True, door=door)
    watched.session.start()
    wait_for(lambda: CameraState.ENDED in watched.states)
    watched.session.stop()
    assert watched.events == []
    assert "unexpectedly" in watched.errors[0].message
