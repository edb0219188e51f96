"""A photo before a drawn camera: flat and tilted, bent, or laid over a generic head that turns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from faceaccess.vision.types import ImageArray

Floats = NDArray[np.floating[Any]]

WIDTH, HEIGHT = 480, 360
_FOCAL_PX = 410.0
"""Of a webcam that sees 60 degrees across."""

_COARSE = 6
"""Maps are inverted at each sixth pixel, and read between."""

_NEAR = 1e-4
"""In photo widths: an inverted map that is as exact is exact enough."""

Surface = Callable[[Floats, Floats], tuple[Floats, Floats, Floats]]
"""Takes places in the photo (x, y from its middle, in photo widths); returns places in space."""


@dataclass(frozen=True)
class Pose:
    """How something is held before the camera.

    Attributes:
        yaw: degrees, positive turns towards the right of the image.
        pitch: degrees, positive turns downwards.
        roll: degrees, clockwise.
        x, y: its middle, in pixels from the picture's.
        width_px: of the photo when seen straight on.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    x: float = 0.0
    y: float = 0.0
    width_px: float = 300.0

    def rotation(self) -> Floats:
        """Return (3, 3): roll, then pitch, then yaw; x right, y down, z towards the camera."""
        yaw, pitch, roll = np.radians([self.yaw, self.pitch, self.roll])
        about_y = [[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]]
        about_x = [[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]]
        about_z = [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
        return cast(Floats, np.array(about_y) @ np.array(about_x) @ np.array(about_z))


def flat(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the places of a sheet that is flat."""
    return x, y, np.zeros_like(x)


def bent(radius: float, centre: float = 0.0) -> Surface:
    """Return a sheet bent about an upright axis.

    Args:
        radius: of the cylinder, in photo widths.
        centre: of the face in the photo, x in photo widths: the sheet touches the camera's side there.
    """

    def surface(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
        angle = (x - centre) / radius
        return centre + radius * np.sin(angle), y, radius * (np.cos(angle) - 1)

    return surface


@dataclass(frozen=True)
class Head:
    """A generic head where a photo shows a face; all in photo widths.

    Half an ellipsoid with a nose on it. The proportions are those of an adult: a head is about 2.4 eye
    distances wide and 2.8 deep, and the tip of the nose stands 0.35 before the face.

    Attributes:
        x, y: the middle of the face, between eyes and mouth.
        nose_x, nose_y: the tip of the nose.
        eyes: distance of the eyes.
    """

    x: float
    y: float
    nose_x: float
    nose_y: float
    eyes: float

    def depth(self, x: Floats, y: Floats) -> Floats:
        """Return how far the surface stands before the head's axis."""
        across, down = (x - self.x) / (1.25 * self.eyes), (y - self.y) / (1.9 * self.eyes)
        ellipsoid = 1.4 * np.sqrt(np.clip(1 - across**2 - down**2, 0, 1))
        from_tip = y - self.nose_y
        # From the bridge the nose rises slowly; below the tip it ends soon.
        length = np.where(from_tip < 0, 0.45, 0.16) * self.eyes
        nose = 0.35 * np.exp(-(((x - self.nose_x) / (0.2 * self.eyes)) ** 2) - (from_tip / length) ** 2)
        return cast(Floats, self.eyes * (ellipsoid + nose))

    def belongs(self, x: Floats, y: Floats) -> Floats:
        """Return how much a place turns with the head, 0 (the room, the body) to 1."""
        away = np.hypot((x - self.x) / (1.5 * self.eyes), (y - self.y) / (2.3 * self.eyes))
        inside = np.clip((1.15 - away) / 0.3, 0, 1)
        return cast(Floats, inside * inside * (3 - 2 * inside))


def _projected(surface: Surface, pose: Pose, x: Floats, y: Floats) -> Floats:
    """Return (..., 2) pixels of places in the photo."""
    distance = _FOCAL_PX / pose.width_px
    places = np.stack(surface(x, y), axis=-1) @ pose.rotation().T
    away = np.maximum(distance - places[..., 2], 0.05)
    return cast(
        Floats,
        _FOCAL_PX * places[..., :2] / away[..., None] + (WIDTH / 2 + pose.x, HEIGHT / 2 + pose.y),
    )


def shown(photo: ImageArray, surface: Surface, pose: Pose, room: ImageArray) -> ImageArray:
    """Return a picture of a sheet with a photo on it.

    Args:
        photo: (H, W, 3) uint8, RGB; as wide as high.
        surface: how the sheet lies in space.
        pose: how it is held.
        room: (H, W, 3) uint8, what is seen around it.
    """
    side = len(photo)
    places = _inverted(lambda x, y: _projected(surface, pose, x, y))
    at = ((places + 0.5) * side - 0.5).astype(np.float32)
    there = cv2.remap(np.full((side, side), 255, np.uint8), at, None, cv2.INTER_LINEAR)[..., None] / 255.0
    seen = cv2.remap(photo, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cast(ImageArray, np.round(seen * there + room * (1 - there)).astype(np.uint8))


def turned(photo: ImageArray, head: Head, pose: Pose, *, is_mirrored: bool = False) -> ImageArray:
    """Return a picture of somebody whose head is turned and whose body and room stay.

    Args:
        photo: (H, W, 3) uint8, RGB; as wide as high.
        head: where the face is in it.
        pose: of the head, beginning with the photo's own.
        is_mirrored: whether the room goes on beyond the photo as its mirror image, not its last pixels.
    """
    side = len(photo)
    straight = Pose(x=pose.x, y=pose.y, width_px=pose.width_px)

    def solid(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
        return x - head.x, y - head.y, head.depth(x, y)

    def moved(x: Floats, y: Floats) -> Floats:
        still = _projected(flat, straight, x, y)
        step = _projected(solid, pose, x, y) - _projected(solid, straight, x, y)
        return cast(Floats, still + head.belongs(x, y)[..., None] * step)

    at = ((_inverted(moved) + 0.5) * side - 0.5).astype(np.float32)
    beyond = cv2.BORDER_REFLECT_101 if is_mirrored else cv2.BORDER_REPLICATE
    return cast(ImageArray, cv2.remap(photo, at, None, cv2.INTER_LINEAR, borderMode=beyond))


def _inverted(forward: Callable[[Floats, Floats], Floats]) -> Floats:
    """Return (H, W, 2): which place of the photo each pixel shows.

    Found by fixed-point steps from the homography that fits best, at every sixth pixel.
    """
    grid = np.stack(np.meshgrid(*2 * [np.linspace(-0.5, 0.5, 12)]), axis=-1)
    pixels = forward(grid[..., 0], grid[..., 1])
    homography, _ = cv2.findHomography(pixels.reshape(-1, 2), grid.reshape(-1, 2))
    columns = np.linspace(0, WIDTH - 1, WIDTH // _COARSE)
    rows = np.linspace(0, HEIGHT - 1, HEIGHT // _COARSE)
    shown_at = _by(homography, np.stack(np.meshgrid(columns, rows), axis=-1))
    places = shown_at.copy()
    for _ in range(12):
        error = shown_at - _by(homography, forward(places[..., 0], places[..., 1]))
        places += 0.8 * error
        np.clip(places, -1.5, 1.5, out=places)
        if np.abs(error).max() < _NEAR:
            break
    return cast(Floats, cv2.resize(places.astype(np.float32), (WIDTH, HEIGHT)))


def _by(homography: Floats, points: Floats) -> Floats:
    shape = points.shape
    return cast(Floats, cv2.perspectiveTransform(points.reshape(-1, 1, 2), homography).reshape(shape))
