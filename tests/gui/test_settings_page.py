"""The settings page: generated forms, matching, models, folder."""

from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from faceaccess import paths
from faceaccess.codes import Outcome
from faceaccess.errors import Cancelled, ModelError, Text
from faceaccess.gui import background
from faceaccess.gui.settings import page as settings_module
from faceaccess.gui.settings.model_trial import ModelTrialView
from faceaccess.gui.settings.page import SettingsPage
from faceaccess.gui.settings.shadow_dialog import ShadowDialog
from faceaccess.gui.window.facts import read_model_facts
from faceaccess.models import recognisers
from faceaccess.models.trial import ModelTrial, TrialState
from faceaccess.recognition.types import MatchPolicy
from faceaccess.settings import Appearance, Device, DoorSettings, HeldTemplates, load_machine_settings
from faceaccess.store.people.types import Disagreement, Readiness, ShadowCounts
from faceaccess.store.policy.types import ModelChoice, StoredMatch
from faceaccess.vision import weights
from faceaccess.vision.devices import DeviceInUse
from faceaccess.vision.embedder import BUILT_IN, INCEPTION
from faceaccess.workspace import Workspace
from tests.gui.answers import press
from tests.gui.drawn import NOW
from tests.gui.site import MODEL_ID, PEOPLE, events_of, keep_faces, last_row, refuse


def install(space: Workspace) -> None:
    """Let the weights of another model be there."""
    weights.import_file(weights.find_weights(INCEPTION), Path("/w.pt"), paths.models_dir(space.data_dir))


@pytest.fixture(autouse=True)
def _weights(monkeypatch) -> None:
    """Let weights be empty files, which are there as soon as they are fetched or taken from a file."""

    def put(file: weights.WeightsFile, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file.file).touch()

    monkeypatch.setattr(weights, "fetch", lambda file, folder, **_: put(file, folder))
    monkeypatch.setattr(weights, "import_file", lambda file, _, folder: put(file, folder))
    monkeypatch.setattr(
        weights, "is_there", lambda file, folder: file.is_carried or (folder / file.file).exists()
    )


@pytest.fixture
def page(qtbot, space, live, notices) -> SettingsPage:
    """The page, shown and loaded."""
    made = SettingsPage(
        space.access,
        space.people,
        space.reception,
        space.doors,
        space.models,
        space.adapting,
        space.journal,
        space.policies,
        space.machine,
        space.data_dir,
        live,
        notices,
    )
    qtbot.addWidget(made)
    made.resize(1188, 760)
    made.show()
    made.load()
    made.take_facts(read_model_facts(space.reception, space.models))
    qtbot.waitUntil(lambda: bool(made.models.rows))
    return made


def test_every_setting_has_a_labelled_editor(page) -> None:
    for form in (page.entries.form, page.machine_form):
        assert form.editors
        for editor in form.editors.values():
            assert editor.accessibleName()
            assert editor.accessibleDescription()


def test_door_setting_is_saved_at_once(qtbot, page, space) -> None:
    editor = page.entries.form.editors["cool_down_s"]
    editor.setValue(12.5)
    with qtbot.waitSignal(page.door_changed):
        editor.editingFinished.emit()
    assert space.policies.read(DoorSettings).cool_down_s == 12.5


def test_what_a_door_does_about_photos_holds_at_once(qtbot, page) -> None:
    """A door that was open went on letting in photos until it was opened again."""
    with qtbot.waitSignal(page.door_changed):
        page.openings.changed.emit()


@pytest.mark.parametrize("answer", ["Delete", "Go on keeping them"])
def test_kept_faces_go_only_when_that_is_meant(qtbot, page, space, monkeypatch, answer) -> None:
    """Fault: setting the hours to 0 deleted all kept faces without a question."""
    keep_faces(space, 2)
    page.load()
    editor = page.entries.form.editors["keep_unknown_h"]
    qtbot.waitUntil(lambda: editor.value() == 24)
    press(monkeypatch, answer)
    editor.setValue(0)
    editor.editingFinished.emit()
    kept = 0 if answer == "Delete" else 24
    qtbot.waitUntil(lambda: editor.value() == space.policies.read(DoorSettings).keep_unknown_h == kept)


def test_value_that_can_not_be_used_is_refused_with_a_reason(page, space, notices) -> None:
    editor = page.folder_form.editors["data_folder"]
    editor.setText("a\tb")
    editor.editingFinished.emit()
    assert "data_folder must not contain control characters" in notices.messages()[0]
    assert editor.text() == ""
    assert space.machine.settings.data_folder == ""


def test_unchanged_setting_is_not_saved(qtbot, page, space) -> None:
    before = last_row(space)
    page.entries.form.editors["cool_down_s"].editingFinished.emit()
    background.shutdown()
    assert last_row(space) == before


