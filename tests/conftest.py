"""What every test gets: folders of its own, no screen, no network, no thread or warning left behind."""

import gc
import logging
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from itertools import count
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
# Qt warns of a language that the computer knows no letters of, and writes digits in the language it finds.
os.environ["LC_ALL"] = "C.UTF-8"
# Two processes have two cores: more threads of BLAS and OpenMP only wait for each other, at full speed.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
import typer.main
import typer.testing
from argon2 import PasswordHasher
from sqlcipher3 import dbapi2 as sqlcipher

from faceaccess.store.access import operators, pins
from faceaccess.store.file import opening
from faceaccess.store.keys import recovery

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_ROUNDS = 1000
"""Of the derivation of a key from a passphrase; SQLCipher's own number takes 85 ms."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Use three processes for the whole suite, where tests that wait leave a core idle; a few files, none."""
    is_whole = config.args == config.getini("testpaths") and "slow" not in config.option.markexpr.split()[:1]
    return 3 if is_whole else 0


def pytest_configure(config: pytest.Config) -> None:
    """Export the networks once for the whole run, and not into the user's cache."""
    if "FACEACCESS_CACHE_DIR" not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="faceaccess-cache-")
        os.environ["FACEACCESS_CACHE_DIR"] = folder.name
        config.add_cleanup(folder.cleanup)
    # Imports and the rewriting of asserts make hundreds of thousands of objects that last.
    gc.disable()


def pytest_collection_finish() -> None:
    """Collect garbage from now on, but never go through what was there before the tests."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _quick() -> Iterator[None]:
    """Build the tree of commands once, and hash passwords, PINs and passphrases at once.

    Typer builds the tree for every call, which takes longer than most commands; hashing is slow on purpose.
    """
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.testing, "_get_command", cache(typer.main.get_command))
        for module in (operators, pins):
            patch.setattr(module, "_HASHER", quick)
        patch.setattr(operators, "_NOBODY", quick.hash("nobody has this password"))
        for name, least in (("_TIME_COST", 1), ("_MEMORY_KIB", 8), ("_LANES", 1)):
            patch.setattr(recovery, name, least)
        yield


@pytest.fixture(scope="session")
def _derive_keys() -> Iterator[Callable[[int], object]]:
    """Let a passphrase become a key at once; yields what changes the number of rounds."""
    with closing(sqlcipher.connect(":memory:")) as db:
        usual = db.execute("PRAGMA cipher_default_kdf_iter").fetchone()[0]

        def derive(rounds: int = int(usual)) -> object:
            return db.execute(f"PRAGMA cipher_default_kdf_iter = {rounds}").fetchall()

        derive(_ROUNDS)
        yield derive
        derive()


@pytest.fixture(autouse=True)
def _usual_keys(request: pytest.FixtureRequest, _derive_keys: Callable[..., object]) -> Iterator[None]:
    """Derive keys as slowly as the program does for the marker `usual_keys`."""
    if request.node.get_closest_marker("usual_keys"):
        _derive_keys()
    yield
    _derive_keys(_ROUNDS)


class _FirstStarts:
    """Empty data folders as the program makes them, once each; a test's first takes a copy of the first.

    Two folders of a test are never copies of the same, so that each has a key and a signature of its own.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._create, self._making = folder, opening._create, threading.Lock()
        self._made: list[dict[str, bytes]] = []
        self._used = count()

    def begin_test(self) -> None:
        self._used = count()

    def create(self, folder: Path) -> None:
        opening._require_nothing_left(folder)
        for name, content in self._files(next(self._used)).items():
            (folder / name).touch(0o600)
            (folder / name).write_bytes(content)

    def _files(self, number: int) -> dict[str, bytes]:
        with self._making:
            while number >= len(self._made):
                folder = self._folder / str(len(self._made))
                folder.mkdir()
                self._create(folder)
                self._made.append({path.name: path.read_bytes() for path in folder.iterdir()})
            return self._made[number]


@pytest.fixture(scope="session")
def _first_starts(tmp_path_factory: pytest.TempPathFactory) -> _FirstStarts:
    return _FirstStarts(tmp_path_factory.mktemp("first-starts"))


@pytest.fixture(autouse=True)
def _quick_starts(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _first_starts: _FirstStarts
) -> None:
    """Copy an empty data folder where a test begins one; markers `first_start`, `slow`, `crash` make it."""
    if not any(map(request.node.get_closest_marker, ("first_start", "slow", "crash"))):
        _first_starts.begin_test()
        monkeypatch.setattr(opening, "_create", _first_starts.create)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEACCESS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FACEACCESS_CONFIG_DIR", str(tmp_path / "config"))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test wanted to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_dangling_threads():
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        left = [
            thread
            for thread in threading.enumerate()
            if thread not in before
            and not thread.name.startswith(("detector", "Dummy", "asyncio", "Thread-dummy"))
            and type(thread).__name__ != "_DummyThread"
        ]
        if not left:
            return
        time.sleep(0.02)
    pytest.fail(f"threads left behind: {left}")


@pytest.fixture(autouse=True)
def _no_warnings_logged(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest):
    """A logged warning fails a test that doesn't expect it (marker `logs_warnings`)."""
    yield
    if request.node.get_closest_marker("logs_warnings"):
        return
    for when in ("setup", "call"):
        loud = [
            r
            for r in caplog.get_records(when)
            if r.levelno >= logging.WARNING and r.name.startswith("faceaccess")
        ]
        if loud:
            pytest.fail(f"logged: {[record.getMessage() for record in loud]}")


@pytest.fixture(scope="session")
def lfw() -> Path:
    """The folder of Labeled Faces in the Wild; the test is skipped where it isn't there."""
    folder = os.environ.get("FACEACCESS_LFW")
    if not folder or not Path(folder).is_dir():
        pytest.skip("FACEACCESS_LFW doesn't name a folder of photos")
    return Path(folder)


@pytest.fixture(scope="session")
def published_weights() -> Path:
    """The folder of published weights that aren't carried; the test is skipped where it isn't there.

    FACEACCESS_WEIGHTS names it, else it lies beside the folder of photos.
    """
    photos = os.environ.get("FACEACCESS_LFW")
    beside = str(Path(photos).parent / "weights") if photos else ""
    folder = os.environ.get("FACEACCESS_WEIGHTS") or beside
    if not folder or not Path(folder).is_dir():
        pytest.skip("neither FACEACCESS_WEIGHTS nor the photos' neighbour is a folder of weights")
    return Path(folder)
