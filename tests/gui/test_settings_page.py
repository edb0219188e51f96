"""The settings page: generated forms, matching, models, folder."""

from dataclasses import replace
from threading import Event as Flag

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from faceaccess.codes import Outcome
from faceaccess.errors import ModelError
from faceaccess.gui.settings import page as settings_module
from faceaccess.gui.settings.page import SettingsPage
from faceaccess.gui.settings.shadow_dialog import ShadowDialog
from faceaccess.gui.window.facts import read_model_facts
from faceaccess.settings import Appearance, DoorSettings
from faceaccess.store.people.types import ShadowCounts
from tests.gui.fake_trial import make_disagreement
from tests.gui.fake_visitors import make_group
from tests.gui.fakes_gui import make_event, make_person, press


@pytest.fixture
def page(qtbot, workspace, bridge, notices) -> SettingsPage:
    """The page, shown and loaded."""
    made = SettingsPage(
        workspace.access,
        workspace.people,
        workspace.reception,
        workspace.doors,
        workspace.models,
        workspace.journal,
        workspace.policies,
        workspace.machine,
        workspace.data_dir,
        bridge,
        notices,
    )
    qtbot.addWidget(made)
    made.resize(1188, 760)
    made.show()
    made.load()
    made.take_facts(read_model_facts(workspace.reception, workspace.models))
    qtbot.waitUntil(lambda: bool(made.models.rows))
    return made


def test_every_setting_has_a_labelled_editor(page) -> None:
    for form in (page.entries.form, page.machine_form):
        assert form.editors
        for editor in form.editors.values():
            assert editor.accessibleName()
            assert editor.accessibleDescription()


def test_door_setting_is_saved_at_once(qtbot, page, workspace) -> None:
    editor = page.entries.form.editors["cool_down_s"]
    editor.setValue(12.5)
    with qtbot.waitSignal(page.door_changed):
        editor.editingFinished.emit()
    assert workspace.policies.read(DoorSettings).cool_down_s == 12.5


@pytest.mark.parametrize("answer", ["Delete", "Go on keeping them"])
def test_kept_faces_go_only_when_that_is_meant(qtbot, page, workspace, monkeypatch, answer) -> None:
    """Fault: setting the hours to 0 deleted all kept faces without a question."""
    workspace.policies.set(workspace.access.actor, DoorSettings(keep_unknown_h=24))
    workspace.reception.visitors.found = [make_group(1, 2)]
    page.load()
    editor = page.entries.form.editors["keep_unknown_h"]
    qtbot.waitUntil(lambda: editor.value() == 24)
    press(monkeypatch, answer)
    editor.setValue(0)
    editor.editingFinished.emit()
    kept = 0 if answer == "Delete" else 24
    qtbot.waitUntil(lambda: editor.value() == workspace.policies.read(DoorSettings).keep_unknown_h == kept)


def test_value_that_can_not_be_used_is_refused_with_a_reason(page, workspace, notices) -> None:
    editor = page.folder_form.editors["data_folder"]
    editor.setText("a\tb")
    editor.editingFinished.emit()
    assert "data_folder must not contain control characters" in notices.messages()[0]
    assert editor.text() == ""
    assert workspace.machine.settings.data_folder == ""


def test_unchanged_setting_is_not_saved(qtbot, page, workspace) -> None:
    page.entries.form.editors["cool_down_s"].editingFinished.emit()
    assert workspace.policies.saved == []


def test_appearance_is_applied_and_keeps_its_type(qtbot, page, workspace) -> None:
    box = page.machine_form.editors["appearance"]
    box.setCurrentIndex(box.findText("Dark"))
    with qtbot.waitSignal(page.machine_changed) as signal:
        box.activated.emit(box.currentIndex())
    assert signal.args[0].appearance is Appearance.DARK
    assert workspace.machine.settings.appearance is Appearance.DARK


