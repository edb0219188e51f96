"""The templates of the people enrolled and the photos that they were made from."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database as SqliteDatabase

from faceaccess.errors import EnrolmentError, GalleryError
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.file.faults import damaged
from faceaccess.store.journal.chain import photo_digest
from faceaccess.store.people.aliases import owner_of
from faceaccess.store.people.types import (
    AnotherTemplate,
    NewTemplate,
    Readiness,
    StoredCrop,
    TemplateSet,
    WholePhoto,
)

# Little-endian on every machine, so that a data folder can be carried to another.
_STORED_FLOAT = np.dtype("<f4")
_NORM_TOLERANCE = 1e-3


# Of a person, or of whom the person was merged into.
_SHOWN_OF = "hidden_at IS NULL AND person_id = (SELECT owner_id FROM people WHERE person_id = ?)"


# One row for each photo and each of its templates of a model, or one without.
_PHOTOS_AND_TEMPLATES = (
    "photos p JOIN people w ON w.person_id = p.person_id"
    " LEFT JOIN templates t ON t.photo_id = p.photo_id AND t.model_id = ?"
)
_SHOWN = "p.hidden_at IS NULL AND w.hidden_at IS NULL"


class Templates:
    """Reads and adds templates; inside `database.transaction()` it takes part in that one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, person_id: str, templates: Sequence[NewTemplate]) -> list[int]:
        """Store templates with their photos, all or none; return their ids in order.

        A photo that the person already has (by its hash) is kept once.

        Raises:
            EnrolmentError: nobody has this id.
            GalleryError: an embedding has another size than the model's others.
        """
        with self._database.transaction() as db:
            person_id = owner_of(db, person_id)
            row = db.execute("SELECT name, hidden_at FROM people WHERE person_id = ?", [person_id]).fetchone()
            if row is None:
                raise EnrolmentError(f"There is no person with the id {person_id}.")
            if row[1] is not None:
                raise EnrolmentError(f"{row[0]} is deleted.", "Restore that person first.")
            return [_insert(db, person_id, template) for template in templates]

    def load(self, model_id: str, *, newer_than: int = 0) -> TemplateSet:
        """Return all templates of a model but those deleted, in the order of their ids.

        Args:
            model_id: whose templates they are.
            newer_than: a template id; embeddings are read of later ones only. Ids always rise.

        Raises:
            GalleryError: templates of different sizes.
        """
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT t.template_id, t.person_id, p.is_active,"
                " CASE WHEN t.template_id > ? THEN t.embedding END FROM templates t"
                " JOIN people p USING (person_id) JOIN photos f USING (photo_id) WHERE t.model_id = ?"
                " AND p.hidden_at IS NULL AND p.merged_into IS NULL AND f.hidden_at IS NULL"
                " ORDER BY t.template_id",
                [newer_than, model_id],
            ).fetchall()
        return TemplateSet(
            template_ids=np.array([row[0] for row in rows], np.int64),
            person_ids=tuple(row[1] for row in rows),
            is_active=np.array([row[2] for row in rows], np.bool_),
            embeddings=stacked([row[3] for row in rows if row[3] is not None], model_id),
        )

    def embeddings(self, person_id: str, model_id: str) -> NDArray[np.float32]:
        """Return a person's templates, oldest first: (N, D) float32 of unit norm; (0, 0) for none."""
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT embedding FROM templates WHERE photo_id IN ("
                f" SELECT photo_id FROM photos WHERE {_SHOWN_OF}) AND model_id = ? ORDER BY template_id",
                [person_id, model_id],
            ).fetchall()
        return stacked([row[0] for row in rows], model_id)

    def by_photo(self, person_id: str, model_id: str) -> list[tuple[int, NDArray[np.float32]]]:
        """Return the number of each of a person's photos with its template of a model.

        Newest first; a photo that was deleted and given again is new.
        """
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT f.photo_id, t.embedding, max(t.template_id) FROM templates t"
                " JOIN photos f USING (photo_id) WHERE f.person_id = ? AND f.hidden_at IS NULL"
                " AND t.model_id = ? GROUP BY f.photo_id ORDER BY 3 DESC",
                [person_id, model_id],
            ).fetchall()
        return [(row[0], np.frombuffer(row[1], _STORED_FLOAT).astype(np.float32)) for row in rows]

    def whole_photos(self, person_id: str) -> list[WholePhoto]:
        """Return all that is kept of a person's photos, oldest first; deleted ones are left out."""
        with self._database.reader() as db:
            photos = db.execute(
                "SELECT photo_id, sha256, quality, landmarks, crop, jpeg, digest FROM photos"
                " WHERE person_id = ? AND hidden_at IS NULL ORDER BY photo_id",
                [person_id],
            ).fetchall()
            rows = db.execute(
                "SELECT photo_id, model_id, embedding FROM templates WHERE person_id = ?", [person_id]
            ).fetchall()
        self._check((row[4], row[5], row[6]) for row in photos)
        embeddings: dict[int, dict[str, NDArray[np.float32]]] = {}
        for photo_id, model_id, blob in rows:
            embedding = np.frombuffer(blob, _STORED_FLOAT).astype(np.float32)
            embeddings.setdefault(photo_id, {})[model_id] = embedding
        return [
            WholePhoto(
                row[1],
                row[2],
                np.frombuffer(row[3], _STORED_FLOAT).reshape(5, 2).astype(np.float32),
                bytes(row[4]),
                bytes(row[5]),
                embeddings.get(row[0], {}),
            )
            for row in photos
        ]

    def photo_hashes(self, person_id: str) -> set[str]:
        """Return the SHA-256 of the original files of a person's photos."""
        with self._database.reader() as db:
            rows = db.execute(f"SELECT sha256 FROM photos WHERE {_SHOWN_OF}", [person_id]).fetchall()
        return {row[0] for row in rows}

    def photos(self, person_id: str) -> list[bytes]:
        """Return a person's photos as JPEG, oldest first."""
        with self._database.reader() as db:
            rows = db.execute(
                f"SELECT crop, jpeg, digest FROM photos WHERE {_SHOWN_OF} ORDER BY photo_id", [person_id]
            ).fetchall()
        self._check(rows)
        return [bytes(row[1]) for row in rows]

    def crops(self, person_id: str) -> list[StoredCrop]:
        """Return a person's loose crops with their landmarks, oldest first, to embed them again."""
        with self._database.reader() as db:
            rows = db.execute(
                f"SELECT sha256, crop, landmarks, jpeg, digest FROM photos WHERE {_SHOWN_OF}"
                " ORDER BY photo_id",
                [person_id],
            ).fetchall()
        self._check((row[1], row[3], row[4]) for row in rows)
        return [_stored_crop(row) for row in rows]

    def readiness(self, model_id: str) -> Readiness:
        """Return how many people have templates of a model; deleted people and photos don't count."""
        with self._database.reader() as db:
            people, ready = db.execute(
                "SELECT count(DISTINCT p.person_id), count(DISTINCT t.person_id)"
                f" FROM {_PHOTOS_AND_TEMPLATES} WHERE {_SHOWN}",
                [model_id],
            ).fetchone()
        return Readiness(people, ready)

    def people_by_model(self) -> dict[str, int]:
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
        """Return the photos that have no template of a model, oldest first, each with whose it is.

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
                "SELECT sha256, crop, landmarks, jpeg, digest FROM photos p WHERE person_id = ?"
                " AND NOT EXISTS (SELECT 1 FROM templates t WHERE t.photo_id = p.photo_id AND t.model_id = ?)"
                " ORDER BY photo_id",
                [person_id, model_id],
            ).fetchall()
        self._check((row[1], row[3], row[4]) for row in rows)
        return [_stored_crop(row) for row in rows]

    def complete(self, person_id: str, made: Sequence[AnotherTemplate]) -> int:
        """Store templates of photos that are there already, all or none; return how many were new.

        What was removed since, person or photo, is passed over, and so is a photo of which the model has
        a template: two who do the same at once leave one of each.

        Raises:
            GalleryError: an embedding has another size than the model's others.
        """
        with self._database.transaction() as db:
            return sum(_insert_another(db, person_id, template) for template in made)

    def forget(self, model_id: str) -> int:
        """Remove all templates of a model; return how many."""
        with self._database.transaction() as db:
            return int(db.execute("DELETE FROM templates WHERE model_id = ?", [model_id]).rowcount)

    def _check(self, photos: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        """Check crops and photos, as read, against their digests.

        Raises:
            StoreError: one is not what was written.
        """
        if any(photo_digest(bytes(crop), bytes(jpeg)) != digest for crop, jpeg, digest in photos):
            raise damaged(self._database.path)

    def counts(self) -> dict[str, int]:
        """Return how many templates each model has."""
        with self._database.reader() as db:
            rows = db.execute("SELECT model_id, count(*) FROM templates GROUP BY model_id").fetchall()
        return {row[0]: row[1] for row in rows}


def renumber(db: SqliteDatabase, which: str, parameters: Sequence[object]) -> None:
    """Give templates new ids, the highest so far: a gallery that forgot them takes them as new ones.

    Args:
        db: inside a transaction.
        which: the SQL condition that they meet.
        parameters: of the condition.
    """
    columns = "person_id, photo_id, model_id, quality, created_at, embedding"
    old = db.execute(f"SELECT template_id FROM templates WHERE {which}", list(parameters)).fetchall()
    for (template_id,) in old:
        db.execute(
            f"INSERT INTO templates ({columns}) SELECT {columns} FROM templates WHERE template_id = ?",
            [template_id],
        )
        db.execute("DELETE FROM templates WHERE template_id = ?", [template_id])


def _insert(db: SqliteDatabase, person_id: str, template: NewTemplate) -> int:
    _check_size(db, template)
    now = clock.to_text(clock.utc_now())
    cursor = db.execute(
        "INSERT INTO templates (person_id, photo_id, model_id, quality, created_at, embedding)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            person_id,
            _photo_id(db, person_id, template, now),
            template.model_id,
            float(template.quality),
            now,
            template.embedding.astype(_STORED_FLOAT).tobytes(),
        ],
    )
    return int(cursor.lastrowid or 0)


def _stored_crop(row: Sequence[Any]) -> StoredCrop:
    landmarks = np.frombuffer(row[2], _STORED_FLOAT).reshape(5, 2).astype(np.float32)
    return StoredCrop(row[0], bytes(row[1]), landmarks)


def _insert_another(db: SqliteDatabase, person_id: str, template: AnotherTemplate) -> bool:
    _check_embedding(db, template.embedding, template.model_id)
    return bool(
        db.execute(
            "INSERT INTO templates (person_id, photo_id, model_id, quality, created_at, embedding)"
            " SELECT p.person_id, p.photo_id, ?, ?, ?, ? FROM photos p WHERE p.person_id = ? AND p.sha256 = ?"
            " AND NOT EXISTS (SELECT 1 FROM templates t WHERE t.photo_id = p.photo_id AND t.model_id = ?)",
            [
                template.model_id,
                float(template.quality),
                clock.to_text(clock.utc_now()),
                template.embedding.astype(_STORED_FLOAT).tobytes(),
                person_id,
                template.photo_sha256,
                template.model_id,
            ],
        ).rowcount
    )


def _photo_id(db: SqliteDatabase, person_id: str, template: NewTemplate, now: str) -> int:
    """Return the id of a template's photo, storing the photo when the person lacks it."""
    known = db.execute(
        "SELECT photo_id, hidden_at FROM photos WHERE person_id = ? AND sha256 = ?",
        [person_id, template.photo_sha256],
    ).fetchone()
    if known is not None:
        if known[1] is not None:
            # Deleted, and given again: it is back, with the template made now.
            db.execute("UPDATE photos SET hidden_at = NULL WHERE photo_id = ?", [known[0]])
            db.execute(
                "DELETE FROM templates WHERE photo_id = ? AND model_id = ?", [known[0], template.model_id]
            )
            renumber(db, "photo_id = ?", [known[0]])
        return int(known[0])
    cursor = db.execute(
        "INSERT INTO photos (person_id, sha256, quality, created_at, landmarks, crop, jpeg, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            person_id,
            template.photo_sha256,
            float(template.quality),
            now,
            template.landmarks.astype(_STORED_FLOAT).tobytes(),
            template.crop,
            template.photo,
            photo_digest(template.crop, template.photo),
        ],
    )
    return int(cursor.lastrowid or 0)


