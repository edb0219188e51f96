"""A fresh Debian without Python and without a network, to install in what was built."""

import os
import shutil
import signal
import struct
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from faceaccess.vision.types import ImageArray
from installer.places import ROOT

RELEASE = "bookworm"
DISPLAY = ":7"
_SCREEN = "tmp/screen"
_SIZE = "1280x800"
_ENVIRONMENT = {"PATH": os.environ["PATH"]}
PERSON = "ada"
"""The account that uses the program."""


class CleanSystem:
    """A folder with a Debian in it. Needs root, debootstrap and a mirror, once."""

    def __init__(self, root: Path) -> None:
        """Take the folder. root: made anew by `make`."""
        self.root = root

    def make(self, packages: Sequence[str]) -> None:
        """Install the smallest Debian that there is with some packages beside it.

        Args:
            packages: what the program asks of a system, and a screen to draw on.
        """
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir(parents=True)
        include = f"--include={','.join([*packages, 'xvfb'])}"
        _checked(["debootstrap", "--variant=minbase", include, RELEASE, str(self.root)])
        _checked(["chroot", str(self.root), "useradd", "--create-home", PERSON])

    def run(
        self, command: str, *, account: str = PERSON, timeout_s: float = 300.0, beside: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a shell command in it, with no network but its own loopback that is down.

        Args:
            command: for `sh`.
            account: who runs it.
            timeout_s: until it is ended.
            beside: what this machine runs meanwhile, with the same loopback; also for `sh`.
        """
        return subprocess.run(
            self._inside(command, account, beside), capture_output=True, text=True, timeout=timeout_s,
            check=False, env=_ENVIRONMENT, cwd=ROOT,
        )  # fmt: skip

    def shown(self, command: str, picture: Path, *, settled_s: float = 6.0, timeout_s: float = 180.0) -> str:
        """Run a program on a screen of its own, write what the screen shows as PNG; return what it printed.

        Args:
            command: for `sh`; ended when the picture is taken.
            picture: the PNG.
            settled_s: how long it may go on after it has drawn anything.
            timeout_s: until which it must have.
        """
        screen = self.root / _SCREEN
        shutil.rmtree(screen, ignore_errors=True)
        # The screen before was ended with all of its processes, and couldn't tidy up.
        number = DISPLAY.removeprefix(":")
        for left in (f".X{number}-lock", f".X11-unix/X{number}"):
            (self.root / "tmp" / left).unlink(missing_ok=True)
        whole = (
            f"mkdir -p /{_SCREEN} && (Xvfb {DISPLAY} -screen 0 {_SIZE}x24 -fbdir /{_SCREEN} -nolisten tcp "
            f">/dev/null 2>&1 &) && sleep 1 && ({command}) > /tmp/shown.txt 2>&1; sleep {timeout_s}"
        )
        with subprocess.Popen(
            self._inside(whole, PERSON), env=_ENVIRONMENT, stderr=subprocess.DEVNULL
        ) as process:
            try:
                until = time.monotonic() + timeout_s
                while time.monotonic() < until and not _is_drawn(screen / "Xvfb_screen0"):
                    time.sleep(0.5)
                time.sleep(settled_s)
                write_png(screen / "Xvfb_screen0", picture)
            finally:
                _end(process.pid)
        return (self.root / "tmp" / "shown.txt").read_text(encoding="utf-8")

    def _inside(self, command: str, account: str, beside: str = "") -> list[str]:
        home = "/root" if account == "root" else f"/home/{account}"
        inside = (
            f"cd {home} && export HOME={home} USER={account} LANG=C.UTF-8 DISPLAY={DISPLAY} "
            f"PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin; {command}"
        )
        # What runs beside ends with the first process, as all of this system's do.
        mounts = (
            '(eval "$3") >/dev/null & mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && '
            'mount -t tmpfs tmpfs "$0/dev/shm" && exec chroot --userspec="$1" "$0" sh -c "$2"'
        )
        return [
            "unshare", "--net", "--mount", "--pid", "--fork",
            "sh", "-c", mounts, str(self.root), account, inside, beside,
        ]  # fmt: skip


def _end(unshare: int) -> None:
    """End a system's first process, and so all of them: their parent's end would not."""
    children = Path(f"/proc/{unshare}/task/{unshare}/children").read_text(encoding="ascii").split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)


def _is_drawn(dump: Path) -> bool:
    """Tell whether a screen shows anything but black."""
    return dump.is_file() and bool(np.any(_pixels(dump)))


def write_png(dump: Path, picture: Path) -> None:
    """Convert what Xvfb keeps of its screen."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.ascontiguousarray(_pixels(dump))).save(picture)


def _pixels(dump: Path) -> ImageArray:
    """Return what a screen shows, (H, W, 3) uint8 RGB.

    Source: X Window Dump, `X11/XWDFile.h`: 25 numbers, the window's name, the colour map, then rows of BGRX.
    """
    data = dump.read_bytes()
    header = struct.unpack(">25I", data[:100])
    size, width, height, row_bytes, colours = header[0], header[4], header[5], header[12], header[19]
    pixels = np.frombuffer(data, np.uint8, height * row_bytes, size + 12 * colours)
    return pixels.reshape(height, row_bytes)[:, : width * 4].reshape(height, width, 4)[:, :, 2::-1]


def _checked(command: Sequence[str]) -> None:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise SystemExit(f"{' '.join(command[:3])} failed: {result.stdout[-500:]}{result.stderr[-1500:]}")
