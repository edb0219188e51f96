"""The log says once when the window was first seen."""

import logging

from PySide6.QtWidgets import QWidget

from faceaccess.gui.window.first_paint import FirstPaint
from faceaccess.log import Step


def test_the_first_painting_is_logged_once(qtbot, caplog) -> None:
    caplog.set_level(logging.INFO, "faceaccess")
    window = QWidget()
    qtbot.addWidget(window)
    FirstPaint(window)
    assert Step.PAINTED not in caplog.messages
    window.show()
    qtbot.waitUntil(lambda: Step.PAINTED in caplog.messages)
    window.update()
    qtbot.wait(50)
    assert caplog.messages.count(Step.PAINTED) == 1
