"""The templates that each model has of the people enrolled, and those it still lacks."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database as SqliteDatabase

from faceaccess.errors import GalleryError
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.file.faults import damaged
from faceaccess.store.journal.chain import photo_digest
from faceaccess.store.people.types import AnotherTemplate, Readiness, StoredCrop

# Little-endian on every machine, so that a data folder can be carried to another.
STORED_FLOAT = np.dtype("<f4")
_NORM_TOLERANCE = 1e-3


# One row for each photo and each of its templates of a model, or one without. The sign keeps SQLite from
# going through all templates of the model for each photo, which it takes to be few.
_PHOTOS_AND_TEMPLATES = (
    "photos p JOIN people w ON w.person_id = p.person_id"
    " LEFT JOIN templates t ON t.photo_id = p.photo_id AND +t.model_id = ?"
)
_SHOWN = "p.hidden_at IS NULL AND w.hidden_at IS NULL"


class TemplatesByModel:
    """Compares models by the people and photos that they have templates of, and completes one.

    Inside `database.transaction()` it takes part in that one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def readiness(self, model_id: str) -> Readiness:
        """Return how many people have templates of a model; deleted people and photos don't count."""
        with self._database.reader() as db:
            people, ready = db.execute(
                "SELECT count(DISTINCT p.person_id), count(DISTINCT t.person_id)"
                f" FROM {_PHOTOS_AND_TEMPLATES} WHERE {_SHOWN}",
                [model_id],
            ).fetchone()
        return Readiness(people, ready)

    def enrolled(self) -> int:
        """Return how many people have photos, as `readiness` counts them; far sooner where they are many."""
        with self._database.reader() as db:
            return int(
                db.execute(
                    "SELECT count(*) FROM people w WHERE w.hidden_at IS NULL AND EXISTS ("
                    "SELECT 1 FROM photos p WHERE p.person_id = w.person_id AND p.hidden_at IS NULL)"
                ).fetchone()[0]
            )

    def people(self) -> dict[str, int]:
        """Return how many people have templates of each model."""
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT model_id, count(DISTINCT person_id) FROM templates GROUP BY model_id"
            ).fetchall()
        return {row[0]: row[1] for row in rows}

    def lacking(self, model_id: str) -> list[str]:
        """Return the people who have photos and no templates of a model, but those deleted."""
        with self._database.reader() as db:
            rows = db.execute(
                f"SELECT p.person_id FROM {_PHOTOS_AND_TEMPLATES} WHERE {_SHOWN}"
                " GROUP BY p.person_id HAVING count(t.photo_id) = 0 ORDER BY min(p.photo_id)",
                [model_id],
            ).fetchall()
        return [row[0] for row in rows]

    def missing(self, model_id: str) -> list[tuple[int, str]]:
        """Return the photos that have no template of a model, oldest first, each with its person.

        Deleted people and photos are among them: they may be restored.
        """
        with self._database.reader() as db:
            rows = db.execute(
                f"SELECT p.photo_id, p.person_id FROM {_PHOTOS_AND_TEMPLATES} WHERE t.photo_id IS NULL"
                " ORDER BY p.photo_id",
                [model_id],
            ).fetchall()
        return [(row[0], row[1]) for row in rows]

    def without(self, person_id: str, model_id: str) -> list[StoredCrop]:
        """Return the loose crops of a person's photos of which a model has no template, oldest first."""
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT sha256, crop, landmarks, jpeg, digest FROM photos p WHERE person_id = ? AND NOT"
                " EXISTS (SELECT 1 FROM templates t WHERE t.photo_id = p.photo_id AND +t.model_id = ?)"
                " ORDER BY photo_id",
                [person_id, model_id],
            ).fetchall()
        check_photos(self._database, ((row[1], row[3], row[4]) for row in rows))
        return [stored_crop(row) for row in rows]

    def complete(self, person_id: str, templates: Sequence[AnotherTemplate]) -> int:
        """Store templates of photos that are there already, all or none; return how many were new.

        What was removed since, person or photo, is passed over, and so is a photo of which the model has
        a template: two who do the same at once leave one of each.

        Raises:
            GalleryError: an embedding has another size than the model's others.
        """
        with self._database.transaction() as db:
            return sum(_insert_another(db, person_id, template) for template in templates)

    def forget(self, model_id: str) -> int:
        """Remove all templates of a model; return how many."""
        with self._database.transaction() as db:
            return int(db.execute("DELETE FROM templates WHERE model_id = ?", [model_id]).rowcount)

    def counts(self) -> dict[str, int]:
        """Return how many templates each model has."""
        with self._database.reader() as db:
            rows = db.execute("SELECT model_id, count(*) FROM templates GROUP BY model_id").fetchall()
        return {row[0]: row[1] for row in rows}


def _insert_another(db: SqliteDatabase, person_id: str, template: AnotherTemplate) -> bool:
    check_embedding(db, template.embedding, template.model_id)
    return bool(
        db.execute(
            "INSERT INTO templates (person_id, photo_id, model_id, quality, created_at, embedding)"
            " SELECT p.person_id, p.photo_id, ?, ?, ?, ? FROM photos p WHERE p.person_id = ? AND p.sha256 = ?"
            " AND NOT EXISTS (SELECT 1 FROM templates t WHERE t.photo_id = p.photo_id AND +t.model_id = ?)",
            [
                template.model_id,
                float(template.quality),
                clock.to_text(clock.utc_now()),
                template.embedding.astype(STORED_FLOAT).tobytes(),
                person_id,
                template.photo_sha256,
                template.model_id,
            ],
        ).rowcount
    )


def check_photos(database: Database, photos: Iterable[tuple[bytes, bytes, bytes]]) -> None:
    """Check crops and photos, as read, against their digests.

    Raises:
        StoreError: one is not what was written.
    """
    if any(photo_digest(bytes(crop), bytes(jpeg)) != digest for crop, jpeg, digest in photos):
        raise damaged(database.path)


def stored_crop(row: Sequence[Any]) -> StoredCrop:
    """Return a crop of a row of digest, crop and landmarks."""
    landmarks = np.frombuffer(row[2], STORED_FLOAT).reshape(5, 2).astype(np.float32)
    return StoredCrop(row[0], bytes(row[1]), landmarks)


def check_embedding(db: SqliteDatabase, embedding: NDArray[np.float32], model_id: str) -> None:
    """Raise for an embedding that the model's others can't be compared with."""
    # Written so that NaN is refused as well.
    if embedding.ndim != 1 or not abs(float(np.linalg.norm(embedding)) - 1) <= _NORM_TOLERANCE:
        raise ValueError(f"embedding: expected (D,) of unit norm, got {embedding.shape}")
    other = db.execute(
        "SELECT length(embedding) FROM templates WHERE model_id = ? LIMIT 1", [model_id]
    ).fetchone()
    if other is not None and other[0] != embedding.size * STORED_FLOAT.itemsize:
        raise GalleryError(
            "An embedding has {size} numbers where the model's others have {other_size}.",
            size=embedding.size,
            other_size=other[0] // STORED_FLOAT.itemsize,
        )
