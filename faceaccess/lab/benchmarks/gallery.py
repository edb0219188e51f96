"""`faceaccess benchmark gallery`: searching many templates, held in full and in a byte a number."""

import multiprocessing
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say

if TYPE_CHECKING:
    from faceaccess.recognition.gallery import Gallery
    from faceaccess.recognition.types import Candidate

PROBES = 300
KINDS = ("exact", "compact")
MODEL_ID = "benchmark"
_TIMED_EXACTLY = 50


def gallery(
    photos: Annotated[
        Path, typer.Option("--photos", help="A folder with one sub-folder of photos per person.")
    ],
    templates: Annotated[
        list[int] | None, typer.Option("--templates", help="How many; may be repeated.")
    ] = None,
    people: Annotated[
        int, typer.Option("--people", help="How many people's photos the templates are made of.")
    ] = 500,
    json: Json = False,
) -> None:
    """Time searches and changes of large galleries, made of real templates and their real spread.

    Each is opened from a database of its own, by a process that holds templates in full and by one that
    holds them in a byte a number. A million templates take 2 GB of disk and some minutes.
    """
    from faceaccess.errors import SettingsError
    from faceaccess.lab.benchmarks.spreading import spread
    from faceaccess.lab.benchmarks.stored_templates import store

    with failing_clearly():
        enrolled, probes = embeddings_of(photos, people)
        if len(probes) < PROBES // 10:
            raise SettingsError(f"{photos} has too few people with several photos.", "Raise --people.")
        for count in templates or [10_000, 100_000, 1_000_000]:
            with tempfile.TemporaryDirectory() as folder:
                store(Path(folder), MODEL_ID, spread(enrolled, count))
                for row in _side_by_side(Path(folder), probes[:PROBES]):
                    if json:
                        print_json(row)
                    else:
                        say("  ".join(f"{name.replace('_', ' ')} {value}" for name, value in row.items()))


def embeddings_of(photos: Path, people: int) -> tuple[list[Any], Any]:
    """Return the templates of each person, and as probes the last photo of each, which is left out."""
    import numpy as np

    from faceaccess.cli.recogniser import load_recogniser
    from faceaccess.lab.measures import evaluation
    from faceaccess.vision.sources.images import photo_folders

    folders = [folder for folder in photo_folders(photos).values() if len(folder) > 2][:people]
    recogniser = load_recogniser("cpu")
    taken = [path for folder in folders for path in folder[:6]]
    crops = evaluation.PhotoEmbeddings(recogniser).crops(taken, lambda _done, _all: None)
    embeddings = evaluation.embed_all(recogniser.embedder, crops, as_templates=True)
    rows = [[embeddings[path] for path in folder[:6] if path in embeddings] for folder in folders]
    rows = [row for row in rows if len(row) > 2]
    return [np.stack(row[:-1]) for row in rows], np.stack([row[-1] for row in rows])


def _side_by_side(folder: Path, probes: Any) -> list[dict[str, object]]:  # noqa: ANN401 - an array
    """Measure each kind in a process of its own, so that neither's memory is the other's."""
    candidates: dict[str, list[tuple[Candidate, ...]]] = {}
    rows = []
    for kind in KINDS:
        with multiprocessing.get_context("spawn").Pool(1) as process:
            row, candidates[kind] = process.apply(_measure, (folder, kind, probes))
        same = sum(mine == full for mine, full in zip(candidates[kind], candidates[KINDS[0]], strict=True))
        rows.append(row | {"same_candidates": f"{same} of {len(probes)}"})
    return rows


def _measure(
    folder: Path,
    kind: str,
    probes: Any,  # noqa: ANN401 - an array
) -> tuple[dict[str, object], "list[tuple[Candidate, ...]]"]:
    """Return a kind's figures, and the candidates of each probe searched alone."""
    import numpy as np
    import psutil

    from faceaccess.models.reembedding import bring_up_to_date
    from faceaccess.recognition.gallery import Gallery
    from faceaccess.store.file.database import Database
    from faceaccess.store.people.templates import Templates

    with Database.open(folder, read_only=True) as database:
        templates, process = Templates(database), psutil.Process()
        before_mb = process.memory_info().rss / 2**20
        measured = Gallery(MODEL_ID, probes.shape[1], read=templates.read if kind == "compact" else None)
        opened_s = seconds(lambda: bring_up_to_date(measured, templates))
        built_s = seconds(measured.settle)
        memory_mb = process.memory_info().rss / 2**20 - before_mb
        peak_mb = most_mb() - before_mb
        stored = templates.load(MODEL_ID)
        nearest, exact_ms = _nearest(stored.embeddings, probes)
        nearest_people = [measured.search(probe[None])[0] for probe in probes]
        laps = search_ms(measured.search, probes)
        right = [candidates[0].template_id for candidates in nearest_people] == stored.template_ids[nearest]
        ids, people = stored.template_ids, list(stored.person_ids)
        more = (np.append(ids, ids[-1] + 1), [*people, "f" * 32])
        row: dict[str, object] = {
            "templates": len(measured),
            "held": kind,
            "index": "exact" if measured.is_exact else "cells",
            "memory_mb": round(memory_mb, 1),
            "bytes_a_person": round(memory_mb * 2**20 / len(measured)),
            "most_mb_while_opened": round(peak_mb, 1),
            "search_ms_p50": round(laps[0], 2),
            "search_ms_p95": round(laps[1], 2),
            "every_one_ms_p50": round(exact_ms, 2),
            "recall_at_1": round(float(np.mean(right)), 4),
            "opened_s": round(opened_s, 1),
            "built_behind_s": round(built_s, 1),
            "add_ms": round(1000 * seconds(lambda: _update(measured, *more, probes[:1])), 1),
            "remove_ms": round(1000 * seconds(lambda: _update(measured, ids, people, probes[:0])), 1),
        }
        measured.settle()
    return row, nearest_people


def _nearest(embeddings: Any, probes: Any) -> tuple[Any, float]:  # noqa: ANN401 - arrays
    """Return the row nearest to each probe, every one compared, and the median time that took."""
    import numpy as np

    from faceaccess.recognition.indexes import exact, searching_alone

    every_one = exact(embeddings)
    nearest = every_one.search(np.ascontiguousarray(probes), 1)[1][:, 0]
    with searching_alone():
        return nearest, search_ms(partial(every_one.search, k=8), probes[:_TIMED_EXACTLY])[0]


def most_mb() -> float:
    """Return the most memory that this process ever had; not a number where the system isn't Linux.

    What `getrusage` says of a process counts the one that started it, too.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return float(line.split()[1]) / 2**10


def _update(measured: "Gallery", ids: Any, people: list[str], embeddings: Any) -> None:  # noqa: ANN401
    import numpy as np

    measured.update(
        measured.model_id,
        template_ids=ids,
        person_ids=people,
        is_active=np.ones(len(ids), bool),
        embeddings=embeddings,
    )


def seconds(step: Any) -> float:  # noqa: ANN401 - a call without arguments
    """Return the seconds that a call takes."""
    started_s = time.perf_counter()
    step()
    return time.perf_counter() - started_s


def search_ms(search: Any, probes: Any) -> tuple[float, float]:  # noqa: ANN401
    """Return the 50th and the 95th percentile of searching with one probe, milliseconds."""
    laps = sorted(1000 * seconds(lambda probe=probe: search(probe[None])) for probe in probes)
    return laps[len(laps) // 2], laps[int(len(laps) * 0.95)]
