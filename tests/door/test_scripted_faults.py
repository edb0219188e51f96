"""Fifty scripted faults of a camera on a manual clock: each is found in time, and nothing is made up."""

import random
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pytest

from faceaccess.codes import CameraFault, CameraState
from faceaccess.door.feed import CameraFeed
from faceaccess.door.policy_clock import PolicyClock
from faceaccess.door.supervision import SupervisionPolicy
from faceaccess.errors import CameraError
from faceaccess.vision.types import Frame
from tests.builders import NOW

POLICY = SupervisionPolicy()
OPENED_S = 12.5
"""A camera that can't be opened is found by the patience with its opening."""


class Waiting:
    """In the place of the feed's event: a wait passes on the script's clock."""

    def __init__(self, camera):
        self._camera = camera

    def is_set(self):
        return False

    def wait(self, timeout_s):
        self._camera.now_s += timeout_s


class ScriptedCamera:
    """A camera, its reader and the clock: every turn of the feed takes its time on it.

    Attributes:
        kind: what the camera does; see `FAULTS`.
        shown: the newest state and fault.
        taken: frames that were given to be decided on.
        times: the policy's times of these.
    """

    def __init__(self, fps):
        self.fps, self.kind, self.now_s, self.number = fps, "fine", 5000.0, 0
        self.shown, self.taken, self.times = None, [], []
        self._clock, self._frozen = PolicyClock(), None
        self.feed = CameraFeed(
            self._open, on_frame=self._take, on_status=self._note, clock=lambda: self.now_s
        )
        self.feed._retry = Waiting(self)

    def _open(self):
        if self.kind == "refused":
            raise CameraError("No camera.", "Plug one in.")
        return self

    def close(self):
        """Nothing is held open."""

    def receive(self, timeout_s):
        if self.kind in ("hung", "hung opening"):
            self.now_s += timeout_s
            return None
        self.now_s += 1 / self.fps
        if self.kind == "lost":
            raise CameraError("Unplugged.", "Plug it in.")
        self.number += 1
        return self._frame()

    def _frame(self):
        level = {"black": 2, "overexposed": 252}.get(self.kind, 110)
        height, width = (90, 160) if self.kind == "resized" else (96, 128)
        rng = np.random.default_rng(7 if self.kind == "frozen" else self.number)
        image = level + rng.integers(0, 3, (height, width, 3), dtype=np.uint8)
        at = NOW + timedelta(seconds=self.now_s - (3600 if self.kind == "clock set back" else 0))
        return Frame(image, at, self.number, self.now_s)

    def _take(self, frame):
        # Thousands of them: a column of the picture instead of all of it.
        self.taken.append(replace(frame, image=frame.image[:, :1].copy()))
        self.times.append(self._clock.at(frame.captured_at, frame.time_s))

    def _note(self, status):
        self.shown = status.state, status.fault

    def turn(self):
        """Let the feed's thread go round once."""
        try:
            self.feed._turn()
        except CameraError as exc:
            self.feed._lose(exc)
        self.feed._tell()

    def play(self, seconds):
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            self.turn()

    def found_after_s(self, wanted, most_s):
        """Return how long a fault took to be shown, counted from the last turn before it."""
        began_s = self.now_s
        while self.shown != wanted:
            self.turn()
            assert self.now_s - began_s <= most_s + 1e-6, (self.kind, self.fps, self.shown)
        return self.now_s - began_s


@dataclass(frozen=True)
class Fault:
    """How a fault is shown, and how soon."""

    shown: tuple[CameraState, CameraFault | None]
    most_s: float


FAULTS = {
    "lost": Fault((CameraState.OFFLINE, CameraFault.UNREACHABLE), 2.0),
    "hung": Fault((CameraState.STALLED, CameraFault.NO_PICTURE), 2.0),
    "black": Fault((CameraState.ONLINE, CameraFault.BLACK), 2.0),
    "overexposed": Fault((CameraState.ONLINE, CameraFault.OVEREXPOSED), 2.0),
    # An encoder may repeat a picture for a while; meanwhile no repeated one is decided on.
    "frozen": Fault((CameraState.STALLED, CameraFault.FROZEN), POLICY.frozen_after_s + 2.0),
    "hung opening": Fault((CameraState.OFFLINE, CameraFault.UNREACHABLE), OPENED_S + POLICY.restart_after_s),
    "resized": Fault((CameraState.ONLINE, None), 0.0),
    "clock set back": Fault((CameraState.ONLINE, None), 0.0),
}


def suffer(camera, kind):
    """Let a fault happen; return how long it took to be shown."""
    fault = FAULTS[kind]
    camera.kind = kind
    if kind == "hung opening":
        # Lost first, so that it is opened again; from then on nothing answers.
        camera.kind = "lost"
        camera.play(1.0)
        camera.kind = kind
        camera.play(POLICY.retry_s[-1] * 1.2)
    count, found_s = len(camera.taken), camera.found_after_s(fault.shown, fault.most_s)
    if kind in ("resized", "clock set back"):
        camera.play(3)
        assert camera.shown == fault.shown, kind
        assert len(camera.taken) > count
        if kind == "resized":
            assert camera.taken[-1].image.shape[:2] == (90, 1)
    if kind == "frozen":
        assert len(camera.taken) <= count + 1
    return found_s


@pytest.mark.slow
def test_of_fifty_scripted_faults_each_is_found_in_time_and_none_made_up():
    rng = random.Random(11)
    found: dict[str, list[float]] = {kind: [] for kind in FAULTS}
    kinds = [*FAULTS, *rng.choices(sorted(FAULTS), k=50 - len(FAULTS))]
    for number, kind in enumerate(kinds):
        camera = ScriptedCamera(rng.choice([1, 5, 15, 60]))
        camera.play(12)
        assert camera.shown == (CameraState.ONLINE, None), (number, kind)
        found[kind].append(suffer(camera, kind))
        camera.kind = "fine"
        camera.play(POLICY.retry_s[-1] * 1.2 + OPENED_S + 5)
        assert camera.shown == (CameraState.ONLINE, None), (number, kind)
        assert camera.times == sorted(camera.times), (number, kind)
    assert sum(map(len, found.values())) == 50
    assert all(found.values())


@pytest.mark.parametrize("fps", [1, 5, 15, 60])
@pytest.mark.parametrize("kind", ["lost", "hung", "black", "overexposed"])
def test_each_is_shown_within_two_seconds_at_any_pace(fps, kind):
    camera = ScriptedCamera(fps)
    camera.play(20)
    assert suffer(camera, kind) <= 2.0 + 1e-6


def test_a_camera_without_faults_has_none_for_ten_minutes():
    camera, shown = ScriptedCamera(5), set()
    camera.play(5)
    for _ in range(600):
        camera.play(1)
        shown.add(camera.shown)
    assert shown == {(CameraState.ONLINE, None)}
