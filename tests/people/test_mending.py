"""Deleting, merging, splitting: everything at once, read as it should be, and undone without a trace."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from faceaccess.codes import AbsenceKind, DayPart, JournalKind, Outcome, Role
from faceaccess.errors import ConsentError, EnrolmentError, PermissionDenied
from faceaccess.people.directory import Directory
from faceaccess.people.gallery.erasure import Eraser
from faceaccess.people.gallery.mending import Mending
from faceaccess.recognition.gallery import Gallery
from faceaccess.settings import RetentionSettings
from faceaccess.store import clock
from faceaccess.store.access.groups import GroupMembers
from faceaccess.store.access.pins import Pins
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.event_counts import EventCounts
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.punches import Punches
from faceaccess.store.journal.types import EventFilter, EventOrder, EventSort
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from faceaccess.store.people.types import NewConsent
from faceaccess.store.policy.absences import Absence, Absences
from faceaccess.store.policy.policies import Policies
from faceaccess.upkeep.expiry import Expiry
from tests.people.builders import consent_office
from tests.store.builders import MODEL, NOON, make_entry, make_template

OLGA = Actor("olga")


class Desk:
    """Everything about people on a real database, with the gallery that a door searches."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.people, self.templates, self.journal = People(database), Templates(database), Journal(database)
        self.consents = consent_office(database)
        self.mending = Mending(
            database,
            people=self.people,
            journal=self.journal,
            consents=self.consents,
            on_change=self.fill,
        )
        self.directory = Directory(database, self.people, self.journal, self.fill)
        self.gallery = Gallery(MODEL, 128)

    def fill(self) -> None:
        found = self.templates.load(MODEL, newer_than=self.gallery.newest_id)
        self.gallery.update(
            MODEL,
            template_ids=found.template_ids,
            person_ids=found.person_ids,
            is_active=found.is_active,
            embeddings=found.embeddings.reshape(-1, 128),
        )

    def enrol(self, name: str, *seeds: int, staff_number: str | None = None) -> str:
        person_id = self.people.create(name=name, staff_number=staff_number).person_id
        self.templates.add(person_id, [make_template(seed) for seed in seeds])
        self.fill()
        return person_id

    def recognised(self, seed: int) -> str | None:
        """Who the door would say this photo is."""
        (found,) = self.gallery.search(make_template(seed).embedding[None], 1)
        return found[0].person_id if found and found[0].distance < 0.01 else None

    def photos(self, person_id: str) -> list[int]:
        return [photo.photo_id for photo in self.mending.photos.of(person_id)]

    def everything(self) -> object:
        """What there is of people, to be compared before and after."""
        with self.database.reader() as db:
            tables = ("people", "pins", "group_members", "absences", "consents")
            found = [sorted(map(str, db.execute(f"SELECT * FROM {table}").fetchall())) for table in tables]
            photos = "SELECT photo_id, person_id, hidden_at FROM photos ORDER BY photo_id"
            templates = "SELECT person_id, photo_id, model_id FROM templates ORDER BY photo_id"
            return [*found, db.execute(photos).fetchall(), db.execute(templates).fetchall()]

    def last_change(self, person_id: str) -> int:
        return next(each.row.seq for each in self.mending.history(person_id) if each.can_be_undone)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Database.open(tmp_path) as database:
        yield Desk(database)


def test_a_deleted_person_is_nowhere_but_in_the_record_until_restored(desk: Desk) -> None:
    ada = desk.enrol("Ada", 1, 2, staff_number="7")
    Pins(desk.database).set(ada, "8317")
    GroupMembers(desk.database).set_groups(ada, ["night"])
    desk.journal.append(make_entry(ada), b"crop")
    desk.mending.hide(OLGA, ada)
    assert desk.people.list() == desk.people.by_name("Ada") == []
    assert desk.recognised(1) is None
    assert Pins(desk.database).owner("7", "8317") is None
    assert GroupMembers(desk.database).by_person() == {}
    assert [person.name for person in desk.mending.deleted().people] == ["Ada"]
    (event,) = desk.journal.events.newest(EventFilter())
    assert (event.person_name, event.has_crop) == ("Ada", True)
    for change in (
        lambda: desk.mending.hide(OLGA, ada),
        lambda: desk.directory.set_active(OLGA, ada, False),
        lambda: desk.directory.set_pin(OLGA, ada, "8317"),
        lambda: desk.templates.add(ada, [make_template(3)]),
    ):
        with pytest.raises(EnrolmentError, match="Ada is deleted"):
            change()
    desk.mending.restore(OLGA, ada)
    assert desk.recognised(1) == desk.recognised(2) == ada
    assert Pins(desk.database).owner("7", "8317") == ada
    assert [row.kind for row in desk.journal.rows.newest(limit=2)] == [
        JournalKind.PERSON_RESTORED,
        JournalKind.PERSON_HIDDEN,
    ]
    with pytest.raises(EnrolmentError, match="not deleted"):
        desk.mending.restore(OLGA, ada)


