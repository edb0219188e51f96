"""Photo files to pixels and back, whatever someone drops on the window."""

import hashlib
import io
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from faceaccess.errors import EnrolmentError
from faceaccess.vision.types import ImageArray

PHOTO_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif"}
    | {".heic", ".heif", ".hif", ".avif"}
)
_FORMATS = ("JPEG", "PNG", "BMP", "WEBP", "TIFF", "GIF", "HEIF", "AVIF")
"""What is opened, whatever a file is called: each decoder more is one more to be fooled."""

GREATEST_PIXELS = 120_000_000
"""A larger picture isn't decoded: 120 megapixels are 360 MB of memory."""

WORKING_PX = 2048
KEPT_PX = 1024
GREATEST_FRAME_PX = 1920
"""A larger frame is made smaller: no face that could be told is lost by it."""

JPEG_QUALITY = 92


class UnknownFormatError(EnrolmentError):
    """A file is no photo, or one of a format that isn't read."""


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
        EnrolmentError: it can't be read, is damaged, or is too large.
    """
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise EnrolmentError(f"{path.name} can't be read: {exc.strerror}.", "Choose another file.") from exc
    if not data:
        raise EnrolmentError(f"{path.name} is empty.", "Copy the photo again.")
    try:
        with _opened(data) as picture:
            if picture.width * picture.height > GREATEST_PIXELS:
                raise EnrolmentError(f"{path.name} is too large.", "Use a photo of at most 120 megapixels.")
            # A JPEG is decoded at a fraction of its size where that is still large enough.
            picture.draft("RGB", (WORKING_PX, WORKING_PX))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            image = _to_rgb(upright)
    except UnidentifiedImageError as exc:
        raise UnknownFormatError(
            f"{path.name} is no photo of a kind that is read.", "Use JPEG, PNG, HEIC, AVIF, WebP or TIFF."
        ) from exc
    except (OSError, ValueError, SyntaxError) as exc:
        raise EnrolmentError(f"{path.name} is damaged.", "Copy the photo again.") from exc
    return Photo(limited(image, WORKING_PX), hashlib.sha256(data).hexdigest())


def _opened(data: bytes) -> Image.Image:
    """Return a picture whose pixels aren't decoded yet."""
    _set_up_pillow()
    return Image.open(io.BytesIO(data), formats=_FORMATS)


@cache
def _set_up_pillow() -> None:
    """Let Pillow open HEIC, and leave it to `read_photo` to refuse what is too large, without a warning."""
    # Takes a moment to import.
    from pi_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None


def _to_rgb(picture: Image.Image) -> ImageArray:
    if picture.mode.startswith("I") or picture.mode == "F":
        values = np.asarray(picture, dtype=np.float32)
        top = 65535.0 if values.max(initial=0) > 255 else 255.0
        grey = np.clip(values * (255.0 / top), 0, 255).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return np.array(picture.convert("RGB"), dtype=np.uint8)


def limited(image: ImageArray, longer_px: int) -> ImageArray:
    """Return the image, made smaller where its longer side is over `longer_px`."""
    scale = longer_px / max(image.shape[:2])
    if scale >= 1:
        return image
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


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


def photo_files(folder: Path) -> list[Path]:
    """Return the photo files of a folder, by name, in which 2 comes before 10."""
    photos = [path for path in folder.iterdir() if path.suffix.lower() in PHOTO_SUFFIXES and path.is_file()]
    return sorted(photos, key=_counting_order)


def _counting_order(path: Path) -> tuple[list[tuple[int, str]], str]:
    """Return what a file is sorted by: numbers in its name as numbers, the words between them as words."""
    # A part that is a number stands at an odd place, so numbers are never compared with words.
    parts = re.split(r"([0-9]+)", path.stem)
    counted = [(int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)]
    return counted, path.name
