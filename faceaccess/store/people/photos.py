"""The photos of people: the facts of each, deleting, restoring and moving them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from faceaccess.errors import EnrolmentError
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.file.faults import damaged
from faceaccess.store.journal.chain import photo_digest
from faceaccess.store.people.aliases import ids_of, marks, owner_of
from faceaccess.store.people.templates import renumber, stacked
from faceaccess.store.people.types import Coverage, PhotoEmbeddings, StoredPhoto

_SHOWN = "p.hidden_at IS NULL AND p.merged_into IS NULL AND f.hidden_at IS NULL"
_SELECT = "SELECT photo_id, person_id, quality, created_at, hidden_at FROM photos"


class Photos:
    """Reads and changes photos; inside `database.transaction()` it takes part in that one.

    It neither journals nor checks who asks: that is `people.mending`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, person_id: str) -> list[StoredPhoto]:
        """Return a person's photos, oldest first, without those deleted."""
        with self._database.reader() as db:
            owner = owner_of(db, person_id)
            rows = db.execute(
                f"{_SELECT} WHERE person_id = ? AND hidden_at IS NULL ORDER BY photo_id", [owner]
            ).fetchall()
        return [_photo_from(row) for row in rows]

    def held(self, person_id: str) -> list[StoredPhoto]:
        """Return all photos of a person, oldest first, with deleted ones and those of people merged in."""
        with self._database.reader() as db:
            ids = ids_of(db, person_id)
            rows = db.execute(
                f"{_SELECT} WHERE person_id IN ({marks(ids)}) ORDER BY photo_id", ids
            ).fetchall()
        return [_photo_from(row) for row in rows]

    def hidden(self) -> list[StoredPhoto]:
        """Return the photos that were deleted of people who were not, latest first."""
        with self._database.reader() as db:
            rows = db.execute(
                f"{_SELECT} f WHERE f.hidden_at IS NOT NULL AND EXISTS (SELECT 1 FROM people p"
                " WHERE p.person_id = f.person_id AND p.hidden_at IS NULL AND p.merged_into IS NULL)"
                " ORDER BY f.hidden_at DESC, f.photo_id"
            ).fetchall()
        return [_photo_from(row) for row in rows]

    def get(self, photo_ids: Sequence[int]) -> list[StoredPhoto]:
        """Return photos, deleted or not, by their numbers.

        Raises:
            EnrolmentError: there is none with one of the numbers.
        """
        with self._database.reader() as db:
            rows = db.execute(f"{_SELECT} WHERE photo_id IN ({marks(photo_ids)})", list(photo_ids)).fetchall()
        photos = {row[0]: _photo_from(row) for row in rows}
        if missing := [number for number in photo_ids if number not in photos]:
            raise EnrolmentError(
                "There is no photo {photo_id}.", "It may have been erased.", photo_id=missing[0]
            )
        return [photos[number] for number in photo_ids]

    def coverage(self, model_id: str) -> list[Coverage]:
        """Return how well each person who has photos is enrolled, by name."""
        with self._database.reader() as db:
            rows = db.execute(
                # The sign keeps SQLite from going through all templates of the model for each photo.
                "SELECT p.person_id, count(*), max(f.created_at), sum(EXISTS ("
                "  SELECT 1 FROM templates t WHERE t.photo_id = f.photo_id AND +t.model_id = ?))"
                f" FROM people p JOIN photos f USING (person_id) WHERE {_SHOWN}"
                " GROUP BY p.person_id ORDER BY p.name_key, p.person_id",
                [model_id],
            ).fetchall()
        return [Coverage(row[0], row[1], clock.from_text(row[2]), row[3]) for row in rows]

    def embeddings(self, model_id: str) -> PhotoEmbeddings:
        """Return one template of a model for each photo, by person and photo.

        Raises:
            GalleryError: templates of different sizes.
        """
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT f.photo_id, f.person_id, t.embedding, max(t.template_id) FROM templates t"
                f" JOIN photos f USING (photo_id) JOIN people p ON p.person_id = f.person_id WHERE {_SHOWN}"
                " AND t.model_id = ? GROUP BY f.photo_id ORDER BY f.person_id, f.photo_id",
                [model_id],
            ).fetchall()
        return PhotoEmbeddings(
            np.array([row[0] for row in rows], np.int64),
            tuple(row[1] for row in rows),
            stacked([row[2] for row in rows], model_id),
        )

    def crops(self, person_id: str) -> list[tuple[int, bytes]]:
        """Return the JPEG face crops of a person's photos by their numbers, oldest first.

        Raises:
            StoreError: one is not what was stored.
        """
        return [(photo.photo_id, self.crop(photo.photo_id) or b"") for photo in self.of(person_id)]

    def crop(self, photo_id: int) -> bytes | None:
        """Return the JPEG face crop of a photo; None when there is no such photo.

        Raises:
            StoreError: it is not what was stored.
        """
        pictures = self._pictures(photo_id)
        return None if pictures is None else pictures[0]

    def jpeg(self, photo_id: int) -> bytes:
        """Return a photo as JPEG.

        Raises:
            EnrolmentError: there is no such photo.
            StoreError: it is not what was stored.
        """
        pictures = self._pictures(photo_id)
        if pictures is None:
            raise EnrolmentError(
                "There is no photo {photo_id}.", "It may have been erased.", photo_id=photo_id
            )
        return pictures[1]

    def _pictures(self, photo_id: int) -> tuple[bytes, bytes] | None:
        """Return crop and photo, checked against their digest."""
        with self._database.reader() as db:
            row = db.execute(
                "SELECT crop, jpeg, digest FROM photos WHERE photo_id = ?", [photo_id]
            ).fetchone()
        if row is None:
            return None
        crop, jpeg = bytes(row[0]), bytes(row[1])
        if photo_digest(crop, jpeg) != row[2]:
            raise damaged(self._database.path)
        return crop, jpeg

    def set_hidden(self, photo_ids: Sequence[int], hidden_at: datetime | None) -> None:
        """Take photos with their templates out of everything, or bring them back."""
        value = None if hidden_at is None else clock.to_text(hidden_at)
        which = f"photo_id IN ({marks(photo_ids)})"
        with self._database.transaction() as db:
            db.execute(f"UPDATE photos SET hidden_at = ? WHERE {which}", [value, *photo_ids])
            if hidden_at is None:
                renumber(db, which, photo_ids)

    def move(self, photo_ids: Sequence[int], person_id: str) -> list[int]:
        """Move photos with their templates to another person; return those the person lacked.

        One that the person has already (by its hash) stays where it is.
        """
        moved = []
        with self._database.transaction() as db:
            # A template refers to photo and person as a pair: both change before it is looked at.
            db.execute("PRAGMA defer_foreign_keys = ON")
            for photo_id in photo_ids:
                changed = db.execute(
                    "UPDATE OR IGNORE photos SET person_id = ? WHERE photo_id = ? AND person_id <> ?",
                    [person_id, photo_id, person_id],
                ).rowcount
                if changed:
                    db.execute("UPDATE templates SET person_id = ? WHERE photo_id = ?", [person_id, photo_id])
                    moved.append(photo_id)
            # A gallery that forgot them, with a person who was hidden meanwhile, takes them as new ones.
            renumber(db, f"photo_id IN ({marks(moved)})", moved)
        return moved

    def erase(self, photo_ids: Sequence[int]) -> int:
        """Remove photos with their templates for good; return how many."""
        with self._database.transaction() as db:
            return int(
                db.execute(
                    f"DELETE FROM photos WHERE photo_id IN ({marks(photo_ids)})", list(photo_ids)
                ).rowcount
            )


def _photo_from(row: Sequence[Any]) -> StoredPhoto:
    photo_id, person_id, quality, created_at, hidden_at = row
    return StoredPhoto(
        photo_id,
        person_id,
        quality,
        clock.from_text(created_at),
        None if hidden_at is None else clock.from_text(hidden_at),
    )
