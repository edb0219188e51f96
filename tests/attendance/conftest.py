"""A real data folder with the use cases of attendance, in UTC."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from faceaccess.attendance.office import Office
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.people import People
from faceaccess.store.policy.attendance_policy import AttendancePolicy
from faceaccess.store.policy.policies import Policies
from tests.attendance.builders import OLGA


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database.open(tmp_path / "data") as database:
        yield database


@pytest.fixture
def people(database: Database) -> People:
    return People(database)


@pytest.fixture
def journal(database: Database) -> Journal:
    return Journal(database)


@pytest.fixture
def policies(database: Database, journal: Journal) -> Policies:
    return Policies(database, journal)


@pytest.fixture
def office(database: Database, people: People, journal: Journal, policies: Policies) -> Office:
    policies.set(OLGA, AttendancePolicy(zones=((date(2000, 1, 1), "UTC"),)))
    return Office(database, people, journal, policies)


@pytest.fixture
def ada(database: Database, people: People) -> str:
    """The id of somebody who was enrolled long before the tests' days."""
    person = people.create(name="Ada Byron", staff_number="7", department="Workshop")
    with database.transaction() as db:
        db.execute("UPDATE people SET created_at = '2020-01-01T00:00:00.000000+00:00'")
    return person.person_id
