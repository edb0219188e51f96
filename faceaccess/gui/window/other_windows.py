"""The windows beside the main one, each on a screen of its choice: the kiosk and the desk."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from faceaccess.errors import FaceAccessError
from faceaccess.gui import sounds
from faceaccess.gui.door.desk_window import DeskWindow
from faceaccess.gui.kiosk.kiosk_window import KioskWindow, make_kiosk
from faceaccess.gui.live_bridge import LiveBridge, RunState

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace


class OtherWindows(QObject):
    """Opens each once.

    `missing` carries a message about settings that can't be met, `failed` why a window wasn't opened.
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
        bridge.question_asked.connect(self._call_desk)

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
        """Close the open windows without asking, because the program ends."""
        if self.kiosk is not None:
            self.kiosk.leave()
        if self.desk is not None:
            self.desk.blockSignals(True)
            self.desk.close()

    def _call_desk(self, _: object) -> None:
        """Call whoever looks elsewhere, for the half minute in which a question can be answered."""
        if self._workspace.machine.settings.desk_sounds:
            sounds.play(sounds.Sound.QUESTION)
        for window in QApplication.topLevelWidgets():
            if window.isVisible() and window.objectName() != "kiosk":
                QApplication.alert(window)

    def _on_kiosk_left(self) -> None:
        self.kiosk = None
        self.kiosk_left.emit()

    def _on_desk_closed(self) -> None:
        self.desk_closed.emit()
