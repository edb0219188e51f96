"""`faceaccess demo`: the program at work with no camera and nobody's data."""

import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from faceaccess.cli.common import Json, complain, failing_clearly, say

ROUNDS_IN_WINDOW = 10


def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="Print the entries instead of opening the window.")
    ] = False,
    json: Json = False,
) -> None:
    """Show the door at work on a throw-away data folder: one person is let in, another refused."""
    with failing_clearly(), tempfile.TemporaryDirectory(prefix="faceaccess-demo-") as folder:
        from faceaccess.door import simulation

        data = Path(folder) / "data"
        recording = Path(folder) / "Demo camera.mp4"
        say("Preparing the demo (the first time, the networks are made ready) ...", err=True)
        simulation.render(recording, rounds=1 if headless else ROUNDS_IN_WINDOW)
        _enrol_one(data)
        if headless:
            _print_entries(data, recording, as_json=json)
            return
        # The demo must not touch the settings of a real installation.
        os.environ["FACEACCESS_CONFIG_DIR"] = str(Path(folder) / "config")
        from faceaccess.gui.app import main

        raise typer.Exit(main(data, source=str(recording), demo=True))


def _enrol_one(data: Path) -> None:
    from faceaccess.door import simulation
    from faceaccess.workspace import Workspace

    with Workspace.open(data) as space:
        known = simulation.portraits()[0]
        review = space.reception.enrolment.review_file(known.path)
        space.reception.enrolment.enrol(
            space.access.actor, name=known.name, staff_number="1", department="Demo", reviews=[review]
        )


def _print_entries(data: Path, recording: Path, *, as_json: bool) -> None:
    from faceaccess.cli.door.door import show_event
    from faceaccess.door.watch import Callbacks
    from faceaccess.workspace import Workspace

    with Workspace.open(data) as space:
        zones = space.office.timesheets.zones()
        space.doors.open(
            space.access.actor,
            Callbacks(on_event=lambda event: show_event(event, zones, as_json=as_json), on_error=complain),
            source=str(recording),
            is_paced=False,
        ).run()
