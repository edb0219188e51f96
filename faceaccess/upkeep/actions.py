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
        JournalKind.CAMERA_DOUBTED,
        JournalKind.OFTEN_SUSPECTED,
        JournalKind.RECORDS_SEALED,
    }
)
_OF_THE_PROGRAM = frozenset(
    {
        JournalKind.PROGRAM_STARTED,
        JournalKind.PROGRAM_STOPPED,
        JournalKind.HEAD_KEPT,
        JournalKind.CLOCK_CHANGED,
        JournalKind.NOTIFICATION_DROPPED,
        JournalKind.RETENTION_RUN,
        JournalKind.JOURNAL_PRUNED,
        JournalKind.EXPORT_FAILED,
    }
)
_BY_HAND = ("at", "direction", "door", "corrects", "evidence")
"""Details of an entry by hand that say what it is about; the others are of faces."""

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

    def newest(
        self, *, limit: int = 100, before_seq: int | None = None, is_of_operators: bool = False
    ) -> list[Action]:
        """Return the last actions, entries by hand among them, newest first.

        Args:
            limit: how many at most.
            before_seq: only older ones than this, to read on; None starts at the newest.
            is_of_operators: leave out what the program does by itself.
        """
        kinds = [kind for kind in ACTION_KINDS if not (is_of_operators and kind in _OF_THE_PROGRAM)]
        rows = self._journal.rows.newest(kinds, limit=limit, before_seq=before_seq, or_by_hand=True)
        known = _Known(self._people)
        return [
            Action(
                row,
                known.name(row.person_id or ""),
                known.label(row.person_id) if row.person_id else "",
                {name: known.with_names(value) for name, value in _facts(row).items()},
                self._journal.rows.note(row.seq) or "",
            )
            for row in rows
        ]


def _facts(row: JournalRow) -> dict[str, object]:
    if row.kind is not JournalKind.ENTRY:
        return _plain(row.details)
    about = {name: row.details.get(name) for name in _BY_HAND if row.details.get(name)}
    return {"at": row.at.isoformat(timespec="minutes"), **about}


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
    if isinstance(value, dict) and "one_in" in value:
        return f"one stranger in {value['one_in']}"
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
