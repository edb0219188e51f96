"""Embeddings of labelled photos kept between measurements, by model_id, use and the photo's digest.

One file for each model and use, which says what it is and ends with its own digest. A file that is
damaged, or something else, is as good as none: it is written anew.
"""

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

import numpy as np

from faceaccess.foreign_files import read_bytes
from faceaccess.vision.types import FloatArray

logger = logging.getLogger(__name__)

VERSION = 1
"""Raised when the way to an embedding changes without the model_id, such as which face is the main one."""

_MAGIC = b"FaceAccess embeddings\n"
_DIGEST_BYTES = 32
_MOST_BYTES = 2 * 2**30


class Use(StrEnum):
    """What is known of a face: embeddings by the number of views of each use, and how light its skin is."""

    TEMPLATE = "template"
    PROBE = "probe"
    SKIN_TONE = "skin tone"


Rows = Mapping[bytes, FloatArray | None]
"""By a photo's SHA-256: (D,) unit embedding of its main face, or (1,) individual typology angle, degrees;
None where there is no face, or a photo without colours."""


class EmbeddingCache:
    """The files of a folder that hold embeddings."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, made when something is written."""
        self._folder = folder

    def path(self, model_id: str, use: Use) -> Path:
        """Return the file of a model for a use."""
        key = hashlib.sha256(f"{VERSION}/{model_id}/{use}".encode()).hexdigest()
        return self._folder / f"embeddings-{key[:16]}.bin"

    def read(self, model_id: str, use: Use) -> dict[bytes, FloatArray | None]:
        """Return what is known of a model for a use; nothing where the file isn't what was written."""
        path = self.path(model_id, use)
        try:
            return _rows(read_bytes(path, _MOST_BYTES), _header(model_id, use))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError) as exc:
            logger.info("%s is written anew: %s", path.name, exc)
            return {}

    def write(self, model_id: str, use: Use, rows: Rows) -> None:
        """Replace what is known of a model for a use; where that can't be, nothing is kept."""
        digests = sorted(rows)
        faces = [row for row in rows.values() if row is not None]
        dimension = len(faces[0]) if faces else 1
        table = np.full((len(digests), dimension), np.nan, "<f4")
        for place, digest in enumerate(digests):
            row = rows[digest]
            if row is not None:
                table[place] = row
        size = json.dumps({"rows": len(digests), "dimension": dimension}).encode() + b"\n"
        data = _header(model_id, use) + size + b"".join(digests) + table.tobytes()
        path = self.path(model_id, use)
        part = path.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data + hashlib.sha256(data).digest())
            part.replace(path)
        except OSError as exc:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            logger.warning("embeddings are not kept: %s", exc.strerror)


def _header(model_id: str, use: Use) -> bytes:
    return _MAGIC + json.dumps([VERSION, model_id, use.value]).encode() + b"\n"


def _rows(data: bytes, header: bytes) -> dict[bytes, FloatArray | None]:
    """Return the rows of a file.

    Raises:
        ValueError, KeyError: it is not the file that the header belongs to, or damaged.
    """
    body, digest = data[:-_DIGEST_BYTES], data[-_DIGEST_BYTES:]
    if not body.startswith(header) or hashlib.sha256(body).digest() != digest:
        raise ValueError("it is damaged, or something else")
    size, _, content = body[len(header) :].partition(b"\n")
    numbers = json.loads(size)
    rows, dimension = int(numbers["rows"]), int(numbers["dimension"])
    if len(content) != rows * (_DIGEST_BYTES + 4 * dimension):
        raise ValueError("its size is not the one that it states")
    table = np.frombuffer(content, "<f4", offset=rows * _DIGEST_BYTES).reshape(rows, dimension)
    has_face = np.isfinite(table).all(axis=1)
    return {
        content[at * _DIGEST_BYTES : (at + 1) * _DIGEST_BYTES]: table[at] if has_face[at] else None
        for at in range(rows)
    }
