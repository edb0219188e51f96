"""What each role does through the real window on a real data folder, and what each is refused everywhere."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from faceaccess.codes import JournalKind, Outcome, Right, Role
from faceaccess.door import simulation
from faceaccess.errors import PermissionDenied
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.people.person_detail import PersonData
from faceaccess.gui.widgets.entry_dialog import ReasonDialog
from faceaccess.settings import BackupSettings, DoorSettings, RetentionSettings
from faceaccess.store.journal.types import Event, EventFilter
from faceaccess.workspace import Workspace
from tests.store.builders import make_entry

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore")]

LONG_MS = 60_000
PASSWORD = "violet kettle sandwich"
ROLES = (Role.RECEPTIONIST, Role.AUDITOR, Role.DOOR)


@pytest.fixture
def workspace(tmp_path) -> Iterator[Workspace]:
    """A closed folder with an operator of each role, one person and one entry; nobody is signed in."""
    with Workspace.open(tmp_path / "data") as space:
        person = space.people.create(name="Ada Byron", staff_number="1")
        space.journal.append(make_entry(person.person_id), b"jpeg")
        space.access.operators.close_folder(space.access.actor, "our admin", PASSWORD)
        admin = space.access.sign_in("our admin", PASSWORD)
        for role in ROLES:
            space.access.operators.create(admin, f"our {role}", role, PASSWORD)
        space.access.sign_out()
        yield space


@pytest.fixture
def window(qtbot, workspace, theme, window_settings) -> Iterator[MainWindow]:
    """The window as the program's start opens it."""
    made = MainWindow(workspace, theme, window_settings)
    qtbot.addWidget(made)
    made.begin(None, is_gallery_empty=False)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def sign_in(qtbot, window: MainWindow, role: Role) -> None:
    view = window.gate.sign_in
    assert window.gate.is_locked
    qtbot.keyClicks(view.name, f"our {role}")
    qtbot.keyClicks(view.password, PASSWORD)
    qtbot.keyClick(view.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.gate.is_locked, timeout=LONG_MS)


def offered(window: MainWindow, page: object) -> bool:
    return window.rail.button(window.pages.index(page)).isEnabled()


def test_the_receptionist_enrols_and_may_not_delete(qtbot, window, workspace, monkeypatch) -> None:
    sign_in(qtbot, window, Role.RECEPTIONIST)
    window.show_page(window.enrolment)
    portrait = simulation.portraits()[0]
    page = window.enrolment
    page.intake.add_files([str(portrait.path)])
    qtbot.waitUntil(lambda: bool(page.intake.cards) and not page.intake.is_busy(), timeout=LONG_MS)
    page.form.name.setText("Bea New")
    page.form.consent.box.click()
    page.save_button.click()
    qtbot.waitUntil(lambda: len(workspace.people.list()) == 2, timeout=LONG_MS)
    window.show_page(window.people)
    qtbot.waitUntil(lambda: window.people.model.rowCount() == 2)
    window.people.detail.delete_wanted.emit(workspace.people.by_name("Ada Byron")[0])
    qtbot.waitUntil(lambda: any("may not delete people" in words for words in window.notices.messages()))
    assert len(workspace.people.list()) == 2
    assert not offered(window, window.settings_page)
    assert not offered(window, window.safety)


def test_the_auditor_reads_proves_and_exports_and_changes_nothing(
    qtbot, window, workspace, tmp_path, monkeypatch
) -> None:
    sign_in(qtbot, window, Role.AUDITOR)
    window.show_page(window.log)
    qtbot.waitUntil(lambda: window.log.model.rowCount() == 1)
    window.log.table.selectRow(0)
    assert window.log.detail.event_actions.void_button.isHidden()
    target = tmp_path / "log.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_: (str(target), "")))
    window.log.export_button.click()
    qtbot.waitUntil(target.exists)
    window.show_page(window.safety)
    window.safety.proof.verify_button.click()
    qtbot.waitUntil(lambda: "nothing was changed" in window.safety.proof.result.text())
    assert window.safety.proof.folder_button.isHidden()
    person = workspace.people.list()[0]
    held = tmp_path / "held.zip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_: (str(held), "")))
    window.people.detail.disclose_wanted.emit(person)
    qtbot.waitUntil(held.exists)
    window.people.detail.save_wanted.emit(person, PersonData("Eve", None, "", ""))
    qtbot.waitUntil(lambda: any("may not change people" in words for words in window.notices.messages()))
    assert workspace.people.get(person.person_id).name == "Ada Byron"
    assert not offered(window, window.door)
    assert not offered(window, window.enrolment)


