"""The commands of this room: `faceaccess benchmark` and `faceaccess evaluate`."""

import typer

from faceaccess.lab.benchmarks.app import app as benchmarks
from faceaccess.lab.evaluations.app import app as evaluations


def add_to(app: typer.Typer) -> None:
    """Add them to the program's commands."""
    app.add_typer(evaluations, name="evaluate")
    app.add_typer(benchmarks, name="benchmark")
