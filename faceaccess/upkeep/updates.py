"""News of newer versions: looked for when somebody asks, signed by IT, and never installed from here.

The file at the address is JSON: `payload`, the base64 of the bytes that were signed, and `signature`, the
base64 of their Ed25519 signature. So one answer brings both, and no editor or transfer can part or change
them unseen. The payload is JSON itself, and is read only after its signature was checked.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from faceaccess import __version__
from faceaccess.errors import UpdateError, template
from faceaccess.exchange import Answer, ask
from faceaccess.settings import UpdateSettings

PRODUCT = "FaceAccess"
TIMEOUT_S = 10.0
MOST_BYTES = 256 * 1024
_MOST_DIGITS = 9
_OPEN_IT = template("Open the address in a browser, and tell IT what is there.")
_TELL_IT = template("Nothing was changed here. Tell IT.")


class Standing(StrEnum):
    """How the version of the news stands to this one."""

    NEWER = "newer"
    SAME = "same"
    OLDER = "older"


@dataclass(frozen=True)
class UpdateManifest:
    """A version of this program, as it is announced.

    Attributes:
        version: whole numbers with dots between.
        released_on: when it came out.
        changes: what is new in it, a line each; may be empty.
    """

    version: str
    released_on: date
    changes: tuple[str, ...]


@dataclass(frozen=True)
class UpdateNews:
    """The news at the address, compared with this version.

    Attributes:
        standing: of the announced version; an older one may be an old file that somebody put back.
        here: this program's version.
        manifest: of the announced version.
    """

    standing: Standing
    here: str
    manifest: UpdateManifest


def look(settings: UpdateSettings, *, here: str = __version__, timeout_s: float = TIMEOUT_S) -> UpdateNews:
    """Read the news at the address and compare it with this version. Slow: call off the GUI thread.

    Nothing is written, installed, or told of this installation.

    Args:
        settings: the address, and the key that the news must be signed with.
        here: the version to compare with.
        timeout_s: for all of it.

    Raises:
        UpdateError: there is no news, or none that can be believed, and why.
        SettingsError: the address or the key can't be used.
    """
    if not settings.is_on:
        raise UpdateError(
            "No address is set where newer versions are announced.",
            "An admin sets it in Settings, Newer versions, or with: faceaccess updates set",
        )
    settings.check()
    manifest = verified(_fetch(settings.address, timeout_s), settings.key())
    theirs, ours = _numbers(manifest.version), _numbers(here)
    standing = Standing.SAME if theirs == ours else Standing.NEWER if theirs > ours else Standing.OLDER
    return UpdateNews(standing, here, manifest)


def verified(file: bytes, public_key: bytes) -> UpdateManifest:
    """Check the signature of a file of news, and then read it.

    Args:
        file: as it lies at the address.
        public_key: 32 bytes of Ed25519.

    Raises:
        UpdateError: it is no such file, somebody else signed it, or it is about something else.
    """
    payload, signature = _parts(file)
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, payload)
    except InvalidSignature as exc:
        raise UpdateError(
            "The news has a wrong signature: it was changed, or signed by somebody else.",
            "Don't install anything on its word. Ask IT whether the key in Settings is still theirs.",
        ) from exc
    return _manifest(payload)


def _fetch(address: str, timeout_s: float) -> bytes:
    import httpx

    host = urlsplit(address).hostname or address
    try:
        answer = ask(
            "GET",
            address,
            headers={"User-Agent": PRODUCT, "Accept-Encoding": "identity", "Cache-Control": "no-cache"},
            timeout_s=timeout_s,
            most_bytes=MOST_BYTES,
        )
    except httpx.TimeoutException as exc:
        raise UpdateError(
            "{host} did not answer within {seconds:g} s.",
            "Is this computer on the network? Try again later.",
            host=host,
            seconds=timeout_s,
        ) from exc
    except (httpx.RemoteProtocolError, httpx.ReadError) as exc:
        raise UpdateError("The connection to {host} was cut.", "Try again.", host=host) from exc
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise UpdateError(
            "{host} can't be reached: {reason}.",
            "Is this computer on the network? Check the address.",
            host=host,
            reason=str(exc) or type(exc).__name__,
        ) from exc
    _refuse_other_answers(answer, host)
    return answer.body


def _refuse_other_answers(answer: Answer, host: str) -> None:
    if answer.status in range(300, 400):
        raise UpdateError(
            "{host} sends on to another address, which isn't followed.",
            "Set the address that is meant.",
            host=host,
        )
    if answer.status != HTTPStatus.OK:
        raise UpdateError("{host} answered {status}.", _OPEN_IT, host=host, status=answer.status)
    if not answer.is_whole:
        raise UpdateError(
            "{host} sent more than {most} kB, which no news of a version has.",
            _OPEN_IT,
            host=host,
            most=MOST_BYTES // 1024,
        )


def _parts(file: bytes) -> tuple[bytes, bytes]:
    """Return the payload and its signature, of which nothing is known yet."""
    try:
        values = json.loads(file)
        payload, signature = (
            base64.b64decode(_text(values, name), validate=True) for name in ("payload", "signature")
        )
    except (ValueError, TypeError, KeyError, RecursionError) as exc:
        raise UpdateError(
            "What is at the address isn't signed news of a version.",
            "It may be a sign-in page, or a file that was cut off. Open the address in a browser.",
        ) from exc
    return payload, signature


def _manifest(payload: bytes) -> UpdateManifest:
    try:
        values = json.loads(payload)
        product = _text(values, "product")
        version, released_on = _text(values, "version"), date.fromisoformat(_text(values, "date"))
        changes = _lines(values, "changes")
    except (ValueError, TypeError, KeyError, RecursionError) as exc:
        raise UpdateError(
            "The news is signed, but can't be read: it may be for a later version of this program.", _TELL_IT
        ) from exc
    if product != PRODUCT:
        raise UpdateError("The news is about {product}, not about FaceAccess.", _TELL_IT, product=product)
    _numbers(version)
    return UpdateManifest(version, released_on, changes)


def _text(values: Mapping[str, object], name: str) -> str:
    value = values[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _lines(values: Mapping[str, object], name: str) -> tuple[str, ...]:
    lines = values[name]
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise TypeError(name)
    return tuple(lines)


def _numbers(version: str) -> tuple[int, ...]:
    """Return a version's numbers without zeros at the end: 1.2 and 1.2.0 are the same."""
    parts = version.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) <= _MOST_DIGITS for part in parts):
        raise UpdateError(
            "The version {version!r} can't be compared: it must be whole numbers with dots between.",
            _TELL_IT,
            version=version,
        )
    numbers = [int(part) for part in parts]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
