"""The networks as they are run here, against the libraries that their weights come from."""

import subprocess
import sys

import cv2
import dlib
import numpy as np
import pytest
import torch

from faceaccess import paths
from faceaccess.door.simulation import door_still, portraits
from faceaccess.settings import Device
from faceaccess.vision.alignment import dlib_weights
from faceaccess.vision.detector import load_detector, weights_folder
from faceaccess.vision.embedder import BUILT_IN, load_embedder
from faceaccess.vision.networks import mtcnn
from faceaccess.vision.networks.dlib_resnet import DlibResNet
from faceaccess.vision.networks.facenet_pytorch import import_facenet_pytorch
from faceaccess.vision.runtime import TorchNetwork, pick_device
from faceaccess.vision.tracking import overlap

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore")]

WEIGHTS = "dlib_face_recognition_resnet_model_v1.dat"


@pytest.fixture(scope="module")
def cpu():
    return pick_device(Device.CPU)


@pytest.fixture(scope="module")
def embedder(cpu):
    return load_embedder(BUILT_IN, cpu, paths.cache_dir(), paths.models_dir())


@pytest.fixture(scope="module")
def detector(cpu):
    return load_detector(cpu, paths.cache_dir())


@pytest.fixture(scope="module")
def crops(detector, embedder):
    found = []
    for portrait in portraits():
        image = door_still(portrait)
        found.append(embedder.alignment.align(image, detector.detect(image)[0]))
    found.append(np.random.default_rng(0).integers(0, 255, (150, 150, 3), dtype=np.uint8))
    return np.stack(found)


def test_torch_and_onnx_equal_dlib_itself(embedder, crops):
    reference = dlib.face_recognition_model_v1(str(dlib_weights(WEIGHTS)))
    expected = np.stack([np.array(reference.compute_face_descriptor(crop)) for crop in crops])
    planes = np.ascontiguousarray(crops.transpose(0, 3, 1, 2)).astype(np.float32)
    with torch.inference_mode():
        by_torch = DlibResNet(dlib_weights(WEIGHTS)).eval()(torch.from_numpy(planes)).numpy()
    assert np.abs(by_torch - expected).max() < 1e-5
    unit = expected / np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.abs(embedder.embed_once(crops) - unit).max() < 1e-5


def test_a_gpus_path_gives_the_same_distances(embedder, crops):
    """The torch path, which GPUs take, run on the CPU."""
    network = TorchNetwork(DlibResNet(dlib_weights(WEIGHTS)), "cpu")
    planes = np.ascontiguousarray(crops.transpose(0, 3, 1, 2)).astype(np.float32)
    raw = network.run(planes)[0]
    by_torch = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    by_onnx = embedder.embed_once(crops)
    for a in range(3):
        for b in range(3):
            one = float(np.sum((by_torch[a] - by_torch[b]) ** 2))
            other = float(np.sum((by_onnx[a] - by_onnx[b]) ** 2))
            assert one == pytest.approx(other, abs=1e-5)


@pytest.mark.parametrize(("name", "side"), [("pnet", 67), ("rnet", 24), ("onet", 48)])
def test_a_hastened_network_is_the_same_function(name, side):
    weights = weights_folder() / f"{name}.pt"
    plain = {"pnet": mtcnn.PNet, "rnet": mtcnn.RNet, "onet": mtcnn.ONet}[name]()
    plain.load_state_dict(torch.load(weights, weights_only=True))
    image = torch.randn(3, 3, side, side, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        expected, found = plain.eval()(image), mtcnn.load(name, weights)(image)
    for one, other in zip(expected, found, strict=True):
        assert (one - other).abs().max() < 1e-4


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("smallest", [20, 60])
def test_the_detector_finds_what_facenet_pytorch_finds(detector, number, smallest):
    image = door_still(portraits()[number])
    boxes, scores, points = (
        import_facenet_pytorch().MTCNN(min_face_size=smallest).detect(image, landmarks=True)
    )
    found = detector.detect(image, smallest_face_px=smallest)
    sure = [i for i, score in enumerate(scores) if score >= 0.95]
    assert sure
    for i in sure:
        best = max(found, key=lambda face: overlap(face.box, boxes[i]))
        assert overlap(best.box, boxes[i]) >= 0.7
        assert np.abs(best.landmarks - points[i]).max() < 0.06 * best.face_px


def test_no_face_no_detection(detector):
    assert detector.detect(np.full((480, 640, 3), 120, np.uint8)) == []
    assert detector.detect(np.zeros((8, 8, 3), np.uint8)) == []


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
    assert device.value.upper() in used.note


def test_a_warm_start_on_the_cpu_does_not_load_torch(embedder):
    code = (
        "import sys, tempfile, pathlib\n"
        "from faceaccess.workspace import Workspace\n"
        "with Workspace.open(pathlib.Path(tempfile.mkdtemp())) as space:\n"
        "    space.use_device('cpu')\n"
        "    space.load_models()\n"
        "    assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_template_of_many_views_is_nearer_to_the_face_in_another_pose(embedder, crops):
    """What the further views are for, shown on faces turned and grown more than any view is."""
    for crop in crops[:2]:
        once, many = embedder.embed_once(crop[None])[0], embedder.embed_templates(crop[None])[0]
        for turn, growth in ((9, 1.1), (-9, 0.9)):
            warp = cv2.getRotationMatrix2D((74.5, 74.5), turn, growth)
            moved = cv2.warpAffine(crop, warp, (150, 150), borderMode=cv2.BORDER_REFLECT_101)
            probe = embedder.embed_probes(moved[None])[0]
            assert np.sum((many - probe) ** 2) < np.sum((once - probe) ** 2)
