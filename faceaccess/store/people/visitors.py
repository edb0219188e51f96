"""Faces that were not recognised at the door, kept for some hours to recognise those who come again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faceaccess.codes import VisitorMark
from faceaccess.errors import EnrolmentError
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.journal.rows import NAMED_LATER
from faceaccess.store.people.types import VisitorFace

_STORED_FLOAT = np.dtype("<f4")

_SELECT = """
    SELECT v.seq, v.embedding, v.joined, v.ignored, j.at_utc, j.camera, j.door,
        json_extract(j.canonical, '$.zone') AS zone,
        json_extract(j.canonical, '$.details.quality') AS quality
    FROM visitor_faces v JOIN journal j USING (seq)
"""


class VisitorFaces:
    """Reads and stores visitors' faces; inside `database.transaction()` it takes part in that one.

    A face is known by the entry that it belongs to, and goes with that entry's crop.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self, seq: int, embedding: NDArray[np.float32], model_id: str, ignored: VisitorMark | None = None
    ) -> None:
        """Keep the face of an entry, which has a crop.

        Args:
            seq: of the entry.
            embedding: (D,) float32 of unit norm.
            model_id: the model that made it.
            ignored: why nobody is to be asked about it, from the start.
        """
        now = clock.to_text(clock.utc_now())
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO visitor_faces (seq, model_id, embedding, kept_at, ignored)"
                " VALUES (?, ?, ?, ?, ?)",
                [seq, model_id, _stored(embedding), now, ignored],
            )

    def all(self, model_id: str, since: datetime) -> list[VisitorFace]:
        """Return the faces of a model that were kept since a time, oldest first."""
        return self._where("v.model_id = ? AND v.kept_at >= ?", [model_id, clock.to_text(since)])

    def ignored(self, model_id: str) -> tuple[NDArray[np.float32], list[VisitorMark]]:
        """Return the embeddings of the faces of a model that are ignored, (N, D), and why each is."""
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT embedding, ignored FROM visitor_faces WHERE ignored IS NOT NULL AND model_id = ?",
                [model_id],
            ).fetchall()
        stored = [np.frombuffer(row[0], _STORED_FLOAT) for row in rows]
        embeddings = np.stack(stored) if stored else np.empty((0, 0), np.float32)
        return embeddings.astype(np.float32, copy=False), [VisitorMark(row[1]) for row in rows]

    def of_other_models(self, model_id: str, since: datetime) -> list[VisitorFace]:
        """Return the faces of all models but this one that were kept since a time, oldest first."""
        return self._where("v.model_id <> ? AND v.kept_at >= ?", [model_id, clock.to_text(since)])

    def replace(self, seq: int, embedding: NDArray[np.float32], model_id: str) -> None:
        """Put another model's embedding in the place of a face's own."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE visitor_faces SET embedding = ?, model_id = ? WHERE seq = ?",
                [_stored(embedding), model_id, seq],
            )

    def present(self, seqs: Sequence[int]) -> list[int]:
        """Return which of these entries have a face that is kept, in their order."""
        with self._database.reader() as db:
            rows = db.execute(
                f"SELECT seq FROM visitor_faces WHERE seq IN ({_marks(seqs)}) ORDER BY seq", [*seqs]
            ).fetchall()
        return [row[0] for row in rows]

    def join(self, seqs: Sequence[int]) -> None:
        """Note that these faces, and those joined with them before, show one person."""
        with self._database.transaction() as db:
            db.execute(
                f"UPDATE visitor_faces SET joined = ? WHERE seq IN ({_marks(seqs)}) OR joined IN"
                f" (SELECT joined FROM visitor_faces WHERE seq IN ({_marks(seqs)}))",
                [min(seqs), *seqs, *seqs],
            )

    def ignore(self, seqs: Sequence[int], why: VisitorMark) -> None:
        """Note that nobody is to be asked about these faces."""
        with self._database.transaction() as db:
            db.execute(f"UPDATE visitor_faces SET ignored = ? WHERE seq IN ({_marks(seqs)})", [why, *seqs])

    def forget(self, seqs: Sequence[int], *, shows: str | None = None) -> None:
        """Remove these faces; their crops stay with the entries.

        Args:
            seqs: of the entries.
            shows: the person whom they turned out to show: the crops go with that person.
        """
        with self._database.transaction() as db:
            if shows is not None:
                self._require_person(shows)
                db.execute(f"UPDATE crops SET shows = ? WHERE seq IN ({_marks(seqs)})", [shows, *seqs])
            db.execute(f"DELETE FROM visitor_faces WHERE seq IN ({_marks(seqs)})", [*seqs])

    def _where(self, condition: str, values: Sequence[str]) -> list[VisitorFace]:
        with self._database.reader() as db:
            # Whoever was named in the log since is no unknown visitor.
            where = f"{condition} AND v.seq NOT IN ({NAMED_LATER})"
            rows = db.query(f"{_SELECT} WHERE {where} ORDER BY v.seq", values)
            return [_face_from(row) for row in rows]

    def _require_person(self, person_id: str) -> None:
        with self._database.reader() as db:
            is_there = db.table("people").count_where("person_id = ?", [person_id])
        if not is_there:
            raise EnrolmentError(
                "There is no person with the id {person_id}.", "Enrol the visitor anew.", person_id=person_id
            )

    def delete(self, seqs: Sequence[int]) -> None:
        """Remove these faces and their crops; the entries stay, without a picture."""
        with self._database.transaction() as db:
            db.execute(f"DELETE FROM crops WHERE seq IN ({_marks(seqs)})", [*seqs])

    def expire(self, before: datetime) -> int:
        """Remove faces from before a time; return how many. A chore overwrites them."""
        with self._database.transaction() as db:
            gone = db.execute("DELETE FROM visitor_faces WHERE kept_at < ?", [clock.to_text(before)]).rowcount
        if gone:
            self._database.leave_overwriting()
        return int(gone)

    def count(self) -> int:
        """Return how many are kept."""
        with self._database.reader() as db:
            return int(db.execute("SELECT count(*) FROM visitor_faces").fetchone()[0])


def _stored(embedding: NDArray[np.float32]) -> bytes:
    return embedding.astype(_STORED_FLOAT).tobytes()


def _marks(seqs: Sequence[int]) -> str:
    return ", ".join("?" * len(seqs))


def _face_from(row: Mapping[str, Any]) -> VisitorFace:
    return VisitorFace(
        seq=row["seq"],
        at=clock.from_text(row["at_utc"]),
        zone=row["zone"],
        door=row["door"] or "",
        camera=row["camera"],
        quality=float(row["quality"]),
        embedding=np.frombuffer(row["embedding"], _STORED_FLOAT).astype(np.float32),
        joined=row["joined"],
        ignored=None if row["ignored"] is None else VisitorMark(row["ignored"]),
    )
