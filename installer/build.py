"""Builds the program's folder in an environment of its own, made of the locked packages alone."""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from installer.places import APP, BUILD, DIST, GRAPHS, ICONS, INSTALLER, LOCK, ROOT

EPOCH = "1767225600"
"""Seconds since 1970 that stand for "when" in whatever a build writes, so that two builds are alike."""

_ENVIRONMENT = BUILD / "environment"


def build_app() -> Path:
    """Build the program; return its folder."""
    python = _environment()
    steps = "import sys; sys.path.insert(0, sys.argv[1]); from installer.build import prepare; prepare()"
    _run(python, "-c", steps, str(ROOT))
    shutil.rmtree(APP, ignore_errors=True)
    _run(
        python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN", "--distpath", str(DIST),
        "--workpath", str(BUILD / "work"), str(INSTALLER / "faceaccess.spec"),
    )  # fmt: skip
    return APP


def prepare() -> None:
    """Write graphs and icons; runs in the build's environment."""
    from installer.graphs import write_graphs
    from installer.icons import write_icons

    write_graphs(GRAPHS)
    write_icons(ROOT / "resources" / "program.svg", ICONS)


def _environment() -> Path:
    """Return the Python of the build's environment, made anew where the lock is another one."""
    python = _ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, wanted = _ENVIRONMENT / "lock.sha256", hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(_ENVIRONMENT, ignore_errors=True)
        venv.create(_ENVIRONMENT, with_pip=True)
        # No dependencies are asked for: the lock names all, and leaves out what isn't wanted on purpose.
        _run(python, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", str(LOCK))
        stamp.write_text(wanted, encoding="utf-8")
    return python


def _run(python: Path, *arguments: str) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")},
        "PYTHONHASHSEED": "1",
        "SOURCE_DATE_EPOCH": EPOCH,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    result = subprocess.run([str(python), *arguments], cwd=ROOT, env=environment, check=False)
    if result.returncode:
        sys.exit(f"{python.name} {' '.join(arguments[:3])} failed with {result.returncode}.")
