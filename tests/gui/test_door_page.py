"""The door page: start, watch, read the banner, move the threshold."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from faceaccess.codes import CameraFault, CameraState, Drift, Outcome, Reason
from faceaccess.door.supervision import CameraStatus
from faceaccess.errors import CameraError
from faceaccess.gui.door import source_chooser
from faceaccess.gui.door.page import DoorPage
from faceaccess.gui.door.threshold_slider import ThresholdSlider
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.window.facts import read_model_facts
from faceaccess.gui.wording import codes
from faceaccess.recognition.types import Decision, MatchPolicy
from faceaccess.settings import CameraSettings
from faceaccess.steady import steady_s
from tests.gui.fakes_gui import (
    MODEL_ID,
    FakeSession,
    make_decision,
    make_event,
    make_face,
    make_person,
    make_result,
)


@pytest.fixture
def page(qtbot, workspace, bridge, notices) -> DoorPage:
    """The page, shown and loaded."""
    made = DoorPage(
        workspace.access,
        workspace.people,
        workspace.doors,
        workspace.models,
        workspace.journal,
        workspace.policies,
        bridge,
        notices,
    )
    qtbot.addWidget(made)
    made.resize(1188, 760)
    made.show()
    made.load()
    made.take_facts(read_model_facts(workspace.reception, workspace.models))
    qtbot.waitUntil(lambda: made.chooser.has_source() or not workspace.doors.cameras.found)
    qtbot.waitUntil(lambda: made.entries.model.rowCount() == len(workspace.journal.log))
    return made


def _start(qtbot, page: DoorPage, workspace, bridge) -> FakeSession:
    qtbot.mouseClick(page.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bridge.run_state is RunState.RUNNING)
    return workspace.sessions[-1]


def test_start_shows_picture_and_stop_ends_the_session(qtbot, page, workspace, bridge) -> None:
    session = _start(qtbot, page, workspace, bridge)
    assert (session.source, session.starts, workspace.loads) == ("0", 1, 2)
    qtbot.waitUntil(page.view.has_picture)
    assert page.start_button.text() == "Stop"
    qtbot.mouseClick(page.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bridge.run_state is RunState.STOPPED)
    assert session.stops == 1
    assert page.start_button.text() == "Start the door"


def test_faces_are_marked_with_name_distance_and_outcome(qtbot, page, workspace, bridge) -> None:
    session = _start(qtbot, page, workspace, bridge)
    person = workspace.people.people[1]
    known = make_face(make_decision(Outcome.ACCEPTED, person))
    stranger = make_face(make_decision(Outcome.UNKNOWN), 2)
    session.on_result("main", make_result(known, stranger))
    qtbot.waitUntil(lambda: len(page.view.first.marks) == 2)
    first, second = page.view.first.marks
    assert (first.name, first.detail, first.outcome) == (
        person.name, "distance 0.183, limit 0.270", Outcome.ACCEPTED,
    )  # fmt: skip
    assert second.name == "Not recognised"


def test_marks_vanish_when_results_stop_coming(qtbot, page, workspace, bridge) -> None:
    session = _start(qtbot, page, workspace, bridge)
    session.on_result("main", make_result(make_face(make_decision(Outcome.UNKNOWN))))
    qtbot.waitUntil(lambda: len(page.view.first.marks) == 1)
    qtbot.waitUntil(lambda: page.view.first.marks == (), timeout=3000)


@pytest.mark.parametrize("outcome", Outcome)
def test_banner_and_list_show_each_outcome(qtbot, page, workspace, bridge, outcome: Outcome) -> None:
    session = _start(qtbot, page, workspace, bridge)
    person = workspace.people.people[0] if outcome in (Outcome.ACCEPTED, Outcome.DENIED) else None
    event = make_event(50, outcome, person=person)
    workspace.journal.log.append(event)
    session.on_event(event)
    qtbot.waitUntil(lambda: page.entries.model.event_at(0).seq == 50)
    panel = page.banner.panels[0]
    assert panel.property("outcome") == str(outcome)
    if outcome is Outcome.ACCEPTED:
        assert panel.title.text() == f"Welcome, {person.name}"
    else:
        assert panel.advice.text()
    assert page.banner.panels[1].isHidden()


def test_two_people_at_once_both_stand_in_the_banner(qtbot, page, workspace) -> None:
    page.show_event(make_event(50, person=workspace.people.people[0]))
    page.show_event(make_event(51, Outcome.UNKNOWN))
    assert [panel.property("outcome") for panel in page.banner.panels] == ["unknown", "accepted"]
    assert page.banner.panels[1].isVisible()


def test_hint_tells_the_person_what_to_do(qtbot, page, workspace, bridge) -> None:
    session = _start(qtbot, page, workspace, bridge)
    policy = MatchPolicy(MODEL_ID, 0.27, 0.0)
    decision = Decision(Outcome.LOW_QUALITY, Reason.TOO_DARK, None, None, None, None, policy)
    session.on_result("main", make_result(make_face(decision)))
    qtbot.waitUntil(lambda: page.banner.panels[0].title.text() == "More light on the face")


def test_lost_camera_is_said_and_failure_of_the_session_too(qtbot, page, workspace, bridge) -> None:
    session = _start(qtbot, page, workspace, bridge)
    session.frame = None
    session.on_status("main", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE))
    qtbot.waitUntil(lambda: "No picture from the camera" in page.view.first.message)
    with qtbot.waitSignal(bridge.failed):
        session.on_error(CameraError("The camera is in use.", "Close the other program."))


@pytest.mark.parametrize(
    ("state", "fault", "can_retry"),
    [
        (CameraState.OFFLINE, CameraFault.UNREACHABLE, True),
        (CameraState.STALLED, CameraFault.NO_PICTURE, True),
        (CameraState.STALLED, CameraFault.FROZEN, True),
        (CameraState.ONLINE, CameraFault.BLACK, False),
        (CameraState.ONLINE, CameraFault.OVEREXPOSED, False),
    ],
)
def test_what_is_wrong_with_the_camera_is_said(
    qtbot, page, workspace, bridge, state: CameraState, fault: CameraFault, can_retry: bool
) -> None:
    session = _start(qtbot, page, workspace, bridge)
    session.on_status("main", CameraStatus(state, fault, reconnects=3))
    qtbot.waitUntil(page.notice.isVisible)
    assert codes.camera_status(CameraStatus(state, fault)).label in page.notice.words.text()
    assert "3 reconnects" in page.notice.words.text()
    assert page.notice.retry_button.isVisible() is can_retry
    session.on_status("main", CameraStatus(CameraState.ONLINE))
    qtbot.waitUntil(lambda: not page.notice.isVisible())


def test_nobody_is_asked_to_look_into_a_camera_that_sees_nothing(qtbot, page, workspace, bridge) -> None:
    session = _start(qtbot, page, workspace, bridge)
    session.on_status("main", CameraStatus(CameraState.ONLINE, CameraFault.BLACK))
    qtbot.waitUntil(page.notice.isVisible)
    with qtbot.waitSignal(bridge.result_ready):
        session.on_result("main", make_result())
    assert page.banner.panels[0].title.text() == "The camera's picture is black"
    assert "lens" in page.notice.words.text()


def test_with_no_camera_on_nobody_is_asked_to_look_into_one(qtbot, page, workspace, bridge) -> None:
    """With several cameras, the page asked for it while none of them was on."""
    workspace.policies.kept = tuple(CameraSettings(camera_id=each, name=each) for each in "ab")
    bridge.start(None)
    qtbot.waitUntil(lambda: bridge.run_state is RunState.RUNNING)
    session, black = workspace.sessions[-1], CameraStatus(CameraState.ONLINE, CameraFault.BLACK)
    title = page.banner.panels[0].title
    session.on_status("a", black)
    session.on_status("b", CameraStatus(CameraState.ONLINE))
    qtbot.waitUntil(page.notice.isVisible)
    assert title.text() == "Look into the camera"
    session.on_status("b", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE))
    qtbot.waitUntil(lambda: title.text() == "None of 2 cameras gives a picture")
    with qtbot.waitSignal(bridge.result_ready):
        session.on_result("a", make_result())
    assert title.text() == "None of 2 cameras gives a picture"
    session.on_status("a", CameraStatus(CameraState.ONLINE))
    qtbot.waitUntil(lambda: title.text() == "Look into the camera")


def test_a_drift_does_not_keep_hints_away(qtbot, page, workspace, bridge) -> None:
    session = _start(qtbot, page, workspace, bridge)
    session.on_drift("main", {Drift.SMALLER: -0.4})
    qtbot.waitUntil(page.notice.isVisible)
    policy = MatchPolicy(MODEL_ID, 0.27, 0.0)
    decision = Decision(Outcome.LOW_QUALITY, Reason.TOO_DARK, None, None, None, None, policy)
    session.on_result("main", make_result(make_face(decision)))
    qtbot.waitUntil(lambda: page.banner.panels[0].title.text() == "More light on the face")


def test_a_lost_camera_can_be_tried_at_once(qtbot, page, workspace, bridge) -> None:
    session = _start(qtbot, page, workspace, bridge)
    session.on_status("main", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE, steady_s() + 42))
    qtbot.waitUntil(page.notice.retry_button.isVisible)
    assert "Next try in 4" in page.notice.words.text()
    qtbot.mouseClick(page.notice.retry_button, Qt.MouseButton.LeftButton)
    assert session.retries == 1
    qtbot.mouseClick(page.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.notice.isVisible())


def test_recording_that_ends_closes_the_door(qtbot, page, workspace, bridge) -> None:
    page.chooser.set_source("/videos/door.mp4")
    session = _start(qtbot, page, workspace, bridge)
    session.on_status("main", CameraStatus(CameraState.ENDED))
    qtbot.waitUntil(lambda: bridge.run_state is RunState.STOPPED)
    assert session.stops == 1
    assert page.banner.panels[0].title.text() == "The recording has ended"


def test_camera_whose_session_dies_does_not_speak_of_a_recording(qtbot, page, workspace, bridge) -> None:
    session = _start(qtbot, page, workspace, bridge)
    session.on_status("main", CameraStatus(CameraState.ENDED))
    qtbot.waitUntil(lambda: bridge.run_state is RunState.STOPPED)
    assert page.banner.panels[0].title.text() == "The door is closed"


def test_models_that_fail_to_load_leave_the_door_closed(qtbot, page, workspace, bridge) -> None:
    workspace.load_fails = True
    with qtbot.waitSignal(bridge.failed):
        qtbot.mouseClick(page.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bridge.run_state is RunState.STOPPED)
    assert page.start_button.isEnabled()


def test_choosing_another_source_restarts_a_running_door(qtbot, page, workspace, bridge) -> None:
    first = _start(qtbot, page, workspace, bridge)
    page.chooser.activated.emit(1)
    qtbot.waitUntil(lambda: len(workspace.sessions) == 2)
    qtbot.waitUntil(lambda: bridge.run_state is RunState.RUNNING)
    assert (first.stops, workspace.sessions[1].source) == (1, "2")


def test_stop_while_starting_ends_closed(qtbot, page, workspace, bridge) -> None:
    bridge.start("0")
    bridge.stop()
    qtbot.waitUntil(lambda: bridge.run_state is RunState.STOPPED)
    assert workspace.sessions[-1].stops == 1


def test_closing_while_starting_leaves_no_session_behind(qtbot, workspace, bridge) -> None:
    bridge.start("0")
    bridge.close()
    qtbot.waitUntil(lambda: bool(workspace.sessions))
    qtbot.waitUntil(lambda: workspace.sessions[-1].stops == workspace.sessions[-1].starts)


def test_results_do_not_pile_up(qtbot, workspace, bridge) -> None:
    received = []
    bridge.result_ready.connect(lambda _, result: received.append(result))
    bridge.start("0")
    qtbot.waitUntil(lambda: bridge.run_state is RunState.RUNNING)
    results = [make_result() for _ in range(50)]
    for result in results:
        workspace.sessions[-1].on_result("main", result)
    qtbot.waitUntil(lambda: bool(received))
    assert received == [results[-1]]


def test_empty_gallery_leads_to_enrolment(qtbot, page, workspace) -> None:
    workspace.people.people.clear()
    page.load_names()
    qtbot.waitUntil(lambda: page.stage.currentWidget() is page.no_people)
    with qtbot.waitSignal(page.enrol_wanted):
        qtbot.mouseClick(page.no_people.button, Qt.MouseButton.LeftButton)


def test_no_camera_says_so_and_offers_a_file(qtbot, workspace, bridge, notices, monkeypatch) -> None:
    workspace.doors.cameras.found = []
    page = DoorPage(
        workspace.access,
        workspace.people,
        workspace.doors,
        workspace.models,
        workspace.journal,
        workspace.policies,
        bridge,
        notices,
    )
    qtbot.addWidget(page)
    page.load()
    qtbot.waitUntil(lambda: page.stage.currentWidget() is page.no_camera)
    monkeypatch.setattr(
        source_chooser.QFileDialog, "getOpenFileName", staticmethod(lambda *_: ("/videos/door.mp4", ""))
    )
    page.no_camera.button.click()
    qtbot.waitUntil(lambda: bool(workspace.sessions))
    assert workspace.sessions[0].source == "/videos/door.mp4"


def test_network_camera_is_listed_without_its_password(qtbot, page) -> None:
    page.chooser.set_source("rtsp://user:secret@10.0.0.7/stream")
    assert page.chooser.currentText() == "rtsp://10.0.0.7/stream"
    assert page.chooser.source() == "rtsp://user:secret@10.0.0.7/stream"


def _wheel(widget) -> QWheelEvent:  # noqa: ANN001
    middle = QPointF(widget.rect().center())
    return QWheelEvent(
        middle, widget.mapToGlobal(middle), QPoint(0, 120), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip


@pytest.mark.parametrize("has_focus", [True, False])
def test_wheel_never_moves_the_threshold(qtbot, page, workspace, has_focus: bool) -> None:
    slider = page.threshold.slider
    if has_focus:
        slider.setFocus()
    before, event = slider.value(), _wheel(slider)
    QApplication.sendEvent(slider, event)
    assert slider.value() == before
    assert not event.isAccepted()
    assert workspace.models.thresholds.previewed == []


def test_threshold_works_at_once_and_is_saved_once_on_release(qtbot, page, workspace, notices) -> None:
    slider = page.threshold.slider
    slider.setSliderDown(True)
    for value in (280, 290, 300):
        slider.setSliderPosition(value)
    assert workspace.models.thresholds.previewed == [0.28, 0.29, 0.3]
    assert workspace.models.thresholds.saved == []
    slider.setSliderDown(False)
    qtbot.waitUntil(lambda: notices.messages() == ["The threshold is saved."])
    assert workspace.models.thresholds.saved == [(0.3, 0.02)]
    assert page.threshold.value_label.text() == "0.300"
    assert "More lenient" in page.threshold.comparison.text()


def test_keyboard_saves_once_after_a_pause(qtbot, page, workspace) -> None:
    slider = page.threshold.slider
    slider.setFocus()
    for _ in range(3):
        qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert workspace.models.thresholds.previewed == [0.265, 0.26, 0.255]
    assert workspace.models.thresholds.saved == []
    qtbot.waitUntil(lambda: workspace.models.thresholds.saved == [(0.255, 0.02)], timeout=3000)
    assert "Stricter" in page.threshold.comparison.text()


def test_back_to_default(qtbot, page, workspace) -> None:
    assert not page.threshold.reset_button.isEnabled()
    page.threshold.slider.setValue(310)
    page.threshold.slider.sliderReleased.emit()
    page.threshold.reset_button.click()
    qtbot.waitUntil(lambda: workspace.models.thresholds.saved == [(0.31, 0.02), (0.27, 0.02)])
    assert workspace.models.thresholds.previewed == [0.31, 0.27]
    assert not page.threshold.reset_button.isEnabled()


def test_showing_a_policy_emits_nothing_and_moves_nothing(qtbot) -> None:
    widget = ThresholdSlider()
    qtbot.addWidget(widget)
    heard: list[float] = []
    widget.moved.connect(heard.append)
    widget.settled.connect(heard.append)
    widget.set_policy(MatchPolicy(MODEL_ID, 1.17, 0.1), None)
    assert heard == []
    assert widget.value() == 1.17
    assert not widget.reset_button.isEnabled()
    widget.set_policy(None, None)
    assert not widget.isEnabled()


DEFAULT = "the measured default for 150 people"


@pytest.mark.parametrize(
    ("policy", "words", "role"),
    [
        (
            MatchPolicy(MODEL_ID, 1.0, 0.1, people=150),
            "This is the measured default for 150 people.",
            "muted",
        ),
        (
            MatchPolicy(MODEL_ID, 0.9, 0.1, "operator", people=100),
            f"Stricter than {DEFAULT}, 1.000.",
            "muted",
        ),
        (
            MatchPolicy(MODEL_ID, 0.9, 0.1, "operator", people=75),
            f"It was set for 75 people: look at it again. Stricter than {DEFAULT}, 1.000.",
            "caution",
        ),
        (
            MatchPolicy(MODEL_ID, 1.1, 0.1, "operator", people=1),
            f"It was set for 1 person: look at it again. More lenient than {DEFAULT}, 1.000.",
            "caution",
        ),
    ],
)
def test_the_slider_says_for_how_many_people_the_default_is_and_when_to_look_again(
    qtbot, policy, words, role
) -> None:
    widget = ThresholdSlider()
    qtbot.addWidget(widget)
    widget.set_policy(policy, MatchPolicy(MODEL_ID, 1.0, 0.1, people=150))
    assert widget.comparison.text() == words
    assert widget.comparison.property("role") == role
    widget.reset_button.click()
    assert widget.comparison.text() == f"This is {DEFAULT}."


def test_entry_opens_on_request(qtbot, page, workspace) -> None:
    with qtbot.waitSignal(page.event_opened) as signal:
        page.entries.view.activated.emit(page.entries.model.index(0, 0))
    assert signal.args[0].seq == 12


def test_name_of_a_new_person_is_learnt(qtbot, page, workspace, bridge) -> None:
    session = _start(qtbot, page, workspace, bridge)
    person = make_person(77, name="New Here")
    workspace.people.people.append(person)
    page.load_names()
    face = make_face(make_decision(Outcome.ACCEPTED, person))
    qtbot.waitUntil(lambda: session.on_result("main", make_result(face)) or bool(page.view.first.marks))
    qtbot.waitUntil(
        lambda: session.on_result("main", make_result(face)) or page.view.first.marks[0].name == "New Here"
    )


@pytest.fixture
def two_cameras(workspace) -> tuple[CameraSettings, ...]:
    """Two cameras set up, before the page is made."""
    workspace.policies.kept = (
        CameraSettings(camera_id="a", name="Gate"),
        CameraSettings(camera_id="b", name="Yard", door="Back door"),
    )
    return workspace.policies.kept


def test_several_cameras_start_together_and_stand_beside_one_another(
    qtbot, two_cameras, page, workspace, bridge
) -> None:
    assert page.chooser.currentText() == "All cameras"
    session = _start(qtbot, page, workspace, bridge)
    assert session.source is None
    assert list(page.view.pictures) == ["a", "b"]
    session.on_result("b", make_result(make_face(make_decision(Outcome.UNKNOWN))))
    qtbot.waitUntil(lambda: len(page.view.pictures["b"].marks) == 1)
    assert page.view.pictures["a"].marks == ()


def test_of_several_cameras_the_faulty_one_is_named(qtbot, two_cameras, page, workspace, bridge) -> None:
    session = _start(qtbot, page, workspace, bridge)
    session.frame = None
    session.on_status("a", CameraStatus(CameraState.ONLINE))
    session.on_status("b", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE))
    qtbot.waitUntil(page.notice.isVisible)
    assert page.notice.words.text().startswith("Yard: ")
    qtbot.waitUntil(lambda: "No picture" in page.view.pictures["b"].message)
    assert "No picture" not in page.view.pictures["a"].message
    assert page.banner.panels[0].title.text() == "Look into the camera"
    session.on_status("a", CameraStatus(CameraState.ONLINE))
    qtbot.wait(20)
    assert page.notice.isVisible()
    session.on_status("b", CameraStatus(CameraState.ONLINE))
    qtbot.waitUntil(lambda: not page.notice.isVisible())


def test_one_of_several_cameras_can_be_chosen(qtbot, two_cameras, page, workspace, bridge) -> None:
    page.chooser.setCurrentIndex(2)
    page.chooser.activated.emit(2)
    assert _start(qtbot, page, workspace, bridge).source == "b"


def test_a_camera_that_was_not_set_up_is_said_to_count_nowhere(page, bridge, notices) -> None:
    page._name_cameras((CameraSettings(),))
    assert notices.messages() == []
    bridge.counts = False
    page._name_cameras((CameraSettings(),))
    assert "opens no door" in notices.messages()[0]


def test_a_webcam_chosen_for_the_only_camera_starts_when_it_is_kept(qtbot, page, bridge, workspace) -> None:
    """The door was opened beside the saving, and might not have known the camera yet."""
    bridge.start(None)
    qtbot.waitUntil(lambda: bridge.run_state is RunState.RUNNING)
    sources = []
    bridge.start = lambda source: sources.append((source, workspace.policies.cameras()[0].source))
    page.chooser.set_source("2")
    page._on_source_chosen("2")
    qtbot.waitUntil(lambda: sources == [("2", "2")])
