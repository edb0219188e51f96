"""What the log proves of people, operators, policies and schedules: a change by another program is found."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import ChainFault, JournalKind
from faceaccess.errors import StoreError
from faceaccess.settings import DoorSettings
from faceaccess.store.access.groups import GroupMembers
from faceaccess.store.file import migrations, schema
from faceaccess.store.file.connection import connect
from faceaccess.store.file.database import Database
from faceaccess.store.file.migrations import newest
from faceaccess.store.journal import seals
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from faceaccess.store.people.types import NewConsent
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.schedules import Assignment, Schedule, Schedules
from tests.store.builders import OPERATOR, make_entry, make_template


@contextmanager
def other_program(database: Database) -> Iterator[SqliteDatabase]:
    """Give a connection of somebody who has the key, but isn't this program."""
    db = connect(database.path, database.secrets.database_key, read_only=False)
    try:
        db.execute("PRAGMA foreign_keys = OFF")
        yield db
    finally:
        db.conn.close()


def faults(journal: Journal) -> list[tuple[ChainFault, str]]:
    return [(fault.kind, fault.about) for fault in journal.verify().faults]


@pytest.fixture
def ids(database: Database, people: People, journal: Journal, templates: Templates) -> tuple[str, str]:
    """Two people with all that belongs to a person, an operator, a policy, and a schedule for all."""
    ada, ben = (people.create(name=name, staff_number=name[:1]).person_id for name in ("Ada", "Ben"))
    for seed, person_id in enumerate((ada, ben)):
        templates.add(person_id, [make_template(seed)])
        Consents(database).add(person_id, NewConsent(1, date(2026, 1, 2), signature=b"ink"), "olga")
        GroupMembers(database).set_groups(person_id, ["night"])
        journal.append(make_entry(person_id), b"jpeg")
    Policies(database, journal).set(OPERATOR, DoorSettings(cool_down_s=5))
    schedules = Schedules(database)
    schedules.put(Schedule("s1", "Day"))
    schedules.assign(Assignment("s1", date(2026, 1, 1)))
    with database.transaction() as db:  # without the time that hashing a password takes
        db.execute("INSERT INTO operators VALUES ('olga', 'Olga', 'admin', 'hash', '2026')")
        db.execute("INSERT INTO pins SELECT person_id, 'hash' FROM people")
    return ada, ben


def test_what_the_program_changes_is_as_the_log_has_it(
    journal: Journal, database: Database, people: People, ids: tuple[str, str]
) -> None:
    assert journal.verify().faults == ()
    people.update(ids[0], name="Ada Byron", staff_number="A", department="Sales")
    people.erasing.person(ids[1])
    assert journal.verify().faults == ()
    with database.reader() as db:
        assert f"person:{ids[1]}" not in [row[0] for row in db.execute("SELECT subject FROM seals")]


