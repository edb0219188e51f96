"""`faceaccess evaluate detectors`: the detectors side by side on the same pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, show_progress
from faceaccess.lab.evaluations.identify import Draws, Seed, interval, spaced
from faceaccess.lab.evaluations.labelled_people import Half, HalfOption, LeaveOut, people_in, read_columns
from faceaccess.lab.evaluations.options import Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.reporting.report import Report, Table

if TYPE_CHECKING:
    from faceaccess.lab.measures.detector_report import Finds, Recall
    from faceaccess.lab.measures.identification import IdentificationReport
    from faceaccess.vision.detector import Detector
    from faceaccess.vision.devices import DeviceInUse

    Groups = Mapping[str, Mapping[str, Recall]]

_MODEL = "sface"
"""The network that faces are recognised with, cut out by each detector's points."""

Genders = Annotated[
    Path | None,
    typer.Option(
        "--genders", help="A CSV file with columns person and gender: recall of each.", show_default=False
    ),
]
Empty = Annotated[
    list[Path] | None,
    typer.Option(
        "--empty", help="A recording in which nobody is: false faces; may be repeated.", show_default=False
    ),
]


def detectors(
    photos: Photos,
    genders: Genders = None,
    empty: Empty = None,
    half: HalfOption = Half.ALL,
    leave_out: LeaveOut = None,
    sample: Annotated[
        int, typer.Option("--sample", help="About how many of the photos are made worse.", min=1)
    ] = 1000,
    people: Annotated[
        int, typer.Option("--people", help="How many people are enrolled, with one photo each.")
    ] = 420,
    draws: Draws = 1,
    seed: Seed = 0,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
) -> None:
    """Detectors: time, faces found in good and bad light, false faces, and recognition with each.

    The photos show one person each, in the middle. Takes some minutes for a thousand of them.
    """
    with failing_clearly():
        folders = people_in(photos, half, leave_out)
        gender_of = _genders(genders)
        seeds = range(seed, seed + draws)
        report = _measure(folders, gender_of, empty or (), sample, people, seeds, device)
    counts = {"half": half, "people": len(folders), "seeds": list(seeds)}
    sections = (f"{len(folders)} people ({half})", *_sections(report))
    show(Report((counts | asdict(report),), sections, (_MODEL,), counts), json=json, html=html)


def _genders(path: Path | None) -> dict[str, str]:
    """Return the gender of each person that a list names."""
    if path is None:
        return {}
    return {row[0]: row[1] for row in read_columns(path, ("person", "gender"))}


@dataclass(frozen=True)
class _Report:
    """All figures, by detector last.

    Attributes:
        time_ms: by size of the picture.
        recall: by condition, of photos as they are and made worse.
        recall_by_gender, recall_by_skin_tone: of photos as they are.
        false_faces_per_hour: empty without a recording.
        identification: with each detector's points.
    """

    time_ms: Mapping[str, Mapping[str, float]]
    recall: "Groups"
    recall_by_gender: "Groups"
    recall_by_skin_tone: "Groups"
    false_faces_per_hour: Mapping[str, float]
    identification: "Mapping[str, IdentificationReport]"


def _measure(
    folders: Mapping[str, Sequence[Path]],
    gender_of: Mapping[str, str],
    empty: Sequence[Path],
    sample: int,
    people: int,
    seeds: range,
    device: str,
) -> _Report:
    from faceaccess.lab.measures import detector_report as measuring

    in_use, loaded = _load(device)
    paths = [path for files in folders.values() for path in files]
    times = _times(loaded, paths)
    false = measuring.false_faces_per_hour(loaded, empty, show_progress("empty recordings")) if empty else {}
    finds, tones = measuring.look(loaded, paths, show_progress("photos"))
    tone_of_person = measuring.tone_of_people(folders, tones)
    worse = measuring.recall_when_worse(
        loaded, _sampled(paths, sample), seed=seeds[0], progress=show_progress("photos made worse")
    )
    return _Report(
        times,
        {"plain": {name: detected.recall(paths) for name, detected in finds.items()}, **worse},
        measuring.by_group(finds, _by_gender(folders, gender_of)),
        measuring.by_group(finds, _by_tone(folders, tone_of_person)),
        false,
        _identified(in_use, folders, finds, people, seeds),
    )


