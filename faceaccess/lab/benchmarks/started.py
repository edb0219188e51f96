"""The program as somebody starts it: a process on a throw-away office, its steps and its memory."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from faceaccess import paths
from faceaccess.errors import FaceAccessError
from faceaccess.log import LOG_FILE, Step
from faceaccess.steady import steady_s

if TYPE_CHECKING:
    import psutil

    from faceaccess.door.simulation import Portrait

_CAMERA = "Gate"
_MOST_S = 120.0
_POLL_S, _END_S = 0.02, 10.0
_STAMP = "%Y-%m-%d %H:%M:%S,%f"
_STAMP_LENGTH = len("2026-01-01 00:00:00,000")
_KB = 1024


@dataclass(frozen=True)
class Office:
    """A throw-away data folder, and what a program needs to be started on it.

    Attributes:
        program: the arguments that start it, such as `python -m faceaccess`.
        data: the data folder.
        environment: of its processes: nothing of this account's own settings is read or changed.
    """

    program: tuple[str, ...]
    data: Path
    environment: dict[str, str]


@dataclass(frozen=True)
class Memory:
    """What a process and its children hold, in MiB.

    Attributes:
        own_mb: of the memory that several share, each has its part (PSS); 0 where the system can't say.
        resident_mb: all of it counted for each (RSS).
        children_mb: the children's part of the first, or of the second where that is 0.
    """

    own_mb: float
    resident_mb: float
    children_mb: float


@contextmanager
def office(folder: Path, people: int, entries: int, program: Path | None) -> Iterator[Office]:
    """Make an office with a camera before which somebody stands who is enrolled.

    Args:
        folder: an empty one.
        people: how many are enrolled, with three photos each.
        entries: in its log.
        program: what starts the program; None takes this one.

    Raises:
        FaceAccessError: the pictures of the demo aren't here.
    """
    from faceaccess.door import simulation
    from faceaccess.lab.benchmarks.stream import LoopbackCamera

    known = simulation.portraits()[0]
    with LoopbackCamera(simulation.door_still(known)) as camera:
        _fill(folder / "data", people, entries, known, camera.address)
        yield placed(folder, program)


def placed(folder: Path, program: Path | None) -> Office:
    """Return the office whose data lie in the part "data" of a folder, with settings of its own beside it.

    Args:
        folder: that is thrown away, or kept to be measured again.
        program: what starts the program; None takes this one.
    """
    arguments = (str(program),) if program is not None else (sys.executable, "-m", "faceaccess")
    environment = os.environ | {
        paths.CONFIG_DIR_VARIABLE: str(folder / "config"),
        "XDG_CONFIG_HOME": str(folder / "desktop"),
    }
    # Compiled once, as an installed program is.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & environment.keys():
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return Office(arguments, folder / "data", environment)


def _fill(data: Path, people: int, entries: int, known: "Portrait", address: str) -> None:
    from faceaccess.lab.benchmarks.report import fill
    from faceaccess.lab.benchmarks.tour import enrol
    from faceaccess.settings import CameraSettings
    from faceaccess.workspace import Workspace

    with Workspace.open(data) as space:
        fill(space, entries, people - 1)
        enrol(space)
        review = space.reception.enrolment.review_file(known.path)
        space.reception.enrolment.enrol(
            space.access.actor, name=known.name, staff_number=None, department="", reviews=[review]
        )
        camera = CameraSettings(camera_id="0" * 8, name=_CAMERA, source=address, door="Main door")
        space.policies.set_cameras(space.access.actor, [camera])


def set_door(place: Office, *, is_started: bool) -> None:
    """Choose whether the program opens its door as soon as it starts."""
    from faceaccess.settings import MACHINE_FILE

    file = Path(place.environment[paths.CONFIG_DIR_VARIABLE]) / MACHINE_FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('{"starts_door": true}' if is_started else "{}", encoding="utf-8")


class Started:
    """A process of the program, ended on leaving."""

    def __init__(self, place: Office, arguments: Sequence[str] = ()) -> None:
        """Start it.

        Args:
            place: on what.
            arguments: the command; none opens the window.
        """
        self._log = paths.log_dir(place.data) / LOG_FILE
        self._log.unlink(missing_ok=True)
        command = [*place.program, "--data-dir", str(place.data), *arguments]
        self._started_s = time.time()
        self._process = subprocess.Popen(
            command, env=place.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def __enter__(self) -> "Started":
        return self

    def __exit__(self, *_: object) -> None:
        import psutil

        children = psutil.Process(self._process.pid).children(recursive=True) if self._is_alive() else []
        self._process.terminate()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for child in psutil.wait_procs(children, _END_S)[1]:
            child.kill()

    def wait_for(self, *steps: Step) -> dict[Step, float]:
        """Return the seconds from the start to each step, when all are reached.

        Raises:
            FaceAccessError: it ended before, or took far too long.
        """
        deadline_s = steady_s() + _MOST_S
        while True:
            reached = self._reached()
            if all(step in reached for step in steps):
                return {step: reached[step] for step in steps}
            if not self._is_alive() or steady_s() > deadline_s:
                missing = next(step for step in steps if step not in reached)
                raise FaceAccessError(
                    "The program didn't come so far that {step}.",
                    "Its log is {path}.",
                    step=missing.value,
                    path=self._log,
                )
            time.sleep(_POLL_S)

    def memory(self) -> Memory:
        """Return what it holds now, with its children."""
        import psutil

        process = psutil.Process(self._process.pid)
        own_mb, own_resident_mb = _held(process)
        children = [_held(child) for child in process.children(recursive=True)]
        shared = [part for part, _ in children] if own_mb else [whole for _, whole in children]
        return Memory(
            own_mb + sum(part for part, _ in children),
            own_resident_mb + sum(whole for _, whole in children),
            sum(shared),
        )

    def _is_alive(self) -> bool:
        return self._process.poll() is None

    def _reached(self) -> dict[Step, float]:
        """Return when each step of the log was reached first."""
        lines = self._log.read_text(encoding="utf-8").splitlines() if self._log.is_file() else []
        reached: dict[Step, float] = {}
        for line in lines:
            for step in Step:
                if line.endswith(step.value) and step not in reached:
                    at = datetime.strptime(line[:_STAMP_LENGTH], _STAMP).astimezone()
                    reached[step] = at.timestamp() - self._started_s
        return reached


def _held(process: "psutil.Process") -> tuple[float, float]:
    """Return PSS (0 where the system can't say) and RSS of one process, MiB."""
    resident_mb = process.memory_info().rss / _KB**2
    try:
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0, resident_mb
    own_kb = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return own_kb / _KB, resident_mb
