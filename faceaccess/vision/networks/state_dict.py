"""Reads the tensors of a torch weight file without torch, and without running anything that it holds.

Source: the legacy format of `torch.save` (torch 1.0 to 1.5, `torch/serialization.py`): four pickles, the
last but one of which describes the tensors, then the names of the storages and their numbers.
"""

import pickle
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import ModelError

_MAGIC = 0x1950A86A20F9469CFC6C


def read_state_dict(path: Path) -> dict[str, NDArray[np.float32]]:
    """Return the tensors of a legacy torch file by their names.

    Raises:
        ModelError: it isn't such a file, or asks for anything but float32 tensors.
    """
    try:
        with path.open("rb") as file:
            return _read(file)
    except (pickle.UnpicklingError, EOFError, ValueError, KeyError, IndexError, struct.error) as exc:
        raise ModelError(
            "{name} doesn't hold tensors as expected.", "Install the program again.", name=path.name
        ) from exc


def _read(file: BinaryIO) -> dict[str, NDArray[np.float32]]:
    if _Tensors(file).load() != _MAGIC:
        raise pickle.UnpicklingError("not a legacy torch file")
    for _ in range(2):  # version and byte order, which is little-endian wherever such files are made
        _Tensors(file).load()
    described = _Tensors(file).load()
    storages = {name: _storage(file) for name in _Tensors(file).load()}
    return {name: _tensor(tensor, storages) for name, tensor in described.items()}


def _storage(file: BinaryIO) -> NDArray[np.float32]:
    (count,) = struct.unpack("<q", file.read(8))
    return np.frombuffer(file.read(4 * count), "<f4", count)


def _tensor(described: Any, storages: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:  # noqa: ANN401
    name, offset, shape, strides = described
    values = storages[name]
    if offset + sum((size - 1) * step for size, step in zip(shape, strides, strict=True)) >= len(values):
        raise ValueError("a tensor reaches beyond its storage")
    bytes_each = tuple(4 * step for step in strides)
    return np.ascontiguousarray(np.lib.stride_tricks.as_strided(values[offset:], shape, bytes_each))


class _Tensors(pickle.Unpickler):
    """Knows the three names that a file of float32 tensors needs, and refuses every other."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401, D102
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch", "FloatStorage"): "float32",
            ("torch._utils", "_rebuild_tensor_v2"): lambda storage, offset, shape, strides, *_: (
                storage, offset, shape, strides,
            ),
        }  # fmt: skip
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"the file asks for {module}.{name}")
        return known[module, name]

    def persistent_load(self, pid: Any) -> str:  # noqa: ANN401, D102
        _, kind, name, *_ = pid
        if kind != "float32":
            raise pickle.UnpicklingError("a storage of other numbers")
        return str(name)
