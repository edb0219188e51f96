"""The people page: find, change, deactivate, delete."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from faceaccess.gui.pages.people import PeoplePage


@pytest.fixture
def page(qtbot, workspace, notices) -> PeoplePage:
    """The page, shown and loaded."""
    made = PeoplePage(workspace, notices)
    qtbot.addWidget(made)
    made.resize(1188, 760)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: made.model.rowCount() == 5)
    return made


def test_search_narrows_the_list(qtbot, page) -> None:
    page.focus_search()
    qtbot.keyClicks(page.search, "S004")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    assert page.count_label.text() == "One person"
    qtbot.keyClicks(page.search, "zzz")
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.empty)
    assert "S004zzz" in page.empty.words.text()


def test_row_shows_the_person_with_photos(qtbot, page) -> None:
    page.table.selectRow(2)
    assert page.detail.name.text() == "Person 3"
    qtbot.waitUntil(lambda: page.detail._photos.count() == 2)


def test_rename(qtbot, page, workspace, notices) -> None:
    page.table.selectRow(0)
    assert not page.detail.save_button.isEnabled()
    page.detail.name.selectAll()
    qtbot.keyClicks(page.detail.name, "Renamed One")
    with qtbot.waitSignal(page.people_changed):
        page.detail.save_button.click()
    assert workspace.directory.calls == [
        ("change", workspace.people.people[0].person_id,
         {"name": "Renamed One", "staff_number": "S001", "department": "Workshop"})
    ]  # fmt: skip
    qtbot.waitUntil(lambda: page.model.index(0, 0).data() == "Renamed One")
    assert page.detail.name.text() == "Renamed One"


def test_empty_name_can_not_be_saved(qtbot, page) -> None:
    page.table.selectRow(0)
    page.detail.name.selectAll()
    qtbot.keyClick(page.detail.name, Qt.Key.Key_Delete)
    assert not page.detail.save_button.isEnabled()


def test_deactivate_and_activate(qtbot, page, workspace) -> None:
    page.table.selectRow(1)
    with qtbot.waitSignal(page.people_changed):
        page.detail.active_button.click()
    qtbot.waitUntil(lambda: page.detail.active_button.text() == "Activate")
    with qtbot.waitSignal(page.people_changed):
        page.detail.active_button.click()
    assert [call[2] for call in workspace.directory.calls] == [False, True]


def _answer(role: QMessageBox.ButtonRole, seen: list[str]) -> None:
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    seen.append(box.informativeText())
    next(button for button in box.buttons() if box.buttonRole(button) == role).click()


@pytest.mark.parametrize("confirms", [True, False])
def test_delete_asks_and_says_what_goes_and_what_stays(qtbot, page, workspace, confirms: bool) -> None:
    seen: list[str] = []
    role = QMessageBox.ButtonRole.DestructiveRole if confirms else QMessageBox.ButtonRole.RejectRole
    page.table.selectRow(0)
    QTimer.singleShot(50, page, lambda: _answer(role, seen))
    page.detail.delete_button.click()
    assert "Removed:" in seen[0]
    assert "Kept:" in seen[0]
    if confirms:
        qtbot.waitUntil(lambda: page.model.rowCount() == 4)
    else:
        assert workspace.directory.calls == []


def test_empty_list_leads_to_enrolment(qtbot, page, workspace) -> None:
    workspace.people.people.clear()
    page.load()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.empty)
    with qtbot.waitSignal(page.enrol_wanted):
        page.empty.button.click()


def test_show_person_selects_the_row(qtbot, page, workspace) -> None:
    page.show_person(workspace.people.people[3].person_id)
    qtbot.waitUntil(lambda: page.table.currentIndex().row() == 3)
    assert page.detail.name.text() == "Person 4"
