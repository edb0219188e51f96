"""What a file of people holds: checked value by value, whoever wrote it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import cv2
import numpy as np

from faceaccess.errors import StoreError
from faceaccess.store.types import NewConsent, WholePhoto
from faceaccess.vision.alignment import LOOSE_PX
from faceaccess.vision.images import KEPT_PX
from faceaccess.vision.types import FloatArray

MAGIC = b"FAPEOPLE\1"
SCHEMA = 1
_FLOAT = np.dtype("<f4")
_COUNT_BYTES = 4
MOST_PHOTOS = 100
MOST_PEOPLE = 1_000_000
_MOST_TEXT = 100_000
_NORM_TOLERANCE = 1e-3
_LEAST_APART_PX = 2.0
"""The eyes of the smallest face enrolled are some 16 px apart, its mouth as far below them."""


@dataclass(frozen=True)
class TransferredText:
    """A consent text as the other installation has it."""

    language: str
    text: str


@dataclass(frozen=True, eq=False)
class TransferredPerson:
    """A person; `consent` is the one in force, with the number of its text in the file's head."""

    name: str
    staff_number: str | None
    department: str
    email: str
    is_active: bool
    photos: tuple[WholePhoto, ...]
    consent: tuple[int, NewConsent] | None = None


@dataclass(frozen=True)
class TransferHead:
    """What a file says of itself."""

    made_at: datetime
    people: int
    texts: tuple[TransferredText, ...]


def pack_head(head: TransferHead) -> bytes:
    """Return the first record."""
    values = {
        "schema": SCHEMA,
        "made_at": head.made_at.isoformat(),
        "people": head.people,
        "texts": [{"language": text.language, "text": text.text} for text in head.texts],
    }
    return _packed(values, ())


def unpack_head(record: bytes) -> TransferHead:
    """Return the first record's content.

    Raises:
        StoreError: it is of a newer schema, or not what it should be.
    """
    values, _ = _unpacked(record)
    schema = _whole(values, "schema", 1_000)
    if schema != SCHEMA:
        raise StoreError(f"The file has schema {schema}, this program reads {SCHEMA}.", "Use that program.")
    texts = tuple(
        TransferredText(_filled(each, "language", 35), _filled(each, "text", _MOST_TEXT))
        for each in _list(values, "texts", 10_000)
    )
    made_at = _parsed(datetime.fromisoformat, values, "made_at")
    return TransferHead(made_at, _whole(values, "people", MOST_PEOPLE), texts)


def pack_person(person: TransferredPerson) -> bytes:
    """Return a person's record."""
    blobs: list[bytes] = []
    values: dict[str, object] = {
        "name": person.name,
        "staff_number": person.staff_number,
        "department": person.department,
        "email": person.email,
        "is_active": person.is_active,
        "photos": [_photo_values(photo, blobs) for photo in person.photos],
        "consent": _consent_values(person.consent, blobs),
    }
    return _packed(values, blobs)


def unpack_person(record: bytes, texts: int) -> TransferredPerson:
    """Return a person's record's content.

    Args:
        record: decrypted.
        texts: how many texts the head has.

    Raises:
        StoreError: it is not what it should be.
    """
    values, blobs = _unpacked(record)
    number = values.get("staff_number")
    return TransferredPerson(
        name=_text(values, "name", 1_000),
        staff_number=None if number is None else _text(values, "staff_number", 1_000),
        department=_text(values, "department", 1_000),
        email=_text(values, "email", 1_000),
        is_active=values.get("is_active") is True,
        photos=tuple(_photo(each, blobs) for each in _list(values, "photos", MOST_PHOTOS)),
        consent=_consent(values.get("consent"), blobs, texts),
    )


def _photo_values(photo: WholePhoto, blobs: list[bytes]) -> dict[str, object]:
    return {
        "sha256": photo.sha256,
        "quality": photo.quality,
        "landmarks": _kept(blobs, photo.landmarks.astype(_FLOAT).tobytes()),
        "crop": _kept(blobs, photo.crop),
        "photo": _kept(blobs, photo.jpeg),
        "templates": {
            model_id: _kept(blobs, embedding.astype(_FLOAT).tobytes())
            for model_id, embedding in photo.embeddings.items()
        },
    }


def _photo(values: Mapping[str, Any], blobs: Sequence[bytes]) -> WholePhoto:
    sha256 = _text(values, "sha256", 64)
    landmarks = np.frombuffer(_blob(values, "landmarks", blobs, 40), _FLOAT)
    quality = values.get("quality")
    templates: dict[str, Any] = values.get("templates") or {}
    is_sound = (
        re.fullmatch("[0-9a-f]{64}", sha256)
        and landmarks.size == 10
        and _are_of_a_face(landmarks.reshape(5, 2))
        and isinstance(quality, int | float)
        and bool(np.isfinite(quality))
        and isinstance(templates, dict)
        and len(templates) <= 20
    )
    if not is_sound or not isinstance(quality, int | float):
        raise _wrong("a photo")
    crop, photo = _blob(values, "crop", blobs), _blob(values, "photo", blobs)
    _check_picture(crop, LOOSE_PX)
    _check_picture(photo, KEPT_PX)
    return WholePhoto(
        sha256,
        float(quality),
        landmarks.reshape(5, 2).astype(np.float32),
        crop,
        photo,
        {str(model_id): _embedding(_blob(templates, model_id, blobs, 65_536)) for model_id in templates},
    )


