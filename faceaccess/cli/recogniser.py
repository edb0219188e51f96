"""A model with an empty gallery, for commands that look at photos of their own."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import say

if TYPE_CHECKING:
    from faceaccess.recognition.pipeline import Recogniser

Device = Annotated[str, typer.Option("--device", help="auto, cpu, cuda or mps.")]


def load_recogniser(device: str, model: str = "sface") -> "Recogniser":
    """Return a model, the built-in one unless another is named, with an empty gallery.

    Args:
        device: where it runs.
        model: its name, or the folder of one that was trained.
    """
    from pathlib import Path

    from faceaccess import paths
    from faceaccess.models.model_card import GRAPH, is_card_there, read_card
    from faceaccess.recognition.gallery import Gallery
    from faceaccess.recognition.pipeline import Recogniser
    from faceaccess.settings import Device as DeviceChoice
    from faceaccess.vision.detector import load_detector
    from faceaccess.vision.devices import pick_device
    from faceaccess.vision.embedder import DIMENSIONS, detector_of, load_embedder
    from faceaccess.vision.exports import Exports

    in_use = pick_device(DeviceChoice(device))
    if is_card_there(Path(model)):
        network = read_card(Path(model)).learned(Path(model) / GRAPH)
        detector = load_detector(network.detector, in_use, Exports(paths.cache_dir()), paths.models_dir())
        gallery = Gallery(network.model_id, network.dimension)
        return Recogniser(detector, network.load(), gallery, in_use)
    embedder = load_embedder(model, in_use, Exports(paths.cache_dir()), paths.models_dir())
    gallery = Gallery(embedder.model_id, DIMENSIONS[model])
    detector = load_detector(detector_of(model), in_use, Exports(paths.cache_dir()), paths.models_dir())
    return Recogniser(detector, embedder, gallery, in_use)


def show_progress(noun: str, *, every: int = 500) -> Callable[[int, int], None]:
    """Return a function that reports progress on standard error now and then."""

    def show(done: int, count: int) -> None:
        if done % every == 0 or done == count:
            say(f"{done} of {count} {noun}", err=True)

    return show
