"""Sorting a folder of photos by the people in them, without anybody being enrolled."""

import csv
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import Cancelled, EnrolmentError, Text, sentences
from faceaccess.people.gallery.contact_sheet import TILE_PX, draw_sheets
from faceaccess.recognition.clustering import ALONE, cluster
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.store.file.files import without_formula, written_whole
from faceaccess.vision.alignment import loose_crop
from faceaccess.vision.quality import assess
from faceaccess.vision.sources.images import PHOTO_SUFFIXES, limited, read_photo, to_jpeg
from faceaccess.vision.types import Detection, FloatArray, ImageArray

LEAST_FACE_PX = 40
"""Shorter side of the smallest face that is grouped, as of the smallest that is enrolled."""

GROUPS_FILE = "groups.csv"
_COLUMNS = ("group", "faces_in_group", "photo", "x1", "y1", "x2", "y2")
_BATCH = 64


@dataclass(frozen=True, eq=False)
class PhotoFace:
    """A face in a photo of the folder.

    Attributes:
        photo: path below the folder.
        box: x1 y1 x2 y2, pixels of the photo as it is worked on, at most 2048 px.
        tile: JPEG of the face, for the contact sheet.
    """

    photo: Path
    box: tuple[int, int, int, int]
    tile: bytes


@dataclass(frozen=True, eq=False)
class FolderFaces:
    """The faces in a folder of photos.

    Attributes:
        photos: how many could be read.
        faces: those good enough to be grouped.
        embeddings: (N, D) float32 of the faces.
        unclear: how many faces were left out: too small, blurred, dark, turned away or cut off.
        unreadable: what could not be read, below the folder, and why.
    """

    photos: int
    faces: tuple[PhotoFace, ...]
    embeddings: FloatArray
    unclear: int
    unreadable: tuple[tuple[Path, str], ...]


@dataclass(frozen=True)
class PhotoGroups:
    """The faces of a folder, grouped by person.

    Attributes:
        groups: indices of faces, the largest group first.
        alone: indices of faces that are near no other.
    """

    groups: tuple[tuple[int, ...], ...]
    alone: tuple[int, ...]


def check_place(out: Path, folder: Path) -> None:
    """Check that groups can be written to a place, before work that takes minutes.

    Raises:
        EnrolmentError: something is there already, or it lies among the photos.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise EnrolmentError("{out} exists already.", "Name another place with --out, or remove it.", out=out)
    if out.resolve().is_relative_to(folder.resolve()):
        raise EnrolmentError(
            "{out} lies among the photos, and would be taken for one of them the next time.",
            "Name another place with --out.",
            out=out,
        )


def find_faces(
    folder: Path,
    recogniser: Recogniser,
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> FolderFaces:
    """Find and embed every face in the photos of a folder and the folders below it.

    Raises:
        EnrolmentError: there is no such folder, or no photo in it.
        Cancelled: the operator stopped it.
    """
    paths, unreadable = _photos_below(folder)
    if not paths:
        lacking = Text("There are no photos in {folder}.", {"folder": folder})
        unread = Text("Parts of it can't be read: {count}.", {"count": len(unreadable)})
        raise EnrolmentError(
            sentences(lacking, unread) if unreadable else lacking, "Name a folder with photos."
        )
    gathered, read = _Gathered(recogniser), 0
    for done, path in enumerate(paths):
        if is_cancelled():
            raise Cancelled("Stopped. Photos done: {done} of {count}.", done=done, count=len(paths))
        try:
            image = read_photo(path).image
        except EnrolmentError as exc:
            unreadable.append((path.relative_to(folder), exc.message))
            continue
        finally:
            progress(done + 1, len(paths))
        read += 1
        gathered.add(path.relative_to(folder), image)
    embeddings = gathered.embeddings()
    return FolderFaces(read, tuple(gathered.faces), embeddings, gathered.unclear, tuple(unreadable))


def group_faces(folder_faces: FolderFaces, distance: float) -> PhotoGroups:
    """Group faces that are near each other; distance: squared L2 between neighbours."""
    return _by_label(cluster(folder_faces.embeddings, distance))


def write_groups(folder_faces: FolderFaces, grouped: PhotoGroups, out: Path) -> list[Path]:
    """Write a table and contact sheets into a folder, which is made; return the files.

    Raises:
        StoreError: it can't be written.
    """
    files = [out / GROUPS_FILE]
    with written_whole(files[0]) as part:
        out.mkdir(parents=True, exist_ok=True)
        _write_table(folder_faces.faces, grouped, part)
    sections = [
        (f"Group {number}: {len(group)} faces", [folder_faces.faces[i].tile for i in group])
        for number, group in enumerate(grouped.groups, 1)
    ]
    if grouped.alone:
        alone = [folder_faces.faces[i].tile for i in grouped.alone]
        sections.append((f"Seen once: {len(alone)}", alone))
    for name, sheet in draw_sheets(sections):
        files.append(out / name)
        with written_whole(files[-1]) as part:
            part.write_bytes(sheet)
    return files


class _Gathered:
    """Faces as they are found, embedded some at a time."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self.faces: list[PhotoFace] = []
        self.unclear = 0
        self._crops: list[ImageArray] = []
        self._embedded: list[FloatArray] = []

    def add(self, photo: Path, image: ImageArray) -> None:
        """Take the faces of a photo."""
        for detection in _detected(self._recogniser, image):
            crop = self._recogniser.embedder.alignment.align(image, detection)
            if assess(detection, image, crop, smallest_face_px=LEAST_FACE_PX).reason:
                self.unclear += 1
                continue
            self.faces.append(_face(photo, image, detection))
            self._crops.append(crop)
        if len(self._crops) >= _BATCH:
            self._embed()

    def embeddings(self) -> FloatArray:
        """Return (N, D) float32 of all faces."""
        if self._crops:
            self._embed()
        return np.concatenate(self._embedded) if self._embedded else np.empty((0, 0), np.float32)

    def _embed(self) -> None:
        self._embedded.append(self._recogniser.embedder.embed_probes(np.stack(self._crops)))
        self._crops = []


