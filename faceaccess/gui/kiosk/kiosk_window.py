"""The screen at the door: the picture, a greeting that is read from two metres, a PIN pad."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from faceaccess.codes import CameraState, Outcome
from faceaccess.door.liveness.turning import TurnPrompt
from faceaccess.door.supervision import CameraStatus
from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons, sounds
from faceaccess.gui.background import run_in_background
from faceaccess.gui.kiosk.awake import Awake
from faceaccess.gui.kiosk.kiosk_pin import KioskPin
from faceaccess.gui.kiosk.not_me import NotMe
from faceaccess.gui.layout import STRETCH, row
from faceaccess.gui.live_bridge import LiveBridge, RunState
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.live_picture import LivePicture
from faceaccess.gui.widgets.outcome_banner import OutcomeBanner
from faceaccess.gui.window.screens import fill_screen
from faceaccess.gui.wording import camera_codes, failures
from faceaccess.gui.wording.noop import translate
from faceaccess.recognition.types import FrameResult
from faceaccess.settings import CameraSettings, MachineSettings
from faceaccess.store.journal.types import Event
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.door.desk import Question
    from faceaccess.door.doors import Doors
    from faceaccess.machine import Machine
    from faceaccess.store.access.access import Access
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies

_CLOCK_MS = 1000
_REOPEN_MS = 10_000
_NAMES_MS = 30_000


class KioskWindow(QWidget):
    """One camera's door, full screen; `left` says that the desk's PIN was given.

    `missing` carries a message that the screen or camera named in the settings isn't there.
    """

    left = Signal()
    missing = Signal(str)

    def __init__(
        self,
        access: "Access",
        people: "People",
        doors: "Doors",
        bridge: LiveBridge,
        camera: CameraSettings,
        settings: MachineSettings,
    ) -> None:
        super().__init__(None)
        self.setObjectName("kiosk")
        self.setWindowTitle(self.tr("FaceAccess – door"))
        self._people = people
        self._bridge = bridge
        self._camera, self._settings = camera, settings
        self._status: CameraStatus | None = None
        self._may_close = False
        # A drill at another door has closed this one.
        self._is_left_out = False
        self._awake = Awake()
        self._again: QTimer | None = None
        self.view = LivePicture(bridge, camera.camera_id, self)
        self.view.set_showing_numbers(False)
        self.view.set_hiding_strangers(settings.kiosk_blurs)
        self.banner = OutcomeBanner(self, is_large=True)
        self.door, self.clock, self.state = Label(camera.door, self), Label(self), Label(self)
        for label, name in ((self.door, "kioskDoor"), (self.clock, "kioskClock"), (self.state, "kioskState")):
            label.setObjectName(name)
        self.retry_button = QPushButton(self.tr("Retry now"), self)
        self.retry_button.setObjectName("kioskQuiet")
        self.retry_button.hide()
        self.pin_button = QPushButton(self.tr("Use a PIN"), self)
        self.pin_button.setObjectName("kioskButton")
        self.not_me = NotMe(access, doors, self)
        self.leave_button = QPushButton(self.tr("Leave"), self)
        self.leave_button.setObjectName("kioskQuiet")
        self.pins = KioskPin(doors, camera.camera_id, self)
        self.pad = self.pins.pad
        self._arrange()
        self._connect()
        self._tick()
        self._read_names()
        if bridge.is_running and bridge.run.drill_door and bridge.cameras:
            self._bind(bridge.cameras)
        self._show_run_state(bridge.run_state)

    def open_on_screen(self) -> None:
        """Fill the screen named in the settings, or the first one, and keep it awake."""
        if not self._awake.begin():
            self.missing.emit(self.tr("This system can't be asked to keep the kiosk's screen on."))
        screen = self._settings.kiosk_screen
        if not fill_screen(self, screen):
            warning = self.tr("The screen {0} isn't there: the kiosk is on the first one.")
            self.missing.emit(warning.format(screen))

    def keep_open(self) -> None:
        """Open the door again whenever it closes: nobody at this machine would."""
        again = QTimer(self)
        again.setSingleShot(True)
        again.setInterval(_REOPEN_MS)
        again.timeout.connect(partial(self._bridge.start, None))
        # A program that is ending has no door left to open.
        self._bridge.destroyed.connect(again.stop)
        self._again = again
        self._show_run_state(self._bridge.run_state)

    def leave(self) -> None:
        """Close without asking, because the program ends."""
        self._may_close = True
        self.close()

    def _arrange(self) -> None:
        icons.set_icon(self.pin_button, "pin", 28)
        top = row(self.door, STRETCH, self.state, self.retry_button, STRETCH, self.clock)
        bottom = QHBoxLayout()
        bottom.setSpacing(16)
        side = QVBoxLayout()
        side.addWidget(self.not_me, 1)
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
        self._bridge.cameras_opened.connect(self._bind)
        self._bridge.result_ready.connect(self._show_result)
        self._bridge.turn_asked.connect(self._show_prompt)
        self._bridge.event_logged.connect(self._show_event)
        self._bridge.camera_changed.connect(self._show_camera)
        self._bridge.run_state_changed.connect(self._show_run_state)
        self._bridge.question_asked.connect(self._show_question)
        self._bridge.question_closed.connect(self.banner.drop_notice)
        self._bridge.opening_failed.connect(self._show_shut)
        self.retry_button.clicked.connect(self._retry)
        self.pin_button.clicked.connect(self.pins.ask)
        self.leave_button.clicked.connect(self.pins.ask_to_leave)
        self.pins.left.connect(self._on_left)
        self.pins.told.connect(self.banner.show_notice)
        self.pins.failed.connect(self._show_error)
        self.not_me.voided.connect(self._on_voided)
        self.not_me.failed.connect(self._show_error)
        for interval_ms, slot in ((_CLOCK_MS, self._tick), (_NAMES_MS, self._read_names)):
            timer = QTimer(self)
            timer.timeout.connect(slot)
            timer.start(interval_ms)

    def _bind(self, cameras: tuple[CameraSettings, ...]) -> None:
        """Show the same camera as it is now; where it is gone, the one of the settings or the first."""
        same = next(
            (candidate for candidate in cameras if candidate.camera_id == self._camera.camera_id), None
        )
        self._is_left_out = same is None and bool(self._bridge.run.drill_door)
        if self._is_left_out:
            self._show_closed()
            return
        camera, _ = (same, True) if same else choose_camera(cameras, self._settings.kiosk_camera)
        self._camera, self._status = camera, None
        self.view.set_camera(camera.camera_id)
        self.pins.camera_id = camera.camera_id
        self._name_door(is_drill=bool(self._bridge.run.drill_door))
        self.state.setText("")
        self.retry_button.hide()
        self.banner.clear_fault()

    def _name_door(self, *, is_drill: bool) -> None:
        """Name the door; whoever comes by during a drill must not think that they came in."""
        named = self.tr("{0} – drill: nothing counts or opens")
        self.door.setText(named.format(self._camera.door) if is_drill else self._camera.door)

    def _show_closed(self) -> None:
        """Say that the door is closed, also while there is a drill at another one."""
        self.banner.turns.clear()
        self.banner.drop_notices()
        self.banner.show_idle(self.tr("The door is closed"), self.tr("Please ask at the desk."), icon="door")

    def _tick(self) -> None:
        now = QDateTime.currentDateTime().time()
        self.clock.setText(QLocale().toString(now, QLocale.FormatType.ShortFormat))

    def _read_names(self) -> None:
        run_in_background(self._people.list, self._keep_names, self._ignore, self)

    def _keep_names(self, people: list[Person]) -> None:
        self.view.set_names({person.person_id: person.name for person in people})

    def _ignore(self, _: FaceAccessError) -> None:
        """Leave the names as they were; the next reading tries again."""

    def _show_result(self, camera_id: str, result: FrameResult) -> None:
        if camera_id == self._camera.camera_id:
            self.view.show_result(result)
            self.banner.follow("", result)
            self.not_me.follow(result)
            entered = partial(self._bridge.entry_in_cool_down, camera_id, at=result.captured_at)
            self.banner.show_hint(result, entered)

    def _show_prompt(self, camera_id: str, prompt: TurnPrompt) -> None:
        if camera_id == self._camera.camera_id:
            self.view.show_prompt(prompt)
            self.banner.turns.show_prompt("", prompt)

    def _show_event(self, event: Event) -> None:
        if event.entry.door not in ("", self._camera.door):
            return
        self.banner.show_event(event)
        is_drill = event.entry.drill is not None
        if not is_drill:
            self.not_me.offer(event)
        if self._settings.kiosk_sounds:
            is_let_in = event.entry.outcome is Outcome.ACCEPTED and not is_drill
            sounds.play(sounds.Sound.ACCEPTED if is_let_in else sounds.Sound.REFUSED)

    def _show_question(self, question: "Question") -> None:
        if question.camera == self._camera.name:
            self.banner.keep_notice(question.question_id, self.tr("One moment: the desk is asked"))

    def _show_camera(self, camera_id: str, status: CameraStatus) -> None:
        if camera_id != self._camera.camera_id:
            return
        self._status = status
        wording = camera_codes.status(status)
        is_fine = status.state is CameraState.ONLINE and status.fault is None
        self.state.setText("" if is_fine else wording.label)
        self.retry_button.setVisible(status.state in (CameraState.OFFLINE, CameraState.STALLED))
        if is_fine:
            self.banner.clear_fault()
            return
        self.banner.show_fault(wording.label, self.tr("Use a PIN, or ask at the desk."), icon=wording.icon)
        if status.state is not CameraState.ONLINE:
            self.view.show_message(wording.label)

    def _show_run_state(self, state: RunState) -> None:
        self.pin_button.setEnabled(state is RunState.RUNNING and not self._is_left_out)
        if state is RunState.STOPPED and self._again is not None:
            self._again.start()
        if state is RunState.RUNNING and self._is_left_out:
            return
        if state is RunState.RUNNING:
            self.banner.show_idle(self.tr("Look into the camera"), icon="camera")
            return
        # A camera of a door that is closed has no fault.
        self.banner.clear_fault()
        if state in (RunState.STOPPING, RunState.STOPPED):
            self.banner.clear()
            self.not_me.clear()
        if state is RunState.STOPPED:
            self._is_left_out = False
            self._name_door(is_drill=False)
            self._show_closed()
        else:
            self.banner.show_idle(self.tr("One moment…"), icon="camera")

    def _retry(self) -> None:
        self._bridge.retry_now(self._camera.camera_id)

    def _show_error(self, error: FaceAccessError) -> None:
        """Show why a request at the kiosk failed."""
        self.banner.show_notice(failures.message(error), failures.hint(error), icon="warning")

    def _show_shut(self, event: Event) -> None:
        """Show that the door did not open after its greeting."""
        if event.entry.door in ("", self._camera.door):
            advice = self.tr("Step back and try again, or ask at the desk.")
            self.banner.show_notice(self.tr("The door did not open"), advice, icon="warning")

    def _on_voided(self, event: Event) -> None:
        self.banner.show_notice(self.tr("Taken back. Please use a PIN, or ask at the desk."))
        self._bridge.event_voided.emit(event)

    def _on_left(self) -> None:
        self.leave()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask before anything ends the kiosk."""
        if event.key() == Qt.Key.Key_Escape:
            if self.pad.isVisible():
                self.pad.close_pad()
            else:
                self.pins.ask_to_leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the pad in the middle."""
        super().resizeEvent(event)
        self.pins.place()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Refuse to close until the desk's PIN was given."""
        if self._may_close:
            self._awake.end()
            if self._again is not None:
                self._again.stop()
                self._again = None
            super().closeEvent(event)
            return
        event.ignore()
        self.pins.ask_to_leave()


def choose_camera(cameras: tuple[CameraSettings, ...], name: str) -> tuple[CameraSettings, bool]:
    """Return the camera of a name, or the first, and whether it is the one named."""
    chosen = next((camera for camera in cameras if camera.name.casefold() == name.casefold()), None)
    return chosen or cameras[0], chosen is not None or not name


def make_kiosk(
    access: "Access",
    people: "People",
    doors: "Doors",
    policies: "Policies",
    machine: "Machine",
    bridge: LiveBridge,
) -> tuple[KioskWindow, str]:
    """Return the kiosk described by the settings, not shown yet, and a warning about them or "".

    Raises:
        SettingsError: the cameras' settings can't be used.
    """
    settings = machine.settings
    camera, is_there = choose_camera(policies.cameras(), settings.kiosk_camera)
    window = KioskWindow(access, people, doors, bridge, camera, settings)
    warning = translate("KioskWindow", "There is no camera named {0}: the kiosk shows {1}.")
    return window, "" if is_there else warning.format(settings.kiosk_camera, camera.name)
