"""The model on request: random weights over a loopback server, then loaded, compared and switched to."""

import dataclasses
import hashlib
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
import torch

from faceaccess import paths
from faceaccess.door.simulation import portraits
from faceaccess.errors import ModelError, SettingsError
from faceaccess.settings import Device
from faceaccess.vision import weights
from faceaccess.vision.devices import pick_device
from faceaccess.vision.embedder import BUILT_IN, INCEPTION, load_embedder
from faceaccess.vision.exports import Exports
from faceaccess.vision.network_source import exported_by_torch
from faceaccess.vision.networks.facenet_pytorch import import_facenet_pytorch
from faceaccess.vision.runtime import OnnxNetwork
from faceaccess.workspace import Workspace

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def library():
    torch.manual_seed(7)
    return import_facenet_pytorch().InceptionResnetV1().eval()


@pytest.fixture(scope="module")
def served(tmp_path_factory, library):
    """The weight file, as the manifest would name it, on a loopback server."""
    folder = tmp_path_factory.mktemp("served")
    path = folder / "inception.pt"
    torch.save(
        {**library.state_dict(), "logits.weight": torch.zeros(2, 512), "logits.bias": torch.zeros(2)}, path
    )

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(folder))

        def log_message(self, *_):
            """Be silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    known = weights.find_weights(INCEPTION)
    yield (
        path,
        dataclasses.replace(
            known,
            file="inception.pt",
            url=f"http://127.0.0.1:{server.server_port}/inception.pt",
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        ),
    )
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def manifest(served, monkeypatch):
    others = [file for file in weights.load_manifest() if file.name != INCEPTION]
    monkeypatch.setattr(weights, "load_manifest", lambda path=None: (*others, served[1]))
    return served[1]


@pytest.fixture
def space(tmp_path, manifest):
    with Workspace.open(tmp_path / "data") as opened:
        yield opened


def enrol_one(space):
    known = portraits()[0]
    review = space.reception.enrolment.review_file(known.path)
    return space.reception.enrolment.enrol(
        space.access.actor, name=known.name, staff_number=None, department="", reviews=[review]
    )


@pytest.mark.slow
def test_fetched_loaded_and_equal_to_the_library(space, library):
    space.models.catalogue.fetch(space.access.actor, INCEPTION)
    embedder = load_embedder(
        INCEPTION, pick_device(Device.CPU), Exports(paths.cache_dir()), paths.models_dir(space.data_dir)
    )
    crops = np.random.default_rng(1).integers(0, 255, (2, 160, 160, 3), dtype=np.uint8)
    with torch.inference_mode():
        planes = torch.from_numpy(crops.transpose(0, 3, 1, 2).copy()).float()
        expected = library((planes - 127.5) / 128).numpy()
    found = embedder.embed_once(crops)
    assert found.shape == (2, 512)
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert np.abs(found - expected).max() < 1e-4


def test_the_graph_is_written_without_torch_and_equals_torchs_own_export(tmp_path, served, library):
    weights_file = served[0]
    code = (
        "import sys; from pathlib import Path; from faceaccess.vision.networks import inception_resnet_v1;"
        f"inception_resnet_v1.write_onnx(Path({str(weights_file)!r}), Path({str(tmp_path / 'ours.onnx')!r}));"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
    exported_by_torch("theirs", lambda: weights_file, lambda: library, (1, 3, 160, 160)).write(
        tmp_path / "theirs.onnx"
    )
    crops = np.random.default_rng(2).uniform(-1, 1, (3, 3, 160, 160)).astype(np.float32)
    (ours,), (theirs,) = (
        OnnxNetwork((tmp_path / name).read_bytes()).run(crops) for name in ("ours.onnx", "theirs.onnx")
    )
    assert np.abs(ours - theirs).max() < 1e-5


def test_imported_from_a_file(space, served):
    space.models.catalogue.import_file(space.access.actor, INCEPTION, served[0])
    assert next(model for model in space.models.catalogue.infos() if model.name == INCEPTION).is_installed


def test_a_state_dict_of_something_else_is_refused(tmp_path):
    from faceaccess.vision.networks import inception_resnet_v1

    torch.save({"something": torch.zeros(1)}, tmp_path / "a.pt")
    with pytest.raises(ModelError, match="InceptionResnetV1"):
        inception_resnet_v1.build_torch(tmp_path / "a.pt")
    with pytest.raises(ModelError, match="InceptionResnetV1"):
        inception_resnet_v1.write_onnx(tmp_path / "a.pt", tmp_path / "a.onnx")
    assert not (tmp_path / "a.onnx").exists()


@pytest.mark.slow
def test_another_model_embeds_all_photos_anew_and_takes_no_threshold_over(space, served):
    person = enrol_one(space)
    first, policy = space.models.model_id, space.models.thresholds.in_force
    assert policy is not None
    space.models.catalogue.import_file(space.access.actor, INCEPTION, served[0])
    assert space.models.catalogue.use(space.access.actor, INCEPTION) == 0
    assert space.models.model_id != first
    assert space.models.templates.by_model.counts() == {first: 1, space.models.model_id: 1}
    assert len(space.models.recogniser.gallery) == 1
    assert space.people.get(person.person_id, space.models.model_id).template_count == 1
    assert space.models.thresholds.in_force is None
    with pytest.raises(SettingsError, match="threshold"):
        space.doors.open(space.access.actor, source="0")
    space.models.catalogue.use(space.access.actor, BUILT_IN)
    assert space.models.model_id == first
    assert space.models.thresholds.in_force == policy


def test_a_model_that_is_not_here_changes_nothing(space):
    enrol_one(space)
    first = space.models.model_id
    with pytest.raises(ModelError):
        space.models.catalogue.use(space.access.actor, INCEPTION)
    with pytest.raises(ModelError, match="no model"):
        space.models.catalogue.use(space.access.actor, "nonsense")
    assert space.models.model_id == first
