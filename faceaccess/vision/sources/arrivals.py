"""The age of a live camera's frame, told from how its frames arrive, as no camera says it."""

import statistics
from collections import deque

OLDEST_S = 1.0
"""A frame that may be older than this when it is read is passed over."""

DRAIN_S = 1.0
"""So long at least, and until as many frames were passed over as can have waited. Frames that then
still come without a wait are those of a camera that has become faster."""

KEPT = 9
LIKELY_FPS = (0.1, 240.0)
PROBABLE_FPS = 25.0


class Arrivals:
    """Follows the frames of one connection. Times are passed in.

    Driver, network and decoder keep frames while nobody reads or the line is down, and then
    give them all at once, oldest first: each is new to us, but none shows what is there now.
    A read that had to wait found the buffers empty: its frame has just come.
    """

    def __init__(self, opened_s: float, fps: float) -> None:
        """Begin.

        Args:
            opened_s: when the opening began: the first frame may be as old as that.
            fps: what the camera says about itself; may be nonsense.
        """
        least, most = LIKELY_FPS
        self._last_s = opened_s
        self._usual_s = 1 / (fps if least <= fps <= most else PROBABLE_FPS)
        self._intervals: deque[float] = deque(maxlen=KEPT)
        # How long reads wait while nothing is wrong: less than an interval, as the reader has work to do.
        self._waits: deque[float] = deque(maxlen=KEPT)
        self._age_s, self._is_begun = 0.0, False
        # While what waited is passed over: until when, and how much of it there may still be.
        self._drained_s: float | None = None
        self._backlog_s = 0.0

    def age_s(self, started_s: float, ended_s: float) -> float:
        """Return the greatest age that a frame may have.

        Args:
            started_s: when its reading began.
            ended_s: when it was there.
        """
        interval_s, waited_s = ended_s - self._last_s, ended_s - started_s
        self._last_s = ended_s
        usual_s = statistics.median(self._intervals) if self._intervals else self._usual_s
        has_waited = waited_s >= (statistics.median(self._waits) if self._waits else usual_s) / 2
        if self._drained_s is not None and not has_waited:
            self._backlog_s += interval_s - usual_s
            if ended_s < self._drained_s or self._backlog_s > 0:
                self._age_s += interval_s
                return self._age_s
            self._intervals.clear()
            self._waits.clear()
            self._usual_s, self._age_s = interval_s, 0.0
        if self._is_begun:
            self._intervals.append(interval_s)
            self._waits.append(waited_s)
        self._is_begun = True
        # It follows the last frame in time as frames usually do, so it may have waited for the rest.
        self._age_s = max(0.0, self._age_s + interval_s - usual_s)
        if has_waited:
            self._age_s = min(self._age_s, max(0.0, waited_s - usual_s))
        if self._age_s <= OLDEST_S:
            self._drained_s = None
        elif self._drained_s is None:
            self._drained_s, self._backlog_s = ended_s + DRAIN_S, self._age_s
        return self._age_s
