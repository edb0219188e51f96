"""Installs, uses, upgrades and removes what was built, as IT and a receptionist would, in a clean system."""

import shlex
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from faceaccess import __version__
from installer.linux.clean_system import PERSON, CleanSystem
from installer.linux.packages import NEEDS, architecture, build_deb
from installer.places import BUILD, DIST

_EARLIER = "0.0.9"
_DATA = f"/home/{PERSON}/.local/share/FaceAccess"
_PORTRAIT = "_internal/skimage/data/astronaut.png"
_SHOWN = {"demo": "faceaccess demo", "window": "faceaccess", "kiosk": "faceaccess kiosk --once"}
"""What is looked at: a picture's name, and what is run for it."""

_STRANGER = "_internal/matplotlib/mpl-data/sample_data/grace_hopper.jpg"


class Proof:
    """What was tried, and how it ended; each step is printed as it ends."""

    def __init__(self, system: CleanSystem) -> None:
        """Take the system."""
        self.system, self.faults = system, 0

    def step(
        self,
        title: str,
        command: str,
        expected: str = "",
        *,
        account: str = PERSON,
        code: int = 0,
        beside: str = "",
    ) -> str:
        """Run a command and compare its exit code, and what it prints with a text that must be in it."""
        began = time.monotonic()
        result = self.system.run(command, account=account, beside=beside)
        output = result.stdout + result.stderr
        is_good = result.returncode == code and expected in output
        self.tell(title, is_good, time.monotonic() - began)
        if not is_good:
            print(f"  exit code {result.returncode}, expected {code} and {expected!r}\n{output[-2000:]}")
        return output

    def tell(self, title: str, is_good: bool, took_s: float) -> None:
        """Print a step's end."""
        self.faults += not is_good
        print(f"{'ok    ' if is_good else 'FAILED'} {title} ({took_s:.1f} s)", flush=True)


def prove(pictures: Path) -> int:
    """Prove package and archive; return 0 where every step ended as it must.

    Args:
        pictures: folder for what the screen showed; replaced.
    """
    shutil.rmtree(pictures, ignore_errors=True)
    system = CleanSystem(BUILD / "clean")
    began = time.monotonic()
    system.make([need.split(" ")[0] for need in NEEDS])
    print(f"A clean system in {time.monotonic() - began:.0f} s")
    proof = Proof(system)
    for part in (_is_clean, _package, _looks(pictures), _upgrade, _libraries, _camera, _removal, _archive):
        part(proof)
    print("Everything ended as it must." if not proof.faults else f"{proof.faults} steps failed.")
    return int(proof.faults > 0)


def _is_clean(proof: Proof) -> None:
    proof.step("no Python there", "command -v python3 python", code=127)
    proof.step("no network there", "ls /sys/class/net | grep -v '^lo$' | grep -v bonding", code=1)


def _put(proof: Proof, path: Path) -> str:
    shutil.copyfile(path, proof.system.root / "tmp" / path.name)
    return f"/tmp/{path.name}"


def _package(proof: Proof) -> None:
    """The version before, and a data folder that was used with it."""
    package = _put(proof, _earlier_package())
    proof.step(f"install {_EARLIER}", f"dpkg -i {package}", account="root")
    proof.step(
        "its data folder: somebody enrolled",
        f"faceaccess enrol --name 'Ada Byron' /opt/faceaccess/{_PORTRAIT}",
    )
    proof.step("its data folder: a door watched", _watched(), "ACCEPTED")


def _watched() -> str:
    return (
        f"mkdir -p door && for i in $(seq 10 40); do cp /opt/faceaccess/{_PORTRAIT} door/$i.png; done && "
        "faceaccess watch --source door"
    )


def _earlier_package() -> Path:
    """Return a package of the version before: of this program, under a lower number, with a file more."""
    return build_deb(level=0, version=_EARLIER, more={"opt/faceaccess/_internal/of_before": ""})


