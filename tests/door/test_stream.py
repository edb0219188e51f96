"""Real streams on the loopback interface: slow, fast, held up, of another size; no old frame gets through."""

import multiprocessing
import os
import signal
import threading
from functools import partial

import pytest

from faceaccess.codes import CameraState
from faceaccess.door.supervision import SupervisionPolicy
from faceaccess.door.watch import STALE_S
from faceaccess.steady import steady_s
from faceaccess.vision.sources.camera import open_source
from faceaccess.vision.sources.capture import CaptureProcess
from tests.broker import free_port
from tests.door.test_feed import Watched
from tests.mjpeg import MjpegCamera, age_s
from tests.rtsp import RtspCamera
from tests.waiting import wait_for

pytestmark = pytest.mark.slow

QUICK = SupervisionPolicy(retry_s=(0.2, 0.5))
PATIENT = SupervisionPolicy(stalled_after_s=30.0, restart_after_s=60.0)


class Stream(Watched):
    """A watched stream that keeps each frame's true age and the one it was given."""

    def __init__(self, camera, policy=PATIENT):
        super().__init__(partial(CaptureProcess, partial(open_source, camera.address)), policy)
        self.ages, self.shapes = [], []
        self.feed._on_frame = self._keep

    def _keep(self, frame):
        self.ages.append((age_s(frame.image), steady_s() - frame.time_s))
        self.shapes.append(frame.image.shape[:2])


@pytest.fixture(params=[15.0])
def camera(request):
    made = MjpegCamera(request.param)
    made.start()
    yield made
    made.stop()


def pass_s(seconds):
    """Let a real stream stand for so long: the time itself is what is tested."""
    threading.Event().wait(seconds)


def check(ages):
    """No frame is decided on (believed to be new enough) that is too old."""
    wrong = [pair for pair in ages if pair[1] < STALE_S and pair[0] > STALE_S]
    assert not wrong, wrong


def test_frames_that_waited_while_the_reader_stood_still_are_not_taken_for_new(camera):
    """They came with ages of 4.5 to 2.6 s, each believed to be new."""
    with Stream(camera) as stream:
        wait_for(lambda: len(stream.ages) > 20)
        (child,) = multiprocessing.active_children()
        os.kill(child.pid, signal.SIGSTOP)
        pass_s(4.0)
        count = len(stream.ages)
        os.kill(child.pid, signal.SIGCONT)
        wait_for(lambda: len(stream.ages) > count + 20)
        check(stream.ages)
        assert max(true for true, _ in stream.ages[count:]) < STALE_S


def test_frames_that_waited_in_a_line_that_was_down_are_not_taken_for_new(camera):
    """A Wi-Fi camera whose radio is gone for some seconds sends all of them when it is back."""
    with Stream(camera) as stream:
        wait_for(lambda: len(stream.ages) > 20)
        camera.mode = "hold"
        pass_s(4.0)
        count = len(stream.ages)
        camera.mode = "play"
        wait_for(lambda: len(stream.ages) > count + 20)
        check(stream.ages)
        assert max(true for true, _ in stream.ages[count + 1 :]) < STALE_S


@pytest.mark.parametrize("camera", [1.0, 60.0], indirect=True)
def test_a_slow_and_a_fast_camera_are_online_and_their_frames_new(camera):
    with Stream(camera, SupervisionPolicy()) as stream:
        stream.wait_for(CameraState.ONLINE)
        wait_for(lambda: len(stream.ages) >= (5 if camera.fps == 1 else 120))
        check(stream.ages)
        assert [status.state for status in stream.statuses] == [CameraState.CONNECTING, CameraState.ONLINE]


def test_another_resolution_in_mid_stream_is_seen_as_it_is(camera):
    """OpenCV scaled it to the first size for ever: faces of 4:3 were squashed to 16:9."""
    with Stream(camera) as stream:
        for mode, shape in (("play", (240, 320)), ("large", (360, 640)), ("play", (240, 320))):
            camera.mode = mode
            wait_for(lambda wanted=shape: stream.shapes and stream.shapes[-1] == wanted)
        assert stream.statuses[-1].reconnects == 0


def test_an_rtsp_camera_that_goes_and_comes_back():
    camera = RtspCamera(free_port())
    camera.start()
    try:
        feed = Watched(partial(CaptureProcess, partial(open_source, camera.address)), QUICK)
        with feed:
            feed.wait_for(CameraState.ONLINE)
            wait_for(lambda: feed.feed.latest_frame() is not None)
            assert feed.feed.latest_frame().image.shape == (240, 320, 3)
            camera.stop()
            wait_for(lambda: feed.shown[0] in (CameraState.STALLED, CameraState.OFFLINE))
            assert feed.feed.latest_frame() is None
            camera.start()
            feed.wait_for(CameraState.ONLINE)
            wait_for(lambda: feed.feed.latest_frame() is not None)
            assert steady_s() - feed.feed.latest_frame().time_s < STALE_S
    finally:
        camera.stop()
