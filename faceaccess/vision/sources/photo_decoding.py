"""Photo files to pixels within bounds of memory and time, whatever the file claims or does.

Small pictures of simple formats, and JPEGs, which are decoded at a fraction of their size, are decoded here.
Everything else goes to a process of its own, whose memory and time are limited: containers may hold another
size than they say, and their decoders keep a picture several times over.
"""

import contextlib
import re
import struct
import threading
from collections.abc import Iterator
from io import SEEK_CUR
from pathlib import Path
from typing import BinaryIO, cast

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from faceaccess.apart import run_apart
from faceaccess.errors import EnrolmentError
from faceaccess.foreign_files import open_file
from faceaccess.vision.types import ImageArray

GREATEST_BYTES = 256 * 2**20
GREATEST_PIXELS = 60_000_000
"""A larger picture is refused by what it says of itself, before anything is decoded."""

SIMPLE_PIXELS = 4_000_000
"""Up to this a picture of a simple format is decoded here; it takes some 40 MB for a moment."""

MOST_SCANS = 64
"""Of a JPEG: progressive ones have about ten. Each costs the time of going through the whole picture."""

DECODING_BYTES = 560 * 2**20
"""What the other process may take on top of its libraries."""

DECODING_S = 60.0

_SIMPLE = ("JPEG", "PNG", "BMP", "GIF")
_OTHERS = ("WEBP", "TIFF", "HEIF", "AVIF")
_BAND_PIXELS = 4_000_000

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is turned upright. Source: Exif 2.32, 4.6.4 A, tag 274."""

# What damaged or hostile pictures make Pillow raise.
_DAMAGED = (
    OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError,
    RuntimeError, EOFError, struct.error,
)  # fmt: skip

_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SOI, _EOI, _SOS, _TEM = 0xD8, 0xD9, 0xDA, 0x01

# Pillow would write a warning of its own; `_check_size` refuses what is too large.
Image.MAX_IMAGE_PIXELS = None

# Pictures are decoded one at a time: faces are looked for in parallel, which takes far longer.
_decoding = threading.Lock()


class UnknownFormatError(EnrolmentError):
    """A file is no photo, or one of a format that isn't read."""


class TooLargeError(EnrolmentError):
    """A photo has more pixels, or takes more memory or time, than is given to one."""


