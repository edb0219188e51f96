"""Files of people: what a hostile or newer one holds is refused before anything is read of it."""

import json
from pathlib import Path

import pytest

from faceaccess.errors import StoreError
from faceaccess.store import clock
from faceaccess.store.keys.passphrase_file import open_under_passphrase
from faceaccess.store.people import people_file
from faceaccess.store.people.people_file import PeopleFile, PeopleFileWriter
from faceaccess.store.people.types import Person

SECRET = "a passphrase"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "people.fapeople"
    with PeopleFileWriter(path, SECRET, ()) as writer:
        writer.add(Person("0" * 32, "Ada", None, "", True, clock.utc_now()), (), None)
        writer.finish()
    return path


def change(path: Path, *statements: str) -> None:
    """Change a file as somebody can who knows its passphrase."""
    db = open_under_passphrase(path, SECRET)
    db.execute("PRAGMA ignore_check_constraints = ON")
    db.execute("PRAGMA writable_schema = ON")
    for statement in statements:
        db.execute(statement)
    db.close()


def people(path: Path) -> list[str]:
    with PeopleFile.opened(path, SECRET) as file:
        return [person.name for person in file.people()]


def test_a_file_is_read_as_it_was_written(path: Path) -> None:
    assert people(path) == ["Ada"]
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people SET is_active = 7",
        "UPDATE people SET given_on = 'soon', text = NULL",
        f"UPDATE people SET name = '{'x' * 1_001}'",
        "INSERT INTO photos VALUES (1, 9, hex(zeroblob(32)), 1.0, zeroblob(40), x'00', x'00')",
        "INSERT INTO photos VALUES (1, 1, 'nothing', 1.0, zeroblob(40), x'00', x'00')",
        "INSERT INTO photos VALUES (1, 1, hex(zeroblob(32)), 9e999, zeroblob(40), x'00', x'00')",
        "INSERT INTO photos VALUES (1, 1, hex(zeroblob(32)), 1.0, zeroblob(41), x'00', x'00')",
        "INSERT INTO texts VALUES (1, '', 'words')",
        "INSERT INTO embeddings VALUES (1, 'm', zeroblob(4))",
        "UPDATE people_facts SET facts = '{bad'",
        "UPDATE people_facts SET facts = '[]'",
        "DELETE FROM people_facts",
    ],
)
def test_a_value_that_cant_be_right_is_refused_whoever_wrote_it(path: Path, statement: str) -> None:
    change(path, statement)
    with pytest.raises(StoreError, match="can't be right"):
        people(path)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW more AS SELECT * FROM people",
        "CREATE TABLE more (x)",
        "DROP TABLE people_facts",
        "CREATE TRIGGER more AFTER INSERT ON people BEGIN DELETE FROM people; END",
    ],
)
def test_a_file_with_other_tables_is_no_file_of_people(path: Path, statement: str) -> None:
    change(path, statement)
    with pytest.raises(StoreError, match="not a file of people"):
        people(path)


def test_a_newer_file_is_said_to_be_newer(path: Path) -> None:
    facts = json.dumps({"schema": 3, "made_at": clock.to_text(clock.utc_now()), "people": 1})
    change(path, "CREATE TABLE more (x)", f"UPDATE people_facts SET facts = '{facts}'")
    with pytest.raises(StoreError, match="newer"):
        people(path)


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="at least 12"):
        PeopleFileWriter(tmp_path / "a.fapeople", "short", ())
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_finished_is_not_there(tmp_path: Path) -> None:
    with PeopleFileWriter(tmp_path / "a.fapeople", SECRET, ()):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_more_people_than_there_is_memory_for_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_file, "GREATEST_IN_MEMORY_BYTES", 1000)
    with pytest.raises(StoreError, match="too many people"):
        people(path)
