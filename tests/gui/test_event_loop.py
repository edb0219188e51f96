import time

from PySide6.QtCore import QTimer

from faceaccess.gui.window.event_loop import EventLoopGaps


def test_a_deaf_moment_is_measured(qtbot) -> None:
    gaps = EventLoopGaps()
    QTimer.singleShot(0, lambda: time.sleep(0.08))
    qtbot.waitUntil(lambda: len(gaps.gaps_ms) >= 5)
    assert max(gaps.gaps_ms) >= 80
    gaps.stop()
    count = len(gaps.gaps_ms)
    qtbot.wait(50)
    assert len(gaps.gaps_ms) == count
