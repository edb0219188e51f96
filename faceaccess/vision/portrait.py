"""The main face of a photo: the one that is large and near the middle."""

from collections.abc import Sequence

import numpy as np

from faceaccess.vision.types import Detection, ImageArray

BYSTANDER = 0.85
"""A face whose prominence is below this part of the main one's stands in the background. Of 900
LFW photos (all of one named person, many with others behind) none has a second face above it."""

RIVAL = 0.5
"""From this part of the main one's prominence on, another face may be the one that is meant when two photos
are compared: 2 in 100 of 1 232 LFW photos have one. An enrolled photo has a name to go by, and may."""

AWAY_WEIGHT = 0.5
"""How much of its prominence a face loses at the edge of the photo. Source: the same photos; the
most prominent face is the named person's, who is in the middle, in all of them."""

SURE_FACE = 0.97
"""Detection score from which a second face counts."""


def prominence(face: Detection, image: ImageArray) -> float:
    """Return how much a photo is this face's portrait: its size, less off the middle or where it is cut."""
    height, width = image.shape[:2]
    away = float(np.linalg.norm((face.box[:2] + face.box[2:]) / 2 - np.array([width, height]) / 2))
    # Of a face at the edge only what is seen: where the rest would be is guessed.
    seen = np.clip(face.box, 0, np.array([width, height, width, height]))
    size = float(min(seen[2:] - seen[:2]))
    return size * face.detection_score * (1 - AWAY_WEIGHT * min(2 * away / min(width, height), 1.0))


def main_face(faces: Sequence[Detection], image: ImageArray) -> Detection:
    """Return the face whose portrait it is. `faces` isn't empty."""
    return max(faces, key=lambda face: prominence(face, image))


def rivalry(faces: Sequence[Detection], image: ImageArray) -> float:
    """Return the part of the main face's prominence that the next sure face has; 0 for a face alone."""
    main = main_face(faces, image)
    others = [
        prominence(face, image) for face in faces if face is not main and face.detection_score >= SURE_FACE
    ]
    return max(others, default=0.0) / max(prominence(main, image), 1e-6)


def prominent_faces(faces: Sequence[Detection], image: ImageArray) -> list[Detection]:
    """Return the faces about as prominent as the main one, left to right; `faces` isn't empty."""
    main = main_face(faces, image)
    least = BYSTANDER * prominence(main, image)
    prominent = [
        face
        for face in faces
        if face is main or (prominence(face, image) >= least and face.detection_score >= SURE_FACE)
    ]
    return sorted(prominent, key=lambda face: float(face.box[0]))
