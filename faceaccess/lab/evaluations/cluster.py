"""`faceaccess evaluate cluster`: groups of faces beside k-means, against the people in the photos."""

from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, show_progress
from faceaccess.lab.evaluations.options import Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.evaluations.photo_model import NoCache, photo_model
from faceaccess.lab.reporting.report import Report

if TYPE_CHECKING:
    from faceaccess.lab.measures.bcubed import BCubed


def cluster(
    photos: Photos,
    least_photos: Annotated[
        int, typer.Option("--least-photos", help="Only people with so many photos.", min=1)
    ] = 5,
    distance: Annotated[
        list[float] | None,
        typer.Option("--distance", help="Instead of the measured one; may be repeated.", min=0, max=4),
    ] = None,
    no_cache: NoCache = False,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
) -> None:
    """Groups of unlabelled faces: BCubed precision, recall, F1, beside k-means told how many people."""
    import numpy as np

    from faceaccess.errors import FaceAccessError
    from faceaccess.lab.measures.bcubed import bcubed, plain_k_means
    from faceaccess.lab.measures.embedding_cache import Use
    from faceaccess.recognition.calibration import cluster_distance
    from faceaccess.recognition.clustering import cluster as by_distance
    from faceaccess.vision.embedder import BUILT_IN
    from faceaccess.vision.sources.images import photo_folders

    with failing_clearly():
        # It says what is missing before all photos are embedded.
        from faceaccess.lab.measures import sklearn_peer  # noqa: F401

        folders = photo_folders(photos)
        chosen = {name: paths for name, paths in folders.items() if len(paths) >= least_photos}
        if not chosen:
            raise FaceAccessError(
                f"Nobody in {photos} has {least_photos} photos.", "Ask for fewer with --least-photos."
            )
        model = photo_model(BUILT_IN, device, no_cache=no_cache)
        shown = {path: name for name, paths in chosen.items() for path in paths}
        embedded = model.embed(list(shown), show_progress("photos"), [Use.PROBE]).probes
        if not embedded:
            raise FaceAccessError(f"There is no face in the photos of {photos}.", "Name other photos.")
    embeddings, people = np.stack(list(embedded.values())), [shown[path] for path in embedded]
    rows = {
        f"DBSCAN {limit:g}": bcubed(by_distance(embeddings, limit), people)
        for limit in distance or [cluster_distance(model.model_id, None)]
    }
    count = len(set(people))
    rows[f"k-means, told {count}"] = bcubed(plain_k_means(embeddings, count), people)
    show(_report(rows, model.model_id, len(people), count), json=json, html=html)


def _report(rows: "dict[str, BCubed]", model_id: str, photos: int, people: int) -> Report:
    lines = [f"{photos} photos of {people} people"]
    figures = []
    for name, row in rows.items():
        text = f"precision {row.precision:.4f}  recall {row.recall:.4f}  F1 {row.f1:.4f}"
        lines.append(f"{name:<20} BCubed {text}")
        rates = {"precision": row.precision, "recall": row.recall, "f1": row.f1}
        figures.append({"groups_by": name, "photos": photos, "people": people, **rates})
    counts = {"photos": photos, "people": people}
    return Report(tuple(figures), tuple(lines), (model_id,), counts)
