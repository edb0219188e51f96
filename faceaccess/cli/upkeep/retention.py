"""`faceaccess retention`: how long personal data is kept."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from faceaccess.cli.common import Commands, DataDir, Json, counted, print_json, say, workspace
from faceaccess.codes import Right
from faceaccess.settings import RetentionSettings

app = Commands(help="How long pictures, entries and people are kept.", no_args_is_help=True)

Days = Annotated[int | None, typer.Option(help="Days; 0: until somebody deletes it.", min=0)]


@app.command("set")
def set_retention(
    ctx: typer.Context,
    unknown_crops: Days = None,
    crops: Days = None,
    events: Days = None,
    leavers: Days = None,
    deleted: Annotated[int | None, typer.Option(help="Days; what was deleted is erased then.", min=1)] = None,
    data_dir: DataDir = None,
) -> None:
    """Set how long data is kept; a running door or window removes older data by itself."""
    from dataclasses import replace

    limits = {
        "unknown_crops_days": unknown_crops,
        "crops_days": crops,
        "events_days": events,
        "leavers_days": leavers,
        "deleted_days": deleted,
    }
    with workspace(ctx, data_dir, right=Right.KEEP) as space:
        changes = {name: days for name, days in limits.items() if days is not None}
        space.policies.set(space.access.actor, replace(space.policies.read(RetentionSettings), **changes))


@app.command()
def preview(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """Print how much would be removed now, and remove nothing."""
    with workspace(ctx, data_dir, read_only=True, right=Right.KEEP) as space:
        settings = space.policies.read(RetentionSettings)
        _print(vars(space.keeping.expiry.preview(settings, datetime.now(UTC))), vars(settings), as_json=json)


@app.command()
def run(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """Remove data past its time now; journalled."""
    with workspace(ctx, data_dir, right=Right.KEEP) as space:
        settings = space.policies.read(RetentionSettings)
        removed = space.keeping.expiry.run(space.access.actor, settings, datetime.now(UTC))
        _print(vars(removed), vars(settings), as_json=json)


def _print(counts: dict[str, int], days: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        print_json(counts)
        return
    for (name, count), limit in zip(counts.items(), _ordered(days), strict=True):
        after = f"after {counted(limit, 'day')}" if limit else "kept until deleted"
        say(f"{name.replace('_', ' ')}: {count} ({after})")


def _ordered(days: dict[str, int]) -> list[int]:
    return [
        days[name]
        for name in ("unknown_crops_days", "crops_days", "events_days", "leavers_days", "deleted_days")
    ]
