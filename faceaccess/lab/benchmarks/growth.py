"""`faceaccess benchmark growth`: what a data folder with very many people costs, step by step."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from faceaccess import paths
from faceaccess.cli.common import Json, failing_clearly, print_json, say

if TYPE_CHECKING:
    from faceaccess.lab.benchmarks.started import Office
    from faceaccess.vision.types import FloatArray

PROBES = 200
_PLATFORM = "QT_QPA_PLATFORM"
_LIKE = 300
_SEED = 1


def growth(
    people: Annotated[int, typer.Option("--people", min=1, help="Enrolled.")] = 10_000,
    templates_each: Annotated[
        int, typer.Option("--templates-each", min=1, help="Photos of each, with a template of each.")
    ] = 5,
    events: Annotated[int, typer.Option("--events", min=0, help="Entries in the log.")] = 100_000,
    photos: Annotated[
        Path | None,
        typer.Option(
            "--photos", help="A folder with one sub-folder of photos per person: people are made like these."
        ),
    ] = None,
    newcomers: Annotated[
        int, typer.Option("--newcomers", min=0, help="Imported at the end, out of --photos.")
    ] = 1000,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder", help="Keep the data here, or measure those that were; else a throw-away one."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Fill a data folder with people and time what grows with them, and how much memory it takes.

    Opening, searching, the page People and every other, the check of the photos, the program's start, and the
    import of newcomers, each in a process of its own. All stored photos are one small portrait; the templates
    are made like those of --photos, else made up. Without --photos nobody is imported.
    """
    from faceaccess.lab.benchmarks.started import placed

    keeping: Any = nullcontext(folder) if folder else tempfile.TemporaryDirectory()
    with failing_clearly(), keeping as place:
        office = placed(Path(place), None)
        os.environ[paths.CONFIG_DIR_VARIABLE] = office.environment[paths.CONFIG_DIR_VARIABLE]
        if platform := office.environment.get(_PLATFORM):
            os.environ[_PLATFORM] = platform
        for step, figures in _steps(office, people, templates_each, events, photos, newcomers):
            if json:
                print_json({"step": step, **figures})
                continue
            say(f"{step}: " + "  ".join(f"{name.replace('_', ' ')} {figures[name]}" for name in figures))


def _steps(
    office: "Office", people: int, photos_each: int, events: int, photos: Path | None, newcomers: int
) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the name and the figures of each step, as it is done."""
    from faceaccess.lab.benchmarks import growth_steps
    from faceaccess.lab.benchmarks.growth_steps import apart

    data = office.data
    known = _known(photos)
    yield "filled", _fill(data, known, people, photos_each, events)
    yield "opened", apart(growth_steps.opened, data, _probes(known, people, photos_each))
    yield "loaded", apart(growth_steps.loaded, data)
    yield "page People", apart(growth_steps.people_page, data)
    yield "all pages", apart(growth_steps.all_pages, data)
    yield "health", apart(growth_steps.health, data)
    yield "start", growth_steps.start(office)
    if photos is not None and newcomers:
        table = growth_steps.table_of(photos, newcomers, photos_each, data.parent / "newcomers.csv")
        if table is not None:
            yield "import", apart(growth_steps.newcomers, data, table, photos)


def _known(photos: Path | None) -> "list[FloatArray]":
    """Return the templates of some real people, or of people made up where there are no photos."""
    import numpy as np

    from faceaccess.lab.benchmarks.gallery import embeddings_of

    if photos is not None:
        return embeddings_of(photos, _LIKE)[0]
    rng = np.random.default_rng(_SEED)
    faces = rng.normal(size=(_LIKE, 1, 128)) / 128**0.5 + 0.05 * rng.normal(size=(_LIKE, 3, 128))
    return list((faces / np.linalg.norm(faces, axis=2, keepdims=True)).astype(np.float32))


def _fill(
    data: Path, known: "list[FloatArray]", people: int, photos_each: int, events: int
) -> dict[str, object]:
    """Fill an empty data folder; one that has people already is measured as it is."""
    from faceaccess.lab.benchmarks.spreading import people_like
    from faceaccess.lab.benchmarks.stored_templates import grow
    from faceaccess.store.file.restoring import DATABASE_FILE
    from faceaccess.workspace import Workspace

    filled_s = 0.0
    with Workspace.open(data) as space:
        if not space.people.list(most=1):
            faces = people_like(known, people, photos_each + 1)
            filled_s = grow(space, (some[:, :-1] for some in faces), events)
        counts = space.models.templates.by_model.counts()
        listed = space.models.templates.by_model.enrolled()
    return {
        "people": listed,
        "templates": sum(counts.values()),
        "seconds": round(filled_s, 1),
        "database_mb": round((data / DATABASE_FILE).stat().st_size / 2**20),
    }


def _probes(known: "list[FloatArray]", people: int, photos_each: int) -> "FloatArray":
    """Return one more photo of each of the people enrolled first, (N, D) float32 of unit norm."""
    from faceaccess.lab.benchmarks.spreading import people_like

    return next(people_like(known, people, photos_each + 1))[:PROBES, -1]
