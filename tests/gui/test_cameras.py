"""Setting up cameras: the list on the settings page and the dialog with its picture."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from faceaccess.codes import CameraFault, CameraState, Drift, JournalKind, Passage, Reason, Turn
from faceaccess.door.health import MeasuredFace
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui.door.camera_notice import CameraNotice
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.settings import camera_list
from faceaccess.gui.settings.camera_dialog import CameraDialog
from faceaccess.gui.settings.camera_list import CameraList
from faceaccess.gui.widgets.camera_preview import CameraPreview
from faceaccess.gui.widgets.frame_view import FrameView
from faceaccess.gui.window.desktop_notices import DesktopNotices
from faceaccess.settings import WHOLE_PICTURE, CameraSettings
from faceaccess.store.access.types import DOOR
from faceaccess.vision.types import Detection, Quality
from tests.gui.drawn import make_frame


def measured(face_px: float = 120.0, reason: Reason | None = None) -> MeasuredFace:
    """Return a face of a preview."""
    box = np.array([200, 100, 200 + face_px, 100 + face_px], np.float32)
    return MeasuredFace(
        Detection(box, np.zeros((5, 2), np.float32), 0.99), Quality(face_px, 25.0, 120.0, 0.0, 0.99, reason)
    )


@pytest.fixture
def dialog(qtbot, space, live) -> CameraDialog:
    """The dialog on the first webcam, showing its picture."""
    made = CameraDialog(space.doors, live, CameraSettings(camera_id="a", name="Gate"))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(made.view.has_picture)
    qtbot.waitUntil(lambda: made.source_box.count() == 2)
    yield made
    made.reject()


def _drag(view, start: tuple[float, float], end: tuple[float, float]) -> None:
    area = view.picture_area()
    kinds = (
        (QMouseEvent.Type.MouseButtonPress, start),
        (QMouseEvent.Type.MouseMove, end),
        (QMouseEvent.Type.MouseButtonRelease, end),
    )
    for kind, (x, y) in kinds:
        place = QPointF(area.left() + x * area.width(), area.top() + y * area.height())
        event = QMouseEvent(
            kind, place, place, Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(view, event)


def test_the_webcam_is_named_and_another_can_be_chosen(qtbot, dialog, previews) -> None:
    assert dialog.source_box.currentText() == "Integrated Camera"
    dialog.source_box.setCurrentIndex(1)
    dialog.source_box.activated.emit(1)
    qtbot.waitUntil(lambda: [feed.source for feed in previews.feeds] == ["0", "2"])
    assert not previews.feeds[0].is_running
    assert dialog.settings().source == "2"


def test_an_address_can_be_typed(qtbot, dialog, previews) -> None:
    dialog.source_box.setEditText("rtsp://10.0.0.7/live")
    dialog.source_box.lineEdit().editingFinished.emit()
    qtbot.waitUntil(lambda: previews.feeds[-1].source == "rtsp://10.0.0.7/live")
    assert dialog.settings().source == "rtsp://10.0.0.7/live"


def test_a_region_is_drawn_and_taken_back(dialog) -> None:
    _drag(dialog.view, (0.25, 0.2), (0.75, 0.9))
    assert dialog.settings().region == pytest.approx((0.25, 0.2, 0.75, 0.9), abs=0.01)
    _drag(dialog.view, (0.5, 0.5), (0.52, 0.9))
    assert dialog.settings().region == pytest.approx((0.25, 0.2, 0.75, 0.9), abs=0.01)
    _drag(dialog.view, (0.9, 0.9), (-3.0, 0.1))
    assert dialog.settings().region == pytest.approx((0.0, 0.1, 0.9, 0.9), abs=0.01)
    dialog.whole_button.click()
    assert dialog.settings().region == WHOLE_PICTURE


@pytest.mark.parametrize(
    ("reason", "words"), [(None, "Big and sharp enough"), (Reason.FACE_TOO_SMALL, "The face is too small")]
)
def test_a_face_says_whether_it_is_good_enough(qtbot, dialog, previews, reason, words: str) -> None:
    previews.faces = [measured(84.0, reason)]
    qtbot.waitUntil(lambda: bool(dialog.view.marks))
    (mark,) = dialog.view.marks
    assert "84 px" in mark.detail
    assert mark.name == words


def test_how_people_look_is_remembered(qtbot, dialog, previews) -> None:
    previews.faces = [measured(60.0), measured(140.0)]
    dialog.measure_button.click()
    qtbot.waitUntil(lambda: dialog.baseline is not None, timeout=8000)
    assert (dialog.baseline.face_px, dialog.baseline.brightness) == (140.0, 120.0)
    assert "140 px" in dialog.message.text()


def test_nobody_there_is_no_baseline(qtbot, dialog) -> None:
    dialog.measure_button.click()
    qtbot.waitUntil(lambda: "Nobody could be measured" in dialog.message.text(), timeout=8000)
    assert dialog.baseline is None
    assert dialog.measure_button.isEnabled()


def test_what_can_not_be_used_is_refused_and_the_dialog_stays(dialog) -> None:
    dialog.source_box.setEditText("   ")
    dialog.buttons.accepted.emit()
    assert dialog.isVisible()
    assert "source must have" in dialog.message.text()


def test_a_camera_that_the_door_has_open_is_shared(qtbot, space, previews, live) -> None:
    live.start(None)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    made = CameraDialog(space.doors, live, CameraSettings())
    qtbot.addWidget(made)
    qtbot.waitUntil(made.view.has_picture)
    assert previews.feeds == []
    made.reject()


def _choose(dialog: CameraDialog, setting: str, row: int) -> None:
    dialog.form.editors[setting].setCurrentIndex(row)
    dialog.form.editors[setting].activated.emit(row)


def test_the_picture_is_turned_and_stretched_as_it_will_be_judged(qtbot, dialog) -> None:
    """A camera that hangs on its side showed faces lying, and there was nothing to set."""
    shape = dialog.preview.frame.image.shape
    _choose(dialog, "turn", 1)
    qtbot.waitUntil(lambda: dialog.preview.frame.image.shape[:2] == (shape[1], shape[0]))
    dialog.form.editors["stretch"].setValue(2.0)
    dialog.form.editors["stretch"].editingFinished.emit()
    qtbot.waitUntil(lambda: dialog.preview.frame.image.shape[:2] == (2 * shape[1], shape[0]))
    assert (dialog.settings().turn, dialog.settings().stretch) == (Turn.RIGHT, 2.0)


def test_a_picture_that_the_door_has_turned_is_shown_as_the_form_says(qtbot, space, live) -> None:
    camera = CameraSettings(turn=Turn.RIGHT)
    space.policies.set_cameras(space.access.actor, (camera,))
    live.start(None)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    made = CameraDialog(space.doors, live, camera)
    qtbot.addWidget(made)
    qtbot.waitUntil(made.view.has_picture)
    given = live.latest_frame(camera.camera_id).image.shape
    assert made.preview.frame.image.shape == given
    _choose(made, "turn", 0)
    qtbot.waitUntil(lambda: made.preview.frame.image.shape[:2] == (given[1], given[0]))
    made.reject()


@pytest.fixture
def cameras(qtbot, space, live, notices) -> CameraList:
    """The list, loaded."""
    made = CameraList(space.access, space.doors, space.journal, space.policies, live, notices)
    qtbot.addWidget(made)
    made.load()
    qtbot.waitUntil(lambda: bool(made.list.rows))
    return made


class Answer:
    """A dialog that was answered at once."""

    DialogCode = CameraDialog.DialogCode

    def __init__(self, space, live, camera, parent) -> None:
        self.camera, self.baseline = camera, None

    def exec(self) -> CameraDialog.DialogCode:
        return CameraDialog.DialogCode.Accepted

    def settings(self) -> CameraSettings:
        return CameraSettings(camera_id=self.camera.camera_id, name="Yard", passage=Passage.OUT)

    def deleteLater(self) -> None:
        pass


def test_cameras_are_added_changed_and_removed(qtbot, cameras, space, notices, monkeypatch) -> None:
    monkeypatch.setattr(camera_list, "CameraDialog", Answer)
    assert cameras.list.rows[0].remove_button.isHidden()
    with qtbot.waitSignal(cameras.changed):
        cameras.list.add_button.click()
    first, second = space.policies.cameras()
    assert (first, second.name) == (CameraSettings(), "Yard")
    with qtbot.waitSignal(cameras.changed):
        cameras.list.rows[1].edit_button.click()
    assert [camera.camera_id for camera in space.policies.cameras()] == ["main", second.camera_id]
    monkeypatch.setattr(camera_list, "confirms", lambda *_, **__: True)
    with qtbot.waitSignal(cameras.changed):
        cameras.list.rows[0].remove_button.click()
    assert [camera.name for camera in space.policies.cameras()] == ["Yard"]


def test_drift_is_said_with_the_camera(qtbot) -> None:
    notice = CameraNotice()
    qtbot.addWidget(notice)
    notice.set_cameras({"a": "Gate", "b": "Yard"})
    notice.show_drift("b", {Drift.SMALLER: -0.3})
    assert notice.message.text().startswith("Yard: Faces are 30 % smaller")
    assert notice.retry_button.isHidden()
    notice.show_drift("b", {})
    assert notice.isHidden()


def test_a_fault_is_notified_once_where_that_was_chosen(qtbot, live, monkeypatch) -> None:
    said: list[str] = []
    desktop = DesktopNotices(live)
    monkeypatch.setattr(desktop.tray, "showMessage", lambda title, words, *_: said.append(words))
    lost = CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE, 5.0)
    desktop.show_camera("main", lost)
    assert said == []
    desktop.set_on(True)
    desktop.show_camera("main", CameraStatus(CameraState.ONLINE))
    for retry_at_s in (5.0, 9.0):
        desktop.show_camera("main", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE, retry_at_s))
    desktop.show_camera("main", CameraStatus(CameraState.ONLINE))
    desktop.show_camera("main", lost)
    assert len(said) == 2
    assert said[0].startswith("No picture from the camera. ")


def test_each_camera_says_how_it_is_and_what_was_wrong_with_it(qtbot, space, live, notices) -> None:
    """Reconnects stood in a fault's notice only, and faults in the command line's log only."""
    for letter in "ab":
        camera = CameraSettings(camera_id=letter, name=f"Camera {letter}")
        space.doors.cameras.put(space.access.actor, camera)
    space.doors.cameras.remove(space.access.actor, "main")
    details = {"camera": "Camera b", "state": "offline", "fault": "unreachable"}
    space.journal.record(DOOR, JournalKind.CAMERA_STATE, details=details)
    cameras = CameraList(space.access, space.doors, space.journal, space.policies, live, notices)
    qtbot.addWidget(cameras)
    cameras.show()
    cameras.load()
    qtbot.waitUntil(lambda: "Camera b: No picture from the camera" in cameras.faults.text())
    live.camera_changed.emit("a", CameraStatus(CameraState.ONLINE, reconnects=4))
    facts = cameras.list.rows[0].facts
    assert facts.text().endswith("Camera on · 4 reconnects in the last hour")
    assert live.statuses["a"].reconnects == 4, "for whoever comes later"
    live.run_state_changed.emit(RunState.STOPPED)
    assert "reconnects" not in cameras.list.rows[0].facts.text()


def test_a_source_that_is_none_is_not_saved(qtbot, dialog) -> None:
    dialog.source_box.setEditText("htp:/nonsense")
    dialog._accept()
    qtbot.waitUntil(lambda: "htp:/nonsense" in dialog.message.text())
    assert dialog.isVisible()
    dialog.source_box.setEditText("rtsp://10.0.0.7/live")
    with qtbot.waitSignal(dialog.accepted):
        dialog._accept()


def test_a_preview_of_the_doors_camera_is_emptied_when_the_door_closes(qtbot, space, live) -> None:
    view = FrameView()
    qtbot.addWidget(view)
    preview = CameraPreview(space.doors, live, view)
    live.start(None)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    preview.start(live.cameras[0].source)
    view.show_picture(make_frame().image)
    live.stop()
    qtbot.waitUntil(lambda: live.run_state is RunState.STOPPED)
    assert not view.has_picture()
    assert "closed" in view.message
