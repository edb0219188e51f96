"""Data folders with many templates, for measuring how galleries are opened and what grows with people."""

import hashlib
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from faceaccess.lab.benchmarks.rehearsal import append_all
from faceaccess.lab.benchmarks.report import LAST_DAY, entries_of_people
from faceaccess.store import clock
from faceaccess.store.file.connection import connect
from faceaccess.store.file.database import Database
from faceaccess.store.people.templates_by_model import STORED_FLOAT
from faceaccess.store.people.types import NewTemplate
from faceaccess.vision.types import FloatArray

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace

_WHEN = "2026-01-01T00:00:00.000000+00:00"

DEPARTMENTS = 40
_ENROLLED_BEFORE = timedelta(days=365)
_PICTURE_PX = 112
_LANDMARKS = np.array([[39, 47], [73, 47], [56, 65], [42, 84], [70, 84]], np.float32)


def store(folder: Path, model_id: str, embeddings: FloatArray) -> None:
    """Make a database of people with one template each, past the journal: photos are empty.

    Args:
        folder: an empty one.
        model_id: of the templates.
        embeddings: (N, D) float32 of unit norm.
    """
    with Database.open(folder) as database:
        path, key = database.path, database.secrets.database_key
    numbers = range(1, len(embeddings) + 1)
    db = connect(path, key, read_only=False)
    try:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("BEGIN")
        db.conn.executemany(
            "INSERT INTO people (person_id, name, created_at, name_key, search_key) VALUES (?, ?, ?, ?, ?)",
            ((f"{number:032x}", "A", _WHEN, "a", "a") for number in numbers),
        )
        db.conn.executemany(
            "INSERT INTO photos (photo_id, person_id, sha256, quality, created_at, landmarks, crop, jpeg)"
            " VALUES (?, ?, ?, 1, ?, x'', x'', x'')",
            ((number, f"{number:032x}", f"{number:064x}", _WHEN) for number in numbers),
        )
        db.conn.executemany(
            "INSERT INTO templates (person_id, photo_id, model_id, quality, created_at, embedding)"
            " VALUES (?, ?, ?, 1, ?, ?)",
            (
                (
                    f"{number:032x}",
                    number,
                    model_id,
                    _WHEN,
                    embeddings[number - 1].astype(STORED_FLOAT).tobytes(),
                )
                for number in numbers
            ),
        )
        db.execute("COMMIT")
    finally:
        db.conn.close()


def grow(space: "Workspace", people: Iterable[FloatArray], entries: int) -> float:
    """Enrol people, through the functions that store them but many to a transaction; return the seconds.

    Each photo is the same small portrait. Everybody was enrolled a year before the log ends.

    Args:
        space: open, with nobody in it.
        people: (N, photos, D) float32 of unit norm each, of N people at a time.
        entries: of these people in the log.
    """
    started_s = time.perf_counter()
    picture, model_id = _picture(), space.models.model_id
    enrolled_at = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, tzinfo=UTC) - _ENROLLED_BEFORE
    ids: list[str] = []
    for some in people:
        with space.database.transaction() as db:
            newest = db.execute("SELECT coalesce(max(photo_id), 0) FROM photos").fetchone()[0]
            for faces in some:
                ids.append(_enrol(space, len(ids) + 1, faces, picture, model_id))
            aged = clock.to_text(enrolled_at)
            db.execute("UPDATE photos SET created_at = ? WHERE photo_id > ?", [aged, newest])
    if entries:
        append_all(space.database, entries_of_people(ids, entries))
    return time.perf_counter() - started_s


def _enrol(space: "Workspace", number: int, faces: FloatArray, picture: bytes, model_id: str) -> str:
    """Store a person with a template for each of some faces, and return the id."""
    person = space.people.create(
        name=f"Somebody {number:06}",
        staff_number=f"S{number:06}",
        department=f"Department {number % DEPARTMENTS}",
    )
    templates = [_template(face, f"{number}.{at}", picture, model_id) for at, face in enumerate(faces)]
    space.models.templates.add(person.person_id, templates)
    return person.person_id


def _template(face: FloatArray, name: str, picture: bytes, model_id: str) -> NewTemplate:
    return NewTemplate(
        embedding=face,
        model_id=model_id,
        quality=20.0,
        photo=picture,
        photo_sha256=hashlib.sha256(name.encode()).hexdigest(),
        crop=picture,
        landmarks=_LANDMARKS,
    )


def _picture() -> bytes:
    """Return a small portrait of the demo as JPEG."""
    import cv2

    from faceaccess.door import simulation
    from faceaccess.vision.sources.images import to_jpeg

    portrait = simulation.portraits()[1].image[60:260, 120:320]
    size = (_PICTURE_PX, _PICTURE_PX)
    return to_jpeg(np.ascontiguousarray(cv2.resize(portrait, size, interpolation=cv2.INTER_AREA)))
