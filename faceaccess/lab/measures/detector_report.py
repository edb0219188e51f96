"""The detectors side by side: which faces they find, which they make up, and how fast."""

import statistics
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from faceaccess.errors import CameraError
from faceaccess.lab.measures.degrading import CONDITIONS
from faceaccess.vision.alignment import PointsAlignment
from faceaccess.vision.detector import Detector
from faceaccess.vision.portrait import main_face
from faceaccess.vision.skin_tone import ita
from faceaccess.vision.sources.images import pixels
from faceaccess.vision.sources.recordings import VideoFile
from faceaccess.vision.types import Detection, ImageArray

PHOTO_FACE_PX = 20
"""Smallest face looked for in a photo."""

DOOR_FACE_PX = 60
"""Smallest face looked for where time and false faces are measured: a door's by default."""

SIZES = ((640, 480), (1920, 1080))
"""Of the pictures that detection is timed on, width and height in pixels."""

TURNS = 15


@dataclass(frozen=True)
class Recall:
    """How many photos show a face where there is one.

    Attributes:
        found: photos with a face whose centre lies in the middle third, across and down.
        photos: all of them, at least one.
        part: of them, those found.
    """

    found: int
    photos: int
    part: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "part", self.found / self.photos)


@dataclass(frozen=True, eq=False)
class Finds:
    """The faces that a detector found in photos.

    Attributes:
        centred: photos with a face in the middle.
        crops: (112, 112, 3) uint8 RGB, of the main face of each photo with any.
    """

    centred: set[Path] = field(default_factory=set)
    crops: dict[Path, ImageArray] = field(default_factory=dict)

    def recall(self, photos: Collection[Path]) -> Recall:
        """Return in how many of some photos the face was found."""
        return Recall(sum(path in self.centred for path in photos), len(photos))


def look(
    detectors: Mapping[str, Detector], photos: Sequence[Path], progress: Callable[[int, int], None]
) -> tuple[dict[str, Finds], dict[Path, float]]:
    """Let all detectors look at all photos.

    Args:
        detectors: by name.
        photos: of one person each, in the middle.
        progress: called with photos done and photos in all.

    Returns:
        What each detector found; and the individual typology angle of each face in colour, degrees,
        measured where the first of the detectors that saw the face saw it.
    """
    finds = {name: Finds() for name in detectors}
    aligned = {name: PointsAlignment(name) for name in detectors}
    tones: dict[Path, float] = {}
    for done, path in enumerate(photos, 1):
        image = pixels(path)
        if image is None:
            continue
        for name, detector in detectors.items():
            faces = detector.detect(image, smallest_face_px=PHOTO_FACE_PX)
            if not faces:
                continue
            crop = aligned[name].align(image, main_face(faces, image))
            finds[name].crops[path] = crop
            if is_in_the_middle(faces, image):
                finds[name].centred.add(path)
                degrees = ita(crop) if path not in tones else None
                if degrees is not None:
                    tones[path] = degrees
        progress(done, len(photos))
    return finds, tones


def is_in_the_middle(faces: Iterable[Detection], image: ImageArray) -> bool:
    """Tell whether the centre of a face lies in the middle third of a picture, across and down."""
    side = np.array(image.shape[1::-1])
    centres = ((face.box[:2] + face.box[2:]) / 2 for face in faces)
    return any(bool(((centre >= side / 3) & (centre <= side * 2 / 3)).all()) for centre in centres)


def recall_when_worse(
    detectors: Mapping[str, Detector],
    photos: Sequence[Path],
    *,
    seed: int,
    progress: Callable[[int, int], None],
) -> dict[str, dict[str, Recall]]:
    """Return each detector's recall in each of `CONDITIONS`, by condition and detector."""
    hits = {condition: dict.fromkeys(detectors, 0) for condition in CONDITIONS}
    for done, path in enumerate(photos, 1):
        image = pixels(path)
        if image is None:
            continue
        for condition, worsen in CONDITIONS.items():
            worse = worsen(image, np.random.default_rng([seed, done]))
            for name, detector in detectors.items():
                faces = detector.detect(worse, smallest_face_px=PHOTO_FACE_PX)
                hits[condition][name] += is_in_the_middle(faces, worse)
        progress(done, len(photos))
    return {
        condition: {name: Recall(count, len(photos)) for name, count in counts.items()}
        for condition, counts in hits.items()
    }


