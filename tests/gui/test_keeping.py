"""Backups and retention in the window, and what happens to data that can't be opened."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton

from faceaccess.codes import Outcome
from faceaccess.errors import StoreError
from faceaccess.gui import app
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.widgets.password_dialogs import SecretDialog
from faceaccess.gui.window import recovery
from faceaccess.settings import RetentionSettings
from faceaccess.store import clock
from faceaccess.store.access.types import DOOR, Proof
from faceaccess.store.file.backup import Backups, Restored
from tests.gui.answers import press
from tests.gui.site import PEOPLE, add_entry, refuse

pytestmark = pytest.mark.usefixtures("unstyled")

PASSPHRASE = "seven purple lanterns"


@pytest.fixture
def window(qtbot, space, theme, window_settings) -> MainWindow:
    """The window at its safety page."""
    made = MainWindow(space, theme, window_settings)
    qtbot.addWidget(made)
    made.begin(None, is_gallery_empty=False)
    made.show_page(made.safety)
    made.show()
    return made


def type_passphrase(monkeypatch, passphrase: str) -> None:
    def answer(dialog: SecretDialog) -> int:
        for field in dialog.fields.values():
            field.setText(passphrase)
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(SecretDialog, "exec", answer)


def test_a_backup_is_written_where_and_as_it_is_asked_for(
    qtbot, window, space, monkeypatch, tmp_path
) -> None:
    folder = tmp_path / "usb"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    card = window.safety.backups
    type_passphrase(monkeypatch, "short")
    card.now_button.click()
    qtbot.waitUntil(lambda: any("12 to 256" in words for words in window.notices.messages()))
    type_passphrase(monkeypatch, PASSPHRASE)
    with monkeypatch.context() as patch:
        refuse(patch, Backups, "write", StoreError("The disk is full.", "Free some space."))
        card.now_button.click()
        qtbot.waitUntil(lambda: any("full" in words for words in window.notices.messages()))
    assert card.now_button.isEnabled()
    card.now_button.click()
    qtbot.waitUntil(lambda: any("Written and checked" in words for words in window.notices.messages()))
    (path,) = folder.iterdir()
    assert space.keeping.check_backup(space.access.actor, path, PASSPHRASE).people == PEOPLE


def test_a_restore_is_checked_confirmed_and_ordered(qtbot, window, space, monkeypatch, tmp_path) -> None:
    path = space.keeping.back_up(space.access.actor, tmp_path, PASSPHRASE)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    type_passphrase(monkeypatch, "wrong")
    window.safety.backups.restore_button.click()
    qtbot.waitUntil(lambda: any("can't be opened" in words for words in window.notices.messages()))
    type_passphrase(monkeypatch, PASSPHRASE)
    press(monkeypatch, "Cancel")
    window.safety.backups.restore_button.click()
    qtbot.waitUntil(window.safety.backups.restore_button.isEnabled)
    assert window.restore_order is None
    press(monkeypatch, "Restore")
    window.safety.backups.restore_button.click()
    qtbot.waitUntil(lambda: window.restore_order is not None)
    assert (str(window.restore_order.path), window.restore_order.passphrase) == (
        str(path),
        PASSPHRASE,
    )


def test_a_question_that_is_still_open_restores_nothing_once_the_window_is_locked(window, space) -> None:
    """Whoever came by could say yes to it, and the door restored a backup."""
    space.access.actor = DOOR
    window.safety.backups.restore_wanted.emit("/mnt/usb/a.fabackup", PASSPHRASE)
    assert window.restore_order is None


def test_retention_says_what_goes(qtbot, window, space) -> None:
    card = window.safety.retention
    add_entry(space, Outcome.UNKNOWN, at=clock.utc_now() - timedelta(days=40))
    unknown = space.keeping.preview_expiry(RetentionSettings(unknown_crops_days=30)).unknown_crops
    assert unknown
    qtbot.waitUntil(lambda: card.note.text() == "Nothing is due for deletion now.")
    editor = card.form.editors["unknown_crops_days"]
    editor.setValue(30)
    editor.editingFinished.emit()
    qtbot.waitUntil(lambda: f"{unknown} picture" in card.note.text())
    assert space.policies.read(RetentionSettings).unknown_crops_days == 30


def test_data_that_cannot_be_opened_is_replaced_by_the_newest_backup_if_wanted(
    qapp, monkeypatch, tmp_path
) -> None:
    error = StoreError("The data in faceaccess.db is damaged.", "Nothing was overwritten.")
    said, restored = [], []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: said.append(box.text()))
    monkeypatch.setattr(recovery, "newest_backup", lambda: None)
    assert not recovery.offer_backup(error, tmp_path)

    def restore(*given: object) -> Restored:
        restored.append(given)
        return Restored(None, is_closed=True)

    monkeypatch.setattr(recovery, "newest_backup", lambda: Path("/mnt/usb/a.fabackup"))
    monkeypatch.setattr(recovery, "restore_backup", restore)
    monkeypatch.setattr(SecretDialog, "exec", lambda _: 0)
    assert not recovery.offer_backup(error, tmp_path)
    type_passphrase(monkeypatch, PASSPHRASE)
    assert recovery.offer_backup(error, tmp_path)
    assert restored[0][:3] == (tmp_path, Path("/mnt/usb/a.fabackup"), PASSPHRASE)
    assert restored[0][3:] == (None, Proof(PASSPHRASE, PASSPHRASE))
    assert said == ["The backup is restored."]


def test_the_program_starts_again_on_what_was_restored(qapp, monkeypatch, tmp_path) -> None:
    order = recovery.RestoreOrder(Path("a.fabackup"), PASSPHRASE, None)
    runs, carried = iter([order, StoreError("Damaged."), 0]), []

    def run(*_: object) -> object:
        result = next(runs)
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(app, "_run", run)
    monkeypatch.setattr(app, "carry_out", lambda *given: carried.append(given))
    monkeypatch.setattr(app, "offer_backup", lambda *_: True)
    assert app.main(tmp_path) == 0
    assert carried == [(order, tmp_path)]


def test_what_0_stands_for_is_said_and_a_folder_is_chosen(qtbot, window, tmp_path, monkeypatch) -> None:
    editor = window.safety.retention.form.editors["crops_days"]
    assert editor.value() == 0
    assert editor.text() == "for ever"
    editor.setValue(30)
    assert editor.text() == "30 d"
    backups = window.safety.backups
    button = next(b for b in backups.form.findChildren(QPushButton) if b.text() == "Choose…")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    with qtbot.waitSignal(backups.changed):
        button.click()
    assert backups.form.settings().folder == str(tmp_path)
