"""The command line on a data folder of its own."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates

Run = Callable[..., Result]


class Folder:
    """A data folder to prepare and to look into."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self) -> Database:
        return Database.open(self.path)

    def read(self, read: Callable[[People, Journal], Any]) -> Any:
        with Database.open(self.path, read_only=True) as database:
            return read(People(database), Journal(database))

    def fill(self, fill: Callable[[People, Templates, Journal], Any]) -> Any:
        with self.open() as database:
            return fill(People(database), Templates(database), Journal(database))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setenv("FACEACCESS_DATA_DIR", str(tmp_path / "standard"))
    monkeypatch.setenv("FACEACCESS_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "160")
    return Folder(tmp_path / "data")


@pytest.fixture
def run(folder: Folder) -> Iterator[Run]:
    """Run a command on the folder; the log's handlers are removed afterwards."""
    import logging

    from faceaccess.cli.app import app

    def run(*words: str, **options: Any) -> Result:
        return CliRunner().invoke(app, ["--data-dir", str(folder.path), *words], **options)

    yield run
    program = logging.getLogger("faceaccess")
    for handler in list(program.handlers):
        if (handler.get_name() or "").startswith("faceaccess-"):
            program.removeHandler(handler)
            handler.close()


def json_lines(result: Result) -> list[dict[str, Any]]:
    """Return what a command printed with `--json`."""
    return [json.loads(line) for line in result.stdout.splitlines()]
