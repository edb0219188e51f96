"""Training a network, step by step: the same steps whether or not it was stopped in between."""

import logging
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from faceaccess.codes import Loss, Mining
from faceaccess.errors import Cancelled, ModelError
from faceaccess.learning.augmentation import augment
from faceaccess.learning.batches import Batches, BatchShape, Indices
from faceaccess.learning.checkpoints import read_checkpoint, write_checkpoint
from faceaccess.learning.judging import HeldOut, Judgement
from faceaccess.learning.losses import SoftmaxHead, contrastive_loss, harmonic_loss
from faceaccess.learning.mining import MINERS
from faceaccess.learning.offline import OfflineTriplets
from faceaccess.learning.photos import LabelledCrops
from faceaccess.learning.triplets import MARGIN, BatchLoss, squared_distances, triplet_loss
from faceaccess.vision.types import FloatArray, ImageArray

logger = logging.getLogger(__name__)

_EMBEDDED_AT_ONCE = 256
_GREATEST_GRADIENT = 5.0
"""Norm to which gradients are shortened: the first steps of a new network leap otherwise."""
_WARM_UP = 0.05


@dataclass(frozen=True)
class TrainingPlan:
    """Everything that a training's result depends on, beside the photos.

    Attributes:
        network: its name, see `networks.NAMES`.
        dimension: D, length of an embedding.
        seed: of weights, batches and changes of the crops.
        steps: at most.
        batch: what a step sees.
        loss: learned by.
        mining: of triplets.
        margin: squared L2.
        learning_rate: the greatest; it rises from 0 and falls to 0 as half a cosine.
        judge_every: steps between two judgements, each of which leaves a checkpoint.
        patience: it ends when so many judgements in a row brought no better VAL at FAR 1e-1; 0: never.
        mine_every: steps between two rounds of offline mining.
        compatible_with: model_id of the network whose embeddings it is to be comparable with; "" for none.
        is_augmented: whether crops are changed by chance.
    """

    network: str
    dimension: int = 128
    seed: int = 0
    steps: int = 2000
    batch: BatchShape = field(default_factory=BatchShape)
    loss: Loss = Loss.TRIPLET
    mining: Mining = Mining.SEMI_HARD
    margin: float = MARGIN
    learning_rate: float = 1e-3
    judge_every: int = 100
    patience: int = 0
    mine_every: int = 100
    compatible_with: str = ""
    is_augmented: bool = True


@dataclass(frozen=True)
class Point:
    """A judgement during a training.

    Attributes:
        step: after how many steps.
        loss: mean of the steps since the last one.
        active: part of the triplets that were active, likewise.
        auc: of the people held out.
        val: of the people held out, at FAR 1e-1.
    """

    step: int
    loss: float
    active: float
    auc: float
    val: float


@dataclass(frozen=True, eq=False)
class Trained:
    """A trained network and how it came to be.

    Attributes:
        network: (N, 3, S, S) float32, 0 to 255, to (N, D) of unit norm.
        losses: of each step.
        points: the judgements on the way, the first before any step.
        is_plateau: whether it ended because nothing got better.
    """

    network: nn.Module
    losses: list[float]
    points: list[Point]
    is_plateau: bool


