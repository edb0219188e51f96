"""Crops to embeddings: a network, the recipe around it, and the id of the two together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

from faceaccess.errors import ModelError
from faceaccess.vision.alignment import BoxAlignment, PointsAlignment
from faceaccess.vision.detector import MTCNN, YUNET
from faceaccess.vision.devices import DeviceInUse
from faceaccess.vision.exports import Exports
from faceaccess.vision.network_source import NetworkSource
from faceaccess.vision.runtime import Network, load_network
from faceaccess.vision.types import Detection, FloatArray, ImageArray
from faceaccess.vision.weights import expected_sha256, located

if TYPE_CHECKING:
    from torch import nn

BUILT_IN = "sface"
SFACE_MTCNN = "sface-mtcnn"
INCEPTION = "facenet-vggface2"
DLIB = "dlib-resnet"


class Alignment(Protocol):
    """Cuts the model input out of an image.

    Attributes:
        needs_box: whether a detection's landmarks alone aren't enough.
    """

    version: str
    crop_px: int
    needs_box: bool

    def align(self, image: ImageArray, detection: Detection) -> ImageArray:
        """Return the (crop_px, crop_px, 3) uint8 RGB crop of a detection."""


SHIFT, TURN_DEG, GROWTH = 1 / 30, 6.0, 0.07
VIEWS = (
    (-SHIFT, 0.0, -TURN_DEG, 1 - GROWTH),
    (SHIFT, 0.0, TURN_DEG, 1 + GROWTH),
    (0.0, -SHIFT, TURN_DEG, 1 - GROWTH),
    (0.0, SHIFT, -TURN_DEG, 1 + GROWTH),
)
"""Further views of a crop: move along x and y in sides of the crop, turn, scale. About as much as
alignment differs between two frames of one face. Source: `faceaccess evaluate pairs --recipes`."""


@dataclass(frozen=True)
class Recipe:
    """How many views of a crop are embedded and summed.

    1: the crop; 2: with its mirror image; 10: with VIEWS too, all mirrored. Part of the
    model_id: embeddings of different recipes are not compared. The default is the best row of
    `faceaccess evaluate pairs --recipes`.
    """

    template_views: int = 2
    probe_views: int = 1

    @property
    def code(self) -> str:
        """The recipe as it stands in a model_id: views of a t(emplate) and of a p(robe)."""
        return f"t{self.template_views}p{self.probe_views}"


ROWS_AT_ONCE = 1
"""Faces that SFace is given at a time on a CPU: of 4, each takes as long, and what lies between the layers
four times the memory (85 MB instead of 20); of 64, each takes half as long again."""

RECIPES = tuple(Recipe(templates, probes) for templates in (1, 2, 10) for probes in (1, 2))
"""All that are compared. Ten views of a probe would cost the door too much."""


class Embedder:
    """Turns crops into unit embeddings. May be used on several threads at once."""

    def __init__(
        self,
        network: Network,
        alignment: Alignment,
        *,
        model_id: str,
        offset: float = 0.0,
        scale: float = 1.0,
        recipe: Recipe | None = None,
    ) -> None:
        """Take the parts.

        Args:
            network: (N, 3, S, S) float32 to (N, D).
            alignment: makes the crops.
            model_id: network, weights, alignment and recipe.
            offset: taken off each pixel before the network.
            scale: by which the rest is multiplied.
            recipe: how many views of a crop are used.
        """
        self.model_id = model_id
        self.alignment = alignment
        self.recipe = recipe or Recipe()
        self._network, self._offset, self._scale = network, offset, scale

    def embed_templates(self, crops: ImageArray) -> FloatArray:
        """Return (N, D) float32, rows of unit norm, for enrolment. crops: (N, S, S, 3) uint8."""
        return self.embed_measured(crops)[0]

    def embed_measured(self, crops: ImageArray) -> tuple[FloatArray, FloatArray]:
        """Return what `embed_templates` does, and how clear each face is.

        Returns:
            (N, D) float32, rows of unit norm, and (N,) float32, `Quality.clarity` of the crops.
        """
        raw = [self._run(view) for view in self._checked_views(crops, self.recipe.template_views)]
        return _unit(_sum_of_units(raw)), np.linalg.norm(raw[0], axis=1)

    def embed_probes(self, crops: ImageArray) -> FloatArray:
        """Return (N, D) float32, rows of unit norm, for a search. crops: (N, S, S, 3) uint8."""
        return self._embed(crops, self.recipe.probe_views)

    def embed_once(self, crops: ImageArray) -> FloatArray:
        """Return (N, D) float32, rows of unit norm, by one pass over the crops as they are."""
        return self._embed(crops, 1)

    def _embed(self, crops: ImageArray, views: int) -> FloatArray:
        return _unit(_sum_of_units([self._run(view) for view in self._checked_views(crops, views)]))

    def _checked_views(self, crops: ImageArray, views: int) -> Iterator[ImageArray]:
        side = self.alignment.crop_px
        if crops.ndim != 4 or crops.shape[1:] != (side, side, 3):
            raise ValueError(f"crops: expected (N, {side}, {side}, 3), got {crops.shape}")
        return _views(crops, views)

    def _run(self, crops: ImageArray) -> FloatArray:
        planes = np.ascontiguousarray(crops.transpose(0, 3, 1, 2)).astype(np.float32)
        return self._network.run((planes - self._offset) * self._scale)[0]


def _views(crops: ImageArray, count: int) -> Iterator[ImageArray]:
    """Yield as many views of each crop, all of the crops' shape."""
    yield crops
    if count == 1:
        return
    yield crops[:, :, ::-1]
    if count == 2:
        return
    side = crops.shape[1]
    centre = ((side - 1) / 2, (side - 1) / 2)
    for x, y, turn, growth in VIEWS:
        warp = cv2.getRotationMatrix2D(centre, turn, growth)
        warp[:, 2] += (x * side, y * side)
        moved = np.stack(
            [cv2.warpAffine(crop, warp, (side, side), borderMode=cv2.BORDER_REFLECT_101) for crop in crops]
        )
        yield moved
        yield moved[:, :, ::-1]


