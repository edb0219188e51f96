"""Entries of a recording are marked as such wherever they show, and the window says that they don't count."""

import pytest
from PySide6.QtCore import QModelIndex, Qt

from faceaccess.door.supervision import SupervisionPolicy
from faceaccess.gui.door.page import DoorPage
from faceaccess.gui.live_bridge import RunState
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


def test_a_list_marks_them(qtbot, space) -> None:
    add_entry(space, person=space.people.list()[0], camera="/films/door.mp4", is_recording=True)
    model = EventModel(space.journal)
    model.set_filter(model.event_filter) if hasattr(model, "event_filter") else model.fetchMore(QModelIndex())
    qtbot.waitUntil(lambda: model.rowCount() > 0)
    at = model.index(0, Column.CAMERA)
    assert "recording: doesn't count" in model.data(at)
    assert "doesn't count" in model.data(at, Qt.ItemDataRole.AccessibleTextRole)


def test_the_window_says_that_a_recording_does_not_count(qtbot, space, live, notices, recording) -> None:
    page = DoorPage(
        space.access, space.people, space.doors, space.models, space.journal, space.policies, live, notices
    )
    qtbot.addWidget(page)
    live.start(str(recording))
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    qtbot.waitUntil(lambda: any("count as no attendance" in message for message in notices.messages()))


def test_a_lost_camera_is_tried_again_within_15_s() -> None:
    """With the tenth by which each wait is longer or shorter."""
    assert max(SupervisionPolicy().retry_s) * 1.1 <= 15
