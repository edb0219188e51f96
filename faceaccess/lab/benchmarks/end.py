"""`faceaccess benchmark end`: the time an entry takes when nobody can cut off the log's end."""

import os
import statistics
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say
from faceaccess.lab.benchmarks.report import entries_of_people

_CROP_BYTES = 12_000
_TURN = 20
_PAGES_OF_SQLITE = 1000
"""How long SQLite lets its write-ahead log become by itself, pages: https://www.sqlite.org/pragma.html"""


def end(
    entries: Annotated[int, typer.Option("--entries", min=20, help="Entries of each kind.")] = 500,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Write on this disk; else among temporary files.")
    ] = None,
    json: Json = False,
) -> None:
    """Time entries moved into the database file at once, beside others that stay in the log, by turns.

    What stays in SQLite's write-ahead log can be removed with it when the program was killed.
    """
    with failing_clearly(), tempfile.TemporaryDirectory(dir=folder) as throw_away:
        laps_ms = _measured(Path(throw_away), entries)
    figures = {
        f"{name}, {share}% (ms)": statistics.quantiles(laps, n=100)[share - 1]
        for name, laps in laps_ms.items()
        for share in (50, 95)
    }
    if json:
        print_json(figures)
        return
    for name, value in figures.items():
        say(f"{name:<44} {value:>8.2f}")


def _measured(folder: Path, entries: int) -> dict[str, list[float]]:
    """Return the milliseconds of each entry by treatment of the log, by turns of twenty in one run."""
    from faceaccess.workspace import Workspace

    pages = {"in the file at once": 1, "in SQLite's log for a while": _PAGES_OF_SQLITE}
    laps: dict[str, list[float]] = {name: [] for name in pages}
    with Workspace.open(folder) as space:
        person = space.people.create(name="Person").person_id
        waiting = entries_of_people([person], 2 * entries)
        for turn in range(-(-entries // _TURN)):
            for name, count in pages.items():
                with space.database.transaction() as db:
                    db.execute(f"PRAGMA wal_autocheckpoint = {count}").fetchall()
                for entry in islice(waiting, min(_TURN, entries - turn * _TURN)):
                    started_s = time.perf_counter()
                    space.journal.append(entry, os.urandom(_CROP_BYTES))
                    laps[name].append((time.perf_counter() - started_s) * 1000)
    return laps
