"""Adapting the model in force to a site's own people and cameras, if and only if that helps."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faceaccess import __version__
from faceaccess.codes import Right
from faceaccess.errors import Cancelled, ModelError
from faceaccess.learning.crossfit import FOLDS, LEAST_PEOPLE, CrossFitted, crossfit
from faceaccess.learning.head_graph import with_head
from faceaccess.models.kept_faces import aligned_by_points, image_of
from faceaccess.models.model_card import GRAPH, ModelCard
from faceaccess.models.models import Models
from faceaccess.recognition.intervals import Rate
from faceaccess.recognition.types import MatchPolicy
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.confirmed_pictures import confirmed_pictures
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.consent_texts import covers_learning
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.photos import Photos
from faceaccess.vision.download import disk_faults
from faceaccess.vision.embedder import INCEPTION
from faceaccess.vision.learned_network import LearnedNetwork
from faceaccess.vision.sources.images import from_jpeg
from faceaccess.vision.types import FloatArray, ImageArray

DOOR_DAYS = 90
"""Of door pictures: a camera's look lasts a season."""
MOST_PHOTOS, MOST_PICTURES = 10, 10
"""Of one person, enrolled and at the door: whoever comes often must not decide."""
_AT_ONCE = 32

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class LearningMaterial:
    """What there is to learn from.

    Attributes:
        people: with two pictures or more, and a consent that covers it.
        photos, pictures: of them: enrolled, and from doors.
        without_consent: further people with two pictures or more, whose consent doesn't cover it.
        least_people: fewer don't suffice.
        is_adaptable: whether the model in force can be adapted at all.
    """

    people: int
    photos: int
    pictures: int
    without_consent: int
    least_people: int
    is_adaptable: bool

    @property
    def is_enough(self) -> bool:
        """Whether there is enough to learn from."""
        return self.is_adaptable and self.people >= self.least_people


@dataclass(frozen=True)
class Adaptation:
    """How adapting went.

    Attributes:
        name: of the model that was added; "" where it was refused.
        far: at which VAL is compared.
        before, after: VAL of people that were not learned from, without and with it.
        gain: of the two, with its 95 % interval by people.
        threshold: of the adapted model; 0 where it was refused.
        material: what was learned from.
    """

    name: str
    far: float
    before: Rate
    after: Rate
    gain: Rate
    threshold: float
    material: LearningMaterial

    @property
    def is_refused(self) -> bool:
        """Whether it did not help, so that nothing was added."""
        return not self.name


@dataclass(frozen=True)
class _Rows:
    """Whose pictures there are.

    Attributes:
        photos: of each person, how many.
        pictures: of each person, positions of entries.
    """

    photos: dict[str, int]
    pictures: dict[str, list[int]]

    def count(self, person_id: str) -> int:
        return self.photos.get(person_id, 0) + len(self.pictures.get(person_id, ()))


