"""How many people are missed with their face covered, in bad light, or small, and what enrolling it saves."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from faceaccess.lab.measures.hard_faces import HARD_FACES
from faceaccess.lab.measures.identification import (
    IdentificationReport,
    Identified,
    OpenSet,
    identification_report,
    identify,
    open_set,
)
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.vision.portrait import main_face
from faceaccess.vision.sources.images import pixels, read_photo
from faceaccess.vision.types import Detection, FloatArray, ImageArray

PLAIN = "plain"
KINDS = (PLAIN, *HARD_FACES)
MOST_PHOTOS = 6
"""Of a person, the first: few people have hundreds, and would take all the time."""

SMALLEST_FACE_PX = 20

Embeddings = dict[str, dict[Path, FloatArray]]
"""(D,) unit embeddings by kind and photo; none of a photo in which no face was found."""


@dataclass(frozen=True)
class HardRow:
    """One kind of probes, of people enrolled with one photo as it is.

    Attributes:
        kind: PLAIN or a name of `HARD_FACES`.
        is_enrolled_too: whether another photo of each person, made hard in the same way, is enrolled too.
        without_face: part of the probes in which no face was found; those of enrolled people count as
            missed, those of strangers as not accepted.
        not_enrolled: such other photos without a face, all draws together; the person has one template.
        report: over all draws; strangers' probes are made hard in the same way.
    """

    kind: str
    is_enrolled_too: bool
    without_face: float
    not_enrolled: int
    report: IdentificationReport


def hard_rows(
    recogniser: Recogniser,
    folders: Mapping[str, Sequence[Path]],
    *,
    people: int,
    seeds: Sequence[int],
    thresholds: Sequence[float],
    progress: Callable[[int, int], None],
) -> list[HardRow]:
    """Measure all kinds on the same draws and photos.

    Args:
        recogniser: finds and embeds.
        folders: the photos of each person.
        people: how many are enrolled; each needs three photos with a face.
        seeds: one for each draw.
        thresholds: also measured at these, squared L2.
        progress: called with photos done and photos in all.

    Raises:
        FaceAccessError: there are too few people with enough photos, or no strangers.
    """
    few = {name: list(photos[:MOST_PHOTOS]) for name, photos in folders.items()}
    paths = [path for photos in few.values() for path in photos]
    templates: Embeddings = {kind: {} for kind in KINDS}
    probes: Embeddings = {kind: {} for kind in KINDS}
    plain = _found(recogniser, paths, lambda done, count: progress(done, 2 * count))
    splits = [open_set(few, plain, people=people, photos_each=2, seed=seed) for seed in seeds]
    enrolled = {path for split in splits for _, path in split.gallery}
    for done, (path, face) in enumerate(plain.items(), 1):
        crops = _crops(recogniser, path, face)
        _add(probes, path, crops, recogniser.embedder.embed_probes)
        if path in enrolled:
            _add(templates, path, crops, recogniser.embedder.embed_templates)
        progress(len(plain) + done, 2 * len(plain))
    return [
        _row(kind, is_enrolled_too, splits, templates, probes[kind], thresholds)
        for is_enrolled_too in (False, True)
        for kind in KINDS
    ]


def _found(
    recogniser: Recogniser, paths: Sequence[Path], progress: Callable[[int, int], None]
) -> dict[Path, Detection]:
    """Return the main face of each photo that has one."""
    faces = {}
    for done, path in enumerate(paths, 1):
        image = pixels(path)
        if image is None:
            continue
        detections = recogniser.detector.detect(image, smallest_face_px=SMALLEST_FACE_PX)
        if detections:
            faces[path] = main_face(detections, image)
        progress(done, len(paths))
    return faces


def _crops(recogniser: Recogniser, path: Path, face: Detection) -> dict[str, ImageArray]:
    """Return the model input of a photo made hard in each way, where a face is found then."""
    image = read_photo(path).image
    align = recogniser.embedder.alignment.align
    crops = {PLAIN: align(image, face)}
    for kind, harden in HARD_FACES.items():
        hard = harden(image, face, np.random.default_rng(zlib.crc32(path.name.encode())))
        detections = recogniser.detector.detect(hard, smallest_face_px=SMALLEST_FACE_PX)
        if detections:
            crops[kind] = align(hard, main_face(detections, hard))
    return crops


def _add(
    embeddings: Embeddings,
    path: Path,
    crops: Mapping[str, ImageArray],
    embed: Callable[[ImageArray], FloatArray],
) -> None:
    """Embed a photo's crops of all kinds at once."""
    for kind, embedding in zip(crops, embed(np.stack(list(crops.values()))), strict=True):
        embeddings[kind][path] = embedding


def _row(
    kind: str,
    is_enrolled_too: bool,
    splits: Sequence[OpenSet],
    templates: Embeddings,
    probes: Mapping[Path, FloatArray],
    thresholds: Sequence[float],
) -> HardRow:
    draws: list[Identified] = []
    without_face = not_enrolled = searched = 0
    for split in splits:
        # The first photo of each person is enrolled as it is, the second, if at all, made hard.
        firsts, seconds = split.gallery[::2], split.gallery[1::2] if is_enrolled_too else ()
        usable = tuple(second for second in seconds if second[1] in templates[kind])
        of_draw = {path: templates[PLAIN][path] for _, path in firsts}
        of_draw |= {path: templates[kind][path] for _, path in usable}
        draws.append(identify(replace(split, gallery=(*firsts, *usable)), of_draw, probes))
        photos = [*(path for _, path in split.mated), *split.non_mated]
        without_face += sum(path not in probes for path in photos)
        searched += len(photos)
        not_enrolled += len(seconds) - len(usable)
    report = identification_report(draws, thresholds=thresholds)
    return HardRow(kind, is_enrolled_too, without_face / searched, not_enrolled, report)
