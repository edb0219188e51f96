"""Consent on the People page: recorded, withdrawn, erased, and the certificate of it."""

from datetime import UTC, date, datetime

import pytest
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QPushButton

from faceaccess.codes import ConsentDue, Right
from faceaccess.errors import ConsentError
from faceaccess.gui.gallery import consents_due
from faceaccess.gui.gallery.consents_due import ConsentsDue
from faceaccess.gui.people import person_consent, removal
from faceaccess.gui.people.person_consent import PersonConsent
from faceaccess.gui.people.removal import Removal
from faceaccess.gui.wording import consent as text_consent
from faceaccess.people.gallery.erasure import Certificate
from faceaccess.store.people.types import DueConsent, Erasure


class FakeEraser:
    """Says what it was asked to remove."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.fails = False

    def _done(self, what: str, person_id: str) -> Certificate:
        if self.fails:
            raise ConsentError("There is nothing to withdraw.")
        self.calls.append((what, person_id))
        now = datetime.now(UTC)
        return Certificate(
            "Person 1",
            person_id,
            now,
            "desk",
            what == "erase",
            Erasure(1, 1, 2),
            True,
            0,
            (),
            (),
            7,
            b"\1" * 32,
        )

    def erase(self, actor, person_id: str) -> Certificate:
        return self._done("erase", person_id)

    def withdraw_consent(self, actor, person_id: str) -> Certificate:
        return self._done("withdraw", person_id)


class FakeWithdrawals:
    """Says whose consent it was asked to withdraw, and why."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []

    def withdraw(self, actor, person_id: str, reason: str) -> int:
        self.calls.append((person_id, reason))
        return 9


@pytest.fixture
def consent(qtbot, workspace, notices, monkeypatch) -> PersonConsent:
    """The consent of the first person."""
    workspace.reception.eraser = FakeEraser()
    monkeypatch.setattr(Removal, "confirms", lambda *_: True)
    made = PersonConsent(workspace.access, workspace.reception, workspace.policies, notices)
    qtbot.addWidget(made)
    made.show()
    made.show_person(workspace.people.people[0])
    qtbot.waitUntil(lambda: bool(made.state.text()))
    return made


def test_a_consent_is_recorded(qtbot, consent, workspace, monkeypatch) -> None:
    assert consent.state.text() == "No consent is recorded."

    def agree(dialog) -> int:
        save = dialog.buttons.button(dialog.buttons.StandardButton.Save)
        assert not save.isEnabled()
        dialog.section.box.click()
        assert save.isEnabled()
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(person_consent.RecordDialog, "exec", agree)
    consent.record_button.click()
    qtbot.waitUntil(lambda: "Agreed to text 1" in consent.state.text())
    assert workspace.reception.consents.recorded[0][1].version == 1


def test_a_consent_is_withdrawn_and_the_certificate_saved(
    qtbot, consent, workspace, notices, tmp_path, monkeypatch
) -> None:
    person_id = workspace.people.people[0].person_id
    with qtbot.waitSignal(consent.changed):
        consent.withdraw_button.click()
    assert workspace.reception.eraser.calls == [("withdraw", person_id)]
    assert "Person 1: the face is removed." in notices.messages()
    path = tmp_path / "paper.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    certificate = workspace.reception.eraser.withdraw_consent(None, person_id)
    consent.removal._save(certificate)
    qtbot.waitUntil(lambda: any("certificate is in" in words for words in notices.messages()))
    assert path.read_bytes().startswith(b"%PDF")


def test_a_certificate_that_cant_be_written_is_said(qtbot, consent, notices, tmp_path, monkeypatch) -> None:
    path = str(tmp_path / "missing" / "paper.pdf")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (path, ""))
    consent.removal._save(FakeEraser().erase(None, "1" * 32))
    qtbot.waitUntil(lambda: any("missing" in words for words in notices.messages()))


def test_a_person_is_erased_by_whom_may(qtbot, consent, workspace) -> None:
    with qtbot.waitSignal(consent.changed):
        consent.erase_button.click()
    assert workspace.reception.eraser.calls[0][0] == "erase"
    may = workspace.access.may
    workspace.access.may = lambda right: right is not Right.DELETE_PEOPLE and may(right)
    consent.show_person(workspace.people.people[1])
    assert not consent.erase_button.isVisible()


def test_nothing_is_removed_without_a_yes_and_a_refusal_is_said(
    qtbot, consent, workspace, notices, monkeypatch
) -> None:
    monkeypatch.setattr(Removal, "confirms", lambda *_: False)
    consent.erase_button.click()
    consent.withdraw_button.click()
    assert workspace.reception.eraser.calls == []
    monkeypatch.setattr(Removal, "confirms", lambda *_: True)
    workspace.reception.eraser.fails = True
    consent.withdraw_button.click()
    qtbot.waitUntil(lambda: "There is nothing to withdraw." in notices.messages())


def test_consents_that_are_due_are_listed_and_recorded(qtbot, workspace, notices, monkeypatch) -> None:
    person = workspace.people.people[0]
    workspace.reception.consents.is_due = [DueConsent(person.person_id, "Person 1", ConsentDue.MISSING, None)]
    due = ConsentsDue(workspace.access, workspace.reception, notices)
    qtbot.addWidget(due)
    counts = []
    due.counted.connect(counts.append)
    due.load()
    qtbot.waitUntil(lambda: counts == [1])
    (row,) = due.rows
    assert row.findChild(QLabel).text() == "Person 1: no consent is recorded"

    def agree(dialog) -> int:
        dialog.section.box.click()
        workspace.reception.consents.is_due = []
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(consents_due.RecordDialog, "exec", agree)
    row.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: counts == [1, 0])
    assert workspace.reception.consents.recorded[0][0] == person.person_id
    assert due.words.text() == "Nothing is due."


def test_who_may_not_erase_says_why_and_can_undo_it(qtbot, consent, workspace, notices, monkeypatch) -> None:
    """A receptionist's click erased a face for good."""
    person = workspace.people.people[0]
    may = workspace.access.may
    workspace.access.may = lambda right: right is not Right.DELETE_PEOPLE and may(right)
    workspace.reception.withdrawals = FakeWithdrawals()

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
    assert workspace.reception.withdrawals.calls == [(person.person_id, "by letter")]
    assert workspace.reception.eraser.calls == []
    assert "Person 1: the consent is withdrawn." in notices.messages()


def test_a_withdrawal_at_the_desk_is_among_what_is_due(workspace) -> None:
    row = DueConsent("1" * 32, "Ada", ConsentDue.WITHDRAWN, date(2026, 3, 11), "Ben: by letter")
    words = "Ada: consent withdrawn; the face is hidden, and erased on 2026-03-11 (Ben: by letter)"
    assert text_consent.due(row) == words
