"""Reads the tensors of a torch weight file without torch, and without running anything that it holds.

Source: the two formats of `torch.save` (`torch/serialization.py`). That of torch 1.0 to 1.5: four pickles,
the last but one of which describes the tensors, then the names of the storages and their numbers. The newer
one: a zip archive of one such pickle, `data.pkl`, and a file for each storage, none of them compressed.
"""

import pickle
import struct
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import ModelError

_MAGIC = 0x1950A86A20F9469CFC6C
_FLOAT, _WHOLE = np.dtype("<f4"), np.dtype("<i8")


def read_state_dict(path: Path) -> dict[str, NDArray[np.float32]]:
    """Return the float32 tensors of a torch file by their names; whole numbers, which count, are left out.

    Raises:
        ModelError: it isn't such a file, or asks for anything but tensors of these two kinds.
    """
    try:
        with path.open("rb") as file:
            return _read_archive(file) if zipfile.is_zipfile(file) else _read(file)
    except (
        pickle.UnpicklingError, EOFError, ValueError, KeyError, IndexError, TypeError, AttributeError,
        struct.error, zipfile.BadZipFile,
    ) as exc:  # fmt: skip
        raise ModelError(
            "{name} doesn't hold tensors as expected.", "Install the program again.", name=path.name
        ) from exc


def _read(file: BinaryIO) -> dict[str, NDArray[np.float32]]:
    file.seek(0)
    if _Tensors(file).load() != _MAGIC:
        raise pickle.UnpicklingError("not a legacy torch file")
    for _ in range(2):  # version and byte order, which is little-endian wherever such files are made
        _Tensors(file).load()
    reader = _Tensors(file)
    described = reader.load()
    storages = {}
    for name in _Tensors(file).load():
        (count,) = struct.unpack("<q", file.read(8))
        kind = reader.kinds[name]
        storages[name] = np.frombuffer(file.read(kind.itemsize * count), kind, count)
    return _floats(described, storages)


def _read_archive(file: BinaryIO) -> dict[str, NDArray[np.float32]]:
    with zipfile.ZipFile(file) as archive:
        (described_in,) = (name for name in archive.namelist() if name.endswith("/data.pkl"))
        folder = described_in.removesuffix("data.pkl")
        if any(part.compress_type != zipfile.ZIP_STORED for part in archive.infolist()):
            raise ValueError("a compressed archive, which torch doesn't write")
        with archive.open(described_in) as described_file:
            reader = _Tensors(described_file)
            described = reader.load()
        storages = {
            name: np.frombuffer(archive.read(f"{folder}data/{name}"), kind)
            for name, kind in reader.kinds.items()
        }
    return _floats(described, storages)


def _floats(described: Any, storages: dict[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:  # noqa: ANN401
    return {
        name: _tensor(tensor, storages)
        for name, tensor in described.items()
        if storages[tensor[0]].dtype == _FLOAT
    }


def _tensor(described: Any, storages: dict[str, NDArray[Any]]) -> NDArray[np.float32]:  # noqa: ANN401
    name, offset, shape, strides = described
    values = storages[name]
    if offset + sum((size - 1) * step for size, step in zip(shape, strides, strict=True)) >= len(values):
        raise ValueError("a tensor reaches beyond its storage")
    bytes_each = tuple(4 * step for step in strides)
    return np.ascontiguousarray(np.lib.stride_tricks.as_strided(values[offset:], shape, bytes_each))


class _Tensors(pickle.Unpickler):
    """Knows the names that a file of float32 and int64 tensors needs, and refuses every other.

    Attributes:
        kinds: of the numbers of each storage, by its name.
    """

    def __init__(self, file: Any) -> None:  # noqa: ANN401
        super().__init__(file)
        self.kinds: dict[str, np.dtype[Any]] = {}

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401, D102
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch", "FloatStorage"): _FLOAT,
            ("torch", "LongStorage"): _WHOLE,
            ("torch._utils", "_rebuild_tensor_v2"): lambda storage, offset, shape, strides, *_: (
                storage, offset, shape, strides,
            ),
        }  # fmt: skip
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"the file asks for {module}.{name}")
        return known[module, name]

    def persistent_load(self, pid: Any) -> str:  # noqa: ANN401, D102
        _, kind, name, *_ = pid
        if kind not in (_FLOAT, _WHOLE):
            raise pickle.UnpicklingError("a storage of other numbers")
        self.kinds[str(name)] = kind
        return str(name)
