"""Withdrawing and erasing: what goes, what stays, what a certificate says, and that no byte is left."""

import secrets
import shutil
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from faceaccess.codes import JournalKind, Outcome
from faceaccess.errors import ConsentError, EnrolmentError, PermissionDenied, StoreError
from faceaccess.people.directory import Directory
from faceaccess.people.gallery.erasure import Eraser
from faceaccess.people.gallery.mending import Mending
from faceaccess.settings import BackupSettings, RetentionSettings
from faceaccess.store.access.types import SYSTEM, Actor
from faceaccess.store.file.backup import Backups
from faceaccess.store.file.connection import connect
from faceaccess.store.file.database import Database
from faceaccess.store.people.look_alikes import LookAlikes
from faceaccess.store.people.types import NewConsent, NewTemplate
from faceaccess.store.people.visitors import VisitorFaces
from faceaccess.upkeep.expiry import Expiry
from tests.builders import make_embedding
from tests.people.test_consent import PNG, close
from tests.people.test_enrolment import ACTOR, Desk
from tests.store.builders import make_entry
from tests.store.pages import plain_bytes

PASSPHRASE = "a passphrase for backups"


def marker(what):
    """Bytes that stand nowhere else."""
    return f"<{what}:{secrets.token_hex(12)}>".encode()


class Person:
    """Somebody with a marker in everything that is kept of them."""

    def __init__(self, desk):
        self.marks = {what: marker(what) for what in ("name", "photo", "loose", "crop", "note", "signature")}
        texts = {what: self.marks[what].decode() for what in ("name", "note")}
        person = desk.people.create(name=texts["name"], staff_number=secrets.token_hex(4))
        self.person_id = person.person_id
        template = NewTemplate(
            embedding=make_embedding(secrets.randbelow(10**6)),
            model_id="fake:1",
            quality=9.0,
            photo=self.marks["photo"] * 500,
            photo_sha256=secrets.token_hex(32),
            crop=self.marks["loose"] * 100,
            landmarks=np.zeros((5, 2), np.float32),
        )
        self.marks["template"] = template.embedding.tobytes()
        desk.templates.add(person.person_id, [template])
        signature = PNG + self.marks["signature"] * 50
        desk.consents.record(ACTOR, person.person_id, NewConsent(1, date.today(), signature=signature))
        refused = desk.journal.append(
            replace(make_entry(), outcome=Outcome.UNKNOWN, person_id=None), self.marks["crop"] * 200
        )
        entry = replace(make_entry(), person_id=person.person_id, evidence=refused.seq)
        self.seq = desk.journal.append(entry, self.marks["crop"] * 300, note=texts["note"]).seq


@pytest.fixture
def desk(tmp_path):
    opened = Desk(tmp_path / "data")
    yield opened
    opened.database.close()


@pytest.fixture
def eraser(desk, tmp_path):
    return Eraser(
        desk.database,
        people=desk.people,
        consents=desk.records,
        policies=desk.policies,
        journal=desk.journal,
        backup_folders=lambda: [tmp_path / "backups"],
        on_change=desk.refill,
    )


def found_marks(desk, person):
    held = plain_bytes(desk.database.path.parent, desk.database.secrets.database_key)
    return {what for what, mark in person.marks.items() if mark in held}


def test_an_erased_person_leaves_no_byte_in_the_whole_data_folder(desk, eraser):
    """Every page of the database and of the write-ahead log, decrypted, and every other file."""
    others = [Person(desk) for _ in range(3)]
    person = Person(desk)
    desk.refill()
    assert found_marks(desk, person) == set(person.marks)
    certificate = eraser.erase(ACTOR, person.person_id)
    assert certificate.is_overwritten
    assert found_marks(desk, person) == set()
    for other in others:
        assert found_marks(desk, other) == set(other.marks)
    assert len(desk.gallery) == len(others)
    assert desk.journal.events.get(person.seq).entry.person_id == person.person_id
    assert desk.journal.verify().is_good
    assert desk.database.problems() == []


