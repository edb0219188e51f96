"""A real encrypted database for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from faceaccess.store.database import Database
from faceaccess.store.journal import Journal
from faceaccess.store.people import People
from faceaccess.store.policies import Policies
from faceaccess.store.templates import Templates


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database.open(tmp_path) as database:
        yield database


@pytest.fixture
def people(database: Database) -> People:
    return People(database)


@pytest.fixture
def templates(database: Database) -> Templates:
    return Templates(database)


@pytest.fixture
def journal(database: Database) -> Journal:
    return Journal(database)


@pytest.fixture
def policies(database: Database, journal: Journal) -> Policies:
    return Policies(database, journal)
