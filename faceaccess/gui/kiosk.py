"""The screen at the door: the picture, a greeting that is read from two metres, a PIN pad."""

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from wakepy import keep

from faceaccess.codes import CameraState, Method, Outcome
from faceaccess.door.supervision import CameraStatus
from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons, text
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.live_bridge import LiveBridge, RunState
from faceaccess.gui.widgets.live_picture import LivePicture
from faceaccess.gui.widgets.outcome_banner import OutcomeBanner
from faceaccess.gui.widgets.pin_pad import PinPad
from faceaccess.recognition.types import FrameResult
from faceaccess.settings import CameraSettings, MachineSettings
from faceaccess.store.types import Event, Person

if TYPE_CHECKING:
    from faceaccess.door.desk import Question
    from faceaccess.door.pin import PinAnswer
    from faceaccess.workspace import Workspace

_CLOCK_MS = 1000
_NOT_ME_MS = 5000
_REOPEN_MS = 10_000
_NAMES_MS = 30_000


class KioskWindow(QWidget):
    """One camera's door, full screen; `left` says that the desk's PIN was given."""

    left = Signal()

    def __init__(
        self, workspace: "Workspace", bridge: LiveBridge, camera: CameraSettings, settings: MachineSettings
    ) -> None:
        super().__init__(None)
        self.setObjectName("kiosk")
        self.setWindowTitle(self.tr("FaceAccess – door"))
        self._workspace, self._bridge = workspace, bridge
        self._camera, self._settings = camera, settings
        self._may_close = False
        self._awake = ExitStack()
        self._again: QTimer | None = None
        self._is_leaving = False
        self.view = LivePicture(bridge, camera.camera_id, self)
        self.view.set_showing_numbers(False)
        self.view.set_hiding_strangers(settings.kiosk_blurs)
        self.banner = OutcomeBanner(self, is_large=True)
        self.door = QLabel(camera.door, self)
        self.door.setObjectName("kioskDoor")
        self.clock = QLabel(self)
        self.clock.setObjectName("kioskClock")
        self.state = QLabel(self)
        self.state.setObjectName("kioskState")
        self.pin_button = QPushButton(self.tr("Use a PIN"), self)
        self.pin_button.setObjectName("kioskButton")
        self.not_me_button = QPushButton(self.tr("Not me"), self)
        self.not_me_button.setObjectName("kioskButton")
        self.not_me_button.hide()
        self._greeted: Event | None = None
        self._not_me_timer = QTimer(self)
        self._not_me_timer.setSingleShot(True)
        self._not_me_timer.setInterval(_NOT_ME_MS)
        self.leave_button = QPushButton(self.tr("Leave"), self)
        self.leave_button.setObjectName("kioskQuiet")
        self.pad = PinPad(self)
        self.pad.hide()
        self._arrange()
        self._connect()
        self._tick()
        self._read_names()
        self._show_run_state(bridge.run_state)

    def open_on_screen(self) -> None:
        """Fill the screen that the settings name, or the first one, and keep it awake."""
        self._awake.enter_context(keep.presenting(on_fail="pass"))
        wanted = self._settings.kiosk_screen
        screens = QGuiApplication.screens()
        screen = next((each for each in screens if each.name() == wanted), screens[0])
        self.setGeometry(screen.geometry())
        self.showFullScreen()

    def keep_open(self) -> None:
        """Open the door again whenever it closes: nobody is at this machine who would."""
        again = QTimer(self)
        again.setSingleShot(True)
        again.setInterval(_REOPEN_MS)
        again.timeout.connect(partial(self._bridge.start, None))
        self._again = again
        self._show_run_state(self._bridge.run_state)

    def leave(self) -> None:
        """Close without asking, because the program ends."""
        self._may_close = True
        self.close()

    def _arrange(self) -> None:
        icons.set_icon(self.pin_button, "pin", 28)
        top = QHBoxLayout()
        top.addWidget(self.door)
        top.addStretch()
        top.addWidget(self.state)
        top.addStretch()
        top.addWidget(self.clock)
        bottom = QHBoxLayout()
        bottom.setSpacing(16)
        side = QVBoxLayout()
        side.addWidget(self.not_me_button, 1)
        side.addWidget(self.pin_button, 1)
        side.addWidget(self.leave_button)
        bottom.addWidget(self.banner, 1)
        bottom.addLayout(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(16)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        column.addLayout(bottom)

    def _connect(self) -> None:
        self._bridge.result_ready.connect(self._show_result)
        self._bridge.event_logged.connect(self._show_event)
        self._bridge.camera_changed.connect(self._show_camera)
        self._bridge.run_state_changed.connect(self._show_run_state)
        self._bridge.question_asked.connect(self._show_question)
        self.pin_button.clicked.connect(self._open_pad)
        self.leave_button.clicked.connect(self._ask_to_leave)
        self.pad.entered.connect(self._on_entered)
        self.not_me_button.clicked.connect(self._void)
        self._not_me_timer.timeout.connect(self.not_me_button.hide)
        for interval_ms, slot in ((_CLOCK_MS, self._tick), (_NAMES_MS, self._read_names)):
            timer = QTimer(self)
            timer.timeout.connect(slot)
            timer.start(interval_ms)

    def _tick(self) -> None:
        now = QDateTime.currentDateTime().time()
        self.clock.setText(QLocale().toString(now, QLocale.FormatType.ShortFormat))

    def _read_names(self) -> None:
        run_in_background(self._workspace.people.list, self._keep_names, self._ignore, self)

    def _keep_names(self, people: list[Person]) -> None:
        self.view.set_names({person.person_id: person.name for person in people})

    def _ignore(self, _: FaceAccessError) -> None:
        """Names stay as they were; the next reading tries again."""

    def _show_result(self, camera_id: str, result: FrameResult) -> None:
        if camera_id == self._camera.camera_id:
            self.view.show_result(result)
            self.banner.show_hint(result)

    def _show_event(self, event: Event) -> None:
        if event.entry.door not in ("", self._camera.door):
            return
        self.banner.show_event(event)
        if event.entry.outcome is Outcome.ACCEPTED and event.entry.method is Method.FACE:
            self._greeted = event
            self.not_me_button.setEnabled(True)
            self.not_me_button.show()
            self._not_me_timer.start()
        if self._settings.kiosk_sounds:
            self._sound(event.entry.outcome)

    def _show_question(self, question: "Question") -> None:
        if question.camera == self._camera.name:
            self.banner.show_notice(self.tr("One moment: the desk is asked"))

    def _sound(self, outcome: Outcome) -> None:
        """Sound once for who is let in, twice for who isn't."""
        QApplication.beep()
        if outcome is not Outcome.ACCEPTED:
            QTimer.singleShot(250, QApplication.beep)

    def _show_camera(self, camera_id: str, status: CameraStatus) -> None:
        if camera_id != self._camera.camera_id:
            return
        wording = text.camera_status(status)
        is_fine = status.state is CameraState.ONLINE and status.fault is None
        self.state.setText("" if is_fine else wording.label)
        if not is_fine:
            self.banner.show_idle(wording.label, self.tr("Use a PIN, or ask at the desk."), icon=wording.icon)
            if status.state is not CameraState.ONLINE:
                self.view.show_message(wording.label)

    def _show_run_state(self, state: RunState) -> None:
        self.pin_button.setEnabled(state is RunState.RUNNING)
        if state is RunState.STOPPED and self._again is not None:
            self._again.start()
        if state is RunState.RUNNING:
            self.banner.show_idle(self.tr("Look into the camera"), icon="camera")
        elif state is RunState.STOPPED:
            self.banner.show_idle(
                self.tr("The door is closed"), self.tr("Please ask at the desk."), icon="door"
            )
        else:
            self.banner.show_idle(self.tr("One moment…"), icon="camera")

    def _void(self) -> None:
        """Take the greeting back: it was for somebody else."""
        event = self._greeted
        self.not_me_button.setEnabled(False)
        job = partial(self._workspace.doors.void_entry, self._workspace.actor, event)
        run_in_background(job, partial(self._on_voided, event), self._on_pin_failed, self, lane=Lane.DOOR)

    def _on_voided(self, event: Event, _: object) -> None:
        self.not_me_button.hide()
        self.banner.show_notice(self.tr("Taken back. Please use a PIN, or ask at the desk."))
        self._bridge.event_voided.emit(event)

    def _open_pad(self) -> None:
        self._is_leaving = False
        self.pad.open_pad()
        self._place_pad()

    def _ask_to_leave(self) -> None:
        """Ask for the desk's PIN; without one anybody at this computer may leave."""
        run_in_background(partial(_has_pin, self._workspace), self._go_on_leaving, self._on_pin_failed, self)

    def _go_on_leaving(self, has_pin: bool) -> None:
        if not has_pin:
            self._on_desk_pin(True)
            return
        self._is_leaving = True
        self.pad.ask_for_pin_only()
        self._place_pad()

    def _place_pad(self) -> None:
        self.pad.adjustSize()
        self.pad.move((self.width() - self.pad.width()) // 2, (self.height() - self.pad.height()) // 2)
        self.pad.raise_()

    def _on_entered(self, staff_number: str, pin: str) -> None:
        if self._is_leaving:
            check = partial(self._workspace.doors.check_desk_pin, pin)
            run_in_background(check, self._on_desk_pin, self._on_pin_failed, self, lane=Lane.DOOR)
            return
        job = partial(self._workspace.doors.enter_pin, self._camera.camera_id, staff_number, pin)
        run_in_background(job, self._on_pin, self._on_pin_failed, self, lane=Lane.DOOR)

    def _on_pin(self, found: "tuple[PinAnswer, Event | None]") -> None:
        answer, event = found
        if event is not None and answer.outcome is Outcome.ACCEPTED:
            self.pad.close_pad()
        elif answer.outcome is Outcome.ACCEPTED:
            self.pad.close_pad()
            self.banner.show_notice(self.tr("You are checked in already"))
        else:
            wording = text.reason(answer.reason)
            self.pad.show()
            self.pad.say(f"{wording.label}. {wording.advice}")

    def _on_desk_pin(self, is_right: bool) -> None:
        if is_right:
            self.leave()
            self.left.emit()
        else:
            self.pad.say(self.tr("This is not the desk's PIN, or it was tried too often: wait a while."))

    def _on_pin_failed(self, error: FaceAccessError) -> None:
        self.pad.say(str(error))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask before anything ends the kiosk."""
        if event.key() == Qt.Key.Key_Escape:
            if self.pad.isVisible():
                self.pad.close_pad()
            else:
                self._ask_to_leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the pad in the middle."""
        super().resizeEvent(event)
        self._place_pad()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Refuse to close until the desk's PIN was given."""
        if self._may_close:
            self._awake.close()
            super().closeEvent(event)
            return
        event.ignore()
        self._ask_to_leave()


def _has_pin(workspace: "Workspace") -> bool:
    return workspace.doors.desk_pin.is_set


def open_kiosk(workspace: "Workspace", bridge: LiveBridge) -> KioskWindow:
    """Open the kiosk as the settings say, on the camera they name or the first.

    Raises:
        SettingsError: the cameras' settings can't be used.
    """
    settings = workspace.settings
    cameras = workspace.policies.cameras()
    wanted = settings.kiosk_camera.casefold()
    camera = next((each for each in cameras if each.name.casefold() == wanted), cameras[0])
    window = KioskWindow(workspace, bridge, camera, settings)
    window.open_on_screen()
    return window
