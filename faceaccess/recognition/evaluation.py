"""How right the recognition is, in the field's own figures, on labelled photos."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import FaceAccessError
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.vision.embedder import Embedder
from faceaccess.vision.images import photo_files, read_photo
from faceaccess.vision.portrait import main_face
from faceaccess.vision.types import FloatArray, ImageArray

logger = logging.getLogger(__name__)

FAR_TARGET = 1e-3
FPIR_TARGETS = (1e-2, 3e-3, 1e-3)
FARTHEST = 4.0
_BATCH = 64


@dataclass(frozen=True)
class Pair:
    """Two photos and whether they show one person."""

    first: Path
    second: Path
    is_mated: bool
    fold: int


@dataclass(frozen=True)
class PairReport:
    """Verification on pairs, cross-validated by fold.

    Attributes:
        accuracy: right decisions, each fold at the threshold best for the others.
        threshold: mean of those thresholds, squared L2.
        val_at_far_1e3: accepted part of mated pairs at the threshold where the other folds'
            FAR is 1e-3. Source: davidsandberg/facenet `src/facenet.py:calculate_val`.
        far: accepted part of non-mated pairs at those thresholds.
        counts: pairs, mated, non_mated, photos, photos_without_face.
    """

    accuracy: float
    threshold: float
    val_at_far_1e3: float
    far: float
    counts: Mapping[str, int]


@dataclass(frozen=True)
class OpenSetRow:
    """FNIR at one FPIR.

    Attributes:
        fpir_target, fpir: false-positive identification rate asked for, and reached.
        fnir: part of enrolled people's photos that are missed or misnamed.
        threshold: squared L2.
    """

    fpir_target: float
    fpir: float
    fnir: float
    threshold: float


@dataclass(frozen=True)
class IdentificationReport:
    """Open-set identification of N people by k photos each.

    Attributes:
        rank_1: part of enrolled people's photos whose nearest person is right, at any distance.
    """

    people: int
    photos_each: int
    mated_probes: int
    non_mated_probes: int
    rank_1: float
    rows: tuple[OpenSetRow, ...]


def read_pairs(path: Path, photos: Path) -> list[Pair]:
    """Read a list of pairs in LFW's format: name n1 n2, or name1 n1 name2 n2.

    Raises:
        FaceAccessError: it isn't such a list.
    """
    try:
        header, *lines = [
            line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
        ]
        folds, each = int(header[0]), int(header[1])
        pairs = []
        for number, line in enumerate(lines):
            names = (line[0], line[0]) if len(line) == 3 else (line[0], line[2])
            numbers = (line[1], line[2]) if len(line) == 3 else (line[1], line[3])
            first, second = (
                photos / name / f"{name}_{int(which):04d}.jpg"
                for name, which in zip(names, numbers, strict=True)
            )
            pairs.append(Pair(first, second, len(line) == 3, min(number // (2 * each), folds - 1)))
    except (OSError, ValueError, IndexError) as exc:
        raise FaceAccessError(f"{path} is no list of pairs.", "It has LFW's format: see its README.") from exc
    return pairs


class PhotoEmbeddings:
    """Aligned crops of photos, found once, and their embeddings."""

    def __init__(self, recogniser: Recogniser, *, smallest_face_px: int = 20) -> None:
        self._recogniser, self._smallest_face_px = recogniser, smallest_face_px
        self.without_face = 0

    def crops(self, paths: Sequence[Path], progress: Callable[[int, int], None]) -> dict[Path, ImageArray]:
        """Return the crop of the main face of each photo that has one."""
        crops = {}
        for done, path in enumerate(paths, 1):
            crop = self.crop(read_photo(path).image)
            if crop is not None:
                crops[path] = crop
            else:
                self.without_face += 1
            progress(done, len(paths))
        return crops

    def crop(self, image: ImageArray) -> ImageArray | None:
        """Return the crop of the main face of a picture, (H, W, 3) uint8 RGB; None without one."""
        faces = self._recogniser.detector.detect(image, smallest_face_px=self._smallest_face_px)
        return self._recogniser.embedder.alignment.align(image, main_face(faces, image)) if faces else None


def embed_all(
    embedder: Embedder, crops: Mapping[Path, ImageArray], *, as_templates: bool
) -> dict[Path, FloatArray]:
    """Return (D,) unit embeddings of crops, by the recipe of templates or of probes."""
    paths = list(crops)
    found: dict[Path, FloatArray] = {}
    embed = embedder.embed_templates if as_templates else embedder.embed_probes
    for start in range(0, len(paths), _BATCH):
        batch = paths[start : start + _BATCH]
        found.update(zip(batch, embed(np.stack([crops[path] for path in batch])), strict=True))
    return found


def pair_report(
    pairs: Sequence[Pair],
    templates: Mapping[Path, FloatArray],
    probes: Mapping[Path, FloatArray],
    *,
    without_face: int,
) -> PairReport:
    """Measure verification; a photo without a face is as far from every other as can be."""
    distances = np.array(
        [
            float(np.sum((templates[pair.first] - probes[pair.second]) ** 2))
            if pair.first in templates and pair.second in probes
            else FARTHEST
            for pair in pairs
        ]
    )
    mated = np.array([pair.is_mated for pair in pairs])
    folds = np.array([pair.fold for pair in pairs])
    rows = [_fold_figures(distances, mated, folds == fold) for fold in np.unique(folds)]
    right = sum(row[0] for row in rows)
    _, threshold, val, far = np.mean(rows, axis=0)
    counts = {
        "pairs": len(pairs),
        "mated": int(mated.sum()),
        "non_mated": int((~mated).sum()),
        "photos": len({path for pair in pairs for path in (pair.first, pair.second)}),
        "photos_without_face": without_face,
    }
    return PairReport(right / len(pairs), float(threshold), float(val), float(far), counts)


def _fold_figures(
    distances: NDArray[np.float64], mated: NDArray[np.bool_], test: NDArray[np.bool_]
) -> tuple[int, float, float, float]:
    """Return right decisions, threshold, VAL and FAR of a fold, by the other folds' thresholds."""
    train = ~test if (~test).any() else test
    candidates = np.sort(distances[train])
    accepted_mated = np.searchsorted(np.sort(distances[train & mated]), candidates, side="right")
    accepted_others = np.searchsorted(np.sort(distances[train & ~mated]), candidates, side="right")
    lead = accepted_mated - accepted_others
    # Of the thresholds that are equally good, the middle one: the ends are chance.
    threshold = float(np.median(candidates[lead == lead.max()]))
    right = int(np.sum((distances[test] <= threshold) == mated[test]))
    others = np.sort(distances[train & ~mated])
    far_threshold = _below_one_too_many(others, FAR_TARGET)
    val = float(np.mean(distances[test & mated] <= far_threshold))
    far = float(np.mean(distances[test & ~mated] <= far_threshold))
    return right, threshold, val, far


