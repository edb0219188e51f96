"""A package out of a small program, read again by Debian's own tools."""

import shutil
import subprocess
import sys

import pytest

from installer.icons import SIZES_PX
from installer.linux import packages

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not all(map(shutil.which, ("dpkg-deb", "ar", "xz"))),
    reason="needs Debian's tools",
)


@pytest.fixture
def package(tmp_path, monkeypatch):
    for name in ("BUILD", "DIST", "ICONS"):
        monkeypatch.setattr(packages, name, tmp_path / name)
    (tmp_path / "ICONS").mkdir()
    for size in SIZES_PX:
        (tmp_path / "ICONS" / f"{size}.png").touch()
    app = tmp_path / "app"
    app.mkdir()
    (app / "faceaccess").write_bytes(b"program" * 1001)
    return packages.build_deb(app, level=1)


def test_a_package_unpacks_to_what_went_in(package, tmp_path):
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path / "out"], check=True)
    assert (tmp_path / "out/opt/faceaccess/faceaccess").read_bytes() == b"program" * 1001
    shown = subprocess.run(
        ["dpkg-deb", "--field", package, "Depends"], capture_output=True, text=True, check=True
    )
    assert "libcups2" in shown.stdout


def test_a_packages_files_are_its_last_part_compressed_by_xz(package):
    parts = subprocess.run(["ar", "t", package], capture_output=True, text=True, check=True).stdout.split()
    assert (parts[0], parts[-1]) == ("debian-binary", "data.tar.xz")
    data = subprocess.run(["ar", "p", package, "data.tar.xz"], capture_output=True, check=True).stdout
    assert subprocess.run(["xz", "--test"], input=data, check=False).returncode == 0
