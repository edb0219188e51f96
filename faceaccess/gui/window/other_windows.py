"""The windows beside the main one, each on a screen of its choice: the kiosk and the desk."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from faceaccess.errors import FaceAccessError
from faceaccess.gui.door.desk_window import DeskWindow
from faceaccess.gui.kiosk.kiosk_window import KioskWindow, make_kiosk
from faceaccess.gui.live_bridge import LiveBridge, RunState

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace


class OtherWindows(QObject):
    """Opens each once.

    `missing` says in words what of their settings isn't there, `failed` why none was opened.
    """

    missing = Signal(str)
    failed = Signal(object)
    kiosk_left = Signal()
    desk_closed = Signal()

    def __init__(self, workspace: "Workspace", bridge: LiveBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._bridge = workspace, bridge
        self.kiosk: KioskWindow | None = None
        self.desk: DeskWindow | None = None

    def open_kiosk(self) -> None:
        """Open the screen at the door, and the door with it."""
        if self.kiosk is not None:
            return
        try:
            self.kiosk, warning = make_kiosk(
                self._workspace.access,
                self._workspace.people,
                self._workspace.doors,
                self._workspace.policies,
                self._workspace.machine,
                self._bridge,
            )
        except FaceAccessError as error:
            self.failed.emit(error)
            return
        self.kiosk.left.connect(self._on_kiosk_left)
        self.kiosk.missing.connect(self.missing)
        if warning:
            self.missing.emit(warning)
        self.kiosk.open_on_screen()
        if self._bridge.run_state is RunState.STOPPED:
            self._bridge.start(None)

    def open_desk(self) -> None:
        """Open the desk, or bring it to the front."""
        if self.desk is None:
            self.desk = DeskWindow(
                self._workspace.access,
                self._workspace.people,
                self._workspace.doors,
                self._workspace.journal,
                self._workspace.machine,
                self._bridge,
            )
            self.desk.closed.connect(self._on_desk_closed)
        self.desk.open_on_screen()

    def close(self) -> None:
        """Close what is open, without asking, because the program ends."""
        if self.kiosk is not None:
            self.kiosk.leave()
        if self.desk is not None:
            self.desk.blockSignals(True)
            self.desk.close()

    def _on_kiosk_left(self) -> None:
        self.kiosk = None
        self.kiosk_left.emit()

    def _on_desk_closed(self) -> None:
        self.desk_closed.emit()
