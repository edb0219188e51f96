"""The webcams that the system knows, by something stabler than their index."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from faceaccess.settings import WEBCAM_PREFIX

VIRTUAL_NAMES = (
    "virtual", "v4l2loopback", "dummy video", "obs", "manycam", "snap camera", "xsplit", "camtwist", "ndi",
    "mmhmm", "sparkocam", "webcamoid", "akvcam", "unity video capture",
)  # fmt: skip
"""Words in the names of cameras that programs make. Source: the projects' own manuals."""


@dataclass(frozen=True)
class CameraInfo:
    """A webcam that the system knows.

    Attributes:
        index: for OpenCV; another one after the next start or when others are plugged in.
        name: for people; two may have the same.
        device_id: the same wherever in the order it stands, or "" where the system has none.
        is_software: whether the system says that no device is behind it.
    """

    index: int
    name: str
    device_id: str = ""
    is_software: bool = False

    @property
    def is_virtual(self) -> bool:
        """Whether a program makes its pictures: by what the system says, or by its name."""
        name = self.name.casefold()
        return self.is_software or any(re.search(rf"\b{part}\b", name) for part in VIRTUAL_NAMES)

    @property
    def source(self) -> str:
        """The source to store in the settings so that this webcam is found again."""
        return f"{WEBCAM_PREFIX}{self.device_id}" if self.device_id else str(self.index)


def list_cameras() -> list[CameraInfo]:
    """Return the webcams that are there, with the system's names for them."""
    if sys.platform.startswith("linux"):
        return _linux_cameras()
    # Not installed on Linux, where it would need a further package to tell two equal cameras apart.
    from cv2_enumerate_cameras import enumerate_cameras

    return [CameraInfo(camera.index, camera.name, camera.path or "") for camera in enumerate_cameras()]


def webcam_of(source: str) -> CameraInfo | None:
    """Return the webcam that a source names by index, name or what the system knows it by; None without it.

    None too where it goes while the system is asked: it is not there then.

    Args:
        source: as in the settings.
    """
    text = source.strip().casefold()
    try:
        cameras = list_cameras()
    except OSError:
        return None
    for camera in cameras:
        if text and text in (str(camera.index), camera.name.casefold(), camera.source.casefold()):
            return camera
    return None


def _linux_cameras(
    folder: Path = Path("/sys/class/video4linux"), devices: Path = Path("/dev")
) -> list[CameraInfo]:
    cameras = []
    names = _linux_device_ids(devices)
    for entry in sorted(folder.glob("video*"), key=lambda path: int(path.name[5:] or 0)):
        # A camera has several nodes; the first one carries the picture.
        index_file, name_file = entry / "index", entry / "name"
        if index_file.is_file() and index_file.read_text().strip() not in ("", "0"):
            continue
        name = name_file.read_text().strip() if name_file.is_file() else entry.name
        if (devices / entry.name).exists():
            # The kernel keeps devices that no hardware is behind in a folder of their own.
            is_software = "virtual" in entry.resolve().parts
            cameras.append(
                CameraInfo(int(entry.name[5:]), name, names.get(entry.name, ""), is_software=is_software)
            )
    return cameras


def _linux_device_ids(devices: Path) -> dict[str, str]:
    """Return udev's name of each video node: by maker and serial number, else by its port.

    Two equal cameras without serial numbers share the first name; udev gives it to one of them.
    """
    links = [*sorted(devices.glob("v4l/by-path/*")), *sorted(devices.glob("v4l/by-id/*"))]
    return {link.resolve().name: link.name for link in links}
