"""MiniFASNet: graph and torch module of the same weights agree, and the published ones say what they said."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from faceaccess.errors import ModelError
from faceaccess.settings import Device
from faceaccess.vision import weights
from faceaccess.vision.devices import pick_device
from faceaccess.vision.exports import Exports
from faceaccess.vision.liveness.passive import CROPS, load_passive
from faceaccess.vision.networks import minifasnet, minifasnet_graphs
from faceaccess.vision.runtime import OnnxNetwork
from tests.builders import make_detection

pytestmark = pytest.mark.models

PUBLISHED = {
    "minifasnet-v2": [0.545954, 0.775894, 0.321844, 0.010488],
    "minifasnet-v1se": [0.845569, 0.065633, 0.098862, 0.553664],
}
"""Probability of a live face that the torch module, filled with the published weights, gives to `waves`."""


def waves():
    """Four smooth pictures, (4, 3, 80, 80) float32, to which the networks give no extreme answer."""
    y, x, channel = np.meshgrid(np.arange(80), np.arange(80), np.arange(3), indexing="ij")
    periods = ((9, 13), (20, 11), (30, 40), (6, 25))
    pictures = [120 + 90 * np.sin(x / a + channel) * np.cos(y / b - channel) for a, b in periods]
    return np.stack(pictures).transpose(0, 3, 1, 2).astype(np.float32)


def random_state():
    """Tensors of a small network of this kind: two blocks in the first row, the second of which weighs."""
    generator = torch.Generator().manual_seed(3)
    state = {}

    def tensor(name, *shape):
        state[name] = torch.randn(shape, generator=generator) / max(1, np.prod(shape[1:])) ** 0.5

    def norm(name, width):
        for part in ("weight", "bias", "running_mean"):
            tensor(f"{name}.{part}", width)
        state[f"{name}.running_var"] = torch.rand(width, generator=generator) + 0.5
        state[f"{name}.num_batches_tracked"] = torch.tensor(5)

    def unit(name, outputs, inputs, side, is_bent=True):
        tensor(f"{name}.conv.weight", outputs, inputs, side, side)
        norm(f"{name}.bn", outputs)
        if is_bent:
            tensor(f"{name}.prelu.weight", outputs)

    def block(name, inputs, within, outputs):
        unit(f"{name}.conv", within, inputs, 1)
        unit(f"{name}.conv_dw", within, 1, 3)
        unit(f"{name}.project", outputs, within, 1, is_bent=False)

    unit("conv1", 4, 3, 3)
    unit("conv2_dw", 4, 1, 3)
    for (halving, row), blocks in zip(minifasnet_graphs.STAGES, (2, 1, 1), strict=True):
        block(halving, 4 if row == "conv_3" else 8, 5, 8)
        for number in range(blocks):
            block(f"{row}.model.{number}", 8, 3, 8)
    weighing = "conv_3.model.1.se_module"
    for layer, (few, many) in {"1": (2, 8), "2": (8, 2)}.items():
        tensor(f"{weighing}.fc{layer}.weight", few, many, 1, 1)
        norm(f"{weighing}.bn{layer}", few)
    unit("conv_6_sep", 16, 8, 1)
    unit("conv_6_dw", 16, 1, 5, is_bent=False)
    tensor("linear.weight", 6, 16)
    norm("bn", 6)
    tensor("prob.weight", 3, 6)
    return {f"module.{name}": value for name, value in state.items()}


def both(path, tmp_path):
    """What graph and torch module of a weight file say of `waves`."""
    minifasnet_graphs.write_onnx(path, tmp_path / "ours.onnx")
    with torch.inference_mode():
        theirs = minifasnet.build_torch(path)(torch.from_numpy(waves())).numpy()
    return OnnxNetwork((tmp_path / "ours.onnx").read_bytes()).run(waves())[0], theirs


def test_graph_and_torch_module_agree(tmp_path):
    torch.save(random_state(), tmp_path / "w.pth")
    ours, theirs = both(tmp_path / "w.pth", tmp_path)
    assert ours.shape == (4, 3)
    assert np.abs(ours - theirs).max() < 1e-5
    assert np.ptp(ours, axis=0).max() > 0.01


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_networks_say_what_they_said(published_weights, tmp_path, name):
    path = published_weights / weights.find_weights(name).file
    ours, theirs = both(path, tmp_path)
    assert np.abs(ours - theirs).max() < 1e-5
    assert ours[:, 1] == pytest.approx(PUBLISHED[name], abs=1e-5)


def test_the_graph_is_written_without_torch(published_weights, tmp_path):
    path = published_weights / weights.find_weights("minifasnet-v2").file
    code = (
        "import sys; from pathlib import Path; from faceaccess.vision.networks import minifasnet_graphs;"
        f"minifasnet_graphs.write_onnx(Path({str(path)!r}), Path({str(tmp_path / 'a.onnx')!r}));"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert (tmp_path / "a.onnx").stat().st_size < 2 * 2**20


def test_the_published_networks_are_imported_and_run_by_onnx_runtime(published_weights, tmp_path):
    models = tmp_path / "models"
    bundle = weights.find_bundle("minifasnet")
    assert [file.name for file in bundle] == [name for name, _ in CROPS]
    for file in bundle:
        weights.import_into(bundle, published_weights / file.file, models)
    networks = load_passive(pick_device(Device.CPU), Exports(tmp_path / "cache"), models)
    image = np.random.default_rng(0).integers(0, 255, (240, 320, 3), dtype=np.uint8)
    assert 0 <= networks.score(image, make_detection(100, 60, 90)) <= 1


@pytest.mark.parametrize("lacking", ["module.conv1.bn.weight", "module.conv_45.project.conv.weight"])
def test_something_else_is_refused(tmp_path, lacking):
    state = random_state()
    del state[lacking]
    torch.save(state, tmp_path / "a.pth")
    with pytest.raises(ModelError, match="MiniFASNet"):
        minifasnet.build_torch(tmp_path / "a.pth")
    with pytest.raises(ModelError, match="MiniFASNet"):
        minifasnet_graphs.write_onnx(tmp_path / "a.pth", tmp_path / "a.onnx")
    assert not (tmp_path / "a.onnx").exists()
