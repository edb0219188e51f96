"""The window: navigation, shortcuts, what one page means for another, closing."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QSlider

from faceaccess.codes import Outcome, ReportKind
from faceaccess.errors import FaceAccessError, ModelError, Text
from faceaccess.gui.gallery import page as gallery_page
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.page import Page
from faceaccess.gui.window import closing, entries
from faceaccess.gui.window.entries import ENTRIES
from faceaccess.models import recognisers
from faceaccess.people.reception import Reception
from faceaccess.settings import Device
from faceaccess.vision.devices import DeviceInUse
from tests.gui.site import MODEL_ID, events_of, refuse


def test_rail_and_shortcuts_switch_pages(qtbot, window) -> None:
    for number, page in enumerate(window.pages):
        window.rail.button(number).click()
        assert window.stack.currentWidget() is page
    keys = [*(f"Key_{digit}" for digit in range(1, 9)), "Key_I", "Key_9", "Key_0"]
    for key, page in zip(keys, window.pages, strict=True):
        qtbot.keyClick(window.windowHandle(), getattr(Qt.Key, key), Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda page=page: window.stack.currentWidget() is page)
        assert window.rail.button(window.pages.index(page)).isChecked()


def test_a_page_is_made_when_somebody_goes_there(qtbot, window) -> None:
    """All eleven took as long to make as the rest of a start, and 35 MB."""
    qtbot.waitUntil(lambda: entries.GALLERY in [page.entry for page in window.loaded()])
    # The rail counts what waits in the gallery.
    assert [page.entry for page in window.loaded()] == [entries.DOOR, entries.GALLERY]
    number = ENTRIES.index(entries.SETTINGS)
    window.rail.button(number).click()
    assert window.stack.currentWidget() is window.settings_page is window.stack.widget(number)
    assert window.stack.count() == len(ENTRIES)
    assert "In use now" in window.settings_page.device_note.text(), "what is known is told"
    assert window.pages == tuple(window.loaded())


def test_find_leads_to_a_search_field(qtbot, window) -> None:
    window._focus_search()
    assert window.stack.currentWidget() is window.people
    assert window.people.search.hasFocus()
    window.show_page(window.log)
    window._focus_search()
    assert window.log.filters.search.hasFocus()


def test_first_start_leads_to_enrolment(qtbot, empty, theme, window_settings) -> None:
    window = MainWindow(empty, theme, window_settings)
    qtbot.addWidget(window)
    window.begin(None, is_gallery_empty=True)
    assert window.stack.currentWidget() is window.enrolment
    assert "Enrol the first person" in window.notices.messages()[0]


def test_source_given_at_start_opens_the_door(
    qtbot, space, theme, window_settings, recording, sessions
) -> None:
    window = MainWindow(space, theme, window_settings)
    qtbot.addWidget(window)
    window.begin(str(recording), is_gallery_empty=False)
    qtbot.waitUntil(lambda: window.bridge.run_state is RunState.RUNNING)
    assert sessions[0].cameras[0].source == str(recording)
    window.close()


def test_status_line_names_device_model_and_open_folder(
    qtbot, space, theme, window_settings, monkeypatch
) -> None:
    note = Text("CUDA is not here; running on the CPU.")
    monkeypatch.setattr(
        recognisers, "pick_device", lambda _: DeviceInUse(Device.CPU, "CPU (ONNX Runtime)", note)
    )
    window = MainWindow(space, theme, window_settings)
    qtbot.addWidget(window)
    line = window.status_line
    assert line.model.text() == "Loading the model…"
    window.begin(None, is_gallery_empty=False)
    qtbot.waitUntil(lambda: line.device.text() == "CPU (ONNX Runtime)")
    assert line.device.toolTip() == str(note)
    assert line.model.text() == next(
        model.title for model in space.models.catalogue.infos() if model.is_active
    )
    assert line.model.toolTip() == MODEL_ID
    assert line.folder.text() == "No operators: anyone here may change the data"


def test_a_door_open_for_a_trial_is_named_for_as_long_as_it_is(
    qtbot, space, theme, window_settings, sessions
) -> None:
    """The message goes; a door that was forgotten in a trial lets nobody in the next morning."""
    window = MainWindow(space, theme, window_settings)
    qtbot.addWidget(window)
    window.show()
    box = window.status_line.trial_mark
    assert not box.isVisible()
    window.bridge.begin_trial()
    qtbot.waitUntil(lambda: window.bridge.run_state is RunState.RUNNING)
    assert box.isVisible()
    window.bridge.end_staged()
    qtbot.waitUntil(lambda: window.bridge.run_state is RunState.STOPPED)
    assert not box.isVisible()
    window.close()


def test_models_that_fail_to_load_are_told(qtbot, space, theme, window_settings, monkeypatch) -> None:
    refuse(
        monkeypatch, Reception, "load_models", ModelError("The model file is damaged.", "Install it again.")
    )
    window = MainWindow(space, theme, window_settings)
    qtbot.addWidget(window)
    window.begin(None, is_gallery_empty=False)
    qtbot.waitUntil(lambda: window.status_line.model.text() == "No model")
    assert window.notices.messages() == ["The model file is damaged. Install it again."]
    assert not window.door.threshold.isEnabled()


def test_an_unknown_face_of_the_log_leads_to_enrolment_with_its_picture(qtbot, window, space) -> None:
    window.show_page(window.log)
    unknown = next(event for event in events_of(space) if event.entry.outcome is Outcome.UNKNOWN)
    window.log.detail.event_actions.show_event(unknown)
    window.log.detail.event_actions.enrol_button.click()
    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.enrolment)
    qtbot.waitUntil(lambda: len(window.enrolment.intake.cards) == 1)


def test_a_person_leads_to_their_entries_and_hours(qtbot, window, space) -> None:
    first, second = space.people.list()[:2]
    window.show_page(window.people)
    window.people.show_person(first.person_id)
    qtbot.waitUntil(lambda: window.people.detail.name.text() == first.name)
    window.people.detail.entries_button.click()
    assert window.stack.currentWidget() is window.log
    model, filters = window.log.model, window.log.filters
    qtbot.waitUntil(lambda: filters.person_button.text() == first.name)
    qtbot.waitUntil(lambda: 0 < model.rowCount() < 12)
    assert {model.event_at(row).entry.person_id for row in range(model.rowCount())} == {first.person_id}
    filters.person_button.click()
    qtbot.waitUntil(lambda: model.rowCount() == 12)
    assert filters.person_button.isHidden()
    window.show_page(window.people)
    window.people.show_person(second.person_id)
    qtbot.waitUntil(lambda: window.people.detail.name.text() == second.name)
    window.people.detail.hours_button.click()
    assert window.stack.currentWidget() is window.attendance
    qtbot.waitUntil(lambda: window.attendance.choice.request().person_id == second.person_id)
    qtbot.waitUntil(lambda: window.attendance.model.table is not None)
    assert window.attendance.model.table.kind is ReportKind.PERSON


def test_failure_of_a_worker_shows_a_notice(qtbot, window) -> None:
    window.bridge.failed.emit(FaceAccessError("The camera is in use.", "Close the other program."))
    assert window.notices.messages() == ["The camera is in use. Close the other program."]


def test_closing_stops_the_session_once_and_remembers_the_geometry(
    qtbot, window, space, theme, window_settings, sessions
) -> None:
    window.show_page(window.log)
    window.bridge.start("0")
    qtbot.waitUntil(lambda: window.bridge.run_state is RunState.RUNNING)
    window.resize(1100, 720)
    window.close()
    window.close()
    assert sessions[0].stops == 1
    again = MainWindow(space, theme, window_settings)
    qtbot.addWidget(again)
    again.begin(None, is_gallery_empty=False)
    assert window_settings.contains("window/geometry")
    assert again.stack.currentWidget() is again.log


def test_a_damaged_note_of_the_last_page_keeps_no_window_from_opening(
    qtbot, space, theme, window_settings
) -> None:
    window_settings.setValue("window/page", "zz")
    window = MainWindow(space, theme, window_settings)
    qtbot.addWidget(window)
    window.begin(None, is_gallery_empty=False)
    assert window.stack.currentWidget() is window.door


def test_entry_at_the_door_opens_in_the_log(qtbot, window, space) -> None:
    window.door.event_opened.emit(events_of(space)[-1])
    assert window.stack.currentWidget() is window.log
    assert window.log.detail.name.text()


def test_change_of_people_reaches_door_and_log(qtbot, window) -> None:
    window.show_page(window.people)
    qtbot.waitUntil(lambda: window.people.model.rowCount() == 5)
    window.people.table.selectRow(0)
    window.people.detail.active_button.click()
    qtbot.waitUntil(lambda: window.log._is_stale)


def test_photos_wanted_leads_to_enrolment(qtbot, window, space) -> None:
    person = space.people.list()[2]
    window.people.photos_wanted.emit(person)
    assert window.stack.currentWidget() is window.enrolment
    qtbot.waitUntil(lambda: window.enrolment.form.enrolee().add_to == person)


@pytest.mark.parametrize("kind", [QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QSlider])
def test_every_control_has_a_name_and_can_take_the_keyboard(qtbot, window, kind: type) -> None:
    window.show_page(window.settings_page)
    qtbot.waitUntil(lambda: bool(window.settings_page.models.rows))
    for page in window.pages:
        for control in page.findChildren(kind):
            if control.objectName().startswith("qt_") or isinstance(
                control.parent(), QComboBox | QAbstractSpinBox
            ):
                continue
            if isinstance(control.parent(), QLineEdit) or type(control).__name__ == "QTableCornerButton":
                continue
            name = control.accessibleName() or (
                control.text() if isinstance(control, QAbstractButton) else ""
            )
            assert name, (type(page).__name__, control)
            assert control.focusPolicy() != Qt.FocusPolicy.NoFocus, (type(page).__name__, name)


@pytest.mark.parametrize("size", [(1280, 800), (1024, 700)])
def test_nothing_is_wider_than_the_window(qtbot, window, size: tuple[int, int]) -> None:
    for page in window.pages:
        window.show_page(page)
        window.resize(*size)
        qtbot.waitUntil(partial(_fits, window, page, size))


def _fits(window: MainWindow, page: Page, size: tuple[int, int]) -> None:
    """Check that a window is as large as asked for, and its page no larger than its place."""
    assert (window.width(), window.height()) == size
    hint = page.minimumSizeHint()
    assert hint.width() <= page.width(), type(page).__name__
    assert hint.height() <= page.height(), type(page).__name__


def test_notices_keep_failures_and_drop_the_oldest_success(qtbot, notices) -> None:
    notices.fail(FaceAccessError("One."))
    notices.notify("Two.", is_success=True)
    notices.warn("Three.")
    notices.notify("Four.")
    assert notices.messages() == ["One.", "Three.", "Four."]
    notices.warn("Three.")
    assert notices.messages() == ["One.", "Four.", "Three."]
    notices.clear()
    assert notices.messages() == []
    assert notices.isHidden()


@pytest.mark.parametrize("is_sure", [False, True])
def test_closing_over_an_open_door_or_a_begun_enrolment_asks(qtbot, window, monkeypatch, is_sure) -> None:
    asked = []
    monkeypatch.setattr(closing, "confirms", lambda *words, **_: (asked.append(words[2]), is_sure)[1])
    window.enrolment.form.name.setText("Ada")
    window.bridge.start(None)
    qtbot.waitUntil(lambda: window.bridge.run_state is RunState.RUNNING)
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert "The door closes" in asked[0]
    assert "The enrolment that was begun" in asked[0]
    assert window.isVisible() is not is_sure


def test_closing_asks_nothing_where_nothing_is_lost(qtbot, window, monkeypatch) -> None:
    monkeypatch.setattr(closing, "confirms", lambda *_, **__: pytest.fail("it asked"))
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not window.isVisible()


def test_the_rail_counts_findings_and_consents_due(qtbot, space, theme, window_settings, monkeypatch) -> None:
    monkeypatch.setattr(gallery_page, "_SOON_MS", 0)
    window = MainWindow(space, theme, window_settings)
    qtbot.addWidget(window)
    button = window.rail.button(window.pages.index(window.gallery))
    window.begin(None, is_gallery_empty=False)
    waiting = len(space.reception.consents.due()) + len(
        [finding for finding in space.reception.examine_health() if not finding.is_kept]
    )
    assert waiting
    qtbot.waitUntil(lambda: button.waiting == waiting)
    assert button.accessibleName() == f"Gallery, {waiting} waiting"
    assert not window.gallery.cards, "nobody looks at them yet"