def test_appearance_is_applied_and_keeps_its_type(qtbot, page, space) -> None:
    box = page.machine_form.editors["appearance"]
    box.setCurrentIndex(box.findText("Dark"))
    with qtbot.waitSignal(page.machine_changed) as signal:
        box.activated.emit(box.currentIndex())
    assert signal.args[0].appearance is Appearance.DARK
    assert space.machine.settings.appearance is Appearance.DARK


def test_templates_are_held_as_chosen_from_the_next_loading_on(qtbot, page, space) -> None:
    assert not space.models.recogniser.gallery.is_compact
    box = page.machine_form.editors["held_templates"]
    box.setCurrentIndex(box.findText("A byte a number"))
    with qtbot.waitSignal(page.machine_changed):
        box.activated.emit(box.currentIndex())
    assert load_machine_settings().held_templates is HeldTemplates.COMPACT
    gallery = space.models.recogniser.gallery
    assert gallery.is_compact
    assert len(gallery) > 0


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


def test_threshold_and_margin_are_saved_together(qtbot, page, space) -> None:
    page.match.margin.setValue(0.04)
    page.match.margin.editingFinished.emit()
    saved = StoredMatch(MODEL_ID, 0.27, 0.04, "operator", PEOPLE)
    qtbot.waitUntil(lambda: space.policies.match(MODEL_ID) == saved)
    page.take_facts(read_model_facts(space.reception, space.models))
    page.match.reset_button.click()
    qtbot.waitUntil(lambda: space.policies.match(MODEL_ID) is None)


def wait_for_trial(qtbot, page: SettingsPage) -> ModelTrialView:
    """Read the models until another one is tried; return what is shown of it."""
    page.models.load()
    qtbot.waitUntil(lambda: page.models.trial is not None)
    return page.models.trial


def try_model(qtbot, space: Workspace) -> None:
    """Make everybody ready for another model."""
    space.models.trial.try_model(space.access.actor, INCEPTION)
    qtbot.waitUntil(lambda: space.models.trial.state().is_ready)


def show_trial(monkeypatch, space: Workspace, **state: object) -> None:
    """Let the trial of another model be in a state that would take days to reach."""
    choice = ModelChoice(candidate=INCEPTION, tried_since=NOW)
    space.policies.set(space.access.actor, choice)
    shown = TrialState(BUILT_IN, INCEPTION, policy=MatchPolicy(f"{INCEPTION}:small", 0.8, 0.05), **state)
    monkeypatch.setattr(ModelTrial, "state", lambda _: shown)


def test_model_is_downloaded_tried_and_switched_to(qtbot, page, space, monkeypatch) -> None:
    page.models.rows[INCEPTION].buttons["fetch"].click()
    qtbot.waitUntil(lambda: "try" in page.models.rows[INCEPTION].buttons)
    space.models.thresholds.save_for(space.access.actor, INCEPTION, 0.3, 0.02)
    page.models.rows[INCEPTION].buttons["try"].click()
    qtbot.waitUntil(lambda: page.models.trial is not None)
    trial = page.models.trial
    qtbot.waitUntil(trial.switch_button.isEnabled)
    press(monkeypatch, "Switch")
    with qtbot.waitSignals([page.door_changed, page.facts_changed]):
        trial.switch_button.click()
    qtbot.waitUntil(lambda: "back" in page.models.rows[BUILT_IN].buttons)
    assert page.models.trial is None
    assert space.models.model_id == f"{INCEPTION}:small"
    with qtbot.waitSignal(page.door_changed):
        page.models.rows[BUILT_IN].buttons["back"].click()
    qtbot.waitUntil(lambda: "forget" in page.models.rows[INCEPTION].buttons)
    assert space.models.model_id == MODEL_ID
    page.models.rows[INCEPTION].buttons["forget"].click()
    qtbot.waitUntil(lambda: set(space.models.templates.by_model.people()) == {MODEL_ID})


def test_a_trial_says_how_far_it_is(qtbot, page, space, monkeypatch) -> None:
    show_trial(monkeypatch, space, readiness=Readiness(5, 2), is_working=True)
    trial = wait_for_trial(qtbot, page)
    qtbot.waitUntil(lambda: trial.progress.text() == "2 of 5 people ready")
    assert (trial.bar.value(), trial.bar.maximum()) == (2, 5)
    assert trial.stop_button.text() == "Cancel"
    assert not trial.switch_button.isEnabled()
    show_trial(monkeypatch, space, readiness=Readiness(5, 5), counts=ShadowCounts(12, 1, 2, 3))
    qtbot.waitUntil(trial.switch_button.isEnabled)
    assert trial.agreement.text() == (
        "Agreed with the model in use on 12 of 15 entries; 2 that neither could decide from one picture; "
        "3 were not compared."
    )
    assert trial.bar.isHidden()


def test_trying_a_model_is_stopped(qtbot, page, space) -> None:
    install(space)
    try_model(qtbot, space)
    wait_for_trial(qtbot, page).stop_button.click()
    qtbot.waitUntil(lambda: page.models.trial is None and "try" in page.models.rows[INCEPTION].buttons)
    assert space.policies.read(ModelChoice).candidate is None


