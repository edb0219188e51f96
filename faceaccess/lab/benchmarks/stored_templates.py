"""A data folder with many templates, for measuring how a gallery is opened and searched."""

from pathlib import Path

from faceaccess.store.file.connection import connect
from faceaccess.store.file.database import Database
from faceaccess.store.people.templates_by_model import STORED_FLOAT
from faceaccess.vision.types import FloatArray

_WHEN = "2026-01-01T00:00:00.000000+00:00"


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
