"""Whether a newcomer's face is enrolled already, under another name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from faceaccess.errors import EnrolmentError
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.types import Candidate
from faceaccess.store.people.look_alikes import LookAlikes
from faceaccess.store.people.people import People
from faceaccess.store.people.refused_doubles import RefusedDoubles
from faceaccess.store.people.templates import Templates
from faceaccess.store.people.types import Person
from faceaccess.vision.types import FloatArray

CROWD = 3
"""A face's crowd is how near the people are who look most like it: the mean distance of so many, each
counted as no farther than a limit of the model, or as that where there are fewer people."""


@dataclass(frozen=True)
class Likeness:
    """Somebody enrolled who looks like a newcomer.

    Attributes:
        distance: squared L2 between their nearest templates.
        limit: nearer than this, the two may be one person.
        is_marked: whether somebody has said before that they are two.
        row: the newcomer's nearest template, by its row among those compared.
    """

    person: Person
    distance: float
    limit: float
    is_marked: bool = False
    row: int = 0

    @property
    def is_double(self) -> bool:
        """Whether to ask if the two are one person."""
        return self.distance < self.limit and not self.is_marked


class DoubleFound(EnrolmentError):
    """The face is, or may be, enrolled under another name; nothing was stored.

    Attributes:
        likenesses: who it may be, nearest first.
        hashes: for each of them, the SHA-256 of the photo that is nearest.
    """

    def __init__(self, likenesses: Sequence[Likeness], hashes: Sequence[str]) -> None:
        nearest = likenesses[0]
        super().__init__(
            "This may be {name}, who is enrolled: distance {distance:.3f}.",
            "Add the photos to that person, or say why they are two.",
            name=nearest.person.name,
            distance=nearest.distance,
        )
        self.likenesses, self.hashes = tuple(likenesses), tuple(hashes)


class Doubles:
    """Finds the people who look like somebody. May be called on any thread.

    Two may be one person when they are nearer than a base and a part of both their crowds: a fixed
    distance would question more newcomers the more people there are, and stop fewer doubles at the
    same price, since faces that many others resemble need a tighter limit than rare ones.
    Source: `faceaccess evaluate doubles`.
    """

    def __init__(
        self,
        gallery: Gallery,
        *,
        base: float,
        weight: float,
        crowd_farthest: float,
        people: People,
        templates: Templates,
        look_alikes: LookAlikes,
        refused: RefusedDoubles,
    ) -> None:
        """Take the parts.

        Args:
            gallery: that of the people enrolled.
            base: squared L2.
            weight: of the crowds; 0 where a model wasn't measured.
            crowd_farthest: nobody in a crowd counts as farther than this, squared L2.
            people: names them.
            templates: theirs.
            look_alikes: pairs that were said to be two people.
            refused: photos that weren't stored before.
        """
        self._gallery, self._base, self._weight = gallery, base, weight
        self._farthest = crowd_farthest
        self._people, self._templates, self._look_alikes = people, templates, look_alikes
        self._refused = refused

    def nearest(
        self, embeddings: FloatArray, *, leave_out: str | None = None, count: int = 5
    ) -> list[Likeness]:
        """Return the enrolled people who look most like somebody, nearest first.

        Args:
            embeddings: (N, D) float32 of unit norm, the newcomer's templates.
            leave_out: id of the person themself, where enrolled already.
            count: how many at most.
        """
        marked = self._look_alikes.of(leave_out) if leave_out else set()
        candidates = self._near(embeddings, {leave_out} if leave_out else set(), count + CROWD)
        likenesses = []
        for candidate, row in candidates[:count]:
            others = [other.distance for other, _ in candidates if other.person_id != candidate.person_id]
            crowds = crowd(others, self._farthest) + self._crowd_of(candidate.person_id)
            likenesses.append(
                Likeness(
                    self._people.get(candidate.person_id),
                    candidate.distance,
                    self._base + self._weight * crowds,
                    candidate.person_id in marked,
                    row,
                )
            )
        return likenesses

    def asked_about(
        self, embeddings: FloatArray, hashes: Sequence[str], person_id: str | None = None
    ) -> list[Likeness]:
        """Return the people to ask the operator about before photos are stored, nearest first.

        People asked about for one of these photos before are among them: limits tighten as people are
        stored, and an import that is done again must not enrol whom it refused at first.

        Args:
            embeddings: (N, D) float32 of unit norm, of the photos.
            hashes: SHA-256 of the photos' files.
            person_id: who gets them, if enrolled already: of the others, those nearer than this
                person's own photos are asked about.
        """
        again = self._refused.of(hashes)
        alike = [
            likeness
            for likeness in self.nearest(embeddings, leave_out=person_id)
            if likeness.is_double or (likeness.person.person_id in again and not likeness.is_marked)
        ]
        if not alike or person_id is None:
            return alike
        own = self._templates.embeddings(person_id, self._gallery.model_id)
        nearest_own = float((2 - 2 * embeddings @ own.T).min()) if len(own) else np.inf
        return [likeness for likeness in alike if likeness.distance < nearest_own]

    def refuse(self, hashes: Sequence[str], alike: Sequence[Likeness]) -> None:
        """Remember photos that weren't stored, by their files' SHA-256, and the people they may show."""
        self._refused.add(hashes, [likeness.person.person_id for likeness in alike])

    def _crowd_of(self, person_id: str) -> float:
        own = self._templates.embeddings(person_id, self._gallery.model_id)
        others = self._near(own, {person_id}, CROWD) if len(own) else []
        return crowd([other.distance for other, _ in others], self._farthest)

    def _near(
        self, embeddings: FloatArray, leave_out: Collection[str], count: int
    ) -> list[tuple[Candidate, int]]:
        """Return the people nearest to any of some embeddings, each once with its row, nearest first."""
        nearest: dict[str, tuple[Candidate, int]] = {}
        for row, near in enumerate(self._gallery.search(embeddings, count + len(leave_out))):
            for candidate in near:
                known = nearest.get(candidate.person_id)
                if known is None or candidate.distance < known[0].distance:
                    nearest[candidate.person_id] = candidate, row
        ordered = sorted(nearest.values(), key=lambda pair: pair[0].distance)
        return [pair for pair in ordered if pair[0].person_id not in leave_out][:count]


def crowd(distances: Sequence[float], farthest: float) -> float:
    """Return how near the people are who look most like a face, from their distances, squared L2.

    Args:
        distances: to each of them, in any order.
        farthest: nobody counts as farther than this, and those who lack in a crowd count as this.
    """
    nearest = sorted(distances)[:CROWD]
    nearest += [farthest] * (CROWD - len(nearest))
    return float(np.mean(np.minimum(nearest, farthest)))
