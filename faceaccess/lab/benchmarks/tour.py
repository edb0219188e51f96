"""A tour of every page of the window on a filled data folder, while a door runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from faceaccess.lab.benchmarks.report import fill

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace

_PHOTOS, _SIZE = 3, 128
_LONGEST = 8
_SPREAD = 0.02
"""Of each number of an embedding: photos of a person are then nearer to each other than to anybody's."""


def tour(folder: Path, people: int, events: int) -> dict[str, Any]:
    """Fill a folder, tour the window, and return the gaps of its event loop with the page of the longest.

    Args:
        folder: a throw-away folder.
        people: how many are enrolled, with three photos each.
        events: entries in the journal.
    """
    from faceaccess.door import simulation
    from faceaccess.gui.rehearsal import tour_pages
    from faceaccess.workspace import Workspace

    recording = folder / "door.mp4"
    simulation.render(recording, rounds=6)
    with Workspace.open(folder / "data") as space:
        fill(space, events, people)
        enrol(space)
    gaps = sorted(tour_pages(folder / "data", str(recording)))
    longest: dict[str, float] = {}
    for gap_ms, place in reversed(gaps):
        longest.setdefault(place, round(gap_ms, 1))
    gaps_ms = [gap_ms for gap_ms, _ in gaps]
    return {
        "turns": len(gaps_ms),
        "gap_ms_p50": gaps_ms[len(gaps_ms) // 2],
        "gap_ms_p99": gaps_ms[int(len(gaps_ms) * 0.99)],
        "gap_ms_longest": gaps_ms[-1],
        "longest": dict(list(longest.items())[:_LONGEST]),
    }


def enrol(space: "Workspace") -> None:
    """Give everybody a portrait and made-up embeddings of the built-in model."""
    import hashlib

    from faceaccess.door import simulation
    from faceaccess.store.people.types import NewTemplate
    from faceaccess.vision.sources.images import to_jpeg

    space.reception.load_models()
    model_id = space.models.model_id
    rng = np.random.default_rng(0)
    portrait = simulation.portraits()[1].image
    photo, crop = to_jpeg(portrait), to_jpeg(portrait[60:260, 120:320])
    for person in space.people.list():
        face = rng.normal(size=_SIZE) / _SIZE**0.5
        templates = []
        for number in range(_PHOTOS):
            near = face + _SPREAD * rng.normal(size=_SIZE)
            templates.append(
                NewTemplate(
                    embedding=(near / np.linalg.norm(near)).astype(np.float32),
                    model_id=model_id,
                    quality=20.0,
                    photo=photo,
                    photo_sha256=hashlib.sha256(f"{person.person_id}{number}".encode()).hexdigest(),
                    crop=crop,
                    landmarks=np.array([[50, 60], [100, 60], [75, 85], [55, 110], [95, 110]], np.float32),
                )
            )
        space.models.templates.add(person.person_id, templates)
