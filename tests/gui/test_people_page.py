"""The people page: find, change, deactivate, delete."""

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QPushButton

from faceaccess.codes import JournalKind, Role
from faceaccess.gui.models.people_model import Column
from faceaccess.gui.notices import Notices
from faceaccess.gui.people.history_dialog import HistoryDialog
from faceaccess.gui.people.page import PeoplePage
from faceaccess.gui.people.person_chooser import PersonChooser
from faceaccess.store.access.types import AccessGroup, AccessRules
from tests.gui.answers import press
from tests.gui.site import act_as, add_operators, kinds_after, last_row


@pytest.fixture
def page(qtbot, space, notices) -> PeoplePage:
    """The page, shown and loaded."""
    made = PeoplePage(space.access, space.people, space.reception, space.doors, space.policies, notices)
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
    assert "S004zzz" in page.empty.message.text()


def test_row_shows_the_person_with_photos(qtbot, page) -> None:
    page.table.selectRow(2)
    assert page.detail.name.text() == "Person 3"
    qtbot.waitUntil(lambda: page.detail._photos.count() == 2)


def test_rename(qtbot, page, space) -> None:
    person = space.people.list()[0]
    page.table.selectRow(0)
    assert not page.detail.save_button.isEnabled()
    page.detail.name.selectAll()
    qtbot.keyClicks(page.detail.name, "Renamed One")
    with qtbot.waitSignal(page.people_changed):
        page.detail.save_button.click()
    renamed = space.people.get(person.person_id)
    assert (renamed.name, renamed.staff_number, renamed.department) == ("Renamed One", "S001", "Workshop")
    qtbot.waitUntil(lambda: page.model.index(4, 0).data() == "Renamed One")
    assert page.detail.name.text() == "Renamed One"


def select(page: PeoplePage, *rows: int) -> None:
    """Select several people, as with Ctrl."""
    page.table.clearSelection()
    way = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in rows:
        page.table.selectionModel().select(page.model.index(row, 0), way)


def undo(notices: Notices) -> None:
    """Press the button of the newest message."""
    next(button for button in notices.findChildren(QPushButton)[::-1] if button.text() == "Undo").click()


def test_several_people_get_a_department_and_have_it_taken_back(qtbot, page, space, notices) -> None:
    select(page, 0, 2, 3)
    panel = page.selection
    assert page.side.currentWidget() is panel
    assert panel.heading.text() == "3 people are selected"
    assert panel.names.text() == "Person 1, Person 3, Person 4"
    assert panel.department.departments() == ["Office", "Workshop"]
    before = [person.department for person in space.people.list()]
    qtbot.keyClicks(panel.department, "Yard")
    with qtbot.waitSignal(page.people_changed):
        panel.department_button.click()
    assert notices.messages() == ["3 people are in the department Yard."]
    departments = [person.department for person in space.people.list()]
    assert [departments[at] for at in (0, 2, 3)] == ["Yard"] * 3
    undo(notices)
    qtbot.waitUntil(lambda: [person.department for person in space.people.list()] == before)
    qtbot.waitUntil(lambda: notices.messages()[-1:] == ["It is as it was before."])


def test_several_people_are_deactivated_and_let_in_again(qtbot, page, space, notices) -> None:
    select(page, 0, 1)
    assert not page.selection.activate_button.isEnabled()
    with qtbot.waitSignal(page.people_changed):
        page.selection.deactivate_button.click()
    assert [person.is_active for person in space.people.list()] == [False, False, True, True, True]
    qtbot.waitUntil(lambda: page.model.person_at(0).is_active is False)
    assert page.side.currentWidget() is page.detail
    undo(notices)
    qtbot.waitUntil(lambda: all(person.is_active for person in space.people.list()))


def test_groups_and_consents_of_several_are_asked_first(qtbot, page, space, notices, monkeypatch) -> None:
    night = AccessGroup("night", "Night shift")
    space.policies.set(space.access.actor, AccessRules(groups=(night,)))
    select(page, 0, 1)
    panel, ids = page.selection, [person.person_id for person in space.people.list()[:2]]
    qtbot.waitUntil(lambda: len(panel.menu.actions()) == 2)
    press(monkeypatch, "Cancel")
    panel.menu.actions()[0].trigger()
    assert space.doors.members.by_person() == {}
    press(monkeypatch, "Change the groups")
    panel.menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: space.doors.members.by_person() == dict.fromkeys(ids, ("night",)))
    qtbot.waitUntil(lambda: notices.messages() == ["The access times of 2 people are saved."])
    qtbot.waitUntil(lambda: page.side.currentWidget() is page.detail)
    select(page, 0, 1)
    press(monkeypatch, "They have agreed")
    panel.consent_button.click()
    qtbot.waitUntil(lambda: space.reception.consents.consenting() == set(ids))
    qtbot.waitUntil(lambda: notices.messages()[-1:] == ["The consents of 2 people are recorded."])


def test_what_an_operator_may_not_do_to_one_is_not_offered_for_several(qtbot, page, space) -> None:
    add_operators(space)
    act_as(space, Role.AUDITOR)
    select(page, 0, 1)
    panel = page.selection
    buttons = (panel.department_button, panel.consent_button, panel.deactivate_button, panel.groups_button)
    assert all(button.isHidden() for button in buttons)