def test_who_was_merged_and_what_was_deleted_or_renamed_goes_too(desk, eraser):
    """A merged person's alias, a hidden photo, a former name in a note, and a picture of a visitor."""
    person, other = Person(desk), Person(desk)
    mending = Mending(
        desk.database,
        people=desk.people,
        journal=desk.journal,
        consents=desk.consents,
        on_change=desk.refill,
    )
    former = marker("former").decode()
    texts = {"staff_number": None, "department": ""}
    desk.people.update(person.person_id, name=former, **texts)
    directory = Directory(desk.database, desk.people, desk.journal, desk.refill)
    directory.change(ACTOR, person.person_id, name=person.marks["name"].decode(), **texts)
    mending.merge(ACTOR, other.person_id, person.person_id)
    with desk.database.reader() as db:
        photos = [row[0] for row in db.execute("SELECT photo_id FROM photos").fetchall()]
    mending.hide_photos(ACTOR, photos[:1])
    seen = desk.journal.append(
        replace(make_entry(), outcome=Outcome.UNKNOWN, person_id=None), other.marks["crop"] * 90
    )
    with desk.database.transaction() as db:
        db.execute("UPDATE crops SET shows = ? WHERE seq = ?", [person.person_id, seen.seq])
    eraser.erase(ACTOR, person.person_id)
    assert found_marks(desk, person) == set()
    assert found_marks(desk, other) == set()
    assert former.encode() not in plain_bytes(desk.database.path.parent, desk.database.secrets.database_key)
    assert desk.people.list(hidden=None) == []
    assert desk.journal.verify().is_good


def test_retention_overwrites_what_it_removes(desk):
    person = Person(desk)
    desk.people.set_active(person.person_id, False)
    directory = Directory(desk.database, desk.people, desk.journal, desk.refill)
    directory.set_active(ACTOR, person.person_id, True)
    directory.set_active(ACTOR, person.person_id, False)
    later = datetime.now(UTC) + timedelta(days=400)
    copy = desk.database.path.parent / "faceaccess.schema3.db"
    copy.write_bytes(b"old")
    expiry = Expiry(desk.database, desk.journal, desk.people)
    removed = expiry.run(SYSTEM, RetentionSettings(leavers_days=30), later)
    assert removed.leavers == 1
    assert not copy.exists()
    assert found_marks(desk, person) == set()


def test_a_withdrawn_consent_leaves_name_and_entries_and_no_face(desk, eraser):
    person = Person(desk)
    certificate = eraser.withdraw_consent(ACTOR, person.person_id)
    assert found_marks(desk, person) == {"name", "note"}
    assert not certificate.is_whole
    removed = certificate.removed
    assert (removed.photos, removed.templates, removed.crops) == (1, 1, 2)
    stays = desk.people.get(person.person_id)
    assert (stays.template_count, stays.is_active) == (0, True)
    assert desk.journal.events.get(person.seq).person_name == stays.name
    (consent,) = desk.records.of(person.person_id)
    assert consent.withdrawn_at is not None
    assert not consent.has_signature
    assert desk.journal.rows.newest()[0].kind is JournalKind.CONSENT_WITHDRAWN
    with pytest.raises(ConsentError, match="no consent in force and no photos"):
        eraser.withdraw_consent(ACTOR, person.person_id)


def test_while_somebody_reads_the_certificate_says_that_pages_are_not_yet_overwritten(desk, eraser):
    person = Person(desk)
    desk.database.overwrite_freed()
    with desk.database.reader() as db:
        db.execute("BEGIN")
        db.execute("SELECT count(*) FROM people").fetchall()
        certificate = eraser.erase(ACTOR, person.person_id)
        db.execute("ROLLBACK")
    assert not certificate.is_overwritten
    assert desk.database.finish_overwriting()
    assert found_marks(desk, person) == set()


