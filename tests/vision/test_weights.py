"""Fetching weights from a real server on the loopback: resume, and each way it can go wrong."""

import hashlib
import resource
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from faceaccess.errors import Cancelled, ModelError
from faceaccess.vision import download as download_module
from faceaccess.vision import weights
from faceaccess.vision.weights import WeightsFile, fetch, find_weights, import_file, installed, load_manifest

CONTENT = bytes(range(256)) * 4000
HALF = len(CONTENT) // 2


class Server(ThreadingHTTPServer):
    """Sends `content`; what it does wrong is set per test."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = CONTENT
        self.etag = '"v1"'
        self.content_type = "application/octet-stream"
        self.has_range = True
        self.has_length = True
        self.status = 200
        self.cut_after: int | None = None
        self.shifts_range = 0
        self.ranges: list[str | None] = []


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        server = self.server
        wanted = self.headers.get("Range")
        server.ranges.append(wanted)
        start = 0
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/file.pt")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if server.status != 200:
            self.send_error(server.status)
            return
        is_same = self.headers.get("If-Range") in (None, server.etag)
        if wanted and server.has_range and is_same:
            start = int(wanted.removeprefix("bytes=").split("-")[0]) + server.shifts_range
            self.send_response(206)
            total = len(server.content)
            self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
        else:
            self.send_response(200)
        self._send(server, server.content[start:])

    def _send(self, server: Server, body: bytes) -> None:
        self.send_header("Content-Type", server.content_type)
        if server.etag:
            self.send_header("ETag", server.etag)
        if server.has_length:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body[: server.cut_after])
        self.close_connection = True


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "*")
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture
def wanted(server: Server) -> WeightsFile:
    return WeightsFile(
        name="tiny",
        title="Tiny",
        file="tiny.pt",
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        size_limit_bytes=len(CONTENT) + 100,
        url=f"http://127.0.0.1:{server.server_port}/file.pt",
        licence="MIT",
        source="a test",
    )


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _cut_half(server: Server, wanted: WeightsFile, folder: Path) -> None:
    server.cut_after = HALF
    with pytest.raises(ModelError, match="was cut"):
        fetch(wanted, folder)
    server.cut_after = None
    assert (folder / "tiny.pt.part").read_bytes() == CONTENT[:HALF]
    assert not installed(wanted, folder)


def test_a_download_is_checked_named_and_reported(
    server: Server, wanted: WeightsFile, tmp_path: Path
) -> None:
    reports: list[tuple[int, int]] = []
    path = fetch(wanted, tmp_path / "models", progress=lambda done, total: reports.append((done, total)))
    assert path.read_bytes() == CONTENT
    assert _names(tmp_path / "models") == {"tiny.pt"}
    assert reports[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in reports] == sorted({done for done, _ in reports})
    assert installed(wanted, tmp_path / "models")


def test_what_is_installed_is_not_fetched_again(server: Server, wanted: WeightsFile, tmp_path: Path) -> None:
    fetch(wanted, tmp_path)
    fetch(wanted, tmp_path)
    assert len(server.ranges) == 1


def test_a_redirect_is_followed(server: Server, wanted: WeightsFile, tmp_path: Path) -> None:
    _cut_half(server, moved := replace(wanted, url=wanted.url.replace("file.pt", "moved")), tmp_path)
    assert fetch(moved, tmp_path).read_bytes() == CONTENT
    assert server.ranges[-1] == f"bytes={HALF}-"


def test_a_cut_download_goes_on_where_it_stopped(server: Server, wanted: WeightsFile, tmp_path: Path) -> None:
    _cut_half(server, wanted, tmp_path)
    reports: list[tuple[int, int]] = []
    fetch(wanted, tmp_path, progress=lambda done, total: reports.append((done, total)))
    assert server.ranges == [None, f"bytes={HALF}-"]
    assert reports[0][0] > HALF
    assert reports[-1] == (len(CONTENT), len(CONTENT))
    assert _names(tmp_path) == {"tiny.pt"}


def test_a_cancelled_download_goes_on_where_it_stopped(
    server: Server, wanted: WeightsFile, tmp_path: Path
) -> None:
    done: list[int] = []
    with pytest.raises(Cancelled):
        fetch(
            wanted,
            tmp_path,
            progress=lambda bytes_done, _: done.append(bytes_done),
            is_cancelled=lambda: bool(done),
        )
    assert not installed(wanted, tmp_path)
    assert (tmp_path / "tiny.pt.part").stat().st_size == done[0] < len(CONTENT)
    fetch(wanted, tmp_path)
    assert server.ranges[-1] == f"bytes={done[0]}-"


def test_a_server_without_ranges_starts_again(server: Server, wanted: WeightsFile, tmp_path: Path) -> None:
    _cut_half(server, wanted, tmp_path)
    server.has_range = False
    assert fetch(wanted, tmp_path).read_bytes() == CONTENT
    assert _names(tmp_path) == {"tiny.pt"}


@pytest.mark.parametrize("change", ["file changed", "wrong range", "416", "no validator", "other address"])
def test_what_can_not_be_continued_starts_again(
    server: Server, wanted: WeightsFile, tmp_path: Path, change: str
) -> None:
    if change == "no validator":
        server.etag = ""
    _cut_half(server, wanted, tmp_path)
    if change == "file changed":
        (tmp_path / "tiny.pt.part").write_bytes(b"x" * HALF)
        server.etag = '"v2"'
    elif change == "wrong range":
        server.shifts_range = 5
    elif change == "416":
        (tmp_path / "tiny.pt.part").write_bytes(CONTENT[:-1])
        server.shifts_range = -1
    elif change == "other address":
        wanted = replace(wanted, url=wanted.url + "?again")
    assert fetch(wanted, tmp_path).read_bytes() == CONTENT
    assert _names(tmp_path) == {"tiny.pt"}


def test_a_refused_range_starts_again(server: Server, wanted: WeightsFile, tmp_path: Path) -> None:
    _cut_half(server, wanted, tmp_path)
    server.status = 416
    with pytest.raises(ModelError, match="416"):
        fetch(wanted, tmp_path)
    assert server.ranges == [None, f"bytes={HALF}-", None]
    server.status = 200
    assert fetch(wanted, tmp_path).read_bytes() == CONTENT


def test_a_damaged_part_is_thrown_away_and_fetched_anew(
    server: Server, wanted: WeightsFile, tmp_path: Path
) -> None:
    _cut_half(server, wanted, tmp_path)
    (tmp_path / "tiny.pt.part").write_bytes(b"x" * HALF)
    assert fetch(wanted, tmp_path).read_bytes() == CONTENT
    assert server.ranges == [None, f"bytes={HALF}-", None]


@pytest.mark.parametrize(
    "note", ["", "{", "[]", '{"url": 1}', '{"url": "x", "validator": "y", "total": "z"}']
)
def test_a_damaged_note_starts_again(server: Server, wanted: WeightsFile, tmp_path: Path, note: str) -> None:
    _cut_half(server, wanted, tmp_path)
    (tmp_path / "tiny.pt.part.json").write_text(note)
    assert fetch(wanted, tmp_path).read_bytes() == CONTENT
    assert server.ranges == [None, None]


def test_an_answer_of_unknown_length_is_taken(server: Server, wanted: WeightsFile, tmp_path: Path) -> None:
    server.has_length = False
    assert fetch(wanted, tmp_path).read_bytes() == CONTENT


def test_a_wrong_hash_leaves_nothing(server: Server, wanted: WeightsFile, tmp_path: Path) -> None:
    server.content = CONTENT[:-1] + b"x"
    with pytest.raises(ModelError, match="SHA-256 differs"):
        fetch(wanted, tmp_path)
    assert _names(tmp_path) == set()


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/octet-stream"])
def test_a_web_page_is_not_taken_for_weights(
    server: Server, wanted: WeightsFile, tmp_path: Path, content_type: str
) -> None:
    server.content = b"\n<!DOCTYPE html><html>Please sign in</html>"
    server.content_type = content_type
    with pytest.raises(ModelError, match="web page"):
        fetch(wanted, tmp_path)
    assert _names(tmp_path) == set()


@pytest.mark.parametrize("has_length", [True, False])
def test_too_long_a_file_is_refused(
    server: Server, wanted: WeightsFile, tmp_path: Path, has_length: bool
) -> None:
    server.has_length = has_length
    with pytest.raises(ModelError, match="longer than the 1000 bytes"):
        fetch(replace(wanted, size_limit_bytes=1000), tmp_path)
    assert _names(tmp_path) == set()


def test_a_full_disk_leaves_nothing(server: Server, wanted: WeightsFile, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (HALF, hard))
    try:
        with pytest.raises(ModelError, match="disk .*full"):
            fetch(wanted, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert _names(tmp_path) == set()


@pytest.mark.parametrize("status", [404, 500])
def test_a_refusal_names_its_code(server: Server, wanted: WeightsFile, tmp_path: Path, status: int) -> None:
    server.status = status
    with pytest.raises(ModelError, match=f"the server says {status}"):
        fetch(wanted, tmp_path)
    assert _names(tmp_path) == set()


def test_no_connection_is_said_with_what_else_can_be_done(
    wanted: WeightsFile, server: Server, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=r"127.0.0.1:9 can't be reached") as caught:
        fetch(replace(wanted, url="http://127.0.0.1:9/file.pt"), tmp_path)
    assert "import" in caught.value.hint
    with pytest.raises(ModelError, match="not a web address"):
        fetch(replace(wanted, url="file:///etc/passwd"), tmp_path)


def test_a_silent_server_is_not_waited_for_for_ever(
    wanted: WeightsFile, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download_module, "TIMEOUT_S", 0.05)
    server.shutdown()
    with pytest.raises(ModelError, match="can't be reached"):
        fetch(wanted, tmp_path)


def test_a_file_is_imported_when_it_is_the_right_one(wanted: WeightsFile, tmp_path: Path) -> None:
    source = tmp_path / "from a stick.pt"
    source.write_bytes(CONTENT)
    path = import_file(wanted, source, tmp_path / "models")
    assert path.read_bytes() == CONTENT
    assert installed(wanted, tmp_path / "models")
    assert source.exists()


@pytest.mark.parametrize("content", [b"", CONTENT[:-1], CONTENT + b"x", CONTENT * 2])
def test_another_file_is_not_imported(wanted: WeightsFile, tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "other.pt"
    source.write_bytes(content)
    (tmp_path / "models").mkdir()
    with pytest.raises(ModelError, match="is not the weights of tiny") as caught:
        import_file(wanted, source, tmp_path / "models")
    assert wanted.sha256 in caught.value.hint
    assert _names(tmp_path / "models") == set()


def test_an_import_onto_a_full_disk_leaves_nothing(wanted: WeightsFile, tmp_path: Path) -> None:
    source = tmp_path / "right.pt"
    source.write_bytes(CONTENT)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (HALF, hard))
    try:
        with pytest.raises(ModelError, match="full"):
            import_file(wanted, source, tmp_path / "models")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert _names(tmp_path / "models") == set()


def test_missing_files_and_folders_are_not_imported(wanted: WeightsFile, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="can't be read"):
        import_file(wanted, tmp_path / "none.pt", tmp_path)
    with pytest.raises(ModelError, match="is not the weights"):
        import_file(wanted, tmp_path, tmp_path)


def test_a_file_that_was_changed_since_is_not_installed(wanted: WeightsFile, tmp_path: Path) -> None:
    assert not installed(wanted, tmp_path)
    (tmp_path / "tiny.pt").write_bytes(CONTENT)
    assert installed(wanted, tmp_path)
    (tmp_path / "tiny.pt").write_bytes(b"short")
    assert not installed(wanted, tmp_path)


def test_the_manifest_names_what_the_program_can_fetch() -> None:
    (facenet,) = [file for file in load_manifest() if file.name == "facenet-vggface2"]
    assert facenet.url.startswith("https://")
    assert find_weights("facenet-vggface2") == facenet
    with pytest.raises(ModelError, match="no model named 'none'") as caught:
        find_weights("none")
    assert "facenet-vggface2" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"models": [{"name": "a"}]}',
        '{"models": [{"name": "a", "title": "", "file": "../a", "sha256": "%s", "size_limit_bytes": 1,'
        ' "url": "", "licence": "", "source": ""}]}' % ("0" * 64),
    ],
)
def test_a_damaged_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ModelError, match="list of models .* is damaged"):
        weights.load_manifest(tmp_path / "manifest.json")


@pytest.fixture
def carried(tmp_path, monkeypatch):
    """Weights that a package carries; the package lies where the test puts it."""
    package = tmp_path / "site" / "carrier"
    (package / "models").mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('imported')")
    (package / "models" / "net.onnx").write_bytes(CONTENT)
    file = WeightsFile(
        "net",
        "Net",
        "net.onnx",
        hashlib.sha256(CONTENT).hexdigest(),
        len(CONTENT),
        "",
        "MIT",
        "a test",
        "carrier",
    )
    monkeypatch.setattr(weights, "load_manifest", lambda path=None: (file,))
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return package / "models" / "net.onnx"


def test_weights_that_a_package_carries_are_used_where_they_lie_and_never_imported(carried, tmp_path):
    assert weights.located("net", tmp_path / "models") == carried
    assert weights.is_there(find_weights("net"), tmp_path / "models")


@pytest.mark.parametrize("how", ["missing", "changed"])
def test_where_a_package_lacks_them_the_same_file_is_taken_from_the_models_folder(carried, tmp_path, how):
    if how == "missing":
        carried.unlink()
    else:
        carried.write_bytes(CONTENT[:-1] + b"x")
    folder = tmp_path / "models"
    with pytest.raises(ModelError, match="isn't the expected one") as refused:
        weights.located("net", folder)
    assert "models fetch net" in refused.value.hint
    assert not weights.is_there(find_weights("net"), folder)
    folder.mkdir()
    (folder / "net.onnx").write_bytes(CONTENT)
    assert weights.located("net", folder) == folder / "net.onnx"
