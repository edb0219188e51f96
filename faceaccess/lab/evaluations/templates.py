"""`faceaccess evaluate templates`: templates stored in fewer bytes."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from faceaccess.cli.common import Json, failing_clearly, say
from faceaccess.cli.recogniser import Device, show_progress
from faceaccess.lab.evaluations.identify import Draws, Seed, interval, spaced
from faceaccess.lab.evaluations.labelled_people import Half, LeaveOut, people_in
from faceaccess.lab.evaluations.options import Model, Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.evaluations.photo_model import NoCache, all_pairs_of, photo_model
from faceaccess.lab.reporting.report import Intervals, Report, Table

if TYPE_CHECKING:
    from faceaccess.lab.measures.embedded_photos import Embedded
    from faceaccess.lab.measures.identification import OpenSet
    from faceaccess.lab.measures.model_comparison import ComparedRow
    from faceaccess.lab.measures.template_storage import StoredSize
    from faceaccess.vision.types import FloatArray

_Measured = tuple["StoredSize", "list[ComparedRow]"]


def templates(
    photos: Photos,
    count: Annotated[
        int, typer.Option("--templates", help="Among how many a search is timed; 0 times none.", min=0)
    ] = 1_000_000,
    people: Annotated[
        int, typer.Option("--people", help="How many people are enrolled, with one photo each.")
    ] = 420,
    seed: Seed = 0,
    draws: Draws = 5,
    leave_out: LeaveOut = None,
    no_cache: NoCache = False,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """Templates as float32, float16, int8 and product-quantised: bytes, time to search, and accuracy lost.

    Probes stay as they are. What is fitted to embeddings is fitted to the half of the people whose name's
    SHA-256 ends even; the others are measured. Differences are from float32, with 95 % intervals over people.
    """
    from faceaccess.lab.measures.identification import open_set
    from faceaccess.lab.measures.template_storage import indexes

    with failing_clearly():
        folders = people_in(photos, Half.ODD, leave_out)
        shown = {path: name for name, paths in folders.items() for path in paths}
        training = [path for paths in people_in(photos, Half.EVEN, leave_out).values() for path in paths]
        named = photo_model(model, device, no_cache=no_cache)
        fitted = named.embed(training, show_progress("photos to fit to"))
        embedded = named.embed(list(shown), show_progress("photos"))
        splits = [
            open_set(folders, set(embedded.probes), people=people, photos_each=1, seed=number)
            for number in range(seed, seed + draws)
        ]
        results = _measure(indexes(_table_of(fitted)), embedded, shown, splits, count)
    counts: dict[str, object] = {
        "people": len(folders),
        "photos": len(embedded.probes),
        "photos_fitted_to": len(fitted.templates),
        "people_enrolled": people,
        "draws": draws,
        "templates_searched": count,
    }
    show(_report(results, named.model_id, counts), json=json, html=html)


def _table_of(embedded: "Embedded") -> "FloatArray":
    import numpy as np

    return np.stack(list(embedded.templates.values()))


def _measure(
    kinds: dict[str, Any],
    embedded: "Embedded",
    shown: dict[Path, str],
    splits: "Sequence[OpenSet]",
    count: int,
) -> "list[_Measured]":
    """Return size and time of each kind, and its errors beside those of the first."""
    import numpy as np

    from faceaccess.lab.measures import template_storage
    from faceaccess.lab.measures.identification import identify
    from faceaccess.lab.measures.model_comparison import FMR_TARGETS, compared_draws, compared_pairs

    by_person: dict[str, list[FloatArray]] = {}
    for path, template in embedded.templates.items():
        by_person.setdefault(shown[path], []).append(template)
    enrolled = [np.stack(rows) for rows in by_person.values() if len(rows) > 1]
    results: list[_Measured] = []
    plain = None
    for kind, index in kinds.items():
        stored = replace(embedded, templates=template_storage.as_stored(index, embedded.templates))
        pairs = all_pairs_of(stored, shown, max(FMR_TARGETS))
        drawn = [identify(split, stored.templates, stored.probes) for split in splits]
        plain = plain or (pairs, drawn)
        rows = [*compared_pairs(pairs, plain[0]), *compared_draws(drawn, plain[1])]
        results.append((template_storage.stored_size(kind, index, enrolled, count), rows))
        say(f"{kind} measured", err=True)
    return results


def _report(results: "list[_Measured]", model_id: str, counts: dict[str, object]) -> Report:
    sizes = Table(
        ("templates", "bytes each", f"ms to search {spaced(int(str(counts['templates_searched'])))}"),
        tuple(
            (size.kind, str(size.template_bytes), "" if size.search_ms is None else f"{size.search_ms:.1f}")
            for size, _ in results
        ),
        numbers=("bytes each",),
    )
    names = [row.measure for row in results[0][1]]
    errors = Table(
        ("error", *(size.kind for size, _ in results)),
        tuple(
            (name, *(_cell(rows[place], is_first=at == 0) for at, (_, rows) in enumerate(results)))
            for place, name in enumerate(names)
        ),
        title="float32's rate of errors, and by how much each is above it",
    )
    figures = tuple(
        {"model_id": model_id, **counts, **asdict(size), "errors": [asdict(row) for row in rows]}
        for size, rows in results
    )
    line = (
        f"{model_id}, {counts['people']} people (odd), {counts['photos']} photos; fitted to "
        f"{counts['photos_fitted_to']} photos of others; {counts['people_enrolled']} people enrolled, "
        f"{counts['draws']} draws"
    )
    plots = [
        Intervals(
            f"{size.kind}, {size.template_bytes} bytes: errors above float32's",
            "difference, with its 95 % interval over people",
            [(row.measure, row.difference) for row in rows],
            line=0.0,
        )
        for size, rows in results[1:]
    ]
    return Report(figures, (line, sizes, errors, *plots), (model_id,), counts)


def _cell(row: "ComparedRow", *, is_first: bool) -> str:
    return f"{row.first:.4f}" if is_first else interval(row.difference, signed=True)