def test_the_staff_number_of_a_deleted_person_is_kept_for_restoring(desk: Desk) -> None:
    ada = desk.enrol("Ada", 1, staff_number="7")
    desk.mending.hide(OLGA, ada)
    with pytest.raises(EnrolmentError, match="belongs to Ada, who is deleted") as caught:
        desk.people.create(name="Bea", staff_number="7")
    assert "Restore or erase" in caught.value.hint
    desk.people.erasing.person(ada)
    assert desk.people.create(name="Bea", staff_number="7").staff_number == "7"


def test_what_was_deleted_is_erased_after_its_days(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.utc_now()
    ada, bea = desk.enrol("Ada", 1), desk.enrol("Bea", 2, 3)
    desk.mending.hide(OLGA, ada)
    desk.mending.hide_photos(OLGA, desk.photos(bea)[:1])
    expiry, settings = Expiry(desk.database, desk.journal, desk.people), RetentionSettings()
    assert expiry.preview(settings, now + timedelta(days=6)).deleted == 0
    assert expiry.preview(settings, now + timedelta(days=8)).deleted == 2
    assert expiry.run(OLGA, settings, now + timedelta(days=8)).deleted == 2
    assert desk.mending.deleted().people == desk.mending.deleted().photos == ()
    assert len(desk.photos(bea)) == 1
    assert not any(each.can_be_undone for each in desk.mending.history(bea))


def test_photos_are_deleted_and_restored_at_once_for_the_door(desk: Desk) -> None:
    ada = desk.enrol("Ada", 1, 2)
    first, second = desk.photos(ada)
    seq = desk.mending.hide_photos(OLGA, [first])
    assert (desk.recognised(1), desk.recognised(2)) == (None, ada)
    assert desk.people.get(ada).template_count == 1
    assert desk.templates.photo_hashes(ada) == {make_template(2).photo_sha256}
    assert [photo.photo_id for photo in desk.mending.deleted().photos] == [first]
    desk.mending.restore_photos(OLGA, [first])
    assert desk.recognised(1) == ada
    with pytest.raises(EnrolmentError, match="can't be undone"):
        desk.mending.undo(OLGA, seq)
    desk.mending.undo(OLGA, desk.mending.hide_photos(OLGA, [first, second]))
    assert (desk.recognised(1), desk.recognised(2)) == (ada, ada)
    desk.mending.hide_photos(OLGA, [second])
    desk.mending.erase_photos(OLGA, [second])
    assert desk.photos(ada) == [first]
    with pytest.raises(EnrolmentError, match="no photo"):
        desk.mending.restore_photos(OLGA, [second])


def test_a_deleted_photo_that_is_given_again_is_back_once(desk: Desk) -> None:
    ada = desk.enrol("Ada", 1, 2)
    desk.mending.hide_photos(OLGA, desk.photos(ada)[:1])
    desk.templates.add(ada, [make_template(1)])
    desk.fill()
    assert desk.recognised(1) == ada
    assert len(desk.photos(ada)) == desk.people.get(ada, MODEL).template_count == 2


def merged_pair(desk: Desk) -> tuple[str, str]:
    """Two who are one, each with a photo of their own, one in common, entries and an absence."""
    ada, bea = desk.enrol("Ada", 1, 2, staff_number="7"), desk.enrol("Bea", 2, 3, staff_number="8")
    for second, who in enumerate((ada, bea, ada)):
        desk.journal.append(make_entry(who, second=second), b"crop")
    desk.journal.append(make_entry(None, second=9, nearest_id=ada), None)
    seq = desk.journal.record(OLGA, JournalKind.ABSENCE_ENTERED, person_id=ada)
    Absences(desk.database).put(Absence(seq, ada, AbsenceKind.LEAVE, DayPart.WHOLE, NOON.date(), NOON.date()))
    Pins(desk.database).set(ada, "8317")
    desk.consents.record(OLGA, ada, NewConsent(1, NOON.date()))
    return ada, bea


def test_who_was_merged_is_read_as_the_other_everywhere(desk: Desk) -> None:
    ada, bea = merged_pair(desk)
    desk.mending.merge(OLGA, ada, bea)
    assert [person.person_id for person in desk.people.list()] == [bea]
    assert desk.people.get(ada).name == "Bea"
    assert desk.people.get(bea).last_seen == NOON + timedelta(seconds=2)
    assert [desk.recognised(seed) for seed in (1, 2, 3)] == [bea] * 3
    for wanted in (
        EventFilter(person_id=bea),
        EventFilter(person_id=ada),
        EventFilter(text="bea"),
        EventFilter(outcomes=(Outcome.ACCEPTED,)),
    ):
        found = desk.journal.events.newest(wanted)
        assert [(event.person_name, event.entry.person_id) for event in found] == [("Bea", bea)] * 3
        assert desk.journal.events.count(wanted) == 3
        for order in EventOrder:
            page = desk.journal.events.page(wanted, EventSort(order), limit=2)
            page += desk.journal.events.page(wanted, EventSort(order), after=page[-1], limit=2)
            assert len({event.seq for event in page}) == 3
    assert desk.journal.events.newest(EventFilter(text="ada")) == []
    punches = Punches(desk.database)
    hour = (NOON, NOON + timedelta(hours=1))
    assert {punch.person_id for punch in punches.between(*hour)} == {bea}
    assert len(punches.between(*hour, bea)) == 3
    assert len(punches.near_misses(*hour, bea)) == 1
    assert {who for who, _ in EventCounts(desk.database).passages(EventFilter())} == {bea}
    assert [absence.person_id for absence in Absences(desk.database).between(NOON.date(), NOON.date())] == [
        bea
    ]
    assert Consents(desk.database).newest(bea) is not None
    assert Pins(desk.database).owner("7", "8317") is None
    with pytest.raises(EnrolmentError, match="Ada, who was merged into Bea"):
        desk.people.create(name="Cleo", staff_number="7")
    assert desk.journal.verify().is_good


def test_parting_brings_back_both_as_they_were(desk: Desk) -> None:
    ada, bea = merged_pair(desk)
    before = desk.everything()
    seq = desk.mending.merge(OLGA, ada, bea)
    assert desk.everything() != before
    desk.mending.undo(OLGA, seq)
    assert desk.everything() == before
    assert [desk.recognised(seed) for seed in (1, 3)] == [ada, bea]
    assert len(desk.journal.events.newest(EventFilter(person_id=ada))) == 2
    with pytest.raises(EnrolmentError, match="can't be undone"):
        desk.mending.undo(OLGA, seq)


def test_a_staff_number_and_its_pin_go_to_who_has_none(desk: Desk) -> None:
    ada, bea = desk.enrol("Ada", 1, staff_number="7"), desk.enrol("Bea", 2)
    Pins(desk.database).set(ada, "8317")
    before = desk.everything()
    seq = desk.mending.merge(OLGA, ada, bea)
    assert desk.people.get(bea).staff_number == "7"
    assert Pins(desk.database).owner("7", "8317") == bea
    assert [person.person_id for person in desk.people.list("7")] == [bea]
    desk.mending.undo(OLGA, seq)
    assert desk.everything() == before


def test_merges_in_turn_are_parted_in_turn(desk: Desk) -> None:
    ada, bea, cleo = desk.enrol("Ada", 1), desk.enrol("Bea", 2), desk.enrol("Cleo", 3)
    desk.journal.append(make_entry(ada), None)
    first = desk.mending.merge(OLGA, ada, bea)
    between = desk.everything()
    second = desk.mending.merge(OLGA, bea, cleo)
    assert desk.people.get(ada).name == "Cleo"
    assert len(desk.journal.events.newest(EventFilter(person_id=cleo))) == 1
    with pytest.raises(EnrolmentError, match="newer"):
        desk.mending.undo(OLGA, first)
    desk.mending.undo(OLGA, second)
    assert desk.everything() == between
    desk.mending.undo(OLGA, first)
    assert [desk.recognised(seed) for seed in (1, 2, 3)] == [ada, bea, cleo]


def test_nobody_is_merged_with_oneself_or_with_who_is_deleted(desk: Desk) -> None:
    ada, bea = desk.enrol("Ada", 1), desk.enrol("Bea", 2)
    with pytest.raises(EnrolmentError, match="another person"):
        desk.mending.merge(OLGA, ada, ada)
    desk.mending.hide(OLGA, bea)
    with pytest.raises(EnrolmentError, match="Bea is deleted"):
        desk.mending.merge(OLGA, ada, bea)


def test_erasing_takes_everything_of_who_was_merged_too(desk: Desk) -> None:
    ada, bea = merged_pair(desk)
    desk.directory.change(OLGA, ada, name="Ada Formerly", staff_number="7", department="")
    desk.mending.merge(OLGA, ada, bea)
    removed = desk.people.erasing.person(bea)
    assert (removed.photos, removed.crops) == (4, 3)
    with desk.database.reader() as db:
        for table in ("people", "photos", "templates", "crops", "notes", "absences", "pins", "consents"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0, table
    assert [event.person_name for event in desk.journal.events.newest(EventFilter())] == [None] * 4


def test_photos_are_split_off_to_somebody_else(desk: Desk) -> None:
    ada, bea = desk.enrol("Ada", 1, 2, 3), desk.enrol("Bea", 4)
    before = desk.everything()
    seq = desk.mending.move_photos(OLGA, desk.photos(ada)[:1], bea)
    assert [desk.recognised(seed) for seed in (1, 2, 4)] == [bea, ada, bea]
    desk.mending.undo(OLGA, seq)
    assert desk.everything() == before
    assert desk.recognised(1) == ada
    with pytest.raises(EnrolmentError, match="of one person"):
        desk.mending.move_photos(OLGA, [*desk.photos(ada), *desk.photos(bea)], bea)


def test_photos_are_split_off_to_a_new_person(desk: Desk) -> None:
    ada = desk.enrol("Ada", 1, 2)
    seq = desk.mending.split(OLGA, desk.photos(ada)[1:], name="Bea", staff_number="9")
    (bea,) = desk.people.by_name("Bea")
    assert (desk.recognised(1), desk.recognised(2)) == (ada, bea.person_id)
    desk.mending.undo(OLGA, seq)
    assert desk.recognised(2) == ada
    assert [person.name for person in desk.people.list()] == ["Ada"]
    assert [person.name for person in desk.mending.deleted().people] == ["Bea"]


def test_a_photo_that_the_other_has_already_is_not_moved(desk: Desk) -> None:
    ada, bea = desk.enrol("Ada", 1, 2), desk.enrol("Bea", 2)
    rows = len(desk.journal.rows.newest())
    with pytest.raises(EnrolmentError, match="same photo already"):
        desk.mending.move_photos(OLGA, desk.photos(ada)[1:], bea)
    assert len(desk.journal.rows.newest()) == rows


def test_a_wrong_name_is_undone_and_the_log_has_neither(desk: Desk) -> None:
    ada = desk.enrol("Ada Byron", 1, staff_number="7")
    desk.directory.change(OLGA, ada, name="Ada Lovelace", staff_number="8", department="Engines")
    desk.directory.set_active(OLGA, ada, False)
    before = desk.people.get(ada)
    desk.mending.undo(OLGA, desk.last_change(ada))
    assert desk.people.get(ada).is_active
    desk.mending.undo(OLGA, desk.last_change(ada))
    person = desk.people.get(ada)
    assert (person.name, person.staff_number, person.department) == ("Ada Byron", "7", "")
    assert person != before
    with desk.database.reader() as db:
        texts = db.execute("SELECT group_concat(canonical) FROM journal").fetchone()[0]
    assert "Byron" not in texts
    assert desk.journal.verify().is_good


def test_only_the_newest_change_of_a_person_is_undone(desk: Desk) -> None:
    ada, bea = desk.enrol("Ada", 1), desk.enrol("Bea", 2)
    desk.directory.change(OLGA, ada, name="Ada B", staff_number=None, department="")
    first = desk.last_change(ada)
    desk.mending.hide(OLGA, bea)
    desk.directory.change(OLGA, ada, name="Ada C", staff_number=None, department="")
    with pytest.raises(EnrolmentError, match="newer"):
        desk.mending.undo(OLGA, first)
    desk.mending.undo(OLGA, desk.last_change(ada))
    desk.mending.undo(OLGA, first)
    assert desk.people.get(ada).name == "Ada"
    with pytest.raises(EnrolmentError, match="nothing that can be undone"):
        desk.mending.undo(OLGA, 10_000)


def test_a_name_taken_meanwhile_is_not_taken_back(desk: Desk) -> None:
    ada = desk.enrol("Ada", 1, staff_number="7")
    desk.directory.change(OLGA, ada, name="Ada", staff_number="8", department="")
    desk.enrol("Bea", 2, staff_number="7")
    seq = desk.last_change(ada)
    with pytest.raises(EnrolmentError, match="belongs to Bea"):
        desk.mending.undo(OLGA, seq)
    assert desk.last_change(ada) == seq


def test_a_receptionist_mends_but_deletes_nobody(desk: Desk) -> None:
    ben = Actor("ben", Role.RECEPTIONIST)
    ada, bea = desk.enrol("Ada", 1, 2), desk.enrol("Bea", 3)
    with desk.database.transaction() as db:
        row = {"name_key": "ben", "name": "ben", "role": "receptionist", "hash": "", "created_at": ""}
        db.table("operators").insert(row)
    for refused in (
        lambda: desk.mending.hide(ben, ada),
        lambda: desk.mending.erase_photos(ben, desk.photos(ada)),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    desk.mending.hide_photos(ben, desk.photos(ada)[:1])
    with pytest.raises(ConsentError, match="no consent of Bea"):
        desk.mending.move_photos(ben, desk.photos(ada), bea)
    with pytest.raises(ConsentError, match="no consent of Cleo"):
        desk.mending.split(ben, desk.photos(ada), name="Cleo")
    agreed = NewConsent(desk.consents.current_texts()[0].version, clock.utc_now().date())
    desk.mending.undo(ben, desk.mending.split(ben, desk.photos(ada), name="Cleo", consent=agreed))
    with pytest.raises(ConsentError, match="no consent of Bea"):
        desk.mending.merge(ben, ada, bea)
    assert np.array_equal([desk.recognised(seed) for seed in (1, 2, 3)], [None, ada, bea])
    desk.consents.record(ben, bea, agreed)
    desk.mending.merge(ben, ada, bea)
    assert np.array_equal([desk.recognised(seed) for seed in (1, 2, 3)], [None, bea, bea])


def withdraw(desk: Desk, person_id: str) -> None:
    Eraser(
        desk.database,
        people=desk.people,
        consents=Consents(desk.database),
        policies=Policies(desk.database, desk.journal),
        journal=desk.journal,
        backup_folders=list,
        on_change=desk.fill,
    ).withdraw_consent(OLGA, person_id)


def test_undoing_gives_no_face_back_to_who_has_withdrawn(desk: Desk) -> None:
    """A photo given to somebody, and two people who were merged; in an open folder too."""
    ada, bea, cleo = desk.enrol("Ada", 1, 2), desk.enrol("Bea", 3), desk.enrol("Cleo", 4)
    moved = desk.mending.move_photos(OLGA, desk.photos(ada)[:1], bea)
    agreed = NewConsent(desk.consents.current_texts()[0].version, clock.utc_now().date())
    desk.consents.record(OLGA, ada, agreed)
    withdraw(desk, ada)
    with pytest.raises(ConsentError, match="no consent of Ada"):
        desk.mending.undo(OLGA, moved)
    assert desk.recognised(1) == bea
    with pytest.raises(ConsentError, match="no consent of Ada"):
        desk.mending.merge(OLGA, cleo, ada)
    assert desk.recognised(4) == cleo


def test_undoing_reaches_a_gallery_that_had_forgotten_the_templates(desk: Desk) -> None:
    """Given away and the receiver deleted; split and the new person deleted; the same photo twice."""
    ada, bea = desk.enrol("Ada", 1, 2), desk.enrol("Bea", 3)
    moved = desk.mending.move_photos(OLGA, desk.photos(ada)[:1], bea)
    desk.mending.hide(OLGA, bea)
    desk.mending.undo(OLGA, moved)
    assert desk.recognised(1) == ada
    desk.mending.split(OLGA, desk.photos(ada)[:1], name="New")
    (new,) = [person for person in desk.people.list() if person.name == "New"]
    desk.mending.hide(OLGA, new.person_id)
    desk.mending.undo(OLGA, desk.last_change(ada))
    assert desk.recognised(1) == ada
    dan, eve = desk.enrol("Dan", 7), desk.enrol("Eve", 7, 8)
    desk.mending.undo(OLGA, desk.mending.merge(OLGA, dan, eve))
    (found,) = desk.gallery.search(make_template(7).embedding[None], 2)
    assert {candidate.person_id for candidate in found} == {dan, eve}