def test_empty_name_can_not_be_saved(qtbot, page) -> None:
    page.table.selectRow(0)
    page.detail.name.selectAll()
    qtbot.keyClick(page.detail.name, Qt.Key.Key_Delete)
    assert not page.detail.save_button.isEnabled()


def test_deactivate_and_activate(qtbot, page, space) -> None:
    page.table.selectRow(1)
    person = space.people.list()[1]
    with qtbot.waitSignal(page.people_changed):
        page.detail.active_button.click()
    qtbot.waitUntil(lambda: page.detail.active_button.text() == "Activate")
    assert not space.people.get(person.person_id).is_active
    with qtbot.waitSignal(page.people_changed):
        page.detail.active_button.click()
    assert space.people.get(person.person_id).is_active


def test_deleting_is_done_at_once_and_can_be_undone_from_the_message(qtbot, page, space, notices) -> None:
    page.table.selectRow(0)
    person, before = space.people.list()[0], last_row(space)
    with qtbot.waitSignal(page.people_changed):
        page.detail.delete_button.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 4)
    assert person.person_id not in {other.person_id for other in space.people.list()}
    (undo,) = [button for button in notices.findChildren(QPushButton) if button.text() == "Undo"]
    with qtbot.waitSignal(page.people_changed):
        undo.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 5)
    assert space.people.list()[0].person_id == person.person_id
    assert kinds_after(space, before) == [JournalKind.PERSON_HIDDEN, JournalKind.CHANGE_UNDONE]


def test_a_photo_is_deleted_by_its_number(qtbot, page, space) -> None:
    page.table.selectRow(2)
    qtbot.waitUntil(lambda: page.detail._photos.count() == 2)
    person_id = space.people.list()[2].person_id
    first, second = space.reception.mending.photos.of(person_id)
    button = page.detail._photos.itemAt(1).widget()
    with qtbot.waitSignal(page.people_changed):
        button.menu().actions()[0].trigger()
    assert [photo.photo_id for photo in space.reception.mending.photos.of(person_id)] == [first.photo_id]
    assert [photo.photo_id for photo in space.reception.mending.photos.hidden()] == [second.photo_id]


def test_merging_asks_whom_with(qtbot, page, space) -> None:
    page.table.selectRow(0)
    mending, (merged, *_, into, _) = space.reception.mending, space.people.list()

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
    assert len(mending.photos.of(into.person_id)) == 4
    assert space.people.get(merged.person_id).person_id == into.person_id
    qtbot.waitUntil(lambda: page.detail.name.text() == "Person 4")


def test_what_was_changed_is_listed_with_the_newest_to_undo(qtbot, page, space) -> None:
    page.table.selectRow(2)
    mending, person_id = space.reception.mending, space.people.list()[2].person_id
    mending.hide_photos(space.access.actor, [mending.photos.of(person_id)[0].photo_id])
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
    assert len(mending.photos.of(person_id)) == 2


def test_empty_list_leads_to_enrolment(qtbot, page, space) -> None:
    for person in space.people.list():
        space.reception.mending.hide(space.access.actor, person.person_id)
    page.load()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.empty)
    with qtbot.waitSignal(page.enrol_wanted):
        page.empty.button.click()


def test_show_person_selects_the_row(qtbot, page, space) -> None:
    page.show_person(space.people.list()[3].person_id)
    qtbot.waitUntil(lambda: page.table.currentIndex().row() == 3)
    assert page.detail.name.text() == "Person 4"


def test_what_was_edited_and_not_saved_stands_there_again(qtbot, page, space) -> None:
    """It was lost without a word when another row was looked at."""
    first, second = space.people.list()[:2]
    page.show_person(first.person_id)
    qtbot.waitUntil(lambda: page.detail.name.text() == first.name)
    page.detail.department.setText("Boiler room")
    page.show_person(second.person_id)
    qtbot.waitUntil(lambda: page.detail.name.text() == second.name)
    assert page.detail.department.text() == second.department
    page.show_person(first.person_id)
    qtbot.waitUntil(lambda: page.detail.name.text() == first.name)
    assert page.detail.department.text() == "Boiler room"
    assert page.detail.save_button.isEnabled()
    page.load()
    qtbot.wait(50)
    page.detail.save_button.click()
    qtbot.waitUntil(lambda: space.people.get(first.person_id).department == "Boiler room")
    qtbot.waitUntil(lambda: not page.detail.save_button.isEnabled())
    page.begin_anew()
    page.show_person(first.person_id)
    qtbot.waitUntil(lambda: page.detail.department.text() == "Boiler room")


def test_columns_without_room_are_named(qtbot, page) -> None:
    """In a small window three columns were missing without a word, and long names were cut."""
    page.resize(860, 560)
    named = "Department, Photos, Last seen"
    qtbot.waitUntil(lambda: page.count_label.text().endswith(f"only in a wider window: {named}"))
    page.resize(1300, 760)
    qtbot.waitUntil(lambda: page.count_label.text() == "5 people")
    name = page.model.index(0, Column.NAME)
    assert name.data(Qt.ItemDataRole.ToolTipRole) == name.data()
