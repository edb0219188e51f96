"""`faceaccess benchmark evidence`: the page Insights on a large gallery and a busy month."""

import os
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say

if TYPE_CHECKING:
    from faceaccess.store.journal.types import Entry

_STEPS = 100


def evidence(
    people: Annotated[int, typer.Option("--people", min=2, help="Enrolled, with three photos each.")] = 500,
    events: Annotated[int, typer.Option("--events", min=1, help="Entries of the last 30 days.")] = 100_000,
    json: Json = False,
) -> None:
    """Time the evidence for a threshold, each step of its slider, and the map of the faces."""
    from faceaccess.gui.rehearsal import slide_threshold
    from faceaccess.lab.benchmarks.rehearsal import append_all
    from faceaccess.lab.benchmarks.tour import enrol
    from faceaccess.workspace import Workspace

    with failing_clearly(), tempfile.TemporaryDirectory() as folder:
        os.environ["FACEACCESS_CONFIG_DIR"] = str(Path(folder) / "config")
        data = Path(folder) / "data"
        with Workspace.open(data) as space:
            with space.database.transaction():
                ids = [space.people.create(name=f"Person {n}").person_id for n in range(people)]
            enrol(space)
            append_all(space.database, _entries(ids, events, space.models.model_id))
        read_s, steps_ms, map_s = slide_threshold(data, _STEPS)
    row = {
        "people": people,
        "photos": 3 * people,
        "entries": events,
        "evidence_s": round(read_s, 2),
        "step_ms_median": round(statistics.median(steps_ms), 1),
        "step_ms_longest": round(max(steps_ms), 1),
        "map_s": round(map_s, 1),
    }
    if json:
        print_json(row)
        return
    for name, value in row.items():
        say(f"{name.replace('_', ' '):<18} {value}")


def _entries(ids: Sequence[str], count: int, model_id: str) -> "Iterator[Entry]":
    """Yield entries of a month, nine in ten of staff, with distances as they are at doors."""
    import numpy as np

    from faceaccess.codes import Direction, Method, Outcome, Reason
    from faceaccess.store.journal.types import Entry

    rng = np.random.default_rng(0)
    now, threshold = datetime.now(UTC), 1.0
    for number in range(count):
        is_staff = number % 10 > 0
        distance = float(np.clip(rng.normal(0.6, 0.15) if is_staff else rng.normal(1.35, 0.1), 0.05, 2))
        is_in = distance <= threshold
        whose = ids[int(rng.integers(len(ids)))]
        yield Entry(
            at=now - timedelta(days=29) * (1 - number / count),
            zone="UTC",
            outcome=Outcome.ACCEPTED if is_in else Outcome.UNKNOWN,
            reason=Reason.MATCH if is_in else Reason.NO_MATCH,
            person_id=whose if is_in else None,
            distance=distance,
            runner_up_id=None,
            runner_up_distance=distance + 0.4,
            threshold=threshold,
            margin=0.1,
            model_id=model_id,
            device="cpu",
            quality=20.0,
            camera="Door",
            door="Door",
            direction=Direction.IN,
            method=Method.FACE,
            nearest_id=whose,
        )
