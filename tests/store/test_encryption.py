"""Where the key lies: in its file, in a keyring, given by a service, changed, lost and recovered."""

import os
import stat
from pathlib import Path

import keyring
import numpy as np
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from faceaccess.codes import JournalKind, KeySource, Role
from faceaccess.errors import StoreError
from faceaccess.store.access.types import Actor
from faceaccess.store.file.backup import Backups, restore
from faceaccess.store.file.database import Database
from faceaccess.store.file.restoring import DATABASE_FILE
from faceaccess.store.journal.journal import Journal
from faceaccess.store.keys import keys
from faceaccess.store.keys.encryption import Encryption, recover_key
from faceaccess.store.keys.keys import KEY_FILE, Secrets
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from faceaccess.store.people.types import NewTemplate
from tests.store.builders import OPERATOR, make_entry

pytestmark = pytest.mark.first_start


PASSPHRASE = "ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2-34567"


class FakeKeyring(KeyringBackend):
    """A keyring in memory, which can be locked."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.items, self.is_locked = {}, False

    def get_password(self, service, username):
        if self.is_locked:
            raise KeyringLocked
        return self.items.get((service, username))

    def set_password(self, service, username, password):
        if self.is_locked:
            raise KeyringLocked
        self.items[service, username] = password

    def delete_password(self, service, username):
        del self.items[service, username]


@pytest.fixture
def ring():
    before = keyring.get_keyring()
    fake = FakeKeyring()
    keyring.set_keyring(fake)
    yield fake
    keyring.set_keyring(before)


def fill(folder: Path) -> Secrets:
    with Database.open(folder) as database:
        People(database).create(name="Marguerite Plainly")
        Journal(database).append(make_entry(), b"jpeg")
        return database.secrets


def turn_on(folder: Path, source: KeySource = KeySource.KEYRING) -> None:
    with Database.open(folder) as database:
        Encryption(database, Journal(database)).turn_on(OPERATOR, source, PASSPHRASE)


def names(folder: Path) -> list[str]:
    with Database.open(folder) as database:
        assert Journal(database).verify().is_good
        return [person.name for person in People(database).list()]


def test_no_file_of_the_folder_shows_a_name_a_picture_or_an_embedding(tmp_path, ring):
    """Database, its log, key file, lock, what a migration or a restore keeps, and backups."""
    name, jpeg = "Marguerite Plainly", b"\xff\xd8\xff\xe0" + b"marker" * 600
    embedding = np.random.default_rng(1).standard_normal(128).astype(np.float32)
    embedding /= np.linalg.norm(embedding)
    folder = tmp_path / "data"
    with Database.open(folder) as database:
        journal = Journal(database)
        person = People(database).create(name=name, staff_number="E-4711")
        made = NewTemplate(embedding, "m", 1.0, jpeg, "a" * 64, jpeg, np.zeros((5, 2), np.float32))
        Templates(database).add(person.person_id, [made])
        journal.append(make_entry(person.person_id), jpeg)
        path = Backups(database, journal).write(OPERATOR, folder / "backups", "marble otter bicycle")
        marks = (name.encode(), b"E-4711", b"marker", b"\xff\xd8\xff\xe0", embedding.tobytes()[:16])
        assert not found_in(folder, marks), "while it is open"
    restore(folder, path, "marble otter bicycle", OPERATOR)
    turn_on(folder)
    assert not found_in(folder, marks)
    assert len(list(folder.rglob("*"))) > 6


def found_in(folder: Path, marks: tuple[bytes, ...]) -> list[tuple[str, bytes]]:
    files = [(path, path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
    return [(path.name, mark) for path, content in files for mark in marks if mark in content]


def test_turning_it_on_moves_the_key_out_of_the_folder_and_off_brings_it_back(tmp_path, ring):
    kept = fill(tmp_path)
    turn_on(tmp_path)
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert kept.database_key.hex().encode() not in content
    assert kept.signing_key.hex().encode() not in content
    assert names(tmp_path) == ["Marguerite Plainly"]
    with Database.open(tmp_path) as database:
        encryption = Encryption(database, Journal(database))
        assert encryption.source is KeySource.KEYRING
        encryption.turn_off(OPERATOR)
        assert encryption.source is KeySource.FILE
        kinds = [row.kind for row in Journal(database).rows.newest()[:2]]
    assert kinds == [JournalKind.ENCRYPTION_CHANGED] * 2
    assert ring.items == {}
    assert names(tmp_path) == ["Marguerite Plainly"]
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_a_locked_keyring_says_so_and_changes_nothing(tmp_path, ring):
    fill(tmp_path)
    ring.is_locked = True
    with pytest.raises(StoreError, match="keyring can't be used"):
        turn_on(tmp_path)
    assert names(tmp_path) == ["Marguerite Plainly"]
    ring.is_locked = False
    turn_on(tmp_path)
    ring.is_locked = True
    with pytest.raises(StoreError, match="locked") as locked:
        names(tmp_path)
    assert "recover" in locked.value.hint
    ring.is_locked = False
    assert names(tmp_path) == ["Marguerite Plainly"]


def test_a_lost_key_is_recovered_with_the_passphrase_alone(tmp_path, ring):
    fill(tmp_path)
    turn_on(tmp_path)
    ring.items.clear()
    with pytest.raises(StoreError, match="not in this account's keyring"):
        names(tmp_path)
    before = (tmp_path / KEY_FILE).read_bytes()
    with pytest.raises(StoreError, match="doesn't open it"):
        recover_key(tmp_path, PASSPHRASE.replace("A", "B"))
    assert (tmp_path / KEY_FILE).read_bytes() == before
    recover_key(tmp_path, PASSPHRASE.lower().replace("-", ""))
    assert names(tmp_path) == ["Marguerite Plainly"]
    with pytest.raises(StoreError, match="not lost"):
        recover_key(tmp_path, PASSPHRASE)


@pytest.mark.parametrize("source", [KeySource.ENVIRONMENT, KeySource.CREDENTIAL, KeySource.SEALED])
def test_a_service_gets_the_key_without_a_person(tmp_path, monkeypatch, source):
    folder, outside = tmp_path / "data", tmp_path / "outside"
    outside.mkdir()
    kept = fill(folder)
    with pytest.raises(StoreError, match=r"expected|can't be opened"):
        turn_on(folder, source)
    give(source, kept.to_text(), outside, monkeypatch)
    turn_on(folder, source)
    assert names(folder) == ["Marguerite Plainly"]
    give(source, Secrets.make().to_text(), outside, monkeypatch)
    with pytest.raises(StoreError, match="can't be read"):
        names(folder)
    recover_key(folder, PASSPHRASE)
    with pytest.raises(StoreError, match="another key"):
        turn_on(folder, source)


def give(source, text, outside, monkeypatch):
    """Hold a key ready, as systemd or an administrator would."""
    monkeypatch.setenv(keys.KEY_VARIABLE, text if source is KeySource.ENVIRONMENT else "")
    (outside / keys.CREDENTIAL).write_text(text)
    monkeypatch.setenv(keys.CREDENTIALS_VARIABLE, str(outside) if source is KeySource.CREDENTIAL else "")
    program = outside / "systemd-creds"
    program.write_text(f"#!/bin/sh\ncat {outside / keys.CREDENTIAL}\n")
    program.chmod(0o700)
    if source is KeySource.SEALED:
        monkeypatch.setenv("PATH", f"{outside}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.parametrize("is_on", [False, True])
def test_another_key_encrypts_everything_anew(tmp_path, ring, is_on):
    old = fill(tmp_path)
    if is_on:
        turn_on(tmp_path)
    with Database.open(tmp_path) as database:
        People(database).list()
        Encryption(database, Journal(database)).change_key(OPERATOR, PASSPHRASE if is_on else None)
        assert [person.name for person in People(database).list()] == ["Marguerite Plainly"]
        new = database.secrets
    assert new.database_key != old.database_key
    assert new.signing_key == old.signing_key
    assert names(tmp_path) == ["Marguerite Plainly"]
    keys.write_key_file(tmp_path, keys.KeyFile(KeySource.FILE, text=old.to_text()))
    with pytest.raises(StoreError, match="another file"):
        names(tmp_path)


@pytest.mark.parametrize("is_rewritten", [False, True])
def test_a_change_of_key_that_was_interrupted_leaves_one_that_fits(tmp_path, is_rewritten):
    """The key file holds both while the pages are rewritten: a kill at any point leaves one that fits."""
    old = fill(tmp_path)
    new = Secrets.make()
    if is_rewritten:
        with Database.open(tmp_path) as database:
            database.change_key(Secrets(new.database_key, old.signing_key), None)
    both = Secrets(old.database_key, old.signing_key, new.database_key)
    keys.keep_secrets(tmp_path, both)
    assert names(tmp_path) == ["Marguerite Plainly"]
    fitting = keys.load_secrets(tmp_path)
    assert fitting == Secrets((new if is_rewritten else old).database_key, old.signing_key)


def test_a_folder_of_an_older_program_is_signed_from_now_on(tmp_path):
    kept = fill(tmp_path)
    with Database.open(tmp_path) as database, database.transaction() as db:
        db.execute("DELETE FROM journal_head")
    (tmp_path / KEY_FILE).write_text(kept.database_key.hex() + "\n")
    with Database.open(tmp_path, read_only=True) as database:
        assert Journal(database).verify().is_good
    with Database.open(tmp_path) as database:
        assert database.secrets.signing_key is not None
        found = Journal(database).verify()
        assert found.is_good
        assert found.head.seq == found.rows


@pytest.mark.parametrize("text", ["{", "{}", '{"source": "moon"}', "[]", '{"source": 3}'])
def test_a_damaged_key_file_says_so(tmp_path, text):
    fill(tmp_path)
    (tmp_path / KEY_FILE).write_text(text)
    with pytest.raises(StoreError, match="damaged"):
        names(tmp_path)


def test_only_who_keeps_the_data_may(tmp_path):
    fill(tmp_path)
    with Database.open(tmp_path) as database, pytest.raises(Exception, match="may not"):
        Encryption(database, Journal(database)).turn_off(Actor("Bob", Role.RECEPTIONIST))
    assert (tmp_path / DATABASE_FILE).exists()
