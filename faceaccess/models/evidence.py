"""What the threshold costs here: from the people enrolled, and from what the doors have seen."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from faceaccess.codes import Right
from faceaccess.errors import ModelError, SettingsError
from faceaccess.models.recognisers import Recognisers
from faceaccess.models.thresholds import Thresholds
from faceaccess.recognition.consistency import Portraits
from faceaccess.recognition.intervals import Rate
from faceaccess.recognition.leave_one_out import Searches, search_all
from faceaccess.recognition.price import Prices, Shortage
from faceaccess.recognition.types import MatchPolicy
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.decided_entries import Decided, DecidedEntries, KnownPassage
from faceaccess.store.people.people import People
from faceaccess.store.people.photos import Photos
from faceaccess.store.people.types import PhotoEmbeddings
from faceaccess.store.policy.types import ThresholdEvidence

__all__ = [
    "Choice", "DoorEvidence", "Evidence", "GalleryEvidence", "Outcomes", "Rate", "Shortage", "WrongPair",
]  # fmt: skip

DOOR_DAYS = 30
"""So many days of entries are looked at: a month has its holidays and its bad light."""

_MOST_PAIRS = 50

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class WrongPair:
    """Two people, and their photos that are most alike.

    Attributes:
        person_ids, names: of both.
        photo_ids: of both.
        distance: squared L2 between the photos.
    """

    person_ids: tuple[str, str]
    names: tuple[str, str]
    photo_ids: tuple[int, int]
    distance: float


@dataclass(frozen=True, eq=False)
class GalleryEvidence:
    """What comes of the people enrolled at every threshold.

    Attributes:
        policy: the numbers in force when it was made; the margin counts in all prices.
        photo_ids: (N,) int64, of the photos searched for.
        person_ids: N ids, whose they are.
        names: of the people, by id.
        digest: of the photos and the model: another one means that it is out of date.
    """

    policy: MatchPolicy
    searches: Searches
    prices: Prices
    photo_ids: NDArray[np.int64]
    person_ids: tuple[str, ...]
    names: dict[str, str]
    digest: str

    @property
    def people(self) -> int:
        """How many people are enrolled with a photo."""
        return len(self.searches.counts)

    @cached_property
    def wrong_pairs(self) -> tuple[WrongPair, ...]:
        """The people most alike, nearest first, each two of them once."""
        pairs: dict[tuple[str, str], WrongPair] = {}
        for row in np.argsort(self.searches.other, kind="stable"):
            other = int(self.searches.other_row[row])
            if other < 0 or len(pairs) == _MOST_PAIRS:
                break
            first, second = sorted((int(row), other), key=lambda at: self.person_ids[at])
            ids = self.person_ids[first], self.person_ids[second]
            names = self.names.get(ids[0], ids[0][:8]), self.names.get(ids[1], ids[1][:8])
            photos = int(self.photo_ids[first]), int(self.photo_ids[second])
            pairs.setdefault(ids, WrongPair(ids, names, photos, float(self.searches.other[row])))
        return tuple(pairs.values())


@dataclass(frozen=True)
class Outcomes:
    """What a threshold would do with passages whose person is known.

    Attributes:
        right: staff let in under their own names.
        refused: staff refused.
        wrong: anybody let in under another's name.
        stopped: strangers refused.
    """

    right: int
    refused: int
    wrong: int
    stopped: int


@dataclass(frozen=True, eq=False)
class DoorEvidence:
    """What the doors have seen, and what another threshold would make of it.

    Attributes:
        since: UTC.
        margin: the least lead over the second nearest.
        entries: those of the active model.
        known: passages whose person somebody has said.
    """

    since: datetime
    margin: float
    entries: Decided
    known: tuple[KnownPassage, ...]

    @property
    def lets_in_wrongly_from(self) -> float | None:
        """The smallest threshold at which a passage known to be somebody else's is let in; None for none."""
        wrong = [
            passage.distance for passage in self.known if not passage.is_nearest and not passage.is_ambiguous
        ]
        return min(wrong, default=None)

    def changed(self, threshold: float) -> NDArray[np.int64]:
        """Return the positions of the entries that would be decided otherwise, latest first."""
        entries = self.entries
        is_near = entries.distances <= threshold
        would = np.where(entries.is_accepted, is_near, is_near & (entries.leads >= self.margin))
        return entries.seqs[(would & ~entries.is_ambiguous) != entries.is_accepted][::-1]

    def of_known(self, threshold: float) -> Outcomes:
        """Return what a threshold would do with the passages whose person is known."""
        let_in = [passage.distance <= threshold and not passage.is_ambiguous for passage in self.known]
        pairs = list(zip(self.known, let_in, strict=True))
        return Outcomes(
            sum(is_in and passage.is_nearest for passage, is_in in pairs),
            sum(passage.is_enrolled and not is_in for passage, is_in in pairs),
            sum(is_in and not passage.is_nearest for passage, is_in in pairs),
            sum(not passage.is_enrolled and not is_in for passage, is_in in pairs),
        )


@dataclass(frozen=True)
class Choice:
    """A threshold chosen from the people enrolled.

    Attributes:
        threshold: squared L2.
        is_limited: whether a greater one would do by the people enrolled alone.
    """

    threshold: float
    evidence: ThresholdEvidence
    is_limited: bool


