"""Tables like the paper's, of small networks on labelled photos: methods compared, not records."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

from faceaccess.lab.learning.runs import VARIANTS, Run
from faceaccess.learning.judging import HeldOut, Judgement, pairs_of
from faceaccess.learning.networks.catalogue import build
from faceaccess.learning.photos import LabelledCrops
from faceaccess.learning.training import as_input, embed
from faceaccess.vision.types import FloatArray, ImageArray

SIDES_PX = (8, 12, 16, 24, 32, 48, 64)
QUALITIES = (5, 10, 20, 30, 50, 70, 90)

_CPU = torch.device("cpu")
_AT_ONCE = 256


@dataclass(frozen=True)
class ReportRow:
    """A row of a table: what each seed gave.

    Attributes:
        table, name: where it stands.
        auc, val, val_2: of each seed: AUC, VAL at FAR 1e-1 and 1e-2.
        apart: mean squared L2 between photos of different people: 0 where a network has collapsed.
        note: for people.
    """

    table: str
    name: str
    auc: tuple[float, ...]
    val: tuple[float, ...]
    val_2: tuple[float, ...]
    apart: tuple[float, ...]
    note: str = ""


class LearningReport:
    """Reads the runs that are done and works out the rows."""

    def __init__(self, runs: Sequence[Run], held_out: LabelledCrops) -> None:
        """Take the runs, done or not, and who is judged by."""
        self._held_out = held_out
        self._judge = HeldOut(held_out.labels, resamples=0)
        self._embedded: dict[Path, FloatArray] = {}
        self._done = {run.folder.name: run for run in runs if run.result is not None}
        self.seeds = sorted({run.seed for run in runs})
        self.open = [run.folder.name for run in runs if run.result is None]

    def rows(self) -> Iterator[ReportRow]:
        """Yield the rows of all tables, those without a run that is done left out."""
        yield from self._trained()
        baselines = self._of("baseline")
        if baselines:
            yield from self._before(baselines)
            yield from self._pictures(baselines)
            yield from self._layers(baselines)
        yield from self._compatible()

    def _of(self, key: str) -> list[Run]:
        names = (f"{key}-{seed}" for seed in self.seeds)
        return [self._done[name] for name in names if name in self._done]

    def _trained(self) -> Iterator[ReportRow]:
        for variant in VARIANTS:
            runs = self._of(variant.key)
            if variant.follows or not runs:
                continue
            results = [result for run in runs if (result := run.result)]
            active = np.mean([result["active"] for result in results])
            note = f"{active:.0%} active" if variant.table in ("mining", "margin") else ""
            if variant.table == "data":
                note = f"{results[0]['people']} people, {results[0]['photos']} photos"
            yield self._row(variant.table, variant.row, [self._embeddings(run) for run in runs], note)

    def _before(self, runs: Sequence[Run]) -> Iterator[ReportRow]:
        networks = (build(run.plan.network, dimension=run.plan.dimension, seed=run.seed) for run in runs)
        rows = [embed(network, self._held_out.crops, _CPU) for network in networks]
        yield self._row("mining", "untrained", rows)

    def _pictures(self, runs: Sequence[Run]) -> Iterator[ReportRow]:
        """Yield what fewer pixels and JPEG do to photos at test time."""
        networks = [run.network() for run in runs]
        changes: dict[tuple[str, str], Callable[[ImageArray], ImageArray]] = {
            ("pixels", f"{side * side} ({side} x {side})"): lambda crop, side=side: _fewer_pixels(crop, side)  # type: ignore[misc]
            for side in SIDES_PX
        }
        changes |= {
            ("jpeg", str(quality)): lambda crop, quality=quality: _as_jpeg(crop, quality)  # type: ignore[misc]
            for quality in QUALITIES
        }
        for (table, name), change in changes.items():
            crops = np.stack([change(crop) for crop in self._held_out.crops])
            yield self._row(table, name, [embed(network, crops, _CPU) for network in networks])

    def _layers(self, baselines: Sequence[Run]) -> Iterator[ReportRow]:
        """Yield what the layers below an embedding are worth: bottleneck features."""
        softmax = self._of("loss-softmax")
        for name, runs in (("triplet", baselines), ("softmax", softmax)):
            if not runs:
                continue
            last = "its embedding" if name == "triplet" else "its bottleneck, normalised"
            yield self._row("features", f"{name}: {last}", [self._embeddings(run) for run in runs])
            below = [_below(run.network(), self._held_out.crops) for run in runs]
            note = f"{below[0].shape[1]} numbers"
            yield self._row("features", f"{name}: the layer below, normalised", below, note)

    def _compatible(self) -> Iterator[ReportRow]:
        """Yield new probes against old templates, by a network trained to that and by one that was not."""
        for variant in VARIANTS:
            runs = self._of(variant.key) if variant.follows else []
            seeds = [run.seed for run in runs]
            keys = (f"data-{variant.follows}".replace(" ", "-"), "baseline", variant.key)
            names = [f"{key}-{seed}" for key in keys for seed in seeds]
            if not runs or any(name not in self._done for name in names):
                continue
            old, plain, new = (
                [self._embeddings(self._done[f"{key}-{seed}"]) for seed in seeds] for key in keys
            )
            for name, probes, templates in (
                (f"old-old: {variant.follows} of the people", old, None),
                ("new-new: all, trained without the old", plain, None),
                ("new-new: all, harmonic", new, None),
                ("old-new: trained without the old", plain, old),
                ("old-new: harmonic", new, old),
            ):
                judged = [
                    self._judge.judge(row, None if templates is None else templates[at])
                    for at, row in enumerate(probes)
                ]
                yield _row(variant.key, name, judged, [0.0] * len(judged))

    def _row(self, table: str, name: str, rows: Sequence[FloatArray], note: str = "") -> ReportRow:
        judged = [self._judge.judge(row) for row in rows]
        apart = [float(pairs_of(row, self._held_out.labels).non_mated.mean()) for row in rows]
        return _row(table, name, judged, apart, note)

    def _embeddings(self, run: Run) -> FloatArray:
        if run.folder not in self._embedded:
            self._embedded[run.folder] = embed(run.network(), self._held_out.crops, _CPU)
        return self._embedded[run.folder]


def _row(
    table: str, name: str, judged: Sequence[Judgement], apart: Sequence[float], note: str = ""
) -> ReportRow:
    return ReportRow(
        table,
        name,
        tuple(judgement.auc.mean for judgement in judged),
        tuple(judgement.val[1e-1].mean for judgement in judged),
        tuple(judgement.val[1e-2].mean for judgement in judged),
        tuple(apart),
        note,
    )


def _fewer_pixels(crop: ImageArray, side: int) -> ImageArray:
    small = cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, crop.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def _as_jpeg(crop: ImageArray, quality: int) -> ImageArray:
    _, jpeg = cv2.imencode(".jpg", crop[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR))[:, :, ::-1]


def _below(network: nn.Module, crops: ImageArray) -> FloatArray:
    """Return the unit features that go into a network's last layer."""
    layers = network.get_submodule("layers")
    assert isinstance(layers, nn.Sequential)
    stored: list[FloatArray] = []
    hook = layers[-1].register_forward_pre_hook(lambda _layer, inputs: stored.append(inputs[0].numpy()))
    with torch.inference_mode():
        for start in range(0, len(crops), _AT_ONCE):
            network(as_input(crops[start : start + _AT_ONCE]))
    hook.remove()
    rows = np.concatenate(stored)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


def spread(values: Sequence[float]) -> str:
    """Return the mean of some seeds and their standard deviation, as text."""
    mean = np.mean(values)
    return f"{mean:.3f} ± {np.std(values, ddof=1):.3f}" if len(values) > 1 else f"{mean:.3f}"


def kept_gains(rows: Sequence[ReportRow]) -> tuple[float, float]:
    """Return which part of new-new's gain over old-old is kept when new probes meet old templates.

    In VAL at FAR 0.1, mean of the seeds: of the gain of the network trained without the old one, and of
    that trained with it.

    Args:
        rows: of one old network, as `LearningReport` gives them.
    """
    old, plain, new, _, mixed = (float(np.mean(row.val)) for row in rows)
    return (mixed - old) / (plain - old), (mixed - old) / (new - old)