def decoded(path: Path, file: BinaryIO, longer_px: int) -> ImageArray:
    """Return a photo's pixels, upright, (H, W, 3) uint8 RGB; the longer side may be over `longer_px`.

    Args:
        path: of the file.
        file: the same, open.
        longer_px: no detail finer than a picture of this longer side is needed.

    Raises:
        UnknownFormatError: it isn't a photo of a kind that is read.
        TooLargeError: it is too large.
        EnrolmentError: it is damaged.
    """
    with _decoding:
        try:
            with _reading(path), Image.open(file, formats=_SIMPLE) as picture:
                _check_size(path, picture)
                if _is_light(picture, file):
                    return _pixels(picture, longer_px)
        except UnknownFormatError:
            pass
        return _decoded_apart(path, longer_px)


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turn failures to open or decode a picture into clear messages."""
    try:
        yield
    except UnidentifiedImageError as exc:
        raise UnknownFormatError(
            "{name} is not a photo of a kind that is read.",
            "Use JPEG, PNG, HEIC, AVIF, WebP or TIFF.",
            name=path.name,
        ) from exc
    except _DAMAGED as exc:
        raise EnrolmentError("{name} is damaged.", "Copy the photo again.", name=path.name) from exc


def _check_size(path: Path, picture: Image.Image) -> None:
    if picture.width * picture.height > GREATEST_PIXELS:
        raise _too_large(path)


def _too_large(path: Path) -> TooLargeError:
    return TooLargeError(
        "{name} is too large.",
        "Use a photo of at most {megapixels} megapixels.",
        name=path.name,
        megapixels=GREATEST_PIXELS // 1_000_000,
    )


def _is_light(picture: Image.Image, file: BinaryIO) -> bool:
    """Tell whether a picture takes little memory and time: by its pixels, or as a JPEG of one scan."""
    is_small = picture.width * picture.height <= SIMPLE_PIXELS
    if picture.format not in ("JPEG", "MPO"):
        return is_small
    place = file.tell()
    scans = _scans(file)
    file.seek(place)
    if scans > MOST_SCANS:
        raise ValueError("a JPEG of more scans than a picture needs")
    # Of several scans, all of the picture's coefficients are kept, however small it is to become.
    return is_small or scans == 1


def _scans(file: BinaryIO) -> int:
    """Return how many scans a JPEG has, up to one more than there may be.

    Source: ITU-T T.81, B.1.1: markers, and segments with their lengths.
    """
    scans, at = 0, 0
    while scans <= MOST_SCANS and (at := _next_marker(file, at)) >= 0:
        file.seek(at)
        head = file.read(4)
        if len(head) < 4 or head[1] == _EOI:
            break
        scans += head[1] == _SOS
        at += 2 if head[1] in (_SOI, _TEM) else 2 + int.from_bytes(head[2:], "big")
    return scans


def _next_marker(file: BinaryIO, at: int) -> int:
    """Return where the next marker stands, -1 for none."""
    file.seek(at)
    while len(part := file.read(1 << 16)) > 1:
        if marker := _MARKER.search(part):
            return file.tell() - len(part) + marker.start()
        # A marker may begin with the last byte.
        file.seek(-1, SEEK_CUR)
    return -1


def _pixels(picture: Image.Image, longer_px: int) -> ImageArray:
    """Return a picture's pixels, decoded and made RGB band by band."""
    longer = max(picture.size)
    if longer > longer_px:
        smaller = (max(1, side * longer_px // longer) for side in picture.size)
        # A JPEG is decoded at a fraction of its size where that is still large enough.
        picture.draft("RGB", (next(smaller), next(smaller)))
    picture.load()
    longer = max(picture.size)
    turn = _UPRIGHT.get(picture.getexif().get(0x0112, 1))
    step = max(1, longer // longer_px)
    rows, top = max(1, _BAND_PIXELS // picture.width // step) * step, _brightest(picture)
    width, height = picture.size
    image = np.empty((_part(height, step), _part(width, step), 3), np.uint8)
    for y in range(0, height, rows):
        band = _to_rgb(picture.crop((0, y, width, min(y + rows, height))), top)
        place = image[y // step :][: _part(len(band), step)]
        place[:] = _resized(band, place.shape[1], place.shape[0])
    return image if turn is None else np.array(Image.fromarray(image).transpose(turn))


def _brightest(picture: Image.Image) -> float:
    """Return the value of white of a picture whose values are more than 8 bits wide."""
    if not picture.mode.startswith("I") and picture.mode != "F":
        return 255.0
    _, brightest = cast(tuple[float, float], picture.getextrema())
    return 65535.0 if np.nan_to_num(brightest) > 255 else 255.0


def _part(side: int, step: int) -> int:
    return -(-side // step)


def _resized(image: ImageArray, width: int, height: int) -> ImageArray:
    if image.shape[:2] == (height, width):
        return image
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


def _to_rgb(picture: Image.Image, top: float) -> ImageArray:
    if picture.mode.startswith("I") or picture.mode == "F":
        values = np.nan_to_num(np.asarray(picture, dtype=np.float32))
        grey = np.clip(values * (255.0 / top), 0, 255).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return np.array(picture.convert("RGB"), dtype=np.uint8)


def _decoded_apart(path: Path, longer_px: int) -> ImageArray:
    """Return a photo's pixels, decoded by another process that ends with it."""
    try:
        return run_apart(DECODING_BYTES, DECODING_S, _decode, path, longer_px)
    except MemoryError as exc:
        raise TooLargeError(
            "{name} takes too much memory to decode.", "Save it anew as a JPEG.", name=path.name
        ) from exc
    except TimeoutError as exc:
        raise TooLargeError(
            "{name} takes too long to decode.", "Save it anew as a JPEG.", name=path.name
        ) from exc
    except EOFError as exc:
        raise EnrolmentError("{name} is damaged.", "Copy the photo again.", name=path.name) from exc


def _decode(path: Path, longer_px: int) -> ImageArray:
    """Return a photo's pixels. Runs in the other process."""
    # Takes a moment to import.
    from pi_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
    with (
        _reading(path),
        open_file(path, GREATEST_BYTES) as file,
        Image.open(file, formats=(*_SIMPLE, *_OTHERS)) as picture,
    ):
        _check_size(path, picture)
        return _pixels(picture, longer_px)
