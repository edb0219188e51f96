"""Problems with the photos enrolled; each finding names what it is about and by how much."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from faceaccess.codes import FindingKind, JournalKind, Right
from faceaccess.people.enrolment.doubles import CROWD
from faceaccess.recognition.calibration import least_drift
from faceaccess.recognition.consistency import Portraits, copies, look_alikes, rise, strangers
from faceaccess.recognition.types import EnrolmentLimits, MatchPolicy
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.accepted_findings import AcceptedDistances
from faceaccess.store.people.findings import KeptFindings, Key, key_of
from faceaccess.store.people.look_alikes import LookAlikes
from faceaccess.store.people.people import People
from faceaccess.store.people.photos import Photos
from faceaccess.store.people.types import Coverage, PhotoEmbeddings

LEAST_PHOTOS = 2
"""Source: `faceaccess evaluate health`: the second photo halves the misses."""

OLD_AFTER = timedelta(days=5 * 365)
"""Source: Best-Rowden and Jain, Longitudinal Study of Automatic Face Recognition, IEEE TPAMI 40(1),
2018: 99 % of people are recognised up to six years later; beyond, it falls."""

DRIFT_DAYS = timedelta(days=60)
"""Long enough for ten entries of whoever comes once a week."""

LEAST_ENTRIES = 10
"""Before and now; an error of a median of fewer can't be estimated from them."""

SURE_ERRORS = 3.0
"""A rise by so many standard errors is chance for one person in a thousand."""

_MOST_ENTRIES = 400

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Finding:
    """A possible problem with a person's photos.

    Attributes:
        person_id: whose photos.
        photo_ids: which of them; for LOOK_ALIKES the nearest of each of the two, for the others those
            that are meant, the newest for OLD_PHOTOS.
        other_id: the person whom an UNLIKE_OTHERS photo is nearer to, or the other of LOOK_ALIKES.
        value: distance, for DRIFT the median distance now, for FEW_PHOTOS how many there are, for
            OLD_PHOTOS their age in days, for OTHER_MODEL how many photos have no template.
        limit: what the value was compared with; for DRIFT the median distance at first.
        entry: of DRIFT: the newest entry with a picture that could be added, or None.
        is_kept: whether somebody said that it is fine.
    """

    kind: FindingKind
    person_id: str
    photo_ids: tuple[int, ...] = ()
    other_id: str | None = None
    value: float = 0.0
    limit: float = 0.0
    entry: int | None = None
    is_kept: bool = False

    @property
    def pair(self) -> tuple[str, str] | None:
        """The two of LOOK_ALIKES, the smaller id first; None for other kinds."""
        if self.kind is not FindingKind.LOOK_ALIKES or self.other_id is None:
            return None
        return min(self.person_id, self.other_id), max(self.person_id, self.other_id)

    @property
    def key(self) -> Key:
        """What it is about."""
        return key_of(self.kind, self.person_id, self.other_id, self.photo_ids)


