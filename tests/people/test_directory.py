"""Changing people: one journal row per change, no names in it, listeners told after the commit."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from faceaccess.codes import JournalKind
from faceaccess.errors import EnrolmentError
from faceaccess.people.directory import Directory
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from tests.store.builders import MODEL

OLGA = Actor("olga")


class Desk:
    """A directory on a real database that remembers what others saw when it announced a change."""

    def __init__(self, database: Database) -> None:
        self.people = People(database)
        self.templates = Templates(database)
        self.journal = Journal(database)
        self.seen: list[tuple[list[str], int]] = []
        self.directory = Directory(database, self.people, self.journal, self._on_change)

    def _on_change(self) -> None:
        names = [person.name for person in self.people.list()]
        self.seen.append((names, len(self.templates.load(MODEL).template_ids)))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Database.open(tmp_path) as database:
        yield Desk(database)


def test_a_change_is_journalled_by_field_and_announced(desk: Desk) -> None:
    person = desk.people.create(name="Ada", staff_number="1", department="Office")
    changed = desk.directory.change(
        OLGA, person.person_id, name="Bea", staff_number="1", department="Workshop"
    )
    assert changed == desk.people.get(person.person_id)
    (row,) = desk.journal.rows.newest()
    assert (row.kind, row.actor, row.person_id) == (JournalKind.PERSON_CHANGED, "olga", person.person_id)
    assert row.details["fields"] == ["name", "department"]
    assert not {"Ada", "Bea", "Office", "Workshop"} & set(map(str, row.details.values()))
    assert desk.seen == [(["Bea"], 0)]


def test_an_email_address_is_changed_and_stays_out_of_the_journal(desk: Desk) -> None:
    person = desk.people.create(name="Ada")
    desk.directory.change(
        OLGA, person.person_id, name="Ada", staff_number=None, department="", email="ada@example.org"
    )
    assert desk.people.get(person.person_id).email == "ada@example.org"
    (row,) = desk.journal.rows.newest()
    assert row.details["fields"] == ["email"]
    assert "example.org" not in str(row.details)


def test_what_changes_nothing_is_neither_journalled_nor_announced(desk: Desk) -> None:
    person = desk.people.create(name="Ada")
    desk.directory.change(OLGA, person.person_id, name=" Ada ", staff_number="", department="")
    desk.directory.set_active(OLGA, person.person_id, True)
    assert desk.journal.rows.newest() == []
    assert desk.seen == []


def test_deactivating_says_so(desk: Desk) -> None:
    person = desk.people.create(name="Ada")
    assert desk.directory.set_active(OLGA, person.person_id, False).is_active is False
    assert desk.directory.set_active(OLGA, person.person_id, True).is_active is True
    assert [row.details["is_active"] for row in desk.journal.rows.newest()] == [True, False]
    assert len(desk.seen) == 2


def test_refused_changes_leave_no_trace(desk: Desk) -> None:
    desk.people.create(name="Ada", staff_number="1")
    bea = desk.people.create(name="Bea")
    with pytest.raises(EnrolmentError, match="belongs to Ada"):
        desk.directory.change(OLGA, bea.person_id, name="Bea", staff_number="1", department="")
    for unknown in (
        lambda: desk.directory.change(OLGA, "f" * 32, name="X", staff_number=None, department=""),
        lambda: desk.directory.set_active(OLGA, "f" * 32, False),
    ):
        with pytest.raises(EnrolmentError, match="no person"):
            unknown()
    assert desk.journal.rows.newest() == []
    assert desk.seen == []


def test_a_change_that_can_not_be_journalled_does_not_happen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> int:
        raise EnrolmentError("No.")

    person = desk.people.create(name="Ada")
    monkeypatch.setattr(Journal, "record", fail)
    with pytest.raises(EnrolmentError):
        desk.directory.set_active(OLGA, person.person_id, False)
    assert desk.people.get(person.person_id) == person
    assert desk.seen == []
