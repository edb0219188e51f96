"""What can be said of the packages without building them: what they name, and what they need."""

import ast
import plistlib
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from faceaccess import __version__
from installer import contents
from installer.linux import packages
from installer.lock import CARRIERS, LEFT_OUT
from installer.places import INSTALLER, LOCK, ROOT
from installer.windows.version_info import version_info

DISTRIBUTIONS = {
    "cv2": "opencv-python-headless", "cv2_enumerate_cameras": "cv2-enumerate-cameras", "faiss": "faiss-cpu",
    "PIL": "pillow", "paho": "paho-mqtt", "serial": "pyserial", "PySide6": "pyside6-essentials",
    "sqlite_utils": "sqlite-utils", "argon2": "argon2-cffi", "pi_heif": "pi-heif", "google": "protobuf",
}  # fmt: skip


def left_out(path: Path) -> bool:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return any(f"{name}.".startswith(f"{room}.") for room in contents.LEFT_OUT_ROOMS)


def imported_by_the_program() -> set[str]:
    """The top-level names of what the bundled modules import."""
    names = set()
    for path in (ROOT / "faceaccess").rglob("*.py"):
        if not left_out(path):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                    names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"faceaccess"}


def locked() -> set[str]:
    return set(re.findall(r"^([a-z0-9.-]+)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE))


def test_all_that_the_program_imports_is_locked_or_left_out_on_purpose():
    on_purpose = {*LEFT_OUT, "dlib", "facenet_pytorch", "_typeshed"}
    missing = {
        name for name in imported_by_the_program() if DISTRIBUTIONS.get(name, name).lower() not in locked()
    }
    assert missing <= on_purpose


def test_nothing_that_the_program_needs_is_excluded():
    needed = imported_by_the_program() - {"torch", "dlib", "facenet_pytorch"}
    assert not needed & {*contents.EXCLUDED, *contents.EXCLUDED_ON_LINUX}


def test_the_lock_holds_hashes_and_nothing_that_is_left_out():
    text = LOCK.read_text(encoding="utf-8")
    assert all("--hash=sha256:" in part for part in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:])
    brought = {name for names in CARRIERS.values() for name in names}
    assert not locked() & {*LEFT_OUT, *brought}
    assert set(CARRIERS) <= locked()
    assert "://" not in text


@pytest.mark.parametrize(
    ("name", "is_used"),
    [
        ("libQt6Quick.so.6", False),
        ("PySide6/Qt/lib/libQt6Widgets.so.6", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/QtPrintSupport.abi3.so", True),
        ("PySide6/Qt/plugins/printsupport/libcupsprintersupport.so", True),
        ("libcups.so.2", False),
        ("PySide6\\plugins\\sqldrivers\\qsqlite.dll", False),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("numpy/_core/tests/data/x.npy", False),
        ("faceaccess/resources/themes/light.qss", True),
    ],
)
def test_what_is_used(name, is_used):
    assert contents.is_used(name) is is_used


def test_charts_are_drawn_without_the_modules_that_are_left_out():
    drawing = (
        f"import runpy; runpy.run_path({str(INSTALLER / 'no_opengl.py')!r}); import sys; import pyqtgraph\n"
        "app = pyqtgraph.mkQApp(); chart = pyqtgraph.GraphicsLayoutWidget(); chart.addPlot().plot([1, 2])\n"
        "chart.show(); app.processEvents(); chart.grab()\n"
        "assert not any(hasattr(sys.modules[name], '__file__') for name in sys.modules if 'OpenGL' in name"
        " and name.startswith('PySide6'))\n"
        # Ended before pyqtgraph and Qt tidy up, in an order that now and then ends in a crash.
        "import os; os._exit(0)"
    )
    assert subprocess.run([sys.executable, "-c", drawing], check=False).returncode == 0
    assert {"PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"} <= set(contents.EXCLUDED_ON_LINUX)


def test_equal_files_become_links(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("one.so", "two.so", "other.so"):
        (tmp_path / name).write_bytes(b"other" if name == "other.so" else b"same")
    entries = [
        ("a/one.so", str(tmp_path / "one.so"), "BINARY"),
        ("b/two.so", str(tmp_path / "two.so"), "BINARY"),
        ("b/other.so", str(tmp_path / "other.so"), "BINARY"),
    ]
    result = {name: (source, kind) for name, source, kind in contents.shared(entries)}
    assert result["b/two.so"] == ("../a/one.so", "SYMLINK")
    assert result["a/one.so"][1] == result["b/other.so"][1] == "BINARY"


def test_links_to_what_is_left_out_go_too():
    link, other = ("libQt6Gui.so.6", "PySide6/Qt/lib/libQt6Gui.so.6", "SYMLINK"), ("a/b", "/x/b", "DATA")
    there = ("PySide6/Qt/lib/libQt6Gui.so.6", "/x/libQt6Gui.so.6", "BINARY")
    assert contents.without_dead_links([link, other], [there]) == [link, other]
    assert contents.without_dead_links([link, other], [other]) == [other]


def test_windows_script_names_files_that_are_there_and_tasks_that_it_defines():
    text = (INSTALLER / "windows" / "faceaccess.iss").read_text(encoding="utf-8")
    folder = INSTALLER / "windows"
    named = re.findall(r"^(?:LicenseFile|SetupIconFile)=(.+)$", text, re.MULTILINE)
    sources = re.findall(r'^Source: "([^"]+)"', text, re.MULTILINE)
    for name in [*named, *sources]:
        path = PurePosixPath(name.replace("\\", "/"))
        # What a build puts there is named by its folder.
        assert path.parts[:2] == ("..", ".."), name
        assert path.parts[2] in ("dist", "build") or (folder / path).is_file(), name
    tasks = set(re.findall(r"^Name: (\w+);", text, re.MULTILINE))
    assert set(re.findall(r"Tasks: (\w+)", text)) <= tasks
    sections = re.findall(r"^\[(\w+)\]$", text, re.MULTILINE)
    assert sections == ["Setup", "Tasks", "InstallDelete", "Files", "Icons", "Run", "UninstallRun", "Code"]
    programs = set(re.findall(r"\{app\}\\([^\"]+?\.exe)", text))
    spec = (INSTALLER / "faceaccess.spec").read_text(encoding="utf-8")
    assert all(f'name="{program.removesuffix(".exe")}"' in spec for program in programs)
    assert len(re.findall(r"\bbegin\b", text)) == len(re.findall(r"\bend;", text))
    assert text.count("#ifndef") == text.count("#endif")


def test_windows_shows_this_version():
    class Parts(dict):
        def __missing__(self, name):
            return lambda *values, **named: (values, named)

    (_, named) = eval(version_info(), {"__builtins__": {}}, Parts())
    (_, numbers) = named["ffi"]
    assert numbers["filevers"] == tuple([*map(int, __version__.split(".")), 0, 0][:4])
    assert __version__ in str(named["kids"])


@pytest.mark.parametrize("script", ["linux/install.sh", "linux/prerm", "linux/postrm", "macos/dmg.sh"])
def test_scripts_are_shell(script):
    assert subprocess.run(["sh", "-n", INSTALLER / script], check=False).returncode == 0


def test_macos_rights_are_a_property_list():
    rights = plistlib.loads((INSTALLER / "macos" / "entitlements.plist").read_bytes())
    assert rights["com.apple.security.device.camera"] is True


def test_appstream_data_name_this_version():
    assert f'version="{__version__}"' in packages.metainfo()
    assert "@" not in packages.metainfo()
