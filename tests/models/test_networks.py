"""The networks as they are run here, against the libraries that their weights come from."""

import os
import subprocess
import sys

import cv2
import numpy as np
import pytest
import torch

from faceaccess import paths
from faceaccess.door.simulation import door_still, portraits
from faceaccess.errors import ModelError
from faceaccess.settings import Device
from faceaccess.vision.detector import MTCNN, YUNET, load_detector
from faceaccess.vision.devices import pick_device
from faceaccess.vision.embedder import BUILT_IN, load_embedder
from faceaccess.vision.exports import Exports
from faceaccess.vision.mtcnn import mtcnn_weights
from faceaccess.vision.network_source import NetworkSource
from faceaccess.vision.networks import mtcnn, mtcnn_graphs, sface, yunet
from faceaccess.vision.networks.facenet_pytorch import import_facenet_pytorch
from faceaccess.vision.runtime import OnnxNetwork, TorchNetwork, load_network
from faceaccess.vision.tracking import overlap
from faceaccess.vision.weights import located
from faceaccess.vision.yunet import OUTPUTS

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def cpu():
    return pick_device(Device.CPU)


@pytest.fixture(scope="module")
def embedder(cpu):
    return load_embedder(BUILT_IN, cpu, Exports(paths.cache_dir()), paths.models_dir())


@pytest.fixture(scope="module")
def detector(cpu):
    return load_detector(YUNET, cpu, Exports(paths.cache_dir()), paths.models_dir())


@pytest.fixture(scope="module", params=[YUNET, MTCNN])
def each_detector(request, cpu):
    return load_detector(request.param, cpu, Exports(paths.cache_dir()), paths.models_dir())


@pytest.fixture(scope="module")
def crops(detector, embedder):
    found = []
    for portrait in portraits():
        image = door_still(portrait)
        found.append(embedder.alignment.align(image, detector.detect(image)[0]))
    found.append(np.random.default_rng(0).integers(0, 255, (112, 112, 3), dtype=np.uint8))
    return np.stack(found)


def planes_of(crops):
    return np.ascontiguousarray(crops.transpose(0, 3, 1, 2)).astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("is_dequantised", [False, True])
def test_the_graph_written_is_the_files_own(embedder, crops, tmp_path, is_dequantised):
    """Against the file's graph with only the repairs that ONNX Runtime needs to load it."""
    path = tmp_path / "sface.onnx"
    sface.write_as_shipped(located(BUILT_IN, paths.models_dir()), path, is_dequantised=is_dequantised)
    (expected,) = OnnxNetwork(path.read_bytes()).run(planes_of(crops))
    unit = expected / np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.abs(embedder.embed_once(crops) - unit).max() < 1e-4


@pytest.mark.slow
def test_a_gpus_path_gives_the_same_embeddings(embedder, crops):
    """The torch module, which GPUs take, run on the CPU."""
    network = TorchNetwork(sface.build_torch(located(BUILT_IN, paths.models_dir())), "cpu")
    (raw,) = network.run(planes_of(crops))
    by_torch = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    assert np.abs(embedder.embed_once(crops) - by_torch).max() < 1e-4


def test_sfaces_graph_keeps_the_blocks_of_the_file_and_gives_what_its_weights_in_full_give(crops, tmp_path):
    """Neither the scales of norms nor what becomes of PReLUs change it; slopes above 1 are among them."""
    weights, path = located(BUILT_IN, paths.models_dir()), tmp_path / "sface.onnx"
    assert max(layer.slopes.max() for layer in sface.read_weights(weights).layers) > 1
    sface.write_onnx(weights, path)
    assert path.stat().st_size < 1.01 * weights.stat().st_size
    (found,) = OnnxNetwork(path.read_bytes()).run(planes_of(crops))
    with torch.inference_mode():
        expected = sface.build_torch(weights)(torch.from_numpy(planes_of(crops))).numpy()
    assert np.abs(found - expected).max() < 1e-5 * np.abs(expected).max()


