"""Several people at once: all or none, one announcement, and undone together."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from faceaccess.codes import JournalKind
from faceaccess.errors import EnrolmentError
from faceaccess.people.consent import ConsentOffice
from faceaccess.people.selected import SelectedPeople
from faceaccess.store.access.groups import GroupMembers
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.people import People
from faceaccess.store.people.types import NewConsent
from faceaccess.store.policy.policies import Policies

OLGA = Actor("olga")


class Desk:
    """Three people on a real database, and what others saw when changes were announced."""

    def __init__(self, database: Database) -> None:
        self.people, self.journal = People(database), Journal(database)
        self.members = GroupMembers(database)
        self.consents = ConsentOffice(
            database,
            consents=Consents(database),
            people=self.people,
            policies=Policies(database, self.journal),
            journal=self.journal,
        )
        self.seen: list[list[str]] = []
        self.selected = SelectedPeople(
            database,
            people=self.people,
            journal=self.journal,
            consents=self.consents,
            on_change=lambda: self.seen.append(self.departments()),
        )
        names = ("Ada", "Bea", "Cem")
        self.ids = [self.people.create(name=name, department="Old").person_id for name in names]

    def departments(self) -> list[str]:
        return [person.department for person in self.people.list()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Database.open(tmp_path) as database:
        yield Desk(database)


def test_a_department_is_set_announced_once_and_undone_together(desk: Desk) -> None:
    seqs = desk.selected.set_department(OLGA, desk.ids[:2], "New")
    assert desk.seen == [["New", "New", "Old"]]
    rows = [desk.journal.rows.get(seq) for seq in seqs]
    assert [(row.kind, row.person_id, row.details["fields"]) for row in rows] == [
        (JournalKind.PERSON_CHANGED, person_id, ["department"]) for person_id in desk.ids[:2]
    ]
    desk.selected.undo(OLGA, seqs)
    assert desk.seen[1:] == [["Old", "Old", "Old"]]
    assert desk.selected.set_department(OLGA, desk.ids, "Old") == ()
    assert len(desk.seen) == 2, "who has it already isn't changed"


def test_all_or_none(desk: Desk) -> None:
    before = desk.journal.head()
    with pytest.raises(EnrolmentError):
        desk.selected.set_active(OLGA, [*desk.ids, "f" * 32], False)
    with pytest.raises(EnrolmentError):
        desk.selected.set_department(OLGA, desk.ids, "bad\0text")
    assert all(person.is_active for person in desk.people.list())
    assert (desk.journal.head(), desk.seen) == (before, [])


def test_activity_is_undone_only_of_those_that_changed(desk: Desk) -> None:
    desk.people.set_active(desk.ids[0], False)
    seqs = desk.selected.set_active(OLGA, desk.ids, False)
    assert len(seqs) == 2
    desk.selected.undo(OLGA, seqs)
    assert [person.is_active for person in desk.people.list()] == [False, True, True]


def test_groups_and_consents(desk: Desk) -> None:
    desk.selected.set_groups(OLGA, desk.ids, ["night"])
    assert desk.members.by_person() == dict.fromkeys(desk.ids, ("night",))
    version = desk.consents.current_texts()[0].version
    desk.selected.record_consents(OLGA, desk.ids[:2], NewConsent(version, date.today()))
    assert desk.consents.consenting() == set(desk.ids[:2])
    with pytest.raises(EnrolmentError):
        desk.selected.record_consents(OLGA, [desk.ids[2], "f" * 32], NewConsent(version, date.today()))
    assert desk.consents.consenting() == set(desk.ids[:2])
