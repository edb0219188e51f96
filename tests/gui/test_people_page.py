"""The people page: find, change, deactivate, delete."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QPushButton

from faceaccess.gui.people.history_dialog import HistoryDialog
from faceaccess.gui.people.page import PeoplePage
from faceaccess.gui.people.person_chooser import PersonChooser


@pytest.fixture
def page(qtbot, workspace, notices) -> PeoplePage:
    """The page, shown and loaded."""
    made = PeoplePage(
        workspace.access, workspace.people, workspace.reception, workspace.doors, workspace.policies, notices
    )
    qtbot.addWidget(made)
    made.resize(1188, 760)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: made.model.rowCount() == 5)
    return made


def test_a_narrow_page_scrolls_nowhere_sideways(qtbot, page) -> None:
    """At 1024 pixels the table's last columns were out of sight."""
    page.resize(916, 620)
    qtbot.waitUntil(lambda: page.table.horizontalScrollBar().maximum() == 0)
    page.resize(1172, 760)
    assert not page.table.isColumnHidden(2)


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
    assert workspace.reception.directory.calls == [
        ("change", workspace.people.people[0].person_id,
         {"name": "Renamed One", "staff_number": "S001", "department": "Workshop",
          "email": ""})
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
    assert [call[2] for call in workspace.reception.directory.calls] == [False, True]


def test_deleting_is_done_at_once_and_can_be_undone_from_the_message(qtbot, page, workspace, notices) -> None:
    page.table.selectRow(0)
    with qtbot.waitSignal(page.people_changed):
        page.detail.delete_button.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 4)
    (undo,) = [button for button in notices.findChildren(QPushButton) if button.text() == "Undo"]
    with qtbot.waitSignal(page.people_changed):
        undo.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 5)
    assert workspace.reception.mending.calls == [("hide", workspace.people.people[0].person_id), ("undo", 1)]


def test_a_photo_is_deleted_by_its_number(qtbot, page, workspace) -> None:
    page.table.selectRow(2)
    qtbot.waitUntil(lambda: page.detail._photos.count() == 2)
    button = page.detail._photos.itemAt(1).widget()
    with qtbot.waitSignal(page.people_changed):
        button.menu().actions()[0].trigger()
    assert workspace.reception.mending.calls == [("hide_photos", [31])]


def test_merging_asks_whom_with(qtbot, page, workspace) -> None:
    page.table.selectRow(0)

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PersonChooser)
        dialog.people.setCurrentRow(2)
        dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(200, page, choose)
    with qtbot.waitSignal(page.people_changed):
        page.detail.merge_button.click()
    one, other = f"{1:032x}", f"{4:032x}"
    assert workspace.reception.mending.calls == [("merge", one, other)]
    qtbot.waitUntil(lambda: page.detail.name.text() == "Person 4")


def test_what_was_changed_is_listed_with_the_newest_to_undo(qtbot, page, workspace) -> None:
    page.table.selectRow(2)
    workspace.reception.mending.hide_photos(workspace.access.actor, [30])
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, HistoryDialog)
        seen.append(dialog.changes.item(0).text())
        dialog.undo_button.click()
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(200, page, look)
    with qtbot.waitSignal(page.people_changed):
        page.detail.history_button.click()
    assert "Photo deleted" in seen[0]
    assert workspace.reception.mending.calls[-1] == ("undo", 1)


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
