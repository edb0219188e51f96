"""How every evaluation shows its result: text or JSON on the terminal, and an HTML file where asked for."""

from contextvars import ContextVar
from pathlib import Path
from typing import Annotated

import typer

from faceaccess.cli.common import failing_clearly, print_json, say
from faceaccess.cli.tables import print_table
from faceaccess.errors import FaceAccessError
from faceaccess.lab.reporting.report import Drawing, Report

_CALLED: ContextVar[typer.Context] = ContextVar("called")
"""The command that is to write a file. Which of two copies of Click holds it depends on Typer's version."""


def _remember(ctx: typer.Context, path: Path | None) -> Path | None:
    _CALLED.set(ctx)
    return path


Html = Annotated[
    Path | None,
    typer.Option(
        "--html",
        help="Also write the result, with plots, protocol and counts, to one HTML file.",
        show_default=False,
        callback=_remember,
    ),
]


def show(report: Report, *, json: bool, html: Path | None) -> None:
    """Print a report, and write it where an HTML file was asked for."""
    if json:
        for figures in report.figures:
            print_json(figures)
    else:
        for section in report.sections:
            if isinstance(section, str):
                say(section)
            elif not isinstance(section, Drawing):
                print_table(section.headings, section.rows, title=section.title, numbers=section.numbers)
    write(report, html)


def write(report: Report, path: Path | None) -> None:
    """Write a report to an HTML file, if there is to be one; one that can't be written ends the command."""
    if path is None:
        return
    with failing_clearly():
        _write(report, path)


def _write(report: Report, path: Path) -> None:
    from datetime import datetime

    from faceaccess.lab.reporting.page import page

    context = _CALLED.get()
    options = {
        name: value
        for name, value in context.params.items()
        if value is not None and value is not False and name not in ("json", "html")
    }
    # The first word is however the program was started.
    title = " ".join(["faceaccess", *context.command_path.split()[1:]])
    text = page(
        report,
        title=title,
        protocol=" ".join((context.command.help or "").split()),
        options=options,
        measured_at=datetime.now().astimezone(),
    )
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise FaceAccessError(
            f"{path} can't be written: {exc.strerror}.", "Give another file with --html."
        ) from exc
