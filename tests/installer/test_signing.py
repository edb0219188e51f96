"""Keys, signatures and checksums of what is handed out."""

import base64
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from faceaccess.settings import UpdateSettings
from installer.signing import (
    SigningError,
    check_file,
    load_private_key,
    make_key_pair,
    public_key_text,
    sign_file,
    signature_path,
    write_checksums,
)

PASSPHRASE = "violet kettle sandwich"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A file to be handed out."""
    path = tmp_path / "faceaccess_1.2.deb"
    path.write_bytes(bytes(range(256)) * 100)
    return path


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_a_file_is_signed_and_checked(tmp_path: Path, package: Path, passphrase: str | None) -> None:
    public = make_key_pair(tmp_path / "key.pem", passphrase)
    key = load_private_key(tmp_path / "key.pem", passphrase)
    assert public_key_text(key) == public
    UpdateSettings(public_key=public).check()
    assert sign_file(package, key) == signature_path(package) == tmp_path / "faceaccess_1.2.deb.sig"
    assert len(base64.b64decode(signature_path(package).read_bytes())) == 64
    check_file(package, public)


def test_the_private_key_is_for_its_own_account(tmp_path: Path) -> None:
    make_key_pair(tmp_path / "key.pem")
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600


def test_no_key_is_written_over(tmp_path: Path) -> None:
    make_key_pair(tmp_path / "key.pem")
    before = (tmp_path / "key.pem").read_bytes()
    with pytest.raises(SigningError, match=r"key\.pem is there already"):
        make_key_pair(tmp_path / "key.pem")
    (tmp_path / "key.pem").unlink()
    with pytest.raises(SigningError, match=r"key\.pem\.pub is there already"):
        make_key_pair(tmp_path / "key.pem")
    assert not (tmp_path / "key.pem").exists()
    assert before.startswith(b"-----BEGIN PRIVATE KEY")


def test_an_empty_passphrase_means_nothing(tmp_path: Path) -> None:
    with pytest.raises(SigningError, match="is empty"):
        make_key_pair(tmp_path / "key.pem", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("passphrase", [None, "", "another passphrase"])
def test_a_wrong_passphrase_opens_nothing(tmp_path: Path, passphrase: str | None) -> None:
    make_key_pair(tmp_path / "key.pem", PASSPHRASE)
    with pytest.raises(SigningError, match="can't be opened"):
        load_private_key(tmp_path / "key.pem", passphrase)


def test_other_keys_and_files_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    other.write_bytes(pem)
    with pytest.raises(SigningError, match="another kind"):
        load_private_key(other)
    other.write_bytes(b"no key")
    with pytest.raises(SigningError, match="can't be opened"):
        load_private_key(other)
    with pytest.raises(SigningError, match="can't be read"):
        load_private_key(tmp_path / "none.pem")
    with pytest.raises(SigningError, match="can't be written"):
        make_key_pair(tmp_path / "none" / "key.pem")


def test_what_was_changed_or_signed_by_another_is_said(tmp_path: Path, package: Path) -> None:
    public, other = make_key_pair(tmp_path / "key.pem"), make_key_pair(tmp_path / "other.pem")
    with pytest.raises(SigningError, match=r"\.sig can't be read"):
        check_file(package, public)
    sign_file(package, load_private_key(tmp_path / "key.pem"))
    with pytest.raises(SigningError, match="isn't what was signed"):
        check_file(package, other)
    with pytest.raises(SigningError, match="isn't one"):
        check_file(package, "no key")
    package.write_bytes(package.read_bytes()[:-1] + b"x")
    with pytest.raises(SigningError, match="isn't what was signed"):
        check_file(package, public)
    signature_path(package).write_text("no signature")
    with pytest.raises(SigningError, match="isn't one"):
        check_file(package, public)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="OpenSSL isn't installed")
def test_a_signature_can_be_checked_without_this_program(tmp_path: Path, package: Path) -> None:
    make_key_pair(tmp_path / "key.pem")
    sign_file(package, load_private_key(tmp_path / "key.pem"))
    raw = tmp_path / "raw"
    raw.write_bytes(base64.b64decode(signature_path(package).read_bytes()))
    words = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(tmp_path / "key.pem.pub"), "-rawin"]
    words += ["-in", str(package), "-sigfile", str(raw)]
    assert subprocess.run(words, capture_output=True, timeout=30).returncode == 0


def test_checksums_are_those_of_the_files(tmp_path: Path, package: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    written = write_checksums([package, tmp_path / "a.txt"], tmp_path)
    assert written == tmp_path / "SHA256SUMS"
    lines = written.read_text().splitlines()
    assert lines[0] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.txt"
    assert lines[1].endswith("  faceaccess_1.2.deb")
    if (tool := shutil.which("sha256sum")) is not None:
        assert subprocess.run([tool, "-c", "SHA256SUMS"], cwd=tmp_path, timeout=30).returncode == 0


def test_checksums_are_of_one_folder(tmp_path: Path, package: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(SigningError, match="doesn't lie in"):
        write_checksums([package], tmp_path / "out")
    with pytest.raises(SigningError, match="can't be read"):
        write_checksums([tmp_path / "none"], tmp_path)
