"""`faceaccess models`, with a small file on a loopback server in the place of real weights."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from faceaccess.door.simulation import portraits
from faceaccess.models.trial import ModelTrial
from faceaccess.store.people.types import Readiness, ShadowCounts
from faceaccess.store.policy.types import ModelChoice
from faceaccess.vision import weights
from faceaccess.vision.embedder import BUILT_IN, SFACE_MTCNN
from faceaccess.vision.weights import WeightsFile, WeightsKind
from faceaccess.workspace import Workspace
from tests.builders import NOW
from tests.cli.conftest import Folder, Run, json_lines

CONTENT = b"weights" * 1000


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("no_proxy", "*")
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "tiny.pt").write_bytes(CONTENT)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(tmp_path / "served")))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/tiny.pt"
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture(autouse=True)
def tiny(server: str, monkeypatch: pytest.MonkeyPatch) -> WeightsFile:
    tiny = WeightsFile(
        "tiny", "Tiny net", "tiny.pt", hashlib.sha256(CONTENT).hexdigest(), 10_000, server, "MIT", "a test"
    )
    known = weights.load_manifest()
    monkeypatch.setattr(weights, "load_manifest", lambda: (*known, tiny))
    return tiny


def _states(run: Run) -> dict[str, tuple[bool, bool]]:
    rows = json_lines(run("models", "list", "--json"))
    return {row["name"]: (row["is_installed"], row["is_active"]) for row in rows}


def test_models_are_listed_on_a_fresh_folder(run: Run) -> None:
    shown = run("models", "list")
    assert shown.exit_code == 0
    assert "Tiny net" in shown.stdout
    assert "not installed" in shown.stdout
    assert "in use" in shown.stdout
    assert _states(run)["tiny"] == (False, False)


def test_a_model_is_fetched(run: Run, folder: Folder) -> None:
    result = run("models", "fetch", "tiny")
    assert result.exit_code == 0, result.output
    assert (folder.path / "models" / "tiny.pt").read_bytes() == CONTENT
    assert _states(run)["tiny"] == (True, False)


def test_a_model_is_fetched_beside_a_running_door(run: Run, folder: Folder) -> None:
    with folder.open():
        assert run("models", "fetch", "tiny").exit_code == 0


def test_a_model_is_imported(run: Run, tmp_path: Path) -> None:
    assert run("models", "import", "tiny", str(tmp_path / "served" / "tiny.pt")).exit_code == 0
    assert _states(run)["tiny"] == (True, False)


def test_a_wrong_file_and_a_wrong_name_exit_with_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.pt").write_bytes(b"x")
    wrong = run("models", "import", "tiny", str(tmp_path / "wrong.pt"))
    assert wrong.exit_code == 1
    assert "is not the weights" in wrong.stderr
    assert run("models", "fetch", "none").exit_code == 1
    assert run("models", "use", "none").exit_code == 1
    (tmp_path / "served" / "tiny.pt").unlink()
    gone = run("models", "fetch", "tiny")
    assert gone.exit_code == 1
    assert "404" in gone.stderr
    assert _states(run)["tiny"] == (False, False)


@pytest.fixture
def bundle(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[WeightsFile, ...]:
    """The liveness networks, in the place of whose weights two small files are served."""
    files = []
    for number, known in enumerate(weights.find_bundle("minifasnet")):
        content = CONTENT[number:]
        (tmp_path / "served" / known.file).write_bytes(content)
        files.append(
            replace(
                known,
                sha256=hashlib.sha256(content).hexdigest(),
                size_limit_bytes=len(content),
                url=server.replace("tiny.pt", known.file),
            )
        )
    others = [file for file in weights.load_manifest() if file.kind is not WeightsKind.LIVENESS]
    monkeypatch.setattr(weights, "load_manifest", lambda: (*others, *files))
    return tuple(files)


def _liveness_row(run: Run) -> dict[str, object]:
    (row,) = (row for row in json_lines(run("models", "list", "--json")) if row["kind"] == "liveness")
    return row


def test_liveness_networks_are_listed_as_what_they_are(run: Run) -> None:
    shown = " ".join(run("models", "list").stdout.split())
    assert "minifasnet" in shown
    assert "Liveness" in shown
    row = _liveness_row(run)
    assert row["licence"].startswith("Apache-2.0")
    assert (row["is_installed"], row["is_active"]) == (False, False)


def test_liveness_networks_are_fetched_together(
    run: Run, folder: Folder, bundle: tuple[WeightsFile, ...]
) -> None:
    fetched = run("models", "fetch", "minifasnet")
    assert fetched.exit_code == 0, fetched.output
    assert "recognise nobody" in fetched.stdout
    assert {path.name for path in (folder.path / "models").iterdir()} == {file.file for file in bundle}
    assert _liveness_row(run)["is_installed"]


def test_liveness_networks_are_imported_in_any_order(
    run: Run, tmp_path: Path, bundle: tuple[WeightsFile, ...]
) -> None:
    first, second = bundle
    half = run("models", "import", "minifasnet", str(tmp_path / "served" / second.file))
    assert half.exit_code == 0, half.output
    assert first.file in half.stdout
    assert _liveness_row(run)["missing"] == [first.file]
    (tmp_path / "wrong.pth").write_bytes(b"x")
    wrong = run("models", "import", "minifasnet", str(tmp_path / "wrong.pth"))
    assert wrong.exit_code == 1
    assert "is not the weights" in wrong.stderr
    done = run("models", "import", "minifasnet", str(tmp_path / "served" / first.file))
    assert "recognise nobody" in done.stdout
    assert _liveness_row(run)["is_installed"]


@pytest.mark.parametrize("command", ["use", "try", "threshold", "remove"])
def test_liveness_networks_are_no_model_that_recognises(
    run: Run, bundle: tuple[WeightsFile, ...], command: str
) -> None:
    assert run("models", "fetch", "minifasnet").exit_code == 0
    for name in ("minifasnet", *(file.name for file in bundle)):
        refused = run("models", command, name, *(["1.0"] if command == "threshold" else []))
        assert refused.exit_code == 1
        assert "no model named" in refused.stderr.lower()


@pytest.mark.models
def test_a_model_is_tried_switched_to_gone_back_from_and_forgotten(run: Run, folder: Folder) -> None:
    with Workspace.open(folder.path) as space:
        reviews = [space.reception.enrolment.review_file(portrait.path) for portrait in portraits()[:2]]
        for number, review in enumerate(reviews):
            space.reception.enrolment.enrol(
                space.access.actor,
                name=f"Person {number}",
                staff_number=None,
                department="",
                reviews=[review],
            )
    assert "No other model is tried" in run("models", "shadow").stdout
    assert run("models", "switch").exit_code == 1
    tried = run("models", "try", SFACE_MTCNN)
    assert tried.exit_code == 0, tried.output
    assert "2 of 2 people ready" in tried.stdout
    assert "0 agreed, 0 disagreed" in run("models", "shadow").stdout
    assert json_lines(run("models", "shadow", "--json")) == []
    switched = run("models", "switch", "--uncompared")
    assert switched.exit_code == 0, switched.output
    assert f"{SFACE_MTCNN} is in use" in switched.stdout
    assert _states(run)[SFACE_MTCNN] == (True, True)
    assert f"{BUILT_IN} is in use again" in run("models", "back").stdout
    assert run("models", "forget", BUILT_IN).exit_code == 1
    assert "2 templates" in run("models", "forget", SFACE_MTCNN).stdout
    assert run("models", "back").exit_code == 1


def test_a_model_without_a_threshold_is_not_switched_to(run: Run, folder: Folder) -> None:
    with Workspace.open(folder.path) as space:
        choice = ModelChoice(active=SFACE_MTCNN, candidate=BUILT_IN, tried_since=NOW)
        space.policies.set(space.access.actor, choice)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("faceaccess.models.thresholds.default_match", lambda *_: None)
        refused = run("models", "switch")
        assert refused.exit_code == 1
        assert f"models threshold {BUILT_IN}" in refused.stderr
        assert run("models", "threshold", BUILT_IN, "0.09", "--margin", "0.01").exit_code == 0
        assert run("models", "switch").exit_code == 0
    assert run("models", "threshold", BUILT_IN, "5").exit_code == 1
    assert run("models", "stop").exit_code == 0


def test_a_model_that_was_compared_with_nothing_is_asked_about_first(run: Run, folder: Folder) -> None:
    """Fault: it was switched to though the shadow had decided about no entry yet."""
    folder.fill(lambda people, *_: people.create(name="Ada Byron"))
    with Workspace.open(folder.path) as space:
        choice = ModelChoice(active=BUILT_IN, candidate=SFACE_MTCNN, tried_since=NOW)
        space.policies.set(space.access.actor, choice)
        counts = ShadowCounts(0, 0, 0, 3)
        refused = replace(space.models.trial.state(), readiness=Readiness(1, 1), counts=counts)
    assert refused.is_untold
    assert not replace(refused, counts=ShadowCounts(0, 1, 0, 3)).is_untold
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ModelTrial, "state", lambda _: refused)
        said = run("models", "switch")
    assert said.exit_code == 1
    assert "Nothing was compared yet" in said.stderr
    assert "--uncompared" in said.stderr


@pytest.mark.slow
@pytest.mark.models
def test_the_benchmark_kills_re_embedding_and_goes_on_without_doubles(run: Run) -> None:
    done = run("benchmark", "reembed", "--people", "4", "--each", "1", "--json")
    assert done.exit_code == 0, done.output
    (report,) = json_lines(done)
    assert (report["photos"], report["templates after all"]) == (4, 4)
    assert report["killed when so many people were ready"] >= 2
    assert report["photos a second"] > 0
