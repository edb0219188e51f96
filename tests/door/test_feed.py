"""The camera's feed: on fakes, and on a real process that reads a real stream which fails in real ways."""

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import psutil
import pytest

from faceaccess.codes import CameraFault, CameraState
from faceaccess.door.feed import CameraFeed, LatestFrames
from faceaccess.door.supervision import SupervisionPolicy
from faceaccess.errors import CameraError
from faceaccess.steady import steady_s
from faceaccess.vision.sources.camera import open_source
from faceaccess.vision.sources.capture import SLOT_BYTES, SLOTS, CaptureProcess
from tests.fakes import FakeCapture, ManualClock, coloured_frame
from tests.mjpeg import MjpegCamera
from tests.waiting import wait_for

IMPATIENT = SupervisionPolicy(
    stalled_after_s=0.8,
    restart_after_s=1.0,
    opening_s=8.0,
    frozen_after_s=1.5,
    blind_after_s=0.5,
    steady_after_s=1.0,
    retry_s=(0.05, 0.2),
)


class Watched:
    """A feed with everything that it tells."""

    def __init__(self, open_capture, policy=IMPATIENT):
        self.statuses, self.errors, self.frames = [], [], LatestFrames()
        self.feed = CameraFeed(
            open_capture,
            on_frame=partial(self.frames.put, "a"),
            on_status=self.statuses.append,
            on_error=self.errors.append,
            policy=policy,
        )

    def __enter__(self):
        self.feed.start()
        return self

    def __exit__(self, *_):
        self.feed.stop()

    @property
    def shown(self):
        return (self.statuses[-1].state, self.statuses[-1].fault) if self.statuses else None

    def wait_for(self, state, fault=None):
        wait_for(lambda: self.shown == (state, fault))


def test_only_the_newest_frame_waits():
    frames = LatestFrames()
    for index in range(5):
        frames.put("a", coloured_frame(90, index))
    [(camera_id, frame)] = frames.take(0)
    assert (camera_id, frame.index) == ("a", 4)
    assert frames.take(0) == []


def test_the_cameras_served_longest_ago_come_first():
    frames = LatestFrames()
    for camera_id in "abc":
        frames.put(camera_id, coloured_frame(90))
    assert [camera_id for camera_id, _ in frames.take(0, 2)] == ["a", "b"]
    for camera_id in "ab":
        frames.put(camera_id, coloured_frame(90, 1))
    assert [camera_id for camera_id, _ in frames.take(0, 2)] == ["c", "a"]
    assert [camera_id for camera_id, _ in frames.take(0, 2)] == ["b"]


def test_an_unplugged_camera_is_reported_and_opened_again():
    captures = [FakeCapture([coloured_frame(90)], then="fail"), FakeCapture([coloured_frame(90)])]
    with Watched(lambda: captures.pop(0)) as watched:
        wait_for(lambda: watched.shown == (CameraState.ONLINE, None) and not captures)
        assert watched.feed.latest_frame() is not None
    states = [status.state for status in watched.statuses]
    assert CameraState.OFFLINE in states
    assert [error.message for error in watched.errors] == ["Unplugged."]
    assert watched.statuses[-1].reconnects == 1


def test_a_camera_that_is_not_there_is_tried_for_ever_and_complained_of_once():
    attempts = []

    def fail():
        attempts.append(1)
        raise CameraError("No camera.", "Plug one in.")

    with Watched(fail, SupervisionPolicy(retry_s=(0.001,))) as watched:
        wait_for(lambda: len(attempts) > 10)
        assert watched.feed.latest_frame() is None
    assert len(watched.errors) == 1
    assert watched.shown == (CameraState.OFFLINE, CameraFault.UNREACHABLE)


@pytest.mark.logs_warnings
def test_a_fault_of_the_program_is_an_offline_camera_too():
    with Watched(lambda: 1 / 0) as watched:
        watched.wait_for(CameraState.OFFLINE, CameraFault.UNREACHABLE)
    assert "unexpectedly" in watched.errors[0].message


def test_a_stalled_camera_shows_no_old_picture():
    with Watched(partial(FakeCapture, [coloured_frame(90)])) as watched:
        wait_for(lambda: watched.feed.latest_frame() is not None)
        wait_for(lambda: watched.feed.latest_frame() is None)
    assert CameraState.STALLED in [status.state for status in watched.statuses]


def test_retry_now_does_not_wait():
    captures = [FakeCapture([coloured_frame(90)], then="fail"), FakeCapture([coloured_frame(90)])]
    with Watched(lambda: captures.pop(0), SupervisionPolicy(retry_s=(1000.0,))) as watched:
        watched.wait_for(CameraState.OFFLINE, CameraFault.UNREACHABLE)
        watched.feed.retry_now()
        watched.wait_for(CameraState.ONLINE)


def test_a_picture_that_is_repeated_is_not_decided_on_again():
    """One picture, sent three times, agreed with itself: three agreeing frames, an entry."""
    taken = []
    pictures = [coloured_frame(90, 0), coloured_frame(90, 1), coloured_frame(91, 2), coloured_frame(91, 3)]
    feed = CameraFeed(partial(FakeCapture, pictures), on_frame=taken.append)
    feed.start()
    wait_for(lambda: feed.latest_frame() is not None and feed.latest_frame().index == 3)
    feed.stop()
    assert [frame.index for frame in taken] == [0, 2]


@pytest.mark.logs_warnings
def test_a_camera_goes_on_when_whoever_is_told_of_it_fails():
    """Its thread ended in silence: no frame came any more, and nothing said so."""
    taken = []

    def fail(status):
        raise RuntimeError("no news is good news")

    pictures = [coloured_frame(90 + index, index) for index in range(4)]
    feed = CameraFeed(partial(FakeCapture, pictures), on_frame=taken.append, on_status=fail)
    feed.start()
    wait_for(lambda: len(taken) == 4)
    feed.stop()


