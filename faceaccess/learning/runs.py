"""A whole training: from a folder of photos to a graph and its card, taken up again where it was stopped."""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch

from faceaccess import __version__
from faceaccess.errors import ModelError
from faceaccess.learning.judging import FARS, Judgement
from faceaccess.learning.networks.catalogue import FaceNetwork, build, find_architecture
from faceaccess.learning.networks.export import write_onnx
from faceaccess.learning.photos import LabelledCrops, Progress, photos_of, read_crops, split
from faceaccess.learning.training import Point, Training, TrainingPlan, embed
from faceaccess.models.model_card import CARD, GRAPH, ModelCard, check_name
from faceaccess.recognition.intervals import Resampled
from faceaccess.vision.alignment import PointsAlignment
from faceaccess.vision.detector import YUNET, Detector
from faceaccess.vision.download import disk_faults
from faceaccess.vision.embedder import Embedder
from faceaccess.vision.network_source import file_sha256
from faceaccess.vision.runtime import OnnxNetwork

_CROPS = "crops.npz"
_JUDGED_PHOTOS = 5
"""Of each person held out at most, so that nobody with many decides."""
_SAME = 1e-4
"""By how much a number of the graph may differ from the network's."""

Photos = Mapping[str, Sequence[Path]]


@dataclass(frozen=True)
class Source:
    """What is learned from, and what is said about it.

    Attributes:
        photos: a folder with a sub-folder of photos for each person.
        name, title, licence: as the card has them.
        held_out_one_in: one person in so many is not learned from.
        most_photos: of one person; 0: all.
    """

    photos: Path
    name: str
    title: str
    licence: str
    held_out_one_in: int = 4
    most_photos: int = 0