class Training:
    """One run over labelled crops, which goes on from its folder's checkpoint if there is one."""

    def __init__(
        self,
        plan: TrainingPlan,
        learnt: LabelledCrops,
        held_out: LabelledCrops,
        folder: Path,
        *,
        build: Callable[[str, int, int], nn.Module],
        former: FloatArray | None = None,
        device: str = "cpu",
    ) -> None:
        """Take what is needed.

        Args:
            plan: of the run.
            learnt: to learn from.
            held_out: to judge by.
            folder: of the checkpoint.
            build: returns a network of a name, dimension and seed; `forward` gives (N, D) of unit norm,
                `features` the same before it is normalised.
            former: (N, D) embeddings of `learnt` by the network to be compatible with.
            device: torch's name of it.
        """
        self.plan, self._folder, self._device = plan, folder, torch.device(device)
        self._learnt, self._held_out = learnt, held_out
        self._people = np.unique(learnt.labels, return_inverse=True)[1]
        self._data = learnt.digest
        self._network = build(plan.network, plan.dimension, plan.seed).to(self._device)
        torch.manual_seed(plan.seed)
        self._head = SoftmaxHead(plan.dimension, learnt.people).to(self._device)
        learned = [*self._network.parameters()]
        if plan.loss is Loss.SOFTMAX:
            learned += self._head.parameters()
        self._optimiser = torch.optim.AdamW(learned, lr=plan.learning_rate, weight_decay=1e-4)
        self._scaler = torch.amp.GradScaler(enabled=self._device.type == "cuda")
        self._batches = Batches(self._people, plan.batch, plan.seed)
        self._former = None if former is None else torch.from_numpy(former)
        self._judge = HeldOut(held_out.labels, resamples=0)
        self._offline: OfflineTriplets | None = None
        self._step = 0
        self._losses: list[float] = []
        self._active: list[float] = []
        self._points: list[Point] = []

    def run(
        self,
        *,
        on_point: Callable[[Point], None] = lambda _point: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Trained:
        """Train until the last step or a plateau.

        Args:
            on_point: told each judgement.
            is_cancelled: asked before each step.

        Raises:
            ModelError: the folder holds another run, the disk is full, or a loss is not a number; the last
                good checkpoint stays.
            Cancelled: it was stopped; it can be taken up again.
        """
        self._take_up()
        if not self._points:
            self._add_point(on_point)
        while self._step < self.plan.steps and not self._is_plateau():
            if is_cancelled():
                raise Cancelled(
                    "Stopped after {step} of {steps} steps.",
                    "The same command goes on from the last checkpoint.",
                    step=self._step,
                    steps=self.plan.steps,
                )
            self._learn()
            if self._step % self.plan.judge_every == 0 or self._step == self.plan.steps:
                self._add_point(on_point)
        return Trained(self._network.eval(), self._losses, self._points, self._step < self.plan.steps)

    def _learn(self) -> None:
        """Take one step."""
        self._network.train()
        for group in self._optimiser.param_groups:
            group["lr"] = self.plan.learning_rate * _share_of_rate(self._step / self.plan.steps)
        drawn = np.random.default_rng([self.plan.seed, self._step, 3]).integers(2**62)
        chance = torch.Generator().manual_seed(int(drawn))
        with torch.autocast(self._device.type, enabled=self._device.type == "cuda"):
            loss = self._loss(chance)
        if not math.isfinite(float(loss.value.detach())):
            raise self._diverged()
        self._optimiser.zero_grad(set_to_none=True)
        scaled: Tensor = self._scaler.scale(loss.value)
        scaled.backward()  # type: ignore[no-untyped-call]
        self._scaler.unscale_(self._optimiser)
        norm = nn.utils.clip_grad_norm_(self._network.parameters(), _GREATEST_GRADIENT)
        if not self._scaler.is_enabled() and not math.isfinite(float(norm)):
            raise self._diverged()
        self._scaler.step(self._optimiser)
        self._scaler.update()
        self._losses.append(float(loss.value.detach()))
        self._active.append(loss.active / max(loss.offered, 1))
        self._step += 1

    def _loss(self, chance: torch.Generator) -> BatchLoss:
        if self.plan.mining is Mining.OFFLINE and self.plan.loss is Loss.TRIPLET:
            return self._offline_loss(chance)
        rows = self._batches.at(self._step)
        crops, labels = self._crops(rows, chance), torch.from_numpy(self._people[rows]).to(self._device)
        if self.plan.loss is Loss.SOFTMAX:
            return BatchLoss(self._head(self._network.features(crops), labels), len(rows), len(rows))  # type: ignore[operator]
        embeddings: Tensor = self._network(crops).float()
        if self.plan.loss is Loss.CONTRASTIVE:
            return BatchLoss(contrastive_loss(embeddings, labels), len(rows), len(rows))
        miner = MINERS[self.plan.mining]
        if self._former is not None:
            former = self._former[rows].to(self._device)
            return harmonic_loss(embeddings, former, labels, miner, self.plan.margin, chance)
        with torch.no_grad():
            triplets = miner(squared_distances(embeddings, embeddings), labels, self.plan.margin, chance)
        return triplet_loss(embeddings, triplets, self.plan.margin)

    def _offline_loss(self, chance: torch.Generator) -> BatchLoss:
        begin = self._step - self._step % self.plan.mine_every
        if self._offline is None or self._offline.step != begin:
            self._offline = OfflineTriplets.mined(
                self._people,
                begin,
                plan_seed=self.plan.seed,
                margin=self.plan.margin,
                embed=lambda rows: self._embedded(self._learnt.crops[rows]),
            )
            self._network.train()
        rows, triplets = self._offline.batch(self._step, self.plan.batch.rows)
        return triplet_loss(self._network(self._crops(rows, chance)).float(), triplets, self.plan.margin)

    def _crops(self, rows: Indices, chance: torch.Generator) -> Tensor:
        crops = as_input(self._learnt.crops[rows])
        return (augment(crops, chance) if self.plan.is_augmented else crops).to(self._device)

    def _embedded(self, crops: ImageArray) -> FloatArray:
        return embed(self._network, crops, self._device)

    def judgement(self, resamples: int = 500) -> Judgement:
        """Judge the network as it stands, with intervals."""
        judge = HeldOut(self._held_out.labels, resamples=resamples)
        return judge.judge(self._embedded(self._held_out.crops))

    def _add_point(self, on_point: Callable[[Point], None]) -> None:
        judged = self._judge.judge(self._embedded(self._held_out.crops))
        since = self._points[-1].step if self._points else 0
        point = Point(
            self._step,
            _mean(self._losses[since:]),
            _mean(self._active[since:]),
            judged.auc.mean,
            judged.val[1e-1].mean,
        )
        self._points.append(point)
        self._keep()
        on_point(point)

    def _is_plateau(self) -> bool:
        if not self.plan.patience or len(self._points) <= self.plan.patience:
            return False
        best = max(range(len(self._points)), key=lambda at: self._points[at].val)
        return len(self._points) - 1 - best >= self.plan.patience

    def _keep(self) -> None:
        write_checkpoint(
            self._folder,
            {
                "plan": _plain(self.plan),
                "data": self._data,
                "step": self._step,
                "network": self._network.state_dict(),
                "head": self._head.state_dict(),
                "optimiser": self._optimiser.state_dict(),
                "scaler": self._scaler.state_dict(),
                "losses": self._losses,
                "active": self._active,
                "points": [asdict(point) for point in self._points],
                "offline": None if self._offline is None else self._offline.state(),
            },
        )

    def _take_up(self) -> None:
        """Go on where the folder's checkpoint is."""
        state = read_checkpoint(self._folder)
        if state is None:
            return
        if state.get("plan") != _plain(self.plan) or state.get("data") != self._data:
            raise ModelError(
                "{folder} holds a training with other photos or arguments.",
                "Give the same ones to go on with it, or choose another folder.",
                folder=self._folder,
            )
        self._network.load_state_dict(state["network"])
        self._head.load_state_dict(state["head"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._scaler.load_state_dict(state["scaler"])
        self._step, self._losses, self._active = state["step"], state["losses"], state["active"]
        self._points = [Point(**point) for point in state["points"]]
        if state["offline"] is not None:
            self._offline = OfflineTriplets.of_state(state["offline"])
        logger.info("going on with a training after %d steps", self._step)

    def _diverged(self) -> ModelError:
        return ModelError(
            "The loss of step {step} is not a number.",
            "The last good checkpoint is kept. Begin anew in another folder with a lower --learning-rate.",
            step=self._step,
        )


def as_input(crops: ImageArray) -> Tensor:
    """Return (N, S, S, 3) uint8 crops as (N, 3, S, S) float32, 0 to 255."""
    return torch.from_numpy(np.ascontiguousarray(crops)).permute(0, 3, 1, 2).float()


def embed(network: nn.Module, crops: ImageArray, device: torch.device) -> FloatArray:
    """Return the embeddings, (N, D) float32 of unit norm, of (N, S, S, 3) uint8 crops."""
    network.eval()
    with torch.inference_mode():
        parts = [
            network(as_input(crops[start : start + _EMBEDDED_AT_ONCE]).to(device)).float().cpu().numpy()
            for start in range(0, len(crops), _EMBEDDED_AT_ONCE)
        ]
    return np.concatenate(parts)


def _plain(plan: TrainingPlan) -> dict[str, Any]:
    plain = asdict(plan)
    return {**plain, "loss": str(plan.loss), "mining": str(plan.mining)}


def _share_of_rate(done: float) -> float:
    """Return which part of the greatest rate is used when a part of the steps is done."""
    if done < _WARM_UP:
        return max(done, 1e-3) / _WARM_UP
    return (1 + math.cos(math.pi * (done - _WARM_UP) / (1 - _WARM_UP))) / 2


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else 0.0
