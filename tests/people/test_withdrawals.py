"""Withdrawing at the desk: a reason, few an hour, undone for some days, said to an admin, then erased."""

from datetime import date, timedelta

import pytest

from faceaccess.codes import ConsentDue, JournalKind, Role
from faceaccess.errors import ConsentError, PermissionDenied
from faceaccess.people.gallery.erasure import Eraser
from faceaccess.people.gallery.mending import Mending
from faceaccess.people.gallery.withdrawals import MOST_AN_HOUR, Withdrawals
from faceaccess.settings import RetentionSettings
from faceaccess.store import clock
from faceaccess.store.access.types import SYSTEM, Actor
from faceaccess.store.people.types import NewConsent
from faceaccess.upkeep.expiry import Expiry
from tests.people.test_consent import close
from tests.people.test_enrolment import Desk
from tests.people.test_erasure import Person, found_marks

BEN = Actor("Other", Role.RECEPTIONIST)
ADMIN = Actor("Olga Admin", Role.ADMIN)
FACE = {"photo", "loose", "crop", "signature", "template"}


@pytest.fixture
def desk(tmp_path):
    """A folder with an admin and a receptionist."""
    opened = Desk(tmp_path / "data")
    opened.person, *opened.others = [Person(opened) for _ in range(MOST_AN_HOUR + 1)]
    close(opened, Role.RECEPTIONIST)
    opened.refill()
    parts = {"people": opened.people, "journal": opened.journal, "on_change": opened.refill}
    opened.withdrawals = Withdrawals(opened.database, consents=opened.records, **parts)
    opened.mending = Mending(opened.database, consents=opened.consents, **parts)
    opened.eraser = Eraser(
        opened.database,
        consents=opened.records,
        policies=opened.policies,
        backup_folders=list,
        **parts,
    )
    yield opened
    opened.database.close()


def expire(desk, days):
    settings = RetentionSettings(deleted_days=7)
    return Expiry(desk.database, desk.journal, desk.people).run(
        SYSTEM, settings, clock.utc_now() + timedelta(days=days)
    )


def test_a_receptionist_erases_nobodys_face(desk):
    """One command of a receptionist's erased a face for good, with no word of why."""
    with pytest.raises(PermissionDenied, match="may not delete people"):
        desk.eraser.withdraw_consent(BEN, desk.person.person_id)
    with pytest.raises(ConsentError, match="reason is needed"):
        desk.withdrawals.withdraw(BEN, desk.person.person_id, "  ")
    assert len(desk.gallery) == 1 + MOST_AN_HOUR


def test_what_was_withdrawn_at_the_desk_is_known_nowhere_and_can_be_undone(desk):
    person_id = desk.person.person_id
    seq = desk.withdrawals.withdraw(BEN, person_id, "by letter")
    assert len(desk.gallery) == MOST_AN_HOUR
    assert desk.consents.in_force(person_id) is None
    assert desk.journal.rows.note(seq) == "by letter"
    assert expire(desk, 6).deleted == 0
    assert found_marks(desk, desk.person) >= FACE
    assert desk.mending.deleted().photos == ()
    photos = [photo.photo_id for photo in desk.mending.photos.held(person_id)]
    with pytest.raises(ConsentError, match="no consent"):
        desk.mending.restore_photos(BEN, photos)
    desk.mending.undo(BEN, seq)
    assert len(desk.gallery) == 1 + MOST_AN_HOUR
    assert desk.consents.in_force(person_id).has_signature
    assert [row.due for row in desk.consents.due()] == []
    assert expire(desk, 30).deleted == 0
    assert found_marks(desk, desk.person) >= FACE


def test_an_admin_is_told_who_withdrew_for_whom_and_why(desk):
    desk.withdrawals.withdraw(BEN, desk.person.person_id, "by letter")
    (due,) = desk.consents.due()
    assert (due.due, due.words, due.person_id) == (
        ConsentDue.WITHDRAWN,
        "Other: by letter",
        desk.person.person_id,
    )
    assert due.day == (clock.utc_now() + timedelta(days=7)).date()
    desk.eraser.withdraw_consent(ADMIN, desk.person.person_id)
    assert desk.consents.due() == []
    assert not found_marks(desk, desk.person) & FACE


def test_after_the_days_the_face_leaves_no_byte(desk):
    seq = desk.withdrawals.withdraw(BEN, desk.person.person_id, "by letter")
    assert expire(desk, 8).deleted == 1
    assert not found_marks(desk, desk.person) & FACE
    assert desk.consents.due() == []
    assert desk.mending.history(desk.person.person_id) == []
    with pytest.raises(Exception, match="can't be undone"):
        desk.mending.undo(BEN, seq)
    assert expire(desk, 9).deleted == 0
    assert desk.journal.verify().is_good


def test_who_agrees_again_meanwhile_keeps_the_new_photos(desk):
    person_id = desk.person.person_id
    desk.withdrawals.withdraw(BEN, person_id, "by letter")
    desk.consents.record(BEN, person_id, NewConsent(1, date.today()))
    assert desk.consents.due() == []
    expire(desk, 8)
    assert desk.consents.in_force(person_id) is not None


def test_many_withdrawals_within_an_hour_need_an_admin(desk):
    """A receptionist emptied the gallery of everybody."""
    for person in desk.others:
        desk.withdrawals.withdraw(BEN, person.person_id, "asked")
    with pytest.raises(PermissionDenied, match="An admin"):
        desk.withdrawals.withdraw(BEN, desk.person.person_id, "asked")
    assert found_marks(desk, desk.person) >= FACE
    desk.eraser.withdraw_consent(ADMIN, desk.person.person_id, "asked")
    assert desk.journal.rows.note(desk.journal.rows.newest([JournalKind.CONSENT_WITHDRAWN])[0].seq) == "asked"
