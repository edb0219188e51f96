"""Whose work the bundle holds: notices with all licence texts, and a bill of materials (CycloneDX)."""

import json
import platform
import re
import shutil
import subprocess
import sysconfig
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from faceaccess import __version__
from installer.places import INSTALLER

NOTICES_FILE, BILL_FILE = "NOTICES.txt", "sbom.cdx.json"
_TEXTS = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|ThirdParty|THIRD_PARTY|COPYRIGHT)", re.IGNORECASE)
_LGPL_QT = ("pyside6_essentials", "pyside6-essentials", "shiboken6")


@dataclass(frozen=True, order=True)
class Part:
    """Somebody else's work in the bundle.

    Attributes:
        name, version: of it.
        licence: an SPDX expression, or what its author calls it.
        home: where it comes from; may be "".
        purl: package URL; "" for what is no package.
        texts: paths of its licence texts.
        inside: of what is linked into it, as its own bill of materials has it: name and version.
    """

    name: str
    version: str
    licence: str
    home: str = ""
    purl: str = ""
    texts: tuple[Path, ...] = ()
    inside: tuple[tuple[str, str], ...] = ()


def write_notices(sources: Collection[Path], folder: Path) -> list[Part]:
    """Write notices and bill of materials for what is bundled; return its parts.

    Args:
        sources: every file of the bundle, where it was taken from.
        folder: where to; replaced.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    parts = [*_weights(), _python(), *_packages(sources), *_system_libraries(sources)]
    parts.sort()
    (folder / NOTICES_FILE).write_text(_notices(parts), encoding="utf-8")
    (folder / BILL_FILE).write_text(_bill(parts), encoding="utf-8")
    return parts


def _weights() -> Iterator[Part]:
    apache, mit = INSTALLER / "licences" / "Apache-2.0.txt", INSTALLER / "licences" / "weights-MIT.txt"
    yield Part(
        "SFace (weights)", "2021dec", "Apache-2.0", "opencv_zoo, face_recognition_sface", texts=(apache,)
    )
    yield Part("YuNet (weights)", "2023mar", "MIT", "opencv_zoo, face_detection_yunet", texts=(mit,))
    yield Part("MTCNN (weights)", "2.5.3", "MIT", "facenet-pytorch", texts=(mit,))


def _python() -> Part:
    text = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    version = platform.python_version()
    return Part(
        "Python", version, "PSF-2.0", "python.org", f"pkg:generic/python@{version}", _existing([text])
    )


def _packages(sources: Collection[Path]) -> Iterator[Part]:
    """Yield the Python packages of which any file is bundled."""
    bundled = {path.resolve() for path in sources}
    for package in distributions():
        files = {Path(str(package.locate_file(file))).resolve() for file in package.files or ()}
        if package.metadata["Name"] != "faceaccess" and not files.isdisjoint(bundled):
            yield _package(package)


def _package(package: Distribution) -> Part:
    name, version = package.metadata["Name"], package.version
    files = [Path(str(package.locate_file(file))) for file in package.files or ()]
    texts = [file for file in files if _TEXTS.search(file.name) and file.suffix not in (".py", ".pyc")]
    if name.lower().replace("_", "-") in _LGPL_QT:
        texts += [INSTALLER / "licences" / file for file in ("LGPL-3.0.txt", "GPL-3.0.txt")]
    urls = package.metadata.get_all("Project-URL") or [""]
    home = _field(package, "Home-page") or urls[0].split(", ")[-1]
    return Part(
        name,
        version,
        _licence(package),
        home,
        str(PackageURL("pypi", name=name.lower(), version=version)),
        _existing(texts),
        tuple(sorted(_inside([file for file in files if file.name.endswith(".cdx.json")]))),
    )


def _licence(package: Distribution) -> str:
    classifiers = [
        entry.rsplit(" :: ", 1)[-1]
        for entry in package.metadata.get_all("Classifier") or ()
        if entry.startswith("License ::")
    ]
    first_line = _field(package, "License").strip().split("\n")[0]
    return _field(package, "License-Expression") or ", ".join(classifiers) or first_line or "see its text"


def _field(package: Distribution, name: str) -> str:
    return str(package.metadata[name]) if name in package.metadata else ""


def _inside(bills: Sequence[Path]) -> set[tuple[str, str]]:
    """Return what the bills of materials that packages bring along name."""
    found = set()
    for bill in _existing(bills):
        for component in json.loads(bill.read_text(encoding="utf-8")).get("components", ()):
            found.add((component["name"], component.get("version", "")))
    return found


def _system_libraries(sources: Collection[Path]) -> Iterator[Part]:
    """Yield Debian's packages of the libraries that were taken from the building system."""
    if shutil.which("dpkg-query") is None:
        return
    owners = set()
    for path in sources:
        real = path.resolve()
        if real.is_relative_to("/usr/lib") or real.is_relative_to("/lib"):
            # dpkg knows a file by the path it was installed under, which may lack the merged /usr.
            for place in (
                real,
                Path("/") / real.relative_to("/usr") if real.is_relative_to("/usr") else real,
            ):
                answer = subprocess.run(
                    ["dpkg-query", "--search", str(place)], capture_output=True, text=True, check=False
                )
                if answer.returncode == 0:
                    owners.add(answer.stdout.split(": ")[0])
                    break
    for owner in sorted(owners):
        shown = ["dpkg-query", "--show", "--showformat=${Package}\t${Version}", owner]
        name, version = subprocess.run(shown, capture_output=True, text=True, check=True).stdout.split("\t")
        text = Path("/usr/share/doc") / name / "copyright"
        purl = str(PackageURL("deb", "debian", name, version))
        yield Part(name, version, "see its text", "Debian", purl, _existing([text]))


