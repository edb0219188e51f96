"""Unknown visitors: those who came again, and an operator's use cases about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from faceaccess.codes import JournalKind, Outcome, Right, VisitorMark
from faceaccess.errors import EnrolmentError
from faceaccess.models.kept_faces import embedded, image_of
from faceaccess.recognition.calibration import cluster_distance
from faceaccess.recognition.clustering import ALONE, cluster
from faceaccess.recognition.decision import decide
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.recognition.types import MatchPolicy
from faceaccess.settings import DoorSettings
from faceaccess.store import clock
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.types import VisitorFace
from faceaccess.store.people.visitors import VisitorFaces
from faceaccess.store.policy.policies import Policies
from faceaccess.vision.types import ImageArray, Quality

MOST_SHOWN = 6
_NAMED = frozenset({Outcome.ACCEPTED, Outcome.DENIED})
_JUDGED = Quality(0.0, 0.0, 0.0, 0.0, 1.0)
"""Of faces that were good enough to be embedded."""


@dataclass(frozen=True)
class VisitorGroup:
    """The entries of one unknown person, as far as can be told.

    Attributes:
        seqs: the entries, oldest first: one for each visit.
        best: the entries with the sharpest faces, at most six, sharpest first.
        first_at, last_at: UTC times of the first and the last visit.
        zone: name of the zone in force at the last one, or its UTC offset.
        doors: where, in the order of the first visit there.
        person_id: somebody enrolled whom the faces match by now, or None.
        distance: squared L2 to that person, or None.
    """

    seqs: tuple[int, ...]
    best: tuple[int, ...]
    first_at: datetime
    last_at: datetime
    zone: str
    doors: tuple[str, ...]
    person_id: str | None = None
    distance: float | None = None

    @property
    def number(self) -> int:
        """Names the group: its first entry."""
        return self.seqs[0]


class Visitors:
    """The use cases of unknown visitors. Slow: call off the GUI thread.

    A group is what faces have in common at the moment; what is done to one is done to the faces that
    it had when it was shown, by their entries.
    """

    def __init__(
        self,
        database: Database,
        journal: Journal,
        policies: Policies,
        *,
        door: Callable[[], Recogniser],
        again: Callable[[], Recogniser],
        match: Callable[[], MatchPolicy | None],
    ) -> None:
        """Wire the use cases.

        Args:
            database: of `journal`.
            journal: where actions are recorded.
            policies: say for how long faces are kept.
            door: returns the active model with its gallery.
            again: returns the same model, with a detector that is in use by nobody else.
            match: returns the numbers in force, or None.
        """
        self.database = database
        self._journal, self._policies = journal, policies
        self._door, self._again, self._match = door, again, match
        self._faces = VisitorFaces(database)

    @needs(Right.READ)
    def groups(self, actor: Actor) -> list[VisitorGroup]:
        """Return the visitors, the most frequent first, then the latest; ignored ones are left out.

        Raises:
            ModelError: the active model can't be loaded.
            StoreError: the disk failed.
        """
        hours = self._policies.read(DoorSettings).keep_unknown_h
        if not hours or not self._faces.count():
            return []
        model_id = self._door().embedder.model_id
        faces = self._up_to_date(model_id, clock.utc_now() - timedelta(hours=hours))
        faces = [face for face in faces if face.ignored is None]
        clusters = _grouped(faces, self._distance(model_id))
        groups = [
            _group(members, likeness)
            for members, likeness in zip(clusters, self._likenesses(clusters), strict=True)
        ]
        return sorted(groups, key=lambda group: (-len(group.seqs), -group.last_at.timestamp()))

    @needs(Right.READ)
    def count(self, actor: Actor) -> int:
        """Return how many faces are kept: all of them go when keeping them is switched off."""
        return self._faces.count()

    @needs(Right.READ)
    def pictures(self, actor: Actor, seqs: Sequence[int]) -> list[ImageArray]:
        """Return loose crops of entries, (H, W, 3) uint8 RGB; those that are gone are left out."""
        crops = [self._journal.events.entry_crop(seq) for seq in seqs]
        return [image_of(crop) for crop in crops if crop is not None]

    @needs(Right.ENROL)
    def merge(self, actor: Actor, seqs: Sequence[int]) -> None:
        """Treat these faces as one person from now on.

        Raises:
            EnrolmentError: fewer than two of them are still kept.
        """
        with self.database.transaction():
            present = self._present(seqs, least=2)
            self._faces.join(present)
            self._record(actor, JournalKind.VISITORS_MERGED, present)

    @needs(Right.ENROL)
    def ignore(self, actor: Actor, seqs: Sequence[int], why: VisitorMark) -> None:
        """Ask nobody about these faces, and about those near them, as long as their crops are kept.

        Raises:
            EnrolmentError: none of them is kept any longer.
        """
        model_id = self._door().embedder.model_id
        with self.database.transaction():
            present = self._present(seqs)
            self._faces.ignore(self._with_near(present, model_id), why)
            self._record(actor, JournalKind.VISITOR_IGNORED, present, why=why.value)

    @needs(Right.DELETE_PEOPLE)
    def delete(self, actor: Actor, seqs: Sequence[int]) -> None:
        """Remove these faces with their pictures; the entries stay in the log without.

        Raises:
            EnrolmentError: none of them is kept any longer.
        """
        with self.database.transaction():
            present = self._present(seqs)
            self._faces.delete(present)
            self._record(actor, JournalKind.VISITOR_DELETED, present)
        self.database.erase_traces()

    @needs(Right.ENROL)
    def enrolled(self, actor: Actor, seqs: Sequence[int], person_id: str) -> None:
        """Note that these faces show somebody who is enrolled now: none of them is kept here.

        Their pictures stay with the entries, and go with the person.
        """
        with self.database.transaction():
            present = self._faces.present(seqs)
            if present:
                self._faces.forget(present, shows=person_id)
                self._record(actor, JournalKind.VISITOR_ENROLLED, present, person_id=person_id)

    @needs(Right.KEEP)
    def expire(self, actor: Actor, now: datetime) -> int:
        """Remove faces older than the policy allows, in UTC; return how many."""
        gone = self._faces.expire(now - timedelta(hours=self._policies.read(DoorSettings).keep_unknown_h))
        if gone:
            self.database.overwrite_freed()
        return gone

    def _likenesses(self, groups: Sequence[Sequence[VisitorFace]]) -> list[tuple[str | None, float | None]]:
        """Return for each group the enrolled person it matches and the distance, or None for both."""
        policy = self._match()
        if policy is None or not groups:
            return [(None, None)] * len(groups)
        totals = np.stack([np.sum([face.embedding for face in faces], axis=0) for faces in groups])
        fused = (totals / np.linalg.norm(totals, axis=1, keepdims=True)).astype(np.float32)
        decisions = [decide(near, _JUDGED, policy) for near in self._door().gallery.search(fused)]
        return [
            (decision.person_id, decision.distance) if decision.outcome in _NAMED else (None, None)
            for decision in decisions
        ]

    def _distance(self, model_id: str) -> float:
        return cluster_distance(model_id, self._match())

    def _with_near(self, seqs: Sequence[int], model_id: str) -> list[int]:
        """Return these faces and all others near one of them."""
        faces = self._faces.all(model_id, datetime.min.replace(tzinfo=clock.utc_now().tzinfo))
        if not faces:
            return list(seqs)
        chosen = np.array([face.seq in set(seqs) for face in faces])
        embeddings = np.stack([face.embedding for face in faces])
        far = 2 - 2 * embeddings @ embeddings[chosen].T
        near = (far <= self._distance(model_id)).any(axis=1)
        return sorted({*seqs, *(face.seq for face, is_near in zip(faces, near, strict=True) if is_near)})

    def _present(self, seqs: Sequence[int], *, least: int = 1) -> list[int]:
        present = self._faces.present(seqs)
        if len(present) < least:
            raise EnrolmentError(
                "These faces are no longer kept.", "Their time was over, or somebody else dealt with them."
            )
        return present

    def _record(
        self,
        actor: Actor,
        kind: JournalKind,
        seqs: Sequence[int],
        *,
        person_id: str | None = None,
        why: str | None = None,
    ) -> None:
        details: dict[str, object] = {"entries": list(seqs)}
        if why is not None:
            details["why"] = why
        self._journal.record(actor, kind, person_id=person_id, details=details)

    def _up_to_date(self, model_id: str, since: datetime) -> list[VisitorFace]:
        """Return the faces kept since a time, oldest first, those of another model embedded anew.

        What can't be embedded is kept no longer. Where only reading is possible, it is all done for this
        answer alone.
        """
        faces = self._faces.all(model_id, since)
        may_write = not self.database.is_read_only
        for face in self._faces.of_other_models(model_id, since):
            crop = self._journal.events.entry_crop(face.seq)
            embedding = None if crop is None else embedded(crop, self._again())
            if embedding is not None:
                faces.append(replace(face, embedding=embedding))
                if may_write:
                    self._faces.replace(face.seq, embedding, model_id)
            elif may_write:
                self._faces.forget([face.seq])
        return sorted(faces, key=lambda face: face.seq)


def _group(faces: Sequence[VisitorFace], likeness: tuple[str | None, float | None]) -> VisitorGroup:
    sharpest = sorted(faces, key=lambda face: -face.quality)[:MOST_SHOWN]
    by_time = sorted(faces, key=lambda face: face.at)
    return VisitorGroup(
        seqs=tuple(sorted(face.seq for face in faces)),
        best=tuple(face.seq for face in sharpest),
        first_at=by_time[0].at,
        last_at=by_time[-1].at,
        zone=by_time[-1].zone,
        doors=tuple(dict.fromkeys(face.door or face.camera for face in by_time)),
        person_id=likeness[0],
        distance=likeness[1],
    )


def _grouped(faces: Sequence[VisitorFace], distance: float) -> list[list[VisitorFace]]:
    """Return the faces of each person: those near each other, and those joined by hand."""
    labels = _labels(faces, distance)
    # Each label leads to the one that it was joined with, at last to itself.
    leads = list(range(int(labels.max(initial=ALONE)) + 1))

    def last(label: int) -> int:
        while leads[label] != label:
            label = leads[label]
        return label

    by_hand: dict[int, int] = {}
    for face, label in zip(faces, labels.tolist(), strict=True):
        if face.joined is not None:
            leads[last(label)] = last(by_hand.setdefault(face.joined, label))
    groups: dict[int, list[VisitorFace]] = {}
    for face, label in zip(faces, labels.tolist(), strict=True):
        groups.setdefault(last(label), []).append(face)
    return list(groups.values())


def _labels(faces: Sequence[VisitorFace], distance: float) -> NDArray[np.int64]:
    """Return the group of each face; a face near no other is a group of its own."""
    if not faces:
        return np.empty(0, np.int64)
    labels = cluster(np.stack([face.embedding for face in faces]), distance)
    alone = labels == ALONE
    labels[alone] = labels.max() + 1 + np.arange(alone.sum())
    return labels
