"""What Windows shows under a program's properties."""

from pathlib import Path

from faceaccess import __version__
from installer.places import BUILD

_TEXT = """VSVersionInfo(
  ffi=FixedFileInfo(
    filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0
  ),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "The FaceAccess developers"),
      StringStruct("FileDescription", "FaceAccess: staff attendance and access"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "faceaccess"),
      StringStruct("LegalCopyright", "MIT licence; third-party notices are in the manual's folder"),
      StringStruct("OriginalFilename", "faceaccess.exe"),
      StringStruct("ProductName", "FaceAccess"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x0409, 1200])]),
  ],
)
"""


def version_info() -> str:
    """Return the resource as PyInstaller reads it."""
    numbers = [int(part) for part in __version__.split(".")]
    return _TEXT.format(numbers=tuple((numbers + [0, 0, 0, 0])[:4]), version=__version__)


def write_version_info() -> str:
    """Write the resource; return the file's path."""
    path: Path = BUILD / "version_info.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(version_info(), encoding="utf-8")
    return str(path)
