"""A watch for the time when nobody uses the window any longer."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

_USED = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class IdleWatch(QObject):
    """Announces once that nothing was typed, clicked or moved for a time; `restart` begins anew."""

    became_idle = Signal()

    def __init__(self, app: QApplication | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.became_idle)
        self._app = app

    def restart(self, after_ms: int) -> None:
        """Begin to wait; 0 never announces."""
        self._timer.setInterval(after_ms)
        if self._app is None:
            return
        if after_ms:
            self._timer.start()
            self._app.installEventFilter(self)
        else:
            self._timer.stop()
            # Without it no event has to go through Python: a window has hundreds of them a second.
            self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See every event, and let all pass."""
        if event.type() in _USED and self._timer.isActive():
            self._timer.start()
        return False
