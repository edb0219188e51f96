"""People to and from another computer, in the window: two real folders, fake faces."""

from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QDialog, QFileDialog

from faceaccess.gui.safety.transfer_card import TransferCard
from faceaccess.gui.widgets.password_dialogs import SecretDialog
from tests.people.arrivals.test_admission import ImportDesk
from tests.people.arrivals.test_transfer import transfer
from tests.people.test_enrolment import ACTOR, enrol, photo


@pytest.fixture
def cards(qtbot, tmp_path, notices, monkeypatch):
    """The card of each of two installations; Ada is enrolled in the first."""
    desks = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        desks.append(ImportDesk(tmp_path / name, usual_limit=0.05))
    enrol(desks[0], photo(tmp_path, "a.png"), "Ada")
    made = []
    for desk in desks:
        enrolling = SimpleNamespace(transfer=transfer(desk), arrivals=desk.imports)
        space = SimpleNamespace(
            access=SimpleNamespace(actor=ACTOR, may=lambda _: True),
            reception=SimpleNamespace(enrolling=enrolling),
        )
        card = TransferCard(space.access, space.reception, notices)
        qtbot.addWidget(card)
        card.load()
        made.append(card)
    path = str(tmp_path / "people.fapeople")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (path, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (path, ""))
    yield (*made, desks[1])
    for desk in desks:
        desk.database.close()


def type_passphrase(monkeypatch, words):
    def exec_(dialog) -> int:
        for field in dialog.fields.values():
            field.setText(words)
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(SecretDialog, "exec", exec_)


def test_people_are_written_here_and_come_there(qtbot, cards, notices, monkeypatch) -> None:
    here, there, other = cards
    type_passphrase(monkeypatch, "a good passphrase")
    here.export_button.click()
    qtbot.waitUntil(lambda: any("written to" in words for words in notices.messages()))
    assert here.export_button.isEnabled()
    with qtbot.waitSignal(there.people_changed):
        there.import_button.click()
    assert other.names() == ["Ada"]
    assert "1 person came, 0 were here already, 0 were refused." in notices.messages()


def test_a_wrong_passphrase_is_said_and_nobody_comes(qtbot, cards, notices, monkeypatch) -> None:
    here, there, other = cards
    type_passphrase(monkeypatch, "a good passphrase")
    here.export_button.click()
    qtbot.waitUntil(here.export_button.isEnabled)
    type_passphrase(monkeypatch, "another passphrase")
    there.import_button.click()
    qtbot.waitUntil(lambda: any("this passphrase" in words for words in notices.messages()))
    assert other.names() == []
    assert there.import_button.isEnabled()
