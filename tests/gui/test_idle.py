"""The watch for the time when nobody uses the window."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from faceaccess.gui.window.idle import IdleWatch


class _Counting(IdleWatch):
    """A watch that counts what it is shown."""

    seen = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.seen += 1
        return super().eventFilter(watched, event)


def test_events_go_through_the_watch_only_while_it_waits(qtbot, qapp: QApplication) -> None:
    """Every event of the program went through Python, also where no window is ever locked."""
    watch, widget = _Counting(qapp, qapp), QWidget()
    qtbot.addWidget(widget)
    for after_ms, times in ((0, 0), (60_000, 1), (60_000, 2), (0, 2)):
        watch.restart(after_ms)
        QApplication.sendEvent(widget, QEvent(QEvent.Type.User))
        assert watch.seen == times
    watch.deleteLater()
