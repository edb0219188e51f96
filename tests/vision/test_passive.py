"""What the liveness networks are shown of a frame, and what is made of their answers."""

import subprocess
import sys

import numpy as np
import pytest

from faceaccess.errors import ModelError
from faceaccess.vision.exports import Exports
from faceaccess.vision.liveness.passive import PassiveNetworks, load_passive, surroundings
from tests.builders import make_detection
from tests.fakes import ON_CPU


class Answering:
    """Gives the same answer to everything, and remembers what it saw."""

    def __init__(self, live):
        self.live, self.seen = live, []

    def run(self, batch):
        self.seen.append(batch)
        return (np.array([[0.1, self.live, 0.9 - self.live]], np.float32),)


def places(width=400, height=300):
    """A picture whose red and green say where a pixel is."""
    y, x = np.mgrid[:height, :width]
    return np.dstack([x * 255 // width, y * 255 // height, np.full_like(x, 200)]).astype(np.uint8)


def limits(crop, width=400, height=300):
    """Left, top, right and bottom of what a crop of that picture shows, pixels."""
    red, green = crop[..., 0] / 255 * width, crop[..., 1] / 255 * height
    return [red.min(), green.min(), red.max(), green.max()]


def test_a_crop_is_so_many_times_as_large_as_the_box_and_about_its_middle():
    crop = surroundings(places(), make_detection(170, 120, 60), 2.7)
    assert crop.shape == (80, 80, 3)
    assert limits(crop) == pytest.approx([119, 69, 281, 231], abs=4)


@pytest.mark.parametrize(
    ("x", "y", "shown"),
    [(0, 0, [0, 0, 240, 240]), (340, 240, [160, 60, 400, 300]), (-30, 120, [0, 30, 240, 270])],
)
def test_a_crop_that_reaches_over_an_edge_is_moved_inside(x, y, shown):
    assert limits(surroundings(places(), make_detection(x, y, 60), 4.0)) == pytest.approx(shown, abs=5)


@pytest.mark.parametrize("side", [100, 400, 900])
def test_a_crop_is_as_large_as_the_picture_allows(side):
    detection = make_detection(200 - side / 2, 150 - side / 2, side)
    assert limits(surroundings(places(), detection, 4.0)) == pytest.approx([50, 0, 350, 300], abs=5)


def test_a_box_without_a_size_is_cut_out_too():
    assert surroundings(places(), make_detection(399.9, 299.9, 0), 2.7).shape == (80, 80, 3)


def test_the_score_is_the_mean_of_the_live_class_and_planes_are_blue_first():
    near, far = Answering(0.2), Answering(0.7)
    image = np.full((300, 400, 3), (10, 20, 30), np.uint8)
    score = PassiveNetworks([(near, 2.7), (far, 4.0)]).score(image, make_detection(100, 100, 60))
    assert score == pytest.approx(0.45)
    for network in (near, far):
        (batch,) = network.seen
        assert batch.shape == (1, 3, 80, 80)
        assert batch.dtype == np.float32
        assert batch[0, :, 40, 40].tolist() == [30, 20, 10]


def test_where_the_weights_are_missing_it_is_said_how_to_get_them(tmp_path):
    with pytest.raises(ModelError, match="minifasnet isn't installed") as refused:
        load_passive(ON_CPU, Exports(tmp_path / "cache"), tmp_path)
    assert "faceaccess models fetch minifasnet" in str(refused.value.hint)
    assert not (tmp_path / "cache").exists()


def test_naming_the_networks_loads_no_runtime():
    code = (
        "import sys, faceaccess.vision.liveness.passive;"
        "assert not {'onnxruntime', 'onnx', 'torch'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
