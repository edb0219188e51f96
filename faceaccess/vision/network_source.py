"""How a network is made of its weights."""

import hashlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from faceaccess.errors import ModelError

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class NetworkSource:
    """How to make a network of its weights.

    Attributes:
        weights: returns the file that it is made of; asked only where the program doesn't carry the graph.
        write: writes the ONNX graph to a path.
        build: returns the torch module for a GPU; None for a network that runs on the CPU whatever
            the device, because it is tiny.
        written_by: what else the graph depends on: the version of the tool that writes it.
        rows_at_once: how many rows of a batch ONNX Runtime is given at a time; None: all.
        weights_sha256: hex digest that the weights must have; "" where whoever names the file checks it.
    """

    name: str
    weights: Callable[[], Path]
    write: Callable[[Path], None]
    build: "Callable[[], nn.Module] | None" = None
    written_by: str = "onnx"
    rows_at_once: int | None = None
    weights_sha256: str = ""

    def checked_sha256(self) -> str:
        """Return the hex SHA-256 of the weights.

        Raises:
            ModelError: they are missing or not the expected ones.
        """
        weights = self.weights()
        if not weights.is_file():
            raise ModelError(
                "The weights of {name} are missing: {weights}.",
                "Install the program again.",
                name=self.name,
                weights=weights,
            )
        digest = file_sha256(weights)
        if self.weights_sha256 and digest != self.weights_sha256:
            raise ModelError(
                "{weights} isn't the expected file.", "Install the program again.", weights=weights
            )
        return digest


def file_sha256(path: Path) -> str:
    """Return the hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def exported_by_torch(
    name: str,
    weights: Callable[[], Path],
    build: "Callable[[], nn.Module]",
    example: tuple[int, int, int, int],
    *,
    free_axes: tuple[int, ...] = (0,),
    outputs: tuple[str, ...] = ("embedding",),
    weights_sha256: str = "",
) -> NetworkSource:
    """Return the source of a network whose graph torch traces.

    Args:
        name: of the network.
        weights: returns the file that it is made of.
        build: returns the torch module.
        example: shape of an input, N first; axes in `free_axes` may change from call to call.
        free_axes: see there.
        outputs: names of the outputs.
        weights_sha256: as in the source.

    Raises:
        ModelError: torch isn't installed.
    """

    def write(path: Path) -> None:
        import torch

        with warnings.catch_warnings():
            # The tracing exporter warns that it is the older one; it needs no further package.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                build(),
                (torch.zeros(example),),
                str(path),
                input_names=["image"],
                output_names=list(outputs),
                dynamic_axes={"image": {axis: f"axis{axis}" for axis in free_axes}},
                opset_version=17,
                dynamo=False,
            )

    try:
        written_by = f"torch {version('torch')}"
    except PackageNotFoundError as exc:
        raise ModelError(
            "The network {name} needs torch.", "Install it: pip install torch.", name=name
        ) from exc
    return NetworkSource(name, weights, write, build, written_by, weights_sha256=weights_sha256)
