"""Small stand-ins that record what is asked of them."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import CameraError
from faceaccess.settings import Device
from faceaccess.steady import steady_s
from faceaccess.vision.devices import CPU_TITLE, DeviceInUse
from faceaccess.vision.types import Detection, FloatArray, Frame, ImageArray
from tests.builders import NOW, make_detection, make_embedding

ON_CPU = DeviceInUse(Device.CPU, CPU_TITLE)


class ManualClock:
    """A time that goes on when told to."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def advance(self, seconds: float) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now


class FakeRecording:
    """Gives the frames it was given, then ends."""

    name = "Fake recording"
    is_recording = True
    fps = 15.0

    def __init__(self, frames: Sequence[Frame]) -> None:
        self._frames = list(frames)

    def read(self) -> Frame | None:
        return self._frames.pop(0) if self._frames else None

    def close(self) -> None:
        self._frames.clear()


class FakeCapture:
    """A live camera: gives the frames it was given, as of now; then fails, or gives nothing more."""

    def __init__(self, frames: Sequence[Frame] = (), *, then: str = "wait", age_s: float = 0.0) -> None:
        self._frames, self._then, self._age_s = list(frames), then, age_s
        self._closed = threading.Event()
        self.receives = 0

    def receive(self, timeout_s: float) -> Frame | None:
        self.receives += 1
        if self._frames:
            return replace(self._frames.pop(0), time_s=steady_s() - self._age_s)
        if self._then == "fail":
            raise CameraError("Unplugged.", "Plug it in.")
        self._closed.wait(timeout_s)
        return None

    def close(self) -> None:
        self._closed.set()


class FakeDetector:
    """Finds the faces planned for each frame, one list a call."""

    smallest_face_px = 20

    def __init__(self, plan: Sequence[Sequence[Detection]] = ()) -> None:
        self._plan = list(plan)
        self.calls = 0
        self.smallest_asked_px: int | None = None

    def detect(self, image: ImageArray, *, smallest_face_px: int | None = None) -> list[Detection]:
        self.calls += 1
        self.smallest_asked_px = smallest_face_px
        if self._plan:
            return list(self._plan.pop(0))
        return [make_detection()]


class FakeAlignment:
    """Cuts the box out."""

    version = "fake"
    crop_px = 16
    needs_box = False

    def align(self, image: ImageArray, detection: Detection) -> ImageArray:
        x, y = detection.box[:2].astype(int)
        colour = image[min(max(y + 1, 0), image.shape[0] - 1), min(max(x + 1, 0), image.shape[1] - 1)]
        crop = np.empty((16, 16, 3), np.uint8)
        crop[:] = colour
        # A checked pattern: a plain colour would count as blurred.
        crop[::2, ::2] = np.clip(crop[::2, ::2].astype(int) + 40, 0, 255)
        return crop


class FakeEmbedder:
    """Embeds a crop by its colour: one colour is one person."""

    model_id = "fake:1"

    def __init__(self, dimension: int = 8) -> None:
        self.alignment = FakeAlignment()
        self.dimension = dimension
        self.hold: threading.Event | None = None
        self.entered = threading.Event()

    def embed_probes(self, crops: ImageArray) -> FloatArray:
        self.entered.set()
        if self.hold is not None:
            self.hold.wait(5)
        return np.stack([make_embedding(int(crop[1, 1].astype(int).sum()), self.dimension) for crop in crops])

    embed_templates = embed_probes

    def embed_measured(self, crops: ImageArray) -> tuple[FloatArray, FloatArray]:
        return self.embed_probes(crops), np.full(len(crops), 12.0, np.float32)


class KeptTemplates:
    """Templates as a store keeps them: their ids only rise, and they can go."""

    def __init__(self) -> None:
        self.rows: dict[int, FloatArray] = {}
        self.asked: list[int] = []
        self._last_id = 0

    def add(self, embeddings: FloatArray) -> NDArray[np.int64]:
        ids = np.arange(self._last_id + 1, self._last_id + 1 + len(embeddings), dtype=np.int64)
        self.rows |= dict(zip(ids.tolist(), embeddings, strict=True))
        self._last_id += len(embeddings)
        return ids

    def erase(self, template_id: int) -> None:
        del self.rows[template_id]

    def read(self, template_ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], FloatArray]:
        self.asked.append(len(template_ids))
        kept = sorted(set(template_ids.tolist()) & self.rows.keys())
        embeddings = [self.rows[template_id] for template_id in kept]
        return np.array(kept, np.int64), np.stack(embeddings) if kept else np.empty((0, 0), np.float32)


def coloured_frame(value: int, index: int = 0, seconds: float = 0.0) -> Frame:
    """Return a frame all of one grey: the person of that number."""
    image = np.full((120, 160, 3), value, np.uint8)
    return Frame(image, datetime.now(UTC) + timedelta(seconds=seconds), index, seconds)
