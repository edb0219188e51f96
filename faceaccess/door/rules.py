"""Access rules: groups, weekly time windows, holidays. Pure but for `AccessCheck`, which reads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from faceaccess.codes import OtherWay, Outcome, Reason
from faceaccess.recognition.types import FrameResult, TrackedFace
from faceaccess.store.access.groups import GroupMembers
from faceaccess.store.access.types import AccessGroup, AccessRules, Window
from faceaccess.store.people.other_ways import OtherWays
from faceaccess.store.policy import door_names
from faceaccess.store.policy.policies import Policies


def denial(groups: Sequence[AccessGroup], rules: AccessRules, door: str, at: datetime) -> Reason | None:
    """Return the reason why a person may not pass, or None.

    People in no group may always pass; people in several, when any of these may.

    Args:
        groups: those of the person.
        rules: the holidays are taken from them.
        door: name of the door.
        at: the wall clock's time at the door.
    """
    reasons = [_group_denial(group, rules, door, at) for group in groups]
    if not reasons or None in reasons:
        return None
    # The reason that is nearest to being let in: the right door at the wrong time.
    order = (Reason.OUTSIDE_HOURS, Reason.HOLIDAY, Reason.WRONG_DOOR)
    return min((reason for reason in reasons if reason is not None), key=order.index)


def _group_denial(group: AccessGroup, rules: AccessRules, door: str, at: datetime) -> Reason | None:
    if group.doors and door_names.spelled(group.doors, door) is None:
        return Reason.WRONG_DOOR
    if not group.windows:
        return Reason.HOLIDAY if at.date() in rules.holidays and not group.on_holidays else None
    began = [day for window in group.windows if (day := _window_day(window, at)) is not None]
    if not began:
        return Reason.OUTSIDE_HOURS
    if group.on_holidays or any(day not in rules.holidays for day in began):
        return None
    return Reason.HOLIDAY


def _window_day(window: Window, at: datetime) -> object | None:
    """Return the date on which the window began that is open now, or None.

    One that ends no later than it starts runs over midnight and belongs to the day it starts on.
    """
    time, today = at.time().replace(tzinfo=None), at.date()
    yesterday = today - timedelta(days=1)
    if window.start < window.end:
        return today if today.weekday() in window.days and window.start <= time < window.end else None
    if today.weekday() in window.days and time >= window.start:
        return today
    return yesterday if yesterday.weekday() in window.days and time < window.end else None


def apply(result: FrameResult, reason_for: Callable[[str], Reason | None]) -> FrameResult:
    """Return a result in which people who may not pass are DENIED, with the reason, not ACCEPTED."""
    return replace(result, faces=tuple(_apply_to(face, reason_for) for face in result.faces))


def _apply_to(face: TrackedFace, reason_for: Callable[[str], Reason | None]) -> TrackedFace:
    decision = face.decision
    if decision.outcome is not Outcome.ACCEPTED or decision.person_id is None:
        return face
    reason = reason_for(decision.person_id)
    if reason is None:
        return face
    return replace(face, decision=replace(decision, outcome=Outcome.DENIED, reason=reason))


def set_free(
    groups_of: Mapping[str, Sequence[str]], before: AccessRules, after: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """Return the ids of people who may pass at any time after a change, and might not before.

    Args:
        groups_of: ids of everybody's groups before it.
        before: the rules before it.
        after: ids of everybody's groups after it.
    """
    known = {group.group_id for group in before.groups}
    return tuple(
        person_id
        for person_id, ids in groups_of.items()
        if known & set(ids) and not known & set(after.get(person_id, ()))
    )


class AccessCheck:
    """The rules and groups in force, kept in memory. May be asked on any thread."""

    def __init__(self, policies: Policies, members: GroupMembers, other_ways: OtherWays) -> None:
        self._policies, self._members, self._stored_ways = policies, members, other_ways
        self._state: tuple[AccessRules, Mapping[str, tuple[AccessGroup, ...]]] = (AccessRules(), {})
        self._other_ways: Mapping[str, OtherWay] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read rules and groups again, because they have changed."""
        rules = self._policies.read(AccessRules)
        groups = {group.group_id: group for group in rules.groups}
        people = {
            person_id: tuple(groups[group_id] for group_id in ids if group_id in groups)
            for person_id, ids in self._members.by_person().items()
        }
        self._state, self._other_ways = (rules, people), self._stored_ways.by_person()

    def other_way(self, person_id: str) -> OtherWay | None:
        """Return how a person comes in instead of turning the head; None for being asked like others."""
        return self._other_ways.get(person_id)

    def members(self) -> Mapping[str, tuple[str, ...]]:
        """Return the ids of everybody's groups, as they are stored now."""
        return self._members.by_person()

    def reason_for(self, person_id: str, door: str, at: datetime) -> Reason | None:
        """Return the reason why a person may not pass a door, or None.

        Args:
            person_id: who wants to pass.
            door: name of the door.
            at: aware time; windows are of this computer's wall clock.
        """
        rules, people = self._state
        return denial(people.get(person_id, ()), rules, door, at.astimezone())
