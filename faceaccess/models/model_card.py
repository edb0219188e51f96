"""What a learned network is, what it was learned from and what it was worth: a JSON file beside its graph."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from faceaccess.errors import ModelError, Text
from faceaccess.foreign_files import read_text
from faceaccess.vision.detector import MTCNN, YUNET
from faceaccess.vision.download import disk_faults
from faceaccess.vision.learned_network import LearnedNetwork
from faceaccess.vision.runtime import OnnxNetwork

GRAPH, CARD = "model.onnx", "card.json"
_MOST_BYTES = 4 * 2**20
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, kw_only=True)
class ModelCard:
    """A learned network described.

    Attributes:
        name: short, of lower-case letters, digits and dashes.
        title: for people.
        sha256: hex digest of the graph.
        dimension: length of an embedding.
        crop_px: side of its crops.
        network: which architecture, or which model was adapted.
        parameters: how many numbers it has.
        data: hex digest of the crops it was learned from.
        people, photos: learned from.
        left_out: photos without a face, or that can't be read.
        held_out_people, held_out_photos: judged by, and not learned from.
        licence: of the photos, as whoever trained it gave it.
        made_with: program, torch and device.
        made_at: UTC, as ISO 8601 has it.
        arguments: of the training.
        curve: judgements on the way.
        figures: what the people held out say: name to mean, low and high end of the 95 % interval.
        detector: whose points its crops are cut by.
    """

    name: str
    title: str
    sha256: str
    dimension: int
    crop_px: int
    network: str
    parameters: int
    data: str
    people: int
    photos: int
    left_out: int
    held_out_people: int
    held_out_photos: int
    licence: str
    made_with: str
    made_at: str
    arguments: Mapping[str, Any]
    curve: list[Mapping[str, float]]
    figures: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    detector: str = YUNET

    def write(self, folder: Path) -> None:
        """Write the card beside its graph.

        Raises:
            ModelError: the disk is full or can't be written.
        """
        with disk_faults(folder / CARD):
            (folder / CARD).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    def learned(self, file: Path) -> LearnedNetwork:
        """Return the network, whose graph lies in a file."""
        return LearnedNetwork(self.name, file, self.sha256, self.dimension, self.crop_px, self.detector)


def read_card(folder: Path) -> ModelCard:
    """Return the card of a folder.

    Raises:
        ModelError: there is none, or it isn't one.
    """
    hint = Text("Give the folder that `faceaccess learn` wrote.")
    try:
        values = json.loads(read_text(folder / CARD, _MOST_BYTES))
        card = ModelCard(**values)
        is_sound = (
            _NAME.fullmatch(card.name) is not None
            and 1 <= int(card.dimension) <= 4096
            and 16 <= int(card.crop_px) <= 512
            and re.fullmatch("[0-9a-f]{64}", card.sha256) is not None
            and card.detector in (YUNET, MTCNN)
        )
    except OSError as exc:
        raise ModelError("{folder} holds no learned model.", hint, folder=folder) from exc
    except (ValueError, TypeError) as exc:
        raise ModelError("The card of {folder} is damaged.", hint, folder=folder) from exc
    if not is_sound:
        raise ModelError("The card of {folder} is damaged.", hint, folder=folder)
    return card


def is_card_there(folder: Path) -> bool:
    """Tell whether a folder looks like a learned model's."""
    return (folder / CARD).is_file()


def check_name(name: str) -> None:
    """Check the short name of a model.

    Raises:
        ModelError: it has other letters, or is too long.
    """
    if not _NAME.fullmatch(name):
        raise ModelError(
            "A model can't be named {name!r}.",
            "Use up to 40 lower-case letters, digits and dashes.",
            name=name,
        )


def check_network(network: LearnedNetwork) -> None:
    """Check that a graph takes and gives what it has to: two crops, and as many finite rows.

    Raises:
        ModelError: it does not.
    """
    crops = np.random.default_rng(0).uniform(0, 255, (2, 3, network.crop_px, network.crop_px))
    graph = network.graph()
    try:
        (embeddings,) = OnnxNetwork(graph).run(crops.astype(np.float32))
        is_sound = embeddings.shape == (2, network.dimension) and bool(np.isfinite(embeddings).all())
    except Exception as exc:  # noqa: BLE001 - ONNX Runtime raises many kinds for a foreign graph
        raise _unusable(network) from exc
    if not is_sound:
        raise _unusable(network)


def _unusable(network: LearnedNetwork) -> ModelError:
    return ModelError(
        "{file} is no network that can be used here.",
        "It has to turn crops of {px} pixels into {dimension} numbers each.",
        file=network.file.name,
        px=network.crop_px,
        dimension=network.dimension,
    )
