"""A network's graph with a head behind it: one ONNX file, which needs no torch."""

import numpy as np

from faceaccess.vision.types import FloatArray

_OUTPUT = "adapted"


def with_head(graph: bytes, head: FloatArray) -> bytes:
    """Return a graph whose embeddings are normalised and multiplied by a head.

    Args:
        graph: (N, 3, S, S) float32 to (N, D).
        head: (D, D) float32; an adapted embedding is W e.
    """
    # Not before it is needed: the window knows of adapting from its start.
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load_model_from_string(graph)
    (output,) = model.graph.output
    nodes = [
        helper.make_node("LpNormalization", [output.name], ["head_unit"], axis=1, p=2),
        helper.make_node("MatMul", ["head_unit", "head_weight"], [_OUTPUT]),
    ]
    model.graph.node.extend(nodes)
    weight = np.ascontiguousarray(head.T, np.float32)
    model.graph.initializer.append(numpy_helper.from_array(weight, "head_weight"))
    kind = onnx.TensorProto.FLOAT
    del model.graph.output[:]
    model.graph.output.append(helper.make_tensor_value_info(_OUTPUT, kind, ["n", head.shape[0]]))
    serialised: bytes = model.SerializeToString(deterministic=True)
    return serialised
