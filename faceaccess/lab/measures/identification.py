"""Open-set identification: how many enrolled people are missed when so many strangers are accepted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import FaceAccessError
from faceaccess.lab.measures.evaluation import embed_all, nearest
from faceaccess.recognition.error_rates import FARTHEST, thresholds_at
from faceaccess.recognition.intervals import Rate, rate_over_draws
from faceaccess.vision.embedder import Embedder
from faceaccess.vision.types import FloatArray, ImageArray

FPIR_TARGETS = (1e-2, 3e-3, 1e-3)


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
    others: int = 0,
    seed: int = 0,
) -> OpenSet:
    """Split photos by a seed.

    Args:
        folders: the photos of each person.
        usable: photos with a face; others are left out.
        people: how many are enrolled who are then searched for.
        photos_each: photos enrolled of each.
        others: how many more are enrolled, of those who have no further photo to search for.
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
    silent = [
        name for name, photos in sorted(folders.items()) if sum(p in usable for p in photos) == photos_each
    ]
    if len(silent) < others:
        raise FaceAccessError(
            f"Only {len(silent)} people have exactly {photos_each} photos.", "Ask for fewer with --others."
        )
    if others:
        enrolled |= {silent[i] for i in rng.choice(len(silent), others, replace=False)}
    gallery: list[tuple[str, Path]] = []
    mated: list[tuple[str, Path]] = []
    strangers: list[Path] = []
    for name in sorted(folders):
        paths = [path for path in folders[name] if path in usable]
        if name in enrolled:
            order = [(name, paths[i]) for i in rng.permutation(len(paths))]
            gallery += order[:photos_each]
            mated += order[photos_each:]
        else:
            strangers += paths
    if not strangers or not mated:
        raise FaceAccessError("There are no strangers left to measure with.", "Ask for fewer with --people.")
    return OpenSet(tuple(gallery), tuple(mated), tuple(strangers))


@dataclass(frozen=True, eq=False)
class Identified:
    """The search results of one draw, before any threshold.

    Attributes:
        people: how many are enrolled.
        photos_each: of each of them.
        names: whose each of the M mated probes is.
        near: (M,) float32, squared L2 of each to its nearest template.
        is_right: (M,) whether that template is of the same person.
        stranger_near: (S,) float32, as `near`, of strangers' probes.
    """

    people: int
    photos_each: int
    names: tuple[str, ...]
    near: FloatArray
    is_right: NDArray[np.bool_]
    stranger_near: FloatArray

    def missed(self, threshold: float) -> NDArray[np.bool_]:
        """Return (M,) which mated probes are missed or misnamed at a threshold, squared L2."""
        return ~((self.near <= threshold) & self.is_right)

    def missed_at(self, fpir: float) -> NDArray[np.bool_]:
        """Return (M,) which mated probes are missed or misnamed at an FPIR."""
        return self.missed(thresholds_at(self.stranger_near, [fpir])[0])


@dataclass(frozen=True)
class OpenSetRow:
    """FNIR at one FPIR or threshold.

    Attributes:
        fpir_target: false-positive identification rate asked for; None at a stated threshold.
        fpir: reached, all draws together.
        strangers_accepted: photos of strangers, all draws together.
        fnir: part of enrolled people's photos that are missed or misnamed.
        threshold: squared L2, mean over draws.
        fnir_by_draw, threshold_by_draw: the same, of each draw.
    """

    fpir_target: float | None
    fpir: float
    strangers_accepted: int
    fnir: Rate
    threshold: float
    fnir_by_draw: tuple[float, ...]
    threshold_by_draw: tuple[float, ...]


@dataclass(frozen=True)
class IdentificationReport:
    """Open-set identification of N people by k photos each, over some draws.

    Attributes:
        people, photos_each: N and k.
        others: how many of the N were not searched for.
        draws: how many.
        mated_probes, non_mated_probes: photos searched for, all draws together.
        rank_1: part of enrolled people's photos whose nearest person is right, at any distance; mean
            over draws.
    """

    people: int
    photos_each: int
    others: int
    draws: int
    mated_probes: int
    non_mated_probes: int
    rank_1: float
    rows: tuple[OpenSetRow, ...]


