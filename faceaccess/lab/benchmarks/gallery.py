"""`faceaccess benchmark gallery`: searching many templates, beside comparing every one."""

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say

if TYPE_CHECKING:
    from faceaccess.recognition.gallery import Gallery

PROBES = 300


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
    """Time searches and changes of large galleries, made of real templates and their real spread."""
    from faceaccess.errors import SettingsError
    from faceaccess.lab.benchmarks.spreading import spread

    with failing_clearly():
        enrolled, probes = _embeddings(photos, people)
        if len(probes) < PROBES // 10:
            raise SettingsError(f"{photos} has too few people with several photos.", "Raise --people.")
        for count in templates or [100_000, 1_000_000]:
            row = _measure(spread(enrolled, count), probes[:PROBES])
            if json:
                print_json(row)
            else:
                say("  ".join(f"{name.replace('_', ' ')} {value}" for name, value in row.items()))


def _embeddings(photos: Path, people: int) -> tuple[list[Any], Any]:
    """Return the templates of each person, and as probes the last photo of each, which is left out."""
    import numpy as np

    from faceaccess.cli.recogniser import load_recogniser
    from faceaccess.lab.measures import evaluation

    folders = [folder for folder in evaluation.photo_folders(photos).values() if len(folder) > 2][:people]
    recogniser = load_recogniser("cpu")
    taken = [path for folder in folders for path in folder[:6]]
    crops = evaluation.PhotoEmbeddings(recogniser).crops(taken, lambda _done, _all: None)
    embeddings = evaluation.embed_all(recogniser.embedder, crops, as_templates=True)
    rows = [[embeddings[path] for path in folder[:6] if path in embeddings] for folder in folders]
    rows = [row for row in rows if len(row) > 2]
    return [np.stack(row[:-1]) for row in rows], np.stack([row[-1] for row in rows])


def _measure(embeddings: Any, probes: Any) -> dict[str, object]:  # noqa: ANN401 - arrays
    import numpy as np
    import psutil

    from faceaccess.recognition.gallery import Gallery
    from faceaccess.recognition.snapshot import exact

    process, count = psutil.Process(), len(embeddings)
    before_mb = process.memory_info().rss / 2**20
    measured = Gallery("benchmark", embeddings.shape[1])
    ids = np.arange(1, count + 1, dtype=np.int64)
    people = [f"{number:032x}" for number in range(count)]
    filled_s = _seconds(lambda: _update(measured, ids, people, embeddings))
    built_s = _seconds(measured.settle)
    memory_mb = process.memory_info().rss / 2**20 - before_mb
    every_one = exact(embeddings)
    nearest = every_one.search(np.ascontiguousarray(probes), 1)[1][:, 0]
    exact_ms = _search_ms(partial(every_one.search, k=8), probes[:50])
    del every_one
    rows = [near[0].template_id - 1 for near in measured.search(probes)]
    laps = _search_ms(measured.search, probes)
    more = (np.append(ids, count + 1), [*people, "f" * 32])
    return {
        "templates": count,
        "index": "exact" if measured.is_exact else "cells",
        "search_ms_p50": round(laps[0], 2),
        "search_ms_p95": round(laps[1], 2),
        "exact_ms_p50": round(exact_ms[0], 2),
        "recall_at_1": round(float((nearest == np.array(rows)).mean()), 4),
        "filled_s": round(filled_s, 1),
        "built_behind_s": round(built_s, 1),
        "memory_mb": round(memory_mb),
        "add_ms": round(1000 * _seconds(lambda: _update(measured, *more, probes[:1])), 1),
        "remove_ms": round(1000 * _seconds(lambda: _update(measured, ids, people, probes[:0])), 1),
    }


def _update(measured: "Gallery", ids: Any, people: list[str], embeddings: Any) -> None:  # noqa: ANN401
    import numpy as np

    measured.update(
        measured.model_id,
        template_ids=ids,
        person_ids=people,
        is_active=np.ones(len(ids), bool),
        embeddings=embeddings,
    )


def _seconds(step: Any) -> float:  # noqa: ANN401 - a call without arguments
    started_s = time.perf_counter()
    step()
    return time.perf_counter() - started_s


def _search_ms(search: Any, probes: Any) -> tuple[float, float]:  # noqa: ANN401
    """Return the 50th and the 95th percentile of searching with one probe, milliseconds."""
    laps = sorted(1000 * _seconds(lambda probe=probe: search(probe[None])) for probe in probes)
    return laps[len(laps) // 2], laps[int(len(laps) * 0.95)]
