"""Consent on the People page: recorded, withdrawn, erased, and the certificate of it."""

from datetime import UTC, date, datetime

import pytest
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QPushButton

from faceaccess.codes import ConsentDue, JournalKind, Role
from faceaccess.errors import ConsentError
from faceaccess.gui import background
from faceaccess.gui.gallery import consents_due
from faceaccess.gui.gallery.consents_due import ConsentsDue
from faceaccess.gui.people import person_consent, removal
from faceaccess.gui.people.person_consent import PersonConsent
from faceaccess.gui.people.removal import Removal
from faceaccess.gui.wording import consent as text_consent
from faceaccess.people.gallery.erasure import Eraser
from faceaccess.store.people.types import DueConsent, NewConsent, Person
from tests.gui.site import act_as, add_operators, refuse


@pytest.fixture
def person(space) -> Person:
    """The person whose consent is shown."""
    return space.people.list()[0]


def photos(space, person: Person) -> int:
    """How many photos are known of a person."""
    return len(space.reception.mending.photos.of(person.person_id))


@pytest.fixture
def consent(qtbot, space, person, notices, monkeypatch) -> PersonConsent:
    """The consent of the first person."""
    monkeypatch.setattr(Removal, "confirms", lambda *_: True)
    made = PersonConsent(space.access, space.reception, space.policies, notices)
    qtbot.addWidget(made)
    made.show()
    made.show_person(person)
    qtbot.waitUntil(lambda: bool(made.state.text()))
    return made


def test_a_consent_is_recorded(qtbot, consent, space, person, monkeypatch) -> None:
    assert consent.state.text() == "No consent is recorded."

    def agree(dialog) -> int:
        save = dialog.buttons.button(dialog.buttons.StandardButton.Save)
        assert not save.isEnabled()
        dialog.section.box.click()
        assert save.isEnabled()
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(person_consent.RecordDialog, "exec", agree)
    consent.record_button.click()
    qtbot.waitUntil(lambda: "Agreed to version 1 of the text" in consent.state.text())
    assert space.reception.consents.in_force(person.person_id).version == 1


def test_a_consent_is_withdrawn_and_the_certificate_saved(
    qtbot, consent, space, person, notices, tmp_path, monkeypatch
) -> None:
    with qtbot.waitSignal(consent.changed):
        consent.withdraw_button.click()
    assert photos(space, person) == 0
    assert notices.messages()[-1].startswith("Person 1: the face is removed.")
    path = tmp_path / "paper.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    next(button for button in notices.findChildren(QPushButton) if "certificate" in button.text()).click()
    qtbot.waitUntil(lambda: any("certificate is in" in words for words in notices.messages()))
    assert path.read_bytes().startswith(b"%PDF")


def test_a_certificate_that_cant_be_written_is_said(
    qtbot, consent, space, person, notices, tmp_path, monkeypatch
) -> None:
    path = str(tmp_path / "missing" / "paper.pdf")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (path, ""))
    consent.removal._save(space.reception.eraser.erase(space.access.actor, person.person_id))
    qtbot.waitUntil(lambda: any("missing" in words for words in notices.messages()))


def test_a_person_is_erased_by_whom_may(qtbot, consent, space, person) -> None:
    with qtbot.waitSignal(consent.changed):
        consent.erase_button.click()
    people = space.people.list()
    assert person.person_id not in {other.person_id for other in people}
    add_operators(space)
    act_as(space, Role.RECEPTIONIST)
    consent.show_person(people[0])
    assert not consent.erase_button.isVisible()


def test_nothing_is_removed_without_a_yes_and_a_refusal_is_said(
    qtbot, consent, space, person, notices, monkeypatch
) -> None:
    monkeypatch.setattr(Removal, "confirms", lambda *_: False)
    consent.erase_button.click()
    consent.withdraw_button.click()
    background.shutdown()
    assert photos(space, person) == 2
    monkeypatch.setattr(Removal, "confirms", lambda *_: True)
    refuse(monkeypatch, Eraser, "withdraw_consent", ConsentError("There is nothing to withdraw."))
    consent.withdraw_button.click()
    qtbot.waitUntil(lambda: "There is nothing to withdraw." in notices.messages())


def test_consents_that_are_due_are_listed_and_recorded(qtbot, space, person, notices, monkeypatch) -> None:
    for other in space.people.list()[1:]:
        consent = NewConsent(1, datetime.now(UTC).date())
        space.reception.consents.record(space.access.actor, other.person_id, consent)
    due = ConsentsDue(space.access, space.reception, notices)
    qtbot.addWidget(due)
    counts = []
    due.counted.connect(counts.append)
    due.load()
    qtbot.waitUntil(lambda: counts == [1])
    (row,) = due.rows
    assert row.findChild(QLabel).text() == "Person 1: no consent is recorded"

    def agree(dialog) -> int:
        dialog.section.box.click()
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(consents_due.RecordDialog, "exec", agree)
    row.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: counts == [1, 0])
    assert space.reception.consents.in_force(person.person_id).version == 1
    assert due.message.text() == "Nothing is due."


def test_who_may_not_erase_says_why_and_can_undo_it(
    qtbot, consent, space, person, notices, monkeypatch
) -> None:
    """A receptionist's click erased a face for good."""
    add_operators(space)
    act_as(space, Role.RECEPTIONIST)

    def say_nothing(dialog) -> int:
        dialog.buttons.button(dialog.buttons.StandardButton.Save).click()
        assert dialog.problem.text() == "Say why in a few words."
        return QDialog.DialogCode.Rejected

    monkeypatch.setattr(removal.ReasonDialog, "exec", say_nothing)
    consent.withdraw_button.click()

    def say_why(dialog) -> int:
        dialog.reason.setText("by letter")
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(removal.ReasonDialog, "exec", say_why)
    with qtbot.waitSignal(consent.changed):
        consent.withdraw_button.click()
    (row,) = space.journal.rows.newest([JournalKind.CONSENT_WITHDRAWN])
    assert (row.person_id, row.actor) == (person.person_id, "our receptionist")
    assert space.journal.rows.note(row.seq) == "by letter"
    assert photos(space, person) == 0
    assert "Person 1: the consent is withdrawn." in notices.messages()
    next(button for button in notices.findChildren(QPushButton) if button.text() == "Undo").click()
    qtbot.waitUntil(lambda: photos(space, person) == 2)


def test_a_withdrawal_at_the_desk_is_among_what_is_due() -> None:
    row = DueConsent("1" * 32, "Ada", ConsentDue.WITHDRAWN, date(2026, 3, 11), "Ben: by letter")
    words = "Ada: consent withdrawn; the face is hidden, and erased on 2026-03-11 (Ben: by letter)"
    assert text_consent.due(row) == words