def _are_of_a_face(landmarks: FloatArray) -> bool:
    """Tell whether a face can be aligned by landmarks: near the crop, with eyes and mouth apart."""
    # Written so that NaN is refused as well.
    if not (np.abs(landmarks) <= 2 * LOOSE_PX).all():
        return False
    across, down = landmarks[1] - landmarks[0], landmarks[3:].mean(axis=0) - landmarks[:2].mean(axis=0)
    return min(float(np.linalg.norm(across)), float(np.linalg.norm(down))) >= _LEAST_APART_PX


def _embedding(data: bytes) -> FloatArray:
    if not data or len(data) % _FLOAT.itemsize:
        raise _wrong("a template")
    embedding = np.frombuffer(data, _FLOAT).astype(np.float32)
    # Written so that NaN is refused as well.
    if not abs(float(np.linalg.norm(embedding)) - 1) <= _NORM_TOLERANCE:
        raise _wrong("a template")
    return embedding


def _check_picture(data: bytes, longer_px: int) -> None:
    """Check that a picture is a JPEG no larger than this program keeps; its size is read first."""
    size = _jpeg_size(data)
    if size is None or max(size) > longer_px or min(size) < 1:
        raise _wrong("a picture")
    if cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) is None:
        raise _wrong("a picture")


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height as a JPEG's frame header says; None for anything else.

    Source: ITU-T T.81, B.2.2: SOFn is 0xFFC0 to 0xFFCF without C4, C8 and CC.
    """
    at = 2
    if data[:2] != b"\xff\xd8":
        return None
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = (int.from_bytes(data[at + n : at + n + 2], "big") for n in (5, 7))
            return width, height
        at += 2 + length
    return None


def _consent_values(consent: tuple[int, NewConsent] | None, blobs: list[bytes]) -> dict[str, object] | None:
    if consent is None:
        return None
    text, given = consent
    return {
        "text": text,
        "given_on": given.given_on.isoformat(),
        "expires_on": given.expires_on.isoformat() if given.expires_on else None,
        "review_on": given.review_on.isoformat() if given.review_on else None,
        "signature": None if given.signature is None else _kept(blobs, given.signature),
    }


def _consent(values: object, blobs: Sequence[bytes], texts: int) -> tuple[int, NewConsent] | None:
    if values is None:
        return None
    if not isinstance(values, dict):
        raise _wrong("a consent")
    days = {
        name: _parsed(date.fromisoformat, values, name)
        for name in ("given_on", "expires_on", "review_on")
        if values.get(name) is not None
    }
    text = _whole(values, "text", texts - 1)
    signature = _blob(values, "signature", blobs) if values.get("signature") is not None else None
    if "given_on" not in days:
        raise _wrong("a consent")
    return text, NewConsent(0, days["given_on"], days.get("expires_on"), days.get("review_on"), signature)


def _packed(values: Mapping[str, object], blobs: Sequence[bytes]) -> bytes:
    """Return JSON and the bytes that it refers to by number, each with its length."""
    text = json.dumps(values, ensure_ascii=False).encode()
    parts = [text, *blobs]
    return b"".join(len(part).to_bytes(_COUNT_BYTES, "big") + part for part in parts)


def _unpacked(record: bytes) -> tuple[dict[str, Any], list[bytes]]:
    parts, at = [], 0
    while at < len(record):
        length = int.from_bytes(record[at : at + _COUNT_BYTES], "big")
        part = record[at + _COUNT_BYTES : at + _COUNT_BYTES + length]
        if len(part) < length:
            raise _wrong("a record")
        parts.append(part)
        at += _COUNT_BYTES + length
    try:
        values = json.loads(parts[0])
    except (IndexError, ValueError, RecursionError) as exc:
        raise _wrong("a record") from exc
    if not isinstance(values, dict):
        raise _wrong("a record")
    return values, parts[1:]


def _kept(blobs: list[bytes], data: bytes) -> int:
    blobs.append(data)
    return len(blobs) - 1


def _blob(values: Mapping[str, Any], name: str, blobs: Sequence[bytes], most: int = 2**31) -> bytes:
    number = _whole(values, name, len(blobs) - 1)
    if len(blobs[number]) > most:
        raise _wrong(name)
    return blobs[number]


def _text(values: Mapping[str, Any], name: str, most: int) -> str:
    value = values.get(name) if isinstance(values, dict) else None
    if not isinstance(value, str) or len(value) > most:
        raise _wrong(name)
    try:
        value.encode()
    except UnicodeEncodeError as exc:  # half of a surrogate pair
        raise _wrong(name) from exc
    return value


def _filled(values: Mapping[str, Any], name: str, most: int) -> str:
    value = _text(values, name, most)
    if not value.strip():
        raise _wrong(name)
    return value


def _whole(values: Mapping[str, Any], name: str, most: int) -> int:
    value = values.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise _wrong(name)
    return value


def _list(values: Mapping[str, Any], name: str, most: int) -> list[Any]:
    value = values.get(name)
    if not isinstance(value, list) or len(value) > most:
        raise _wrong(name)
    if not all(isinstance(each, dict) for each in value):
        raise _wrong(name)
    return value


def _parsed(parse: Any, values: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - a day or a time
    try:
        return parse(_text(values, name, 40))
    except ValueError as exc:
        raise _wrong(name) from exc


def _wrong(what: str) -> StoreError:
    return StoreError(f"The file holds {what} that can't be right.", "It wasn't written by this program.")