def _existing(paths: Sequence[Path]) -> tuple[Path, ...]:
    return tuple(sorted({path for path in paths if path.is_file()}))


def _notices(parts: Sequence[Part]) -> str:
    """Return the text that a reader sees: an index, and each licence text once."""
    lines = [
        f"FaceAccess {__version__} is under the MIT licence (see LICENSE). It brings the work of others:", "",
        *(f"  {part.name} {part.version}: {part.licence}" for part in parts), "",
        "Qt, PySide6 and shiboken6 are under the LGPL 3.0, libheif and libde265 (in pi_heif) too: their",
        "libraries lie in this folder as files of their own, and may be exchanged for others of the same",
        "interface. Their sources are published by the Qt Company and by the libheif and libde265 projects",
        "under the versions named here. FFmpeg (in opencv-python-headless) is under the LGPL 2.1; its",
        "project publishes its sources.", "",
    ]  # fmt: skip
    named: dict[str, list[str]] = {}
    for part in parts:
        for path in part.texts:
            named.setdefault(path.read_text(encoding="utf-8", errors="replace").strip(), []).append(part.name)
    extra = (INSTALLER / "licences" / "LGPL-2.1.txt").read_text(encoding="utf-8").strip()
    named.setdefault(extra, []).append("FFmpeg")
    for text, names in sorted(named.items(), key=lambda item: item[1]):
        lines += ["=" * 78, ", ".join(sorted(set(names))), "=" * 78, text, ""]
    return "\n".join(lines)


def _bill(parts: Sequence[Part]) -> str:
    """Return the bill of materials, the same for the same parts."""
    program = Component(
        name="FaceAccess", version=__version__, bom_ref="faceaccess", type=ComponentType.APPLICATION
    )
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"faceaccess {__version__} {platform.system()}"))
    bom.metadata.component = program
    bom.metadata.timestamp = datetime(2026, 1, 1, tzinfo=UTC)
    for part in parts:
        inside = [
            Component(name=name, version=version or None, bom_ref=f"{part.name}/{name}@{version}")
            for name, version in part.inside
        ]
        component = Component(
            name=part.name,
            version=part.version,
            bom_ref=part.purl or part.name,
            purl=PackageURL.from_string(part.purl) if part.purl else None,
            licenses=[DisjunctiveLicense(name=part.licence)],
            components=inside,
        )
        bom.components.add(component)
    bom.register_dependency(program, bom.components)
    return str(JsonV1Dot6(bom).output_as_string(indent=1))
