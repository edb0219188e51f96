"""`faceaccess benchmark import`: many people from photos, beside the usual loop with dlib."""

import csv
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say

People = list[tuple[str, list[Path]]]


def importing(
    photos: Annotated[
        Path, typer.Option("--photos", help="A folder with one sub-folder of photos per person.")
    ],
    people: Annotated[int, typer.Option("--people", min=1, help="How many people at most.")] = 1000,
    photos_each: Annotated[int, typer.Option("--photos-each", min=1, help="Of each, if there are.")] = 3,
    sample: Annotated[
        int, typer.Option("--sample", min=1, help="Photos for dlib; all together are reckoned from them.")
    ] = 100,
    json: Json = False,
) -> None:
    """Import a table of people into a new folder, then once more; and time dlib's loop on a sample.

    Those with the most photos are taken first. dlib's loop is its HOG detector with one upsampling,
    landmarks and network, one photo after the other, and stores nothing.
    """
    from faceaccess.vision.sources.images import photo_folders

    with failing_clearly(), tempfile.TemporaryDirectory() as folder:
        groups = sorted(
            ((name, files) for name, files in photo_folders(photos).items() if files),
            key=lambda group: (-min(len(group[1]), photos_each), group[0]),
        )
        chosen = [(name, files[:photos_each]) for name, files in groups[:people]]
        table = write_table(chosen, Path(folder) / "people.csv")
        files = [file for _, paths in chosen for file in paths]
        sampled = files[:: max(1, len(files) // sample)][:sample]
        # Half before and half after, so that what else the computer does weighs on both sides alike.
        before_s = _dlib_s(sampled[::2])
        row = timed(table, photos, Path(folder) / "data")
        each_s = (before_s + _dlib_s(sampled[1::2] or sampled)) / 2
    row |= {
        "dlib_sample_photos": len(sampled),
        "dlib_photos_per_s": round(1 / each_s, 2),
        "dlib_all_photos_s_reckoned": round(each_s * len(files), 1),
        "times_faster": round(each_s * len(files) / float(str(row["import_s"])), 2),
    }
    if json:
        print_json(row)
        return
    for name, value in row.items():
        say(f"{name.replace('_', ' '):<28} {value}")


def write_table(people: Sequence[tuple[str, Sequence[Path]]], path: Path) -> Path:
    """Write people with their photos as a table to be imported; they are called by numbers."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Name", "Staff number", "Photo"))
        for number, (_, files) in enumerate(people, 1):
            paths = ";".join(str(file.absolute()) for file in files)
            writer.writerow((f"Person {number}", f"{number}", paths))
    return path


def timed(table: Path, photos: Path, data: Path) -> dict[str, object]:
    """Import a table into a data folder, then once more; return seconds and counts."""
    from faceaccess.codes import EnrolmentOutcome, ImportProblem
    from faceaccess.people.arrivals.admission import AdmissionTerms
    from faceaccess.people.arrivals.columns import chosen
    from faceaccess.people.arrivals.photo_files import PhotoFolders
    from faceaccess.people.arrivals.table import rows_of_table
    from faceaccess.people.arrivals.table_file import read_table
    from faceaccess.workspace import Workspace

    with Workspace.open(data) as space:
        space.reception.load_models()
        row: dict[str, object] = {}
        for turn in ("", "again_"):
            started_s = time.perf_counter()
            source = read_table(table)
            rows = rows_of_table(source, chosen(source, {}), PhotoFolders(table.parent, photos))
            people = space.reception.enrolling.arrivals.plan(space.access.actor, rows)
            planned_s = time.perf_counter()
            results = space.reception.enrolling.arrivals.run(space.access.actor, people, AdmissionTerms())
            ended_s = time.perf_counter()
            if not turn:
                outcomes = [result.outcome for result in results]
                count = sum(len(person.photos) for person in people)
                row = {"people": len(people), "photos": count}
                row |= {outcome.value: outcomes.count(outcome) for outcome in EnrolmentOutcome}
                doubles = [result for result in results if result.problem is ImportProblem.DOUBLE]
                row["refused_as_doubles"] = len(doubles)
                row["photos_taken"] = sum(result.taken for result in results)
                row["photos_per_s"] = round(count / (ended_s - planned_s), 1)
            row[f"{turn}plan_s"] = round(planned_s - started_s, 2)
            row[f"{turn}import_s"] = round(ended_s - planned_s, 1)
    return row


def _dlib_s(photos: Sequence[Path]) -> float:
    """Return the seconds that the usual loop takes for a photo."""
    from faceaccess.lab.benchmarks.dlib_loop import DlibLoop

    loop = DlibLoop()
    loop.enrol("warm-up", photos[0])
    started_s = time.perf_counter()
    for photo in photos:
        loop.enrol("somebody", photo)
    return (time.perf_counter() - started_s) / len(photos)
