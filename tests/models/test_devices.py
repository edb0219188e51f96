"""A GPU is used while it works, gives the numbers of the CPU, and is given up in one place when it fails."""

from pathlib import Path

import numpy as np
import pytest

from faceaccess import paths
from faceaccess.door.simulation import door_still, portraits
from faceaccess.settings import Device
from faceaccess.vision import devices
from faceaccess.vision.devices import CPU_TITLE, DeviceInUse, pick_device
from faceaccess.vision.embedder import BUILT_IN, load_embedder
from faceaccess.vision.exports import Exports
from faceaccess.vision.networks import yunet
from faceaccess.vision.networks.graph_module import GraphModule
from faceaccess.vision.runtime import DeviceNetwork, OnnxNetwork, TorchNetwork
from faceaccess.vision.weights import located
from faceaccess.vision.yunet import load_yunet

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore")]


class Failing:
    """Works a number of times, then fails as torch does."""

    def __init__(self, times: int, fault: Exception) -> None:
        self.times, self.fault = times, fault

    def run(self, batch):
        if not self.times:
            raise self.fault
        self.times -= 1
        return (batch + 1,)


class Steady:
    """The CPU's."""

    def run(self, batch):
        return (batch + 2,)


def gpu() -> DeviceInUse:
    return DeviceInUse(Device.CUDA, "CUDA (a card)", is_onnx=False)


@pytest.mark.parametrize("size", [(320, 320), (64, 96), (480, 640)])
def test_yunet_in_torch_gives_what_its_graph_gives(tmp_path: Path, size) -> None:
    model = yunet.read(located("yunet", paths.models_dir()))
    image = np.random.default_rng(3).uniform(0, 255, (1, 3, *size)).astype(np.float32)
    by_torch = TorchNetwork(GraphModule(model), "cpu").run(image)
    by_graph = OnnxNetwork(model.SerializeToString()).run(image)
    assert len(by_torch) == len(by_graph) == 12
    for ours, theirs in zip(by_torch, by_graph, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_a_layer_that_is_not_known_is_refused() -> None:
    model = yunet.read(located("yunet", paths.models_dir()))
    model.graph.node[0].op_type = "Gelu"
    with pytest.raises(ValueError, match="Gelu"):
        GraphModule(model)


@pytest.mark.logs_warnings
def test_a_device_that_fails_in_the_middle_is_given_up_by_all_its_networks() -> None:
    device, told = gpu(), []
    device.on_given_up = told.append
    fault = RuntimeError("CUDA error: out of memory\nand a page of advice")
    first = DeviceNetwork(device, lambda: Failing(1, fault), Steady)
    second = DeviceNetwork(device, lambda: Failing(9, fault), Steady)
    batch = np.zeros((1, 3, 2, 2), np.float32)
    assert first.run(batch)[0].max() == second.run(batch)[0].max() == 1
    assert first.run(batch)[0].max() == 2, "the same batch, on the CPU"
    assert second.run(batch)[0].max() == 2, "the other network moves too: all run in one place"
    assert (device.device, device.title) == (Device.CPU, CPU_TITLE)
    (why,) = told
    assert str(why).startswith("CUDA (a card) failed (CUDA error: out of memory)")
    assert device.note == why


@pytest.mark.logs_warnings
def test_a_device_that_fails_at_load_is_given_up() -> None:
    def broken():
        raise OSError("libcudart.so.12: cannot open shared object file")

    device = gpu()
    network = DeviceNetwork(device, broken, Steady)
    assert device.is_cpu
    assert network.run(np.zeros((1, 3, 2, 2), np.float32))[0].max() == 2


def test_a_bug_is_no_fault_of_the_device() -> None:
    network = DeviceNetwork(gpu(), lambda: Failing(0, ValueError("a bug")), Steady)
    with pytest.raises(ValueError, match="a bug"):
        network.run(np.zeros((1, 3, 2, 2), np.float32))


@pytest.mark.logs_warnings
def test_a_provider_that_cannot_start_is_given_up_aloud(monkeypatch) -> None:
    """ONNX Runtime takes the CPU without a word where CUDA's libraries are missing."""
    monkeypatch.setattr(devices, "_has_cuda_provider", lambda: True)
    device = pick_device(Device.CUDA)
    assert device.title == "CUDA (ONNX Runtime)"
    exports = Exports(paths.cache_dir())
    embedder = load_embedder(BUILT_IN, device, exports, paths.models_dir())
    assert device.is_cpu
    assert "can't be started" in str(device.note)
    crops = np.random.default_rng(1).integers(0, 256, (2, 112, 112, 3), dtype=np.uint8)
    on_cpu = load_embedder(BUILT_IN, pick_device(Device.CPU), exports, paths.models_dir())
    np.testing.assert_array_equal(embedder.embed_probes(crops), on_cpu.embed_probes(crops))


def test_detections_and_embeddings_are_the_same_in_torch() -> None:
    """What a GPU runs, run by torch on the processor."""
    portrait = door_still(portraits()[0])
    by_torch, exports = DeviceInUse(Device.CPU, "torch", is_onnx=False), Exports(paths.cache_dir())
    cpu = pick_device(Device.CPU)
    their_embedder = load_embedder(BUILT_IN, by_torch, exports, paths.models_dir())
    (found,) = load_yunet(by_torch, exports, paths.models_dir()).detect(portrait)
    (expected,) = load_yunet(cpu, exports, paths.models_dir()).detect(portrait)
    np.testing.assert_allclose(found.landmarks, expected.landmarks, atol=0.02)
    embedder = load_embedder(BUILT_IN, cpu, exports, paths.models_dir())
    crop = embedder.alignment.align(portrait, expected)[None]
    np.testing.assert_allclose(their_embedder.embed_probes(crop), embedder.embed_probes(crop), atol=1e-4)
