"""`faceaccess evaluate health`: whether wrong and doubled photos are found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, say
from faceaccess.lab.evaluations.labelled_people import Half, people_in
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.reporting.report import Report

if TYPE_CHECKING:
    from faceaccess.lab.measures.health_evaluation import HealthReport
    from faceaccess.recognition.pipeline import Recogniser
    from faceaccess.vision.types import FloatArray


def health(
    photos: Annotated[
        Path, typer.Option("--photos", help="A folder with one sub-folder of photos per person.")
    ],
    half: Annotated[
        Half,
        typer.Option(
            "--half",
            help="Of the people, by the last digit of their name's SHA-256. The limits were chosen on the "
            "even ones.",
        ),
    ] = Half.ODD,
    json: Json = False,
    html: Html = None,
    device: Annotated[str, typer.Option("--device", help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Gallery health: wrong photos and copies planted and found, and alarms where nothing is wrong."""
    from faceaccess.cli.recogniser import load_recogniser
    from faceaccess.errors import FaceAccessError
    from faceaccess.lab.measures.health_evaluation import chosen_photos, health_report
    from faceaccess.recognition.calibration import default_match, enrolment_limits

    with failing_clearly():
        folders = people_in(photos, half)
        recogniser = load_recogniser(device)
        model_id = recogniser.embedder.model_id
        policy, limits = default_match(model_id, len(folders)), enrolment_limits(model_id)
        if policy is None or limits is None:
            raise FaceAccessError(f"The model {model_id} has no measured limits.")
        embedded, copied = _embedded(recogniser, chosen_photos(folders))
        report = health_report(embedded, copied, limits, threshold=policy.threshold)
    figures = {**asdict(report), "half": half, "model_id": model_id}
    counts = {"half": half, "people": report.people}
    show(Report((figures,), tuple(_lines(report)), (model_id,), counts), json=json, html=html)


def _embedded(
    recogniser: "Recogniser", photos: Mapping[str, Sequence[Path]]
) -> "tuple[dict[str, list[FloatArray]], dict[str, FloatArray]]":
    """Return the embeddings of people's photos, and of a copy of each one's first."""
    import numpy as np

    from faceaccess.lab.measures.evaluation import PhotoEmbeddings
    from faceaccess.lab.measures.health_evaluation import copy_of
    from faceaccess.vision.sources.images import pixels

    embeddings = PhotoEmbeddings(recogniser)
    by_name: dict[str, list[FloatArray]] = {}
    copied: dict[str, FloatArray] = {}
    for number, (name, paths) in enumerate(photos.items()):
        images = [pixels(path) for path in paths]
        if any(image is None for image in images):
            continue
        crops = [embeddings.crop(image) for image in images if image is not None]
        crops.append(embeddings.crop(copy_of(paths[0], number)))
        if any(crop is None for crop in crops[:-1]):
            continue
        embedded = recogniser.embedder.embed_templates(np.stack([crop for crop in crops if crop is not None]))
        by_name[name] = list(embedded[: len(paths)])
        if crops[-1] is not None:
            copied[name] = embedded[-1]
        if number % 50 == 0:
            say(f"{number} of {len(photos)} people", err=True)
    return by_name, copied


def _lines(report: "HealthReport") -> Iterator[str]:
    yield (
        f"{report.people} people; a photo of somebody else planted with each: {report.wrong_found} found, "
        f"{report.rightly_named} of them with whose it is; {report.wrong_alarms} others named"
    )
    yield f"nothing planted: {report.clean_alarms} of {report.people} people named"
    yield (
        f"copies: {report.copies_found} of {report.copies} found; "
        f"{report.copy_alarms} of {report.pairs} pairs of different photos named"
    )
    for photos, missed in report.misses.items():
        yield f"{photos} photo{'s' if photos > 1 else ''} enrolled: {missed:.1%} not recognised"
