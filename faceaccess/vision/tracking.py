"""Tracking: faces of this frame matched with those of a frame ago."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from faceaccess.vision.types import Detection, FloatArray

LOST_AFTER_S = 0.5
"""A track not seen for longer has ended: half the gap between two people who follow closely."""

LOST_AFTER_PICTURES = 2.5
"""Of a source that gives few pictures, a track lives for so many of its intervals: one may be missed."""

LONGEST_LIFE_S = 15.0
"""A track never outlives a longer gap: whoever stands there then is somebody to be looked at anew."""

LEAST_OVERLAP = 0.2
"""Least intersection over union of a face with itself a frame ago; walking to a door at 15
frames/s moves a face by a small part of its width."""


@dataclass
class _Track:
    track_id: int
    box: FloatArray
    seen_s: float


def life_s(interval_s: float) -> float:
    """Return for how long a track lives unseen, by the source's usual time between two pictures."""
    return max(LOST_AFTER_S, min(LOST_AFTER_PICTURES * interval_s, LONGEST_LIFE_S))


class Tracker:
    """Follows faces by the overlap of their boxes."""

    def __init__(self, track_ids: Iterator[int] | None = None) -> None:
        """Start without tracks.

        Args:
            track_ids: numbers for new tracks; several cameras of a door share them.
        """
        self._tracks: list[_Track] = []
        self._track_ids = track_ids or itertools.count(1)

    def update(
        self, detections: Sequence[Detection], time_s: float, *, interval_s: float = 0.0
    ) -> tuple[list[int], list[int]]:
        """Return a track id for each detection, and the ids of the tracks that ended.

        Args:
            detections: the faces of one frame.
            time_s: the frame's time on the source's clock, never going back.
            interval_s: the source's usual time between two pictures.
        """
        life = life_s(interval_s)
        ended = [track.track_id for track in self._tracks if time_s - track.seen_s > life]
        self._tracks = [track for track in self._tracks if track.track_id not in ended]
        ids = [0] * len(detections)
        free = list(self._tracks)
        pairs = sorted(
            (
                (overlap(track.box, detection.box), t, d)
                for t, track in enumerate(free)
                for d, detection in enumerate(detections)
            ),
            reverse=True,
        )
        taken: set[int] = set()
        for shared, t, d in pairs:
            if shared < LEAST_OVERLAP:
                break
            if ids[d] or t in taken:
                continue
            taken.add(t)
            ids[d] = free[t].track_id
            free[t].box, free[t].seen_s = detections[d].box, time_s
        for d, detection in enumerate(detections):
            if not ids[d]:
                ids[d] = next(self._track_ids)
                self._tracks.append(_Track(ids[d], detection.box, time_s))
        return ids, ended

    def end(self) -> list[int]:
        """End all tracks and return their ids."""
        ended = [track.track_id for track in self._tracks]
        self._tracks = []
        return ended


def overlap(box: FloatArray, other: FloatArray) -> float:
    """Return intersection over union of two boxes."""
    sides = np.maximum(np.minimum(box[2:], other[2:]) - np.maximum(box[:2], other[:2]), 0)
    shared = float(np.prod(sides))
    areas = float(np.prod(box[2:] - box[:2]) + np.prod(other[2:] - other[:2]))
    return shared / max(areas - shared, 1e-6)
