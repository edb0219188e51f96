import time

from PySide6.QtCore import QTimer

from faceaccess.gui.window.event_loop import EventLoopGaps


def test_a_deaf_moment_is_measured(qtbot) -> None:
    gaps = EventLoopGaps()
    QTimer.singleShot(40, lambda: time.sleep(0.08))
    qtbot.waitUntil(lambda: len(gaps.gaps_ms) >= 9)
    assert max(gaps.gaps_ms) >= 75
    gaps.stop()
    count = len(gaps.gaps_ms)
    qtbot.wait(50)
    assert len(gaps.gaps_ms) == count
