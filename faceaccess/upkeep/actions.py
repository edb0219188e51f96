"""The actions of operators and the program, with the names of the people they are about."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from faceaccess.codes import JournalKind
from faceaccess.errors import EnrolmentError
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import JournalRow
from faceaccess.store.people.people import People

_PERSON_ID = re.compile("[0-9a-f]{32}")
_NO_ACTIONS = frozenset(
    {
        JournalKind.ENTRY,
        JournalKind.CAMERA_STATE,
        JournalKind.CAMERA_DRIFT,
        JournalKind.RECORDS_SEALED,
    }
)
ACTION_KINDS = tuple(kind for kind in JournalKind if kind not in _NO_ACTIONS)
"""Rows of these are actions; the others are what doors and cameras saw."""


@dataclass(frozen=True)
class Action:
    """An action as people read it.

    Attributes:
        row: the journal's.
        person: the present name of the person it is about, as entries have it; None for nobody, or for
            somebody since erased.
        whose: the name with the start of the id; the latter alone without a name; "" for nobody.
        facts: the row's, as text; ids of people who are known are short and have their names.
        why: the reason given; "" without one, or since it was erased.
    """

    row: JournalRow
    person: str | None
    whose: str
    facts: Mapping[str, str]
    why: str


class Actions:
    """Reads actions; changes nothing."""

    def __init__(self, journal: Journal, people: People) -> None:
        self._journal, self._people = journal, people

    def newest(self, *, limit: int = 100, before_seq: int | None = None) -> list[Action]:
        """Return the last actions, newest first.

        Args:
            limit: how many at most.
            before_seq: only older ones than this, to read on; None starts at the newest.
        """
        rows = self._journal.rows.newest(ACTION_KINDS, limit=limit, before_seq=before_seq)
        known = _Known(self._people)
        return [
            Action(
                row,
                known.name(row.person_id or ""),
                known.label(row.person_id) if row.person_id else "",
                {name: known.with_names(value) for name, value in _plain(row.details).items()},
                self._journal.rows.note(row.seq) or "",
            )
            for row in rows
        ]


def _plain(details: Mapping[str, object]) -> dict[str, object]:
    """Return details with what differs in place of two whole states before and after."""
    plain = dict(details)
    before, after = details.get("before"), details.get("after")
    if isinstance(before, dict) and isinstance(after, dict):
        del plain["before"], plain["after"]
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                plain[name] = f"{_short(before.get(name))} → {_short(after.get(name))}"
    return plain


def _short(value: object) -> str:
    return "–" if value is None or value == "" else str(value)


class _Known:
    """The names of people who are still known, beside their ids."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._names: dict[str, str | None] = {}

    def name(self, person_id: str) -> str | None:
        """Return a person's present name; None for one since erased, or for no id."""
        if person_id not in self._names:
            self._names[person_id] = None
            if _PERSON_ID.fullmatch(person_id):
                with suppress(EnrolmentError):
                    self._names[person_id] = self._people.get(person_id).name
        return self._names[person_id]

    def label(self, person_id: str) -> str:
        """Return the start of an id, after the name where there is one."""
        name = self.name(person_id)
        return f"{name} ({person_id[:8]})" if name else person_id[:8]

    def with_names(self, value: object) -> str:
        """Return a detail as text, ids of people who are known short and with their names."""
        if isinstance(value, list):
            return f"[{', '.join(map(self.with_names, value))}]"
        text = str(value)
        return self.label(text) if self.name(text) else text
