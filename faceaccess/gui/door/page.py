"""The page Door: live picture, outcome, latest entries and the threshold."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from faceaccess.codes import CameraState
from faceaccess.door.liveness.turning import TurnPrompt
from faceaccess.door.supervision import CameraStatus
from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import run_in_background
from faceaccess.gui.door.camera_notice import CameraNotice
from faceaccess.gui.door.camera_wall import CameraWall
from faceaccess.gui.door.desk_questions import DeskQuestions
from faceaccess.gui.door.recent_entries import RecentEntries
from faceaccess.gui.door.source_chooser import SourceChooser
from faceaccess.gui.door.threshold_question import may_use
from faceaccess.gui.door.threshold_slider import ThresholdSlider
from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.live_bridge import LiveBridge, RunState
from faceaccess.gui.notices import Notices
from faceaccess.gui.page import Page
from faceaccess.gui.widgets.empty_state import EmptyState
from faceaccess.gui.widgets.outcome_banner import OutcomeBanner
from faceaccess.gui.window import entries
from faceaccess.gui.window.facts import ModelFacts, save_threshold
from faceaccess.gui.wording import camera_codes, failures
from faceaccess.recognition.types import FrameResult
from faceaccess.settings import CameraSettings
from faceaccess.store.journal.types import Event
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.models.models import Models
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies
    from faceaccess.vision.sources.webcams import CameraInfo

_ON_TRIAL = FaceAccessError(
    "The door is open for a trial day.",
    "Its entries are marked: they count as no attendance and open no door.",
)


class DoorPage(Page):
    """Shows what happens at the door and lets the operator start, stop and tune it."""

    entry = entries.DOOR

    enrol_wanted = Signal()
    event_opened = Signal(object)
    match_changed = Signal()

    def __init__(
        self,
        access: "Access",
        people: "People",
        doors: "Doors",
        models: "Models",
        journal: "Journal",
        policies: "Policies",
        bridge: LiveBridge,
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._access, self._people, self._doors = access, people, doors
        self._models, self._policies = models, policies
        self._bridge, self._notices = bridge, notices
        self._names: dict[str, str] | None = None
        self._webcams: tuple[CameraInfo, ...] | None = None
        self._has_ended = False
        # Cameras that see nothing now, by their ids.
        self._blind: dict[str, CameraStatus] = {}
        self.chooser = SourceChooser(self)
        self.start_button = QPushButton(self)
        self.drill = wrapped("", self, "caution")
        self.drill.hide()
        self.notice = CameraNotice(self)
        self.questions = DeskQuestions(access, people, doors, bridge, notices, self)
        self.view = CameraWall(bridge, self)
        self.banner = OutcomeBanner(self)
        self.entries = RecentEntries(journal, self)
        self.threshold = ThresholdSlider(self)
        self._facts: ModelFacts | None = None
        self._camera_names: dict[str, str] = {}
        self.no_people = EmptyState(
            "people",
            self.tr("Nobody is enrolled yet. Enrol the first person, then start the door."),
            self.tr("Enrol someone"),
            self,
        )
        self.no_camera = EmptyState(
            "camera-off",
            self.tr("No camera found. Connect one and press Look again, or play a recording instead."),
            self.tr("Choose a file…"),
            self,
        )
        self.look_again = self.no_camera.add_button(self.tr("Look again"))
        self._arrange()
        self._connect()
        self._show_run_state(bridge.run_state)

    def load(self) -> None:
        """Read again whatever may have changed while another page was shown."""
        self.load_names()
        self.entries.load()
        run_in_background(self._policies.cameras, self._take_cameras, self._notices.fail, self)
        if self._webcams is None:
            self._look_for_cameras()

    def load_names(self) -> None:
        """Read the names of the people enrolled, for the marks on the picture."""
        run_in_background(partial(self._people.list), self._keep_names, self._notices.fail, self)

    def reload_people(self) -> None:
        """Read names and entries again, because people have changed."""
        self.load_names()
        self.entries.reload()

    def take_facts(self, facts: ModelFacts | None) -> None:
        """Show the threshold in force and the measured default; None while they are not known."""
        self._facts = facts
        self.threshold.set_policy(facts.match if facts else None, facts.default if facts else None)

    def kept_free_px(self) -> int:
        """Return the height of the banner: greetings are never covered."""
        return self.height() - self.banner.y()

    def show_result(self, camera_id: str, result: FrameResult) -> None:
        """Mark the faces of a result on the camera's picture."""
        self.view.show_result(camera_id, result)
        self.banner.follow(self._camera_names.get(camera_id, ""), result)
        if camera_id not in self._blind:
            entered = partial(self._bridge.entry_in_cool_down, camera_id, at=result.captured_at)
            self.banner.show_hint(result, entered)

    def show_prompt(self, camera_id: str, prompt: TurnPrompt) -> None:
        """Show what somebody at a camera is asked to do, until it is over."""
        self.view.show_prompt(camera_id, prompt)
        self.banner.turns.show_prompt(self._camera_names.get(camera_id, ""), prompt)

    def show_event(self, event: Event) -> None:
        """Show a journalled event in the banner and the list."""
        self.banner.show_event(event)
        self.entries.add_newer()

    def show_camera(self, camera_id: str, status: CameraStatus) -> None:
        """Show a camera's state while it gives no picture; an old picture is never left standing."""
        self.notice.show_status(camera_id, status)
        state, wording = status.state, camera_codes.status(status)
        picture = self.view.pictures.get(camera_id)
        self._has_ended = state is CameraState.ENDED and self.chooser.is_recording()
        is_seeing = state is CameraState.ONLINE and status.fault is None
        if is_seeing or state is CameraState.ENDED:
            self._blind.pop(camera_id, None)
        else:
            self._blind[camera_id] = status
        self._show_faults()
        if self._has_ended:
            self.banner.show_idle(wording.label, wording.advice, icon=wording.icon)
        if (
            picture is None
            or state is CameraState.ONLINE
            or (state is CameraState.ENDED and not self._has_ended)
        ):
            return
        picture.show_marks(())
        if not picture.has_picture() or state in (CameraState.OFFLINE, CameraState.STALLED):
            picture.show_message(f"{wording.label}\n{wording.advice}".strip())

    def _show_faults(self) -> None:
        """Show a fault, instead of the invitation to look, while no camera sees anything."""
        if len(self._blind) < len(self.view.pictures):
            self.banner.clear_fault()
        elif len(self._blind) == 1:
            wording = camera_codes.status(next(iter(self._blind.values())))
            self.banner.show_fault(wording.label, wording.advice, icon=wording.icon)
        else:
            fault = self.tr("None of %n cameras gives a picture", "", len(self._blind))
            self.banner.show_fault(fault, self.tr("The bar above says what is wrong with each."))

    def _arrange(self) -> None:
        self.stage = QStackedWidget(self)
        for view in (self.view, self.no_people, self.no_camera):
            self.stage.addWidget(view)
        bar = QHBoxLayout()
        bar.addWidget(self.chooser, 1)
        bar.addWidget(self.start_button)
        left = column(bar, self.drill, self.notice, self.questions, spacing=12)
        left.addWidget(self.stage, 1)
        left.addWidget(self.banner)
        right = QVBoxLayout()
        right.setSpacing(12)
        self.threshold_card = QFrame(self)
        cards = ((QFrame(self), self.entries, 1), (self.threshold_card, self.threshold, 0))
        for card, widget, stretch in cards:
            card.setObjectName("card")
            card.setFixedWidth(340)
            inner = QVBoxLayout(card)
            inner.setContentsMargins(14, 12, 14, 12)
            inner.addWidget(widget)
            right.addWidget(card, stretch)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addLayout(right)

    def _connect(self) -> None:
        self.start_button.clicked.connect(self._start_or_stop)
        self.chooser.chosen.connect(self._on_source_chosen)
        self.threshold.moved.connect(self._preview_threshold)
        self.threshold.settled.connect(self._save_threshold)
        self.no_people.button.clicked.connect(self.enrol_wanted)
        self.no_camera.button.clicked.connect(self.chooser.ask_for_file)
        self.look_again.clicked.connect(self._look_for_cameras)
        self.entries.opened.connect(self.event_opened)
        self.entries.model.failed.connect(self._notices.fail)
        self._bridge.cameras_opened.connect(self._name_cameras)
        self._bridge.result_ready.connect(self.show_result)
        self._bridge.turn_asked.connect(self.show_prompt)
        self._bridge.event_logged.connect(self.show_event)
        self._bridge.camera_changed.connect(self.show_camera)
        self._bridge.camera_drifted.connect(self.notice.show_drift)
        self.notice.retry_wanted.connect(self._bridge.retry_now)
        self._bridge.run_state_changed.connect(self._show_run_state)

    def _preview_threshold(self, threshold: float) -> None:
        default = self._facts.default if self._facts else None
        # Nobody has measured the others: they are asked about before they decide anything.
        if default is None or default.measures(threshold):
            self._models.thresholds.preview(self._access.actor, threshold)

    def _start_or_stop(self) -> None:
        if self._bridge.run_state is not RunState.STOPPED:
            self._bridge.stop()
        elif self.chooser.is_for_camera(self.chooser.source()):
            self._keep_source(self._start)
        else:
            self._start()

    def _start(self) -> None:
        self._bridge.start(self.chooser.source())

    def _keep_source(self, then: Callable[[], None]) -> None:
        """Store the chosen source as the only camera's, and go on only then.

        Entries of a camera that isn't stored don't count.
        """
        job = partial(_keep_source, self._access, self._policies, self.chooser.source() or "")
        run_in_background(job, partial(self._on_kept, then), partial(self._on_not_kept, then), self)

    def _on_source_chosen(self, source: str | None) -> None:
        """Restart a running door; a webcam or address chosen for the only camera is kept."""
        if self.chooser.is_for_camera(source):
            self._keep_source(self._start_if_wanted)
        else:
            self._start_if_wanted()

    def _start_if_wanted(self) -> None:
        """Start with the chosen source where the door runs, or where it is none of the cameras."""
        if self._bridge.run_state is not RunState.STOPPED or self.chooser.is_added():
            self._start()
        self._show_stage()

    def _take_cameras(self, cameras: tuple[CameraSettings, ...]) -> None:
        self.chooser.set_cameras(cameras)
        self._show_stage()

    def _on_kept(self, then: Callable[[], None], cameras: tuple[CameraSettings, ...]) -> None:
        self.chooser.set_cameras(cameras)
        then()

    def _on_not_kept(self, then: Callable[[], None], error: FaceAccessError) -> None:
        self._notices.fail(error)
        then()

    def _name_cameras(self, cameras: tuple[CameraSettings, ...]) -> None:
        self._camera_names = {camera.camera_id: camera.name for camera in cameras}
        self.notice.set_cameras(self._camera_names)
        self.banner.set_camera_count(len(cameras))
        if self._bridge.is_recording:
            self._notices.warn(
                self.tr("This is a recording."),
                self.tr("Its entries are marked: they count as no attendance and open no door."),
            )
        run = self._bridge.run
        if run.is_trial:
            self._notices.warn(failures.message(_ON_TRIAL), failures.hint(_ON_TRIAL))
        drill = self.tr("Attack drill at {0}: what is held up counts as no attendance, and no door opens.")
        self.drill.setText(drill.format(run.drill_door))
        self.drill.setVisible(bool(run.drill_door))
        if not self._bridge.counts:
            self._notices.warn(
                self.tr("This camera was not set up."),
                self.tr(
                    "What it sees doesn't count as attendance and opens no door. Set it up in the settings."
                ),
            )
        self._blind = {}
        self.banner.clear_fault()
        self.view.show_message(self.tr("Waiting for the camera…"))

    def _save_threshold(self, threshold: float) -> None:
        if self._facts and not may_use(self, threshold, self._facts.default):
            if self._facts.match:
                self._preview_threshold(self._facts.match.threshold)
            self.threshold.set_policy(self._facts.match, self._facts.default)
            return
        save = partial(save_threshold, self._access, self._models, threshold)
        run_in_background(save, self._on_saved, self._notices.fail, self)

    def _on_saved(self, _: object) -> None:
        self._notices.notify(self.tr("The threshold is saved."), is_success=True)
        self.match_changed.emit()

    def _keep_names(self, people: list[Person]) -> None:
        self._names = {person.person_id: person.name for person in people}
        self.view.set_names(self._names)
        self._show_stage()

    def _look_for_cameras(self) -> None:
        run_in_background(self._doors.cameras.find, self._keep_webcams, self._notices.fail, self)

    def _keep_webcams(self, webcams: "list[CameraInfo]") -> None:
        self._webcams = tuple(webcams)
        self.chooser.set_webcams(self._webcams)
        self._show_stage()

    def _show_run_state(self, state: RunState) -> None:
        is_stopped = state is RunState.STOPPED
        if is_stopped:
            self._notices.withdraw(_ON_TRIAL)
            self.drill.hide()
            self.banner.turns.clear()
        if state is RunState.STOPPING:
            self.banner.clear()
        if is_stopped:
            self.notice.clear()
            self._blind = {}
            self.banner.clear_fault()
            self.banner.clear()
        # Enabled first: the icon takes the colour that the text has at that moment.
        self.start_button.setEnabled(True)
        self.start_button.setText(self.tr("Start the door") if is_stopped else self.tr("Stop"))
        self.start_button.setProperty("role", "primary" if is_stopped else "")
        self.start_button.style().unpolish(self.start_button)
        self.start_button.style().polish(self.start_button)
        icons.set_icon(self.start_button, "play" if is_stopped else "stop", 16)
        if state is RunState.STARTING:
            self._has_ended = False
            self.view.show_message(self.tr("Starting… the first start prepares the models."))
            self.banner.show_idle(self.tr("Starting…"), icon="camera")
        elif state is RunState.RUNNING:
            self.banner.show_idle(self.tr("Look into the camera"), icon="camera")
        elif is_stopped and not self._has_ended:
            self.banner.show_idle(self.tr("The door is closed"), icon="door")
        self._show_stage()

    def _show_stage(self) -> None:
        is_live = self._bridge.run_state is not RunState.STOPPED or self.view.has_picture()
        stage: QWidget = self.view
        if not is_live and self._names is not None and not self._names:
            stage = self.no_people
        elif not is_live and self._webcams is not None and not self.chooser.has_source():
            stage = self.no_camera
        elif not is_live:
            self.view.show_message(self.tr("The door is closed. Choose a source and start it."))
        self.stage.setCurrentWidget(stage)
        self.start_button.setEnabled(
            self._bridge.run_state is not RunState.STOPPING and (is_live or self.chooser.has_source())
        )


def _keep_source(access: "Access", policies: "Policies", source: str) -> tuple[CameraSettings, ...]:
    camera = replace(policies.cameras()[0], source=source)
    policies.set_cameras(access.actor, [camera])
    return (camera,)
