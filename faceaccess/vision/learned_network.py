"""A network that was trained or adapted, and not published: an ONNX file known by its digest."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from faceaccess.errors import ModelError
from faceaccess.foreign_files import read_bytes
from faceaccess.vision.alignment import PointsAlignment
from faceaccess.vision.embedder import ROWS_AT_ONCE, Embedder, Recipe
from faceaccess.vision.runtime import OnnxNetwork

GREATEST_BYTES = 700 * 2**20
"""Of a file: FaceNet's NN1, the largest that can be trained, has 560 MB."""


@dataclass(frozen=True)
class LearnedNetwork:
    """An ONNX graph: (N, 3, S, S) float32, RGB, 0 to 255, to (N, D).

    Runs on the CPU through ONNX Runtime, whatever the device: there is no torch module of it.

    Attributes:
        name: the model's short name.
        file: the graph.
        sha256: hex digest that the graph must have.
        dimension: D.
        crop_px: S.
        detector: whose points its crops are cut by.
    """

    name: str
    file: Path
    sha256: str
    dimension: int
    crop_px: int
    detector: str

    @property
    def alignment(self) -> PointsAlignment:
        """Cuts its crops."""
        return PointsAlignment(self.detector, self.crop_px)

    @property
    def model_id(self) -> str:
        """Network, alignment and recipe."""
        return f"{self.name}:{self.sha256[:8]}:{self.alignment.version}:{Recipe().code}"

    def graph(self) -> bytes:
        """Return the graph.

        Raises:
            ModelError: it is missing, or isn't the one that was learned.
        """
        try:
            data = read_bytes(self.file, GREATEST_BYTES)
        except OSError as exc:
            raise ModelError(
                "The network of {name} is missing: {file}.",
                "Add it again: faceaccess models add FOLDER",
                name=self.name,
                file=self.file,
            ) from exc
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise ModelError(
                "{file} isn't the network that was added as {name}.",
                "It was changed since. Add the right one again: faceaccess models add FOLDER",
                file=self.file,
                name=self.name,
            )
        return data

    def load(self) -> Embedder:
        """Return the embedder.

        Raises:
            ModelError: the graph is missing, or isn't the one that was learned.
        """
        return Embedder(
            OnnxNetwork(self.graph(), ROWS_AT_ONCE),
            self.alignment,
            model_id=self.model_id,
            recipe=Recipe(),
        )
