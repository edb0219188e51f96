"""`faceaccess benchmark window`: whether the window stays lively under load."""

import os
import tempfile
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say
from faceaccess.lab.benchmarks.importing import write_table


def window(
    video: Annotated[
        Path | None, typer.Option("--video", help="A recording that plays at the door meanwhile.")
    ] = None,
    photos: Annotated[
        Path | None, typer.Option("--photos", help="A folder tree of photos to import; else a tour.")
    ] = None,
    as_table: Annotated[
        bool, typer.Option("--as-table", help="As a table of people, instead of onto the page Enrol.")
    ] = False,
    count: Annotated[int, typer.Option("--count", min=1, help="How many photos.")] = 500,
    people: Annotated[int, typer.Option("--people", min=1, help="Enrolled, for the tour.")] = 200,
    events: Annotated[int, typer.Option("--events", min=1, help="Entries, for the tour.")] = 20_000,
    json: Json = False,
) -> None:
    """Tour every page, or import photos, while a door runs; print the gaps of the event loop."""
    with failing_clearly(), tempfile.TemporaryDirectory() as folder:
        os.environ["FACEACCESS_CONFIG_DIR"] = str(Path(folder) / "config")
        if photos is None or video is None:
            from faceaccess.lab.benchmarks.tour import tour

            report = tour(Path(folder), people, events)
        else:
            report = _import(Path(folder), video, photos, count, as_table=as_table)
    if json:
        print_json(report)
        return
    longest = report.pop("longest", {})
    for name, value in report.items():
        say(f"{name.replace('_', ' '):<24}{value:.4g}")
    for place, gap_ms in longest.items():
        say(f"longest on {place:<16}{gap_ms:>8.1f} ms")


def _import(folder: Path, video: Path, photos: Path, count: int, *, as_table: bool) -> dict[str, Any]:
    """Import photos in the real window and return the gaps of its event loop."""
    from faceaccess.errors import SettingsError
    from faceaccess.gui.rehearsal import measure_gaps
    from faceaccess.vision.sources.images import PHOTO_SUFFIXES

    paths = sorted(path for path in photos.rglob("*") if path.suffix.lower() in PHOTO_SUFFIXES)
    chosen = list(islice(paths, count))
    if len(chosen) < count:
        raise SettingsError(f"There are only {len(chosen)} photos in {photos}.", "Lower --count.")
    table = None
    if as_table:
        table = (write_table([(path.stem, [path]) for path in chosen], folder / "people.csv"), photos)
    recording = video / "door.mp4" if video.is_dir() else video
    gaps_ms = sorted(measure_gaps(folder / "data", str(recording), [str(path) for path in chosen], table))
    return {
        "photos": len(chosen),
        "turns": len(gaps_ms),
        "gap_ms_p50": gaps_ms[len(gaps_ms) // 2],
        "gap_ms_p99": gaps_ms[int(len(gaps_ms) * 0.99)],
        "gap_ms_longest": gaps_ms[-1],
    }
