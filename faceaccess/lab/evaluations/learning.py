"""`faceaccess learn report`: small networks compared, three seeds each, in pieces that can be resumed."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, say
from faceaccess.cli.recogniser import load_recogniser, show_progress
from faceaccess.lab.evaluations.labelled_people import LeaveOut, read_pairs_left_out
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.reporting.report import Intervals, Report, Section, Table

if TYPE_CHECKING:
    from faceaccess.lab.learning.report import ReportRow

_PHOTOS = 20
_TITLES = {
    "size": "Embedding size (as the paper's table 5)",
    "mining": "Mining of triplets",
    "loss": "Loss, with the same network, data and budget",
    "data": "People learned from (as the paper's table 6)",
    "margin": "Margin",
    "pixels": "Pixels at test time (as the paper's table 4)",
    "jpeg": "JPEG quality at test time (as the paper's table 4)",
    "features": "Bottleneck features beside the embedding",
    "compatible-one-eighth": "New probes against old templates, the old network of an eighth of the people",
    "compatible-half": "New probes against old templates, the old network of half of the people",
}


def report(
    photos: Annotated[Path, typer.Argument(help="A folder with one sub-folder of photos per person.")],
    out: Annotated[Path, typer.Option("--out", help="Where each run is kept, to go on from.")],
    seeds: Annotated[int, typer.Option("--seeds", help="Of each run.", min=1)] = 3,
    steps: Annotated[int, typer.Option("--steps", help="Of each run.", min=1)] = 500,
    held_out: Annotated[int, typer.Option("--held-out", help="One person in so many is judged by.")] = 4,
    threads: Annotated[int, typer.Option("--threads", help="Of the processor.", min=1)] = 1,
    only_tables: Annotated[
        bool, typer.Option("--only-tables", help="Train nothing, and print what is done.")
    ] = False,
    leave_out: LeaveOut = None,
    json: Json = False,
    html: Html = None,
) -> None:
    """Compare ways of learning on small networks: tables as the paper's, with the spread over seeds.

    Some fifty runs of two minutes or so. Killed, it goes on with the run it was in; started twice, two
    processes share the runs. The paper's own networks are not trained here: see `learn networks`.
    """
    with failing_clearly():
        import torch

        from faceaccess.lab.learning.report import LearningReport
        from faceaccess.lab.learning.runs import NETWORK, run_all, runs
        from faceaccess.learning.photos import photos_of, split
        from faceaccess.learning.runs import kept_crops

        torch.set_num_threads(threads)
        left_out = read_pairs_left_out(leave_out) if leave_out is not None else frozenset()
        people = {name: files[:_PHOTOS] for name, files in photos_of(photos).items() if name not in left_out}
        recogniser = load_recogniser("cpu")
        crops = kept_crops(out, people, recogniser.detector, NETWORK, progress=show_progress("photos"))
        learnt, judged = split(crops, held_out)
        judged = judged.limited(5)
        chosen = runs(out, seeds, steps)
        if not only_tables:
            run_all(chosen, learnt, judged, on_run=lambda number, count, name: say(
                f"run {number} of {count}: {name}", err=True
            ))  # fmt: skip
        results = LearningReport(chosen, judged)
        rows = list(results.rows())
    about = (
        f"{NETWORK}, {steps} steps, {seeds} seeds; learned from {learnt.people} people ({len(learnt.labels)} "
        f"photos), judged on {judged.people} others ({len(judged.labels)} photos, at most 5 each). "
        "Mean ± standard deviation over seeds."
    )
    open_runs = f"{len(results.open)} runs are not done." if results.open else ""
    sections: list[Section] = [about, *_tables(rows), *_kept(rows), *_plots(rows)]
    sections.append(_not_trained())
    if open_runs:
        sections.append(open_runs)
    figures = {"steps": steps, "seeds": seeds, "rows": [asdict(row) for row in rows], "open": results.open}
    counts = {"people": learnt.people, "photos": len(learnt.labels), "held out": judged.people}
    show(
        Report((figures,), tuple(sections), (), counts),
        json=json,
        html=html,
    )


def _tables(rows: "list[ReportRow]") -> list[Table]:
    from faceaccess.lab.learning.report import spread

    headings = ("", "AUC", "VAL @ FAR 0.1", "VAL @ FAR 0.01", "Others apart", "")
    return [
        Table(
            headings,
            tuple(
                (
                    row.name,
                    spread(row.auc),
                    spread(row.val),
                    spread(row.val_2),
                    spread(row.apart) if any(row.apart) else "",
                    row.note,
                )
                for row in rows
                if row.table == table
            ),
            title=title,
        )
        for table, title in _TITLES.items()
        if any(row.table == table for row in rows)
    ]


def _plots(rows: "list[ReportRow]") -> list[Intervals]:
    from faceaccess.recognition.intervals import Rate

    return [
        Intervals(
            title,
            "VAL at FAR 0.1: mean of the seeds, from the lowest to the highest",
            [
                (row.name, Rate(sum(row.val) / len(row.val), min(row.val), max(row.val)))
                for row in rows
                if row.table == table
            ],
        )
        for table, title in _TITLES.items()
        if any(row.table == table for row in rows)
    ]


def _not_trained() -> Table:
    """Return the networks of the paper, which need more photos and time than there are."""
    from faceaccess.lab.learning.runs import NETWORK
    from faceaccess.learning.networks.comparison import compare

    rows = tuple(
        (
            cost.name,
            f"{cost.parameters / 1e6:.3g}",
            f"{cost.flops / 1e6:.3g}",
            _done_with(cost.name == NETWORK),
        )
        for cost in compare(is_timed=False)
        if cost.paper_parameters or cost.paper_flops or cost.name in ("NN3", NETWORK)
    )
    headings = ("Network", "Million parameters", "Million FLOPs", "Here")
    return Table(headings, rows, title="Networks", numbers=headings[1:3])


def _done_with(is_trained: bool) -> str:
    if is_trained:
        return "trained"
    return "not trained; built, run forward and backward, exported (tests)"


def _kept(rows: "list[ReportRow]") -> list[str]:
    from faceaccess.lab.learning.report import kept_gains

    lines = []
    for table in ("compatible-one-eighth", "compatible-half"):
        if theirs := [row for row in rows if row.table == table]:
            plain, harmonic = kept_gains(theirs)
            lines.append(
                f"{theirs[0].name}: new probes against old templates keep {plain:.0%} of the gain of the "
                f"network trained without the old, {harmonic:.0%} of the harmonic one's (VAL at FAR 0.1)."
            )
    return lines