def test_a_certificate_says_what_went_and_proves_it(desk, eraser):
    person = Person(desk)
    LookAlikes(desk.database).mark(person.person_id, Person(desk).person_id)
    certificate = eraser.erase(Actor("Olga"), person.person_id)
    assert certificate.name == person.marks["name"].decode()
    assert (certificate.log_id, certificate.actor, certificate.is_whole) == (person.person_id, "Olga", True)
    removed = certificate.removed
    assert (removed.photos, removed.templates, removed.crops, removed.notes, removed.consents) == (
        1, 1, 2, 1, 1,
    )  # fmt: skip
    row = desk.journal.rows.newest()[0]
    assert (row.seq, row.kind) == (certificate.seq, JournalKind.PERSON_DELETED)
    assert certificate.proof == desk.journal.hash_of(row.seq)
    assert LookAlikes(desk.database).pairs() == set()


def test_copies_from_before_updates_go_and_former_data_of_a_restore_is_named(desk, eraser):
    folder = desk.database.path.parent
    (folder / "faceaccess.schema3.db").write_bytes(b"old")
    (folder / "replaced-20260101").mkdir()
    certificate = eraser.erase(ACTOR, Person(desk).person_id)
    assert certificate.copies_removed == 1
    assert not (folder / "faceaccess.schema3.db").exists()
    (held,) = certificate.backups
    assert (held.path.name, held.removed_on) == ("replaced-20260101", None)


@pytest.mark.logs_warnings
def test_a_copy_that_cant_be_removed_is_named_and_keeps_nothing_else_from_being_done(desk, eraser):
    person, folder = Person(desk), desk.database.path.parent
    (folder / "faceaccess.schema3.db").mkdir()  # nothing that can be unlinked
    certificate = eraser.erase(ACTOR, person.person_id)
    assert certificate.is_overwritten
    assert [held.path.name for held in certificate.backups] == ["faceaccess.schema3.db"]
    assert found_marks(desk, person) == set()


def test_a_folder_of_backups_that_cant_be_reached_is_named(desk, eraser, tmp_path):
    certificate = eraser.erase(ACTOR, Person(desk).person_id)
    assert certificate.unseen_folders == (tmp_path / "backups",)


def test_nobody_waits_for_overwriting_while_a_backup_reads(desk, eraser):
    person = Person(desk)
    desk.database.overwrite_freed()
    other = connect(desk.database.path, desk.database.secrets.database_key, read_only=True)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM people").fetchall()
    began = time.monotonic()
    assert not eraser.erase(ACTOR, person.person_id).is_overwritten
    assert time.monotonic() - began < 4, "the busy time-out of 5 s was waited for"
    other.execute("ROLLBACK")
    other.conn.close()


def test_what_a_killed_program_left_in_the_log_goes_at_the_next_start(desk, eraser, tmp_path):
    key = desk.database.secrets.database_key
    other = connect(desk.database.path, key, read_only=True)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM people").fetchall()  # keeps the log from being emptied
    person = Person(desk)
    with desk.database.transaction():
        desk.people.erasing.person(person.person_id)
    there = desk.database.path.parent
    copied = shutil.copytree(there, tmp_path / "copy")
    other.conn.close()
    (copied / "faceaccess.lock").unlink(missing_ok=True)
    assert person.marks["photo"] in plain_bytes(copied, key)
    with Database.open(copied):
        assert person.marks["photo"] not in plain_bytes(copied, key)


def test_an_entry_decided_just_before_keeps_no_picture_of_who_was_erased(desk, eraser):
    person = Person(desk)
    eraser.erase(ACTOR, person.person_id)
    late = desk.journal.append(replace(make_entry(), person_id=person.person_id), person.marks["crop"])
    assert not late.has_crop
    assert found_marks(desk, person) == set()
    assert desk.journal.verify().is_good


def test_who_is_restored_while_retention_runs_stays(desk):
    people = [Person(desk) for _ in range(2)]
    for person in people:
        desk.people.set_hidden(person.person_id, datetime.now(UTC))

    def restore_the_rest() -> bool:
        left = [one.person_id for one in desk.people.list(hidden=True)]
        if len(left) == 1:
            desk.people.set_hidden(left[0], None)
        return False

    later = datetime.now(UTC) + timedelta(days=30)
    expiry = Expiry(desk.database, desk.journal, desk.people)
    removed = expiry.run(SYSTEM, RetentionSettings(), later, is_cancelled=restore_the_rest)
    assert removed.deleted == 1
    assert len(desk.people.list()) == 1


