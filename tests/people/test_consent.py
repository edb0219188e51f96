"""Consent: versioned texts, who agreed to which, what is due, and that nobody is enrolled without."""

from dataclasses import replace
from datetime import date

import pytest

from faceaccess.codes import ConsentDue, JournalKind, Role
from faceaccess.errors import ConsentError, EnrolmentError, PermissionDenied
from faceaccess.people.directory import Directory
from faceaccess.settings import ConsentSettings
from faceaccess.store.access.operators import Operators
from faceaccess.store.access.types import Actor
from faceaccess.store.people.types import NewConsent
from tests.people.test_enrolment import ACTOR, Desk, enrol, photo

TODAY = date(2026, 3, 31)
PNG = b"\x89PNG\r\n\x1a\nsigned"


@pytest.fixture
def desk(tmp_path):
    opened = Desk(tmp_path / "data", today=lambda: TODAY)
    yield opened
    opened.database.close()


@pytest.fixture
def ada(desk, tmp_path):
    return enrol(desk, photo(tmp_path, "a.png"))


def close(desk, role=Role.ADMIN):
    """Give the folder operators; return one."""
    operators = Operators(desk.database, desk.journal)
    operators.close_folder(Actor("root"), "Olga Admin", "a long enough passphrase")
    admin = Actor("Olga Admin", Role.ADMIN)
    if role is Role.ADMIN:
        return admin
    operators.create(admin, "Other", role, "another long passphrase")
    return Actor("Other", role)


def test_a_new_folder_has_a_text_in_two_languages(desk):
    texts = desk.consents.current_texts()
    assert [(text.version, text.language) for text in texts] == [(1, "en"), (2, "de")]
    assert all(len(text.text) > 300 for text in texts)


def test_a_new_text_takes_the_place_of_its_language_and_the_old_one_stays(desk, ada):
    desk.consents.record(ACTOR, ada.person_id, NewConsent(1, TODAY))
    written = desk.consents.write_text(ACTOR, "EN ", " I agree to more. ")
    assert (written.version, written.language, written.text) == (3, "en", "I agree to more.")
    assert [text.version for text in desk.consents.current_texts()] == [2, 3]
    (due,) = desk.consents.due()
    assert (due.person_id, due.due) == (ada.person_id, ConsentDue.OLD_TEXT)
    with desk.database.transaction() as db, pytest.raises(Exception, match="agreed to this text"):
        db.execute("UPDATE consent_texts SET text = 'something else' WHERE version = 1")


@pytest.mark.parametrize(("language", "text"), [("", "words"), ("en", "  ")])
def test_an_empty_text_is_refused(desk, language, text):
    with pytest.raises(ConsentError, match="needs a language and words"):
        desk.consents.write_text(ACTOR, language, text)


def test_dates_follow_the_policy_unless_given(desk, ada):
    desk.policies.set(ACTOR, ConsentSettings(valid_months=11, review_months=6))
    first = desk.consents.record(ACTOR, ada.person_id, NewConsent(1, TODAY))
    assert (first.expires_on, first.review_on) == (date(2027, 2, 28), date(2026, 9, 30))
    given = NewConsent(1, TODAY, expires_on=date(2026, 5, 1), signature=PNG)
    second = desk.consents.record(ACTOR, ada.person_id, given)
    assert (second.expires_on, second.has_signature) == (date(2026, 5, 1), True)
    assert desk.records.signature(second.consent_id) == PNG
    assert [one.consent_id for one in desk.records.of(ada.person_id)] == [2, 1]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (NewConsent(9, TODAY), "no consent text 9"),
        (NewConsent(1, date(2100, 1, 1)), "in the future"),
        (NewConsent(1, date(9999, 12, 30)), "in the future"),
        (NewConsent(1, date(1, 1, 1)), "that long ago"),
        (NewConsent(1, TODAY, expires_on=TODAY), "end before it was given"),
        (NewConsent(1, TODAY, signature=b"GIF89a"), "not a small PNG"),
        (NewConsent(1, TODAY, signature=PNG + bytes(300_000)), "not a small PNG"),
    ],
)
def test_a_consent_that_cant_be_is_refused(desk, ada, given, words):
    with pytest.raises(ConsentError, match=words):
        desk.consents.record(ACTOR, ada.person_id, given)
    assert desk.records.of(ada.person_id) == []


def test_the_journal_says_which_text_and_never_the_signature(desk, ada):
    desk.consents.record(ACTOR, ada.person_id, NewConsent(2, TODAY, signature=PNG))
    row = desk.journal.rows.newest()[0]
    assert row.kind is JournalKind.CONSENT_RECORDED
    assert (row.person_id, row.details["version"], row.details["is_signed"]) == (ada.person_id, 2, True)
    assert "PNG" not in str(row.details)


