"""The peer that is measured against: dlib's network as it is run here, against dlib itself."""

import dlib
import numpy as np
import pytest
import torch

from faceaccess import paths
from faceaccess.door.simulation import door_still, portraits
from faceaccess.settings import Device
from faceaccess.vision.detector import load_detector
from faceaccess.vision.devices import pick_device
from faceaccess.vision.dlib_peer import WEIGHTS, dlib_weights
from faceaccess.vision.embedder import DLIB, detector_of, load_embedder
from faceaccess.vision.exports import Exports
from faceaccess.vision.networks.dlib_resnet import DlibResNet

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore")]


@pytest.mark.slow
def test_torch_and_onnx_equal_dlib_itself():
    cpu = pick_device(Device.CPU)
    embedder = load_embedder(DLIB, cpu, Exports(paths.cache_dir()), paths.models_dir())
    detector = load_detector(detector_of(DLIB), cpu, Exports(paths.cache_dir()), paths.models_dir())
    stills = [door_still(portrait) for portrait in portraits()]
    crops = np.stack([embedder.alignment.align(still, detector.detect(still)[0]) for still in stills])
    reference = dlib.face_recognition_model_v1(str(dlib_weights(WEIGHTS)))
    expected = np.stack([np.array(reference.compute_face_descriptor(crop)) for crop in crops])
    planes = np.ascontiguousarray(crops.transpose(0, 3, 1, 2)).astype(np.float32)
    with torch.inference_mode():
        by_torch = DlibResNet(dlib_weights(WEIGHTS)).eval()(torch.from_numpy(planes)).numpy()
    assert np.abs(by_torch - expected).max() < 1e-5
    unit = expected / np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.abs(embedder.embed_once(crops) - unit).max() < 1e-5
