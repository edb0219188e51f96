"""The trainings that `faceaccess learn report` compares: each a piece of its own, kept when it is done."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from faceaccess.codes import Loss, Mining
from faceaccess.store.file.lock import FileLock

if TYPE_CHECKING:
    from faceaccess.learning.networks.catalogue import FaceNetwork
    from faceaccess.learning.photos import LabelledCrops
    from faceaccess.learning.training import TrainingPlan

NETWORK, STEPS = "SMALL", 500
_NETWORK_FILE, _RESULT = "network.pt", "result.json"


@dataclass(frozen=True)
class Variant:
    """A row of a table: what differs from the baseline.

    Attributes:
        table: which it belongs to.
        row: what stands in it.
        changes: to the training's plan.
        share: part of the people learned from.
        follows: the row of the data table whose network it is made compatible with; "" for none.
    """

    table: str
    row: str
    changes: dict[str, Any] = field(default_factory=dict)
    share: float = 1.0
    follows: str = ""

    @property
    def is_baseline(self) -> bool:
        """Whether nothing differs."""
        return not self.changes and self.share == 1 and not self.follows

    @property
    def key(self) -> str:
        """Name of its folder, but for the seed."""
        return "baseline" if self.is_baseline else f"{self.table}-{self.row}".replace(" ", "-")


VARIANTS = (
    Variant("size", "64", {"dimension": 64}),
    Variant("size", "128"),
    Variant("size", "256", {"dimension": 256}),
    Variant("size", "512", {"dimension": 512}),
    Variant("mining", "random", {"mining": Mining.RANDOM}),
    Variant("mining", "semi-hard"),
    Variant("mining", "hard", {"mining": Mining.HARD}),
    Variant("mining", "all", {"mining": Mining.ALL}),
    Variant("mining", "offline", {"mining": Mining.OFFLINE}),
    Variant("loss", "triplet"),
    Variant("loss", "contrastive", {"loss": Loss.CONTRASTIVE}),
    Variant("loss", "softmax", {"loss": Loss.SOFTMAX}),
    Variant("data", "one eighth", share=1 / 8),
    Variant("data", "a quarter", share=1 / 4),
    Variant("data", "half", share=1 / 2),
    Variant("data", "all"),
    Variant("margin", "0, hard", {"margin": 0.0, "mining": Mining.HARD}),
    Variant("margin", "0, all", {"margin": 0.0, "mining": Mining.ALL}),
    Variant("margin", "0.1", {"margin": 0.1}),
    Variant("margin", "0.2"),
    Variant("margin", "0.4", {"margin": 0.4}),
    Variant("compatible", "one eighth", follows="one eighth"),
    Variant("compatible", "half", follows="half"),
)
"""In the order of their importance, since a report may be looked at before all are done."""


@dataclass(frozen=True, eq=False)
class Run:
    """A variant with one seed.

    Attributes:
        folder: of its result.
        plan: of the training.
    """

    variant: Variant
    seed: int
    folder: Path
    plan: "TrainingPlan"

    @property
    def result(self) -> dict[str, Any] | None:
        """What it gave; None where it isn't done."""
        path = self.folder / _RESULT
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None

    def network(self) -> "FaceNetwork":
        """Return the trained network."""
        import torch

        from faceaccess.learning.networks.catalogue import build

        network = build(self.plan.network, dimension=self.plan.dimension, seed=self.seed)
        network.load_state_dict(torch.load(self.folder / _NETWORK_FILE, weights_only=True))
        return network.eval()


def runs(folder: Path, seeds: int, steps: int = STEPS) -> list[Run]:
    """Return all runs, each once, the first seed's first."""
    from faceaccess.learning.training import TrainingPlan

    baseline = TrainingPlan(NETWORK, steps=steps, judge_every=max(steps // 7, 1))
    chosen: dict[tuple[int, str], Run] = {}
    for seed in range(seeds):
        for variant in VARIANTS:
            changes = dict(variant.changes)
            if variant.follows:
                changes["compatible_with"] = f"data {variant.follows} {seed}"
            plan = replace(baseline, seed=seed, **changes)
            chosen.setdefault((seed, variant.key), Run(variant, seed, folder / f"{variant.key}-{seed}", plan))
    return list(chosen.values())


def run_all(
    chosen: Sequence[Run],
    learnt: "LabelledCrops",
    held_out: "LabelledCrops",
    *,
    on_run: Callable[[int, int, str], None],
) -> None:
    """Do the runs that are not done. Several processes may do so at once: each takes the next that is free.

    Args:
        chosen: which.
        learnt: everybody to learn from.
        held_out: to judge by.
        on_run: told the number of a run, of how many, and its name, before it begins.
    """
    for number, run in enumerate(chosen, 1):
        run.folder.mkdir(parents=True, exist_ok=True)
        try:
            lock = FileLock(run.folder / "lock")
        except OSError:
            continue
        try:
            if run.result is None:
                on_run(number, len(chosen), run.folder.name)
                _do(run, chosen, learnt, held_out)
        finally:
            lock.release()


def _do(run: Run, others: Sequence[Run], learnt: "LabelledCrops", held_out: "LabelledCrops") -> None:
    import time

    import torch

    from faceaccess.learning.checkpoints import forget_checkpoint
    from faceaccess.learning.networks.catalogue import build
    from faceaccess.learning.training import Training, embed

    part = _part(learnt, run.variant.share)
    former = None
    if run.variant.follows:
        earlier = next(
            other for other in others if other.seed == run.seed and other.variant.row == run.variant.follows
            and other.variant.table == "data"
        )  # fmt: skip
        if earlier.result is None:
            return
        former = embed(earlier.network(), part.crops, torch.device("cpu"))
    training = Training(
        run.plan,
        part,
        held_out,
        run.folder,
        build=lambda name, dimension, seed: build(name, dimension=dimension, seed=seed),
        former=former,
    )
    begun = time.perf_counter()
    trained = training.run()
    seconds = time.perf_counter() - begun
    judged = training.judgement(resamples=0)
    torch.save(trained.network.state_dict(), run.folder / _NETWORK_FILE)
    result = {
        "auc": judged.auc.mean,
        "val": {f"{far:g}": rate.mean for far, rate in judged.val.items()},
        "active": trained.points[-1].active,
        "people": part.people,
        "photos": len(part.labels),
        "points": [asdict(point) for point in trained.points],
        "seconds": seconds,
    }
    partial = run.folder / f"{_RESULT}.part"
    partial.write_text(json.dumps(result), encoding="utf-8")
    os.replace(partial, run.folder / _RESULT)
    forget_checkpoint(run.folder)


def _part(learnt: "LabelledCrops", share: float) -> "LabelledCrops":
    """Return the photos of a part of the people, chosen by chance that is the same every time."""
    people = np.unique(learnt.labels)
    chosen = np.random.default_rng(0).permutation(people)[: max(round(share * len(people)), 2)]
    return learnt.at(np.flatnonzero(np.isin(learnt.labels, chosen)))
