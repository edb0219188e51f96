"""`faceaccess benchmark window`: whether the window stays lively under load."""

import os
import tempfile
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say
from faceaccess.lab.benchmarks.importing import write_table


def window(
    video: Annotated[Path, typer.Option("--video", help="A recording that plays at the door meanwhile.")],
    photos: Annotated[Path, typer.Option("--photos", help="A folder tree of photos to import.")],
    as_table: Annotated[
        bool, typer.Option("--as-table", help="As a table of people, instead of onto the page Enrol.")
    ] = False,
    count: Annotated[int, typer.Option("--count", min=1, help="How many photos.")] = 500,
    json: Json = False,
) -> None:
    """Import photos in the real window while a door runs; print the gaps of its event loop."""
    from faceaccess.errors import SettingsError
    from faceaccess.vision.sources.images import PHOTO_SUFFIXES

    paths = sorted(path for path in photos.rglob("*") if path.suffix.lower() in PHOTO_SUFFIXES)
    chosen = list(islice(paths, count))
    with failing_clearly(), tempfile.TemporaryDirectory() as folder:
        if len(chosen) < count:
            raise SettingsError(f"There are only {len(chosen)} photos in {photos}.", "Lower --count.")
        os.environ["FACEACCESS_CONFIG_DIR"] = str(Path(folder) / "config")
        from faceaccess.gui.app import measure_gaps

        table = None
        if as_table:
            people = [(path.stem, [path]) for path in chosen]
            table = (write_table(people, Path(folder) / "people.csv"), photos)
        recording = video / "door.mp4" if video.is_dir() else video
        gaps_ms = sorted(
            measure_gaps(Path(folder) / "data", str(recording), [str(path) for path in chosen], table)
        )
    report = {
        "photos": len(chosen),
        "turns": len(gaps_ms),
        "gap_ms_p50": gaps_ms[len(gaps_ms) // 2],
        "gap_ms_p99": gaps_ms[int(len(gaps_ms) * 0.99)],
        "gap_ms_longest": gaps_ms[-1],
    }
    if json:
        print_json(report)
        return
    for name, value in report.items():
        say(f"{name.replace('_', ' '):<24}{value:.4g}")