@pytest.mark.parametrize(
    ("given", "due"),
    [
        (None, ConsentDue.MISSING),
        (NewConsent(1, date(2025, 1, 1), expires_on=TODAY), ConsentDue.EXPIRED),
        (NewConsent(1, date(2025, 1, 1), expires_on=date(2026, 4, 30)), ConsentDue.EXPIRES_SOON),
        (NewConsent(1, date(2025, 1, 1), expires_on=date(2026, 5, 1)), None),
        (NewConsent(1, date(2025, 1, 1), review_on=TODAY), ConsentDue.REVIEW),
        (NewConsent(1, TODAY), None),
    ],
)
def test_what_is_due(desk, ada, given, due):
    if given is not None:
        desk.consents.record(ACTOR, ada.person_id, given)
    assert [row.due for row in desk.consents.due()] == ([] if due is None else [due])


def test_who_has_no_photos_needs_no_consent(desk):
    desk.people.create(name="Pin User", staff_number="7")
    assert desk.consents.due() == []


def test_an_open_folder_enrols_without_and_a_closed_one_does_not(desk, ada, tmp_path):
    olga = close(desk)
    reviews = [desk.enrolment.review_file(photo(tmp_path, "b.png", 30))]
    who = {"name": "Bea", "staff_number": None, "department": "", "reviews": reviews}
    with pytest.raises(ConsentError, match="no consent of Bea"):
        desk.enrolment.enrol(olga, **who)
    with pytest.raises(ConsentError, match="no consent of Ada"):
        desk.enrolment.add_photos(olga, ada.person_id, reviews)
    assert desk.names() == ["Ada"]
    bea = desk.enrolment.enrol(olga, **who, consent=NewConsent(1, TODAY))
    assert desk.records.newest(bea.person_id).recorded_by == "Olga Admin"
    more = [desk.enrolment.review_file(photo(tmp_path, "c.png", 40))]
    assert desk.enrolment.add_photos(olga, bea.person_id, more) == 1


def test_an_expired_consent_gives_nobody_more_photos(desk, ada, tmp_path):
    olga = close(desk)
    given = NewConsent(1, date(2025, 1, 1), expires_on=TODAY)
    desk.consents.record(olga, ada.person_id, given)
    more = [desk.enrolment.review_file(photo(tmp_path, "c.png", 40))]
    with pytest.raises(ConsentError, match="no consent of Ada"):
        desk.enrolment.add_photos(olga, ada.person_id, more)
    assert desk.consents.consenting() == set()
    assert desk.consents.newest(ada.person_id).expires_on == TODAY
    assert desk.enrolment.add_photos(olga, ada.person_id, more, NewConsent(1, TODAY)) == 1


def test_who_withdrew_is_asked_anew_in_an_open_folder_too(desk, ada, tmp_path):
    desk.consents.record(ACTOR, ada.person_id, NewConsent(1, TODAY))
    desk.records.withdraw(ada.person_id)
    more = [desk.enrolment.review_file(photo(tmp_path, "c.png", 40))]
    with pytest.raises(ConsentError, match="no consent of Ada"):
        desk.enrolment.add_photos(ACTOR, ada.person_id, more)


def test_a_bad_consent_leaves_nobody_enrolled(desk, tmp_path):
    reviews = [desk.enrolment.review_file(photo(tmp_path, "b.png"))]
    who = {"name": "Bea", "staff_number": None, "department": "", "reviews": reviews}
    with pytest.raises(ConsentError):
        desk.enrolment.enrol(ACTOR, **who, consent=NewConsent(9, TODAY))
    assert desk.names() == []
    assert desk.journal.rows.newest() == []


def test_who_may_record_and_who_may_write_texts(desk, ada):
    reception = close(desk, Role.RECEPTIONIST)
    desk.consents.record(reception, ada.person_id, NewConsent(1, TODAY))
    with pytest.raises(PermissionDenied):
        desk.consents.write_text(reception, "en", "I agree to everything.")


def test_somebody_is_enrolled_with_a_pin_and_no_face(desk):
    directory = Directory(desk.database, desk.people, desk.journal, lambda: None)
    person = directory.add_without_face(
        ACTOR, name="Pin User", staff_number="77", department="Office", pin="4711"
    )
    assert (person.has_pin, person.template_count) == (True, 0)
    kinds = [row.kind for row in desk.journal.rows.newest()]
    assert kinds == [JournalKind.PIN_SET, JournalKind.PERSON_ENROLLED]
    for bad in ({"staff_number": " "}, {"pin": "12"}, {"pin": "1234"}, {"name": ""}):
        values = {"name": "Other", "staff_number": "78", "department": "", "pin": "4812"} | bad
        with pytest.raises(EnrolmentError):
            directory.add_without_face(ACTOR, **values)
    assert desk.names() == ["Pin User"]


def test_the_policy_is_kept_and_journalled(desk):
    settings = replace(ConsentSettings(), valid_months=24)
    desk.policies.set(ACTOR, settings)
    assert desk.policies.read(ConsentSettings) == settings
    assert desk.journal.rows.newest()[0].kind is JournalKind.POLICY_CHANGED
