"""When a camera counts as stalled or offline, and when it is started and killed: no clock, no I/O."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from faceaccess.codes import CameraFault, CameraState
from faceaccess.vision.picture import Glance
from faceaccess.vision.sources.pace import TOO_SLOW_S, Pace

HOUR_S = 3600.0


@dataclass(frozen=True)
class SupervisionPolicy:
    """How patient a camera's supervision is, seconds.

    Attributes:
        stalled_after_s: without a frame, the camera is shown as stalled; below the 2 s within
            which a person at the door must see it.
        overdue_s: a slower camera's frame may be late by so much: one of a frame a second is still
            seen to stall within 2 s, a slower one within so much of the frame that is missing.
        restart_after_s: stalled for longer, its capture is killed and started anew.
        opening_s: an opening that takes longer is killed.
        frozen_after_s: of the same picture. No sensor gives two equal frames, but a stream's
            encoder may repeat one until its next key frame.
        blind_after_s: of a black or overexposed picture, before that is said.
        steady_after_s: online for as long, the ladder begins at its first step again.
        retry_s: waits before a lost camera is opened again, about; the last one for ever after.
    """

    stalled_after_s: float = 1.5
    overdue_s: float = 0.85
    restart_after_s: float = 5.0
    opening_s: float = 12.0
    frozen_after_s: float = 10.0
    blind_after_s: float = 1.5
    steady_after_s: float = 30.0
    retry_s: tuple[float, ...] = (1.0, 5.0, 10.0, 13.0)


class Action(Enum):
    """The next thing to do with the capture."""

    NONE = auto()
    START = auto()
    KILL = auto()


@dataclass(frozen=True)
class CameraStatus:
    """The state of a camera.

    Attributes:
        fault: what is wrong, or None.
        retry_at_s: when it is tried again, on the clock that was passed in; None when it runs.
        reconnects: how often it was opened again in the last hour.
    """

    state: CameraState
    fault: CameraFault | None = None
    retry_at_s: float | None = None
    reconnects: int = 0


class Supervision:
    """The state of one live camera. Time is passed in, seconds on a clock that never goes back."""

    def __init__(self, policy: SupervisionPolicy, jitter: Callable[[], float] = lambda: 1.0) -> None:
        """Start with a capture wanted at once.

        Args:
            policy: how patient to be.
            jitter: factor on each wait, so that many cameras don't come back at one moment.
        """
        self._policy, self._jitter = policy, jitter
        self._state = CameraState.CONNECTING
        self._fault: CameraFault | None = None
        self._retry_at_s: float | None = 0.0
        self._is_hurried = self._has_slept = False
        self._step = 0
        # When the present start or stall began.
        self._since_s = 0.0
        self._online_s: float | None = None
        self._seen_s: float | None = None
        # When the picture last changed, and when it last showed anything.
        self._new_s = self._clear_s = 0.0
        self._print: int | None = None
        self._pace = Pace()
        self._reconnected_s: deque[float] = deque()

    def status(self, now_s: float) -> CameraStatus:
        """Return the camera's state."""
        while self._reconnected_s and now_s - self._reconnected_s[0] > HOUR_S:
            self._reconnected_s.popleft()
        return CameraStatus(self._state, self._fault, self._retry_at_s, len(self._reconnected_s))

    @property
    def is_showing(self) -> bool:
        """Whether the newest frame may be shown and decided on."""
        return self._state is CameraState.ONLINE

    def poll(self, now_s: float) -> Action:
        """Return the action that is due now."""
        if self._retry_at_s is not None:
            return Action.START if now_s >= self._retry_at_s else Action.NONE
        if self._has_slept:
            return Action.KILL
        if self._seen_s is None:
            is_lost = now_s - self._since_s > self._policy.opening_s
            return Action.KILL if is_lost else Action.NONE
        if now_s - self._seen_s > self._patience_s():
            self._stall(CameraFault.NO_PICTURE, self._seen_s)
        is_lost = self._state is CameraState.STALLED and (
            self._is_hurried or now_s - self._since_s > self._policy.restart_after_s
        )
        return Action.KILL if is_lost else Action.NONE

    def started(self, now_s: float) -> None:
        """Take note that a capture was started."""
        self._since_s, self._retry_at_s, self._seen_s = now_s, None, None
        self._pace.clear()
        if self._fault is not CameraFault.FROZEN:
            self._print = None

    def ended(self, now_s: float, fault: CameraFault = CameraFault.UNREACHABLE) -> None:
        """Take note that the capture is gone, whether it failed or was killed."""
        if self._fault is not CameraFault.FROZEN:
            self._fault = fault
        self._state, self._online_s, self._has_slept = CameraState.OFFLINE, None, False
        if self._is_hurried:
            self._is_hurried, self._retry_at_s = False, now_s
            return
        waits = self._policy.retry_s
        self._retry_at_s = now_s + waits[min(self._step, len(waits) - 1)] * self._jitter()
        self._step += 1

    def retry(self, now_s: float) -> None:
        """Try again now: a wait is cut short, a stalled capture killed."""
        if self._retry_at_s is not None:
            self._retry_at_s = now_s
        elif self._state is CameraState.STALLED:
            self._is_hurried = True

    def wake(self) -> None:
        """Start anew at once, because the machine was asleep: whatever there was has gone meanwhile."""
        self._step = 0
        if self._retry_at_s is not None:
            self._retry_at_s = 0.0
        else:
            self._has_slept = self._is_hurried = True

    def frame(self, seen: Glance, now_s: float) -> None:
        """Take note of a frame."""
        self._pace.take(now_s)
        if self._seen_s is None and self._step:
            self._reconnected_s.append(now_s)
        self._seen_s = now_s
        is_blind = seen.is_black or seen.is_overexposed
        # Where every pixel is at its limit there is no noise either: that isn't frozen, but blind.
        if is_blind or seen.print != self._print:
            self._print, self._new_s = seen.print, now_s
        if now_s - self._new_s >= self._policy.frozen_after_s:
            self._stall(CameraFault.FROZEN, now_s)
            return
        if self._online_s is None or self._state is not CameraState.ONLINE:
            self._online_s = self._clear_s = now_s
        if not is_blind:
            self._clear_s = now_s
        self._state, self._fault = CameraState.ONLINE, self._weakness(seen, now_s)
        if now_s - self._online_s >= self._policy.steady_after_s:
            self._step = 0

    def _weakness(self, seen: Glance, now_s: float) -> CameraFault | None:
        if now_s - self._clear_s < self._policy.blind_after_s:
            return CameraFault.TOO_SLOW if self._pace.interval_s > TOO_SLOW_S else None
        return CameraFault.BLACK if seen.is_black else CameraFault.OVEREXPOSED

    def _patience_s(self) -> float:
        return max(self._policy.stalled_after_s, self._pace.interval_s + self._policy.overdue_s)

    def _stall(self, fault: CameraFault, since_s: float) -> None:
        if self._state is not CameraState.STALLED:
            self._state, self._fault, self._since_s = CameraState.STALLED, fault, since_s
