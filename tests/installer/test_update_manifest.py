"""The signed news of a version: what IT writes is what the program reads."""

import base64
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from faceaccess import __version__
from faceaccess.errors import UpdateError
from faceaccess.upkeep import updates
from faceaccess.upkeep.updates import UpdateManifest, verified
from installer.signing import SigningError, public_key_text
from installer.update_manifest import changes_of, write_manifest

CHANGELOG = """# Changelog

## 1.3.0 (unreleased)

- `faceaccess updates`: *About* says what is new in a
  version, see [the manual](safety.md); 2 * 3 * 4 stays.

- **Nothing** else.

## 1.2.0

- Before that.
"""
DAY = date(2026, 11, 2)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    key, path = Ed25519PrivateKey.generate(), tmp_path / "faceaccess.json"
    changes = changes_of(CHANGELOG, "1.3.0")
    written = write_manifest(path, key, version="1.3.0", released_on=DAY, changes=changes)
    assert written == UpdateManifest("1.3.0", DAY, changes)
    assert verified(path.read_bytes(), base64.b64decode(public_key_text(key))) == written


def test_changes_are_plain_lines_of_their_version() -> None:
    assert changes_of(CHANGELOG, "1.3.0") == (
        "faceaccess updates: About says what is new in a version, see the manual; 2 * 3 * 4 stays.",
        "Nothing else.",
    )
    assert changes_of(CHANGELOG, "1.2.0") == ("Before that.",)
    with pytest.raises(SigningError, match=r"nothing about 1\.4"):
        changes_of(CHANGELOG, "1.4")


def test_the_changes_of_this_version_can_be_announced(tmp_path: Path) -> None:
    changelog = Path(__file__).resolve().parents[2] / "CHANGELOG.md"
    changes = changes_of(changelog.read_text(encoding="utf-8"), __version__)
    key = Ed25519PrivateKey.generate()
    write_manifest(tmp_path / "n.json", key, version=__version__, released_on=DAY, changes=changes)
    assert not [line for line in changes if "`" in line or "\n" in line]


def test_what_the_program_could_not_read_is_not_written(tmp_path: Path) -> None:
    key, path = Ed25519PrivateKey.generate(), tmp_path / "n.json"
    with pytest.raises(UpdateError, match="can't be compared"):
        write_manifest(path, key, version="1.3rc1", released_on=DAY, changes=())
    with pytest.raises(SigningError, match="too long"):
        write_manifest(path, key, version="1.3", released_on=DAY, changes=["x" * updates.MOST_BYTES])
    assert not path.exists()
    with pytest.raises(SigningError, match="can't be written"):
        write_manifest(tmp_path, key, version="1.3", released_on=DAY, changes=())
