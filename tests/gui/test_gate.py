"""Signing in, what each role is shown, and locking again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from faceaccess.codes import ChainFault, JournalKind, KeySource, Outcome, Role
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.safety import proof_card
from faceaccess.gui.widgets.password_dialogs import PassphraseDialog, SecretDialog
from faceaccess.store.access.types import DOOR
from faceaccess.store.journal import heads
from faceaccess.store.journal.proof import Fault, Verification
from faceaccess.store.policy.types import HeadsFolder
from faceaccess.upkeep.keeping import Keeping
from tests.gui import answers
from tests.gui.site import PASSWORD, add_operators
from tests.store.test_encryption import ring  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("unstyled")


@pytest.fixture
def passphrase(space) -> str:
    """That of a folder with an operator of each role."""
    return add_operators(space)


@pytest.fixture
def window(qtbot, space, passphrase, theme, window_settings) -> MainWindow:
    """The window of a folder with an operator of each role, locked."""
    space.access.actor = DOOR
    made = MainWindow(space, theme, window_settings)
    qtbot.addWidget(made)
    made.begin(None, is_gallery_empty=False)
    made.show()
    qtbot.waitExposed(made)
    return made


def sign_in(qtbot, window: MainWindow, name: str, password: str = PASSWORD) -> None:
    view = window.gate.sign_in
    view.name.setText(name)
    view.password.setText(password)
    qtbot.keyClick(view.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.button.isEnabled() and not view.password.text())


def offered(window: MainWindow) -> list[str]:
    """Names of the pages in the rail."""
    buttons = [window.rail.button(number) for number in range(len(window.pages))]
    return [button.text() for button in buttons if not button.isHidden() and button.isEnabled()]


def test_a_closed_folder_asks_who_is_there_and_shows_nothing(qtbot, window) -> None:
    assert window.gate.is_locked
    assert offered(window) == []
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    window._focus_search()
    assert window.gate.is_locked
    window.gate.sign_in.button.click()
    assert "Type your name" in window.gate.sign_in.message.text()
    sign_in(qtbot, window, "our admin", "wrong")
    assert window.gate.is_locked
    assert "not right" in window.gate.sign_in.message.text()


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        (Role.DOOR, ["Door"]),
        (Role.RECEPTIONIST, ["Door", "Enrol", "People", "Log"]),
        (Role.AUDITOR, ["People", "Log", "Safety"]),
        (Role.ADMIN, ["Door", "Enrol", "People", "Log", "Settings", "Safety"]),
    ],
)
def test_each_role_is_offered_its_own_pages(qtbot, window, role, pages) -> None:
    sign_in(qtbot, window, f"our {role}")
    assert not window.gate.is_locked
    assert [page for page in offered(window) if page in pages] == pages
    assert set(offered(window)) & {"Settings", "Safety", "Enrol"} == set(pages) & {
        "Settings",
        "Safety",
        "Enrol",
    }
    assert window.door.threshold_card.isHidden() == (role is not Role.ADMIN)
    assert str(role) in window.status_line.operator.text()
    window.status_line.operator.click()
    assert window.gate.is_locked
    assert window.gate.sign_in.password.text() == ""


def test_an_idle_window_locks_itself_and_the_log_says_so(qtbot, window, space) -> None:
    sign_in(qtbot, window, "our admin")
    window.gate._idle.restart(30)
    qtbot.waitUntil(lambda: window.gate.is_locked)
    (row,) = space.journal.rows.newest([JournalKind.SIGNED_OUT])
    assert (row.actor, row.details) == ("our admin", {"is_idle": True})


def test_typing_puts_the_lock_off(qtbot, window) -> None:
    sign_in(qtbot, window, "our admin")
    window.gate._idle._timer.setTimerType(Qt.TimerType.PreciseTimer)
    window.gate._idle.restart(60_000)
    qtbot.wait(50)
    before = window.gate._idle._timer.remainingTime()
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    assert window.gate._idle._timer.remainingTime() > before


def test_a_lost_password_is_set_anew(qtbot, window, passphrase, monkeypatch) -> None:
    def answer(dialog: SecretDialog) -> int:
        for name, value in (
            ("name", "our admin"),
            ("passphrase", passphrase),
            ("password", "marble otter bicycle"),
        ):
            dialog.fields[name].setText(value)
        dialog.fields["again"].setText("another")
        dialog.accept()
        assert dialog.problem.isVisibleTo(dialog)
        assert dialog.text("password") == "marble otter bicycle"
        dialog.fields["again"].setText("marble otter bicycle")
        dialog.fields["passphrase"].setText("another")
        assert answers.accept(dialog) == QDialog.DialogCode.Rejected
        assert dialog.problem.text()
        dialog.fields["passphrase"].setText(passphrase)
        return answers.accept(dialog)

    monkeypatch.setattr(SecretDialog, "exec", answer)
    window.gate.sign_in.lost_button.click()
    qtbot.waitUntil(lambda: "sign in with it" in window.gate.sign_in.message.text())
    sign_in(qtbot, window, "our admin", "marble otter bicycle")
    assert not window.gate.is_locked


@pytest.fixture
def safety(qtbot, space, theme, window_settings, monkeypatch) -> MainWindow:
    """The window of an open folder at its safety page; questions are answered with the harmless word."""
    monkeypatch.setattr(proof_card, "confirms", lambda *_, **__: False)
    made = MainWindow(space, theme, window_settings)
    qtbot.addWidget(made)
    made.begin(None, is_gallery_empty=False)
    made.show_page(made.safety)
    made.show()
    return made


def fill_in(monkeypatch, **values: str) -> None:
    """Answer the next dialogs that ask for secrets."""

    def answer(dialog: SecretDialog) -> int:
        for name, value in values.items():
            if name in dialog.fields:
                dialog.fields[name].setText(value)
        if "again" in dialog.fields:
            dialog.fields["again"].setText(values.get("password", ""))
        return answers.accept(dialog)

    monkeypatch.setattr(SecretDialog, "exec", answer)


def test_the_first_admin_closes_the_folder_and_is_shown_the_passphrase_once(
    qtbot, safety, monkeypatch
) -> None:
    shown = []

    def keep(dialog: PassphraseDialog) -> int:
        dialog.reject()
        assert dialog.result() != QDialog.DialogCode.Accepted
        assert not dialog.close_button.isEnabled()
        dialog.is_kept.setChecked(True)
        dialog.copy_button.click()
        shown.append((dialog.passphrase.text(), QApplication.clipboard().text()))
        dialog.reject()
        return 0

    monkeypatch.setattr(PassphraseDialog, "exec", keep)

    def hesitate(dialog: SecretDialog) -> int:
        for name, typed in (("name", "Ada"), ("password", "short"), ("again", "short")):
            dialog.fields[name].setText(typed)
        assert answers.accept(dialog) == QDialog.DialogCode.Rejected
        assert "12 to 256" in dialog.problem.text()
        assert dialog.text("name") == "Ada"
        for name in ("password", "again"):
            dialog.fields[name].setText(PASSWORD)
        return answers.accept(dialog)

    monkeypatch.setattr(SecretDialog, "exec", hesitate)
    operators = safety.safety.operators
    qtbot.waitUntil(lambda: "first admin" in operators.add_button.text())
    operators.add_button.click()
    qtbot.waitUntil(lambda: bool(shown))
    assert shown[0][0] == shown[0][1]
    qtbot.waitUntil(lambda: "Ada" in safety.status_line.operator.text())
    assert not safety.gate.is_locked
    safety.show_page(safety.safety)
    qtbot.waitUntil(lambda: len(operators.list.rows) == 1)
    operators.list.rows[0].remove_button.click()
    qtbot.waitUntil(lambda: any("last admin" in words for words in safety.notices.messages()))


def test_checking_the_log_says_what_is_wrong(qtbot, safety, space, monkeypatch) -> None:
    proof = safety.safety.proof
    proof.verify_button.click()
    qtbot.waitUntil(lambda: proof.result.text().endswith("nothing was changed."))
    changed = Verification(9, None, tuple(Fault(seq, ChainFault.ROW) for seq in range(1, 8)))
    monkeypatch.setattr(Keeping, "verify_log", lambda *_: changed)
    proof.verify_button.click()
    qtbot.waitUntil(lambda: "Something was changed" in proof.result.text())
    assert "row 5" in proof.result.text()
    assert "2 more" in proof.result.text()
    ada = space.people.list()[0]
    about = f"person:{ada.person_id}"
    changed = Verification(9, None, (Fault(3, ChainFault.RECORD, about),))
    proof.verify_button.click()
    qtbot.waitUntil(lambda: f"the person {ada.name} is not as the log has it" in proof.result.text())


def test_a_place_for_the_logs_end_is_offered_to_the_first_admin(
    qtbot, safety, space, monkeypatch, tmp_path
) -> None:
    proof = safety.safety.proof
    qtbot.waitUntil(lambda: "on this computer only" in proof.folder.text())
    monkeypatch.setattr(proof_card, "confirms", lambda *_, **__: True)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", staticmethod(lambda *_: str(tmp_path)))
    safety.safety.operators.closed.emit()
    qtbot.waitUntil(lambda: str(tmp_path) in proof.folder.text())
    assert space.policies.read(HeadsFolder).folder == str(tmp_path)
    assert space.journal.has_end(heads.read(tmp_path / heads.HEADS_FILE)[-1])


@pytest.mark.usefixtures("ring")
def test_the_key_moves_to_the_keyring_and_back(qtbot, window, space, passphrase, monkeypatch) -> None:
    sign_in(qtbot, window, "our admin")
    window.show_page(window.safety)
    fill_in(monkeypatch, passphrase=passphrase)
    card = window.safety.encryption
    qtbot.waitUntil(lambda: card.note.text().startswith("Off"))
    card.switch_button.click()
    qtbot.waitUntil(lambda: card.note.text().startswith("On"))
    assert space.access.encryption.source is KeySource.KEYRING
    card.switch_button.click()
    qtbot.waitUntil(lambda: card.note.text().startswith("Off"))


def test_whoever_signs_in_next_finds_nothing_of_the_last_operators(qtbot, window, space) -> None:
    """The buttons of an entry that an admin had selected were offered to a receptionist."""
    sign_in(qtbot, window, f"our {Role.ADMIN}")
    window.show_page(window.log)
    qtbot.waitUntil(lambda: window.log.model.rowCount() > 0)
    row = next(
        row
        for row in range(window.log.model.rowCount())
        if window.log.model.event_at(row).entry.outcome is Outcome.ACCEPTED
    )
    window.log.table.selectRow(row)
    actions = window.log.detail.event_actions
    assert not actions.correct_button.isHidden()
    window.gate.lock()
    sign_in(qtbot, window, f"our {Role.ADMIN}")
    assert not actions.correct_button.isHidden(), "the same operator goes on"
    window.gate.lock()
    sign_in(qtbot, window, f"our {Role.RECEPTIONIST}")
    window.show_page(window.log)
    assert actions.correct_button.isHidden()
    assert not window.log.table.selectionModel().hasSelection()
    window.gate.lock()
    sign_in(qtbot, window, f"our {Role.ADMIN}")
    window.show_page(window.log)
    window.log.table.selectRow(row)
    assert not actions.correct_button.isHidden()


def test_whoever_closes_the_folder_stays_there_and_is_told(qtbot, space, theme, window_settings) -> None:
    window = MainWindow(space, theme, window_settings)
    qtbot.addWidget(window)
    window.begin(None, is_gallery_empty=False)
    window.show()
    window.show_page(window.safety)
    add_operators(space)
    window.gate.load()
    assert window.stack.currentWidget() is window.safety
    assert window.notices.messages() == [
        "The data folder is closed: whoever uses it signs in. You are signed in as our admin."
    ]
