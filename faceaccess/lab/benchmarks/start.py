"""`faceaccess benchmark start`: how long the window, the models and the first decision take to come."""

import os
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say
from faceaccess.errors import SettingsError
from faceaccess.lab.benchmarks.memory import Entries, People, Program
from faceaccess.log import Step

if TYPE_CHECKING:
    from faceaccess.lab.benchmarks.started import Office

_PAGE_CACHE = Path("/proc/sys/vm/drop_caches")
_WHAT = {
    "painted": "the window is painted",
    "loaded": "the model is loaded",
    "painted_with_door": "the window is painted, where the door starts with it",
    "decided": "from the door's start to the first decision, the model's loading included",
    "watch_decided": "`watch` decides for the first time",
}


def start(
    people: People = 500,
    events: Entries = 20_000,
    times: Annotated[int, typer.Option("--times", min=1, help="How often; the median is printed.")] = 5,
    cold: Annotated[
        bool, typer.Option("--cold", help="Empty the system's page cache before each start (as root).")
    ] = False,
    program: Program = None,
    json: Json = False,
) -> None:
    """Start the program on a throw-away office, as somebody would, and print the seconds of each step.

    Steps are read from the program's own log. The camera is a stream of this machine, and somebody who is
    enrolled stands before it. The first start is not counted: it compiles.
    """
    from faceaccess.lab.benchmarks.started import office

    with failing_clearly(), tempfile.TemporaryDirectory() as folder:
        if cold and not os.access(_PAGE_CACHE, os.W_OK):
            raise SettingsError("The page cache can't be emptied here.", "Leave --cold out, or ask as root.")
        with office(Path(folder), people, events, program) as place:
            list(_laps(place, is_cold=False))
            laps = [dict(_laps(place, is_cold=cold)) for _ in range(times)]
    figures = {f"{name}_s": round(statistics.median(lap[name] for lap in laps), 2) for name in _WHAT}
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if json:
        print_json({"people": people, "cold": cold, "times": times, **figures, "load": round(load, 1)})
        return
    for name, what in _WHAT.items():
        seconds = sorted(lap[name] for lap in laps)
        say(f"{figures[f'{name}_s']:>6.2f} s ({seconds[0]:.2f} to {seconds[-1]:.2f})  {what}")
    say(f"load of the machine: {load:.1f} on {os.cpu_count()} cores")


def _laps(place: "Office", *, is_cold: bool) -> Iterator[tuple[str, float]]:
    """Yield the seconds of each step of one round of starts."""
    from faceaccess.lab.benchmarks.started import Started, set_door

    set_door(place, is_started=False)
    _empty_cache(is_cold)
    with Started(place) as program:
        reached = program.wait_for(Step.PAINTED, Step.LOADED)
        yield "painted", reached[Step.PAINTED]
        yield "loaded", reached[Step.LOADED]
    set_door(place, is_started=True)
    _empty_cache(is_cold)
    with Started(place) as program:
        reached = program.wait_for(Step.PAINTED, Step.OPENING, Step.DECIDED)
        yield "painted_with_door", reached[Step.PAINTED]
        yield "decided", reached[Step.DECIDED] - reached[Step.OPENING]
    set_door(place, is_started=False)
    _empty_cache(is_cold)
    with Started(place, ["watch"]) as program:
        yield "watch_decided", program.wait_for(Step.DECIDED)[Step.DECIDED]


def _empty_cache(is_asked: bool) -> None:
    if is_asked:
        with suppress(AttributeError):
            os.sync()
        _PAGE_CACHE.write_text("3\n", encoding="ascii")
