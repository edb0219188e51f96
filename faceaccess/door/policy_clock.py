"""The time by which a door decides: it goes on even when the computer's clock is set back."""

from datetime import datetime, timedelta


class PolicyClock:
    """The clock shared by faces, PINs and the desk at one door. For use on one thread.

    Without it, a clock that is set back by an hour would make a cool-down last an hour, or, asked
    by another clock, end at once.
    """

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None

    def at(self, wall: datetime, time_s: float) -> datetime:
        """Return the policy's time, never earlier than the last one.

        Args:
            wall: UTC, by the computer's clock.
            time_s: of the same moment, on the source's or the steady clock.
        """
        if self._last is None:
            self._last = wall, time_s
            return wall
        last, last_s = self._last
        now = max(wall, last + timedelta(seconds=max(0.0, time_s - last_s)))
        self._last = now, max(time_s, last_s)
        return now
