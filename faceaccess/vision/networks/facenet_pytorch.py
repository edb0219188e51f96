"""Imports facenet-pytorch where torch and torchvision don't fit together.

A CPU build of torch beside the registry's torchvision (built for CUDA) makes `import
torchvision` fail for want of its compiled operators. facenet-pytorch needs one of them, box
suppression, and nothing else of torchvision: it is given in its place.
"""

import importlib
import sys
from types import ModuleType
from typing import Any

import numpy as np
import torch


def import_facenet_pytorch() -> ModuleType:
    """Return the package facenet_pytorch."""
    try:
        return importlib.import_module("facenet_pytorch")
    except (RuntimeError, OSError):
        for name in [
            name for name in sys.modules if name.split(".")[0] in ("torchvision", "facenet_pytorch")
        ]:
            del sys.modules[name]
    stand_ins = {
        name: ModuleType(name)
        for name in (
            "torchvision",
            "torchvision.transforms",
            "torchvision.transforms.functional",
            "torchvision.ops",
            "torchvision.ops.boxes",
        )
    }
    for name, module in stand_ins.items():
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(stand_ins[parent], child, module)
    stand_ins["torchvision.ops.boxes"].batched_nms = _batched_nms  # type: ignore[attr-defined]
    sys.modules.update(stand_ins)
    try:
        return importlib.import_module("facenet_pytorch")
    finally:
        for name in stand_ins:
            del sys.modules[name]


def _batched_nms(
    boxes: torch.Tensor, scores: torch.Tensor, groups: torch.Tensor, iou_threshold: float
) -> torch.Tensor:
    """Return the kept rows, best first; boxes of different groups don't touch."""
    import cv2

    suppress: Any = cv2.dnn.NMSBoxes

    if not len(boxes):
        return torch.empty(0, dtype=torch.int64)
    corners = (boxes + (groups.to(boxes) * (boxes.max() + 1))[:, None]).numpy().astype(np.float64)
    sides = np.column_stack([corners[:, :2], corners[:, 2:] - corners[:, :2]])
    rows: Any = suppress(sides, scores.numpy().astype(np.float32), 0.0, iou_threshold)
    return torch.as_tensor(np.array(rows, dtype=np.int64).reshape(-1))
