"""The networks side by side: what each costs, what the paper says, and how long one crop takes here."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from faceaccess import paths
from faceaccess.learning.networks.catalogue import NAMES, build, find_architecture, outline
from faceaccess.learning.networks.costs import count_flops, count_parameters
from faceaccess.learning.networks.export import write_onnx
from faceaccess.vision.network_source import exported_by_torch
from faceaccess.vision.networks import sface
from faceaccess.vision.networks.facenet_pytorch import import_facenet_pytorch
from faceaccess.vision.runtime import OnnxNetwork
from faceaccess.vision.weights import located

RUNS = 5
_PEER_SIDE_PX = 160
"""Of InceptionResnetV1's crops. Source: timesler/facenet-pytorch `README.md`."""


@dataclass(frozen=True)
class NetworkCost:
    """What a network costs.

    Attributes:
        height_px, width_px: of its crops.
        dimension: of its embeddings.
        parameters: numbers that it learns.
        flops: multiply-adds for one crop, as `count_flops` counts them.
        paper_parameters, paper_flops: what FaceNet's paper says of it; None where it says nothing.
        ms: for one crop, by ONNX Runtime on one thread of this CPU, the median of five; None: not measured.
        note: what of it is the paper's, and what is ours.
    """

    name: str
    height_px: int
    width_px: int
    dimension: int
    parameters: int
    flops: int
    paper_parameters: float | None
    paper_flops: float | None
    ms: float | None
    note: str


def compare(*, is_timed: bool) -> Iterator[NetworkCost]:
    """Yield the networks of the paper, SMALL, and two that others trained.

    Args:
        is_timed: whether to measure how long one crop takes, which writes and loads the graph of each.

    Raises:
        ModelError: the weights of the built-in network are missing.
    """
    for name in NAMES:
        yield _own_cost(name, is_timed=is_timed)
    yield _sface_cost(is_timed=is_timed)
    yield _inception_resnet_cost(is_timed=is_timed)


def median_ms(write: Callable[[Path], None], crop_px: int) -> float:
    """Return how many milliseconds a graph takes for one crop, on one thread, once it has warmed up.

    Args:
        write: writes the graph to a path.
        crop_px: side of the crop.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        write(path)
        network = OnnxNetwork(path.read_bytes())
    crop = np.random.default_rng(1).uniform(0, 255, (1, 3, crop_px, crop_px)).astype(np.float32)
    network.run(crop)
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        network.run(crop)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def _own_cost(name: str, *, is_timed: bool) -> NetworkCost:
    network, plan = outline(name), find_architecture(name)
    ms = None
    if is_timed:
        ms = median_ms(lambda path: write_onnx(build(name, seed=1), path), plan.crop_px)
    return NetworkCost(
        name,
        plan.height_px,
        plan.width_px,
        network.dimension,
        count_parameters(network),
        sum(count_flops(network, plan.height_px, plan.width_px).values()),
        plan.paper_parameters,
        plan.paper_flops,
        ms,
        plan.note,
    )


def _sface_cost(*, is_timed: bool) -> NetworkCost:
    weights = located("sface", paths.models_dir())
    return _peer_cost(
        "SFace",
        sface.build_torch(weights),
        sface.SIDE_PX,
        sface.DIMENSION,
        (lambda path: sface.write_onnx(weights, path)) if is_timed else None,
        "The built-in network, its batch norms folded in.",
    )


def _inception_resnet_cost(*, is_timed: bool) -> NetworkCost:
    with torch.random.fork_rng(devices=[]):
        network: nn.Module = import_facenet_pytorch().InceptionResnetV1().eval()
    example = (1, 3, _PEER_SIDE_PX, _PEER_SIDE_PX)
    return _peer_cost(
        "InceptionResnetV1",
        network,
        _PEER_SIDE_PX,
        512,
        exported_by_torch("InceptionResnetV1", Path, lambda: network, example).write if is_timed else None,
        "facenet-pytorch's, which gives 512 numbers, with random weights.",
    )


def _peer_cost(
    name: str,
    network: nn.Module,
    side_px: int,
    dimension: int,
    write: Callable[[Path], None] | None,
    note: str,
) -> NetworkCost:
    ms = None if write is None else median_ms(write, side_px)
    flops = sum(count_flops(network, side_px, side_px).values())
    parameters = count_parameters(network)
    return NetworkCost(name, side_px, side_px, dimension, parameters, flops, None, None, ms, note)