ATTACKS = {
    "two names exchanged": ("UPDATE people SET name = iif(name = 'Ada', 'Ben', 'Ada')", ["ada", "ben"]),
    "a staff number": ("UPDATE people SET staff_number = 'X', number_key = 'x' WHERE name = 'Ben'", ["ben"]),
    "let in again": ("UPDATE people SET is_active = 1 - is_active WHERE name = 'Ben'", ["ben"]),
    "merged": ("UPDATE people SET merged_into = :ada WHERE person_id = :ben", ["ben"]),
    "removed": ("DELETE FROM people WHERE person_id = :ben", ["ben"]),
    "another's face": (
        "UPDATE templates SET embedding = (SELECT t.embedding FROM templates t WHERE t.person_id = :ada)",
        ["ben"],
    ),
    "a template taken away": ("DELETE FROM templates WHERE person_id = :ada", ["ada"]),
    "a photo's picture": ("UPDATE photos SET jpeg = x'00' WHERE person_id = :ada", ["ada"]),
    "a photo with its digest": (
        "UPDATE photos SET sha256 = 'f', digest = zeroblob(32) WHERE person_id = :ada",
        ["ada", "ada"],
    ),
    "a photo given to another": ("UPDATE photos SET person_id = :ben", ["ada", "ben"]),
    "a consent withdrawn": ("UPDATE consents SET withdrawn_at = 'x' WHERE person_id = :ada", ["ada"]),
    "the text agreed to": (
        "UPDATE consent_texts SET text = 'everything' WHERE version = 1",
        ["ada", "ben", "text:1"],
    ),
    "a PIN": ("UPDATE pins SET hash = 'x' WHERE person_id = :ada", ["ada"]),
    "a group": ("INSERT INTO group_members VALUES ('vault', :ben)", ["ben"]),
    "an operator's password": ("UPDATE operators SET hash = 'x'", ["operator:olga"]),
    "an operator more": ("INSERT INTO operators VALUES ('eve', 'Eve', 'admin', 'x', 'y')", ["operator:eve"]),
    "a policy": ("UPDATE policies SET value = '{}' WHERE key = 'door'", ["policy:door"]),
    "a schedule": ("UPDATE schedules SET name = 'Night'", ["schedule:s1"]),
    "for whom it holds": ("UPDATE assignments SET department = 'Sales'", ["schedule:s1"]),
    "a schedule that isn't there": (
        "INSERT INTO assignments (schedule_id, first_day) VALUES ('nope', '2026-01-01')",
        ["schedule:nope"],
    ),
    "a template of nobody's": (
        "UPDATE templates SET person_id = 'nobody' WHERE person_id = :ada",
        ["ada", "person:nobody"],
    ),
    "a text that nobody agreed to yet": (
        "UPDATE consent_texts SET text = 'everything' WHERE version = 2",
        ["text:2"],
    ),
    "a text more": (
        "INSERT INTO consent_texts (language, text, created_at) VALUES ('en', 'everything', '2026')",
        ["text:3"],
    ),
    "a text less": ("DELETE FROM consent_texts WHERE version = 2", ["text:2"]),
    "a number that is none": ("UPDATE photos SET quality = 9e999 WHERE person_id = :ada", ["ada"]),
    "a finding said to be fine": ("INSERT INTO findings_kept VALUES ('stale', :ada, '')", ["ada"]),
    "a salt": ("UPDATE seals SET salt = zeroblob(16) WHERE subject LIKE 'person:%'", ["ada", "ben"]),
    "the salts away": ("DELETE FROM seals WHERE subject LIKE 'person:%'", ["ada", "ben"]),
}


@pytest.mark.parametrize(("sql", "about"), ATTACKS.values(), ids=ATTACKS)
def test_a_record_changed_by_another_program_is_found(
    database: Database, journal: Journal, ids: tuple[str, str], sql: str, about: list[str]
) -> None:
    names = {"ada": ids[0], "ben": ids[1]}
    with other_program(database) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        db.execute(sql, names)
        for _, text in triggers:
            db.execute(text)
    expected = sorted(f"person:{names[name]}" if name in names else name for name in about)
    found = [(kind, name) for kind, name in faults(journal) if not name.startswith("foreign key")]
    assert sorted(found) == [(ChainFault.RECORD, name) for name in expected]


def test_a_change_hidden_behind_one_of_the_program_is_said_for_good(
    database: Database, journal: Journal, people: People, ids: tuple[str, str]
) -> None:
    with other_program(database) as db:
        db.execute("UPDATE people SET name = 'Eve' WHERE person_id = ?", [ids[0]])
    people.set_active(ids[0], False)
    people.set_active(ids[1], False)
    assert faults(journal) == [(ChainFault.FOUND_CHANGED, f"person:{ids[0]}")]


def test_nothing_of_a_change_that_failed_is_sealed(
    database: Database, journal: Journal, people: People, ids: tuple[str, str]
) -> None:
    before = journal.verify()

    def change_and_fail() -> None:
        with database.transaction():
            people.set_active(ids[0], False)
            raise KeyError

    with pytest.raises(KeyError):
        change_and_fail()
    assert journal.verify() == before


@pytest.mark.parametrize(
    ("sql", "about"),
    [
        ("UPDATE journal SET person_id = NULL", None),
        ("UPDATE journal SET at_utc = '2020-01-01T00:00:00.000000+00:00' WHERE kind = 'entry'", None),
        ("UPDATE journal SET outcome = 'unknown' WHERE kind = 'entry'", None),
        ("UPDATE journal SET distance = 0.01 WHERE kind = 'entry'", None),
    ],
)
def test_a_stored_column_that_says_something_else_is_found(
    database: Database, journal: Journal, ids: tuple[str, str], sql: str, about: str | None
) -> None:
    """With the schema exchanged, and put back, an entry can be made to vanish from log, CSV and reports."""
    with other_program(database) as db:
        forge_columns(db, sql)
    wanted = EventFilter(person_id=ids[0])
    found = journal.verify().faults
    assert found, journal.events.count(wanted)
    assert {fault.kind for fault in found} == {ChainFault.COLUMN}