class Health:
    """Looks through everybody's photos. Slow: not on the GUI's thread."""

    def __init__(self, database: Database, people: People, journal: Journal) -> None:
        self.database, self._people, self._journal = database, people, journal
        self._photos, self._kept = Photos(database), KeptFindings(database)
        self._accepted, self._look_alikes = AcceptedDistances(database), LookAlikes(database)

    def examine(
        self,
        policy: MatchPolicy,
        limits: EnrolmentLimits | None,
        now: datetime,
        *,
        progress: Progress = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Finding]:
        """Return the findings by kind, the worst of each kind first.

        Args:
            policy: of the active model.
            limits: of the active model; None finds neither wrong people nor copies, and as look-alikes
                only those within the threshold.
            now: UTC.
            progress: called with people looked at, and how many there are.
            is_cancelled: asked now and then; what was found so far is returned.
        """
        accepted, pairs = self._kept.all(), self._look_alikes.pairs()
        covered = self._photos.coverage(policy.model_id)
        findings = [*self._by_embeddings(policy, limits), *_by_coverage(covered, self._photos, now)]
        for done, coverage in enumerate(covered, 1):
            if is_cancelled():
                break
            drift = self._drift(coverage, policy, now)
            findings += [drift] if drift else []
            progress(done, len(covered))
        order = list(FindingKind)
        findings.sort(key=lambda finding: order.index(finding.kind))
        return [
            replace(finding, is_kept=finding.key in accepted or finding.pair in pairs) for finding in findings
        ]

    @needs(Right.CHANGE_PEOPLE)
    def keep(self, actor: Actor, finding: Finding) -> None:
        """Remember that a finding is fine as it is, until the photos change; look-alikes for good."""
        with self.database.transaction():
            for person_id in (finding.person_id, finding.other_id):
                if person_id is not None:
                    self._people.there(person_id)
            if finding.kind is FindingKind.LOOK_ALIKES:
                self._look_alikes.mark(finding.person_id, str(finding.other_id))
            else:
                self._kept.add(finding.key)
            details = {"finding": finding.kind, "other": finding.other_id, "photos": list(finding.photo_ids)}
            self._journal.record(
                actor, JournalKind.FINDING_KEPT, person_id=finding.person_id, details=details
            )

    def _by_embeddings(self, policy: MatchPolicy, limits: EnrolmentLimits | None) -> Iterator[Finding]:
        stored = self._photos.embeddings(policy.model_id)
        if not len(stored.photo_ids):
            return
        _, people = np.unique(np.array(stored.person_ids), return_inverse=True)
        portraits = Portraits(people.astype(np.int64), stored.embeddings)
        if limits is not None:
            yield from _unlike(portraits, stored, limits.wrong_person)
            for pair in copies(portraits, limits.same_picture):
                yield Finding(
                    FindingKind.NEAR_IDENTICAL,
                    stored.person_ids[pair.first],
                    _ids(stored, pair.first, pair.second),
                    value=pair.distance,
                    limit=pair.limit,
                )
        for pair in look_alikes(
            portraits,
            base=limits.doubles_base if limits else policy.threshold,
            weight=limits.doubles_weight if limits else 0.0,
            crowd=CROWD,
            farthest=limits.crowd_farthest if limits else 4.0,
        ):
            yield Finding(
                FindingKind.LOOK_ALIKES,
                stored.person_ids[pair.first],
                _ids(stored, pair.first, pair.second),
                other_id=stored.person_ids[pair.second],
                value=pair.distance,
                limit=pair.limit,
            )

    def _drift(self, coverage: Coverage, policy: MatchPolicy, now: datetime) -> Finding | None:
        """Compare how far somebody is from the photos now, and was in the first days after the newest."""
        if now - coverage.newest < 2 * DRIFT_DAYS:
            return None
        spans = (coverage.newest, coverage.newest + DRIFT_DAYS), (now - DRIFT_DAYS, now)
        before, lately = (
            self._accepted.between(coverage.person_id, policy.model_id, *span, limit=_MOST_ENTRIES)
            for span in spans
        )
        if min(len(before), len(lately)) < LEAST_ENTRIES:
            return None
        rose, error = rise(before, lately)
        if rose <= max(SURE_ERRORS * error, least_drift(policy)):
            return None
        return Finding(
            FindingKind.DRIFT,
            coverage.person_id,
            tuple(photo.photo_id for photo in self._photos.of(coverage.person_id)),
            value=float(np.median(lately)),
            limit=float(np.median(before)),
            entry=self._accepted.newest_with_picture(coverage.person_id, *spans[1]),
        )


def _unlike(portraits: Portraits, stored: PhotoEmbeddings, limit: float) -> Iterator[Finding]:
    for stranger in sorted(strangers(portraits, limit), key=lambda stranger: -stranger.distance):
        yield Finding(
            FindingKind.UNLIKE_OTHERS,
            stored.person_ids[stranger.row],
            _ids(stored, stranger.row),
            other_id=None if stranger.nearest is None else stored.person_ids[stranger.nearest],
            value=stranger.distance,
            limit=limit,
        )


def _by_coverage(covered: list[Coverage], photos: Photos, now: datetime) -> Iterator[Finding]:
    for coverage in covered:
        who, age = coverage.person_id, now - coverage.newest
        is_few, is_old = coverage.photos < LEAST_PHOTOS, age > OLD_AFTER
        if not (is_few or is_old or not coverage.templates):
            continue
        ids = tuple(photo.photo_id for photo in photos.of(who))
        if is_few:
            yield Finding(FindingKind.FEW_PHOTOS, who, ids, value=coverage.photos, limit=LEAST_PHOTOS)
        if is_old:
            yield Finding(FindingKind.OLD_PHOTOS, who, ids[-1:], value=age.days, limit=OLD_AFTER.days)
        if not coverage.templates:
            yield Finding(FindingKind.OTHER_MODEL, who, ids, value=coverage.photos)


def _ids(stored: PhotoEmbeddings, *rows: int) -> tuple[int, ...]:
    return tuple(int(stored.photo_ids[row]) for row in rows)