def the_entry(workspace: Workspace) -> Event:
    """Return the oldest entry of the log."""
    return workspace.journal.events.newest(EventFilter())[-1]


def test_the_admin_corrects_the_log_and_sets_what_decides(qtbot, window, workspace, monkeypatch) -> None:
    sign_in(qtbot, window, Role.ADMIN)
    window.show_page(window.log)
    qtbot.waitUntil(lambda: window.log.model.rowCount() == 1)
    window.log.table.selectRow(0)

    def answer(dialog: ReasonDialog) -> int:
        dialog.reason.setText("It was her brother")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(ReasonDialog, "exec", answer)
    window.log.detail.event_actions.void_button.click()
    qtbot.waitUntil(lambda: the_entry(workspace).voided_by is not None)
    row = workspace.journal.rows.get(the_entry(workspace).voided_by)
    assert (row.kind, row.actor) == (JournalKind.ENTRY_VOIDED, "our admin")
    assert workspace.journal.rows.note(row.seq) == "It was her brother"
    window.show_page(window.settings_page)
    form = window.settings_page.entries.form
    form.editors["agreeing_frames"].setValue(5)
    form.editors["agreeing_frames"].editingFinished.emit()
    qtbot.waitUntil(lambda: workspace.policies.read(DoorSettings).agreeing_frames == 5)
    assert all(offered(window, page) for page in window.pages)


def test_the_door_is_offered_the_door_and_opens_no_other_source(qtbot, window, workspace) -> None:
    sign_in(qtbot, window, Role.DOOR)
    assert [page for page in window.pages if offered(window, page)] == [window.door]
    with pytest.raises(PermissionDenied, match="cameras that were set up"):
        workspace.doors.open(workspace.access.actor, source="/tmp/door.mp4")


def test_what_is_refused_is_refused_by_the_functions_themselves(workspace) -> None:
    """A window or a script that forgot to ask changes nothing either; each refusal stands in the log."""
    person = workspace.people.list()[0].person_id
    forbidden = {
        Right.DELETE_PEOPLE: lambda actor: workspace.reception.eraser.erase(actor, person),
        Right.CHANGE_PEOPLE: lambda actor: workspace.reception.directory.set_active(actor, person, False),
        Right.SET_POLICY: lambda actor: workspace.policies.set(actor, DoorSettings(agreeing_frames=9)),
        Right.CORRECT: lambda actor: workspace.office.corrections.void(actor, 1, why="No"),
        Right.EXPORT: lambda actor: workspace.journal.export_csv(
            actor, EventFilter(), "x.csv", local=lambda at: at
        ),
        Right.MANAGE_OPERATORS: lambda actor: workspace.access.operators.remove(actor, "our admin"),
        Right.KEEP: lambda actor: workspace.keeping.expiry.run(actor, RetentionSettings(events_days=1), None),
        Right.ENROL: lambda actor: workspace.reception.enrolling.arrivals.plan(actor, ()),
        Right.ANSWER_DESK: lambda actor: workspace.doors.answer_question(actor, 1, person),
    }
    for role in ROLES:
        actor = workspace.access.sign_in(f"our {role}", PASSWORD)
        for right, use_case in forbidden.items():
            if workspace.access.may(right):
                continue
            with pytest.raises(PermissionDenied):
                use_case(actor)
            row = workspace.journal.rows.newest()[0]
            assert (row.kind, row.actor) == (JournalKind.ACTION_REFUSED, f"our {role}")
            assert row.details == {"right": right}
    with pytest.raises(PermissionDenied):
        workspace.policies.set(workspace.access.actor, BackupSettings())
    assert the_entry(workspace).voided_by is None
    assert the_entry(workspace).entry.outcome is Outcome.ACCEPTED
    assert workspace.journal.verify().is_good
