"""Answers to what the window asks."""

import time

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from faceaccess.gui.widgets.save_dialog import SaveDialog


def press(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Press a button of the next message."""

    def answer(box: QMessageBox) -> int:
        button = next(button for button in box.buttons() if button.text() == words)
        monkeypatch.setattr(QMessageBox, "clickedButton", lambda _: button)
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)


def accept(dialog: SaveDialog) -> QDialog.DialogCode:
    """Press the button that saves, and wait until it is saved or refused."""
    dialog.accept()
    deadline = time.monotonic() + 10
    while not dialog.buttons.isEnabled() and not dialog.result() and time.monotonic() < deadline:
        QApplication.processEvents()
        time.sleep(0.001)
    return QDialog.DialogCode(dialog.result())
