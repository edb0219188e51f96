"""YuNet, a small face detector: opencv_zoo's file, repaired into a graph that takes pictures of any size.

Source: Wu, Peng and Yu 2023, "YuNet: A Tiny Millisecond-level Face Detector"; opencv_zoo
`models/face_detection_yunet/face_detection_yunet_2023mar_int8bq.onnx` (MIT).
"""

from collections.abc import Mapping
from pathlib import Path

import onnx
from onnx import numpy_helper

from faceaccess.errors import ModelError
from faceaccess.vision.networks.graph import FloatArray, plain_weights


def write_onnx(weights: Path, path: Path) -> None:
    """Write the network: (1, 3, H, W) float32 BGR 0 to 255 to `vision.yunet.OUTPUTS`; multiples of 32 a side.

    Its weights, int8 in blocks, are worked out, since ONNX Runtime would do so at each run.

    Raises:
        ModelError: the file isn't YuNet as expected.
    """
    onnx.save(read(weights), str(path))


def read(weights: Path) -> onnx.ModelProto:
    """Return the repaired graph.

    Raises:
        ModelError: the file isn't YuNet as expected.
    """
    try:
        model = onnx.load(str(weights))
        _repair(model.graph, plain_weights(model))
        onnx.checker.check_model(model)
    except (OSError, ValueError, KeyError, IndexError, onnx.checker.ValidationError) as exc:
        raise ModelError(
            "{name} isn't YuNet as expected.", "Install the program again.", name=weights.name
        ) from exc
    return model


def _repair(graph: onnx.GraphProto, values: Mapping[str, FloatArray]) -> None:
    nodes = [node for node in graph.node if node.output[0] not in values]
    read = {name for node in nodes for name in node.input}
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(nodes)
    needed = sorted(read & values.keys())
    graph.initializer.extend(numpy_helper.from_array(values[name], name) for name in needed)
    (image,) = graph.input
    for axis, name in ((2, "height"), (3, "width")):
        image.type.tensor_type.shape.dim[axis].dim_param = name
    for output in graph.output:
        output.type.tensor_type.shape.dim[1].dim_param = f"cells_{output.name}"
