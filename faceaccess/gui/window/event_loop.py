"""The times the window was deaf: gaps between two turns of its event loop."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer


class EventLoopGaps(QObject):
    """Measures from the first turn of the loop, when the window is there, until `stop`.

    Attributes:
        gaps_ms: time between two turns that a timer of 5 ms asked for, milliseconds.
        places: for each gap, what the window was doing.
    """

    def __init__(self, parent: QObject | None = None, *, where: Callable[[], str] = str) -> None:
        """Begin to measure.

        Args:
            parent: the parent object.
            where: says what the window is doing now.
        """
        super().__init__(parent)
        self.gaps_ms: list[float] = []
        self.places: list[str] = []
        self._where = where
        self._turned_s: float | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)
        self._timer.start(5)

    def stop(self) -> None:
        """Stop measuring."""
        self._timer.stop()

    def _turn(self) -> None:
        now_s = time.perf_counter()
        if self._turned_s is not None:
            self.gaps_ms.append((now_s - self._turned_s) * 1000)
            self.places.append(self._where())
        self._turned_s = now_s
