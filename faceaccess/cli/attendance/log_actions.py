"""`faceaccess log --actions`: actions of operators and the program."""

from datetime import UTC
from typing import TYPE_CHECKING

from faceaccess.cli.common import print_json, say, say_if_none

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace


def print_actions(space: "Workspace", limit: int, *, as_json: bool) -> None:
    """Print the last actions, newest first."""
    actions = space.keeping.actions.newest(limit=limit)
    say_if_none(actions, "No action was logged.", json=as_json)
    zones = space.office.timesheets.zones()
    if actions and not as_json:
        say(f"Times in {zones.names}", err=True)
    for action in actions:
        row = action.row
        if as_json:
            plain = {
                "kind": row.kind, "actor": row.actor, "person_id": row.person_id, "details": row.details,
                "person": action.person,
            }  # fmt: skip
            print_json({"seq": row.seq, "at": row.at.astimezone(UTC).isoformat(), **plain})
            continue
        when = zones.local(row.at).strftime("%Y-%m-%d %H:%M:%S")
        details = ", ".join(f"{name} {value}" for name, value in action.facts.items())
        whose = f" {action.whose}" if action.whose else ""
        say(f"{when}  {row.actor or '-'}: {row.kind.value.replace('_', ' ')}{whose}  {details}".rstrip())
