"""One OpenBLAS instead of two: OpenCV and FAISS each bring 39 MB of it, of one version and interface."""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from installer.contents import Entry
from installer.elf import functions

_KEPT, _REPLACED = "faiss_cpu.libs/libopenblas", "opencv_python_headless.libs/libopenblas"
"""FAISS computes with it, on OpenMP's threads as its own; OpenCV hardly does."""

_ASKING = "cv2/"
_VERSION = re.compile(rb"OpenBLAS (\d+\.\d+\.\d+)")
_LONG_INTEGERS = b"USE64BITINT"
"""What OpenBLAS says of itself where its integers have 64 bits, and not the usual 32."""


def with_one_blas(binaries: Iterable[Entry]) -> list[Entry]:
    """Return the binaries with links to FAISS's OpenBLAS, and to what that needs, in the place of OpenCV's.

    A process may load OpenCV alone, as a camera's does, or FAISS alone: each finds all beside its own.
    """
    entries = list(binaries)
    if sys.platform != "linux":
        return entries
    kept, replaced = _one(entries, _KEPT), _one(entries, _REPLACED)
    asking = [Path(source) for name, source, _ in entries if name.startswith(_ASKING)]
    check_exchange(Path(kept[1]), Path(replaced[1]), asking)
    links = {replaced[0]: kept[0]}
    folder = PurePosixPath(replaced[0]).parent
    for name, _, _ in entries:
        if PurePosixPath(name).parent == PurePosixPath(kept[0]).parent and name != kept[0]:
            links[str(folder / PurePosixPath(name).name)] = name
    return [
        *(entry for entry in entries if entry[0] not in links),
        *((name, os.path.relpath(target, folder), "SYMLINK") for name, target in links.items()),
    ]


def check_exchange(kept: Path, replaced: Path, asking: Sequence[Path]) -> None:
    """End the build where a library can't stand for another one.

    Args:
        kept: it.
        replaced: the other one.
        asking: what calls functions of the other one.
    """
    asked = {name for path in asking for name in functions(path, "undefined")}
    if missing := (asked & functions(replaced, "defined")) - functions(kept, "defined"):
        raise SystemExit(f"{kept.name} lacks {', '.join(sorted(missing))}, which {replaced.name} has.")
    contents = [path.read_bytes() for path in (kept, replaced)]
    versions = [set(_VERSION.findall(content)) for content in contents]
    is_long = [_LONG_INTEGERS in content for content in contents]
    if versions[0] != versions[1] or is_long[0] != is_long[1]:
        raise SystemExit(f"{kept.name} and {replaced.name} are no longer alike: {versions}, {is_long}.")


def _one(entries: Sequence[Entry], start: str) -> Entry:
    found = [entry for entry in entries if entry[0].startswith(start) and entry[2] != "SYMLINK"]
    if len(found) != 1:
        raise SystemExit(f"There are {len(found)} files {start}* and not one: OpenCV or FAISS changed.")
    return found[0]
