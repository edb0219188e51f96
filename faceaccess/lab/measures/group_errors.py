"""What groups of people meet on a benchmark, faces that no detector saw included."""

from collections.abc import Mapping, Sequence

import numpy as np

from faceaccess.lab.measures.all_pairs import AllPairs, threshold_of_nearest
from faceaccess.lab.measures.identification import Identified
from faceaccess.recognition.error_rates import thresholds_at
from faceaccess.recognition.group_errors import GroupTable, Measured, by_group, ranked
from faceaccess.recognition.intervals import over_pairs
from faceaccess.vision.types import FloatArray


def pair_tables(
    measured: AllPairs, group_of: Mapping[str, str], threshold: float
) -> tuple[GroupTable, GroupTable]:
    """Return FMR, by pairs within a group, and FNMR of each group.

    Args:
        measured: all pairs.
        group_of: the group of people by name; others take no part.
        threshold: squared L2, at most the greatest that `measured` knows all accepted pairs of.
    """
    fmr = len(measured.accepted_people(threshold)) / measured.non_mated
    is_missed = measured.mated > threshold
    whose = [measured.names[number] for number in measured.whose]
    return (
        ranked("FMR, pairs within a group", fmr, _within_groups(measured, group_of, threshold, fmr)),
        ranked("FNMR", float(is_missed.mean()), by_group([whose], [is_missed], group_of)),
    )


def _within_groups(
    measured: AllPairs, group_of: Mapping[str, str], threshold: float, fmr: float
) -> dict[str, Measured]:
    """Return the accepted non-mated pairs of people of one group, and the threshold at an FMR."""
    groups = [group_of.get(name, "") for name in measured.names]
    results = {}
    for seed, group in enumerate(sorted(set(groups) - {""}), 1):
        members = np.array([at for at, other in enumerate(groups) if other == group])
        photos = measured.photos[members]
        pairs = int(photos.sum() ** 2 - (photos**2).sum()) // 2
        if not pairs:
            continue
        number = np.full(len(groups), -1)
        number[members] = np.arange(len(members))
        within = number[measured.near_people]
        is_within = (within >= 0).all(axis=1)
        near, people = measured.near[is_within], within[is_within]
        resampled = over_pairs(people[near <= threshold], photos, seed=seed)
        results[group] = Measured(len(members), pairs, resampled, _needed(near, fmr, pairs))
    return results


def _needed(near: FloatArray, fmr: float, pairs: int) -> float | None:
    """Return the threshold at which a group's FMR is so high; None where that is no pair, or isn't known."""
    if not 1 <= fmr * pairs < len(near):
        return None
    return threshold_of_nearest(near, fmr, pairs)


def draw_tables(
    draws: Sequence[Identified],
    strangers: Sequence[Sequence[str]],
    group_of: Mapping[str, str],
    threshold: float,
) -> tuple[GroupTable, GroupTable]:
    """Return FPIR of each group's strangers and FNIR of its people, everybody enrolled in one gallery.

    Args:
        draws: the search results.
        strangers: the name of the person of each stranger's photo, by draw.
        group_of: the group of people by name; others take no part.
        threshold: squared L2.
    """
    near = [draw.stranger_near for draw in draws]
    accepted = [distances <= threshold for distances in near]
    fpir = float(np.mean([row.mean() for row in accepted]))
    missed = [draw.missed(threshold) for draw in draws]

    def needed(group: str) -> float | None:
        of_group = [group_of.get(name) == group for names in strangers for name in names]
        distances = np.concatenate(near)[np.array(of_group)]
        return thresholds_at(distances, [fpir])[0] if fpir * len(distances) >= 1 else None

    names = [draw.names for draw in draws]
    return (
        ranked("FPIR", fpir, by_group(strangers, accepted, group_of, needed)),
        ranked("FNIR", float(np.mean([row.mean() for row in missed])), by_group(names, missed, group_of)),
    )


def detection_table(photos: Mapping[str, Sequence[bool]], group_of: Mapping[str, str]) -> GroupTable:
    """Return the part of photos in which no face is found, of each group.

    Args:
        photos: by person, whether a face was found in each photo.
        group_of: the group of people by name; others take no part.
    """
    names = [name for name, faces in photos.items() for _ in faces]
    lost = np.array([not has_face for faces in photos.values() for has_face in faces], bool)
    return ranked("no face found", float(lost.mean()), by_group([names], [lost], group_of))
