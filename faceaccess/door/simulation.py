"""A door camera made of two public-domain portraits that packages ship: for the demo and the benchmark."""

import importlib.util
import itertools
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from faceaccess.errors import CameraError
from faceaccess.vision.sources.images import read_photo
from faceaccess.vision.types import FloatArray, ImageArray

FPS = 15.0
VISIT_S = 4.0
GAP_S = 2.0
WIDTH, HEIGHT = 640, 480
NOISES = 16


@dataclass(frozen=True, eq=False)
class Portrait:
    """A portrait and the person in it.

    Attributes:
        image: (H, W, 3) uint8 RGB, head and shoulders.
    """

    name: str
    path: Path
    image: ImageArray


def portraits() -> tuple[Portrait, Portrait]:
    """Return the person who is enrolled and the one who isn't.

    Raises:
        CameraError: the packages that ship them aren't installed.
    """
    return (
        # Both are official portraits by the United States government, in the public domain.
        _portrait("Eileen Collins", "skimage", "data/astronaut.png", (slice(0, 300), slice(70, 370))),
        _portrait(
            "Grace Hopper",
            "matplotlib",
            "mpl-data/sample_data/grace_hopper.jpg",
            (slice(0, 440), slice(36, 476)),
        ),
    )


def _portrait(name: str, package: str, file: str, part: tuple[slice, slice]) -> Portrait:
    spec = importlib.util.find_spec(package)
    path = (
        Path(spec.submodule_search_locations[0]) / file if spec and spec.submodule_search_locations else None
    )
    if path is None or not path.is_file():
        raise CameraError(
            "The portrait of {name} is missing.",
            'Install the demo: pip install "faceaccess[demo]"',
            name=name,
        )
    return Portrait(name, path, np.ascontiguousarray(read_photo(path).image[part]))


def door_still(portrait: Portrait) -> ImageArray:
    """Return (480, 640, 3) uint8 RGB: a frame of the demo's door, somebody in front of a wall."""
    return _scene(_noise(np.random.default_rng(0)), portrait.image, 0.5, 0.5, 0.75, 1.0)


def render(path: Path, rounds: int = 1, seed: int = 1) -> None:
    """Write a recording in which the two walk up to the camera in turn.

    Args:
        path: an .mp4 file, replaced.
        rounds: how often both come.
        seed: of movement, light and noise.

    Raises:
        CameraError: the file can't be written.
    """
    rng = np.random.default_rng(seed)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, (WIDTH, HEIGHT))
    if not writer.isOpened():
        raise CameraError("The recording {path} can't be written.", "Is there space left?", path=path)
    empty = np.zeros((1, 1, 3), np.uint8)
    # A few pictures of noise in turn look as new ones would, and cost a fraction.
    noises = itertools.cycle([_noise(rng) for _ in range(NOISES)])
    try:
        for portrait in portraits() * rounds:
            for _ in range(int(GAP_S * FPS)):
                writer.write(_bgr(_scene(next(noises), empty, 0.5, 0.5, 0.01, 1.0)))
            light, start = rng.uniform(0.8, 1.1), rng.uniform(0.3, 0.7)
            for i in range(int(VISIT_S * FPS)):
                t = i / (VISIT_S * FPS)
                x = start + (0.5 - start) * t + 0.01 * np.sin(9 * t)
                size = 0.45 + 0.4 * min(1.3 * t, 1.0)
                writer.write(
                    _bgr(
                        _scene(next(noises), portrait.image, x, 0.5, size, light * (1 + 0.05 * np.sin(7 * t)))
                    )
                )
        for _ in range(int(GAP_S * FPS)):
            writer.write(_bgr(_scene(next(noises), empty, 0.5, 0.5, 0.01, 1.0)))
    finally:
        writer.release()


def _noise(rng: np.random.Generator) -> FloatArray:
    return rng.normal(0, 3, (HEIGHT, WIDTH, 3)).astype(np.float32)


def _scene(
    noise: FloatArray, portrait: ImageArray, x: float, y: float, size: float, light: float
) -> ImageArray:
    """Return a frame: a plain wall, the portrait in an oval at (x, y) parts of the frame, noise."""
    shade = np.linspace(120, 80, HEIGHT, dtype=np.float32)[:, None, None]
    frame = np.broadcast_to(shade * np.array([1.0, 1.02, 1.05], np.float32), (HEIGHT, WIDTH, 3)).copy()
    side = max(2, int(size * HEIGHT))
    patch = cv2.resize(portrait, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) * light
    mask = np.zeros((side, side), np.float32)
    cv2.ellipse(mask, (side // 2, side // 2), (int(side * 0.42), int(side * 0.49)), 0, 0, 360, 1.0, -1)
    mask = cv2.GaussianBlur(mask, (0, 0), max(side / 40, 0.5))[..., None]
    left = int(np.clip(x * WIDTH - side / 2, 0, WIDTH - side))
    top = int(np.clip(y * HEIGHT - side / 2, 0, HEIGHT - side))
    place = frame[top : top + side, left : left + side]
    place[:] = place * (1 - mask) + patch * mask
    return np.clip(frame + noise, 0, 255).astype(np.uint8)


def _bgr(image: ImageArray) -> ImageArray:
    return cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