def _sum_of_units(raw: Sequence[FloatArray]) -> FloatArray:
    return np.asarray(sum(_unit(row) for row in raw))


def _unit(embeddings: FloatArray) -> FloatArray:
    norms = np.linalg.norm(embeddings, axis=1, keepdims=True)
    if not np.isfinite(norms).all() or (norms == 0).any():
        raise ModelError("The network gave an embedding that is not a number.", "Choose another device.")
    return (embeddings / norms).astype(np.float32)


@dataclass(frozen=True)
class _Model:
    """The parts that belong to a model by its name.

    Attributes:
        dimension: length of an embedding.
        detector: whose boxes and points its crops are cut by.
        version: of its alignment.
    """

    dimension: int
    detector: str
    version: str


_MODELS = {
    BUILT_IN: _Model(128, YUNET, PointsAlignment(YUNET).version),
    SFACE_MTCNN: _Model(128, MTCNN, PointsAlignment(MTCNN).version),
    INCEPTION: _Model(512, MTCNN, BoxAlignment.version),
    DLIB: _Model(128, MTCNN, "mtcnn-dlib5-150b"),
}
DIMENSIONS = {name: model.dimension for name, model in _MODELS.items()}
"""Length of an embedding, by the names of all models that there are."""

CHOICES = (BUILT_IN, SFACE_MTCNN, INCEPTION)
"""The models that may decide at a door; the others are measured against."""


def detector_of(name: str) -> str:
    """Return the detector that a model is measured, and runs, with.

    Raises:
        ModelError: there is no such model.
    """
    return _model(name).detector


