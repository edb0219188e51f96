"""Which device runs the networks: chosen in one place, given up in one place when it fails."""

import importlib.util
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from faceaccess.errors import Text
from faceaccess.settings import Device

logger = logging.getLogger(__name__)

CPU_TITLE = "CPU (ONNX Runtime)"
_LONGEST_REASON = 200
_CUDA_PROVIDER = "CUDAExecutionProvider"


@dataclass
class DeviceInUse:
    """The device that networks really run on. May be read and given up on any thread.

    Attributes:
        device: CPU, CUDA or MPS, never AUTO.
        title: how to show it, with the runtime.
        note: why it isn't the one asked for, or "".
        is_onnx: whether ONNX Runtime drives it, not torch.
        on_given_up: told why, once, when a network failed on it, on the thread where it did.
    """

    device: Device
    title: str
    note: Text | str = ""
    is_onnx: bool = True
    on_given_up: Callable[[Text], None] = field(default=lambda _why: None, compare=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)

    @property
    def is_cpu(self) -> bool:
        """Whether ONNX Runtime runs the networks on the processor, as everywhere without a GPU."""
        return self.device is Device.CPU and self.is_onnx

    def give_up(self, fault: Exception) -> None:
        """Run all networks on the CPU from now on, because one failed where they ran."""
        with self._lock:
            if self.is_cpu:
                return
            reason = str(fault).strip().split("\n")[0][:_LONGEST_REASON] or type(fault).__name__
            why = Text(
                "{device} failed ({reason}): networks run on the CPU now. Choose the device again to retry.",
                {"device": self.title, "reason": reason},
            )
            self.device, self.title, self.note, self.is_onnx = Device.CPU, CPU_TITLE, why, True
        logger.warning(
            "a network failed on its device (%s); the CPU runs all from now on", type(fault).__name__
        )
        self.on_given_up(why)


def pick_device(device: Device) -> DeviceInUse:
    """Return the device to use; the CPU, with a note, when the wanted one isn't there.

    ONNX Runtime drives an NVIDIA GPU where its build for CUDA is installed, torch one elsewhere. Importing
    torch takes seconds, so AUTO asks it only where a GPU's driver is to be seen.
    """
    if device is Device.CPU or (device is Device.AUTO and not _has_gpu_driver()):
        return DeviceInUse(Device.CPU, CPU_TITLE)
    if device is not Device.MPS and _has_cuda_provider():
        return DeviceInUse(Device.CUDA, "CUDA (ONNX Runtime)")
    if importlib.util.find_spec("torch") is None:
        note = Text("This installation has no torch and runs on the CPU; a GPU needs the one by pip.")
        return DeviceInUse(Device.CPU, CPU_TITLE, note)
    import torch

    if device is not Device.MPS and torch.cuda.is_available():
        return DeviceInUse(Device.CUDA, f"CUDA ({torch.cuda.get_device_name(0)})", is_onnx=False)
    if device is not Device.CUDA and torch.backends.mps.is_available():
        return DeviceInUse(Device.MPS, "Apple MPS (torch)", is_onnx=False)
    if device is Device.AUTO:
        return DeviceInUse(Device.CPU, CPU_TITLE)
    note = Text("{device} isn't available here; running on the CPU.", {"device": device.value.upper()})
    logger.info("device %s is not available, using the CPU", device.value)
    return DeviceInUse(Device.CPU, CPU_TITLE, note)


def _has_cuda_provider() -> bool:
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    return _CUDA_PROVIDER in onnxruntime.get_available_providers()


def _has_gpu_driver() -> bool:
    uname = getattr(os, "uname", None)
    is_mac = uname is not None and uname().sysname == "Darwin"
    drivers = ("/dev/nvidiactl", "/dev/dxg", r"C:\Windows\System32\nvcuda.dll")
    return is_mac or any(Path(driver).exists() for driver in drivers)


def providers(device: DeviceInUse) -> list[str]:
    """Return ONNX Runtime's names of what runs a network, the wanted one first."""
    on_gpu = [_CUDA_PROVIDER] if device.device is Device.CUDA and device.is_onnx else []
    return [*on_gpu, "CPUExecutionProvider"]
