"""The networks that every installation needs, as ready ONNX graphs, so that it needs no weights' packages."""

import shutil
import tempfile
from pathlib import Path

from faceaccess.settings import Device
from faceaccess.vision.detector import MTCNN, YUNET, load_detector
from faceaccess.vision.devices import pick_device
from faceaccess.vision.embedder import BUILT_IN, load_embedder
from faceaccess.vision.exports import Exports, pinned


def write_graphs(folder: Path) -> None:
    """Write each graph whose digest the program knows as NAME.onnx; raises where one comes out otherwise.

    Args:
        folder: replaced.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as cache:
        exports, cpu = Exports(Path(cache)), pick_device(Device.CPU)
        load_embedder(BUILT_IN, cpu, exports, Path(cache))
        for detector in (YUNET, MTCNN):
            load_detector(detector, cpu, exports, Path(cache))
        if exports.in_use != pinned():
            raise SystemExit(f"The graphs come out otherwise: {exports.in_use}, expected {pinned()}.")
        for name in pinned():
            (graph,) = Path(cache).glob(f"{name}-*.onnx")
            shutil.copyfile(graph, folder / f"{name}.onnx")