def _photos_below(folder: Path) -> tuple[list[Path], list[tuple[Path, str]]]:
    """Return the photos of a folder and those below it, by name, and what could not be listed."""
    if not folder.is_dir():
        raise EnrolmentError("There is no folder {folder}.", "Check the path.", folder=folder)
    unreadable: list[tuple[Path, str]] = []

    def note(error: OSError) -> None:
        unreadable.append((Path(error.filename).relative_to(folder), f"can't be read: {error.strerror}."))

    # Links to folders are not followed: one may lead back up.
    paths = [
        Path(parent) / name
        for parent, _, names in os.walk(folder, onerror=note)
        for name in names
        if Path(name).suffix.lower() in PHOTO_SUFFIXES
    ]
    return sorted(path for path in paths if path.is_file()), unreadable


def _detected(recogniser: Recogniser, image: ImageArray) -> list[Detection]:
    # Faces below a thirtieth of a large photo are far in the background.
    smallest = max(LEAST_FACE_PX // 2, min(image.shape[:2]) // 30)
    return recogniser.detector.detect(image, smallest_face_px=smallest)


def _face(photo: Path, image: ImageArray, detection: Detection) -> PhotoFace:
    x1, y1, x2, y2 = (round(float(edge)) for edge in detection.box)
    crop, _ = loose_crop(image, detection)
    return PhotoFace(photo, (x1, y1, x2, y2), to_jpeg(limited(crop, 2 * TILE_PX)))


def _by_label(labels: NDArray[np.int64]) -> PhotoGroups:
    groups = [np.flatnonzero(labels == label) for label in range(labels.max(initial=ALONE) + 1)]
    groups.sort(key=lambda group: (-len(group), group[0]))
    return PhotoGroups(
        tuple(tuple(group.tolist()) for group in groups), tuple(np.flatnonzero(labels == ALONE).tolist())
    )


def _write_table(faces: Sequence[PhotoFace], grouped: PhotoGroups, path: Path) -> None:
    rows = [
        (number, len(group), faces[i]) for number, group in enumerate(grouped.groups, 1) for i in group
    ] + [("", 1, faces[i]) for i in grouped.alone]
    with path.open("w", newline="", encoding="utf-8-sig", errors="surrogateescape") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for number, size, face in rows:
            writer.writerow([number, size, without_formula(str(face.photo)), *face.box])
