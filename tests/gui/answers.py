"""Answers to what the window asks."""

import pytest
from PySide6.QtWidgets import QMessageBox


def press(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Press a button of the next message."""

    def answer(box: QMessageBox) -> int:
        button = next(button for button in box.buttons() if button.text() == words)
        monkeypatch.setattr(QMessageBox, "clickedButton", lambda _: button)
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
