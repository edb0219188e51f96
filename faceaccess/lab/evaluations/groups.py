"""`faceaccess evaluate groups`: whether some groups of people fare worse than others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, show_progress
from faceaccess.errors import FaceAccessError
from faceaccess.lab.evaluations.identify import Draws, Seed, spaced
from faceaccess.lab.evaluations.labelled_people import (
    Half,
    HalfOption,
    LeaveOut,
    people_in,
)
from faceaccess.lab.evaluations.options import Model, Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.evaluations.photo_model import NoCache, all_pairs_of, photo_model
from faceaccess.lab.reporting.report import Intervals, Report, Section, Table

if TYPE_CHECKING:
    from faceaccess.lab.measures.all_pairs import AllPairs
    from faceaccess.lab.measures.embedded_photos import PhotoModel
    from faceaccess.lab.measures.identification import Identified
    from faceaccess.recognition.group_errors import GroupRow, GroupTable

_FMR = 1e-4
"""Of all pairs: where enough of them are accepted to tell groups apart."""

_KEPT_FMR = 2e-3

_HINT = "Its first line is person,group, or person and a name of your own."

Folders = Mapping[str, Sequence[Path]]
GroupFile = Annotated[
    Path | None,
    typer.Argument(
        help="A CSV file with a column person and another with the group of each.", show_default=False
    ),
]
SkinToneOption = Annotated[
    bool, typer.Option("--skin-tone", help="Also group people by how light their skin is in the photos.")
]


def groups(
    photos: Photos,
    file: GroupFile = None,
    skin_tone: SkinToneOption = False,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold", help="Instead of the built-in one for so many people.", show_default=False
        ),
    ] = None,
    people: Annotated[
        int, typer.Option("--people", help="How many are enrolled in a draw, with one photo each.")
    ] = 420,
    seed: Seed = 0,
    draws: Draws = 5,
    half: HalfOption = Half.ALL,
    leave_out: LeaveOut = None,
    no_cache: NoCache = False,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """False accepts, false rejects and faces not found, by groups of people, the worst group first.

    A group is called worse only where the 95 % interval of the ratio to the best group, by the bootstrap over
    people, excludes 1. Of twenty equal groups, one would be called so by chance. Skin tone is the individual
    typology angle (ITA) of forehead and cheeks, the median of a person's photos: light, exposure and make-up
    move it by as much as a group, so it tells groups of many people apart, never one person's colour.
    """
    if file is None and not skin_tone:
        raise typer.BadParameter("give a FILE, --skin-tone or both")
    seeds = range(seed, seed + draws)
    with failing_clearly():
        folders = people_in(photos, half, leave_out)
        named = photo_model(model, device, no_cache=no_cache)
        limit = _built_in(named.model_id, people) if threshold is None else threshold
        groupings = groupings_of(named, folders, file, skin_tone=skin_tone)
        evidence = _evidence(named, folders, people, seeds)
        results = {title: _tables(evidence, group_of, limit) for title, group_of in groupings.items()}
    counts: dict[str, object] = {
        "half": half.value,
        "seeds": list(seeds),
        "people": len(folders),
        "photos": len(_paths(folders)),
        "people_enrolled": people,
        "mated_pairs": len(evidence.pairs.mated),
        "non_mated_pairs": evidence.pairs.non_mated,
        "mated_probes": sum(len(draw.names) for draw in evidence.draws),
        "non_mated_probes": sum(len(draw.stranger_near) for draw in evidence.draws),
    }
    shown = {title: _composition(folders, group_of) for title, group_of in groupings.items()}
    show(_report(results, shown, named.model_id, counts), json=json, html=html)


def groupings_of(
    model: "PhotoModel", folders: Folders, file: Path | None, *, skin_tone: bool
) -> dict[str, dict[str, str]]:
    """Return the group of each person, by a list, by the skin in their photos, or by both.

    Raises:
        FaceAccessError: the list can't be read, or skin can't be measured on the crops of the model.
    """
    groupings = {} if file is None else {file.stem: read_groups(file)}
    if skin_tone:
        groupings["skin tone"] = _skin_tones(model, folders)
    return groupings


def read_groups(path: Path) -> dict[str, str]:
    """Return the group of each person of a list; for a measurement everybody in it needs one.

    Raises:
        FaceAccessError: it can't be read, has no such columns, or somebody has no group.
    """
    from faceaccess.models.group_evidence import read_groups as groups_of_list

    groups = groups_of_list(path)
    for person, group in groups.items():
        if not group:
            raise FaceAccessError(f"{path}: {person} has no group.", "Give one, or leave the line out.")
    return groups


def _built_in(model_id: str, people: int) -> float:
    from faceaccess.recognition.calibration import default_match

    policy = default_match(model_id, people)
    if policy is None:
        raise FaceAccessError(
            f"The model {model_id} has no measured threshold.", "Give one with --threshold."
        )
    return policy.threshold


def _paths(folders: Folders) -> list[Path]:
    return [path for files in folders.values() for path in files]


def _skin_tones(model: "PhotoModel", folders: Folders) -> dict[str, str]:
    """Return the group of each person by the median of their photos in colour."""
    from faceaccess.lab.measures.detector_report import tone_of_people
    from faceaccess.vision.skin_tone import tone_of

    tones = model.skin_tones(_paths(folders), show_progress("photos, skin tone"))
    return {name: str(tone_of(degrees)) for name, degrees in tone_of_people(folders, tones).items()}


@dataclass(frozen=True, eq=False)
class _Evidence:
    """What groups are compared by.

    Attributes:
        pairs: all pairs of photos.
        draws: open-set searches, everybody in one gallery.
        strangers: the person of each stranger's photo, by draw.
        has_face: by person, whether a face was found in each photo.
    """

    pairs: "AllPairs"
    draws: "Sequence[Identified]"
    strangers: Sequence[Sequence[str]]
    has_face: Mapping[str, Sequence[bool]]


def _evidence(model: "PhotoModel", folders: Folders, people: int, seeds: range) -> _Evidence:
    from faceaccess.lab.measures.identification import identify, open_set

    shown = {path: name for name, paths in folders.items() for path in paths}
    embedded = model.embed(list(shown), show_progress("photos"))
    usable = set(shown) - embedded.without_face
    splits = [open_set(folders, usable, people=people, photos_each=1, seed=seed) for seed in seeds]
    return _Evidence(
        all_pairs_of(embedded, shown, _KEPT_FMR),
        [identify(split, embedded.templates, embedded.probes) for split in splits],
        [[shown[path] for path in split.non_mated] for split in splits],
        {name: [path not in embedded.without_face for path in paths] for name, paths in folders.items()},
    )


def _tables(
    evidence: _Evidence, group_of: Mapping[str, str], limit: float
) -> "list[tuple[float | None, GroupTable]]":
    """Return the errors by group, each with the threshold that it is about."""
    from faceaccess.lab.measures.group_errors import detection_table, draw_tables, pair_tables

    if limit > evidence.pairs.farthest_kept:
        raise FaceAccessError(
            f"A threshold of {limit:g} accepts more than {_KEPT_FMR:.1%} of different people.",
            "Give a lower one.",
        )
    tables: list[tuple[float | None, GroupTable]] = []
    for threshold in (evidence.pairs.threshold_at(_FMR), limit):
        tables += [(threshold, table) for table in pair_tables(evidence.pairs, group_of, threshold)]
    searches = draw_tables(evidence.draws, evidence.strangers, group_of, limit)
    tables += [(limit, table) for table in searches]
    return [*tables, (None, detection_table(evidence.has_face, group_of))]


def _composition(folders: Folders, group_of: Mapping[str, str]) -> str:
    """Return how many people are in each group, and in none."""
    sizes = Counter(group_of.get(name, "in no group") for name in folders)
    return ", ".join(f"{count} {group} ({count / len(folders):.1%})" for group, count in sizes.most_common())


def _report(
    results: "Mapping[str, Sequence[tuple[float | None, GroupTable]]]",
    compositions: Mapping[str, str],
    model_id: str,
    counts: dict[str, object],
) -> Report:
    sections: list[Section] = []
    figures: list[dict[str, object]] = []
    for title, tables in results.items():
        sections.append(f"{title}: {compositions[title]}")
        for threshold, table in tables:
            sections += [_table(threshold, table), _plot(title, threshold, table)]
            figures.append(
                {"grouping": title, "model_id": model_id, "threshold": threshold, **asdict(table), **counts}
            )
    sections.append(
        f"{model_id}: {spaced(int(str(counts['mated_pairs'])))} mated and "
        f"{spaced(int(str(counts['non_mated_pairs'])))} non-mated pairs; {counts['people_enrolled']} people "
        f"enrolled with one photo, {counts['mated_probes']} mated and {counts['non_mated_probes']} non-mated "
        "probes over all draws. The last column is the threshold at which the group would fare as everybody."
    )
    return Report(tuple(figures), tuple(sections), (model_id,), counts)


def _plot(title: str, threshold: float | None, table: "GroupTable") -> Intervals:
    at = "" if threshold is None else f" at threshold {threshold:.3f}"
    rows = [(f"{row.group} ({row.people})", row.rate) for row in table.rows]
    label = "rate, with its 95 % interval over people; dashed: everybody"
    return Intervals(f"{table.error}{at}, by {title}", label, rows, line=table.everybody)


def _table(threshold: float | None, table: "GroupTable") -> Table:
    at = "" if threshold is None else f" at threshold {threshold:.3f}"
    return Table(
        ("group", "people", "rate", "times the best", "", "would need"),
        tuple(_cells(row) for row in table.rows),
        title=f"{table.error}{at}: {_short(table.everybody)} of everybody",
        numbers=("people",),
    )


def _cells(row: "GroupRow") -> tuple[str, ...]:
    rate, times = row.rate, row.times_best
    return (
        row.group,
        spaced(row.people),
        f"{_short(rate.mean)} ({_short(rate.low)} to {_short(rate.high)})",
        "the best" if times is None else f"{times.mean:.2f} ({times.low:.2f} to {times.high:.2f})",
        "worse" if row.is_worse else "",
        "" if row.threshold is None else f"{row.threshold:.3f}",
    )


def _short(rate: float) -> str:
    return f"{rate:.2g}" if rate < 1e-3 else f"{rate:.4f}"
