"""A clock that never goes back and goes on while the machine sleeps."""

import sys
import time


def steady_s() -> float:
    """Return seconds on the clock that an order's or a frame's age is told by; the same in all processes.

    Python's monotonic clock stands still during a suspend on Linux and macOS: what was new before
    it would still be new after it.
    """
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        # Unlike `time.monotonic`, it goes on while a Mac sleeps (clock_gettime(3)).
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()
