"""`faceaccess benchmark start`: how long the window, the models and the first decision take to come."""

import os
import statistics
import tempfile
from collections.abc import Iterator
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
        bool,
        typer.Option(
            "--cold",
            help="Before each start, forget all files (as root), or else those of --program.",
        ),
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
        cache = _Cache(program) if cold else None
        with office(Path(folder), people, events, program) as place:
            list(_laps(place, None))
            laps = [dict(_laps(place, cache)) for _ in range(times)]
    figures = {f"{name}_s": round(statistics.median(lap[name] for lap in laps), 2) for name in _WHAT}
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if json:
        emptied = cache.what if cache else ""
        print_json({"people": people, "cold": emptied, "times": times, **figures, "load": round(load, 1)})
        return
    for name, what in _WHAT.items():
        seconds = sorted(lap[name] for lap in laps)
        say(f"{figures[f'{name}_s']:>6.2f} s ({seconds[0]:.2f} to {seconds[-1]:.2f})  {what}")
    if cache:
        say(f"before each start, out of the page cache: {cache.what}")
    say(f"load of the machine: {load:.1f} on {os.cpu_count()} cores")


class _Cache:
    """What the system keeps of files in memory."""

    def __init__(self, program: Path | None) -> None:
        """Look at what can be emptied.

        Args:
            program: an installed program; None: this one, whose files are in use by this process.

        Raises:
            SettingsError: nothing can.
        """
        self._is_whole = os.access(_PAGE_CACHE, os.W_OK)
        self._folder = None if program is None else program.resolve().parent
        if not self._is_whole and (self._folder is None or not hasattr(os, "posix_fadvise")):
            raise SettingsError(
                "The page cache can't be emptied here.", "Leave --cold out, ask as root, or give --program."
            )
        self.what = "everything" if self._is_whole else "the program's files"

    def empty(self) -> None:
        """Empty it."""
        if self._is_whole:
            os.sync()
            _PAGE_CACHE.write_text("3\n", encoding="ascii")
        elif self._folder is not None:
            for path in self._folder.rglob("*"):
                if path.is_file():
                    _forget(path)


def _forget(path: Path) -> None:
    """Let the system forget a file's content, where no process has it open."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(file)


def _laps(place: "Office", cache: _Cache | None) -> Iterator[tuple[str, float]]:
    """Yield the seconds of each step of one round of starts. cache: is emptied before each."""
    from faceaccess.lab.benchmarks.started import Started, set_door

    set_door(place, is_started=False)
    _empty(cache)
    with Started(place) as program:
        reached = program.wait_for(Step.PAINTED, Step.LOADED)
        yield "painted", reached[Step.PAINTED]
        yield "loaded", reached[Step.LOADED]
    set_door(place, is_started=True)
    _empty(cache)
    with Started(place) as program:
        reached = program.wait_for(Step.PAINTED, Step.OPENING, Step.DECIDED)
        yield "painted_with_door", reached[Step.PAINTED]
        yield "decided", reached[Step.DECIDED] - reached[Step.OPENING]
    set_door(place, is_started=False)
    _empty(cache)
    with Started(place, ["watch"]) as program:
        yield "watch_decided", program.wait_for(Step.DECIDED)[Step.DECIDED]


def _empty(cache: _Cache | None) -> None:
    if cache is not None:
        cache.empty()
