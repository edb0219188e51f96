"""The entries of a model as numbers, and what is known of who they really were."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from faceaccess.codes import JournalKind, Method, Outcome
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.people.aliases import owners

_COMPARED = (Outcome.ACCEPTED, Outcome.UNKNOWN, Outcome.AMBIGUOUS)

_ENTRIES = f"""
    SELECT j.seq, j.outcome, j.distance,
        json_extract(j.canonical, '$.details.runner_up_distance'),
        coalesce(j.person_id, json_extract(j.canonical, '$.details.nearest_id')),
        (SELECT v.seq FROM journal v WHERE v.kind = '{JournalKind.ENTRY_VOIDED}'
            AND json_extract(v.canonical, '$.details.entry') = +j.seq)
    FROM journal j
    WHERE j.at_utc >= ? AND +j.kind = '{JournalKind.ENTRY}' AND NOT j.is_recording
        AND +j.model_id = ? AND j.distance IS NOT NULL
        AND +j.outcome IN ({", ".join(f"'{outcome}'" for outcome in _COMPARED)})
    ORDER BY j.at_utc, j.seq
"""

_BY_HAND = f"""
    SELECT json_extract(j.canonical, '$.details.evidence'), json_extract(j.canonical, '$.details.corrects'),
        j.person_id
    FROM journal j
    WHERE j.at_utc >= ? AND +j.kind = '{JournalKind.ENTRY}' AND +j.method = '{Method.MANUAL}'
        AND NOT EXISTS (SELECT 1 FROM journal v WHERE v.kind = '{JournalKind.ENTRY_VOIDED}'
            AND json_extract(v.canonical, '$.details.entry') = +j.seq)
"""

_ANSWERS = f"""
    SELECT json_extract(canonical, '$.details.entry'), json_extract(canonical, '$.details.outcome'),
        json_extract(canonical, '$.details.distance'), json_extract(canonical, '$.details.nearest_id'),
        json_extract(canonical, '$.details.answer')
    FROM journal
    WHERE kind = '{JournalKind.DESK_ANSWER}' AND at_utc >= ?
        AND json_extract(canonical, '$.details.model_id') = ?
"""


@dataclass(frozen=True, eq=False)
class Decided:
    """N entries of live cameras by one model, earliest first; those taken back are left out.

    Attributes:
        seqs: (N,) int64, positions in the journal.
        distances: (N,) float32, squared L2 to the nearest person.
        leads: (N,) float32, how much farther the second nearest was; infinite where there was none.
        is_accepted: (N,) whether it was let in.
        is_ambiguous: (N,) whether two people were too near each other, which no threshold changes.
    """

    seqs: NDArray[np.int64]
    distances: NDArray[np.float32]
    leads: NDArray[np.float32]
    is_accepted: NDArray[np.bool_]
    is_ambiguous: NDArray[np.bool_]


@dataclass(frozen=True)
class KnownPassage:
    """A passage of which somebody has said who it was.

    Attributes:
        seq: of its entry; None where it made none.
        distance: squared L2 to the nearest person.
        is_ambiguous: whether the second nearest was too near.
        is_nearest: whether it was the nearest person.
        is_enrolled: whether it was anybody enrolled.
    """

    seq: int | None
    distance: float
    is_ambiguous: bool
    is_nearest: bool
    is_enrolled: bool


class DecidedEntries:
    """Reads entries as numbers; changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def since(self, at: datetime, model_id: str) -> tuple[Decided, list[KnownPassage]]:
        """Return the entries of a model from a time on, and the passages whose person is known.

        The desk's answers and corrections say who it was: an entry by hand that names a refused one as
        its evidence, or one that stands in the place of another. One that was taken back without another
        in its place was let in wrongly.

        Args:
            at: UTC.
            model_id: of the model that measured the distances.
        """
        begin = clock.to_text(at)
        with self._database.reader() as db:
            rows = db.execute(_ENTRIES, [begin, model_id]).fetchall()
            by_hand = db.execute(_BY_HAND, [begin]).fetchall()
            answers = db.execute(_ANSWERS, [begin, model_id]).fetchall()
            whose = owners(db)
        shown = {about: person for evidence, corrects, person in by_hand for about in (evidence, corrects)}
        known = [
            KnownPassage(
                seq,
                distance,
                outcome == Outcome.AMBIGUOUS,
                whose.get(nearest, nearest) == whose.get(shown[seq], shown[seq]),
                is_enrolled=True,
            )
            for seq, outcome, distance, _, nearest, _ in rows
            # A corrected time says nothing new about the face.
            if seq in shown and not (outcome == Outcome.ACCEPTED and shown[seq] == nearest)
        ]
        known += [
            KnownPassage(seq, distance, is_ambiguous=False, is_nearest=False, is_enrolled=False)
            for seq, outcome, distance, _, _, voided_by in rows
            if voided_by is not None and outcome == Outcome.ACCEPTED and seq not in shown
        ]
        answered = {passage.seq for passage in known}
        known += [
            KnownPassage(
                seq,
                distance,
                outcome == Outcome.AMBIGUOUS,
                answer is not None and whose.get(answer, answer) == whose.get(nearest, nearest),
                answer is not None,
            )
            for seq, outcome, distance, nearest, answer in answers
            if seq is None or seq not in answered
        ]
        return _decided([row for row in rows if row[5] is None]), known


def _decided(rows: list[tuple[int, str, float, float | None, str, None]]) -> Decided:
    distances = np.array([row[2] for row in rows], np.float32)
    second = np.array([np.inf if row[3] is None else row[3] for row in rows], np.float32)
    outcomes = np.array([row[1] for row in rows], dtype=object)
    return Decided(
        np.array([row[0] for row in rows], np.int64),
        distances,
        second - distances,
        outcomes == Outcome.ACCEPTED,
        outcomes == Outcome.AMBIGUOUS,
    )
