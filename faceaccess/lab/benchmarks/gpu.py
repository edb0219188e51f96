"""`faceaccess benchmark gpu`: whether a GPU decides as the CPU does, and how much faster it is."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from faceaccess.cli.common import FAILED, Json, failing_clearly, print_json, say

if TYPE_CHECKING:
    from faceaccess.recognition.pipeline import Recogniser
    from faceaccess.vision.devices import DeviceInUse
    from faceaccess.vision.types import FloatArray, Frame, ImageArray

BATCHES = (1, 16, 64)
LARGEST_GAP = 1e-4
"""Of the numbers of two embeddings of one face, which are at most 1: far below what moves a decision."""

_LAPS = 5


@dataclass(frozen=True)
class DeviceReport:
    """A device beside the CPU.

    Attributes:
        device: its title.
        gap: largest difference of a number of an embedding.
        otherwise: frames of the recording that are decided otherwise.
        frames: of the recording.
        detection_ms: of a picture of 640x480.
        embedding_ms: of a face, by how many are embedded at a time.
        given_up: why the device was given up meanwhile, or "".
    """

    device: str
    gap: float
    otherwise: int
    frames: int
    detection_ms: float
    embedding_ms: dict[int, float]
    given_up: str = ""

    @property
    def is_same(self) -> bool:
        """Whether it decides as the CPU does."""
        return self.gap <= LARGEST_GAP and not self.otherwise and not self.given_up


def gpu(json: Json = False) -> None:
    """Compare each device that is here with the CPU: embeddings, every frame's decision, milliseconds.

    The last row is torch on the CPU, which runs what a GPU would. Ends with 1 where a device decides
    otherwise or gives other embeddings.
    """
    with failing_clearly():
        reports = list(_reports())
    if json:
        print_json([asdict(report) for report in reports])
    for report in reports if not json else ():
        times = ", ".join(f"{ms:.2f} ms ({count} at a time)" for count, ms in report.embedding_ms.items())
        say(
            f"{report.device}: {report.otherwise} of {report.frames} frames decided otherwise, embeddings "
            f"within {report.gap:.1e}; detection {report.detection_ms:.1f} ms, a face {times} "
            f"{report.given_up}".rstrip()
        )
    if len(reports) == 2:
        say("There is no GPU here that ONNX Runtime or torch can use.", err=True)
    if not all(report.is_same for report in reports):
        raise typer.Exit(FAILED)


def _reports() -> "Iterator[DeviceReport]":
    """Yield what was measured of each device, the CPU first."""
    from faceaccess.door import simulation

    still = simulation.door_still(simulation.portraits()[0])
    frames = _frames()
    on_cpu: _Results | None = None
    for device in _devices():
        title, recogniser = device.title, _recogniser(device)
        crops = on_cpu.crops if on_cpu is not None else _crops(recogniser, still)
        embeddings = recogniser.embedder.embed_once(crops)
        results = _Results(crops, embeddings, list(_decisions(recogniser, frames)))
        on_cpu = on_cpu or results
        yield DeviceReport(
            title,
            float(abs(results.embeddings - on_cpu.embeddings).max()),
            sum(ours != theirs for ours, theirs in zip(results.decisions, on_cpu.decisions, strict=True)),
            len(frames),
            _median_ms(partial(recogniser.detector.detect, still)),
            {n: _median_ms(partial(recogniser.embedder.embed_once, crops[:n])) / n for n in BATCHES},
            str(device.note) if device.title != title else "",
        )


@dataclass(frozen=True, eq=False)
class _Results:
    crops: "ImageArray"
    embeddings: "FloatArray"
    decisions: list[object]


def _frames() -> "list[Frame]":
    """Return the frames of the demo's door."""
    from faceaccess.door import simulation
    from faceaccess.vision.sources.recordings import VideoFile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "door.mp4"
        simulation.render(path)
        source = VideoFile(path)
        frames = list(iter(source.read, None))
        source.close()
    return frames


def _devices() -> "Iterator[DeviceInUse]":
    from faceaccess.settings import Device
    from faceaccess.vision.devices import DeviceInUse, pick_device

    yield pick_device(Device.CPU)
    for device in (Device.CUDA, Device.MPS):
        if not (in_use := pick_device(device)).is_cpu:
            yield in_use
    yield DeviceInUse(Device.CPU, "torch on the CPU", is_onnx=False)


def _recogniser(device: "DeviceInUse") -> "Recogniser":
    from faceaccess import paths
    from faceaccess.recognition.gallery import Gallery
    from faceaccess.recognition.pipeline import Recogniser
    from faceaccess.vision.detector import load_detector
    from faceaccess.vision.embedder import BUILT_IN, DIMENSIONS, detector_of, load_embedder
    from faceaccess.vision.exports import Exports

    exports = Exports(paths.cache_dir())
    embedder = load_embedder(BUILT_IN, device, exports, paths.models_dir())
    gallery = Gallery(embedder.model_id, DIMENSIONS[BUILT_IN])
    detector = load_detector(detector_of(BUILT_IN), device, exports, paths.models_dir())
    return Recogniser(detector, embedder, gallery, device)


def _crops(recogniser: "Recogniser", still: "ImageArray") -> "ImageArray":
    """Return (64, S, S, 3) uint8: a portrait's crop in as many lights."""
    import numpy as np

    face = recogniser.detector.detect(still)[0]
    crop = recogniser.embedder.alignment.align(still, face).astype(np.float32)
    lights = np.linspace(0.5, 1.3, max(BATCHES))[:, None, None, None]
    return np.clip(crop[None] * lights, 0, 255).astype(np.uint8)


def _decisions(recogniser: "Recogniser", frames: "list[Frame]") -> "Iterator[object]":
    """Yield who each face of each frame was taken for, with the demo's first portrait enrolled."""
    import numpy as np

    from faceaccess.door.simulation import door_still, portraits
    from faceaccess.recognition.calibration import default_match
    from faceaccess.recognition.pipeline import Pipeline

    still = door_still(portraits()[0])
    crop = recogniser.embedder.alignment.align(still, recogniser.detector.detect(still)[0])
    recogniser.gallery.replace(
        recogniser.embedder.model_id,
        template_ids=np.zeros(1, np.int64),
        person_ids=["1" * 32],
        is_active=np.ones(1, bool),
        embeddings=recogniser.embedder.embed_templates(crop[None]),
    )
    policy = default_match(recogniser.embedder.model_id, 1)
    assert policy is not None
    pipeline = Pipeline(recogniser, policy, smallest_face_px=60)
    for frame in frames:
        yield [(face.decision.outcome, face.decision.person_id) for face in pipeline.process(frame).faces]


def _median_ms(step: "Callable[[], object]") -> float:
    step()
    laps = []
    for _ in range(_LAPS):
        started = time.perf_counter()
        step()
        laps.append((time.perf_counter() - started) * 1000)
    return statistics.median(laps)