def forge_columns(db: SqliteDatabase, sql: str) -> None:
    """Change generated columns: as if they were plain ones, with the former schema put back afterwards."""
    table = db.execute("SELECT sql FROM sqlite_master WHERE name = 'journal'").fetchone()[0]
    triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    plain = re.sub(r" AS \(json_extract\(canonical, '[^']*'\)\) STORED", "", table)
    set_schema(db, plain)
    db.execute(sql)
    set_schema(db, table)
    for _, text in triggers:
        db.execute(text)


def set_schema(db: SqliteDatabase, sql: str) -> None:
    db.execute("PRAGMA writable_schema = ON")
    db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'journal'", [sql])
    version = db.execute("PRAGMA schema_version").fetchone()[0]
    db.execute(f"PRAGMA schema_version = {version + 1}")
    db.execute("PRAGMA writable_schema = OFF")
    db.execute("SELECT count(*) FROM journal").fetchone()


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TRIGGER journal_refuses_update",
        "CREATE TRIGGER x AFTER INSERT ON journal BEGIN DELETE FROM crops; END",
        "CREATE VIEW v AS SELECT * FROM people",
        "DROP INDEX journal_by_time",
        "ALTER TABLE people ADD COLUMN more TEXT",
    ],
)
def test_another_schema_is_found(
    database: Database, journal: Journal, ids: tuple[str, str], sql: str
) -> None:
    with other_program(database) as db:
        db.execute(sql)
    assert ChainFault.SCHEMA in {kind for kind, _ in faults(journal)}


def test_an_index_that_leaves_entries_out_is_found(
    database: Database, journal: Journal, ids: tuple[str, str]
) -> None:
    with other_program(database) as db:
        sql = db.execute("SELECT sql FROM sqlite_master WHERE name = 'journal_by_kind'").fetchone()[0]
        for text in ("CREATE INDEX journal_by_kind ON journal (kind) WHERE seq > 1000", sql):
            if text != sql:
                db.execute("DROP INDEX journal_by_kind")
                db.execute(text)
            db.execute("PRAGMA writable_schema = ON")
            db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'journal_by_kind'", [sql])
            db.execute("PRAGMA writable_schema = OFF")
    assert {kind for kind, _ in faults(journal)} == {ChainFault.COLUMN}


def test_the_schema_expected_is_the_one_that_is_made(database: Database) -> None:
    with database.reader() as db:
        made = db.execute("SELECT count(*) FROM sqlite_master WHERE name NOT GLOB 'sqlite_*'").fetchone()[0]
    assert made == len(schema.expected(newest()))


def test_a_folder_of_an_older_program_is_sealed_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(seals, "TABLES", {})
        with Database.open(tmp_path) as database:
            ada = People(database).create(name="Ada").person_id
    for _ in range(2):
        with Database.open(tmp_path) as database:
            journal = Journal(database)
            (row,) = journal.rows.newest([JournalKind.RECORDS_SEALED])
            assert list(row.details["digests"])[0] == f"person:{ada}"
            assert journal.verify().is_good


def test_an_update_of_the_schema_seals_anew_and_hides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column more gives every record another digest; who was changed before it is said for good."""

    def add_nickname(db: SqliteDatabase) -> None:
        db.execute("ALTER TABLE people ADD COLUMN nickname TEXT NOT NULL DEFAULT ''")

    with Database.open(tmp_path) as database:
        ada, _ = (People(database).create(name=name).person_id for name in ("Ada", "Ben"))
        with other_program(database) as db:
            db.execute("UPDATE people SET name = 'Eve' WHERE person_id = ?", [ada])
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, add_nickname))
    with Database.open(tmp_path) as database:
        assert faults(Journal(database)) == [(ChainFault.FOUND_CHANGED, f"person:{ada}")]


TRIGGER = "AFTER INSERT ON crops BEGIN UPDATE operators SET role = 'admin'; END"


@pytest.mark.logs_warnings
@pytest.mark.parametrize("name", ["x", "backup_facts", "sqlite_x"])
@pytest.mark.parametrize("is_running", [True, False])
def test_a_trigger_of_another_program_is_never_run_by_this_one(
    tmp_path: Path, *, is_running: bool, name: str
) -> None:
    """What it changed was sealed and signed as the program's own, and every check said good."""
    database = Database.open(tmp_path)
    with database.transaction() as db:
        db.execute("INSERT INTO operators VALUES ('ben', 'Ben', 'receptionist', 'hash', '2026')")
    if not is_running:
        database.close()
    with other_program(database) as db:
        add_trigger(db, name)
    if not is_running:
        database = Database.open(tmp_path)
    with database:
        journal = Journal(database)
        journal.append(make_entry(), b"jpeg")
        with database.reader() as db:
            assert db.execute("SELECT role FROM operators").fetchone()[0] == "receptionist"
        assert faults(journal) == [(ChainFault.FOUND_CHANGED, name)]
        journal.append(make_entry(), b"jpeg")
        assert len(journal.rows.newest([JournalKind.CHAIN_BROKEN])) == 1


