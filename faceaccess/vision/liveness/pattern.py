"""The regular pattern that a screen's pixels or a printer's dots leave in a picture of a picture."""

import cv2
import numpy as np

from faceaccess.vision.types import Detection, ImageArray

MOST_GENUINE = 2.64
"""That 1 in 100 genuine faces of people tuned on exceed, in drawn presentations. Source: `faceaccess evaluate
liveness --passive`."""

LONGEST_PX = 160
_LEAST_PX = 48
_LOWEST, _HIGHEST = 0.12, 0.5
"""Cycles a pixel between which a pattern is looked for: a face's own shapes are slower."""

_NEAR_BLOCKS = 0.012
"""Cycles a pixel about the multiples of 1/8 within which a peak on an axis is JPEG's own."""

_PEAKS = 4
"""How many of the highest peaks are averaged; a picture's spectrum is symmetric, so that is two waves."""


def periodic_pattern(image: ImageArray, detection: Detection) -> float:
    """Return how far the strongest waves in a face stand out of the others as fast.

    Args:
        image: (H, W, 3) uint8, RGB, as the camera gave it: scaling would wipe the pattern out.
        detection: the face in it.

    Returns: natural logarithm of amplitude over the median amplitude of waves as fast, 0 and more; 0 for a
        face smaller than 48 pixels.

    Source: Li, Wang, Tan and Jain 2004, "Live face detection based on the analysis of Fourier spectra", for
        looking at the spectrum; moire of screens as in Garcia and de Queiroz 2015, "Face-spoofing
        2D-detection based on moire-pattern analysis".
    """
    part = _face(image, detection)
    if min(part.shape) < _LEAST_PX:
        return 0.0
    window = np.outer(*(np.hanning(side) for side in part.shape))
    amplitude = np.log(np.abs(np.fft.fft2((part - part.mean()) * window)) + 1e-3)
    y, x = np.meshgrid(*(np.abs(np.fft.fftfreq(side)) for side in part.shape), indexing="ij")
    speed = np.hypot(x, y)
    is_ours = (speed >= _LOWEST) & (speed < _HIGHEST) & ~_is_of_blocks(x, y)
    ring = ((speed - _LOWEST) / (_HIGHEST - _LOWEST) * 16).astype(int)
    above = np.concatenate(
        [amplitude[here] - np.median(amplitude[here]) for here in _rings(ring, is_ours) if here.any()]
    )
    return float(np.sort(above)[-_PEAKS:].mean())


def _face(image: ImageArray, detection: Detection) -> np.ndarray:
    """Return (h, w) grey levels of the face's box, of its middle where it is large."""
    corners = detection.box.reshape(2, 2).astype(np.float64)
    middle, half = corners.mean(axis=0), np.minimum((corners[1] - corners[0]) / 2, LONGEST_PX / 2)
    left, top = np.maximum(middle - half, 0).astype(int)
    right, bottom = np.maximum(middle + half, 0).astype(int)
    part = image[top:bottom, left:right]
    return cv2.cvtColor(part, cv2.COLOR_RGB2GRAY).astype(np.float64) if part.size else np.zeros((0, 0))


def _is_of_blocks(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    near = [np.abs(axis - np.round(axis * 8) / 8) < _NEAR_BLOCKS for axis in (x, y)]
    return near[0] & near[1]


def _rings(ring: np.ndarray, is_ours: np.ndarray) -> list[np.ndarray]:
    return [is_ours & (ring == number) for number in range(16)]
