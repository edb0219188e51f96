"""How right a door's entries were, against the truth of a recording."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from faceaccess.codes import Outcome
from faceaccess.errors import FaceAccessError
from faceaccess.store.types import Event

ENDS_LATE_S = 0.75
"""A refusal is written when its track ends, half a second after the face was last seen."""


@dataclass(frozen=True)
class Visit:
    """Somebody in front of the camera: a person's name, or None for a stranger."""

    person: str | None
    start_s: float
    end_s: float


@dataclass
class VideoScore:
    """Visits and entries counted.

    Attributes:
        right: staff visits with an ACCEPTED entry under the right name.
        missed: staff visits without.
        duplicates: further ACCEPTED entries of a visit.
        wrong_name: ACCEPTED entries under a name that isn't there, while staff is.
        accepted_strangers: ACCEPTED entries while only strangers are there.
        strangers_logged_once: strangers' visits with one UNKNOWN entry.
        delays_s: from a visit's start to its entry, seconds.
    """

    staff_visits: int = 0
    stranger_visits: int = 0
    right: int = 0
    missed: int = 0
    duplicates: int = 0
    wrong_name: int = 0
    accepted_strangers: int = 0
    strangers_logged_once: int = 0
    strangers_unlogged: int = 0
    other_entries: Counter[str] = field(default_factory=Counter)
    delays_s: list[float] = field(default_factory=list)


def read_truth(path: Path) -> list[Visit]:
    """Read the visits of a recording: `visits` of `person`, `start_s`, `end_s`.

    Raises:
        FaceAccessError: it isn't such a file.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["visits"]
        return [
            Visit(row["person"].replace("_", " ") if row["person"] else None, row["start_s"], row["end_s"])
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise FaceAccessError(f"{path} doesn't hold the visits of a recording.", "See the README.") from exc


def score(visits: Sequence[Visit], events: Sequence[Event]) -> VideoScore:
    """Count what a recording's entries got right.

    Args:
        visits: the truth; visits of one time stand side by side.
        events: the entries, any order.
    """
    result = VideoScore()
    accepted = Counter[int]()
    unknown = Counter[int]()
    for event in sorted(events, key=lambda event: event.entry.time_s):
        entry = event.entry
        here = [
            i for i, visit in enumerate(visits) if visit.start_s <= entry.time_s <= visit.end_s + ENDS_LATE_S
        ]
        if entry.outcome is Outcome.ACCEPTED:
            own = [i for i in here if visits[i].person == event.person_name]
            if own:
                accepted[own[0]] += 1
                if accepted[own[0]] == 1:
                    result.delays_s.append(entry.time_s - visits[own[0]].start_s)
            elif any(visits[i].person for i in here):
                result.wrong_name += 1
            else:
                result.accepted_strangers += 1
        elif entry.outcome is Outcome.UNKNOWN and (free := [i for i in here if visits[i].person is None]):
            # Beside another stranger, an entry belongs to the one who has none yet.
            unknown[min(free, key=lambda i: unknown[i])] += 1
        else:
            result.other_entries[entry.outcome.value] += 1
    for i, visit in enumerate(visits):
        _count_visit(result, visit, accepted[i], unknown[i])
    return result


def _count_visit(result: VideoScore, visit: Visit, accepted: int, unknown: int) -> None:
    if visit.person is None:
        result.stranger_visits += 1
        result.strangers_logged_once += unknown == 1
        result.strangers_unlogged += unknown == 0
        return
    result.staff_visits += 1
    result.right += accepted > 0
    result.missed += accepted == 0
    result.duplicates += max(0, accepted - 1)