def add_trigger(db: SqliteDatabase, name: str) -> None:
    if not name.startswith("sqlite_"):
        db.execute(f"CREATE TRIGGER {name} {TRIGGER}")
        return
    db.execute(f"CREATE TRIGGER plain_name {TRIGGER}")
    db.execute("PRAGMA writable_schema = ON")
    db.execute(
        "UPDATE sqlite_master SET name = ?, sql = replace(sql, 'plain_name', ?) WHERE name = 'plain_name'",
        [name, name],
    )
    db.execute("PRAGMA writable_schema = OFF")


@pytest.mark.logs_warnings
def test_an_older_record_put_back_with_its_salt_is_not_laundered(
    database: Database, journal: Journal, people: People, ids: tuple[str, str]
) -> None:
    """The seal beside the record names the row of its digest, and can be put back with it."""
    subject = f"person:{ids[0]}"
    with database.reader() as db:
        salt, seq = db.execute("SELECT salt, seq FROM seals WHERE subject = ?", [subject]).fetchone()
    people.set_active(ids[0], False)
    with other_program(database) as db:
        db.execute("UPDATE people SET is_active = 1 WHERE person_id = ?", [ids[0]])
        db.execute("UPDATE seals SET salt = ?, seq = ? WHERE subject = ?", [salt, seq, subject])
    assert faults(journal) == [(ChainFault.RECORD, subject)]
    people.update(ids[0], name="Ada Byron", staff_number="A", department="Sales")
    assert faults(journal) == [(ChainFault.FOUND_CHANGED, subject)]


@pytest.mark.logs_warnings
def test_a_removed_operator_made_again_hides_nothing(database: Database, journal: Journal) -> None:
    insert = "INSERT INTO operators VALUES ('ben', 'Ben', 'receptionist', ?, '2026')"
    with database.transaction() as db:
        db.execute(insert, ["hash"])
    with other_program(database) as db:
        db.execute("DELETE FROM operators")
        db.execute("DELETE FROM seals")
    with database.transaction() as db:
        db.execute(insert, ["another"])
    assert faults(journal) == [(ChainFault.FOUND_CHANGED, "operator:ben")]
    with database.transaction() as db:
        db.execute("DELETE FROM operators")
    with database.transaction() as db:
        db.execute(insert, ["hash"])
    assert len(faults(journal)) == 1


def test_a_version_that_does_not_fit_the_tables_is_said(tmp_path: Path) -> None:
    """It ended in a traceback of a step that had been taken long ago."""
    with Database.open(tmp_path) as database, other_program(database) as db:
        db.execute(f"PRAGMA user_version = {newest() - 1}")
    for read_only in (True, False):
        with pytest.raises(StoreError, match="changed by another program"):
            Database.open(tmp_path, read_only=read_only)


def test_a_text_that_is_none_is_said_to_be_damage(
    database: Database, people: People, journal: Journal
) -> None:
    people.create(name="Ada")
    with other_program(database) as db:
        db.execute("UPDATE people SET department = CAST(x'ff41' AS TEXT)")
    for read in (people.list, journal.verify):
        with pytest.raises(StoreError, match="damaged"):
            read()


@pytest.mark.logs_warnings
def test_where_the_journal_starts_is_not_taken_away_in_silence(tmp_path: Path) -> None:
    with Database.open(tmp_path) as database:
        Journal(database).append(make_entry(), None)
        with other_program(database) as db:
            db.execute("DELETE FROM journal_start")
        assert faults(Journal(database)) == [(ChainFault.ROW, "")]
    with Database.open(tmp_path) as database:
        assert faults(Journal(database)) == [(ChainFault.FOUND_CHANGED, "journal_start")]
