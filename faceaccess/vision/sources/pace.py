"""How often a source gives a picture."""

import statistics
from collections import deque

INTERVALS_KEPT = 9

SLOW_S = 0.5
"""From this time between two pictures on, people move too far to be followed by where they are."""

TOO_SLOW_S = 2.0
"""Beyond it most people pass between two pictures: two are needed to decide, and few stay for 4 s."""


class Pace:
    """The usual time between two pictures. Times are passed in, seconds on one clock."""

    def __init__(self, fps: float = 0.0) -> None:
        """Begin.

        Args:
            fps: what the source says about itself, which counts until it has been seen; 0: nothing.
        """
        self._said_s = 1 / fps if fps > 0 else 0.0
        self._last_s: float | None = None
        self._intervals: deque[float] = deque(maxlen=INTERVALS_KEPT)

    def take(self, time_s: float) -> None:
        """Take note of a picture."""
        if self._last_s is not None and time_s > self._last_s:
            self._intervals.append(time_s - self._last_s)
        self._last_s = time_s

    def clear(self) -> None:
        """Forget what was, as the source begins anew."""
        self._last_s = None
        self._intervals.clear()

    @property
    def interval_s(self) -> float:
        """The lower median of the last intervals, so that pauses don't count; 0 while it isn't known."""
        return statistics.median_low(self._intervals) if self._intervals else self._said_s
