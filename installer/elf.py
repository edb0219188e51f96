"""What binutils tell of Linux's libraries."""

import re
import subprocess
from pathlib import Path

_NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")


def functions(library: Path, which: str) -> set[str]:
    """Return the names of what a library offers (`defined`) or asks for (`undefined`)."""
    shown = _shown("nm", "-D", "--format=posix", f"--{which}-only", str(library))
    return {line.split()[0].split("@")[0] for line in shown.splitlines() if line.strip()}


def needed(library: Path) -> list[str]:
    """Return the names of the libraries that one asks for itself, without what those ask for."""
    return _NEEDED.findall(_shown("readelf", "--dynamic", "--wide", str(library)))


def _shown(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
