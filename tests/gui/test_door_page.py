"""The door page: start, watch, read the banner, move the threshold."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from faceaccess.codes import CameraFault, CameraState, Drift, Outcome, Reason
from faceaccess.door.supervision import CameraStatus
from faceaccess.errors import CameraError, ModelError
from faceaccess.gui.door import source_chooser, threshold_question
from faceaccess.gui.door.page import DoorPage
from faceaccess.gui.door.threshold_slider import ThresholdSlider
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.window.facts import read_model_facts
from faceaccess.gui.wording import camera_codes
from faceaccess.models import thresholds
from faceaccess.people.reception import Reception
from faceaccess.recognition.types import Decision, MatchPolicy
from faceaccess.settings import CameraSettings
from faceaccess.steady import steady_s
from faceaccess.store.policy.types import StoredMatch
from faceaccess.vision.sources.webcams import CameraInfo
from tests.gui.drawn import (
    make_decision,
    make_event,
    make_face,
    make_result,
)
from tests.gui.played import FakeSession
from tests.gui.site import (
    ENTRIES,
    MEASURED,
    MODEL_ID,
    PEOPLE,
    add_entry,
    events_of,
    kinds_after,
    last_row,
    refuse,
)


@pytest.fixture
def page(qtbot, space, live, notices) -> DoorPage:
    """The page, shown and loaded."""
    made = DoorPage(
        space.access,
        space.people,
        space.doors,
        space.models,
        space.journal,
        space.policies,
        live,
        notices,
    )
    qtbot.addWidget(made)
    made.resize(1188, 760)
    made.show()
    made.load()
    made.take_facts(read_model_facts(space.reception, space.models))
    qtbot.waitUntil(lambda: made.chooser.has_source())
    qtbot.waitUntil(lambda: made.entries.model.rowCount() == ENTRIES)
    return made


def _start(qtbot, page: DoorPage, sessions: list[FakeSession], live) -> FakeSession:
    qtbot.mouseClick(page.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    return sessions[-1]


def test_start_shows_picture_and_stop_ends_the_session(qtbot, page, space, live, sessions) -> None:
    session = _start(qtbot, page, sessions, live)
    assert (session.cameras[0].source, session.starts) == ("0", 1)
    assert space.models.recognisers.is_loaded
    qtbot.waitUntil(page.view.has_picture)
    assert page.start_button.text() == "Stop"
    qtbot.mouseClick(page.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: live.run_state is RunState.STOPPED)
    assert session.stops == 1
    assert page.start_button.text() == "Start the door"


def test_faces_are_marked_with_name_distance_and_outcome(qtbot, page, space, live, sessions) -> None:
    session = _start(qtbot, page, sessions, live)
    person = space.people.list()[1]
    known = make_face(make_decision(Outcome.ACCEPTED, person))
    stranger = make_face(make_decision(Outcome.UNKNOWN), 2)
    session.on_result("main", make_result(known, stranger))
    qtbot.waitUntil(lambda: len(page.view.first.marks) == 2)
    first, second = page.view.first.marks
    assert (first.name, first.detail, first.outcome) == (
        person.name, "distance 0.183, limit 0.270", Outcome.ACCEPTED,
    )  # fmt: skip
    assert (second.name, second.outcome) == ("Not recognised yet", None)
    session.on_result("main", replace(make_result(known, stranger), settled=frozenset({2})))
    qtbot.waitUntil(lambda: page.view.first.marks[1].name == "Not recognised")
    assert page.view.first.marks[1].outcome is Outcome.UNKNOWN


def test_marks_vanish_when_results_stop_coming(qtbot, page, live, sessions) -> None:
    session = _start(qtbot, page, sessions, live)
    session.on_result("main", make_result(make_face(make_decision(Outcome.UNKNOWN))))
    qtbot.waitUntil(lambda: len(page.view.first.marks) == 1)
    qtbot.waitUntil(lambda: page.view.first.marks == (), timeout=3000)


@pytest.mark.parametrize("outcome", Outcome)
def test_banner_and_list_show_each_outcome(qtbot, page, space, live, outcome: Outcome, sessions) -> None:
    session = _start(qtbot, page, sessions, live)
    person = space.people.list()[0] if outcome in (Outcome.ACCEPTED, Outcome.DENIED) else None
    event = add_entry(space, outcome, person)
    session.on_event(event)
    qtbot.waitUntil(lambda: page.entries.model.event_at(0) == event)
    panel = page.banner.panels[0]
    assert panel.property("outcome") == str(outcome)
    if outcome is Outcome.ACCEPTED:
        assert panel.title.text() == f"Welcome, {person.name}"
    else:
        assert panel.advice.text()
    assert page.banner.panels[1].isHidden()


def test_two_people_at_once_both_stand_in_the_banner(qtbot, page, space) -> None:
    page.show_event(make_event(50, person=space.people.list()[0]))
    page.show_event(make_event(51, Outcome.UNKNOWN))
    assert [panel.property("outcome") for panel in page.banner.panels] == ["unknown", "accepted"]
    assert page.banner.panels[1].isVisible()


def test_hint_tells_the_person_what_to_do(qtbot, page, live, sessions) -> None:
    session = _start(qtbot, page, sessions, live)
    policy = MatchPolicy(MODEL_ID, 0.27, 0.0)
    decision = Decision(Outcome.LOW_QUALITY, Reason.TOO_DARK, None, None, None, None, policy)
    session.on_result("main", make_result(make_face(decision)))
    qtbot.waitUntil(lambda: page.banner.panels[0].title.text() == "More light on the face")


def test_lost_camera_is_said_and_failure_of_the_session_too(qtbot, page, live, sessions) -> None:
    session = _start(qtbot, page, sessions, live)
    session.frame = None
    session.on_status("main", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE))
    qtbot.waitUntil(lambda: "No picture from the camera" in page.view.first.message)
    with qtbot.waitSignal(live.failed):
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
    qtbot, page, live, state: CameraState, fault: CameraFault, can_retry: bool, sessions
) -> None:
    session = _start(qtbot, page, sessions, live)
    session.on_status("main", CameraStatus(state, fault, reconnects=3))
    qtbot.waitUntil(page.notice.isVisible)
    assert camera_codes.status(CameraStatus(state, fault)).label in page.notice.message.text()
    assert "3 reconnects" in page.notice.message.text()
    assert page.notice.retry_button.isVisible() is can_retry
    session.on_status("main", CameraStatus(CameraState.ONLINE))
    qtbot.waitUntil(lambda: not page.notice.isVisible())


def test_nobody_is_asked_to_look_into_a_camera_that_sees_nothing(qtbot, page, live, sessions) -> None:
    session = _start(qtbot, page, sessions, live)
    session.on_status("main", CameraStatus(CameraState.ONLINE, CameraFault.BLACK))
    qtbot.waitUntil(page.notice.isVisible)
    with qtbot.waitSignal(live.result_ready):
        session.on_result("main", make_result())
    assert page.banner.panels[0].title.text() == "The camera's picture is black"
    assert "lens" in page.notice.message.text()


def test_with_no_camera_on_nobody_is_asked_to_look_into_one(qtbot, page, space, live, sessions) -> None:
    """With several cameras, the page asked for it while none of them was on."""
    cameras = [CameraSettings(camera_id=letter, name=letter) for letter in "ab"]
    space.policies.set_cameras(space.access.actor, cameras)
    live.start(None)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    session, black = sessions[-1], CameraStatus(CameraState.ONLINE, CameraFault.BLACK)
    title = page.banner.panels[0].title
    session.on_status("a", black)
    session.on_status("b", CameraStatus(CameraState.ONLINE))
    qtbot.waitUntil(page.notice.isVisible)
    assert title.text() == "Look into the camera"
    session.on_status("b", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE))
    qtbot.waitUntil(lambda: title.text() == "None of 2 cameras gives a picture")
    with qtbot.waitSignal(live.result_ready):
        session.on_result("a", make_result())
    assert title.text() == "None of 2 cameras gives a picture"
    session.on_status("a", CameraStatus(CameraState.ONLINE))
    qtbot.waitUntil(lambda: title.text() == "Look into the camera")


def test_a_drift_does_not_keep_hints_away(qtbot, page, live, sessions) -> None:
    session = _start(qtbot, page, sessions, live)
    session.on_drift("main", {Drift.SMALLER: -0.4})
    qtbot.waitUntil(page.notice.isVisible)
    policy = MatchPolicy(MODEL_ID, 0.27, 0.0)
    decision = Decision(Outcome.LOW_QUALITY, Reason.TOO_DARK, None, None, None, None, policy)
    session.on_result("main", make_result(make_face(decision)))
    qtbot.waitUntil(lambda: page.banner.panels[0].title.text() == "More light on the face")


def test_a_lost_camera_can_be_tried_at_once(qtbot, page, live, sessions) -> None:
    session = _start(qtbot, page, sessions, live)
    session.on_status("main", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE, steady_s() + 42))
    qtbot.waitUntil(page.notice.retry_button.isVisible)
    assert "Next try in 4" in page.notice.message.text()
    qtbot.mouseClick(page.notice.retry_button, Qt.MouseButton.LeftButton)
    assert session.retried == [None]
    qtbot.mouseClick(page.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.notice.isVisible())


def test_recording_that_ends_closes_the_door(qtbot, page, live, recording, sessions) -> None:
    page.chooser.set_source(str(recording))
    session = _start(qtbot, page, sessions, live)
    session.on_status("main", CameraStatus(CameraState.ENDED))
    qtbot.waitUntil(lambda: live.run_state is RunState.STOPPED)
    assert session.stops == 1
    assert page.banner.panels[0].title.text() == "The recording has ended"


def test_camera_whose_session_dies_does_not_speak_of_a_recording(qtbot, page, live, sessions) -> None:
    session = _start(qtbot, page, sessions, live)
    session.on_status("main", CameraStatus(CameraState.ENDED))
    qtbot.waitUntil(lambda: live.run_state is RunState.STOPPED)
    assert page.banner.panels[0].title.text() == "The door is closed"


def test_models_that_fail_to_load_leave_the_door_closed(qtbot, page, live, monkeypatch) -> None:
    refuse(monkeypatch, Reception, "load_models", ModelError("The model file is damaged."))
    with qtbot.waitSignal(live.failed):
        qtbot.mouseClick(page.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: live.run_state is RunState.STOPPED)
    assert page.start_button.isEnabled()


def test_choosing_another_source_restarts_a_running_door(qtbot, page, live, sessions) -> None:
    first = _start(qtbot, page, sessions, live)
    page.chooser.activated.emit(1)
    qtbot.waitUntil(lambda: len(sessions) == 2)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    assert (first.stops, sessions[1].cameras[0].source) == (1, "2")


def test_stop_while_starting_ends_closed(qtbot, page, live, sessions) -> None:
    live.start("0")
    live.stop()
    qtbot.waitUntil(lambda: live.run_state is RunState.STOPPED)
    assert sessions[-1].stops == 1


def test_closing_while_starting_leaves_no_session_behind(qtbot, live, sessions) -> None:
    live.start("0")
    live.close()
    qtbot.waitUntil(lambda: bool(sessions))
    qtbot.waitUntil(lambda: sessions[-1].stops == sessions[-1].starts)


def test_results_do_not_pile_up(qtbot, live, sessions) -> None:
    received = []
    live.result_ready.connect(lambda _, result: received.append(result))
    live.start("0")
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    results = [make_result() for _ in range(50)]
    for result in results:
        sessions[-1].on_result("main", result)
    qtbot.waitUntil(lambda: bool(received))
    assert received == [results[-1]]


def test_empty_gallery_leads_to_enrolment(qtbot, page, space) -> None:
    for person in space.people.list():
        space.reception.mending.hide(space.access.actor, person.person_id)
    page.load_names()
    qtbot.waitUntil(lambda: page.stage.currentWidget() is page.no_people)
    with qtbot.waitSignal(page.enrol_wanted):
        qtbot.mouseClick(page.no_people.button, Qt.MouseButton.LeftButton)


def test_no_camera_says_so_and_offers_a_file(
    qtbot, space, live, notices, monkeypatch, recording, sessions
) -> None:
    monkeypatch.setattr("faceaccess.door.cameras.list_cameras", list)
    page = DoorPage(
        space.access,
        space.people,
        space.doors,
        space.models,
        space.journal,
        space.policies,
        live,
        notices,
    )
    qtbot.addWidget(page)
    page.load()
    qtbot.waitUntil(lambda: page.stage.currentWidget() is page.no_camera)
    monkeypatch.setattr(
        source_chooser.QFileDialog, "getOpenFileName", staticmethod(lambda *_: (str(recording), ""))
    )
    page.no_camera.button.click()
    qtbot.waitUntil(lambda: bool(sessions))
    assert sessions[0].cameras[0].source == str(recording)


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
def test_wheel_never_moves_the_threshold(qtbot, page, space, has_focus: bool) -> None:
    slider = page.threshold.slider
    if has_focus:
        slider.setFocus()
    before, event = slider.value(), _wheel(slider)
    QApplication.sendEvent(slider, event)
    assert slider.value() == before
    assert not event.isAccepted()
    assert space.models.thresholds.in_force == space.models.thresholds.measured


def test_threshold_works_at_once_and_is_saved_once_on_release(qtbot, page, space, notices) -> None:
    slider = page.threshold.slider
    slider.setSliderDown(True)
    for value in (280, 290, 300):
        slider.setSliderPosition(value)
        assert space.models.thresholds.in_force.threshold == value / 1000
    assert space.policies.match(MODEL_ID) is None
    slider.setSliderDown(False)
    qtbot.waitUntil(lambda: notices.messages() == ["The threshold is saved."])
    assert space.policies.match(MODEL_ID) == StoredMatch(MODEL_ID, 0.3, 0.02, "operator", PEOPLE)
    assert page.threshold.value_label.text() == "0.300"
    assert "More lenient" in page.threshold.comparison.text()


def test_keyboard_saves_once_after_a_pause(qtbot, page, space) -> None:
    slider = page.threshold.slider
    slider.setFocus()
    before = last_row(space)
    for threshold in (0.265, 0.26, 0.255):
        qtbot.keyClick(slider, Qt.Key.Key_Left)
        assert space.models.thresholds.in_force.threshold == threshold
    assert space.policies.match(MODEL_ID) is None
    qtbot.waitUntil(lambda: len(kinds_after(space, before)) == 1, timeout=3000)
    assert space.policies.match(MODEL_ID).threshold == 0.255
    assert "Stricter" in page.threshold.comparison.text()


@pytest.mark.parametrize("is_sure", [False, True])
def test_a_threshold_that_nobody_measured_is_asked_about_first(
    qtbot, page, space, monkeypatch, is_sure
) -> None:
    measured = replace(MEASURED, measured=(0.25, 0.3))
    monkeypatch.setattr(thresholds, "default_match", lambda *_: measured)
    page.take_facts(read_model_facts(space.reception, space.models))
    asked = []
    monkeypatch.setattr(
        threshold_question, "confirms", lambda *words, **_: (asked.append(words[1:]), is_sure)[1]
    )
    slider = page.threshold.slider
    slider.setSliderDown(True)
    slider.setSliderPosition(400)
    assert space.models.thresholds.in_force.threshold == MEASURED.threshold, "not before it is confirmed"
    slider.setSliderDown(False)
    assert "Nothing beyond 0.300 was measured" in asked[0][1]
    if is_sure:
        qtbot.waitUntil(lambda: space.policies.match(MODEL_ID) is not None)
        assert space.models.thresholds.in_force.threshold == 0.4
    else:
        assert slider.value() == 270
        assert space.models.thresholds.in_force.threshold == MEASURED.threshold
    slider.setValue(200)
    slider.sliderReleased.emit()
    assert "Nothing below 0.250" in asked[1][1]


def test_back_to_default(qtbot, page, space) -> None:
    assert not page.threshold.reset_button.isEnabled()
    before = last_row(space)
    page.threshold.slider.setValue(310)
    page.threshold.slider.sliderReleased.emit()
    page.threshold.reset_button.click()
    qtbot.waitUntil(lambda: len(kinds_after(space, before)) == 2)
    assert space.policies.match(MODEL_ID) is None
    assert space.models.thresholds.in_force == space.models.thresholds.measured
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


def test_entry_opens_on_request(qtbot, page, space) -> None:
    with qtbot.waitSignal(page.event_opened) as signal:
        page.entries.view.activated.emit(page.entries.model.index(0, 0))
    assert signal.args[0] == events_of(space)[-1]


def test_name_of_a_new_person_is_learnt(qtbot, page, space, live, sessions) -> None:
    session = _start(qtbot, page, sessions, live)
    person = space.people.create(name="New Here")
    page.load_names()
    face = make_face(make_decision(Outcome.ACCEPTED, person))
    qtbot.waitUntil(lambda: session.on_result("main", make_result(face)) or bool(page.view.first.marks))
    qtbot.waitUntil(
        lambda: session.on_result("main", make_result(face)) or page.view.first.marks[0].name == "New Here"
    )


@pytest.fixture
def two_cameras(space) -> tuple[CameraSettings, ...]:
    """Two cameras set up, before the page is made."""
    cameras = (
        CameraSettings(camera_id="a", name="Gate"),
        CameraSettings(camera_id="b", name="Yard", door="Back door"),
    )
    space.policies.set_cameras(space.access.actor, cameras)
    return cameras


def test_several_cameras_start_together_and_stand_beside_one_another(
    qtbot, two_cameras, page, live, sessions
) -> None:
    assert page.chooser.currentText() == "All cameras"
    session = _start(qtbot, page, sessions, live)
    assert session.cameras == two_cameras
    assert list(page.view.pictures) == ["a", "b"]
    session.on_result("b", make_result(make_face(make_decision(Outcome.UNKNOWN))))
    qtbot.waitUntil(lambda: len(page.view.pictures["b"].marks) == 1)
    assert page.view.pictures["a"].marks == ()


def test_of_several_cameras_the_faulty_one_is_named(qtbot, two_cameras, page, live, sessions) -> None:
    session = _start(qtbot, page, sessions, live)
    session.frame = None
    session.on_status("a", CameraStatus(CameraState.ONLINE))
    session.on_status("b", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE))
    qtbot.waitUntil(page.notice.isVisible)
    assert page.notice.message.text().startswith("Yard: ")
    qtbot.waitUntil(lambda: "No picture" in page.view.pictures["b"].message)
    assert "No picture" not in page.view.pictures["a"].message
    assert page.banner.panels[0].title.text() == "Look into the camera"
    session.on_status("a", CameraStatus(CameraState.ONLINE))
    qtbot.wait(20)
    assert page.notice.isVisible()
    session.on_status("b", CameraStatus(CameraState.ONLINE))
    qtbot.waitUntil(lambda: not page.notice.isVisible())


def test_one_of_several_cameras_can_be_chosen(qtbot, two_cameras, page, live, sessions) -> None:
    page.chooser.setCurrentIndex(2)
    page.chooser.activated.emit(2)
    assert _start(qtbot, page, sessions, live).cameras == two_cameras[1:]


def test_a_camera_that_was_not_set_up_is_said_to_count_nowhere(page, live, notices) -> None:
    page._name_cameras((CameraSettings(),))
    assert notices.messages() == []
    live.counts = False
    page._name_cameras((CameraSettings(),))
    assert "opens no door" in notices.messages()[0]


def test_a_webcam_chosen_for_the_only_camera_starts_when_it_is_kept(qtbot, page, live, space) -> None:
    """The door was opened beside the saving, and might not have known the camera yet."""
    live.start(None)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    sources = []
    live.start = lambda source: sources.append((source, space.policies.cameras()[0].source))
    page.chooser.set_source("2")
    page._on_source_chosen("2")
    qtbot.waitUntil(lambda: sources == [("2", "2")])


def test_the_camera_set_up_is_offered_by_its_name(qtbot, page, live, sessions) -> None:
    offers = [page.chooser.itemText(row) for row in range(2)]
    assert offers == ["Door (Integrated Camera)", "USB Camera"]
    _start(qtbot, page, sessions, live)
    assert live.counts


def test_a_network_camera_set_up_is_offered_by_its_name(qtbot, page, space) -> None:
    camera = CameraSettings(name="Gate", source="rtsp://user:secret@10.0.0.7/stream")
    page.chooser.set_source(camera.source)
    page.chooser.set_cameras((camera,))
    assert page.chooser.currentText() == "Gate (rtsp://10.0.0.7/stream)"
    assert page.chooser.source() == camera.source
    texts = [page.chooser.itemText(row) for row in range(page.chooser.count())]
    assert sum("10.0.0.7" in text for text in texts) == 1


def test_no_webcam_takes_the_place_of_one_that_is_not_plugged_in(qtbot, page, live, space, sessions) -> None:
    space.policies.set_cameras(space.access.actor, [CameraSettings(name="Gate", source="usb:gone")])
    page.load()
    qtbot.waitUntil(lambda: page.chooser.currentText() == "Gate (not plugged in)")
    assert _start(qtbot, page, sessions, live).cameras[0].source == "usb:gone"
    assert space.policies.cameras()[0].source == "usb:gone"


def test_the_first_webcam_becomes_the_camera_of_a_new_folder_at_the_start(
    qtbot, page, live, space, sessions
) -> None:
    page.chooser.set_webcams([CameraInfo(3, "Capture card")])
    page.chooser.set_cameras((CameraSettings(name="Hall"),))
    assert page.chooser.currentText() == "Capture card"
    _start(qtbot, page, sessions, live)
    assert space.policies.cameras()[0].source == "3"
    assert live.counts


def test_a_long_name_among_the_latest_entries_can_be_read(page) -> None:
    """It was cut, and its tool tip said only what a double click does."""
    latest = page.entries.model.index(0, 0)
    name, hint = latest.data(Qt.ItemDataRole.ToolTipRole).split("\n")
    assert name == latest.data()
    assert hint.startswith("Double-click an entry")