def test_a_network_in_memory_does_not_hold_its_file_too(tmp_path):
    """ONNX Runtime's session would, for as long as it lives."""
    path = tmp_path / "sface.onnx"
    sface.write_onnx(located(BUILT_IN, paths.models_dir()), path)
    graph = path.read_bytes()
    before = sys.getrefcount(graph)
    network = OnnxNetwork(graph)
    assert sys.getrefcount(graph) == before
    assert network.run(np.zeros((1, 3, 112, 112), np.float32))[0].shape == (1, 128)


def test_another_file_is_not_taken_for_sface(tmp_path):
    other = tmp_path / "yunet.onnx"
    other.write_bytes(located("yunet", paths.models_dir()).read_bytes())
    with pytest.raises(ModelError):
        sface.write_onnx(other, tmp_path / "out.onnx")
    with pytest.raises(ModelError):
        yunet.write_onnx(located(BUILT_IN, paths.models_dir()), tmp_path / "out.onnx")


def test_yunets_graph_gives_what_opencv_makes_of_the_file(tmp_path):
    weights, path = located("yunet", paths.models_dir()), tmp_path / "yunet.onnx"
    yunet.write_onnx(weights, path)
    try:
        reference = cv2.dnn.readNetFromONNX(str(weights))
    except cv2.error:
        pytest.skip("this OpenCV can't read the file")
    image = cv2.resize(door_still(portraits()[0]), (640, 640))
    planes = cv2.dnn.blobFromImage(image, swapRB=True)
    reference.setInput(planes)
    network = OnnxNetwork(path.read_bytes())
    for expected, found in zip(reference.forward(list(OUTPUTS)), network.run(planes), strict=True):
        assert np.abs(expected.reshape(found.shape) - found).max() < 1e-4