def _taken(*values):
    """Return the pictures of these values that may be decided on."""
    taken = []
    pictures = [coloured_frame(value, index) for index, value in enumerate(values)]
    feed = CameraFeed(partial(FakeCapture, pictures), on_frame=taken.append)
    feed.start()
    last = len(values) - 1
    wait_for(lambda: feed.latest_frame() is not None and feed.latest_frame().index == last)
    feed.stop()
    return [(frame.index, frame.is_replayed) for frame in taken]


def test_a_picture_that_comes_back_after_others_is_marked():
    """A recording that plays in a loop in the camera's place: no sensor gives the same picture again."""
    taken = _taken(90, 91, 91, 90, 92, 91)
    assert taken == [(0, False), (1, False), (3, True), (4, False), (5, True)]


def test_black_and_white_pictures_are_all_alike():
    assert not any(is_replayed for _, is_replayed in _taken(0, 90, 0, 255, 91, 255, 92))


def test_only_so_many_pictures_are_remembered(monkeypatch):
    monkeypatch.setattr("faceaccess.door.feed.PRINTS", 3)
    assert not any(is_replayed for _, is_replayed in _taken(*[90 + index % 5 for index in range(10)]))


def test_a_machine_that_slept_starts_its_cameras_at_once():
    """A suspend passed unnoticed: a dead stream was waited for, as if it had just fallen silent."""
    captures, clock = [], ManualClock()

    def open_capture():
        captures.append(FakeCapture([coloured_frame(90 + len(captures))]))
        return captures[-1]

    start = clock.now
    feed = CameraFeed(open_capture, clock=lambda: (clock.now - start).total_seconds())
    feed.start()
    wait_for(lambda: feed.latest_frame() is not None)
    clock.advance(3600)
    wait_for(lambda: len(captures) == 2)
    assert captures[0]._closed.is_set()
    feed.stop()


@pytest.fixture
def camera():
    made = MjpegCamera()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def watched(camera):
    with Watched(partial(CaptureProcess, partial(open_source, camera.address))) as made:
        made.wait_for(CameraState.ONLINE)
        yield made
    assert not multiprocessing.active_children()


def newest(watched):
    wait_for(lambda: watched.feed.latest_frame() is not None)
    return watched.feed.latest_frame()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's list of mappings")
def test_memory_is_taken_for_the_frames_there_are_not_for_the_largest():
    """Slots for three frames of 1920 x 1920 were filled with zeros: 32 MB for each camera."""
    capture = CaptureProcess(partial(coloured_frame, "red"))
    try:
        pages = Path("/proc/self/smaps").read_text().partition("/pym-")[2]
        assert int(re.search(r"Rss: +(\d+) kB", pages)[1]) < 4000
        assert capture._slots.create_memoryview().nbytes == SLOTS * SLOT_BYTES
    finally:
        capture.close()


@pytest.mark.slow
def test_real_faults_of_a_real_stream_are_seen_and_got_over(camera, watched):
    assert newest(watched).image.shape == (240, 320, 3)
    for mode, state, fault in (
        ("hang", CameraState.STALLED, CameraFault.NO_PICTURE),
        ("black", CameraState.ONLINE, CameraFault.BLACK),
        ("white", CameraState.ONLINE, CameraFault.OVEREXPOSED),
        ("frozen", CameraState.STALLED, CameraFault.FROZEN),
    ):
        camera.mode = mode
        wait_for(lambda wanted=(state, fault): watched.shown == wanted)
        camera.mode = "play"
        watched.wait_for(CameraState.ONLINE)
    camera.stop()
    watched.wait_for(CameraState.OFFLINE, CameraFault.UNREACHABLE)
    assert watched.feed.latest_frame() is None
    camera.start()
    watched.wait_for(CameraState.ONLINE)
    newest(watched)
    assert watched.statuses[-1].reconnects >= 1


def test_a_reader_that_is_killed_is_started_again(watched):
    before = newest(watched)
    (child,) = multiprocessing.active_children()
    os.kill(child.pid, signal.SIGKILL)
    watched.wait_for(CameraState.OFFLINE, CameraFault.UNREACHABLE)
    watched.wait_for(CameraState.ONLINE)
    assert newest(watched).time_s > before.time_s


def test_stop_does_not_wait_for_a_reader_that_hangs(camera, watched):
    camera.mode = "hang"
    started_s = time.monotonic()
    watched.feed.stop()
    assert time.monotonic() - started_s < 5
    assert not multiprocessing.active_children()


def test_frames_are_whole_and_new_while_the_reader_is_slow(watched):
    numbers = []
    while len(numbers) < 8:
        [(_, frame)] = watched.frames.take(5.0)
        numbers.append(frame.index)
        assert steady_s() - frame.time_s < 2.0
        threading.Event().wait(0.2)
    assert numbers == sorted(set(numbers))
    assert numbers[-1] - numbers[0] > len(numbers)


def test_an_address_with_a_password_is_in_no_list_of_processes(camera):
    address = camera.address.replace("//", "//ann:s3cret@")
    with Watched(partial(CaptureProcess, partial(open_source, address))) as watched:
        watched.wait_for(CameraState.ONLINE)
        for process in psutil.Process().children(recursive=True):
            assert "s3cret" not in " ".join(process.cmdline())


def test_the_reader_loads_no_more_than_it_needs():
    """It starts in a moment, and a crash of Qt or the networks can't come from there."""
    heavy = {"PySide6", "torch", "faiss", "onnxruntime", "dlib"}
    code = f"import sys, faceaccess.vision.sources.capture; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
