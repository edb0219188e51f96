"""ICU's data without what Qt never asks for: Qt brings all 32 MB, and calls but a few of ICU's functions."""

import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from installer.contents import Entry
from installer.elf import functions

_NEVER_ASKED = ("brkitr", "curr", "lang", "rbnf", "region", "translit", "unit")
"""Where words and lines end; names of currencies, languages, countries and units; numbers in words."""

_ASKED = ("u_strTo", "ucal_", "ucnv_", "UCNV_", "ucol_")
"""What Qt calls: upper and lower case, names of time zones, encodings, and the order of words."""

_OF_ICU = re.compile(r"[uU][a-zA-Z]*_\w+_\d\d+")
"""ICU puts its version behind each function's name."""

_HEAD = struct.Struct("<HBBHHBBBB4s")
_ITEM = struct.Struct("<II")
_ALIGNMENT = 16


def with_less_icu(binaries: Iterable[Entry], folder: Path) -> list[Entry]:
    """Return the binaries with a smaller library of ICU's data.

    Args:
        binaries: all of them.
        folder: for what is made; replaced.
    """
    entries = list(binaries)
    if sys.platform != "linux":
        return entries
    for name, source, kind in entries:
        if kind != "SYMLINK" and PurePosixPath(name).name.startswith("libQt6"):
            check_calls(Path(source))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return [
        (name, str(reduced_library(Path(source), folder)), kind)
        if kind != "SYMLINK" and PurePosixPath(name).name.startswith("libicudata")
        else (name, source, kind)
        for name, source, kind in entries
    ]


def check_calls(library: Path) -> None:
    """End the build where a library of Qt calls functions of ICU that may need what is left out."""
    called = {name for name in functions(library, "undefined") if _OF_ICU.fullmatch(name)}
    if unknown := {name for name in called if not name.startswith(_ASKED)}:
        raise SystemExit(
            f"{library.name} calls {', '.join(sorted(unknown))}: look at what ICU needs for them."
        )


def reduced_library(library: Path, folder: Path) -> Path:
    """Write a library of ICU's data again with less in it, by binutils alone; return the new one.

    Args:
        library: as Qt brings it: one symbol, the data.
        folder: for the new one, and what is made on the way.
    """
    (symbol,) = functions(library, "defined")
    whole, data, made = folder / "whole", folder / "icu", folder / library.name
    _run(folder, "objcopy", "-O", "binary", "--only-section=.rodata", library, whole)
    data.write_bytes(reduced(whole.read_bytes()))
    # The linker names what it takes from a file after the file.
    _run(folder, "ld", "-r", "-b", "binary", "-o", "raw.o", "icu")
    _run(
        folder, "objcopy", f"--redefine-sym=_binary_icu_start={symbol}", "--strip-symbol=_binary_icu_end",
        "--strip-symbol=_binary_icu_size", f"--set-section-alignment=.data={_ALIGNMENT}",
        "--rename-section=.data=.rodata,alloc,load,readonly,data,contents", "raw.o", "data.o",
    )  # fmt: skip
    _run(folder, "ld", "-shared", "-z", "noexecstack", "-soname", library.name, "-o", made, "data.o")
    return made


def reduced(data: bytes) -> bytes:
    """Return ICU's data without what is never asked for.

    Source: ICU's `udata.h` and `ucmndata.h`: a head, then the number of items, where each name and each item
    lies, counted from that number, and names and items, both in the names' order.

    Args:
        data: the content of an `icudtNN.dat`.
    """
    head_size, magic1, magic2, *_, kind = _HEAD.unpack_from(data)
    if (magic1, magic2, kind) != (0xDA, 0x27, b"CmnD"):
        raise SystemExit("These are no data of ICU that we know.")
    body = memoryview(data)[head_size:]
    (count,) = struct.unpack_from("<I", body)
    places = [_ITEM.unpack_from(body, 4 + _ITEM.size * number) for number in range(count)]
    ends = [*(start for _, start in places[1:]), len(body)]
    items = [
        (bytes(body[at : at + 200]).split(b"\0", 1)[0], body[start:end])
        for (at, start), end in zip(places, ends, strict=True)
    ]
    return data[:head_size] + _packed([item for item in items if _is_asked(item[0].decode("ascii"))])


def _is_asked(name: str) -> bool:
    """Tell whether an item may be needed. name: such as `icudt73l/curr/bn.res`."""
    return name.split("/")[1] not in _NEVER_ASKED


def _packed(items: list[tuple[bytes, memoryview]]) -> bytes:
    """Return items with their table of contents."""
    names = b"".join(name + b"\0" for name, _ in items)
    first_name = 4 + _ITEM.size * len(items)
    start = _aligned(first_name + len(names))
    table, content, name_at = bytearray(struct.pack("<I", len(items))), bytearray(), first_name
    for name, item in items:
        table += _ITEM.pack(name_at, start + len(content))
        name_at += len(name) + 1
        content += bytes(item).ljust(_aligned(len(item)), b"\0")
    return bytes(table + names).ljust(start, b"\0") + bytes(content)


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def _run(folder: Path, *command: str | Path) -> None:
    subprocess.run(command, cwd=folder, check=True)
