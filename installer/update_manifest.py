"""The signed news of a version, which *About* reads at the address that an admin set."""

import base64
import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from faceaccess.upkeep import updates
from faceaccess.upkeep.updates import UpdateManifest
from installer.signing import SigningError

_EMPHASIS = re.compile(r"(\*\*|\*|`)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


def changes_of(changelog: str, version: str) -> tuple[str, ...]:
    """Return the changes of a version, a plain line each.

    Args:
        changelog: Markdown with a heading `## VERSION` and a list below it.
        version: of the heading.

    Raises:
        SigningError: it has no such heading, or nothing below it.
    """
    sections = re.split(r"^## +", changelog, flags=re.MULTILINE)[1:]
    below = {heading.split()[0]: text for heading, _, text in (part.partition("\n") for part in sections)}
    items = re.split(r"^[-*] +", below.get(version, ""), flags=re.MULTILINE)[1:]
    if not items:
        raise SigningError("The change log says nothing about {version}.", version=version)
    return tuple(_plain(" ".join(item.split())) for item in items)


def write_manifest(
    path: Path,
    key: Ed25519PrivateKey,
    *,
    version: str,
    released_on: date,
    changes: Sequence[str],
) -> UpdateManifest:
    """Write the signed news of a version, and return it as the program will read it.

    Args:
        path: the file to write, over an older one; put it at the address that the admin set.
        key: signs it.
        version: of the program, whole numbers with dots between.
        released_on: when it came out.
        changes: what is new in it, a line each.

    Raises:
        SigningError: it can't be written.
        UpdateError: the program could not read it: a version that can't be compared.
    """
    values = {
        "product": updates.PRODUCT,
        "version": version,
        "date": released_on.isoformat(),
        "changes": list(changes),
    }
    payload = json.dumps(values, ensure_ascii=False).encode()
    parts = {"payload": payload, "signature": key.sign(payload)}
    file = json.dumps({name: base64.b64encode(part).decode() for name, part in parts.items()}, indent=1)
    content = file.encode() + b"\n"
    if len(content) > updates.MOST_BYTES:
        raise SigningError("The news is too long to be read.", "Name fewer changes.")
    public_key = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    manifest = updates.verified(content, public_key)
    try:
        path.write_bytes(content)
    except OSError as exc:
        raise SigningError("{path} can't be written: {reason}.", path=path, reason=exc.strerror) from exc
    return manifest


def _plain(text: str) -> str:
    """Return a line of Markdown without its marks."""
    return _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", text))
