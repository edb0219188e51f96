"""Every command has help and stands in the manual; every setting has a label and help."""

import dataclasses
import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from faceaccess import manual
from faceaccess.cli.app import app
from faceaccess.settings import CameraSettings, DoorSettings, MachineSettings

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAGES = {topic: manual.page(topic) for topic in manual.TOPICS}


def commands(group=None, prefix=()):
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        if isinstance(getattr(command, "commands", None), dict):
            yield from commands(command, (*prefix, name))
        else:
            yield (*prefix, name), command


def test_every_command_has_help_and_stands_in_the_manual():
    words, wanting = "\n".join(PAGES.values()), []
    for name, command in commands():
        if not command.help:
            wanting.append(name)
        if f"faceaccess {name[0]}" not in words and f", `{name[0]}`" not in words:
            wanting.append((name, "is on no page"))
        for parameter in command.params:
            if parameter.param_type_name == "option" and parameter.name not in ("help", "ctx"):
                wanting += [] if parameter.help else [(name, parameter.name)]
    assert wanting == []


def test_every_command_on_a_data_folder_takes_an_operator():
    """Those of attendance did not: in a closed folder they could only be used half."""
    names = {name: {parameter.name for parameter in command.params} for name, command in commands()}
    assert len(names) > 100
    assert [name for name, given in names.items() if ("data_dir" in given) != ("operator" in given)] == []


@pytest.mark.parametrize("group", [DoorSettings, CameraSettings, MachineSettings])
def test_every_setting_has_a_label_and_help(group):
    for field in dataclasses.fields(group):
        assert field.metadata["label"]
        assert field.metadata["help"]


def test_the_readme_is_read_in_three_minutes():
    assert len(README.read_bytes()) <= 10_000


def test_every_page_of_the_manual_is_listed_and_every_link_leads_somewhere():
    assert {path.stem for path in manual.folder().glob("*.md")} == set(manual.TOPICS)
    for path in (README, *manual.folder().glob("*.md")):
        for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert "://" in link or (path.parent / link).exists(), (path.name, link)


def test_help_shows_each_topic_and_names_them_for_one_that_is_not_there():
    run = CliRunner()
    listed = run.invoke(app, ["help"])
    for topic, words in PAGES.items():
        assert topic in listed.stdout
        assert words.splitlines()[0] in run.invoke(app, ["help", topic]).stdout
    missing = run.invoke(app, ["help", "nothing"])
    assert missing.exit_code == 1
    assert "reception" in missing.stderr
