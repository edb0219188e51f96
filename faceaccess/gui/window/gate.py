"""The gate before the pages of a folder that has operators: signing in, and locking again."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from faceaccess.gui.window.idle import IdleWatch
from faceaccess.gui.window.sign_in import SignInView

if TYPE_CHECKING:
    from faceaccess.machine import Machine
    from faceaccess.store.access.access import Access

_MS_PER_MIN = 60_000
_LOOK_MS = 1000


class Gate(QStackedWidget):
    """Shows the pages, or the sign-in; `actor_changed` says that somebody signed in or out."""

    actor_changed = Signal()

    def __init__(
        self,
        access: "Access",
        machine: "Machine",
        inside: QWidget,
        app: QApplication | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Put the pages behind the gate.

        Args:
            access: knows whether somebody is signed in.
            machine: sets the time after which the window locks.
            inside: the pages.
            app: watched for input; None never locks by itself.
            parent: the parent widget.
        """
        super().__init__(parent)
        self._access, self._machine = access, machine
        self._inside = inside
        self.sign_in = SignInView(access, self)
        self._idle = IdleWatch(app, self)
        # Another window of this program may be where somebody signs in or out.
        self._others = QTimer(self)
        self._others.setInterval(_LOOK_MS)
        self._others.timeout.connect(self._follow)
        self._others.start()
        self.addWidget(inside)
        self.addWidget(self.sign_in)
        self.sign_in.signed_in.connect(self._on_signed_in)
        self._idle.became_idle.connect(self._on_idle)

    @property
    def is_locked(self) -> bool:
        """Whether nobody is signed in who must be."""
        return self.currentWidget() is self.sign_in

    def load(self) -> None:
        """Lock a folder that has operators while none is signed in."""
        if self._access.needs_sign_in:
            self.setCurrentWidget(self.sign_in)
            self.sign_in.load()
            self._idle.restart(0)
        else:
            self.setCurrentWidget(self._inside)
            self.watch_idle()
        self.actor_changed.emit()

    def watch_idle(self) -> None:
        """Wait for as long as this computer's settings say now."""
        is_closed = self._access.operators.is_closed
        self._idle.restart(self._machine.settings.lock_after_min * _MS_PER_MIN if is_closed else 0)

    def lock(self, *, is_idle: bool = False) -> None:
        """Sign the operator out; the door goes on."""
        self._access.sign_out(is_idle=is_idle)
        self.load()

    def _follow(self) -> None:
        if self._access.needs_sign_in != self.is_locked:
            self.load()

    def _on_signed_in(self) -> None:
        self.load()

    def _on_idle(self) -> None:
        if not self.is_locked:
            self.lock(is_idle=True)
