"""The commands of this room: `faceaccess benchmark`, `evaluate` and `learn report`."""

import typer

from faceaccess.lab.benchmarks.app import app as benchmarks
from faceaccess.lab.evaluations.app import app as evaluations
from faceaccess.lab.evaluations.learning import report as learning_report


def add_to(app: typer.Typer, learning: typer.Typer) -> None:
    """Add them to the program's commands, and to those of `learn`."""
    app.add_typer(evaluations, name="evaluate")
    app.add_typer(benchmarks, name="benchmark")
    learning.command("report")(learning_report)
