"""The name that a photo's file or folder suggests; somebody always looks at it before it is used."""

import re
from pathlib import Path

_NO_NAMES = frozenset(
    {
        "img", "image", "images", "imagem", "bild", "dsc", "dscn", "dscf", "pxl", "mvimg", "photo",
        "photos", "foto", "fotos", "picture", "pictures", "pic", "pics", "screenshot", "screenshots",
        "screen", "shot", "bildschirmfoto", "capture", "scan", "scanned", "webcam", "whatsapp", "signal",
        "telegram", "snapchat", "video", "vid", "frame", "frames", "face", "faces", "portrait", "crop",
        "camera", "roll", "untitled", "unnamed", "unknown", "download", "downloads", "desktop", "document",
        "documents", "folder", "new", "copy", "kopie", "temp", "tmp", "test", "data", "home", "people",
        "person", "staff", "team", "passport", "selfie", "profile", "avatar", "badge", "id", "front",
        "left", "right", "of", "from", "at", "and", "the",
    }
)  # fmt: skip
"""Words of cameras, programs and folders. A file named with one of them isn't named after somebody."""

_FEWEST_WORDS, _MOST_WORDS = 2, 5
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-])*")


def proposed_name(path: Path) -> str:
    """Return the name that a photo file seems to bear, else its folder; "" where neither looks like one."""
    return name_in(path.stem) or name_in(path.parent.name)


def name_in(text: str) -> str:
    """Return the name in a file's name, such as Ada Lovelace of `Ada_Lovelace_0001`; "" where none is."""
    parts = re.sub(r"\(\d+\)", " ", text.replace("_", " ").replace(".", " ")).split()
    if len(parts) == 1:
        parts = parts[0].split("-")
    while parts and parts[-1].isdigit():
        parts.pop()
    if not _FEWEST_WORDS <= len(parts) <= _MOST_WORDS:
        return ""
    if any(_WORD.fullmatch(word) is None or word.casefold() in _NO_NAMES for word in parts):
        return ""
    is_lower = all(word.islower() for word in parts)
    return " ".join(word.capitalize() if is_lower else word for word in parts)