def _check_size(db: SqliteDatabase, template: NewTemplate) -> None:
    _check_embedding(db, template.embedding, template.model_id)
    if template.landmarks.shape != (5, 2):
        raise ValueError(f"landmarks: expected (5, 2), got {template.landmarks.shape}")


def _check_embedding(db: SqliteDatabase, embedding: NDArray[np.float32], model_id: str) -> None:
    # Written so that NaN is refused as well.
    if embedding.ndim != 1 or not abs(float(np.linalg.norm(embedding)) - 1) <= _NORM_TOLERANCE:
        raise ValueError(f"embedding: expected (D,) of unit norm, got {embedding.shape}")
    other = db.execute(
        "SELECT length(embedding) FROM templates WHERE model_id = ? LIMIT 1", [model_id]
    ).fetchone()
    if other is not None and other[0] != embedding.size * _STORED_FLOAT.itemsize:
        raise GalleryError(
            f"An embedding has {embedding.size} numbers where the model's others have "
            f"{other[0] // _STORED_FLOAT.itemsize}."
        )


def stacked(blobs: Sequence[bytes], model_id: str) -> NDArray[np.float32]:
    """Return embeddings as stored as (N, D) float32; (0, 0) for none.

    Raises:
        GalleryError: they differ in size.
    """
    if not blobs:
        return np.empty((0, 0), np.float32)
    sizes = {len(blob) for blob in blobs}
    if len(sizes) != 1:
        raise GalleryError(f"Templates of the model {model_id} differ in size: {sorted(sizes)} bytes.")
    joined = np.frombuffer(b"".join(blobs), _STORED_FLOAT).reshape(len(blobs), -1)
    return joined.astype(np.float32, copy=False)