def identify(
    split: OpenSet, templates: Mapping[Path, FloatArray], probes: Mapping[Path, FloatArray]
) -> Identified:
    """Search for all probes of a draw.

    Args:
        split: which photos are enrolled.
        templates: (D,) unit embeddings by the recipe of templates.
        probes: likewise by that of probes. A photo without one, since no face was found in it, is as far
            from everybody as can be: somebody enrolled is missed, a stranger not accepted.
    """
    gallery = np.stack([templates[path] for _, path in split.gallery])
    near, places = _search([path for _, path in split.mated], probes, gallery)
    names = tuple(name for name, _ in split.mated)
    is_right = [
        place is not None and split.gallery[place][0] == name
        for place, name in zip(places, names, strict=True)
    ]
    stranger_near, _ = _search(split.non_mated, probes, gallery)
    people = len({name for name, _ in split.gallery})
    return Identified(
        people, len(split.gallery) // people, names, near, np.array(is_right, bool), stranger_near
    )


def _search(
    photos: Sequence[Path], probes: Mapping[Path, FloatArray], gallery: FloatArray
) -> tuple[FloatArray, list[int | None]]:
    """Return (N,) squared L2 of photos to the nearest template, and which that is; None without a face."""
    near = np.full(len(photos), FARTHEST, np.float32)
    places: list[int | None] = [None] * len(photos)
    seen = [at for at, path in enumerate(photos) if path in probes]
    if seen:
        near[seen], rows = nearest(np.stack([probes[photos[at]] for at in seen]), gallery)
        for at, row in zip(seen, rows, strict=True):
            places[at] = int(row)
    return near, places


def identify_draws(
    embedder: Embedder, crops: Mapping[Path, ImageArray], splits: Sequence[OpenSet]
) -> list[Identified]:
    """Search for all probes of several draws; each crop is embedded once for all of them."""
    enrolled = sorted({path for split in splits for _, path in split.gallery})
    probed = {path for split in splits for _, path in split.mated}
    probed.update(path for split in splits for path in split.non_mated)
    templates = embed_all(embedder, {path: crops[path] for path in enrolled}, as_templates=True)
    probes = embed_all(embedder, {path: crops[path] for path in sorted(probed)}, as_templates=False)
    return [identify(split, templates, probes) for split in splits]


def identification_report(
    draws: Sequence[Identified], *, thresholds: Sequence[float] = ()
) -> IdentificationReport:
    """Measure open-set identification.

    Args:
        draws: of the same numbers of people and photos.
        thresholds: also measured at these, squared L2.
    """
    asked = [
        (target, [thresholds_at(d.stranger_near, [target])[0] for d in draws]) for target in FPIR_TARGETS
    ]
    stated = [(None, [limit] * len(draws)) for limit in thresholds]
    return IdentificationReport(
        draws[0].people,
        draws[0].photos_each,
        draws[0].people - len(set(draws[0].names)),
        len(draws),
        sum(len(draw.names) for draw in draws),
        sum(len(draw.stranger_near) for draw in draws),
        float(np.mean([draw.is_right.mean() for draw in draws])),
        tuple(_open_set_row(draws, target, limits) for target, limits in (*asked, *stated)),
    )


def fnir_difference(draws: Sequence[Identified], others: Sequence[Identified], fpir: float) -> Rate:
    """Return by how much the FNIR of `draws` is above that of `others` at an FPIR, probe by probe.

    Args:
        draws: by one model.
        others: by another one, of the same people and photos in the same order.
        fpir: each model at its own threshold for it.
    """
    if [draw.names for draw in draws] != [other.names for other in others]:
        raise ValueError("the draws to compare aren't of the same photos")
    return mean_rate(
        draws,
        [
            draw.missed_at(fpir).astype(float) - other.missed_at(fpir)
            for draw, other in zip(draws, others, strict=True)
        ],
    )


def mean_rate(draws: Sequence[Identified], values: Sequence[NDArray[Any]]) -> Rate:
    """Return the mean over draws of each draw's mean, with its 95 % interval.

    The interval is over people, see `rate_over_draws`. That there might have been other strangers is not
    in it.

    Args:
        draws: whose probes they are.
        values: of each draw (M,), one for each mated probe: 1 for a miss, or a difference of two.
    """
    people = sorted({name for draw in draws for name in draw.names})
    places = {name: place for place, name in enumerate(people)}
    whose = [np.array([places[name] for name in draw.names]) for draw in draws]
    return rate_over_draws(whose, values, len(people))


def _open_set_row(
    draws: Sequence[Identified], target: float | None, thresholds: Sequence[float]
) -> OpenSetRow:
    at = list(zip(draws, thresholds, strict=True))
    missed = [draw.missed(threshold) for draw, threshold in at]
    accepted = sum(int(np.sum(draw.stranger_near <= threshold)) for draw, threshold in at)
    return OpenSetRow(
        target,
        accepted / sum(len(draw.stranger_near) for draw in draws),
        accepted,
        mean_rate(draws, missed),
        float(np.mean(thresholds)),
        tuple(float(row.mean()) for row in missed),
        tuple(float(threshold) for threshold in thresholds),
    )
