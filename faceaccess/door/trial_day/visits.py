"""Which visits an entry of the log may belong to, by their times."""

from collections.abc import Sequence
from typing import Protocol

ENDS_LATE_S = 0.75
"""A refusal is written when its track ends, half a second after the face was last seen."""


class Timed(Protocol):
    """Somebody in front of a camera for a while, seconds of one clock."""

    @property
    def start_s(self) -> float:
        """When it began."""

    @property
    def end_s(self) -> float:
        """When it ended."""


def visits_at(visits: Sequence[Timed], time_s: float) -> list[int]:
    """Return the numbers of the visits that an entry at a time may belong to."""
    return [
        number for number, visit in enumerate(visits) if visit.start_s <= time_s <= visit.end_s + ENDS_LATE_S
    ]
