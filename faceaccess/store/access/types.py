"""Actors, and the rules of access."""

from dataclasses import dataclass
from datetime import date, datetime, time

from faceaccess.codes import Role
from faceaccess.errors import SettingsError
from faceaccess.plain_text import has_hidden


@dataclass(frozen=True)
class Actor:
    """The operator or part of the program that does something.

    Attributes:
        name: an operator's name, "door" for the door itself, or the computer account
            while a data folder is open (has no operators).
        role: what the name may do.
    """

    name: str
    role: Role = Role.OPEN


DOOR = Actor("door", Role.DOOR)


SYSTEM = Actor("faceaccess", Role.SYSTEM)
"""The program itself, for what it notices and does on a schedule."""


NOBODY = Actor("", Role.NOBODY)
"""Who has not signed in to a folder that has operators."""


@dataclass(frozen=True)
class Operator:
    """Somebody who may use the program."""

    name: str
    role: Role
    created_at: datetime


@dataclass(frozen=True)
class Proof:
    """The proof that somebody is an admin.

    Attributes:
        name: of an operator; "" where the secret is the recovery passphrase.
        secret: the password, or the passphrase, as typed.
    """

    name: str
    secret: str


@dataclass(frozen=True)
class Window:
    """A weekly time window.

    Attributes:
        days: weekdays on which it starts, 0 Monday to 6 Sunday.
        start: wall-clock time, inclusive.
        end: wall-clock time, exclusive; no later than `start` means on the next day.
    """

    days: frozenset[int]
    start: time
    end: time


@dataclass(frozen=True)
class AccessGroup:
    """People who may pass at the same times.

    Attributes:
        windows: when; none means at any time.
        doors: where; none means every door.
        on_holidays: whether the windows count on holidays too.
    """

    group_id: str
    name: str
    windows: tuple[Window, ...] = ()
    doors: tuple[str, ...] = ()
    on_holidays: bool = False


@dataclass(frozen=True)
class AccessRules:
    """The rules for passing doors."""

    groups: tuple[AccessGroup, ...] = ()
    holidays: frozenset[date] = frozenset()

    def check(self) -> None:
        """Check that each group differs from the others in name and may pass some time.

        Raises:
            SettingsError: two groups have one name, or a window could never let in.
        """
        names = [group.name.strip().casefold() for group in self.groups]
        if len(set(names)) < len(names) or "" in names:
            raise SettingsError("Each group needs a name of its own.")
        if any(has_hidden(name) for name in names):
            raise SettingsError("A group's name contains a control character.", "Type it again by hand.")
        if any(not window.days for group in self.groups for window in group.windows):
            raise SettingsError("A time window needs at least one weekday.")
