"""A network that somebody put in place of ours never runs: anybody's face would become a colleague's."""

import hashlib
import importlib.util
import shutil
from pathlib import Path

import pytest

from faceaccess import paths
from faceaccess.codes import JournalKind
from faceaccess.errors import ModelError
from faceaccess.settings import Device
from faceaccess.vision.detector import MTCNN, YUNET, load_detector
from faceaccess.vision.devices import pick_device
from faceaccess.vision.embedder import BUILT_IN, load_embedder, model_id_of
from faceaccess.vision.exports import Exports, pinned
from faceaccess.vision.network_source import NetworkSource
from faceaccess.vision.runtime import load_network
from faceaccess.vision.weights import find_weights, is_there
from faceaccess.workspace import Workspace
from installer.graphs import write_graphs

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore")]


class KeptDigests:
    """Digests in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.changed: list[str] = []

    def known(self, file: str) -> str | None:
        return self.kept.get(file)

    def keep(self, file: str, sha256: str) -> None:
        self.kept[file] = sha256

    def report_changed(self, file: str, sha256: str) -> None:
        self.changed.append(file)


def test_the_networks_in_use_come_out_as_they_are_pinned(tmp_path: Path) -> None:
    cpu, exports = pick_device(Device.CPU), Exports(tmp_path)
    load_embedder(BUILT_IN, cpu, exports, paths.models_dir())
    for detector in (YUNET, MTCNN):
        load_detector(detector, cpu, exports, paths.models_dir())
    assert exports.in_use == pinned()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own with the networks: another process of the suite runs those in the usual one."""
    usual, own = paths.cache_dir(), tmp_path / "cache"
    own.mkdir()
    for name in pinned():
        for file in usual.glob(f"{name}-*.onnx"):
            shutil.copy(file, own)
    monkeypatch.setenv("FACEACCESS_CACHE_DIR", str(own))
    return own


@pytest.mark.logs_warnings
@pytest.mark.parametrize("name", ["sface", "onet", "yunet"])
def test_a_network_swapped_in_the_cache_is_made_anew_and_journalled(
    tmp_path: Path, cache: Path, name: str
) -> None:
    """A file of the right name was run, whatever it held."""
    with Workspace.open(tmp_path / "data") as space:
        space.reception.load_models()
        (path,) = cache.glob(f"{name}-*.onnx")
        good = path.read_bytes()
        other = next(file for file in cache.glob("*.onnx") if not file.name.startswith(name))
        path.write_bytes(other.read_bytes())
        space.models.recognisers.forget()
        space.reception.load_models()
        assert path.read_bytes() == good
        (row,) = space.journal.rows.newest([JournalKind.NETWORK_CHANGED])
        assert row.details["file"] == path.name
        assert space.models.recognisers.exports.in_use[name] == pinned()[name]


def source(tmp_path: Path, content: bytes = b"graph of this machine") -> NetworkSource:
    weights = tmp_path / "weights"
    weights.write_bytes(b"weights")
    return NetworkSource("unpinned", lambda: weights, lambda path: path.write_bytes(content) and None)


@pytest.mark.logs_warnings
def test_a_network_that_is_not_pinned_is_compared_with_what_was_kept(tmp_path: Path) -> None:
    digests, cache = KeptDigests(), tmp_path / "cache"
    exports = Exports(cache, digests)
    assert exports.graph(source(tmp_path)) == b"graph of this machine"
    (path,) = cache.iterdir()
    assert digests.kept == {path.name: hashlib.sha256(b"graph of this machine").hexdigest()}
    path.write_bytes(b"somebody else's")
    assert exports.graph(source(tmp_path)) == b"graph of this machine"
    assert digests.changed == [path.name]


def test_a_network_put_there_before_the_first_start_is_not_run(tmp_path: Path) -> None:
    """Another cache folder, prepared: nothing was kept of its networks."""
    digests, cache = KeptDigests(), tmp_path / "cache"
    Exports(cache).graph(source(tmp_path, b"somebody else's"))
    assert Exports(cache, digests).graph(source(tmp_path)) == b"graph of this machine"


def test_weights_that_were_changed_are_refused(tmp_path: Path) -> None:
    made = source(tmp_path)
    changed = NetworkSource(made.name, made.weights, made.write, weights_sha256="0" * 64)
    with pytest.raises(ModelError, match="isn't the expected file"):
        load_network(changed, pick_device(Device.CPU), Exports(tmp_path / "cache"))


def test_a_program_that_carries_its_graphs_needs_no_weights(tmp_path: Path, monkeypatch) -> None:
    """The installed program has neither the weights' packages nor torch; its models keep their ids."""
    models = tmp_path / "models"
    model_id = model_id_of(BUILT_IN, models)
    graphs = tmp_path / "resources" / "models" / "graphs"
    write_graphs(graphs)
    resource = paths.resource
    monkeypatch.setattr(
        paths,
        "resource",
        lambda name: path if (path := tmp_path / "resources" / name).exists() else resource(name),
    )
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    exports = Exports(tmp_path / "unused")
    embedder = load_embedder(BUILT_IN, pick_device(Device.CPU), exports, models)
    load_detector(YUNET, pick_device(Device.CPU), exports, models)
    assert embedder.model_id == model_id == model_id_of(BUILT_IN, models)
    assert is_there(find_weights(BUILT_IN), models)
    assert not (tmp_path / "unused").exists()
    (graphs / "sface.onnx").write_bytes((graphs / "onet.onnx").read_bytes())
    with pytest.raises(ModelError, match="isn't the network that the program came with"):
        load_embedder(BUILT_IN, pick_device(Device.CPU), exports, models)


def test_without_torch_a_gpu_is_not_used_and_it_is_said_why(monkeypatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    in_use = pick_device(Device.CUDA)
    assert in_use.device is Device.CPU
    assert "by pip" in str(in_use.note)
