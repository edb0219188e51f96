"""Every command has help and stands in the README; every setting has a label and help."""

import dataclasses
from pathlib import Path

import click
import pytest
import typer

from faceaccess.cli.app import app
from faceaccess.settings import CameraSettings, DoorSettings, MachineSettings

README = Path(__file__).resolve().parent.parent / "README.md"


def commands(group=None, prefix=()):
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        if isinstance(getattr(command, "commands", None), dict):
            yield from commands(command, (*prefix, name))
        else:
            yield (*prefix, name), command


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=lambda value: str(value)[:40])
def test_every_command_has_help_and_stands_in_the_readme(name, command: click.Command):
    assert command.help
    assert f"faceaccess {name[0]}" in README.read_text(encoding="utf-8")
    for parameter in command.params:
        if parameter.name not in ("help", "ctx") and parameter.param_type_name == "option":
            assert parameter.help, f"{name} {parameter.name}"


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=lambda value: str(value)[:40])
def test_every_command_on_a_data_folder_takes_an_operator(name, command: click.Command):
    """Those of attendance did not: in a closed folder they could only be used half."""
    names = {parameter.name for parameter in command.params}
    assert ("data_dir" in names) == ("operator" in names)


@pytest.mark.parametrize("group", [DoorSettings, CameraSettings, MachineSettings])
def test_every_setting_has_a_label_and_help(group):
    for field in dataclasses.fields(group):
        assert field.metadata["label"]
        assert field.metadata["help"]
