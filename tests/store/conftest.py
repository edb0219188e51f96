"""A real encrypted database for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from faceaccess.store.policy.policies import Policies


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
