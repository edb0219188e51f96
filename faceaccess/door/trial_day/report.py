"""A trial day with the conditions that its figures hold for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from faceaccess.door.trial_day.counting import TrialCount
from faceaccess.recognition.types import MatchPolicy
from faceaccess.store.people.types import Person


@dataclass(frozen=True)
class TrialReport:
    """What was counted, and under which conditions.

    Attributes:
        at: when it began; of recordings, when they were played.
        policy: model, threshold and margin that decided.
        enrolled: how many people could be recognised.
        photos: how many photos of theirs decided.
        cameras: their names, or those of the recordings.
        passes: how often each of those who took part was to come by; 0 where a list said who came.
        names: of the people who came by, were to come, or were entered, by their ids.
        expected: the people who were to come, by their ids; nobody where nobody was chosen.
        is_of_recordings: whether it was made from recordings.
    """

    count: TrialCount
    at: datetime
    policy: MatchPolicy
    enrolled: int
    photos: int
    cameras: tuple[str, ...]
    passes: int
    names: Mapping[str, str]
    expected: tuple[str, ...] = ()
    is_of_recordings: bool = False

    @property
    def absent(self) -> tuple[str, ...]:
        """The people who were to come and never did."""
        came = {tally.key for tally in self.count.by_person}
        return tuple(person_id for person_id in self.expected if person_id not in came)


def taken_for(counted: TrialCount) -> list[str]:
    """Return the ids of the people as whom others were entered."""
    return [fault.taken_for for fault in counted.faults if fault.taken_for]


def enrolled_of(people: Sequence[Person]) -> tuple[int, int]:
    """Return how many of people a model can recognise, and how many photos of theirs it has.

    Args:
        people: everybody, with their templates of the model.
    """
    photos = [person.template_count for person in people if person.is_active and person.template_count]
    return len(photos), sum(photos)
