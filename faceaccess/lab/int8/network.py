"""SFace computed in numbers of a byte, and the time of a face: to measure against, it decides nowhere."""

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from faceaccess.vision.networks import sface
from faceaccess.vision.networks.graph import GraphWriter
from faceaccess.vision.types import FloatArray, ImageArray

ROWS = (1, 2, 4)
_TURNS = 25


def planes_of(crops: ImageArray) -> FloatArray:
    """Return (N, 3, S, S) float32, the network's input. crops: (N, S, S, 3) uint8 RGB."""
    return np.ascontiguousarray(crops.transpose(0, 3, 1, 2)).astype(np.float32)


def write_in_full(weights: Path, path: Path) -> None:
    """Write SFace with weights in full and each PReLU behind its convolution.

    What our own graph folds into a convolution spreads its channels, of which int8 keeps one scale together:
    quantised so, embeddings move twice as far.

    Args:
        weights: the file.
        path: of the graph.

    Raises:
        ModelError: the weights aren't the expected ones.
    """
    network, graph = sface.read_weights(weights), GraphWriter("sface", sface.SIDE_PX)
    x = graph.node("Sub", "image", graph.constant(np.array([sface.MEAN], np.float32)))
    x = graph.node("Mul", x, graph.constant(np.array([sface.SCALE], np.float32)))
    for layer in network.layers:
        weight, bias = layer.weight.plain(), layer.bias.astype(np.float32)
        x = graph.convolution(x, weight, bias, stride=layer.stride, padding=layer.padding)
        x = graph.prelu(x, layer.slopes)
    cells = network.weight.shape[1] // len(network.scales)
    dense = (network.weight.plain() * np.repeat(network.scales, cells)).astype(np.float32)
    graph.dense(graph.node("Flatten", x), dense, network.bias, output="embedding")
    graph.save(path, {"embedding": ["n", sface.DIMENSION]})


class _Calibration:
    """Gives crops one by one, as `onnxruntime.quantization` asks for them."""

    def __init__(self, crops: ImageArray) -> None:
        self._crops = iter(crops)

    def get_next(self) -> dict[str, FloatArray] | None:
        crop = next(self._crops, None)
        return None if crop is None else {"image": planes_of(crop[None])}


def quantised(weights: Path, crops: ImageArray) -> bytes:
    """Return SFace's graph with its pointwise convolutions and dense layer computed in int8.

    These are nine tenths of its work. Depth-wise convolutions and PReLUs stay in float32: in int8 they cost
    accuracy and gain no time. Weights by channel, of seven bits: two products of eight overflow in AVX2.

    Args:
        weights: the file.
        crops: (N, S, S, 3) uint8 RGB, whose least and greatest values between layers set the scales.

    Raises:
        ModelError: the weights aren't the expected ones.
    """
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static

    with tempfile.TemporaryDirectory() as folder:
        full, small = Path(folder) / "full.onnx", Path(folder) / "small.onnx"
        write_in_full(weights, full)
        model = onnx.shape_inference.infer_shapes(onnx.load(str(full)))
        for number, node in enumerate(model.graph.node):
            node.name = f"{node.op_type}{number}"
        onnx.save(model, str(full))
        quantize_static(
            full, small, _Calibration(crops),
            quant_format=QuantFormat.QDQ, per_channel=True, reduce_range=True,
            activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax, nodes_to_quantize=_heavy(model),
        )  # fmt: skip
        return small.read_bytes()


def _heavy(model: onnx.ModelProto) -> list[str]:
    """Return the names of pointwise convolutions and of the dense layer."""
    sizes = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    return [
        node.name
        for node in model.graph.node
        if node.op_type == "Gemm"
        or (node.op_type == "Conv" and sizes[node.input[1]][1] > 3 and sizes[node.input[1]][2] == 1)
    ]


@dataclass(frozen=True)
class FaceTime:
    """The time of a face, so many given at once; medians.

    Attributes:
        rows: how many at once.
        wall_ms: until it is done.
        processor_ms: of all threads together.
    """

    rows: int
    wall_ms: float
    processor_ms: float


def session(graph: bytes, threads: int = 1) -> Callable[[FloatArray], object]:
    """Return a network on so many threads."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = threads, 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    network: Any = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    return lambda planes: network.run(None, {"image": planes})


def face_times(
    networks: Mapping[str, Callable[[FloatArray], object]], crops: ImageArray
) -> dict[str, Sequence[FaceTime]]:
    """Time networks in turns, so that noise meets all alike.

    Args:
        networks: by name; each takes (N, 3, S, S) float32.
        crops: (N, S, S, 3) uint8 RGB, of faces, since what is random flatters PReLU; at least four.
    """
    laps: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for turn in range(_TURNS):
        for rows in ROWS:
            first = turn * rows % (len(crops) - rows + 1)
            planes = planes_of(crops[first : first + rows])
            for name, run in networks.items():
                wall_s, processor_s = time.perf_counter(), time.process_time()
                run(planes)
                lap = time.perf_counter() - wall_s, time.process_time() - processor_s
                laps.setdefault((name, rows), []).append(lap)
    return {
        name: [FaceTime(rows, *_medians_ms(laps[name, rows], rows)) for rows in ROWS] for name in networks
    }


def _medians_ms(laps: Sequence[tuple[float, float]], rows: int) -> tuple[float, float]:
    walls, processors = zip(*laps, strict=True)
    return statistics.median(walls) * 1000 / rows, statistics.median(processors) * 1000 / rows
