"""What the card of the trial day shows, read from the journal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from faceaccess.door.trial_day.day import passes_so_far
from faceaccess.store.journal.types import Event
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.attendance.zones import Zones
    from faceaccess.door.trial_day.day import TrialDay
    from faceaccess.door.trial_day.passes import Pass
    from faceaccess.door.trial_day.report import TrialReport
    from faceaccess.door.trial_day.trial_days import TrialDays
    from faceaccess.models.models import Models
    from faceaccess.store.people.people import People


@dataclass(frozen=True)
class TrialState:
    """What the card shows.

    Attributes:
        open_events: entries without an answer, oldest first.
        passes: those answered so far, while a trial is under way.
        names: of the people in question, by their ids.
        report: the result, once the trial is ended.
    """

    day: "TrialDay | None"
    open_events: tuple[Event, ...]
    passes: "tuple[Pass, ...]"
    people: tuple[Person, ...]
    names: Mapping[str, str]
    report: "TrialReport | None"


def read_state(trials: "TrialDays", people: "People", models: "Models", zones: "Zones") -> TrialState:
    """Return what the journal has. Slow once a trial is ended: pictures are measured."""
    day, policy = trials.latest(), models.thresholds.in_force
    everybody = tuple(person for person in people.list() if person.is_active)
    if day is None or not day.is_under_way:
        report = trials.report(day, policy) if day is not None and policy is not None else None
        if report is not None:
            report = replace(report, at=zones.local(report.at))
        return TrialState(day, (), (), everybody, {}, report)
    answered = {said.entry for said in day.said}
    events = trials.events(day)
    waiting = tuple(event for event in events if event.seq not in answered)
    ids = [event.entry.person_id or event.entry.nearest_id for event in waiting]
    names = trials.names([*filter(None, ids), *day.expected])
    return TrialState(day, waiting, passes_so_far(day, events), everybody, names, None)
