"""The command `faceaccess`: with no sub-command it opens the window."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from faceaccess import __version__, memory, paths
from faceaccess import log as log_file
from faceaccess.cli import learn, manual, models
from faceaccess.cli.attendance import absences, entries, exports, log, months, report, schedules
from faceaccess.cli.common import Commands, say
from faceaccess.cli.door import cameras, demo, door, doors, drill, groups, kiosk, notifications, trial
from faceaccess.cli.people import (
    cluster,
    consents,
    enrolment,
    erasure,
    health,
    importing,
    people,
    photos,
    transfer,
    visitors,
)
from faceaccess.cli.people import mending as people_mending
from faceaccess.cli.upkeep import backup, doctor, encryption, operators, retention, updates

app = Commands(
    name="faceaccess",
    help="Staff attendance and access by face recognition. Without a command, opens the window.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command("enrol")(enrolment.enrol)
app.command("import")(importing.import_people)
app.command("watch")(door.watch)
app.command("trial")(trial.trial)
app.command("drill")(drill.drill)
app.command("identify")(photos.identify)
app.command("verify")(photos.verify)
app.command("cluster")(cluster.cluster)
app.command("report")(report.report)
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
app.command("kiosk")(kiosk.kiosk)
app.command("help")(manual.help_)
app.add_typer(backup.app, name="backup")
app.add_typer(retention.app, name="retention")
app.command("health")(health.health)
people_mending.add_to(people.app)
app.add_typer(cameras.app, name="cameras")
app.add_typer(doors.app, name="doors")
app.add_typer(encryption.app, name="encryption")
app.add_typer(absences.app, name="absences")
app.add_typer(entries.app, name="entries")
app.add_typer(exports.app, name="exports")
app.add_typer(groups.app, name="groups")
app.add_typer(months.app, name="months")
app.add_typer(notifications.app, name="notifications")
app.add_typer(operators.app, name="operators")
people.app.command("erase")(erasure.erase)
people.app.command("export")(transfer.export)
people.app.command("import")(transfer.import_)
consents.app.command("withdraw")(erasure.withdraw)
app.add_typer(people.app, name="people")
app.add_typer(consents.app, name="consents")
app.add_typer(log.app, name="log")
app.add_typer(models.app, name="models")
app.add_typer(schedules.app, name="schedules")
app.add_typer(updates.app, name="updates")
app.add_typer(visitors.app, name="visitors")


def _add_what_may_be_left_out() -> None:
    """Add learning, benchmarks and evaluations, which the program made for offices comes without."""
    if find_spec("faceaccess.learning") is not None:
        app.add_typer(learn.app, name="learn")
    if find_spec("faceaccess.lab") is not None:
        from faceaccess.lab import commands

        commands.add_to(app, learn.app)


_add_what_may_be_left_out()


def _show_version(is_asked: bool) -> None:
    if is_asked:
        say(f"faceaccess {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command that the process was started with."""
    memory.share_arenas()
    log_file.keep_libraries_apart()
    paths.keep_private()
    app(prog_name="faceaccess")


@app.callback(invoke_without_command=True)
def start(
    ctx: typer.Context,
    data_dir: Annotated[
        Path | None, typer.Option("--data-dir", help="The data folder.", show_default=False)
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Staff attendance and access by face recognition. Without a command, opens the window."""
    ctx.obj = data_dir
    if ctx.invoked_subcommand is None:
        from faceaccess.gui.app import main

        raise typer.Exit(main(data_dir))
