"""A saved file can be opened from its message, and shown in its folder."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPushButton

from faceaccess.gui import saved_files
from faceaccess.gui.log.page import LogPage
from faceaccess.gui.notices import Notices


@pytest.fixture
def opened(monkeypatch) -> list[Path]:
    """What the desktop was asked to open, in place of opening it."""
    paths: list[Path] = []

    def open_url(url: QUrl) -> bool:
        paths.append(Path(url.toLocalFile()))
        return paths[-1].exists()

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    monkeypatch.setattr(saved_files.sys, "platform", "linux")
    return paths


def buttons(notices: Notices) -> dict[str, QPushButton]:
    """Return the buttons of the message on show."""
    return {button.text(): button for button in notices.findChildren(QPushButton)}


def test_an_export_of_the_log_is_opened_and_shown_in_its_folder(
    qtbot, space, notices, monkeypatch, tmp_path, opened
) -> None:
    page = LogPage(
        space.access, space.people, space.models, space.office, space.journal, space.keeping.actions, notices
    )
    qtbot.addWidget(page)
    page.load()
    qtbot.waitUntil(page.export_button.isEnabled)
    path = tmp_path / "entries.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    page.export_button.click()
    qtbot.waitUntil(lambda: notices.messages() == [f"The entries are in {path}."])
    assert list(buttons(notices)) == ["Open", "Show in folder"]
    buttons(notices)["Open"].click()
    assert opened == [path]
    assert notices.messages() == []
    saved_files.tell_saved(notices, "Again.", path)
    buttons(notices)["Show in folder"].click()
    assert opened[1:] == [tmp_path]


def test_an_encrypted_file_is_only_shown_in_its_folder(qtbot, notices, tmp_path, opened) -> None:
    saved_files.tell_saved(notices, "Written.", tmp_path / "people.facepeople", is_readable=False)
    assert list(buttons(notices)) == ["Show in folder"]
    buttons(notices)["Show in folder"].click()
    assert opened == [tmp_path]


def test_where_nothing_opens_a_file_its_place_is_said(qtbot, notices, tmp_path, opened) -> None:
    path = tmp_path / "gone.pdf"
    saved_files.tell_saved(notices, "Saved.", path)
    buttons(notices)["Open"].click()
    assert notices.messages() == [f"No program here opens {path}."]


def test_a_dialog_offers_the_same(qtbot, tmp_path, opened) -> None:
    path = tmp_path / "import.csv"
    path.touch()
    row = saved_files.SavedFileButtons(None)
    qtbot.addWidget(row)
    assert not row.isVisible()
    row.show_path(path)
    row.open_button.click()
    row.folder_button.click()
    assert opened == [path, tmp_path]
