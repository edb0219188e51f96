"""News of newer versions from a real server on the loopback: read, compared, and each way it can go wrong."""

import json
import ssl
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from faceaccess import __version__, exchange
from faceaccess.errors import SettingsError, UpdateError
from faceaccess.settings import UpdateSettings
from faceaccess.upkeep import updates
from faceaccess.upkeep.updates import Standing, UpdateManifest, UpdateNews, look
from installer.signing import public_key_text
from tests.news import CHANGES, NewsServer, payload, signed


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> Iterator[NewsServer]:
    monkeypatch.setenv("no_proxy", "*")
    with NewsServer() as server:
        yield server


def refused(news: NewsServer, **options: float) -> str:
    """Return why looking fails; there is always something to do about it."""
    with pytest.raises(UpdateError) as raised:
        look(news.settings, here="1.2.3", **options)
    assert raised.value.hint
    return raised.value.message


@pytest.mark.parametrize(
    ("announced", "here", "standing"),
    [
        ("1.3", "1.2.9", Standing.NEWER),
        ("1.2.10", "1.2.9", Standing.NEWER),
        ("2", "1.99.99", Standing.NEWER),
        ("1.2.0.1", "1.2", Standing.NEWER),
        ("1.2", "1.2.0", Standing.SAME),
        ("1.2.0", "1.2", Standing.SAME),
        ("1.2.9", "1.2.10", Standing.OLDER),
        ("0.9", "1.0", Standing.OLDER),
    ],
)
def test_versions_are_compared_by_their_numbers(
    news: NewsServer, announced: str, here: str, standing: Standing
) -> None:
    news.announce(announced)
    assert look(news.settings, here=here) == UpdateNews(
        standing, here, UpdateManifest(announced, date(2026, 11, 2), CHANGES)
    )


def test_this_version_can_be_compared(news: NewsServer) -> None:
    news.announce(__version__)
    assert look(news.settings).standing is Standing.SAME


def test_nothing_is_told_of_this_installation(news: NewsServer) -> None:
    look(news.settings)
    (headers,) = news.asked
    assert headers.pop("Host").startswith("127.0.0.1:")
    assert headers["User-Agent"] == "FaceAccess"
    assert __version__ not in str(headers)


def test_it_is_off_until_address_and_key_are_set(news: NewsServer) -> None:
    for settings in (
        UpdateSettings(),
        UpdateSettings(address=news.address),
        UpdateSettings(public_key=news.settings.public_key),
    ):
        with pytest.raises(UpdateError, match="No address is set"):
            look(settings)
    assert not news.asked


def test_a_wrong_signature_is_refused(news: NewsServer) -> None:
    news.file = signed(payload(), news.key, signature=bytes(64))
    assert "wrong signature" in refused(news)
    news.file = signed(payload(), news.key, signature=b"short")
    assert "wrong signature" in refused(news)


def test_another_key_is_refused(news: NewsServer) -> None:
    news.file = signed(payload(), Ed25519PrivateKey.generate())
    assert "signed by somebody else" in refused(news)


def test_a_changed_payload_is_refused(news: NewsServer) -> None:
    news.file = signed(payload("9.2"), news.key, signature=news.key.sign(payload("9.1")))
    assert "was changed" in refused(news)


def test_nothing_is_read_before_its_signature_was_checked(
    news: NewsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    news.file = signed(payload(), Ed25519PrivateKey.generate())
    monkeypatch.setattr(updates, "_manifest", lambda _: pytest.fail("the payload was read"))
    assert "wrong signature" in refused(news)


@pytest.mark.parametrize("cut_after", [0, 1, 60])
def test_a_cut_line_is_said(news: NewsServer, cut_after: int) -> None:
    news.cut_after = cut_after
    assert refused(news) == "The connection to 127.0.0.1 was cut."


def test_a_cut_line_without_a_length_is_no_news(news: NewsServer) -> None:
    news.cut_after, news.has_length = 60, False
    assert "isn't signed news" in refused(news)


def test_a_long_answer_is_not_read_to_its_end(news: NewsServer) -> None:
    news.file = b" " * (updates.MOST_BYTES + 1)
    assert refused(news) == "127.0.0.1 sent more than 256 kB, which no news of a version has."
    news.file = b" " * (64 * updates.MOST_BYTES)
    assert "256 kB" in refused(news)


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"<!doctype html><title>Sign in</title>",
        b"[]",
        b"7",
        b"{}",
        b'{"payload": 7, "signature": "AA=="}',
        b'{"payload": "not base64", "signature": "AA=="}',
        b'{"payload": "\xff"}',
        b"[" * 200_000,
    ],
    ids=["empty", "page", "list", "number", "nothing", "types", "base64", "bytes", "deep"],
)
def test_other_files_are_refused(news: NewsServer, file: bytes) -> None:
    news.file = file
    assert refused(news) == "What is at the address isn't signed news of a version."


