"""dlib's 128-D face network as a torch module, read from dlib's own weight file.

Source: dlib `examples/dnn_face_recognition_ex.cpp` (layers) and `dlib/dnn/layers.h`,
`dlib/serialize.h` (file format); weights by Davis King, CC0.
"""

import struct
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from faceaccess.errors import ModelError

RGB_MEAN = (122.782, 117.001, 104.298)
"""Mean colour taken off the input. Source: dlib `dlib/dnn/input.h`, input_rgb_image_sized."""

_WIDTHS = ((32, 3), (64, 4), (128, 3), (256, 3), (256, 1))


class _Reader:
    """Walks over a dlib weight file."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        self._at = 0

    def integer(self) -> int:
        control = self._data[self._at]
        size = control & 0x0F
        value = int.from_bytes(self._data[self._at + 1 : self._at + 1 + size], "little")
        self._at += 1 + size
        return -value if control & 0x80 else value

    def tensor(self) -> NDArray[np.float32]:
        version = self.integer()
        if version != 2:
            raise ModelError("The weight file holds a tensor of unknown version {version}.", version=version)
        count = int(np.prod([self.integer() for _ in range(4)]))
        values = np.frombuffer(self._data, "<f4", count, self._at)
        self._at += 4 * count
        return values

    def seek(self, layer: str) -> None:
        name = struct.pack("<BB", 1, len(layer)) + layer.encode()
        place = self._data.find(name, self._at)
        if place < 0:
            raise ModelError("The weight file has no layer {layer!r} where one is expected.", layer=layer)
        self._at = place + len(name)


def _convolution(reader: _Reader, stride: int, padding: int, inputs: int) -> nn.Conv2d:
    """Read a convolution and the affine layer behind it, folded into one."""
    reader.seek("con_4")
    params = reader.tensor()
    outputs, height, width = (reader.integer() for _ in range(3))
    reader.seek("affine_")
    gamma, beta = np.split(reader.tensor(), 2)
    filters, biases = params[:-outputs].reshape(outputs, inputs, height, width), params[-outputs:]
    layer = nn.Conv2d(inputs, outputs, (height, width), stride, padding)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(filters * gamma[:, None, None, None]))
        assert layer.bias is not None
        layer.bias.copy_(torch.from_numpy(biases * gamma + beta))
    return layer


class _Block(nn.Module):
    """A residual block; a halving one pools its skip path and pads what is smaller with zeros."""

    def __init__(self, reader: _Reader, inputs: int, outputs: int, *, halves: bool) -> None:
        super().__init__()
        self.halves = halves
        # The file stands in forward order: first the block's first convolution.
        self.first = _convolution(reader, 2 if halves else 1, 0 if halves else 1, inputs)
        outputs = self.first.out_channels
        self.second = _convolution(reader, 1, 1, outputs)

    def forward(self, image: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C', H', W')."""
        out = self.second(functional.relu(self.first(image)))
        skip = functional.avg_pool2d(image, 2, 2) if self.halves else image
        channels = max(out.shape[1], skip.shape[1])
        height, width = max(out.shape[2], skip.shape[2]), max(out.shape[3], skip.shape[3])
        return functional.relu(_padded(out, channels, height, width) + _padded(skip, channels, height, width))


def _padded(x: Tensor, channels: int, height: int, width: int) -> Tensor:
    lack = (0, width - x.shape[3], 0, height - x.shape[2], 0, channels - x.shape[1])
    return functional.pad(x, lack) if any(lack) else x


class DlibResNet(nn.Module):
    """dlib's face network: (N, 3, 150, 150) float32 RGB 0 to 255, to (N, 128) not normalised."""

    def __init__(self, weights: Path) -> None:
        """Read the network.

        Raises:
            ModelError: the file isn't the expected network.
        """
        super().__init__()
        reader = _Reader(weights)
        self.stem = _convolution(reader, 2, 0, 3)
        blocks, inputs = [], 32
        for level, (width, count) in enumerate(_WIDTHS):
            for number in range(count):
                halves = level > 0 and number == 0
                blocks.append(_Block(reader, inputs, width, halves=halves))
                inputs = width
        self.blocks = nn.Sequential(*blocks)
        reader.seek("fc_2")
        outputs, features = reader.integer(), reader.integer()
        self.head = nn.Linear(features, outputs, bias=False)
        with torch.no_grad():
            self.head.weight.copy_(torch.from_numpy(reader.tensor().reshape(features, outputs).T.copy()))
        self.register_buffer("mean", torch.tensor(RGB_MEAN).view(1, 3, 1, 1))

    def forward(self, image: Tensor) -> Tensor:
        """Return (N, 128) float32."""
        x = functional.relu(self.stem((image - self.mean) / 256.0))
        x = functional.max_pool2d(x, 3, 2)
        return self.head(self.blocks(x).mean((2, 3)))
