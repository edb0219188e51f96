"""What the build does to other people's libraries on Linux, tried on those of this environment."""

import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import faiss
import PySide6
import pytest

from installer import icu_data, one_blas
from installer.elf import functions, needed

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not all(map(shutil.which, ("nm", "readelf", "objcopy", "ld"))),
    reason="needs Linux and binutils",
)
PACKAGES = Path(faiss.__file__).parent.parent
QT = Path(PySide6.__file__).parent / "Qt" / "lib"

SORTS = """
import ctypes, functools, sys
icu = ctypes.CDLL(sys.argv[1])
opened, compared = icu["ucol_open_" + sys.argv[2]], icu["ucol_strcoll_" + sys.argv[2]]
opened.restype = ctypes.c_void_p
def as_icu(text):
    return text.encode("utf-16-le"), len(text.encode("utf-16-le")) // 2
for language in ("en", "bn", "de", "sv", "zh"):
    failed = ctypes.c_int(0)
    order = ctypes.c_void_p(opened(language.encode(), ctypes.byref(failed)))
    compare = lambda one, other: compared(order, *as_icu(one), *as_icu(other))
    names = ["Zoë", "Ärger", "Orm", "Öst", "আনিকা", "কামাল", "中文", "日本", "ada", "Ada"]
    print(failed.value, ascii(sorted(names, key=functools.cmp_to_key(compare))))
"""


def entry(path: Path) -> tuple[str, str, str]:
    return str(path.relative_to(PACKAGES)), str(path), "BINARY"


def binaries() -> list[tuple[str, str, str]]:
    folders = ("opencv_python_headless.libs", "faiss_cpu.libs")
    extension = next(path for path in Path(cv2.__file__).parent.glob("cv2*.so"))
    return [entry(extension), *(entry(path) for name in folders for path in (PACKAGES / name).iterdir())]


def test_opencv_and_faiss_share_an_openblas_and_each_finds_what_it_needs_beside_its_own():
    result = {name: (source, kind) for name, source, kind in one_blas.with_one_blas(binaries())}
    libraries = [name for name in result if "openblas" in name]
    (link,) = [name for name in libraries if result[name][1] == "SYMLINK"]
    (kept,) = [name for name in libraries if result[name][1] != "SYMLINK"]
    assert (Path(link).parent / result[link][0]).as_posix().endswith(f"../{kept}")
    beside = {Path(name).name for name in result if Path(name).parent == Path(link).parent}
    bundled = {Path(name).name for name in result}
    assert {name for name in needed(Path(result[kept][0])) if name in bundled} <= beside


def test_build_ends_where_one_openblas_cant_stand_for_the_other(tmp_path):
    by_name = {name.split("/")[1].split("-")[0]: Path(source) for name, source, _ in binaries()}
    other, asking = by_name["libgfortran"], [Path(binaries()[0][1])]
    with pytest.raises(SystemExit, match="lacks .*cblas_sgemm"):
        one_blas.check_exchange(other, by_name["libopenblasp"], asking)
    changed = tmp_path / "libopenblas.so"
    changed.write_bytes(by_name["libopenblaso"].read_bytes().replace(b"OpenBLAS 0", b"OpenBLAS 9"))
    with pytest.raises(SystemExit, match="no longer alike"):
        one_blas.check_exchange(changed, by_name["libopenblasp"], asking)


def test_build_ends_where_a_package_brings_another_openblas():
    without = [part for part in binaries() if "faiss" not in part[0]]
    with pytest.raises(SystemExit, match="0 files faiss_cpu"):
        one_blas.with_one_blas(without)


def test_qt_calls_only_what_the_kept_data_serve():
    for library in QT.glob("libQt6*.so.6"):
        icu_data.check_calls(library)


def test_icu_sorts_as_before_with_less_data(tmp_path):
    (data,) = QT.glob("libicudata.so.*")
    made = icu_data.reduced_library(data, tmp_path)
    assert made.stat().st_size < 0.6 * data.stat().st_size
    assert functions(made, "defined") == functions(data, "defined")
    for name in ("libicui18n", "libicuuc"):
        (library,) = QT.glob(f"{name}.so.*")
        shutil.copy(library, tmp_path)
    version = data.suffix.removeprefix(".")
    shown = [
        subprocess.run(
            [sys.executable, "-c", SORTS, str(folder / f"libicui18n.so.{version}"), version],
            capture_output=True, text=True, check=True,
        ).stdout
        for folder in (QT, tmp_path)
    ]  # fmt: skip
    assert shown[0] == shown[1]
    assert len(set(shown[0].splitlines())) > 2


def test_other_data_are_refused():
    with pytest.raises(SystemExit, match="no data of ICU"):
        icu_data.reduced(bytes(64))