@pytest.mark.parametrize(
    "content",
    [
        b"\xff",
        b"[]",
        b"[" * 100_000,
        payload(version=3),
        payload(date="soon"),
        payload(date=None),
        payload(changes="one line"),
        payload(changes=[1]),
        json.dumps({"product": "FaceAccess", "version": "2.0"}).encode(),
    ],
    ids=["bytes", "list", "deep", "number", "soon", "no date", "a text", "numbers", "half"],
)
def test_signed_nonsense_is_refused(news: NewsServer, content: bytes) -> None:
    news.file = signed(content, news.key)
    assert "can't be read" in refused(news)


def test_news_of_another_program_is_refused(news: NewsServer) -> None:
    news.file = signed(payload(product="DoorAccess"), news.key)
    assert refused(news) == "The news is about DoorAccess, not about FaceAccess."


@pytest.mark.parametrize("version", ["", "1.", "1.0rc1", "v2", "1.-2", "1.٣", "1..2", "9" * 400, "1.2+7"])
def test_versions_that_are_no_numbers_are_refused(news: NewsServer, version: str) -> None:
    news.announce(version)
    assert "can't be compared" in refused(news)


def test_a_silent_server_is_given_up(news: NewsServer) -> None:
    news.is_silent = True
    assert refused(news, timeout_s=0.1) == "127.0.0.1 did not answer within 0.1 s."


def test_an_answer_that_never_ends_is_given_up(news: NewsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then would hold the worker up for good: httpx waits anew for each."""

    def trickle(request) -> None:
        request.send_response(200)
        request.end_headers()
        while not news.released.wait(0.02):
            request.wfile.write(b" ")

    monkeypatch.setattr(news, "_answer", trickle)
    assert refused(news, timeout_s=0.3) == "127.0.0.1 did not answer within 0.3 s."


def test_a_server_that_is_not_there_is_said(news: NewsServer) -> None:
    news.close()
    assert refused(news).startswith("127.0.0.1 can't be reached: ")


def test_another_status_is_said(news: NewsServer) -> None:
    news.status = 404
    assert refused(news) == "127.0.0.1 answered 404."


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_other_address_is_gone_to(news: NewsServer, status: int) -> None:
    with NewsServer() as other:
        other.key = news.key
        other.announce("9.9")
        news.status, news.location = status, other.address
        assert "isn't followed" in refused(news)
        assert not other.asked


@pytest.mark.parametrize(
    "address",
    [
        "https://it.example.com/news.json",
        "https://it.example.com:8443/news.json?of=door",
        "http://localhost:8000/news.json",
        "http://127.0.0.1/news.json",
        "http://[::1]:80/news.json",
    ],
)
def test_addresses_that_can_be_set(address: str) -> None:
    UpdateSettings(address=address).check()


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://it.example.com/news.json", "must begin with https"),
        ("http://127.0.0.1.example.com/", "must begin with https"),
        ("http://10.0.0.1/", "must begin with https"),
        ("https://", "must look like"),
        ("it.example.com/news.json", "must look like"),
        ("file:///etc/passwd", "must look like"),
        ("ftp://it.example.com/", "must look like"),
        ("https://it.example.com:99999/", "must look like"),
        ("https://[::1/", "must look like"),
        ("https://ada:secret@it.example.com/", "name or a password"),
        ("http://127.0.0.1@it.example.com/", "name or a password"),
    ],
)
def test_addresses_that_can_not_be_set(address: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        UpdateSettings(address=address).check()


@pytest.mark.parametrize("key", ["AAAA", "A" * 44, "no key", "ключ", "A" * 42 + "==", "AAAA" * 20])
def test_keys_that_can_not_be_set(key: str) -> None:
    with pytest.raises(SettingsError, match="public key isn't one"):
        UpdateSettings(public_key=key).check()


@pytest.fixture
def with_tls(
    news: NewsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[NewsServer, Path]]:
    """Let the server speak TLS with a certificate that only it has, and the program trust no usual one."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "it.example.com")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    path, private = tmp_path / "certificate.pem", tmp_path / "private.pem"
    path.write_bytes(certificate.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, private)
    monkeypatch.setattr(news._server, "socket", context.wrap_socket(news._server.socket, server_side=True))
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    exchange._trusted.cache_clear()
    yield news, path
    exchange._trusted.cache_clear()


def test_a_certificate_counts_that_the_computer_trusts(
    with_tls: tuple[NewsServer, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    news, path = with_tls
    settings = UpdateSettings(
        address=news.address.replace("http:", "https:"), public_key=public_key_text(news.key)
    )
    with pytest.raises(UpdateError, match="CERTIFICATE_VERIFY_FAILED"):
        look(settings)
    exchange._trusted.cache_clear()
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    assert look(settings).manifest.version == "9.1"


def test_looking_writes_nothing(news: NewsServer, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    look(news.settings)
    assert sorted(tmp_path.rglob("*")) == before