def train(
    plan: TrainingPlan,
    source: Source,
    folder: Path,
    *,
    detector: Detector,
    former: Embedder | None = None,
    device: str = "cpu",
    on_photos: Progress = lambda _done, _all: None,
    on_point: Callable[[Point], None] = lambda _point: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ModelCard:
    """Train a network and write graph and card.

    Args:
        plan: of the training.
        source: of the photos.
        folder: where graph, card and, until it is done, crops and checkpoint lie.
        detector: finds the faces.
        former: the network to be compatible with.
        device: torch's name.
        on_photos: told how many photos were looked at.
        on_point: told each judgement.
        is_cancelled: asked before each photo and step.

    Raises:
        ModelError: too few people or photos, a full disk, a loss that is no number, a finished folder.
        Cancelled: it was stopped; the same call goes on.
    """
    check_name(source.name)
    find_architecture(plan.network)
    if (folder / CARD).exists():
        raise ModelError(
            "{folder} holds a finished model.", "Choose another folder, or delete this one.", folder=folder
        )
    photos = photos_of(source.photos)
    if source.most_photos:
        photos = {name: files[: source.most_photos] for name, files in photos.items()}
    crops = kept_crops(folder, photos, detector, plan.network, progress=on_photos, is_cancelled=is_cancelled)
    learnt, held_out = split(crops, source.held_out_one_in)
    held_out = held_out.limited(_JUDGED_PHOTOS)
    training = Training(
        plan,
        learnt,
        held_out,
        folder,
        build=lambda name, dimension, seed: build(name, dimension=dimension, seed=seed),
        former=None if former is None else _former(former, photos, learnt, crops, detector, is_cancelled),
        device=device,
    )
    untrained = training.judgement()
    trained = training.run(on_point=on_point, is_cancelled=is_cancelled)
    judged = training.judgement()
    _write_graph(trained.network, held_out, folder / GRAPH, device)
    card = ModelCard(
        name=source.name,
        title=source.title,
        sha256=file_sha256(folder / GRAPH),
        dimension=plan.dimension,
        crop_px=crops.crops.shape[1],
        network=plan.network,
        parameters=sum(parameter.numel() for parameter in trained.network.parameters()),
        data=learnt.digest,
        people=learnt.people,
        photos=len(learnt.labels),
        left_out=crops.left_out,
        held_out_people=held_out.people,
        held_out_photos=len(held_out.labels),
        licence=source.licence,
        made_with=f"FaceAccess {__version__}, torch {version('torch')}, {device}",
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        arguments={
            **asdict(plan),
            "held_out_one_in": source.held_out_one_in,
            "is_plateau": trained.is_plateau,
        },
        curve=[asdict(point) for point in trained.points],
        figures=figures(judged, untrained),
    )
    card.write(folder)
    for leftover in (_CROPS, "checkpoint.pt"):
        (folder / leftover).unlink(missing_ok=True)
    return card


def figures(judged: Judgement, before: Judgement) -> dict[str, tuple[float, float, float]]:
    """Return AUC and VAL of people held out, those before, and the gain, each with its 95 % interval."""
    rates: dict[str, Resampled] = {"auc": judged.auc, "auc before": before.auc}
    for far in FARS:
        rates[f"val at far {far:g}"] = judged.val[far]
        rates[f"val at far {far:g} before"] = before.val[far]
    told = {name: value.rate for name, value in rates.items()}
    told["auc gain"] = judged.gain_over(before)
    for far in FARS:
        told[f"val at far {far:g} gain"] = judged.gain_over(before, far)
    return {name: (rate.mean, rate.low, rate.high) for name, rate in told.items()}


def kept_crops(
    folder: Path,
    photos: Photos,
    detector: Detector,
    network: str,
    *,
    progress: Progress = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> LabelledCrops:
    """Return the crops of photos for a network, from the folder where an earlier try left them.

    Args:
        folder: where they are kept.
        photos: of each person.
        detector: finds the faces.
        network: its name.
        progress: told how many photos were looked at.
        is_cancelled: asked before each.

    Raises:
        ModelError: no photo shows a face, or the folder can't be written.
        Cancelled: it was stopped.
    """
    alignment = PointsAlignment(YUNET, find_architecture(network).crop_px)
    key, path = _key(photos, alignment), folder / _CROPS
    if path.is_file():
        try:
            with np.load(path) as stored:
                if str(stored["key"]) == key:
                    return LabelledCrops(
                        stored["crops"],
                        stored["labels"],
                        tuple(map(str, stored["names"])),
                        int(stored["left_out"]),
                    )
        except (OSError, ValueError, KeyError):
            path.unlink(missing_ok=True)
    crops = read_crops(photos, detector, alignment, progress=progress, is_cancelled=is_cancelled)
    partial = folder / f"{_CROPS}.part"
    with disk_faults(path):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("wb") as file:
                np.savez(
                    file,
                    key=np.array(key),
                    crops=crops.crops,
                    labels=crops.labels,
                    names=np.array(crops.names),
                    left_out=np.array(crops.left_out),
                )
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    return crops


def _key(photos: Photos, alignment: PointsAlignment) -> str:
    """Return a digest of which files there are, how long, and from when."""
    digest = hashlib.sha256(alignment.version.encode())
    for name, files in photos.items():
        for path in files:
            stat = path.stat()
            digest.update(f"{name}/{path.name}/{stat.st_size}/{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _former(
    former: Embedder,
    photos: Photos,
    learnt: LabelledCrops,
    crops: LabelledCrops,
    detector: Detector,
    is_cancelled: Callable[[], bool],
) -> np.ndarray:
    """Return (N, D) embeddings of what is learned from by the former network."""
    alignment = former.alignment
    if not isinstance(alignment, PointsAlignment):
        raise ModelError(
            "A network can't be made compatible with {model_id}: it cuts faces otherwise.",
            model_id=former.model_id,
        )
    theirs = crops
    if alignment.crop_px != crops.crops.shape[1]:
        theirs = read_crops(photos, detector, alignment, is_cancelled=is_cancelled)
    rows = np.isin(theirs.labels, np.unique(learnt.labels))
    return former.embed_once(theirs.crops[rows])


def _write_graph(network: torch.nn.Module, held_out: LabelledCrops, path: Path, device: str) -> None:
    """Write the graph, and check that it gives what the network gives."""
    assert isinstance(network, FaceNetwork)
    with disk_faults(path):
        write_onnx(network, path)
        graph = path.read_bytes()
    crops = held_out.crops[:8]
    planes = np.ascontiguousarray(crops.transpose(0, 3, 1, 2)).astype(np.float32)
    (from_graph,) = OnnxNetwork(graph).run(planes)
    gap = float(np.abs(from_graph - embed(network, crops, torch.device(device))).max())
    if gap > _SAME:
        raise ModelError("The graph differs from the network by {gap:.1e}, so it wasn't added.", gap=gap)
