"""Values passed between the steps from pixels to embeddings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from faceaccess.codes import PhotoProblem, Reason

ImageArray = NDArray[np.uint8]
FloatArray = NDArray[np.float32]


def _require(array: np.ndarray, shape: tuple[int | None, ...], dtype: type, name: str) -> None:
    fits = array.ndim == len(shape) and all(
        want is None or have == want for have, want in zip(array.shape, shape, strict=True)
    )
    if not fits or array.dtype != dtype:
        raise ValueError(f"{name}: expected {shape} {np.dtype(dtype)}, got {array.shape} {array.dtype}")


@dataclass(frozen=True, eq=False)
class Frame:
    """A timed camera image.

    Attributes:
        image: (H, W, 3) uint8, RGB.
        captured_at: UTC time; for a file, the session's start plus `time_s`.
        index: number of the frame in its source, from 0.
        time_s: seconds on the source's own clock: position in a file; the system's monotonic
            clock for a camera.
        is_replayed: whether a live camera gave the very same picture before another one: no sensor does.
    """

    image: ImageArray
    captured_at: datetime
    index: int
    time_s: float
    is_replayed: bool = False

    def __post_init__(self) -> None:
        _require(self.image, (None, None, 3), np.uint8, "Frame.image")


class FrameSource(Protocol):
    """Gives frames one after another.

    Attributes:
        name: how to show it.
        is_recording: True when its clock is its own, not the wall clock: every frame counts.
        fps: frames a second that it was recorded or set at, or 0 when not known.
    """

    name: str
    is_recording: bool
    fps: float

    def read(self) -> Frame | None:
        """Return the next frame, or None at the end. Raises CameraError when it fails."""

    def close(self) -> None:
        """Let go of the device or file."""


@dataclass(frozen=True, eq=False)
class Detection:
    """A face found in an image.

    Attributes:
        box: (4,) float32, x1 y1 x2 y2, pixels of the source image; may reach outside it.
        landmarks: (5, 2) float32, x y: left eye, right eye, nose, left and right mouth
            corner, left as seen in the image.
        detection_score: the detector's probability that this is a face, 0 to 1.
    """

    box: FloatArray
    landmarks: FloatArray
    detection_score: float

    def __post_init__(self) -> None:
        _require(self.box, (4,), np.float32, "Detection.box")
        _require(self.landmarks, (5, 2), np.float32, "Detection.landmarks")

    @property
    def face_px(self) -> float:
        """Shorter side of the box in pixels."""
        return float(min(self.box[2] - self.box[0], self.box[3] - self.box[1]))


@dataclass(frozen=True, eq=False)
class LooseCrop:
    """A face with its surroundings, from which any model's input can be cut later.

    Attributes:
        image: (H, W, 3) uint8 RGB, at most 320 px; the face takes about half of it each way.
        landmarks: (5, 2) float32, pixels of `image`, in the order of `Detection`.
    """

    image: ImageArray
    landmarks: FloatArray

    def __post_init__(self) -> None:
        _require(self.image, (None, None, 3), np.uint8, "LooseCrop.image")
        _require(self.landmarks, (5, 2), np.float32, "LooseCrop.landmarks")


@dataclass(frozen=True)
class Quality:
    """How well a face can be recognised in an image.

    Attributes:
        face_px: shorter side of the face box, pixels.
        sharpness: standard deviation of the Laplacian of the aligned grey crop, grey levels.
        brightness: mean of the aligned grey crop, 0 (black) to 255.
        yaw: turn of the head, -2 to 2: 0 frontal, 1 the nose at an eye.
        detection_score: the detector's probability, 0 to 1.
        reason: why the face can't be judged, or None when it can.
        pitch: where the nose stands between eyes (0) and mouth (1); about 0.55 when looking ahead,
            less when looking up, more when looking down.
        part_outside: part of the box that lies outside the picture, 0 to 1.
        clarity: length of the network's raw embedding, no unit, of a scale of each model: the clearer the
            face, the longer; 0 where it wasn't measured. Source: Meng et al. 2021, "MagFace", found to
            hold for SFace too by `faceaccess evaluate quality`.
    """

    face_px: float
    sharpness: float
    brightness: float
    yaw: float
    detection_score: float
    reason: Reason | None = None
    pitch: float = 0.0
    part_outside: float = 0.0
    clarity: float = 0.0


@dataclass(frozen=True)
class Fault:
    """A measure of a photo that is beyond its limit."""

    problem: PhotoProblem
    measured: float
    limit: float
