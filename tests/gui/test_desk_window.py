"""The desk's own window: questions, latest entries, cameras, on a screen of its choice."""

import pytest

from faceaccess.codes import CameraFault, CameraState
from faceaccess.door.liveness.suspicions import Suspicions
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.window.other_windows import OtherWindows
from faceaccess.settings import CameraSettings, MachineSettings
from tests.gui.drawn import make_event
from tests.gui.test_desk_questions import make_question


@pytest.fixture
def others(qtbot, space, live) -> OtherWindows:
    """The windows beside the main one, of a door with two cameras."""
    cameras = [CameraSettings(camera_id=letter, name=f"Camera {letter}") for letter in "ab"]
    space.policies.set_cameras(space.access.actor, cameras)
    made = OtherWindows(space, live)
    yield made
    made.close()


def test_the_desk_shows_questions_entries_and_cameras(qtbot, others, space, live, sessions) -> None:
    """Questions stood on a page of the main window only."""
    others.open_desk()
    desk = others.desk
    qtbot.waitUntil(lambda: desk.entries.model.rowCount() == 12)
    live.start(None)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    session = sessions[-1]
    session.on_status("a", CameraStatus(CameraState.ONLINE, reconnects=3))
    session.on_status("b", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE))
    qtbot.waitUntil(lambda: desk.cameras.rows["b"].retry_button.isVisible())
    assert "3 reconnects" in desk.cameras.rows["a"].state.text()
    desk.cameras.rows["b"].retry_button.click()
    assert session.retried == ["b"]
    session.on_question(make_question(1, (space.people.list()[0].person_id, 0.28)))
    qtbot.waitUntil(desk.questions.isVisible)
    assert not desk.quiet.isVisible()
    session.on_answered(1)
    qtbot.waitUntil(desk.quiet.isVisible)
    live.event_voided.emit(make_event(3, person=space.people.list()[0]))
    assert "Not me" in desk.notices.messages()[-1]
    session.on_suspicions(Suspicions("Gate", (9, 8, 7)))
    qtbot.waitUntil(lambda: desk.notices.messages()[-1].startswith("Gate: 3 times in ten minutes, somebody"))
    assert "look who is there" in desk.notices.messages()[-1]


def test_a_screen_that_is_not_there_is_said(qtbot, others, space) -> None:
    space.machine.settings = MachineSettings(desk_screen="none such")
    others.open_desk()
    assert others.desk.isVisible()
    assert "none such" in others.desk.notices.messages()[0]
    with qtbot.waitSignal(others.desk_closed):
        others.desk.close()
    others.open_desk()
    assert others.desk.isVisible()


def test_where_there_is_no_desk_nobody_is_asked_about(qtbot, live, sessions) -> None:
    live.has_desk = False
    live.start(None)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    assert sessions[-1].on_question is None
