"""`faceaccess evaluate video` on a folder of YouTube Faces' layout."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from faceaccess.cli.recogniser import show_progress
from faceaccess.lab.evaluations.pairs import pairs_report
from faceaccess.lab.reporting.report import Report

if TYPE_CHECKING:
    from faceaccess.lab.measures.embedded_photos import PhotoModel

SPLITS = "splits.txt"


def clip_report(folder: Path, model: "PhotoModel", frames: int) -> Report:
    """Return verification on pairs of clips.

    Args:
        folder: with splits.txt, and the clips in it or in frame_images_DB or aligned_images_DB.
        model: embeds the frames.
        frames: how many of each clip, the first ones.

    Raises:
        FaceAccessError: the list can't be read, or a clip isn't there.
    """
    from faceaccess.lab.measures.clip_evaluation import clip_frames, clip_result, read_splits
    from faceaccess.lab.measures.embedding_cache import Use

    pairs = read_splits(folder / SPLITS, folder)
    clips = {path: clip_frames(path, frames) for pair in pairs for path in (pair.first, pair.second)}
    paths: Sequence[Path] = [frame for frames_of_clip in clips.values() for frame in frames_of_clip]
    embedded = model.embed(paths, show_progress("frames"), [Use.PROBE])
    return pairs_report({model.model_id: clip_result(pairs, clips, embedded.probes)})
