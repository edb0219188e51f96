"""`faceaccess evaluate crowd`: whether a tighter limit in crowded neighbourhoods treats groups more alike."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, show_progress
from faceaccess.lab.evaluations.groups import GroupFile, SkinToneOption, groupings_of
from faceaccess.lab.evaluations.identify import Draws, Seed, interval
from faceaccess.lab.evaluations.labelled_people import Half, HalfOption, LeaveOut, people_in
from faceaccess.lab.evaluations.options import Model, Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.evaluations.photo_model import NoCache, photo_model
from faceaccess.lab.reporting.report import Intervals, Report, Section, Table

if TYPE_CHECKING:
    from faceaccess.lab.measures.crowding import CrowdRow
    from faceaccess.recognition.intervals import Rate


def crowd(
    photos: Photos,
    file: GroupFile = None,
    skin_tone: SkinToneOption = False,
    people: Annotated[
        int, typer.Option("--people", help="How many are enrolled in a draw, with one photo each.")
    ] = 420,
    seed: Seed = 0,
    draws: Draws = 10,
    half: HalfOption = Half.ALL,
    leave_out: LeaveOut = None,
    no_cache: NoCache = False,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """A trial that changes nothing: distances less half the mean distance to the next 20 people enrolled.

    Worth it where the worst ratio between groups of strangers accepted falls by a third, at one limit with
    FPIR 1e-2 for everybody, with no more misses at any FPIR.
    """
    from faceaccess.lab.measures.crowding import crowd_rows
    from faceaccess.lab.measures.identification import open_set

    if file is None and not skin_tone:
        raise typer.BadParameter("give a FILE, --skin-tone or both")
    seeds = range(seed, seed + draws)
    with failing_clearly():
        folders = people_in(photos, half, leave_out)
        named = photo_model(model, device, no_cache=no_cache)
        groupings = groupings_of(named, folders, file, skin_tone=skin_tone)
        shown = {path: name for name, paths in folders.items() for path in paths}
        embedded = named.embed(list(shown), show_progress("photos"))
        usable = set(embedded.probes)
        splits = [open_set(folders, usable, people=people, photos_each=1, seed=number) for number in seeds]
        rows = crowd_rows(splits, embedded.templates, embedded.probes, shown, groupings)
    counts: dict[str, object] = {
        "half": half.value,
        "seeds": list(seeds),
        "people": len(folders),
        "photos": len(usable),
        "people_enrolled": people,
        "mated_probes": sum(len(split.mated) for split in splits),
        "non_mated_probes": sum(len(split.non_mated) for split in splits),
    }
    show(_report(rows, named.model_id, counts), json=json, html=html)


def _report(rows: "Sequence[CrowdRow]", model_id: str, counts: dict[str, object]) -> Report:
    from faceaccess.lab.measures.crowding import is_worth_it

    plain = rows[0]
    sections: list[Section] = [
        f"{model_id}: {counts['people_enrolled']} people enrolled, {counts['mated_probes']} mated and "
        f"{counts['non_mated_probes']} non-mated probes"
    ]
    figures = []
    for row in rows:
        worth = row is not plain and is_worth_it(row, plain)
        sections += [_errors(row), _worst(row)]
        if row is not plain:
            sections.append(f"{row.crowd}: {'worth it' if worth else 'not worth it'}")
        named = {**asdict(row), "fnir": _by_text(row.fnir), "difference": _by_text(row.difference)}
        figures.append({"model_id": model_id, **counts, **named, "is_worth_it": worth})
    sections.append(
        Intervals(
            "FNIR above the plain distance's",
            "difference, with its 95 % interval over people",
            [
                (f"{row.crowd}, FPIR {fpir:g}", rate)
                for row in rows[1:]
                for fpir, rate in row.difference.items()
            ],
            line=0.0,
        )
    )
    return Report(tuple(figures), tuple(sections), (model_id,), counts)


def _by_text(rates: "Mapping[float, Rate]") -> dict[str, object]:
    return {f"{fpir:g}": asdict(rate) for fpir, rate in rates.items()}


def _errors(row: "CrowdRow") -> Table:
    return Table(
        ("FPIR", "FNIR", "above the plain distance's"),
        tuple(
            (f"{fpir:g}", interval(rate), interval(row.difference[fpir], signed=True))
            for fpir, rate in row.fnir.items()
        ),
        title=row.crowd,
    )


def _worst(row: "CrowdRow") -> Table:
    return Table(
        ("groups", "error", "worst", "its rate", "times the best"),
        tuple(
            (
                ratio.grouping,
                ratio.error,
                ratio.row.group,
                interval(ratio.row.rate),
                "" if ratio.row.times_best is None else interval(ratio.row.times_best),
            )
            for ratio in row.worst
        ),
    )
