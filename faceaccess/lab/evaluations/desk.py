"""`faceaccess evaluate desk`: threshold and margin measured by the desk's answers."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from faceaccess.cli.common import DataDir, Json, workspace
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.reporting.report import Report

if TYPE_CHECKING:
    from faceaccess.lab.measures.ground_truth import DeskReport, Tally


def desk(ctx: typer.Context, json: Json = False, html: Html = None, data_dir: DataDir = None) -> None:
    """How often threshold and margin were right about people the desk was asked about."""
    from faceaccess.lab.measures.ground_truth import read_answers, report

    with workspace(ctx, data_dir, read_only=None) as space:
        reports = report(list(read_answers(space.journal)))
    lines = [line for desk_report in reports for line in _lines(desk_report)]
    if not reports:
        lines.append("The desk was not asked yet: switch it on with “Ask the desk” in the settings.")
    model_ids = tuple(desk_report.model_id for desk_report in reports)
    figures = tuple(asdict(desk_report) for desk_report in reports)
    show(Report(figures, tuple(lines), model_ids), json=json, html=html)


def _lines(report: "DeskReport") -> Iterator[str]:
    beyond, between = report.beyond, report.between
    yield f"Model {report.model_id}"
    yield f"  beyond the threshold: {beyond.total} answers; {_words(beyond)}"
    if beyond.total:
        yield f"    the threshold was right about {beyond.total - beyond.nearest} of {beyond.total}"
    yield f"  between two people: {between.total} answers; {_words(between)}"
    if between.total:
        yield f"    the margin was right about {between.total - between.nearest} of {between.total}"
    for step in report.raised:
        counts = f"{step.right} would have been let in rightly, {step.wrong} wrongly"
        yield f"  a threshold higher by {step.by:.3f}: {counts}"


def _words(tally: "Tally") -> str:
    return f"the nearest {tally.nearest}, the second {tally.runner_up}, somebody else {tally.somebody_else}"
