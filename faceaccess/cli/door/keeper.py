"""Keeps a program alive: started again when it crashes or hangs, ended when its keeper is."""

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import FrameType

from faceaccess.cli.common import say
from faceaccess.paths import HEARTBEAT_VARIABLE

WAITS_S = (1.0, 5.0, 10.0, 60.0)
"""Waits after the first crashes in a row; the last one for ever after."""

STEADY_S = 300.0
"""One that ran for as long is started again at once when it crashes."""

HANG_S = 30.0
"""One that showed signs of life and then none for as long hangs."""

TURN_S = 0.5
END_S = 5.0
ENDED_BY_SIGNAL = 128


class _Told(Exception):  # noqa: N818 - not an error
    """The keeper was told to end."""


def keep_alive(command: list[str], waits_s: tuple[float, ...] = WAITS_S, hang_s: float = HANG_S) -> int:
    """Run a command again whenever it ends; return 0 when it was left, 2 when it was wrongly called.

    One that can't start is tried again too: a folder or a camera may come later than the login.

    Args:
        command: it touches the file that the environment names now and then, to show that it lives.
        waits_s: for tests.
        hang_s: for tests.
    """
    before = signal.signal(signal.SIGTERM, _be_told)
    try:
        return _keep_alive(command, waits_s, hang_s)
    except KeyboardInterrupt:
        return ENDED_BY_SIGNAL + signal.SIGINT
    except _Told:
        return ENDED_BY_SIGNAL + signal.SIGTERM
    finally:
        signal.signal(signal.SIGTERM, before)


def _keep_alive(command: list[str], waits_s: tuple[float, ...], hang_s: float) -> int:
    crashes = 0
    with tempfile.TemporaryDirectory(prefix="faceaccess-") as folder:
        while True:
            started_s = time.monotonic()
            code = _run(command, Path(folder) / "alive", hang_s)
            if code in (0, 2):
                return code
            crashes = 0 if time.monotonic() - started_s > STEADY_S else crashes
            wait_s = waits_s[min(crashes, len(waits_s) - 1)]
            crashes += 1
            how = "hung" if code is None else f"ended unexpectedly ({code})"
            say(f"The kiosk {how}; it is started again in {wait_s:g} s.", err=True)
            time.sleep(wait_s)


def _run(command: list[str], beats: Path, hang_s: float) -> int | None:
    """Run the command once; return its exit code, or None when it hung and was killed."""
    beats.unlink(missing_ok=True)
    child = subprocess.Popen(command, env={**os.environ, HEARTBEAT_VARIABLE: str(beats)})
    beat, beat_s = 0, time.monotonic()
    try:
        while True:
            try:
                return child.wait(TURN_S)
            except subprocess.TimeoutExpired:
                newest = beats.stat().st_mtime_ns if beats.exists() else 0
            if newest != beat:
                beat, beat_s = newest, time.monotonic()
            # Before its first sign of life it may be exporting networks, which takes as long as it takes.
            elif beat and time.monotonic() - beat_s > hang_s:
                child.kill()
                child.wait()
                return None
    finally:
        _end(child)


def _end(child: "subprocess.Popen[bytes]") -> None:
    """End the program with its keeper: two of them would want the same data folder."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(END_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _be_told(_: int, __: FrameType | None) -> None:
    raise _Told