class Adapting:
    """Learns a head on the model in force from whoever agreed to that. Slow: off the GUI's thread.

    Learning takes the processor for half a minute or so, in a process of its own.
    """

    def __init__(self, database: Database, *, journal: Journal, models: Models) -> None:
        self.database = database
        self._journal, self._models = journal, models
        self._consents = Consents(database)

    def material(self, *, now: datetime) -> LearningMaterial:
        """Return what there is to learn from.

        Args:
            now: UTC.
        """
        rows = self._rows(now)
        return self._material(rows, self._covered(now))

    @needs(Right.SET_POLICY)
    def adapt(
        self,
        actor: Actor,
        *,
        now: datetime,
        threads: int = 1,
        progress: Progress = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Adaptation:
        """Adapt the model in force and add it to the models, or refuse where it doesn't help.

        It decides nothing until somebody tries it and switches to it.

        Args:
            actor: who does it.
            now: UTC.
            threads: that learning may use.
            progress: told how many people's pictures were embedded, and of how many.
            is_cancelled: asked before each person.

        Raises:
            ModelError: there is too little to learn from, or the model in force can't be adapted.
            Cancelled: the operator stopped it; nothing was changed.
        """
        network = self._models.recognisers.network_in_force()
        rows, covered = self._rows(now), self._covered(now)
        material = self._material(rows, covered)
        if network is None or not material.is_adaptable:
            raise ModelError("The model in force can't be adapted.", "Switch to the built-in one first.")
        if not material.is_enough:
            raise ModelError(
                "Too few people agreed to it and have two pictures or more: {people}.",
                "It needs {least} of them. A consent text covers it with the line on learning.",
                people=material.people,
                least=material.least_people,
            )
        # What is kept, not what somebody tries out at the slider meanwhile.
        policy = self._models.thresholds.of(self._models.model_id)
        if policy is None:
            raise ModelError("No threshold has been set for the model in force.", "Set one first.")
        chosen = sorted(person for person in covered if rows.count(person) > 1)
        embeddings, whose = self._embedded(chosen, rows, network[1], progress, is_cancelled)
        folds = np.array([_fold(chosen[number]) for number in whose], np.int64)
        fitted = crossfit(embeddings, whose, folds, threads=threads)
        if is_cancelled():
            raise Cancelled("Stopped; nothing was changed.")
        name, threshold = "", 0.0
        if fitted.is_better:
            name, threshold = self._add(actor, network, policy, fitted, embeddings, material, now)
        return Adaptation(
            name,
            fitted.far,
            fitted.before.val[fitted.far].rate,
            fitted.after.val[fitted.far].rate,
            fitted.gain,
            threshold,
            material,
        )

    def _material(self, rows: _Rows, covered: set[str]) -> LearningMaterial:
        several = {person for person in (*rows.photos, *rows.pictures) if rows.count(person) > 1}
        learnt = several & covered
        return LearningMaterial(
            len(learnt),
            sum(rows.photos.get(person, 0) for person in learnt),
            sum(len(rows.pictures.get(person, ())) for person in learnt),
            len(several - covered),
            LEAST_PEOPLE,
            any(info.is_active and info.name != INCEPTION for info in self._models.catalogue.infos()),
        )

    def _covered(self, now: datetime) -> set[str]:
        """Return the people whose consent in force is to a text that speaks of learning."""
        versions = {text.version for text in self._consents.texts.all() if covers_learning(text.text)}
        today = now.date()
        consenting = self._consents.consenting(today)
        return {
            person
            for person in consenting
            if (consent := self._consents.in_force(person, today)) and consent.version in versions
        }

    def _rows(self, now: datetime) -> _Rows:
        photos = {row.person_id: min(row.photos, MOST_PHOTOS) for row in Photos(self.database).coverage("")}
        since = now - timedelta(days=DOOR_DAYS)
        pictures = confirmed_pictures(self.database, since, most=MOST_PICTURES)
        return _Rows(photos, {person: seqs for person, seqs in pictures.items() if person in photos})

    def _embedded(
        self,
        people: Sequence[str],
        rows: _Rows,
        network: LearnedNetwork,
        progress: Progress,
        is_cancelled: Callable[[], bool],
    ) -> tuple[FloatArray, NDArray[np.int64]]:
        """Return (N, D) embeddings by the model in force, and (N,) numbers of the people."""
        embedder = self._models.recogniser.embedder
        embeddings: list[FloatArray] = []
        whose: list[int] = []
        for number, person in enumerate(people):
            if is_cancelled():
                raise Cancelled("Stopped; nothing was changed.")
            crops = [
                aligned_by_points(image, landmarks, network.alignment)
                for image, landmarks in self._images(person, rows)
            ]
            for start in range(0, len(crops), _AT_ONCE):
                embeddings.append(embedder.embed_once(np.stack(crops[start : start + _AT_ONCE])))
            whose += [number] * len(crops)
            progress(number + 1, len(people))
        return np.concatenate(embeddings), np.array(whose, np.int64)

    def _images(self, person: str, rows: _Rows) -> Iterable[tuple[ImageArray, FloatArray]]:
        for photo in self._models.templates.crops(person)[:MOST_PHOTOS]:
            yield from_jpeg(photo.crop), photo.landmarks
        for seq in rows.pictures.get(person, ()):
            crop = self._journal.events.entry_crop(seq)
            if crop is not None and crop.landmarks is not None:
                yield image_of(crop), crop.landmarks

    def _add(
        self,
        actor: Actor,
        network: tuple[bytes, LearnedNetwork],
        policy: MatchPolicy,
        fitted: CrossFitted,
        embeddings: FloatArray,
        material: LearningMaterial,
        now: datetime,
    ) -> tuple[str, float]:
        """Add the adapted model with a threshold of its own; return its name and threshold."""
        graph, base = with_head(network[0], fitted.head), network[1]
        names = {info.name for info in self._models.catalogue.infos()}
        number = next(number for number in range(1, 10_000) if f"adapted-{number}" not in names)
        card = _card(f"adapted-{number}", graph, base, fitted, embeddings, material, now)
        with tempfile.TemporaryDirectory() as folder:
            with disk_faults(Path(folder)):
                (Path(folder) / GRAPH).write_bytes(graph)
            card.write(Path(folder))
            self._models.catalogue.add(actor, Path(folder))
        threshold = round(fitted.threshold(policy.threshold), 3)
        margin = round(policy.margin * threshold / policy.threshold, 3) if policy.threshold else 0.0
        self._models.thresholds.save_for(actor, card.name, threshold, margin)
        return card.name, threshold


def _card(
    name: str,
    graph: bytes,
    base: LearnedNetwork,
    fitted: CrossFitted,
    embeddings: FloatArray,
    material: LearningMaterial,
    now: datetime,
) -> ModelCard:
    rates = {
        f"val at far {fitted.far:g} before": fitted.before.val[fitted.far].rate,
        f"val at far {fitted.far:g}": fitted.after.val[fitted.far].rate,
        f"val at far {fitted.far:g} gain": fitted.gain,
    }
    return ModelCard(
        name=name,
        title=f"Adapted to this site ({name}, on {base.name})",
        sha256=hashlib.sha256(graph).hexdigest(),
        dimension=base.dimension,
        crop_px=base.crop_px,
        network=f"head on {base.model_id}",
        parameters=fitted.head.size,
        data=hashlib.sha256(np.ascontiguousarray(embeddings).tobytes()).hexdigest(),
        people=material.people,
        photos=material.photos + material.pictures,
        left_out=0,
        # In turn: each third by a head that was learned from the others.
        held_out_people=material.people,
        held_out_photos=material.photos + material.pictures,
        licence="photos of this site",
        made_with=f"FaceAccess {__version__}",
        made_at=now.isoformat(timespec="seconds"),
        arguments={
            "folds": FOLDS,
            "photos": material.photos,
            "pictures": material.pictures,
            "without_consent": material.without_consent,
        },
        curve=[],
        figures={key: (rate.mean, rate.low, rate.high) for key, rate in rates.items()},
        detector=base.detector,
    )


def _fold(person_id: str) -> int:
    """Return the part that a person is in: the same however many there are."""
    return int(hashlib.sha256(person_id.encode()).hexdigest(), 16) % FOLDS
