"""How right a door's entries were, against the truth of a recording."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faceaccess.codes import Outcome
from faceaccess.door.trial_day.visits import visits_at
from faceaccess.errors import FaceAccessError
from faceaccess.foreign_files import read_text

_MOST_BYTES = 16 * 2**20
NEAR_PX = 80
"""Width of a face at which a person expects to be seen."""


@dataclass(frozen=True)
class Visit:
    """Somebody in front of the camera.

    Attributes:
        person: a name, or None for a stranger.
        near_s: when the face was first `NEAR_PX` wide.
        shown: who a stranger is, where the truth says so.
    """

    person: str | None
    start_s: float
    end_s: float
    near_s: float
    shown: str = ""


@dataclass(frozen=True)
class Entered:
    """An entry, as far as it is scored.

    Attributes:
        time_s: of the frame that decided, seconds of the recording.
        person: the name entered, or None.
        made_s: when it was made, on the same clock; later than `time_s` only in real time.
    """

    time_s: float
    outcome: Outcome
    person: str | None
    made_s: float


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
        missed_people, strangers_otherwise: names of the people missed, and of the strangers without or with
            several UNKNOWN entries.
        delays_s: from a face first `NEAR_PX` wide to its entry, seconds; 0 when entered sooner.
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
    missed_people: list[str] = field(default_factory=list)
    strangers_otherwise: list[str] = field(default_factory=list)
    delays_s: list[float] = field(default_factory=list)


def read_truth(path: Path) -> list[Visit]:
    """Read a recording's `fps` and `visits` of `person`, `start_s`, `end_s`, `frames`.

    A row of `frames` is a frame's number and the face's x, y, width and height in pixels; without
    any, the face counts as near from the visit's start.

    Raises:
        FaceAccessError: it isn't such a file.
    """
    try:
        truth = json.loads(read_text(path, _MOST_BYTES))
        return [
            Visit(
                row["person"].replace("_", " ") if row["person"] else None,
                row["start_s"],
                row["end_s"],
                _near_s(row, truth.get("fps", 1.0)),
                row.get("stranger") or "",
            )
            for row in truth["visits"]
        ]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise FaceAccessError(
            f"{path} doesn't hold the visits of a recording.", "See: faceaccess help measured."
        ) from exc


def _near_s(row: dict[str, Any], fps: float) -> float:
    if not row.get("frames"):
        return float(row["start_s"])
    near = (face[0] / fps for face in row["frames"] if face[3] >= NEAR_PX)
    return float(next(near, row["end_s"]))


def score(visits: Sequence[Visit], entries: Sequence[Entered]) -> VideoScore:
    """Count the right and wrong entries of a recording.

    Args:
        visits: the truth; visits of one time stand side by side.
        entries: in any order.
    """
    result = VideoScore()
    accepted = Counter[int]()
    unknown = Counter[int]()
    for entry in sorted(entries, key=lambda entry: entry.time_s):
        here = visits_at(visits, entry.time_s)
        if entry.outcome is Outcome.ACCEPTED:
            own = [i for i in here if visits[i].person == entry.person]
            if own:
                accepted[own[0]] += 1
                if accepted[own[0]] == 1:
                    result.delays_s.append(max(0.0, entry.made_s - visits[own[0]].near_s))
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
        if unknown != 1:
            result.strangers_otherwise.append(visit.shown or "?")
        return
    result.staff_visits += 1
    result.right += accepted > 0
    result.missed += accepted == 0
    if not accepted:
        result.missed_people.append(visit.person)
    result.duplicates += max(0, accepted - 1)
