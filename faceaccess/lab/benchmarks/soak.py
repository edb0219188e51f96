"""`faceaccess benchmark soak`: a door's memory and handles after many rounds of a recording."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, complain, failing_clearly, print_json, say

if TYPE_CHECKING:
    from psutil import Process


def soak(
    video: Annotated[
        Path, typer.Option("--video", help="A folder of gallery/ and door.mp4, or its door.mp4.")
    ],
    rounds: Annotated[int, typer.Option("--rounds", min=3, help="How often it is played.")] = 15,
    json: Json = False,
) -> None:
    """Play a recording again and again at full speed; print memory, threads and handles after each.

    Growth counts from the second round on: the first ones fill caches.
    """
    import psutil

    from faceaccess.door.watch import Callbacks
    from faceaccess.lab.evaluations.app import recorded_door

    recording = video if video.is_dir() else video.parent
    process, rows = psutil.Process(), []
    with failing_clearly(), recorded_door(recording, "cpu") as (space, _):
        for number in range(1, rounds + 1):
            started = time.perf_counter()
            entries: list[object] = []
            space.doors.open(
                space.access.actor,
                Callbacks(on_event=entries.append, on_error=complain),
                source=str(recording / "door.mp4"),
                is_paced=False,
            ).run()
            row = {"round": number, **_held(process), "entries": len(entries)}
            rows.append(row)
            row["seconds"] = round(time.perf_counter() - started, 1)
            if not json:
                say("  ".join(f"{name} {value}" for name, value in row.items()))
    base, last = rows[1], rows[-1]
    growth = 100 * (last["memory_mb"] / base["memory_mb"] - 1)
    if json:
        print_json({"rounds": rows, "memory_growth_percent": growth})
        return
    say(f"memory grew by {growth:.1f} % from round 2 to round {rounds}")


def _held(process: "Process") -> dict[str, float]:
    handles = process.num_handles() if hasattr(process, "num_handles") else process.num_fds()
    return {
        "memory_mb": round(process.memory_info().rss / 2**20, 1),
        "threads": process.num_threads(),
        "handles": handles,
    }
