"""An experiment: a face in a crowd gets a tighter limit, with the enrolled people as the crowd.

The distance to the nearest template, less a part of how far the next people enrolled are from the probe, from
the template, or from both. Whoever looks like many then has to be nearer to be accepted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faceaccess.lab.measures.group_errors import draw_tables
from faceaccess.lab.measures.identification import (
    FPIR_TARGETS,
    Identified,
    OpenSet,
    fnir_difference,
    mean_rate,
)
from faceaccess.recognition.error_rates import thresholds_at
from faceaccess.recognition.group_errors import LEAST_PEOPLE, GroupRow, GroupTable
from faceaccess.recognition.intervals import Rate
from faceaccess.vision.types import FloatArray

NEXT_PEOPLE = 20
PART = 0.5
FPIR = 1e-2
"""At which groups are compared: at less, too few strangers are accepted to tell them apart."""

LEAST_FALL = 1 / 3
"""By which the worst ratio has to fall for the adjustment to be worth it."""


class Crowd(StrEnum):
    """Whose neighbourhood counts."""

    NONE = "plain distance"
    PROBE = "the probe's next 20 people"
    TEMPLATE = "the template's next 20 people"
    BOTH = "both"


@dataclass(frozen=True)
class WorstRatio:
    """The group of at least 100 people with the most errors, beside the best one.

    Attributes:
        grouping: what the groups are.
        error: FPIR or FNIR.
        row: of the worst group.
    """

    grouping: str
    error: str
    row: GroupRow


@dataclass(frozen=True)
class CrowdRow:
    """One way to adjust distances.

    Attributes:
        crowd: which.
        fnir: by FPIR, with intervals over people.
        difference: of FNIR from the plain distance's, probe by probe.
        worst: of each grouping and error, at one limit for everybody with FPIR 1e-2.
    """

    crowd: Crowd
    fnir: Mapping[float, Rate]
    difference: Mapping[float, Rate]
    worst: tuple[WorstRatio, ...]


def crowded(
    split: OpenSet, templates: Mapping[Path, FloatArray], probes: Mapping[Path, FloatArray], crowd: Crowd
) -> Identified:
    """Search for all probes of a draw by adjusted distances, moved up by 2 so that none is negative.

    Args:
        split: which photos are enrolled, one of each person; all have embeddings.
        templates: (D,) unit embeddings by photo.
        probes: likewise.
        crowd: whose neighbourhood counts.
    """
    gallery = np.stack([templates[path] for _, path in split.gallery])
    names = tuple(name for name, _ in split.mated)
    near, places = _adjusted(np.stack([probes[path] for _, path in split.mated]), gallery, crowd)
    is_right = [split.gallery[place][0] == name for place, name in zip(places, names, strict=True)]
    stranger_near, _ = _adjusted(np.stack([probes[path] for path in split.non_mated]), gallery, crowd)
    return Identified(len(gallery), 1, names, near, np.array(is_right, bool), stranger_near)


def _adjusted(probes: FloatArray, gallery: FloatArray, crowd: Crowd) -> tuple[FloatArray, NDArray[np.int64]]:
    """Return (N,) the least adjusted distance of each probe, and (N,) the template that it is to."""
    distances = np.maximum(2 - 2 * probes @ gallery.T, 0)
    adjusted = distances + 2
    if crowd in (Crowd.TEMPLATE, Crowd.BOTH):
        own = np.maximum(2 - 2 * gallery @ gallery.T, 0)
        adjusted = adjusted - PART * _next_mean(own)
    if crowd in (Crowd.PROBE, Crowd.BOTH):
        adjusted = adjusted - PART * _next_mean(distances)[:, None]
    if crowd is Crowd.BOTH:
        # Half of each, so that the two together weigh as one does alone.
        adjusted = (adjusted + distances + 2) / 2
    places = adjusted.argmin(axis=1)
    return adjusted[np.arange(len(probes)), places].astype(np.float32), places


def _next_mean(distances: FloatArray) -> FloatArray:
    """Return (N,) the mean of the distances after the least one of each row, of up to 20."""
    count = min(NEXT_PEOPLE + 1, distances.shape[1])
    nearest = np.partition(distances, count - 1, axis=1)[:, :count]
    return np.asarray((nearest.sum(axis=1) - nearest.min(axis=1)) / max(count - 1, 1), np.float32)


def crowd_rows(
    splits: Sequence[OpenSet],
    templates: Mapping[Path, FloatArray],
    probes: Mapping[Path, FloatArray],
    person_of: Mapping[Path, str],
    groupings: Mapping[str, Mapping[str, str]],
) -> list[CrowdRow]:
    """Compare all ways on the same draws.

    Args:
        splits: the draws; all photos have embeddings.
        templates: (D,) unit embeddings by photo.
        probes: likewise.
        person_of: whose each photo is.
        groupings: the group of each person, by what the groups are.
    """
    strangers = [[person_of[path] for path in split.non_mated] for split in splits]
    plain = [crowded(split, templates, probes, Crowd.NONE) for split in splits]
    rows = []
    for crowd in Crowd:
        draws = [crowded(split, templates, probes, crowd) for split in splits]
        together = np.concatenate([draw.stranger_near for draw in draws])
        (limit,) = thresholds_at(together, [FPIR])
        worst = tuple(
            ratio
            for title, group_of in groupings.items()
            for ratio in _worst(title, group_of, draw_tables(draws, strangers, group_of, limit))
        )
        fnir = {fpir: mean_rate(draws, [draw.missed_at(fpir) for draw in draws]) for fpir in FPIR_TARGETS}
        difference = {fpir: fnir_difference(draws, plain, fpir) for fpir in FPIR_TARGETS}
        rows.append(CrowdRow(crowd, fnir, difference, worst))
    return rows


def _worst(title: str, group_of: Mapping[str, str], tables: Sequence[GroupTable]) -> Iterator[WorstRatio]:
    """Yield the worst ratio of each table; small groups are the worst or the best by chance."""
    size = Counter(group_of.values())
    for table in tables:
        big = [row for row in table.rows if size[row.group] >= LEAST_PEOPLE and row.times_best is not None]
        if big:
            yield WorstRatio(title, table.error, big[0])


def is_worth_it(row: CrowdRow, plain: CrowdRow) -> bool:
    """Tell whether every worst ratio of false accepts falls by a third, with no more misses at any FPIR."""
    before, after = (
        [ratio.row.times_best.mean for ratio in way.worst if ratio.error == "FPIR" and ratio.row.times_best]
        for way in (plain, row)
    )
    falls = all(new <= old * (1 - LEAST_FALL) for old, new in zip(before, after, strict=True))
    return bool(before) and falls and all(rate.mean <= 0 for rate in row.difference.values())