def test_wheel_changes_no_setting(page) -> None:
    for editor in (
        page.match.threshold,
        page.entries.form.editors["agreeing_frames"],
        page.machine_form.editors["device"],
    ):
        middle = QPointF(5, 5)
        event = QWheelEvent(
            middle, middle, QPoint(0, 120), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(editor, event)
        assert not event.isAccepted()


def test_threshold_and_margin_are_saved_together(qtbot, page, workspace) -> None:
    page.match.margin.setValue(0.04)
    page.match.margin.editingFinished.emit()
    qtbot.waitUntil(lambda: workspace.models.thresholds.saved == [(0.27, 0.04)])
    page.take_facts(read_model_facts(workspace.reception, workspace.models))
    page.match.reset_button.click()
    qtbot.waitUntil(lambda: workspace.models.thresholds.saved[-1] == (0.27, 0.02))


def test_model_is_downloaded_tried_and_switched_to(qtbot, page, workspace, notices) -> None:
    page.models.rows["facenet"].buttons["fetch"].click()
    qtbot.waitUntil(lambda: "try" in page.models.rows["facenet"].buttons)
    page.models.rows["facenet"].buttons["try"].click()
    qtbot.waitUntil(lambda: page.models.trial is not None)
    trial = page.models.trial
    assert trial.progress.text() == "2 of 5 people ready"
    assert (trial.bar.value(), trial.bar.maximum()) == (2, 5)
    assert trial.stop_button.text() == "Cancel"
    assert not trial.switch_button.isEnabled()
    workspace.models.trial.come_far()
    qtbot.waitUntil(trial.switch_button.isEnabled)
    assert trial.agreement.text() == (
        "Said the same as the model in use of 12 of 15 entries; 2 neither would have told from one picture; "
        "3 were not compared."
    )
    assert trial.bar.isHidden()
    with qtbot.waitSignals([page.door_changed, page.facts_changed]):
        trial.switch_button.click()
    qtbot.waitUntil(lambda: "back" in page.models.rows["built-in"].buttons)
    assert page.models.trial is None
    with qtbot.waitSignal(page.door_changed):
        page.models.rows["built-in"].buttons["back"].click()
    qtbot.waitUntil(lambda: "forget" in page.models.rows["facenet"].buttons)
    page.models.rows["facenet"].buttons["forget"].click()
    qtbot.waitUntil(
        lambda: workspace.models.trial.calls == ["try facenet", "switch", "back", "forget facenet"]
    )


def test_trying_a_model_is_stopped(qtbot, page, workspace) -> None:
    workspace.models.installed.add("facenet")
    page.models.load()
    qtbot.waitUntil(lambda: "try" in page.models.rows["facenet"].buttons)
    page.models.rows["facenet"].buttons["try"].click()
    qtbot.waitUntil(lambda: page.models.trial is not None)
    page.models.trial.stop_button.click()
    qtbot.waitUntil(lambda: page.models.trial is None and "try" in page.models.rows["facenet"].buttons)
    assert workspace.models.trial.calls == ["try facenet", "stop"]


def test_a_switch_that_is_refused_says_why_and_the_door_goes_on(qtbot, page, workspace, notices) -> None:
    workspace.models.trial.try_model(workspace.access.actor, "facenet")
    workspace.models.trial.come_far()
    workspace.models.trial.refuses = ModelError(
        "facenet can use no photo of 1 people: Person 3.", "Add others."
    )
    page.models.load()
    qtbot.waitUntil(lambda: page.models.trial is not None)
    with qtbot.assertNotEmitted(page.door_changed):
        page.models.trial.switch_button.click()
        qtbot.waitUntil(lambda: bool(notices.messages()))
    assert "Person 3" in notices.messages()[0]


@pytest.mark.parametrize(("answer", "calls"), [("Not yet", []), ("Switch", ["switch"])])
def test_a_switch_to_what_was_compared_with_nothing_is_asked_first(
    qtbot, page, workspace, monkeypatch, answer, calls
) -> None:
    """Fault: the button switched though the model had decided about no entry yet."""
    workspace.models.trial.try_model(workspace.access.actor, "facenet")
    workspace.models.trial.come_far()
    workspace.models.trial.now = replace(workspace.models.trial.now, counts=ShadowCounts(0, 0, 0, 0))
    page.models.load()
    qtbot.waitUntil(lambda: page.models.trial is not None)
    press(monkeypatch, answer)
    page.models.trial.switch_button.click()
    qtbot.waitUntil(lambda: workspace.models.trial.calls[1:] == calls)


def test_a_candidate_without_a_threshold_says_what_to_do(qtbot, page, workspace) -> None:
    workspace.models.trial.try_model(workspace.access.actor, "facenet")
    workspace.models.trial.come_far()
    workspace.models.trial.now = replace(workspace.models.trial.now, policy=None)
    page.models.load()
    qtbot.waitUntil(lambda: page.models.trial is not None)
    assert "faceaccess models threshold facenet" in page.models.trial.problem.text()
    assert not page.models.trial.switch_button.isEnabled()


def test_disagreements_are_listed_with_what_each_model_says(qtbot, workspace, notices) -> None:
    event = make_event(1, person=make_person(1))
    workspace.journal.log.append(event)
    workspace.models.trial.found = [make_disagreement(event, Outcome.UNKNOWN, None, 0.9)]
    dialog = ShadowDialog(workspace.access, workspace.models, workspace.journal, notices)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: len(dialog.rows) == 1)
    words = [label.text() for label in dialog.rows[0].findChildren(QLabel)]
    assert "In use: Person 1 (distance 0.183)" in words
    assert any(line.startswith("Tried: ") and line.endswith("(distance 0.900)") for line in words)
    assert "one picture of each entry" in dialog.note.text()


def test_download_can_be_cancelled(qtbot, page, workspace, notices) -> None:
    workspace.models.fetch_gate = Flag()
    page.models.rows["facenet"].buttons["fetch"].click()
    qtbot.waitUntil(lambda: page.models.job.bar.value() == 30)
    page.models.job.cancel_button.click()
    qtbot.waitUntil(lambda: notices.messages() == ["The download was stopped."])
    assert "facenet" not in workspace.models.installed
    assert page.models.job.isHidden()


def test_model_from_a_file(qtbot, page, workspace, monkeypatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", staticmethod(lambda *_: ("/w.pt", "")))
    page.models.rows["facenet"].buttons["import"].click()
    qtbot.waitUntil(lambda: "facenet" in workspace.models.installed)


def test_device_note_is_shown(qtbot, page, workspace) -> None:
    workspace.models.recognisers.device.note = "CUDA is not here; running on the CPU."
    page.take_facts(read_model_facts(workspace.reception, workspace.models))
    assert "CUDA is not here" in page.device_note.text()


def test_data_folder_is_shown(page, workspace) -> None:
    assert str(workspace.data_dir) in page.folder.text()


def test_that_a_desktop_shows_no_notifications_is_said_where_they_are_chosen(
    qtbot, workspace, bridge, notices, monkeypatch
) -> None:
    """They were chosen, and nothing came."""
    monkeypatch.setattr(settings_module, "can_notify", lambda: False)
    page = SettingsPage(
        workspace.access,
        workspace.people,
        workspace.reception,
        workspace.doors,
        workspace.models,
        workspace.journal,
        workspace.policies,
        workspace.machine,
        workspace.data_dir,
        bridge,
        notices,
    )
    qtbot.addWidget(page)
    page.load()
    assert page.tray_note.isHidden()
    page.machine_form.editors["notifies_faults"].setChecked(True)
    assert not page.tray_note.isHidden()