def test_backups_that_still_hold_the_person_are_listed_with_when_they_go(desk, eraser, tmp_path):
    backups, folder = Backups(desk.database, desk.journal), tmp_path / "backups"
    backups.write(ACTOR, folder, PASSPHRASE)
    person = Person(desk)
    held = [backups.write(ACTOR, folder, PASSPHRASE) for _ in range(2)]
    settings = BackupSettings(folder=str(folder), secret=PASSPHRASE, every_h=24, keep=3)
    desk.policies.set(ACTOR, settings)
    certificate = eraser.erase(ACTOR, person.person_id)
    assert [backup.path for backup in certificate.backups] == held[::-1]
    days = [(backup.removed_on - datetime.now(UTC)) / timedelta(days=1) for backup in certificate.backups]
    assert [round(day) for day in days] == [3, 2]


def test_backups_by_hand_are_named_without_a_day(desk, eraser, tmp_path):
    person = Person(desk)
    path = Backups(desk.database, desk.journal).write(ACTOR, tmp_path / "backups", PASSPHRASE)
    (held,) = eraser.erase(ACTOR, person.person_id).backups
    assert (held.path, held.removed_on) == (path, None)


def test_backups_to_other_folders_are_listed_and_those_that_are_away_named(desk, eraser, tmp_path):
    """Only the last folder was known; a stick that had been written to before was passed over."""
    person, backups = Person(desk), Backups(desk.database, desk.journal)
    held = backups.write(ACTOR, tmp_path / "other", PASSPHRASE)
    backups.write(ACTOR, tmp_path / "stick", PASSPHRASE)
    (tmp_path / "stick").rename(tmp_path / "taken away")
    certificate = eraser.erase(ACTOR, person.person_id)
    assert [backup.path for backup in certificate.backups] == [held]
    assert certificate.unseen_folders == (tmp_path / "backups", tmp_path / "stick")


def test_a_backup_from_between_the_first_visit_and_enrolment_holds_the_person(desk, eraser, tmp_path):
    seq = desk.journal.append(make_entry(outcome=Outcome.UNKNOWN, at=datetime.now(UTC)), b"face").seq
    held = Backups(desk.database, desk.journal).write(ACTOR, tmp_path / "backups", PASSPHRASE)
    person = desk.people.create(name="Ada")
    VisitorFaces(desk.database).forget([seq], shows=person.person_id)
    assert [each.path for each in eraser.erase(ACTOR, person.person_id).backups] == [held]


def test_nobody_is_erased_twice_and_who_may_not_may_not(desk, eraser):
    person = Person(desk)
    admin = close(desk)
    with pytest.raises(PermissionDenied):
        eraser.erase(ACTOR, person.person_id)
    eraser.erase(admin, person.person_id)
    with pytest.raises(EnrolmentError, match="no person"):
        eraser.erase(admin, person.person_id)


def test_a_failure_in_the_middle_removes_nothing(desk, eraser, monkeypatch):
    person = Person(desk)

    def fail(*args, **kwargs):
        raise OSError("disk")

    monkeypatch.setattr(desk.journal, "record", fail)
    with pytest.raises(StoreError, match="disk"):
        eraser.erase(ACTOR, person.person_id)
    assert found_marks(desk, person) == set(person.marks)


def test_what_a_killed_backup_left_is_named(desk, eraser, tmp_path):
    """A half-written backup held everybody's photos, and the certificate said nothing of it."""
    person = Person(desk)
    left = tmp_path / "backups" / "faceaccess-20260101-000000-000000.part"
    left.parent.mkdir()
    left.write_bytes(b"half")
    certificate = eraser.erase(ACTOR, person.person_id)
    assert [(held.path, held.removed_on) for held in certificate.backups] == [(left, None)]
