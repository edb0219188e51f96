"""A camera beside the clean system: a stream on the loopback interface, before which somebody stands."""

import fcntl
import socket
import struct
import sys
import threading
from pathlib import Path

from faceaccess.door.simulation import door_still, portraits
from faceaccess.lab.benchmarks.stream import LoopbackCamera

_SET_FLAGS, _IS_UP = 0x8914, 1
"""Linux's `SIOCSIFFLAGS` and `IFF_UP`."""


def main(address: Path) -> None:
    """Send until it is ended. address: a file that then tells where the stream is."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", _IS_UP))
    with LoopbackCamera(door_still(portraits()[0])) as camera:
        address.write_text(camera.address, encoding="ascii")
        threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
