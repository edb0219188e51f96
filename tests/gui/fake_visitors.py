"""Unknown visitors in memory."""

from datetime import UTC, datetime, timedelta

import numpy as np

from faceaccess.codes import VisitorMark
from faceaccess.people.visitors import MOST_SHOWN, VisitorGroup
from faceaccess.store.access.types import Actor

_NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def make_group(*seqs: int, person_id: str | None = None) -> VisitorGroup:
    """Return a visitor with these entries, an hour apart."""
    return VisitorGroup(
        seqs=seqs,
        best=seqs[:MOST_SHOWN],
        first_at=_NOW,
        last_at=_NOW + timedelta(hours=len(seqs) - 1),
        zone="UTC",
        doors=("Main door",),
        person_id=person_id,
        distance=0.08 if person_id else None,
    )


class FakeVisitors:
    """Groups that tests put there; what is done to them is kept in `calls`."""

    def __init__(self) -> None:
        self.found: list[VisitorGroup] = []
        self.calls: list[tuple] = []

    def groups(self, actor: Actor) -> list[VisitorGroup]:
        return list(self.found)

    def count(self, actor: Actor) -> int:
        return sum(len(group.seqs) for group in self.found)

    def pictures(self, actor: Actor, seqs: tuple[int, ...]) -> list[np.ndarray]:
        return [np.full((90, 80, 3), seq, np.uint8) for seq in seqs]

    def merge(self, actor: Actor, seqs: list[int]) -> None:
        self.calls.append(("merge", tuple(seqs)))

    def ignore(self, actor: Actor, seqs: tuple[int, ...], why: VisitorMark) -> None:
        self.calls.append(("ignore", tuple(seqs), why))
        self._drop(seqs)

    def delete(self, actor: Actor, seqs: tuple[int, ...]) -> None:
        self.calls.append(("delete", tuple(seqs)))
        self._drop(seqs)

    def enrolled(self, actor: Actor, seqs: tuple[int, ...], person_id: str) -> None:
        self.calls.append(("enrolled", tuple(seqs), person_id))
        self._drop(seqs)

    def _drop(self, seqs: tuple[int, ...]) -> None:
        self.found = [group for group in self.found if not set(group.seqs) & set(seqs)]
