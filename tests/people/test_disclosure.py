"""What is held on one person, and on nobody else, in a zip that can be read."""

import csv
import io
import json
import zipfile
from datetime import date, timedelta

import numpy as np
import pytest

from faceaccess.codes import AbsenceKind, DayPart, JournalKind, Outcome, Role
from faceaccess.errors import EnrolmentError, PermissionDenied, StoreError
from faceaccess.people.disclosure import Disclosed, Disclosure
from faceaccess.store.access.groups import GroupMembers
from faceaccess.store.access.types import AccessGroup, AccessRules, Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.look_alikes import LookAlikes
from faceaccess.store.people.merging import Merging
from faceaccess.store.people.people import People
from faceaccess.store.people.photos import Photos
from faceaccess.store.people.templates import Templates
from faceaccess.store.people.types import NewConsent, NewTemplate
from faceaccess.store.policy.absences import Absence, Absences
from faceaccess.store.policy.policies import Policies
from tests.store.builders import NOON, make_entry

OLGA = Actor("olga")
NAME = 'Ada "<b>Byron</b>" বাইরন'


@pytest.fixture
def folder(tmp_path):
    """A folder with Ada and Bea, and what hands out their data."""
    with Database.open(tmp_path / "data") as database:
        people, journal, templates = People(database), Journal(database), Templates(database)
        policies, members = Policies(database, journal), GroupMembers(database)
        policies.set(OLGA, AccessRules((AccessGroup("g", "Night & day"),)))
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
    row = journal.rows.newest()[0]
    assert (row.kind, row.person_id) == (JournalKind.EXPORTED, ada.person_id)


def test_deleted_photos_consents_and_what_came_by_a_merge_are_held_too(folder, tmp_path):
    """Left out were photos that can still be restored, consents with signatures, and look-alikes."""
    disclosure, people, journal = folder
    database = disclosure.database
    ada, bea = (people.by_name(name)[0].person_id for name in (NAME, "Bea"))
    cleo = people.create(name="Cleo").person_id
    photos, consents = Photos(database), Consents(database)
    [photo] = photos.of(ada)
    photos.set_hidden([photo.photo_id], NOON)
    text = consents.texts.add("en", "I agree & know.\nMy choice.")
    consents.add(ada, NewConsent(text.version, date(2026, 3, 4), signature=b"png"), "olga")
    LookAlikes(database).mark(ada, cleo)
    Absences(database).put(
        Absence(1, ada, AbsenceKind.SICK, DayPart.WHOLE, date(2026, 3, 5), date(2026, 3, 6))
    )
    Merging(database, people).merge(bea, ada)
    path = tmp_path / "ada.zip"
    assert disclosure.write(OLGA, ada, path).photos == 2
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    facts = json.loads(content["person.json"])
    first, second = facts["photos"]
    assert content[first["file"]] == f"photo of {NAME}".encode()
    assert (first["deleted"][:10], "deleted" in second) == (NOON.date().isoformat(), False)
    [agreed] = facts["consents"]
    assert (agreed["given on"], agreed["words"]) == ("2026-03-04", "I agree & know.\nMy choice.")
    assert content[agreed["signature"]] == b"png"
    assert facts["was also enrolled as"] == ["Bea"]
    assert facts["people who look alike"].startswith("1 ")
    assert facts["absences"] == ["2026-03-05 to 2026-03-06: sick (whole)"]
    page = content["index.html"].decode()
    assert "I agree &amp; know." in page
    assert agreed["signature"] in page
    assert "Cleo" not in str(content)


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