@pytest.mark.parametrize(("name", "side"), [("pnet", 67), ("rnet", 24), ("onet", 48)])
def test_mtcnns_networks_written_without_torch_are_torchs(name, side, tmp_path):
    weights, path = mtcnn_weights() / f"{name}.pt", tmp_path / f"{name}.onnx"
    mtcnn_graphs.write_onnx(name, weights, path)
    image = torch.randn(3, 3, side, side, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        expected = mtcnn.load(name, weights)(image)
    for one, other in zip(expected, OnnxNetwork(path.read_bytes()).run(image.numpy()), strict=True):
        assert one.shape == other.shape
        assert np.abs(one.numpy() - other).max() < 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("smallest", [20, 60])
def test_the_detector_finds_what_facenet_pytorch_finds(each_detector, number, smallest):
    image = door_still(portraits()[number])
    boxes, scores, points = (
        import_facenet_pytorch().MTCNN(min_face_size=smallest).detect(image, landmarks=True)
    )
    found = each_detector.detect(image, smallest_face_px=smallest)
    sure = [i for i, score in enumerate(scores) if score >= 0.95]
    assert sure
    for i in sure:
        best = max(found, key=lambda face: overlap(face.box, boxes[i]))
        assert overlap(best.box, boxes[i]) >= 0.7
        assert np.abs(best.landmarks - points[i]).max() < 0.06 * best.face_px


def test_no_face_no_detection(each_detector):
    assert each_detector.detect(np.full((480, 640, 3), 120, np.uint8)) == []
    assert each_detector.detect(np.zeros((8, 8, 3), np.uint8)) == []
    assert each_detector.detect(np.zeros((1, 3000, 3), np.uint8)) == []


@pytest.mark.parametrize("turned", [False, True])
def test_faces_of_any_size_are_found_where_they_are(detector, turned):
    """From as small as is asked for to as large as the picture, also in one that is taller than wide."""
    still = door_still(portraits()[0])
    (expected,) = detector.detect(still)
    for face_px, canvas in ((26, (1080, 1920)), (120, (1080, 1920)), (900, (1080, 1920)), (300, (480, 640))):
        scale = face_px / expected.face_px
        face = cv2.resize(still, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        height, width = canvas[::-1] if turned else canvas
        x, y = (expected.box[:2] + expected.box[2:]) / 2 * scale
        left, top = round(width / 2 - x), round(height / 2 - y)
        move = np.array([[1, 0, left], [0, 1, top]], np.float32)
        image = cv2.warpAffine(face, move, (width, height), borderMode=cv2.BORDER_REPLICATE)
        found = detector.detect(image, smallest_face_px=20)
        centres = [(each.box[:2] + each.box[2:]) / 2 for each in found if each.detection_score > 0.9]
        assert any(np.abs(at - (width / 2, height / 2)).max() < 0.15 * face_px for at in centres), face_px


def test_points_lie_as_seen_in_the_image_and_mirror_with_it(detector):
    still = door_still(portraits()[1])
    (face,), (mirrored,) = detector.detect(still), detector.detect(still[:, ::-1])
    swapped = mirrored.landmarks[[1, 0, 2, 4, 3]]
    swapped[:, 0] = still.shape[1] - 1 - swapped[:, 0]
    assert np.abs(face.landmarks - swapped).max() < 0.05 * face.face_px
    assert face.landmarks[0, 0] < face.landmarks[1, 0]
    assert face.landmarks[:2, 1].max() < face.landmarks[3:, 1].min()


def test_two_faces_are_two_detections_the_larger_first(detector):
    one, other = (cv2.resize(door_still(portrait), (320, 240)) for portrait in portraits())
    both = np.hstack([one, cv2.resize(other, None, fx=1.5, fy=1.5)[:240]])
    found = [face for face in detector.detect(both) if face.detection_score > 0.95]
    assert len(found) == 2
    assert found[0].face_px >= found[1].face_px


@pytest.mark.parametrize("device", [Device.CUDA, Device.MPS])
def test_a_device_that_is_not_there_says_so_and_runs_on_the_cpu(device):
    if (torch.cuda if device is Device.CUDA else torch.backends.mps).is_available():
        pytest.skip("this computer has one")
    used = pick_device(device)
    assert used.device is Device.CPU
    assert device.value.upper() in str(used.note)


@pytest.mark.slow
def test_a_warm_start_on_the_cpu_does_not_load_torch(embedder):
    code = (
        "import sys, tempfile, pathlib\n"
        "from faceaccess.workspace import Workspace\n"
        "with Workspace.open(pathlib.Path(tempfile.mkdtemp())) as space:\n"
        "    space.machine.use_device('cpu')\n"
        "    space.reception.load_models()\n"
        "    assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.slow
def test_nothing_of_the_default_path_needs_torch_not_even_the_first_start(tmp_path):
    code = (
        "import os, sys, tempfile, pathlib\n"
        "sys.modules['torch'] = None\n"
        "from faceaccess.workspace import Workspace\n"
        "with Workspace.open(pathlib.Path(tempfile.mkdtemp())) as space:\n"
        "    space.machine.use_device('cpu')\n"
        "    space.reception.load_models()\n"
    )
    environment = {**os.environ, "FACEACCESS_CACHE_DIR": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, env=environment)
    assert {path.name.split("-")[0] for path in (tmp_path / "cache").iterdir()} == {"sface", "yunet", "onet"}


def test_a_cut_network_in_the_cache_is_never_left_behind(tmp_path, monkeypatch):
    """A full disk while a network is written: the message says so, and the next start writes it anew."""

    def write(path):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    source = NetworkSource("full", lambda: located(BUILT_IN, paths.models_dir()), write)
    with pytest.raises(ModelError, match="can't be written"):
        load_network(source, pick_device(Device.CPU), Exports(tmp_path))
    assert list(tmp_path.iterdir()) == []
