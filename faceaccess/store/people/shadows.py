"""The decisions that a model on trial would have made about entries, beside those of the active one."""

from datetime import datetime

from faceaccess.codes import JournalKind, Method, Outcome, Reason
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.journal.rows import EVENT_SELECT, event_from
from faceaccess.store.journal.types import Event
from faceaccess.store.people.aliases import owners
from faceaccess.store.people.types import Disagreement, ShadowCounts

# Whoever was let in, or known and not allowed, or known and not live: the door's rules, and its check that a
# face is no picture, say nothing about how well a model recognises.
_NAMING = (Outcome.ACCEPTED, Outcome.DENIED, Outcome.SUSPECTED)
_NAMED = ", ".join(f"'{outcome}'" for outcome in _NAMING).join("()")
# Who was merged with somebody since is that person.
_AGREES = f"""
    (CASE WHEN s.outcome IN {_NAMED} THEN
        coalesce((SELECT owner_id FROM people WHERE person_id = s.person_id), s.person_id) END)
    IS (CASE WHEN j.outcome IN {_NAMED} THEN
        coalesce((SELECT owner_id FROM people WHERE person_id = j.person_id), j.person_id) END)
"""

_NOT_BY_MODEL = (Reason.CONFIRMED, Reason.REJECTED)
"""Said by somebody at the desk."""


def named(outcome: Outcome, person_id: str | None) -> str | None:
    """Return the person a decision names; an ambiguous one names nobody, whoever is nearest."""
    return person_id if outcome in _NAMING else None


class ShadowDecisions:
    """Reads and stores shadow decisions, one for each entry; each goes with the entry's crop.

    Inside `database.transaction()` it takes part in that one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self,
        seq: int,
        *,
        model_id: str,
        outcome: Outcome,
        person_id: str | None,
        distance: float | None,
        is_by_picture: bool = False,
    ) -> None:
        """Keep a decision about an entry; one whose crop or person was removed meanwhile is not kept.

        Args:
            seq: of the entry.
            model_id: the model on trial.
            outcome: what it says.
            person_id: the person it names.
            distance: to the nearest person, squared L2.
            is_by_picture: it says something else than the entry, but so would the model in use from this
                one picture.
        """
        with self._database.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO shadow_decisions"
                " (seq, model_id, outcome, person_id, distance, is_by_picture)"
                " SELECT seq, ?, ?, ?, ?, ? FROM crops WHERE seq = ?"
                " AND (? IS NULL OR EXISTS (SELECT 1 FROM people WHERE person_id = ?))",
                [
                    model_id,
                    outcome,
                    person_id,
                    None if distance is None else float(distance),
                    int(is_by_picture),
                    seq,
                    person_id,
                    person_id,
                ],
            )

    def clear(self) -> None:
        """Remove them all."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM shadow_decisions")

    def counts(self, model_id: str, since: datetime) -> ShadowCounts:
        """Return how often a model agreed about the entries since a time."""
        marks = ", ".join("?" * len(_NOT_BY_MODEL))
        with self._database.reader() as db:
            agreed, by_picture, compared = db.execute(
                f"SELECT coalesce(sum({_AGREES}), 0), coalesce(sum(is_by_picture), 0), count(*)"
                " FROM shadow_decisions s JOIN journal j USING (seq) WHERE s.model_id = ?",
                [model_id],
            ).fetchone()
            # By the index that counts the log, with which no row is read: hence by model, not by method.
            missed = db.execute(
                "SELECT count(*) FROM journal j INDEXED BY journal_counts"
                " WHERE j.at_utc >= ? AND j.kind = ? AND j.model_id > ''"
                f" AND j.outcome <> ? AND j.reason NOT IN ({marks}) AND NOT j.is_recording AND NOT EXISTS"
                " (SELECT 1 FROM shadow_decisions s WHERE s.seq = j.seq AND s.model_id = ?)",
                [
                    clock.to_text(since),
                    JournalKind.ENTRY,
                    Outcome.LOW_QUALITY,
                    *_NOT_BY_MODEL,
                    model_id,
                ],
            ).fetchone()[0]
        return ShadowCounts(agreed, compared - agreed - by_picture, by_picture, missed)

    def disagreements(self, model_id: str, *, limit: int = 100) -> list[Disagreement]:
        """Return the entries that a model would have decided differently, newest first.

        Those that the model in use would not have recognised from the one picture either are left out.
        """
        with self._database.reader() as db:
            rows = list(
                db.query(
                    "SELECT s.*, w.name FROM shadow_decisions s JOIN journal j USING (seq)"
                    " LEFT JOIN people v ON v.person_id = s.person_id"
                    " LEFT JOIN people w ON w.person_id = v.owner_id"
                    f" WHERE s.model_id = ? AND NOT is_by_picture AND NOT ({_AGREES})"
                    " ORDER BY s.seq DESC LIMIT ?",
                    [model_id, limit],
                )
            )
            marks = ", ".join("?" * len(rows))
            events = db.query(f"{EVENT_SELECT} WHERE j.seq IN ({marks})", [row["seq"] for row in rows])
            merged = owners(db)
            by_seq = {row["seq"]: event_from(row, merged) for row in events}
        return [
            Disagreement(
                by_seq[row["seq"]], Outcome(row["outcome"]), row["person_id"], row["name"], row["distance"]
            )
            for row in rows
        ]


def is_by_model(event: Event) -> bool:
    """Tell whether a model decided about a picture that is kept with its landmarks or without."""
    entry = event.entry
    return (
        event.has_crop
        and entry.method is Method.FACE
        and entry.outcome is not Outcome.LOW_QUALITY
        and entry.reason not in _NOT_BY_MODEL
    )