def test_a_switch_that_is_refused_says_why_and_the_door_goes_on(
    qtbot, page, space, notices, monkeypatch
) -> None:
    show_trial(monkeypatch, space, readiness=Readiness(5, 5), counts=ShadowCounts(12, 1, 2, 3))
    error = ModelError("facenet can use no photo of 1 people: Person 3.", "Add others.")
    refuse(monkeypatch, ModelTrial, "switch", error)
    trial = wait_for_trial(qtbot, page)
    qtbot.waitUntil(trial.switch_button.isEnabled)
    with qtbot.assertNotEmitted(page.door_changed):
        trial.switch_button.click()
        qtbot.waitUntil(lambda: bool(notices.messages()))
    assert "Person 3" in notices.messages()[0]


@pytest.mark.parametrize(("answer", "active"), [("Not yet", BUILT_IN), ("Switch", INCEPTION)])
def test_a_switch_to_what_was_compared_with_nothing_is_asked_first(
    qtbot, page, space, monkeypatch, answer, active
) -> None:
    """Fault: the button switched though the model had decided about no entry yet."""
    install(space)
    space.models.thresholds.save_for(space.access.actor, INCEPTION, 0.3, 0.02)
    try_model(qtbot, space)
    trial = wait_for_trial(qtbot, page)
    qtbot.waitUntil(trial.switch_button.isEnabled)
    press(monkeypatch, answer)
    trial.switch_button.click()
    background.shutdown()
    assert space.policies.read(ModelChoice).active == active


def test_a_candidate_without_a_threshold_says_what_to_do(qtbot, page, space) -> None:
    install(space)
    try_model(qtbot, space)
    trial = wait_for_trial(qtbot, page)
    qtbot.waitUntil(lambda: f"faceaccess models threshold {INCEPTION}" in trial.problem.text())
    assert not trial.switch_button.isEnabled()


def test_disagreements_are_listed_with_what_each_model_says(qtbot, space, notices, monkeypatch) -> None:
    event = next(event for event in events_of(space) if event.entry.outcome is Outcome.ACCEPTED)
    rows = [Disagreement(event, Outcome.UNKNOWN, None, None, 0.9)]
    monkeypatch.setattr(ModelTrial, "disagreements", lambda *_: rows)
    dialog = ShadowDialog(space.access, space.models, space.journal, notices)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: len(dialog.rows) == 1)
    words = [label.text() for label in dialog.rows[0].findChildren(QLabel)]
    assert f"In use: {event.person_name} (distance 0.183)" in words
    assert any(line.startswith("Tried: ") and line.endswith("(distance 0.900)") for line in words)
    assert "one picture of each entry" in dialog.note.text()


def test_download_can_be_cancelled(qtbot, page, notices, monkeypatch) -> None:
    def fetch(*_: object, progress: Callable[[int, int], None], is_cancelled: Callable[[], bool]) -> None:
        progress(30, 100)
        while not is_cancelled():
            Flag().wait(0.01)
        raise Cancelled("The download was stopped.")

    monkeypatch.setattr(weights, "fetch", fetch)
    page.models.rows[INCEPTION].buttons["fetch"].click()
    qtbot.waitUntil(lambda: page.models.job.bar.value() == 30)
    page.models.job.cancel_button.click()
    qtbot.waitUntil(lambda: notices.messages() == ["The download was stopped."])
    qtbot.waitUntil(lambda: "fetch" in page.models.rows[INCEPTION].buttons)
    assert page.models.job.isHidden()


def test_model_from_a_file(qtbot, page, monkeypatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", staticmethod(lambda *_: ("/w.pt", "")))
    page.models.rows[INCEPTION].buttons["import"].click()
    qtbot.waitUntil(lambda: "try" in page.models.rows[INCEPTION].buttons)


def test_device_note_is_shown(qtbot, page, space, monkeypatch) -> None:
    note = Text("CUDA is not here; running on the CPU.")
    monkeypatch.setattr(recognisers, "pick_device", lambda _: DeviceInUse(Device.CPU, "CPU", note))
    space.models.forget_device()
    page.take_facts(read_model_facts(space.reception, space.models))
    assert "CUDA is not here" in page.device_note.text()


def test_data_folder_is_shown(page, space) -> None:
    assert str(space.data_dir) in page.folder.text()


def test_that_a_desktop_shows_no_notifications_is_said_where_they_are_chosen(
    qtbot, space, live, notices, monkeypatch
) -> None:
    """They were chosen, and nothing came."""
    monkeypatch.setattr(settings_module, "can_notify", lambda: False)
    page = SettingsPage(
        space.access,
        space.people,
        space.reception,
        space.doors,
        space.models,
        space.adapting,
        space.journal,
        space.policies,
        space.machine,
        space.data_dir,
        live,
        notices,
    )
    qtbot.addWidget(page)
    page.load()
    assert page.tray_note.isHidden()
    page.machine_form.editors["notifies_faults"].setChecked(True)
    assert not page.tray_note.isHidden()
