"""`faceaccess log --actions`: actions of operators and the program."""

import re
from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING

from faceaccess.cli.common import print_json, say, say_if_none
from faceaccess.codes import JournalKind

if TYPE_CHECKING:
    from faceaccess.store.people.people import People
    from faceaccess.workspace import Workspace

_PERSON_ID = re.compile("[0-9a-f]{32}")


def print_actions(space: "Workspace", limit: int, *, as_json: bool) -> None:
    """Print the last actions, newest first."""
    no_actions = (
        JournalKind.ENTRY,
        JournalKind.CAMERA_STATE,
        JournalKind.CAMERA_DRIFT,
        JournalKind.RECORDS_SEALED,
    )
    kinds = [kind for kind in JournalKind if kind not in no_actions]
    rows = space.journal.rows.newest(kinds, limit=limit)
    say_if_none(rows, "No action was logged.", json=as_json)
    known, zones = _Known(space.people), space.office.timesheets.zones()
    if rows and not as_json:
        say(f"Times in {zones.names}", err=True)
    for row in rows:
        plain = {"kind": row.kind, "actor": row.actor, "person_id": row.person_id, "details": row.details}
        if as_json:
            person = known.name(row.person_id or "")
            print_json({"seq": row.seq, "at": row.at.astimezone(UTC).isoformat(), **plain, "person": person})
            continue
        when = zones.local(row.at).strftime("%Y-%m-%d %H:%M:%S")
        details = ", ".join(f"{name} {known.with_names(value)}" for name, value in row.details.items())
        whose = f" {known.label(row.person_id)}" if row.person_id else ""
        say(f"{when}  {row.actor or '-'}: {row.kind.value.replace('_', ' ')}{whose}  {details}".rstrip())


class _Known:
    """The names of people who are still known, beside their ids."""

    def __init__(self, people: "People") -> None:
        self._people = people
        self._names: dict[str, str | None] = {}

    def name(self, person_id: str) -> str | None:
        """Return a person's present name, as entries have it; None for one since erased, or for no id."""
        from faceaccess.errors import EnrolmentError

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
