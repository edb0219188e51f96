"""The built program as a `.deb`, and as a `.tar.gz` with a script that installs it anywhere."""

import gzip
import os
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from faceaccess import __version__
from installer.build import EPOCH
from installer.icons import SIZES_PX
from installer.places import APP, BUILD, DIST, ICONS, INSTALLER, ROOT

NEEDS = (
    "libc6 (>= 2.36)", "libegl1", "libgl1", "libxcb1", "libx11-6", "libxcb-icccm4", "libxcb-keysyms1",
    "libxkbcommon-x11-0", "libcups2", "fontconfig-config", "hicolor-icon-theme",
)  # fmt: skip
"""Of the system: what a desktop has anyway, and drivers, which no program can bring."""

ADVISES = ("fonts-dejavu-core", "xdg-utils", "ca-certificates")
_SHARE = INSTALLER / "linux"

_DATA, _AR_HEAD = b"data.tar".ljust(16), 60
_PROGRAM_FILTERS = {"amd64": ["--x86"], "i386": ["--x86"]}
"""Of xz, by Debian's name of the machine's kind."""


def architecture() -> str:
    """Return Debian's name of this machine's kind."""
    shown = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    return shown.stdout.strip()


def build_deb(
    app: Path = APP, *, level: int = 9, version: str = __version__, more: Mapping[str, str] | None = None
) -> Path:
    """Pack the program; return the package.

    Args:
        app: the built program.
        level: of xz, 0 to 9.
        version: that the package says it has.
        more: further files by their places, and what is in them.
    """
    root = BUILD / "deb"
    shutil.rmtree(root, ignore_errors=True)
    place = root / "opt" / "faceaccess"
    shutil.copytree(app, place, symlinks=True)
    (root / "usr" / "bin").mkdir(parents=True)
    (root / "usr" / "bin" / "faceaccess").symlink_to("/opt/faceaccess/faceaccess")
    _write_share(root / "usr" / "share")
    papers = root / "usr" / "share" / "doc" / "faceaccess"
    papers.mkdir(parents=True)
    shutil.copyfile(ROOT / "LICENSE", papers / "copyright")
    with gzip.GzipFile(papers / "changelog.gz", "wb", 9, mtime=int(EPOCH)) as file:
        file.write((ROOT / "CHANGELOG.md").read_bytes())
    for name, content in (more or {}).items():
        (root / name).write_text(content, encoding="utf-8")
    control = root / "DEBIAN"
    control.mkdir()
    size_kib = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file()) // 1024
    (control / "control").write_text(_control(size_kib, version), encoding="utf-8")
    for script in ("prerm", "postrm"):
        shutil.copy(_SHARE / script, control / script)
    _make_readable(root)
    DIST.mkdir(exist_ok=True)
    path = DIST / f"faceaccess_{version}_{architecture()}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Znone", "--no-uniform-compression", "--build"]
    subprocess.run(
        [*command, str(root), str(path)], check=True, env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    _compress(path, level)
    return path


def _compress(package: Path, level: int) -> None:
    """Compress a package's files by xz with its filter for programs, of which dpkg-deb can't be told.

    Source: deb(5): an `ar` archive, whose last part is the files; xz(1), "Filter chains".

    Args:
        package: with nothing compressed.
        level: of xz, 0 to 9.
    """
    whole = package.read_bytes()
    start = whole.index(_DATA)
    head, data = whole[start : start + _AR_HEAD], whole[start + _AR_HEAD :]
    filters = _PROGRAM_FILTERS.get(architecture(), [])
    # Two threads always: how many there are tells what comes out.
    command = ["xz", "--stdout", "--threads=2", *filters, f"--lzma2=preset={level}{'e' if level else ''}"]
    packed = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout
    named = b"data.tar.xz".ljust(16) + head[16:48] + str(len(packed)).encode().ljust(10) + head[58:]
    package.write_bytes(whole[:start] + named + packed + b"\n" * (len(packed) % 2))


def build_tarball(app: Path = APP, *, level: int = 9) -> Path:
    """Pack the program with its script; return the archive. level: of gzip, 1 to 9."""
    top = f"faceaccess-{__version__}"
    path = DIST / f"{top}-linux-{os.uname().machine}.tar.gz"
    share = BUILD / "share"
    shutil.rmtree(share, ignore_errors=True)
    _write_share(share)
    DIST.mkdir(exist_ok=True)
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", level, file, mtime=int(EPOCH)) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for source, name in ((app, "faceaccess"), (share, "share"), (_SHARE / "install.sh", "install.sh")):
            archive.add(source, f"{top}/{name}", filter=_plain, recursive=False)
            for inner in sorted(source.rglob("*")):
                archive.add(
                    inner, f"{top}/{name}/{inner.relative_to(source)}", filter=_plain, recursive=False
                )
    return path


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Return an entry without this machine's owners and times."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mtime = int(EPOCH)
    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    return entry


def _write_share(share: Path) -> None:
    """Write what desktops read: entry, icons, AppStream data."""
    for size in SIZES_PX:
        icons = share / "icons" / "hicolor" / f"{size}x{size}" / "apps"
        icons.mkdir(parents=True)
        shutil.copyfile(ICONS / f"{size}.png", icons / "faceaccess.png")
    scalable = share / "icons" / "hicolor" / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copyfile(ROOT / "resources" / "program.svg", scalable / "faceaccess.svg")
    (share / "applications").mkdir()
    shutil.copyfile(_SHARE / "faceaccess.desktop", share / "applications" / "faceaccess.desktop")
    (share / "metainfo").mkdir()
    (share / "metainfo" / "faceaccess.metainfo.xml").write_text(metainfo(), encoding="utf-8")


def metainfo() -> str:
    """Return the AppStream data of this version."""
    day = datetime.fromtimestamp(int(EPOCH), UTC).date().isoformat()
    text = (_SHARE / "faceaccess.metainfo.xml").read_text(encoding="utf-8")
    return text.replace("@VERSION@", __version__).replace("@DATE@", day)


def _control(size_kib: int, version: str) -> str:
    return f"""Package: faceaccess
Version: {version}
Section: misc
Priority: optional
Architecture: {architecture()}
Maintainer: The FaceAccess developers <faceaccess@localhost>
Installed-Size: {size_kib}
Depends: {", ".join(NEEDS)}
Recommends: {", ".join(ADVISES)}
Description: staff attendance and access by face recognition
 Enrol people from photos or a webcam, let a door camera recognise them, and find
 every entry in a log that shows when it was changed. Brings its own Python.
"""


def _make_readable(root: Path) -> None:
    """Give every file the usual rights, whatever this machine's mask is."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