def _load(device: str) -> "tuple[DeviceInUse, dict[str, Detector]]":
    from faceaccess import paths
    from faceaccess.settings import Device as DeviceChoice
    from faceaccess.vision.detector import MTCNN, YUNET, YUNET_ALONE, load_detector
    from faceaccess.vision.devices import pick_device
    from faceaccess.vision.exports import Exports

    in_use = pick_device(DeviceChoice(device))
    return in_use, {
        name: load_detector(name, in_use, Exports(paths.cache_dir()), paths.models_dir())
        for name in (YUNET, MTCNN, YUNET_ALONE)
    }


def _times(loaded: "Mapping[str, Detector]", photos: Sequence[Path]) -> dict[str, dict[str, float]]:
    from faceaccess.errors import FaceAccessError
    from faceaccess.lab.measures.detector_report import times_ms
    from faceaccess.vision.sources.images import read_photo

    if not photos:
        raise FaceAccessError("There are no photos.", "Give a folder with a sub-folder of photos per person.")
    return times_ms(loaded, read_photo(photos[0]).image)


def _sampled(photos: Sequence[Path], count: int) -> Sequence[Path]:
    """Return every k-th photo, about so many."""
    return photos[:: max(1, round(len(photos) / count))]


def _by_gender(folders: Mapping[str, Sequence[Path]], gender_of: Mapping[str, str]) -> dict[str, list[Path]]:
    groups: dict[str, list[Path]] = {}
    for name, files in folders.items():
        if name in gender_of:
            groups.setdefault(gender_of[name], []).extend(files)
    return groups


def _by_tone(
    folders: Mapping[str, Sequence[Path]], tone_of_person: Mapping[str, float]
) -> dict[str, list[Path]]:
    from faceaccess.vision.skin_tone import SkinTone, tone_of

    groups: dict[str, list[Path]] = {f"{tone} skin": [] for tone in SkinTone}
    for name, degrees in tone_of_person.items():
        groups[f"{tone_of(degrees)} skin"] += folders[name]
    return {group: files for group, files in groups.items() if files}


def _identified(
    in_use: "DeviceInUse",
    folders: Mapping[str, Sequence[Path]],
    finds: "Mapping[str, Finds]",
    people: int,
    seeds: range,
) -> "dict[str, IdentificationReport]":
    """Return identification by each detector's points, on the photos in which all found a face."""
    from faceaccess import paths
    from faceaccess.lab.measures.identification import identification_report, identify_draws, open_set
    from faceaccess.vision.embedder import load_embedder
    from faceaccess.vision.exports import Exports

    usable = set.intersection(*(set(detected.crops) for detected in finds.values()))
    splits = [open_set(folders, usable, people=people, photos_each=1, seed=seed) for seed in seeds]
    embedder = load_embedder(_MODEL, in_use, Exports(paths.cache_dir()), paths.models_dir())
    return {
        name: identification_report(identify_draws(embedder, detected.crops, splits))
        for name, detected in finds.items()
    }


def _sections(report: _Report) -> tuple[Table, str]:
    names = list(report.identification)
    rows = [
        (f"ms on {size}", "", *(f"{by_name[name]:.1f}" for name in names))
        for size, by_name in report.time_ms.items()
    ]
    for groups in (report.recall, report.recall_by_gender, report.recall_by_skin_tone):
        for group, recalls in groups.items():
            photos = spaced(recalls[names[0]].photos)
            parts = (f"{recalls[name].part:.2%}" for name in names)
            rows.append((f"found, {group.replace('_', ' ')}", photos, *parts))
    if report.false_faces_per_hour:
        false = (f"{report.false_faces_per_hour[name]:.1f}" for name in names)
        rows.append(("false faces in an empty hour", "", *false))
    first = report.identification[names[0]]
    for place, row in enumerate(first.rows):
        cells = (interval(report.identification[name].rows[place].fnir) for name in names)
        rows.append((f"FNIR at FPIR {row.fpir_target:g}", "", *cells))
    over = f" over {first.draws} draws" if first.draws > 1 else ""
    return (
        Table(("", "photos", *names), tuple(rows), numbers=("photos",)),
        f"FNIR: {_MODEL} on each detector's points, on the photos in which all find a face; "
        f"{first.people} people enrolled with {first.photos_each} photo each, "
        f"{spaced(first.mated_probes)} mated and {spaced(first.non_mated_probes)} non-mated probes{over}",
    )
