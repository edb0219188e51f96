"""`faceaccess benchmark health`: looking through a large gallery and its long log."""

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say
from faceaccess.lab.benchmarks.report import LAST_DAY, fill

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace

MODEL, SIZE = "benchmark", 128
_SPREAD = 0.015
"""Of each number of an embedding: photos of a person are then at about 0.06 from each other."""


def health(
    people: Annotated[int, typer.Option("--people", help="Enrolled.")] = 1000,
    photos: Annotated[int, typer.Option("--photos-each", help="Photos of each.")] = 5,
    events: Annotated[int, typer.Option("--events", help="Entries in the journal.")] = 200_000,
    json: Json = False,
) -> None:
    """Time the search for problems with the photos of many people."""
    from faceaccess.recognition.types import EnrolmentLimits, MatchPolicy
    from faceaccess.workspace import Workspace

    limits = EnrolmentLimits(
        MODEL, 0.01, 0.19, 0.02, 0.0235, 0.3, 0.18, wrong_person=0.15, same_picture=0.004
    )
    with (
        failing_clearly(),
        tempfile.TemporaryDirectory() as throw_away,
        Workspace.open(Path(throw_away)) as space,
    ):
        fill(space, events, people)
        _enrol(space, photos)
        now = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, tzinfo=UTC) + timedelta(days=1)
        started_s = time.perf_counter()
        findings = space.reception.health.examine(MatchPolicy(MODEL, 0.106, 0.02), limits, now)
        row = {
            "people": people,
            "photos": people * photos,
            "entries": events,
            "findings": len(findings),
            "took_s": round(time.perf_counter() - started_s, 2),
        }
    if json:
        print_json(row)
        return
    for name, value in row.items():
        say(f"{name.replace('_', ' '):<12} {value}")


def _enrol(space: "Workspace", photos: int) -> None:
    """Give everybody made-up photos, enrolled two years before the log ends."""
    import numpy as np

    from faceaccess.store.people.types import NewTemplate

    rng = np.random.default_rng(0)
    for number, person in enumerate(space.people.list()):
        faces = rng.normal(size=(1, SIZE)) / SIZE**0.5 + _SPREAD * rng.normal(size=(photos, SIZE))
        faces /= np.linalg.norm(faces, axis=1, keepdims=True)
        new = [
            NewTemplate(
                embedding=face.astype(np.float32),
                model_id=MODEL,
                quality=10.0,
                photo=bytes(50_000),
                photo_sha256=f"{number * photos + place:064x}",
                crop=bytes(10_000),
                landmarks=np.zeros((5, 2), np.float32),
            )
            for place, face in enumerate(faces)
        ]
        space.models.templates.add(person.person_id, new)
    enrolled = (
        datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, tzinfo=UTC) - timedelta(days=730)
    ).isoformat()
    with space.database.transaction() as db:
        db.execute("UPDATE photos SET created_at = ?", [enrolled])
