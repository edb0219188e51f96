"""The cameras as they are set up: add, change, remove."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from faceaccess.door.cameras import new_camera
from faceaccess.door.entries import CameraChange, camera_changes
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui.confirming import confirms
from faceaccess.gui.layout import wrapped
from faceaccess.gui.live_bridge import LiveBridge, RunState
from faceaccess.gui.notices import Notices
from faceaccess.gui.settings.camera_dialog import CameraDialog
from faceaccess.gui.widgets.setup_list import SetupList, SetupTexts
from faceaccess.gui.wording import camera_codes, codes, setups
from faceaccess.gui.wording.counts import Counts
from faceaccess.settings import CameraSettings

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.policy.policies import Policies

_FAULTS_SHOWN = 6


class CameraList(SetupList[CameraSettings, CameraDialog]):
    """Lists cameras, each with its state while the door runs, and the last faults below."""

    def __init__(
        self,
        access: "Access",
        doors: "Doors",
        journal: "Journal",
        policies: "Policies",
        bridge: LiveBridge,
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(access, notices, parent)
        self._doors, self._journal, self._policies, self._bridge = doors, journal, policies, bridge
        self._statuses = dict(bridge.statuses)
        self.faults = wrapped("", self, "muted")
        self.column.addWidget(self.faults)
        bridge.camera_changed.connect(self._show_status)
        bridge.run_state_changed.connect(self._show_run_state)

    def wording(self) -> SetupTexts:
        """Return the list's texts."""
        return SetupTexts(
            saved=self.tr("The cameras are saved."),
            add=self.tr("Add a camera"),
        )

    def read(self) -> tuple[CameraSettings, ...]:
        """Return the cameras in force."""
        return self._policies.cameras()

    def facts(self, item: CameraSettings) -> tuple[str, str]:
        """Return a camera's name, its door, and its state while the door runs."""
        parts = [item.door, codes.choice("passage", item.passage), setups.source(item.source)]
        status = self._statuses.get(item.camera_id)
        if status is not None:
            parts.append(camera_codes.status(status).label)
        if status is not None and status.reconnects:
            parts.append(Counts().reconnects(status.reconnects))
        return item.name, " · ".join(parts)

    def can_remove(self) -> bool:
        """Tell whether a camera would be left: a door needs one."""
        return len(self.items) > 1

    def dialog(self, item: CameraSettings) -> CameraDialog:
        """Return the dialog over a camera."""
        return CameraDialog(self._doors, self._bridge, item, self.window())

    def new(self) -> CameraSettings:
        """Return the next webcam."""
        number = len(self.items) + 1
        return new_camera(self.tr("Camera {0}").format(number), str(number - 1))

    def put(self, item: CameraSettings, dialog: CameraDialog) -> None:
        """Store a camera, and how faces look there where that was measured."""
        self.keep(self.work.by_actor(self._doors.cameras.put, dialog.settings(), dialog.baseline))

    def remove(self, item: CameraSettings) -> None:
        """Ask, and remove a camera."""
        if confirms(
            self,
            self.tr("Remove the camera {0}?").format(item.name),
            self.tr("Its entries stay in the log."),
            verb=self.tr("Remove"),
            harmless=self.tr("Keep it"),
        ):
            self.keep(self.work.by_actor(self._doors.cameras.remove, item.camera_id))

    def load(self) -> None:
        """Show the cameras in force, and their last faults."""
        super().load()
        self._load_faults()

    def _load_faults(self) -> None:
        self.work.read(partial(_read_states, self._journal), self._show_faults)

    def _show_status(self, camera_id: str, status: CameraStatus) -> None:
        self._statuses[camera_id] = status
        for shown, camera in zip(self.list.rows, self.items, strict=False):
            if camera.camera_id == camera_id:
                shown.facts.setText(self.facts(camera)[1])
        if self.isVisible():
            self._load_faults()

    def _show_run_state(self, state: RunState) -> None:
        if state is RunState.STOPPED:
            self._statuses = {}
            self.show_items(self.items)

    def _show_faults(self, changes: list[CameraChange]) -> None:
        lines = [camera_codes.change(change) for change in changes]
        heading = self.tr("What the cameras did last:")
        self.faults.setText("\n".join([heading, *lines]) if lines else "")
        self.faults.setVisible(bool(lines))


def _read_states(journal: "Journal") -> list[CameraChange]:
    return camera_changes(journal, _FAULTS_SHOWN)
