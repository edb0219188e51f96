"""The moment at which somebody sees the window, written to the log."""

import logging

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from faceaccess.log import Step

logger = logging.getLogger(__name__)


class FirstPaint(QObject):
    """Logs once that a window was painted."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Wait for the first painting, which is over when the event loop turns."""
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._tell)
        return False

    def _tell(self) -> None:
        logger.info("%s", Step.PAINTED)
