"""Entries of a recording are marked as such wherever they show, and the window says that they don't count."""

import pytest
from PySide6.QtCore import QModelIndex, Qt

from faceaccess.codes import Outcome
from faceaccess.door.supervision import SupervisionPolicy
from faceaccess.gui.door.page import DoorPage
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.log.event_actions import EventActions
from faceaccess.gui.models.event_model import Column, EventModel
from faceaccess.gui.wording import codes
from tests.gui.drawn import make_event
from tests.gui.site import add_entry


@pytest.mark.parametrize(
    ("camera", "is_recording", "words"),
    [
        ("Gate", False, "Gate"),
        ("/films/door.mp4", True, "/films/door.mp4 (recording: doesn't count)"),
        ("rtsp://10.0.0.7/", True, "rtsp://10.0.0.7/ (not set up: doesn't count)"),
    ],
)
def test_the_camera_of_an_entry_says_whether_it_counts(camera, is_recording, words) -> None:
    event = make_event(1, camera=camera, is_recording=is_recording)
    assert codes.camera(event.entry) == words


def test_an_entry_of_a_trial_says_so() -> None:
    entry = make_event(1, camera="Gate", is_recording=True, is_trial=True).entry
    assert codes.camera(entry) == "Gate (trial: doesn't count)"
    assert codes.camera_cell(entry) == "Trial: Gate"


def test_a_list_marks_them(qtbot, space) -> None:
    add_entry(space, person=space.people.list()[0], camera="/films/door.mp4", is_recording=True)
    model = EventModel(space.journal)
    model.fetchMore(QModelIndex())
    qtbot.waitUntil(lambda: model.rowCount() > 0)
    at = model.index(0, Column.CAMERA)
    assert model.data(at) == "Recording: /films/door.mp4"
    assert "recording: doesn't count" in model.data(at, Qt.ItemDataRole.ToolTipRole)
    assert "doesn't count" in model.data(at, Qt.ItemDataRole.AccessibleTextRole)


def test_the_window_says_that_a_recording_does_not_count(qtbot, space, live, notices, recording) -> None:
    page = DoorPage(
        space.access, space.people, space.doors, space.models, space.journal, space.policies, live, notices
    )
    qtbot.addWidget(page)
    live.start(str(recording))
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    qtbot.waitUntil(lambda: any("count as no attendance" in message for message in notices.messages()))


def test_the_window_says_that_the_door_is_open_for_a_trial_until_it_is_closed(
    qtbot, space, live, notices
) -> None:
    page = DoorPage(
        space.access, space.people, space.doors, space.models, space.journal, space.policies, live, notices
    )
    qtbot.addWidget(page)
    live.begin_trial()
    qtbot.waitUntil(lambda: any("open for a trial day" in message for message in notices.messages()))
    assert not any("was not set up" in message for message in notices.messages())
    live.end_staged()
    qtbot.waitUntil(lambda: live.run_state is RunState.STOPPED)
    assert not any("open for a trial day" in message for message in notices.messages())


def test_a_lost_camera_is_tried_again_within_15_s() -> None:
    """With the tenth by which each wait is longer or shorter."""
    assert max(SupervisionPolicy().retry_s) * 1.1 <= 15


def test_an_unknown_face_of_a_recording_says_why_nobody_is_named(qtbot, space, notices) -> None:
    """*This is…* was missing without a word."""
    actions = EventActions(space.access, space.people, space.office, space.journal, notices)
    qtbot.addWidget(actions)
    actions.show_event(add_entry(space, Outcome.UNKNOWN, is_recording=True))
    assert actions.this_is_button.isHidden()
    assert not actions.no_naming.isHidden()
    assert "nobody is named in it" in actions.no_naming.text()
    actions.show_event(add_entry(space, Outcome.UNKNOWN))
    assert not actions.this_is_button.isHidden()
    assert actions.no_naming.isHidden()
