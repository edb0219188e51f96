"""`faceaccess benchmark memory`: what window, door and kiosk hold, and what each import costs."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say
from faceaccess.log import Step

if TYPE_CHECKING:
    from faceaccess.lab.benchmarks.started import Office

_IMPORTED = (
    "numpy",
    "cv2",
    "onnxruntime",
    "faiss",
    "PySide6.QtWidgets",
    "pyqtgraph",
    "sqlcipher3",
    "cryptography.x509",
    "PIL.Image",
    "typer",
    "httpx",
    "onnx",
    "faceaccess.workspace",
    "faceaccess.gui.main_window",
    "torch",
)
_IMPORTING = """
import importlib, psutil, sys
if sys.argv[1] != "numpy": import numpy
before = psutil.Process().memory_info().rss
try: importlib.import_module(sys.argv[1])
except ImportError: raise SystemExit(1)
print((psutil.Process().memory_info().rss - before) / 2**20)
"""
_AT_LEAST_S = 5.0

Program = Annotated[
    Path | None,
    typer.Option("--program", help="An installed program to be measured instead of this one.", exists=True),
]
People = Annotated[int, typer.Option("--people", min=2, help="Enrolled, with three photos each.")]
Entries = Annotated[int, typer.Option("--events", min=1, help="Entries in the log.")]


def memory(
    people: People = 500,
    events: Entries = 20_000,
    minutes: Annotated[
        float, typer.Option("--minutes", min=0, help="How long a door runs before it is looked at.")
    ] = 0.5,
    program: Program = None,
    json: Json = False,
) -> None:
    """Start the window, the door, `watch` and the kiosk on a throw-away office; print what each holds.

    Of memory that several processes share, each has its part (PSS); beside it all of it counted for each
    (RSS). The camera is a stream of this machine, and somebody stands before it all the time.
    """
    from faceaccess.lab.benchmarks.started import office

    rows = []
    with failing_clearly(), tempfile.TemporaryDirectory() as folder:
        with office(Path(folder), people, events, program) as place:
            for row in _stages(place, minutes * 60):
                rows.append(row)
                if not json:
                    say("  ".join(f"{name} {value}" for name, value in row.items()))
        costs = _import_costs() if program is None else {}
    if json:
        print_json({"people": people, "events": events, "stages": rows, "imports_mb": costs})
        return
    for name, cost in costs.items():
        say(f"import {name:<28}{cost:>6.0f} MB")


def _stages(place: "Office", door_s: float) -> Iterator[dict[str, object]]:
    """Yield a row for each way in which the program is used."""
    from faceaccess.lab.benchmarks.started import Started, set_door

    ways = (
        ("window", False, (), (Step.PAINTED, Step.LOADED)),
        ("window and door", True, (), (Step.PAINTED, Step.LOADED, Step.DECIDED)),
        ("watch", False, ("watch",), (Step.LOADED, Step.DECIDED)),
        ("kiosk", False, ("kiosk", "--once"), (Step.LOADED, Step.DECIDED)),
    )
    for name, is_started, arguments, steps in ways:
        set_door(place, is_started=is_started)
        with Started(place, arguments) as program:
            program.wait_for(*steps)
            time.sleep(_AT_LEAST_S)
            begun = program.memory()
            time.sleep(door_s)
            later = program.memory()
        yield {
            "stage": name,
            "memory_mb": round(later.own_mb or later.resident_mb),
            "of_it_camera_mb": round(later.children_mb),
            "resident_mb": round(later.resident_mb),
            "grown_mb": round((later.own_mb or later.resident_mb) - (begun.own_mb or begun.resident_mb), 1),
        }


def _import_costs() -> dict[str, float]:
    """Return what importing each package adds to a process that has numpy, MiB; none of those missing."""
    costs = {}
    for name in _IMPORTED:
        done = subprocess.run(
            [sys.executable, "-c", _IMPORTING, name], capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            costs[name] = round(float(done.stdout), 1)
    return costs