class Evidence:
    """Reads what thresholds cost, and chooses one. Slow: off the GUI's thread."""

    def __init__(
        self, database: Database, *, people: People, recognisers: Recognisers, thresholds: Thresholds
    ) -> None:
        self.database = database
        self._people, self._recognisers, self._thresholds = people, recognisers, thresholds
        self._photos, self._entries = Photos(database), DecidedEntries(database)

    def of_gallery(
        self,
        *,
        progress: Progress = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> GalleryEvidence | None:
        """Return what comes of the people enrolled; None when it was cancelled.

        Raises:
            ModelError: nobody has set a threshold for the active model.
            GalleryError: templates of different sizes.
        """
        policy = self._policy()
        photos = self._photos.embeddings(policy.model_id)
        numbers = {person_id: number for number, person_id in enumerate(dict.fromkeys(photos.person_ids))}
        whose = np.array([numbers[person_id] for person_id in photos.person_ids], np.int64)
        dimension = photos.embeddings.shape[-1] if len(whose) else 1
        portraits = Portraits(whose, photos.embeddings.reshape(len(whose), dimension))
        searches = search_all(portraits, policy, progress=progress, is_cancelled=is_cancelled)
        if searches is None:
            return None
        return GalleryEvidence(
            policy,
            searches,
            Prices(searches),
            photos.photo_ids,
            photos.person_ids,
            {person.person_id: person.name for person in self._people.list()},
            _digest(policy.model_id, photos),
        )

    def of_doors(self, *, now: datetime) -> DoorEvidence:
        """Return what the doors have seen in the last `DOOR_DAYS` by the active model.

        Raises:
            ModelError: nobody has set a threshold for the active model.
        """
        policy, since = self._policy(), now - timedelta(days=DOOR_DAYS)
        entries, known = self._entries.since(since, policy.model_id)
        return DoorEvidence(since, policy.margin, entries, tuple(known))

    def choose(self, gallery: GalleryEvidence, doors: DoorEvidence, one_in: int, *, now: datetime) -> Choice:
        """Return the most lenient threshold that lets in no more than one stranger in so many searches.

        Never one that lets in again whoever is known to have been let in wrongly, nor one beyond those that
        were measured for the model; and, where the interval leaves more strangers possible, none more lenient
        than the measured one for so many people.

        Args:
            gallery: what the people enrolled tell.
            doors: what the doors have seen.
            one_in: searches by strangers.
            now: UTC.

        Raises:
            SettingsError: the photos enrolled are too few to tell.
        """
        most = gallery.prices.most_lenient(one_in)
        if most is None:
            raise SettingsError(
                "One false accept in {one_in} can't be told from {searches} photos of other people.",
                "Choose a smaller number, or enrol more people and photos.",
                one_in=one_in,
                searches=gallery.prices.searches,
            )
        limits = [gallery.policy.measured[1]]
        if doors.lets_in_wrongly_from is not None:
            limits.append(_just_below(doors.lets_in_wrongly_from))
        measured, strangers = self._thresholds.measured, gallery.prices.at(most).strangers
        if measured is not None and strangers is not None and strangers.high > 1 / one_in:
            limits.append(measured.threshold)
        threshold = min(most, *limits)
        price = gallery.prices.at(threshold)
        evidence = ThresholdEvidence(
            one_in,
            gallery.prices.searches,
            gallery.people,
            _numbers(price.strangers),
            _numbers(price.staff),
            gallery.digest,
            now.isoformat(timespec="seconds"),
        )
        return Choice(threshold, evidence, is_limited=most > threshold)

    @needs(Right.SET_POLICY)
    def use(self, actor: Actor, gallery: GalleryEvidence, choice: Choice) -> None:
        """Decide by a choice from the next frame on, and keep why; journalled once.

        Raises:
            SettingsError: photos or model have changed since it was made.
        """
        if gallery.digest != self.digest():
            raise SettingsError(
                "The people enrolled have changed since this was worked out.", "Work it out again."
            )
        self._thresholds.save(actor, choice.threshold, gallery.policy.margin, choice.evidence)

    def digest(self) -> str:
        """Return the digest of the photos enrolled and the model in force."""
        model_id = self._recognisers.model_id
        return _digest(model_id, self._photos.embeddings(model_id))

    def _policy(self) -> MatchPolicy:
        policy = self._thresholds.in_force
        if policy is None:
            raise ModelError(
                "No threshold was measured for this model, and nobody has set any.",
                "Set one among the settings first.",
            )
        return policy


def _digest(model_id: str, photos: PhotoEmbeddings) -> str:
    """Return the SHA-256 of a model and of the numbers and people of its photos."""
    digest = hashlib.sha256(model_id.encode())
    for photo_id, person_id in zip(photos.photo_ids.tolist(), photos.person_ids, strict=True):
        digest.update(f" {photo_id}:{person_id}".encode())
    return digest.hexdigest()


def _just_below(distance: float) -> float:
    """Return the greatest threshold of three places that a distance is beyond."""
    return float(np.ceil(distance * 1000 - 1) / 1000)


def _numbers(rate: Rate | None) -> tuple[float, ...]:
    return () if rate is None else (rate.mean, rate.low, rate.high)
