"""A clock that never goes back and goes on while the machine sleeps."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path


def steady_s() -> float:
    """Return seconds on the clock by which orders and frames age; the same in all processes.

    Python's monotonic clock stands still during a suspend on Linux and macOS: what was new before
    it would still be new after it.
    """
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        # Unlike `time.monotonic`, it goes on while a Mac sleeps (clock_gettime(3)).
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


@dataclass(frozen=True)
class Uptime:
    """How long the machine has been running, as the system says.

    Attributes:
        boot: names this run of the machine.
        seconds: since it began.
    """

    boot: str
    seconds: float


def uptime() -> Uptime | None:
    """Return how long the machine has been running, by a clock no process can set; None: not known.

    Read from files of the kernel: what pretends another time to a program (libfaketime) answers its calls
    for the time, and a wall clock can be set. A namespace of its own for clocks can still shift it.
    """
    if sys.platform != "linux":
        return None
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return Uptime(boot, float(Path("/proc/uptime").read_text(encoding="ascii").split()[0]))
    except (OSError, ValueError, IndexError):
        return None
