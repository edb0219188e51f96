"""`faceaccess evaluate desk`: threshold and margin measured by the desk's answers."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from faceaccess.cli.common import DataDir, Json, print_json, say, workspace

if TYPE_CHECKING:
    from faceaccess.lab.measures.ground_truth import DeskReport, Tally


def desk(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """How often threshold and margin were right about people the desk was asked about."""
    from faceaccess.lab.measures.ground_truth import read_answers, report

    with workspace(ctx, data_dir, read_only=None) as space:
        reports = report(list(read_answers(space.journal)))
    if not reports and not json:
        say("The desk was not asked yet: switch it on with “Ask the desk” in the settings.")
    for desk_report in reports:
        if json:
            print_json(asdict(desk_report))
        else:
            _print(desk_report)


def _print(report: "DeskReport") -> None:
    say(f"Model {report.model_id}")
    beyond, between = report.beyond, report.between
    say(f"  beyond the threshold: {beyond.total} answers; {_words(beyond)}")
    if beyond.total:
        say(f"    the threshold was right about {beyond.total - beyond.nearest} of {beyond.total}")
    say(f"  between two people: {between.total} answers; {_words(between)}")
    if between.total:
        say(f"    the margin was right about {between.total - between.nearest} of {between.total}")
    for step in report.raised:
        counts = f"{step.right} would have been let in rightly, {step.wrong} wrongly"
        say(f"  a threshold higher by {step.by:.3f}: {counts}")


def _words(tally: "Tally") -> str:
    return f"the nearest {tally.nearest}, the second {tally.runner_up}, somebody else {tally.somebody_else}"
