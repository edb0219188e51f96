"""What is held on one person, and on nobody else, in a zip that can be read."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import numpy as np
import pytest

from faceaccess.codes import JournalKind, Outcome, Role
from faceaccess.errors import EnrolmentError, PermissionDenied, StoreError
from faceaccess.people.disclosure import Disclosed, Disclosure
from faceaccess.store.database import Database
from faceaccess.store.groups import GroupMembers
from faceaccess.store.journal import Journal
from faceaccess.store.people import People
from faceaccess.store.policies import Policies
from faceaccess.store.templates import Templates
from faceaccess.store.types import AccessGroup, AccessRules, Actor, NewTemplate
from tests.store.builders import NOON, make_entry

OLGA = Actor("olga")
NAME = 'Ada "<b>Byron</b>" বাইরন'


@pytest.fixture
def folder(tmp_path):
    """A folder with Ada and Bea, and what hands out their data."""
    with Database.open(tmp_path / "data") as database:
        people, journal, templates = People(database), Journal(database), Templates(database)
        policies, members = Policies(database, journal), GroupMembers(database)
        policies.set_access_rules(OLGA, AccessRules((AccessGroup("g", "Night & day"),)))
        for name in (NAME, "Bea"):
            person = people.create(name=name, staff_number=name[:3], department="Sums")
            embedding = np.eye(1, 128, dtype=np.float32)[0]
            photo = f"photo of {name}".encode()
            templates.add(
                person.person_id,
                [NewTemplate(embedding, "m", 1.0, photo, name, b"crop", np.zeros((5, 2), np.float32))],
            )
            members.set_groups(person.person_id, ["g"])
            journal.record(OLGA, JournalKind.PERSON_ENROLLED, person_id=person.person_id)
            journal.append(make_entry(person.person_id), f"face of {name}".encode())
            at = NOON + timedelta(hours=8)
            seq = journal.append(make_entry(person.person_id, at=at, outcome=Outcome.DENIED), None).seq
            journal.void(OLGA, seq)
        yield (
            Disclosure(
                database,
                people=people,
                templates=templates,
                journal=journal,
                policies=policies,
                members=members,
            ),
            people,
            journal,
        )


def test_everything_of_one_person_and_nothing_of_another(folder, tmp_path):
    disclosure, people, journal = folder
    ada = people.by_name(NAME)[0]
    path = tmp_path / "ada.zip"
    assert disclosure.write(OLGA, ada.person_id, path) == Disclosed(1, 2, 1, 2)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        content = {name: archive.read(name) for name in archive.namelist()}
    assert content["photos/001.jpg"] == f"photo of {NAME}".encode()
    facts = json.loads(content["person.json"])
    assert (facts["name"], facts["groups"], facts["department"]) == (NAME, ["Night & day"], "Sums")
    rows = list(csv.DictReader(io.StringIO(content["entries.csv"].decode("utf-8-sig"))))
    assert [row["outcome"] for row in rows] == ["denied", "accepted"]
    assert rows[0]["voided"].startswith("by ")
    assert content[rows[1]["picture"]] == f"face of {NAME}".encode()
    page = content["index.html"].decode()
    assert "<b>" not in page
    assert "বাইরন" in page
    assert "Bea" not in str({name: data.decode() for name, data in content.items()})
    assert [each["what"] for each in json.loads(content["actions.json"])] == [
        "entry_voided",
        "person_enrolled",
    ]
    row = journal.rows()[0]
    assert (row.kind, row.person_id) == (JournalKind.EXPORTED, ada.person_id)


def test_what_cannot_be_written_or_asked_for_leaves_nothing(folder, tmp_path):
    disclosure, people, _ = folder
    ada = people.by_name(NAME)[0].person_id
    with pytest.raises(StoreError):
        disclosure.write(OLGA, ada, tmp_path / "none" / "ada.zip")
    with pytest.raises(EnrolmentError):
        disclosure.write(OLGA, "0" * 32, tmp_path / "x.zip")
    with pytest.raises(PermissionDenied):
        disclosure.write(Actor("Ben", Role.RECEPTIONIST), ada, tmp_path / "x.zip")
    assert list(tmp_path.glob("*.zip*")) == []