@dataclass(frozen=True)
class OpenSet:
    """Photos split for identification: some people enrolled, the others strangers.

    Attributes:
        gallery: name and photo of each template.
        mated: name and photo of each probe of somebody enrolled.
        non_mated: photos of strangers.
    """

    gallery: tuple[tuple[str, Path], ...]
    mated: tuple[tuple[str, Path], ...]
    non_mated: tuple[Path, ...]


def open_set(
    folders: Mapping[str, Sequence[Path]],
    usable: Collection[Path],
    *,
    people: int,
    photos_each: int,
    seed: int = 0,
) -> OpenSet:
    """Split photos by a seed.

    Args:
        folders: the photos of each person.
        usable: photos with a face; others are left out.
        people: how many are enrolled.
        photos_each: photos enrolled of each.
        seed: picks the people and their photos.

    Raises:
        FaceAccessError: there are too few people with enough photos, or no strangers.
    """
    rng = np.random.default_rng(seed)
    rich = sorted(name for name, photos in folders.items() if sum(p in usable for p in photos) > photos_each)
    if len(rich) < people:
        raise FaceAccessError(
            f"Only {len(rich)} people have more than {photos_each} photos.", "Ask for fewer with --people."
        )
    enrolled = {rich[i] for i in rng.choice(len(rich), people, replace=False)}
    gallery: list[tuple[str, Path]] = []
    mated: list[tuple[str, Path]] = []
    strangers: list[Path] = []
    for name in sorted(folders):
        found = [path for path in folders[name] if path in usable]
        if name in enrolled:
            order = [(name, found[i]) for i in rng.permutation(len(found))]
            gallery += order[:photos_each]
            mated += order[photos_each:]
        else:
            strangers += found
    if not strangers or not mated:
        raise FaceAccessError("There are no strangers left to measure with.", "Ask for fewer with --people.")
    return OpenSet(tuple(gallery), tuple(mated), tuple(strangers))