def _upgrade(proof: Proof) -> None:
    package = _put(proof, DIST / f"faceaccess_{__version__}_{architecture()}.deb")
    running = f"(su {PERSON} -c 'faceaccess kiosk' >/dev/null 2>&1 &) && sleep 5"
    proof.step("upgrade while it runs", f"{running}; dpkg -i {package}", "was closed", account="root")
    proof.step("what only the version before had is gone", "ls /opt/faceaccess/_internal/of_before", code=2)
    proof.step("the version is the new one", "dpkg-query -W faceaccess", __version__)
    proof.step("the used data folder opens", "faceaccess people", "Ada Byron")
    proof.step("nobody changed its log", "faceaccess log verify")
    proof.step("doctor", "faceaccess doctor", "ok")
    proof.step("demo", "faceaccess demo --headless", "ACCEPTED")
    proof.step("a stranger is unknown", f"faceaccess identify /opt/faceaccess/{_STRANGER}", "UNKNOWN")


def _libraries(proof: Proof) -> None:
    """Each library by itself: a process may load any of them first, or alone.

    Wayland's are its desktops' own; this system is none, and Qt takes X11 there.
    """
    proof.step(
        "every library finds all that it needs",
        "find /opt/faceaccess -name '*.so*' | LD_LIBRARY_PATH=/opt/faceaccess/_internal xargs ldd 2>&1 "
        "| grep 'not found' | grep -v libwayland",
        code=1,
    )


def _camera(proof: Proof) -> None:
    """A live camera, which a process of its own reads, and not a recording."""
    address = proof.system.root / "tmp" / "camera"
    proof.step(
        "a live camera: somebody enrolled is let in, and logged",
        "until [ -s /tmp/camera ]; do sleep 0.2; done; "
        'faceaccess cameras add Gate --source "$(cat /tmp/camera)"; faceaccess watch & '
        "for _ in $(seq 60); do faceaccess log --camera Gate --json | grep ACCEPTED && exit; sleep 1; done; "
        "exit 1",
        beside=f"exec {shlex.quote(sys.executable)} -m installer.linux.camera {shlex.quote(str(address))}",
    )


def _looks(pictures: Path) -> Callable[[Proof], None]:
    def look(proof: Proof) -> None:
        for name, command in _SHOWN.items():
            began = time.monotonic()
            printed = proof.system.shown(command, pictures / f"{name}.png")
            is_good = "Traceback" not in printed and "could not" not in printed
            proof.tell(f"{name}: a picture of it lies in {pictures}", is_good, time.monotonic() - began)
            if not is_good:
                print(printed[-2000:])

    return look


def _removal(proof: Proof) -> None:
    proof.step("remove", "dpkg -r faceaccess", account="root")
    proof.step("the program is gone", "ls -d /opt/faceaccess /usr/bin/faceaccess", account="root", code=2)
    proof.step("the data are kept", f"ls {_DATA}/faceaccess.db")
    proof.step("purge keeps them too", "dpkg -P faceaccess", "Kept", account="root")
    package = _put(proof, DIST / f"faceaccess_{__version__}_{architecture()}.deb")
    proof.step("install again", f"dpkg -i {package}", account="root")
    proof.step("the data are there again", "faceaccess people", "Ada Byron")
    proof.step("purge, asked to", "FACEACCESS_REMOVE_DATA=yes dpkg -P faceaccess", "Removed", account="root")
    proof.step("the data are gone", f"ls -d {_DATA}", code=2)


def _archive(proof: Proof) -> None:
    (archive,) = DIST.glob(f"faceaccess-{__version__}-linux-*.tar.gz")
    top = f"faceaccess-{__version__}"
    path = _put(proof, archive)
    proof.step("archive: install for one account", f"tar xzf {path} && ./{top}/install.sh", "is installed")
    proof.step("archive: demo", ".local/bin/faceaccess demo --headless", "ACCEPTED")
    proof.step("archive: doctor", ".local/bin/faceaccess doctor")
    proof.step("archive: remove", f"./{top}/install.sh --remove && ls .local/bin/faceaccess", "kept", code=2)
    proof.step("archive: for everybody", f"cd /home/{PERSON} && ./{top}/install.sh", account="root")
    proof.step("archive: started by an account", "/usr/local/bin/faceaccess --version", __version__)
    proof.step("archive: removed", f"/home/{PERSON}/{top}/install.sh --remove", "gone", account="root")
