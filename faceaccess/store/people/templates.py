"""The templates of the people enrolled and the photos that they were made from."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database as SqliteDatabase

from faceaccess.errors import EnrolmentError, GalleryError
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.journal.chain import photo_digest
from faceaccess.store.people.aliases import owner_of
from faceaccess.store.people.templates_by_model import (
    STORED_FLOAT,
    TemplatesByModel,
    check_embedding,
    check_photos,
    stored_crop,
)
from faceaccess.store.people.types import (
    NewTemplate,
    StoredCrop,
    TemplateSet,
    WholePhoto,
)

# In what follows, the sign of `+model_id` keeps SQLite from going through all templates of a model for those
# of one person or photo: it takes them to be few, and mostly they are all that there are.

# Of a person, or of whom the person was merged into.
_SHOWN_OF = "hidden_at IS NULL AND person_id = (SELECT owner_id FROM people WHERE person_id = ?)"


class Templates:
    """Reads and adds templates; inside `database.transaction()` it takes part in that one.

    Attributes:
        by_model: what each model has, and lacks.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.by_model = TemplatesByModel(database)

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
                raise EnrolmentError("There is no person with the id {person_id}.", person_id=person_id)
            if row[1] is not None:
                raise EnrolmentError("{name} is deleted.", "Restore that person first.", name=row[0])
            return [_insert(db, person_id, template) for template in templates]

    def load(self, model_id: str, *, newer_than: int = 0) -> TemplateSet:
        """Return all templates of a model but those deleted, in the order of their ids.

        Args:
            model_id: whose templates they are.
            newer_than: a template id; embeddings are read of later ones only. Ids always rise.

        Raises:
            GalleryError: templates of different sizes.
        """
        return self._load(model_id, newer_than, "t.model_id = :model_id")

    def load_of(self, person_id: str, model_id: str, *, newer_than: int) -> TemplateSet:
        """Return a person's templates of a model, and all newer ones, but those deleted; as `load` does.

        Args:
            person_id: the person's id.
            model_id: whose templates they are.
            newer_than: a template id; embeddings are read of later ones only.

        Raises:
            GalleryError: templates of different sizes.
        """
        which = (
            "+t.model_id = :model_id AND t.template_id IN ("
            " SELECT template_id FROM templates WHERE template_id > :newer_than"
            " UNION SELECT template_id FROM templates WHERE person_id = :person_id)"
        )
        return self._load(model_id, newer_than, which, person_id)

    def _load(self, model_id: str, newer_than: int, which: str, person_id: str = "") -> TemplateSet:
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT t.template_id, t.person_id, p.is_active,"
                " CASE WHEN t.template_id > :newer_than THEN t.embedding END FROM templates t"
                f" JOIN people p USING (person_id) JOIN photos f USING (photo_id) WHERE {which}"
                " AND p.hidden_at IS NULL AND p.merged_into IS NULL AND f.hidden_at IS NULL"
                " ORDER BY t.template_id",
                {"newer_than": newer_than, "model_id": model_id, "person_id": person_id},
            ).fetchall()
        return TemplateSet(
            template_ids=np.array([row[0] for row in rows], np.int64),
            person_ids=tuple(row[1] for row in rows),
            is_active=np.array([row[2] for row in rows], np.bool_),
            embeddings=stacked([row[3] for row in rows if row[3] is not None], model_id),
        )

    def read(self, template_ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return those of some templates that there are: ids, rising, and (N, D) float32 of unit norm.

        Deleted ones count until they are erased. Called from every thread that searches a gallery.
        """
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT template_id, embedding, model_id FROM templates"
                " WHERE template_id IN (SELECT value FROM json_each(?)) ORDER BY template_id",
                [str(template_ids.tolist())],
            ).fetchall()
        embeddings = stacked([row[1] for row in rows], rows[0][2] if rows else "")
        return np.array([row[0] for row in rows], np.int64), embeddings

    def embeddings(self, person_id: str, model_id: str) -> NDArray[np.float32]:
        """Return a person's templates, oldest first: (N, D) float32 of unit norm; (0, 0) for none."""
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT embedding FROM templates WHERE photo_id IN ("
                f" SELECT photo_id FROM photos WHERE {_SHOWN_OF}) AND +model_id = ? ORDER BY template_id",
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
                " AND +t.model_id = ? GROUP BY f.photo_id ORDER BY 3 DESC",
                [person_id, model_id],
            ).fetchall()
        return [(row[0], np.frombuffer(row[1], STORED_FLOAT).astype(np.float32)) for row in rows]

    def whole_photos(self, person_id: str) -> list[WholePhoto]:
        """Return a person's photos whole, oldest first; deleted ones are left out."""
        with self._database.reader() as db:
            photos = db.execute(
                "SELECT photo_id, sha256, quality, landmarks, crop, jpeg, digest FROM photos"
                " WHERE person_id = ? AND hidden_at IS NULL ORDER BY photo_id",
                [person_id],
            ).fetchall()
            rows = db.execute(
                "SELECT photo_id, model_id, embedding FROM templates WHERE person_id = ?", [person_id]
            ).fetchall()
        check_photos(self._database, ((row[4], row[5], row[6]) for row in photos))
        embeddings: dict[int, dict[str, NDArray[np.float32]]] = {}
        for photo_id, model_id, blob in rows:
            embedding = np.frombuffer(blob, STORED_FLOAT).astype(np.float32)
            embeddings.setdefault(photo_id, {})[model_id] = embedding
        return [
            WholePhoto(
                row[1],
                row[2],
                np.frombuffer(row[3], STORED_FLOAT).reshape(5, 2).astype(np.float32),
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
        check_photos(self._database, rows)
        return [bytes(row[1]) for row in rows]

    def crops(self, person_id: str) -> list[StoredCrop]:
        """Return a person's loose crops with their landmarks, oldest first, to embed them again."""
        with self._database.reader() as db:
            rows = db.execute(
                f"SELECT sha256, crop, landmarks, jpeg, digest FROM photos WHERE {_SHOWN_OF}"
                " ORDER BY photo_id",
                [person_id],
            ).fetchall()
        check_photos(self._database, ((row[1], row[3], row[4]) for row in rows))
        return [stored_crop(row) for row in rows]


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
            template.embedding.astype(STORED_FLOAT).tobytes(),
        ],
    )
    return int(cursor.lastrowid or 0)


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
                "DELETE FROM templates WHERE photo_id = ? AND +model_id = ?", [known[0], template.model_id]
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
            template.landmarks.astype(STORED_FLOAT).tobytes(),
            template.crop,
            template.photo,
            photo_digest(template.crop, template.photo),
        ],
    )
    return int(cursor.lastrowid or 0)


def _check_size(db: SqliteDatabase, template: NewTemplate) -> None:
    check_embedding(db, template.embedding, template.model_id)
    if template.landmarks.shape != (5, 2):
        raise ValueError(f"landmarks: expected (5, 2), got {template.landmarks.shape}")


def stacked(blobs: Sequence[bytes], model_id: str) -> NDArray[np.float32]:
    """Return embeddings as stored as (N, D) float32; (0, 0) for none.

    Raises:
        GalleryError: they differ in size.
    """
    if not blobs:
        return np.empty((0, 0), np.float32)
    sizes = {len(blob) for blob in blobs}
    if len(sizes) != 1:
        raise GalleryError(
            "Templates of the model {model_id} differ in size: {sizes} bytes.",
            model_id=model_id,
            sizes=sorted(sizes),
        )
    joined = np.frombuffer(b"".join(blobs), STORED_FLOAT).reshape(len(blobs), -1)
    return joined.astype(np.float32, copy=False)
