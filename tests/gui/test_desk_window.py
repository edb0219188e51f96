"""The desk's own window: questions, latest entries, cameras, on a screen of its choice."""

import pytest

from faceaccess.codes import CameraFault, CameraState
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.window.other_windows import OtherWindows
from faceaccess.settings import CameraSettings, MachineSettings
from tests.gui.fakes_gui import make_event
from tests.gui.test_desk_questions import make_question


@pytest.fixture
def others(qtbot, workspace, bridge) -> OtherWindows:
    """The windows beside the main one, of a door with two cameras."""
    workspace.policies.kept = tuple(CameraSettings(camera_id=each, name=f"Camera {each}") for each in "ab")
    made = OtherWindows(workspace, bridge)
    yield made
    made.close()


def test_the_desk_shows_questions_entries_and_cameras(qtbot, others, workspace, bridge) -> None:
    """Questions stood on a page of the main window only."""
    others.open_desk()
    desk = others.desk
    qtbot.waitUntil(lambda: desk.entries.model.rowCount() == 12)
    bridge.start(None)
    qtbot.waitUntil(lambda: bridge.run_state is RunState.RUNNING)
    session = workspace.sessions[-1]
    session.on_status("a", CameraStatus(CameraState.ONLINE, reconnects=3))
    session.on_status("b", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE))
    qtbot.waitUntil(lambda: desk.cameras.rows["b"].retry_button.isVisible())
    assert "3 reconnects" in desk.cameras.rows["a"].words.text()
    desk.cameras.rows["b"].retry_button.click()
    assert session.retried == ["b"]
    session.on_question(make_question(1, (workspace.people.people[0].person_id, 0.28)))
    qtbot.waitUntil(desk.questions.isVisible)
    assert not desk.quiet.isVisible()
    session.on_answered(1)
    qtbot.waitUntil(desk.quiet.isVisible)
    bridge.event_voided.emit(make_event(3, person=workspace.people.people[0]))
    assert "Not me" in desk.notices.messages()[-1]


def test_a_screen_that_is_not_there_is_said(qtbot, others, workspace) -> None:
    workspace.machine.settings = MachineSettings(desk_screen="none such")
    others.open_desk()
    assert others.desk.isVisible()
    assert "none such" in others.desk.notices.messages()[0]
    with qtbot.waitSignal(others.desk_closed):
        others.desk.close()
    others.open_desk()
    assert others.desk.isVisible()


def test_where_there_is_no_desk_nobody_is_asked_about(qtbot, workspace, bridge) -> None:
    bridge.has_desk = False
    bridge.start(None)
    qtbot.waitUntil(lambda: bridge.run_state is RunState.RUNNING)
    assert workspace.sessions[-1].on_question is None
