"""The access groups and holidays, which say who may pass when."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from faceaccess.codes import Right
from faceaccess.door.rules import AccessCheck, set_free
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import AccessGroup, AccessRules, Actor
from faceaccess.store.policy.policies import Policies


def new_group(name: str) -> AccessGroup:
    """Return a new group whose members may pass at any time, not stored yet."""
    return AccessGroup(secrets.token_hex(4), name)


class Groups:
    """Sets up access groups; an open door decides by them from the next frame on."""

    def __init__(self, policies: Policies, access: AccessCheck) -> None:
        self.database = policies.database
        self._policies, self._access = policies, access

    @needs(Right.SET_POLICY)
    def put(self, actor: Actor, group: AccessGroup) -> None:
        """Add a group, or change the one of its id.

        Raises:
            SettingsError: it can't be used.
        """
        with self.database.transaction():
            rules = self._policies.read(AccessRules)
            by_id = {known.group_id: known for known in rules.groups} | {group.group_id: group}
            self._set(actor, replace(rules, groups=tuple(by_id.values())))

    @needs(Right.SET_POLICY)
    def remove(self, actor: Actor, group_id: str) -> None:
        """Remove a group; `set_free_by` tells who could pass at any time after it."""
        with self.database.transaction():
            rules = self._policies.read(AccessRules)
            left = tuple(group for group in rules.groups if group.group_id != group_id)
            self._set(actor, replace(rules, groups=left))

    @needs(Right.SET_POLICY)
    def set_holidays(self, actor: Actor, days: Iterable[date]) -> None:
        """Set the days on which only groups marked for it may pass."""
        with self.database.transaction():
            self._set(actor, replace(self._policies.read(AccessRules), holidays=frozenset(days)))

    def set_free_by(
        self, *, group_id: str | None = None, person_id: str | None = None, groups: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Return the ids of people who could pass at any time after a change, and may not now.

        Args:
            group_id: a group that would be removed.
            person_id: whose groups would be others.
            groups: these.
        """
        rules, now = self._policies.read(AccessRules), self._access.members()
        then = {
            who: tuple(groups) if who == person_id else tuple(known for known in ids if known != group_id)
            for who, ids in now.items()
        }
        return set_free(now, rules, then)

    def _set(self, actor: Actor, rules: AccessRules) -> None:
        self._policies.set(actor, rules)
        self._access.refresh()
