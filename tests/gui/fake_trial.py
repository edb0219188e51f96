"""The trial of a model in memory: tests say how far it is."""

from collections.abc import Callable
from dataclasses import replace

from faceaccess.codes import Outcome
from faceaccess.errors import FaceAccessError
from faceaccess.models.trial import TrialState
from faceaccess.recognition.types import MatchPolicy
from faceaccess.store.access.types import Actor
from faceaccess.store.people.types import Disagreement, Readiness, ShadowCounts

POLICY = MatchPolicy("facenet:1", 0.8, 0.05, "A measurement.")


class FakeTrial:
    """Keeps what was asked for in `calls`."""

    def __init__(self) -> None:
        self.now = TrialState("built-in")
        self.calls: list[str] = []
        self.found: list[Disagreement] = []
        self.refuses: FaceAccessError | None = None

    def state(self) -> TrialState:
        return self.now

    def try_model(self, actor: Actor, name: str) -> None:
        self.calls.append(f"try {name}")
        self.now = replace(
            self.now, candidate=name, readiness=Readiness(5, 2), policy=POLICY, is_working=True
        )

    def come_far(self, *, disagreed: int = 1) -> None:
        """Let everybody be ready, and some entries compared."""
        counts = ShadowCounts(12, disagreed, 2, 3)
        self.now = replace(self.now, readiness=Readiness(5, 5), is_working=False, counts=counts)

    def stop(self, actor: Actor) -> None:
        self.calls.append("stop")
        self.now = TrialState(self.now.active, former=self.now.former)

    def switch(
        self, actor: Actor, *, progress: Callable[[int, int], None], is_cancelled: Callable[[], bool]
    ) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.calls.append("switch")
        assert self.now.candidate is not None
        self.now = TrialState(self.now.candidate, former=self.now.active)

    def go_back(self, actor: Actor) -> None:
        self.calls.append("back")
        assert self.now.former is not None
        self.now = TrialState(self.now.former, former=self.now.active)

    def forget(self, actor: Actor, name: str) -> int:
        self.calls.append(f"forget {name}")
        self.now = replace(self.now, former=None)
        return 5

    def disagreements(self, actor: Actor, limit: int) -> list[Disagreement]:
        return self.found[:limit]


def make_disagreement(event: object, outcome: Outcome, name: str | None, distance: float) -> Disagreement:
    """Return an entry about which the candidate says something else."""
    return Disagreement(event, outcome, "a" * 32 if name else None, name, distance)  # type: ignore[arg-type]
