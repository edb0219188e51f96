"""Photo files to pixels and back, whatever someone drops on the window."""

import hashlib
import logging
import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from faceaccess.errors import EnrolmentError
from faceaccess.foreign_files import open_file
from faceaccess.plain_text import visible
from faceaccess.vision.sources.photo_decoding import GREATEST_BYTES, decoded
from faceaccess.vision.types import ImageArray

logger = logging.getLogger(__name__)

PHOTO_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif"}
    | {".heic", ".heif", ".hif", ".avif"}
)
WORKING_PX = 2048
KEPT_PX = 1024
GREATEST_FRAME_PX = 1920
"""A larger frame is made smaller: no face that could be told is lost by it."""

JPEG_QUALITY = 92


@dataclass(frozen=True, eq=False)
class Photo:
    """A decoded photo.

    Attributes:
        image: (H, W, 3) uint8, RGB, upright, at most 2048 px on the longer side.
        sha256: hex digest of the file's bytes.
    """

    image: ImageArray
    sha256: str


def read_photo(path: Path) -> Photo:
    """Decode a photo file of any usual kind: turned upright, 8-bit RGB, first picture of several.

    Raises:
        UnknownFormatError: it isn't a photo of a kind that is read.
        TooLargeError: it is too large.
        EnrolmentError: it can't be read, is no file, or is damaged.
    """
    try:
        with open_file(path, GREATEST_BYTES) as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if not file.tell():
                raise EnrolmentError("{name} is empty.", "Copy the photo again.", name=path.name)
            file.seek(0)
            image = decoded(path, file, WORKING_PX)
    except OSError as exc:
        raise EnrolmentError(
            "{name} can't be read: {reason}.", "Choose another file.", name=path.name, reason=exc.strerror
        ) from exc
    return Photo(limited(image, WORKING_PX), sha256)


def limited(image: ImageArray, longer_px: int) -> ImageArray:
    """Return the image, made smaller where its longer side is over `longer_px`."""
    scale = longer_px / max(image.shape[:2])
    if scale >= 1:
        return image
    height, width = (max(1, round(side * scale)) for side in image.shape[:2])
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


def rgb_of_bgr(image: ImageArray) -> ImageArray:
    """Return a decoded frame as (H, W, 3) uint8 RGB, read-only, at most `GREATEST_FRAME_PX` wide or high.

    Args:
        image: (H, W, 3) BGR or (H, W) grey, uint8.
    """
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    rgb = limited(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), GREATEST_FRAME_PX)
    rgb.setflags(write=False)
    return rgb


def to_jpeg(image: ImageArray, quality: int = JPEG_QUALITY) -> bytes:
    """Return an RGB image as JPEG bytes."""
    done, data = cv2.imencode(
        ".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    if not done:
        raise ValueError(f"an image of shape {image.shape} can't be written as JPEG")
    return data.tobytes()


def from_jpeg(jpeg: bytes) -> ImageArray:
    """Return a picture that the program wrote itself as (H, W, 3) uint8 RGB."""
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))


def photo_files(folder: Path) -> list[Path]:
    """Return the photo files of a folder, by name, in which 2 comes before 10."""
    photos = [path for path in folder.iterdir() if path.suffix.lower() in PHOTO_SUFFIXES and path.is_file()]
    return sorted(photos, key=_counting_order)


def photo_folders(folder: Path) -> dict[str, list[Path]]:
    """Return the photos of each sub-folder, by its name: a person's, where photos are labelled so."""
    return {path.name: photo_files(path) for path in sorted(folder.iterdir()) if path.is_dir()}


def pixels(path: Path) -> ImageArray | None:
    """Return a photo, (H, W, 3) uint8 RGB; None, said as a warning, for one that can't be read."""
    try:
        return read_photo(path).image
    except EnrolmentError as exc:
        logger.warning("left out: %s", visible(exc.message))
        return None


def _counting_order(path: Path) -> tuple[list[tuple[int, str]], str]:
    """Return a file's sort key: numbers in its name as numbers, the text between them as text."""
    # A part that is a number stands at an odd place, so numbers are never compared with words.
    parts = re.split(r"([0-9]+)", path.stem)
    counted = [(int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)]
    return counted, path.name
