"""The commands of this room are run as all others, and on painted people: one colour is one person."""

import cv2
import numpy as np
import pytest

from faceaccess.lab.evaluations import photo_model
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.vision import embedder
from faceaccess.vision.embedder import Recipe
from tests.cli.conftest import *  # noqa: F403
from tests.fakes import ON_CPU, FakeDetector, FakeEmbedder


class Named(FakeEmbedder):
    recipe = Recipe()

    def __init__(self, name):
        super().__init__()
        self.model_id = f"{name}:1"


class BlindTo(FakeDetector):
    """Finds no face in a picture of a colour."""

    def __init__(self, value):
        super().__init__()
        self._value = value

    def detect(self, image, *, smallest_face_px=None):
        return [] if image[0, 0, 0] == self._value else super().detect(image)


@pytest.fixture
def painted_model(monkeypatch):
    """Any model's name is one that sees colours; the model "blind" doesn't see one of them."""

    def load(device, model="sface"):
        detector = BlindTo(30 if model == "blind" else -1)
        return Recogniser(detector, Named(model), Gallery(f"{model}:1", 8), ON_CPU)

    monkeypatch.setattr(photo_model, "load_recogniser", load)
    monkeypatch.setattr(embedder, "model_id_of", lambda name, _folder: f"{name}:1")
    return load


@pytest.fixture
def painted(tmp_path, painted_model):
    """Twenty people of three photos in a folder."""
    for number in range(20):
        folder = tmp_path / "photos" / f"person{number}"
        folder.mkdir(parents=True)
        for place in range(3):
            cv2.imwrite(str(folder / f"{place}.png"), np.full((100, 100, 3), 10 * number, np.uint8))
    return tmp_path / "photos"