def identification_report(
    split: OpenSet,
    templates: Mapping[Path, FloatArray],
    probes: Mapping[Path, FloatArray],
    *,
    thresholds: Sequence[float] = (),
) -> IdentificationReport:
    """Measure open-set identification.

    Args:
        split: who is enrolled.
        templates: (D,) unit embeddings by the recipe of templates.
        probes: likewise by that of probes.
        thresholds: also measured at these, squared L2.
    """
    gallery = np.stack([templates[path] for _, path in split.gallery])
    near, who = nearest(np.stack([probes[path] for _, path in split.mated]), gallery)
    right = np.array(
        [split.gallery[w][0] == name for w, (name, _) in zip(who, split.mated, strict=True)], bool
    )
    stranger_near = np.sort(nearest(np.stack([probes[path] for path in split.non_mated]), gallery)[0])
    targets = [(target, _below_one_too_many(stranger_near, target)) for target in FPIR_TARGETS]
    targets += [(float(np.mean(stranger_near <= limit)), limit) for limit in thresholds]
    rows = tuple(_open_set_row(*target, near, right, stranger_near) for target in targets)
    people = len({name for name, _ in split.gallery})
    return IdentificationReport(
        people,
        len(split.gallery) // people,
        len(split.mated),
        len(split.non_mated),
        float(right.mean()),
        rows,
    )


def nearest(probes: FloatArray, gallery: FloatArray) -> tuple[FloatArray, NDArray[np.int64]]:
    """Return (N,) the squared L2 of each probe to its nearest template, and (N,) which one that is."""
    distances = np.maximum(2 - 2 * probes @ gallery.T, 0)
    who = distances.argmin(axis=1)
    return distances[np.arange(len(probes)), who], who


def thresholds_at(stranger_near: FloatArray, targets: Sequence[float]) -> list[float]:
    """Return the greatest threshold at each FPIR, from strangers' distances to the nearest template."""
    return [_below_one_too_many(np.sort(stranger_near), target) for target in targets]


def _open_set_row(
    target: float, threshold: float, near: FloatArray, right: NDArray[np.bool_], stranger_near: FloatArray
) -> OpenSetRow:
    fpir = float(np.mean(stranger_near <= threshold))
    fnir = 1 - float(np.mean((near <= threshold) & right))
    return OpenSetRow(target, fpir, fnir, threshold)


def _below_one_too_many(distances: NDArray[np.floating[Any]], rate: float) -> float:
    """Return the greatest threshold that accepts no more than a rate of sorted distances."""
    allowed = int(rate * len(distances))
    return float(np.nextafter(distances[allowed], 0)) if allowed < len(distances) else FARTHEST


def photo_folders(folder: Path) -> dict[str, list[Path]]:
    """Return the photos of each person's sub-folder."""
    return {path.name: photo_files(path) for path in sorted(folder.iterdir()) if path.is_dir()}