def weights_of(name: str) -> str:
    """Return the name of the weights of a model, which two may share."""
    return BUILT_IN if name == SFACE_MTCNN else name


def load_embedder(
    name: str, device: DeviceInUse, exports: Exports, models: Path, *, recipe: Recipe | None = None
) -> Embedder:
    """Load an embedder.

    Args:
        name: BUILT_IN or another of `DIMENSIONS`.
        device: where it runs.
        exports: keeps the graphs of networks, and checks them.
        models: folder of downloaded weights.
        recipe: for measurements; None takes the measured one.

    Raises:
        ModelError: there is no such model or its weights are missing or not the expected ones.
    """
    model = _model(name)
    alignment, source, offset, scale = _parts(name, model, models)
    recipe = recipe or _recipe(name)
    return Embedder(
        load_network(source, device, exports),
        alignment,
        model_id=_model_id(name, models, alignment.version, recipe),
        offset=offset,
        scale=scale,
        recipe=recipe,
    )


def graph_of(name: str, exports: Exports, models: Path) -> bytes | None:
    """Return the ONNX graph of a model whose crops are cut by points and go in as they are; None for others.

    Args:
        name: one of `CHOICES`.
        exports: keeps the graphs of networks, and checks them.
        models: folder of downloaded weights.

    Raises:
        ModelError: there is no such model, or its weights are missing.
    """
    alignment, source, offset, scale = _parts(name, _model(name), models)
    if not isinstance(alignment, PointsAlignment) or (offset, scale) != (0.0, 1.0):
        return None
    return exports.graph(source)


def model_id_of(name: str, models: Path) -> str:
    """Return the id of a model without loading it.

    Raises:
        ModelError: there is no such model or its weights are missing.
    """
    return _model_id(name, models, _model(name).version, _recipe(name))


def _model(name: str) -> _Model:
    if name not in _MODELS:
        raise ModelError("There is no model named {name!r}.", "See: faceaccess models list", name=name)
    return _MODELS[name]


def _recipe(name: str) -> Recipe:
    return Recipe(10, 2) if name == DLIB else Recipe()


def _parts(name: str, model: _Model, models: Path) -> tuple[Alignment, NetworkSource, float, float]:
    """Return alignment and network of a model, and what its pixels are less and times before it."""
    if name == DLIB:
        from faceaccess.vision.dlib_peer import ChipAlignment, dlib_network

        return ChipAlignment(), dlib_network(), 0.0, 1.0
    weights = partial(located, weights_of(name), models)
    if name == INCEPTION:
        return BoxAlignment(), _inception_network(weights), 127.5, 1 / 128
    return PointsAlignment(model.detector), _sface_network(weights), 0.0, 1.0


def _sface_network(weights: Callable[[], Path]) -> NetworkSource:
    def write(path: Path) -> None:
        from faceaccess.vision.networks import sface

        sface.write_onnx(weights(), path)

    def build() -> "nn.Module":
        from faceaccess.vision.networks import sface

        return sface.build_torch(weights())

    return NetworkSource(BUILT_IN, weights, write, build, rows_at_once=ROWS_AT_ONCE)


def _model_id(name: str, models: Path, version: str, recipe: Recipe) -> str:
    if name == DLIB:
        from faceaccess.vision.dlib_peer import DLIB_SHA256 as digest  # noqa: N811
    else:
        digest = expected_sha256(weights_of(name), models)
    return f"{name}:{digest[:8]}:{version}:{recipe.code}"


def _inception_network(weights: Callable[[], Path]) -> NetworkSource:
    def write(path: Path) -> None:
        from faceaccess.vision.networks import inception_resnet_v1

        inception_resnet_v1.write_onnx(weights(), path)

    def build() -> "nn.Module":
        from faceaccess.vision.networks import inception_resnet_v1

        return inception_resnet_v1.build_torch(weights())

    return NetworkSource(INCEPTION, weights, write, build)
