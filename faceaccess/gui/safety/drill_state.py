"""What the card of the attack drill shows, read from the journal."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from faceaccess.store.journal.types import Event
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.door.liveness.drill import Drill, DrillReport, DrillRow, Drills
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies


@dataclass(frozen=True)
class DrillState:
    """What the card shows.

    Attributes:
        drill: the last, under way or not; None without any.
        doors: the names of all.
        people: those who could be imitated.
        imitated: the name of the person whose pictures are held up now; "" for none.
        rows: what came of each kind so far, while the drill is under way.
        last: the newest entry of the drill.
        report: the result, once it is ended.
    """

    drill: "Drill | None"
    doors: tuple[str, ...]
    people: tuple[Person, ...]
    imitated: str = ""
    rows: "tuple[DrillRow, ...]" = ()
    last: Event | None = None
    report: "DrillReport | None" = None

    @property
    def under_way(self) -> "Drill | None":
        """The drill that goes on; None where none does."""
        return self.drill if self.drill is not None and self.drill.is_under_way else None


def read_state(drills: "Drills", people: "People", policies: "Policies") -> DrillState:
    """Return what the journal has. Slow once a drill is ended: the visits of thirty days are counted."""
    drill, doors = drills.latest(), policies.doors()
    everybody = tuple(person for person in people.list() if person.is_active)
    if drill is None:
        return DrillState(None, doors, everybody)
    if not drill.is_under_way:
        return DrillState(drill, doors, everybody, report=drills.report(drill))
    imitated = people.label_or_id(drill.person_id) if drill.person_id else ""
    last = next(iter(drills.events(drill)), None)
    return DrillState(drill, doors, everybody, imitated, drills.rows(drill), last)