def by_group(
    finds: Mapping[str, Finds], groups: Mapping[str, Collection[Path]]
) -> dict[str, dict[str, Recall]]:
    """Return each detector's recall in each group of photos, by group and detector."""
    return {
        group: {name: detected.recall(photos) for name, detected in finds.items()}
        for group, photos in groups.items()
    }


def tone_of_people(folders: Mapping[str, Sequence[Path]], tones: Mapping[Path, float]) -> dict[str, float]:
    """Return the median individual typology angle of each person's photos, degrees."""
    by_person = {name: [tones[path] for path in photos if path in tones] for name, photos in folders.items()}
    return {name: statistics.median(degrees) for name, degrees in by_person.items() if degrees}


def times_ms(detectors: Mapping[str, Detector], portrait: ImageArray) -> dict[str, dict[str, float]]:
    """Return the median milliseconds of each detector on a picture of each of `SIZES` with one face.

    The detectors take turns, so that whatever else the machine does meets all of them.

    Args:
        detectors: by name.
        portrait: (H, W, 3) uint8 RGB, a photo with one face.
    """
    times = {}
    for width, height in SIZES:
        picture = scene(portrait, width, height)
        laps: dict[str, list[float]] = {name: [] for name in detectors}
        for turn in range(TURNS + 1):
            for name, detector in detectors.items():
                started = time.perf_counter()
                detector.detect(picture, smallest_face_px=DOOR_FACE_PX)
                # The first turn warms up.
                laps[name] += [(time.perf_counter() - started) * 1000] if turn else []
        times[f"{width}x{height}"] = {name: statistics.median(taken) for name, taken in laps.items()}
    return times


def scene(portrait: ImageArray, width: int, height: int) -> ImageArray:
    """Return a picture of a wall with a portrait in the middle, half as high.

    Args:
        portrait: (H, W, 3) uint8, RGB.
        width: of the picture, pixels.
        height: of the picture, pixels.
    """
    rng = np.random.default_rng(0)
    shade = np.linspace(150, 105, width, dtype=np.float32)[None, :, None]
    wall = np.clip(shade + rng.normal(0, 4, (height, width, 3)), 0, 255).astype(np.uint8)
    scale = min(height / 2 / portrait.shape[0], width / portrait.shape[1])
    part = cv2.resize(portrait, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    top, left = (height - part.shape[0]) // 2, (width - part.shape[1]) // 2
    wall[top : top + part.shape[0], left : left + part.shape[1]] = part
    return wall


def false_faces_per_hour(
    detectors: Mapping[str, Detector], recordings: Sequence[Path], progress: Callable[[int, int], None]
) -> dict[str, float]:
    """Return how many faces each detector sees in an hour in which nobody is there; all frames count.

    Raises:
        CameraError: a recording is missing or can't be played, or there is no picture in any.
    """
    faces = dict.fromkeys(detectors, 0)
    seconds = 0.0
    for done, path in enumerate(recordings, 1):
        video = VideoFile(path)
        try:
            while (frame := video.read()) is not None:
                seconds += 1 / video.fps
                for name, detector in detectors.items():
                    faces[name] += len(detector.detect(frame.image, smallest_face_px=DOOR_FACE_PX))
        finally:
            video.close()
        progress(done, len(recordings))
    if not seconds:
        raise CameraError("The empty recordings have no picture.", "Give others with --empty.")
    return {name: count * 3600 / seconds for name, count in faces.items()}
