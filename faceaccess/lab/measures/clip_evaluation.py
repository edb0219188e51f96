"""Verification on pairs of clips, by the protocol of YouTube Faces (Wolf, Hassner and Maoz 2011)."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import FaceAccessError
from faceaccess.foreign_files import read_text
from faceaccess.lab.measures.pair_evaluation import Pair, PairResult, decided
from faceaccess.recognition.error_rates import FARTHEST
from faceaccess.vision.sources.images import photo_files
from faceaccess.vision.types import FloatArray

_FOLDERS = ("frame_images_DB", "aligned_images_DB", ".")
_MOST_BYTES = 16 * 2**20


def read_splits(path: Path, folder: Path) -> list[Pair]:
    """Return the pairs of clips of a list: fold, number, first clip, second clip, and 1 for one person.

    Args:
        path: of the list; its first line names the columns.
        folder: in which the clips are, as PERSON/NUMBER, or in one of the folders that come with the data.

    Raises:
        FaceAccessError: it isn't such a list, or a clip isn't there.
    """
    try:
        lines = list(csv.reader(io.StringIO(read_text(path, _MOST_BYTES))))
        rows = [[field.strip() for field in line] for line in lines[1:] if any(line)]
        listed = [(int(row[0]), row[2], row[3], bool(int(row[4]))) for row in rows]
        if not listed or len({is_mated for *_, is_mated in listed}) < 2:
            raise ValueError("pairs of one kind alone")
    except (OSError, UnicodeDecodeError, csv.Error, ValueError, IndexError) as exc:
        raise FaceAccessError(
            f"{path} is not a list of pairs of clips.",
            "Its lines are: split, pair, first clip, second clip, 1 for the same person.",
        ) from exc
    return [
        Pair(_clip(folder, first), _clip(folder, second), is_mated, fold)
        for fold, first, second, is_mated in listed
    ]


def _clip(folder: Path, name: str) -> Path:
    """Return the folder of a clip.

    Raises:
        FaceAccessError: it isn't there, or lies elsewhere.
    """
    for inner in _FOLDERS:
        path = folder / inner / name
        if ".." not in Path(name).parts and not Path(name).is_absolute() and path.is_dir():
            return path
    raise FaceAccessError(f"There is no clip {name} in {folder}.", "Unpack the frames beside splits.txt.")


def clip_frames(clip: Path, count: int) -> list[Path]:
    """Return the first frames of a clip, in their order."""
    return photo_files(clip)[:count]


def clip_result(
    pairs: Sequence[Pair], clips: Mapping[Path, Sequence[Path]], probes: Mapping[Path, FloatArray]
) -> PairResult:
    """Measure verification; the distance of two clips is the mean over all pairs of their frames with a face.

    Args:
        pairs: of clips.
        clips: the frames of each clip.
        probes: (D,) unit embeddings of frames with a face. A clip without any is as far from every other as
            can be.
    """
    means: dict[Path, NDArray[np.float64]] = {}
    for clip, frames in clips.items():
        rows = [probes[frame] for frame in frames if frame in probes]
        if rows:
            means[clip] = np.mean(np.stack(rows), axis=0, dtype=np.float64)
    # The mean over all pairs of |a - b|² = 2 - 2 a·b is 2 - 2 mean(a)·mean(b).
    distances = np.array(
        [
            max(2 - 2 * float(means[pair.first] @ means[pair.second]), 0.0)
            if pair.first in means and pair.second in means
            else FARTHEST
            for pair in pairs
        ]
    )
    return decided(pairs, distances, means.keys(), "clips")
