"""SFace in int8 beside float32: the time of a face, how far embeddings move, and who is missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from faceaccess import paths
from faceaccess.lab.int8.network import FaceTime, face_times, quantised, session
from faceaccess.lab.measures.identification import (
    FPIR_TARGETS,
    Identified,
    OpenSet,
    fnir_difference,
    identify_draws,
    mean_rate,
)
from faceaccess.recognition.intervals import Rate
from faceaccess.vision.embedder import BUILT_IN, Embedder, graph_of
from faceaccess.vision.exports import Exports
from faceaccess.vision.runtime import OnnxNetwork
from faceaccess.vision.types import ImageArray
from faceaccess.vision.weights import located

_SAMPLE = 300


@dataclass(frozen=True)
class MissedRow:
    """FNIR at an FPIR, by both networks, and how much greater int8's is."""

    fpir: float
    float32: Rate
    int8: Rate
    difference: Rate


@dataclass(frozen=True)
class Int8Comparison:
    """What int8 saves and costs.

    Attributes:
        times: by network and number of threads.
        moved_median, moved_p95: squared L2 between the two embeddings of a face; 1 in 20 is above the latter.
        rows: for each of `FPIR_TARGETS`.
    """

    times: Mapping[str, Sequence[FaceTime]]
    moved_median: float
    moved_p95: float
    rows: Sequence[MissedRow]


def compare(
    embedder: Embedder,
    calibration: ImageArray,
    crops: Mapping[Path, ImageArray],
    splits: Sequence[OpenSet],
) -> Int8Comparison:
    """Quantise SFace and measure both on the same draws.

    Args:
        embedder: in float32.
        calibration: (N, 112, 112, 3) uint8 RGB crops of other people, by which scales are set.
        crops: of all photos of the draws.
        splits: the draws.

    Raises:
        ModelError: the weights are missing.
    """
    models = paths.models_dir()
    own = graph_of(BUILT_IN, Exports(paths.cache_dir()), models)
    assert own is not None
    small = quantised(located(BUILT_IN, models), calibration)
    other = Embedder(OnnxNetwork(small), embedder.alignment, model_id="int8")
    sample = np.stack(list(crops.values())[:_SAMPLE])
    networks = {
        "float32": session(own),
        "float32, two threads": session(own, threads=2),
        "int8": session(small),
    }
    moved = ((embedder.embed_once(sample) - other.embed_once(sample)) ** 2).sum(axis=1)
    median, farther = np.quantile(moved, (0.5, 0.95))
    rows = _rows(*(identify_draws(network, crops, splits) for network in (embedder, other)))
    return Int8Comparison(face_times(networks, sample), float(median), float(farther), rows)


def _rows(own: Sequence[Identified], other: Sequence[Identified]) -> list[MissedRow]:
    return [
        MissedRow(
            fpir,
            mean_rate(own, [draw.missed_at(fpir) for draw in own]),
            mean_rate(other, [draw.missed_at(fpir) for draw in other]),
            fnir_difference(other, own, fpir),
        )
        for fpir in FPIR_TARGETS
    ]
