"""Garbage collection, on the GUI thread only."""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 250


class Collector(QObject):
    """Collects reference cycles from the event loop, in place of Python's own trigger.

    Python collects on whichever thread happens to allocate. A cycle may hold a widget, and a widget
    that a camera's or a worker's thread deletes takes the program with it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        timer = QTimer(self)
        timer.timeout.connect(self._collect)
        timer.start(_EVERY_MS)
        # Modules, classes and the first window stay: going through them takes over 100 ms each time.
        QTimer.singleShot(0, self, gc.freeze)

    def _collect(self) -> None:
        """Collect each generation that Python would have: the thresholds stay its own."""
        due = [count > limit > 0 for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if any(due):
            gc.collect(max(generation for generation, is_due in enumerate(due) if is_due))
