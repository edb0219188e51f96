"""A trial day with the conditions that its figures hold for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from faceaccess.door.trial_day.counting import TrialCount
from faceaccess.recognition.types import MatchPolicy


@dataclass(frozen=True)
class TrialReport:
    """What was counted, and under which conditions.

    Attributes:
        at: when it began, UTC; of recordings, when they were played.
        policy: model, threshold and margin that decided.
        enrolled: how many people could be recognised.
        cameras: their names, or those of the recordings.
        passes: how often each of those who took part was to come by; 0 where a list said who came.
        names: of the people who came by, by their ids.
        is_of_recordings: whether it was made from recordings.
    """

    count: TrialCount
    at: datetime
    policy: MatchPolicy
    enrolled: int
    cameras: tuple[str, ...]
    passes: int
    names: Mapping[str, str]
    is_of_recordings: bool = False
