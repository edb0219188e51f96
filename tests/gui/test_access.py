"""PINs and access groups: set on the person, set up in the settings."""

from datetime import date, time

import pytest
from PySide6.QtWidgets import QDialog, QDialogButtonBox

from faceaccess.codes import JournalKind, OtherWay
from faceaccess.gui import background
from faceaccess.gui.people.page import PeoplePage
from faceaccess.gui.people.person_access import PinDialog
from faceaccess.gui.settings import group_list
from faceaccess.gui.settings.group_dialog import GroupDialog
from faceaccess.gui.settings.group_list import GroupList
from faceaccess.settings import CameraSettings
from faceaccess.store.access.types import AccessGroup, AccessRules, Window
from faceaccess.store.people.types import Person

WORKDAYS = frozenset(range(5))
STAFF = AccessGroup("s", "Staff", (Window(WORKDAYS, time(8), time(18)),))


@pytest.fixture
def first(space) -> Person:
    """The person who stands first in the list."""
    return space.people.list()[0]


@pytest.fixture
def page(qtbot, space, first, notices) -> PeoplePage:
    """The people page with the first person selected, who is in the group of the night."""
    for group in (STAFF, AccessGroup("n", "Night")):
        space.doors.groups.put(space.access.actor, group)
    space.reception.directory.set_groups(space.access.actor, first.person_id, ["n"])
    made = PeoplePage(space.access, space.people, space.reception, space.doors, space.policies, notices)
    qtbot.addWidget(made)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: made.model.rowCount() == 5)
    made.table.selectRow(0)
    qtbot.waitUntil(lambda: made.detail.access.groups_button.text() == "May pass: Night")
    return made


def test_a_pin_is_typed_twice(qtbot) -> None:
    dialog = PinDialog("Ada")
    qtbot.addWidget(dialog)
    dialog.show()
    for words in ("2583", "2581"):
        qtbot.keyClicks(dialog.fields[0], "2583")
        qtbot.keyClicks(dialog.fields[1], words)
        dialog.buttons.button(QDialogButtonBox.StandardButton.Save).click()
        if words == "2583":
            assert not dialog.isVisible()
            assert dialog.pin() == "2583"
            dialog.show()
            for field in dialog.fields:
                field.clear()
    assert dialog.isVisible()
    assert "not the same" in dialog.problem.text()


def test_a_pin_is_set_and_removed(qtbot, page, space, first, monkeypatch) -> None:
    def answer(dialog: QDialog) -> QDialog.DialogCode:
        dialog.fields[0].setText("2583")
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(QDialog, "exec", answer)
    assert not page.detail.access.remove_button.isEnabled()
    page.detail.access.pin_button.click()
    qtbot.waitUntil(page.detail.access.remove_button.isEnabled)
    assert space.people.get(first.person_id).has_pin
    page.detail.access.remove_button.click()
    qtbot.waitUntil(lambda: not page.detail.access.remove_button.isEnabled())
    assert page.detail.access.pin_button.text() == "Set PIN…"
    assert not space.people.get(first.person_id).has_pin


def test_how_somebody_comes_in_where_heads_are_turned_is_set_without_a_why(qtbot, page, space, first) -> None:
    access = page.detail.access
    assert [access.way.itemText(number) for number in range(access.way.count())] == [
        "Turns the head",
        "Gives a PIN",
        "Asks at the desk",
    ]
    assert (access.way.currentText(), access.no_pin.isVisible()) == ("Turns the head", False)
    choose_way(access, OtherWay.PIN)
    qtbot.waitUntil(access.no_pin.isVisible)
    assert access.no_pin.text() == "There is no PIN yet: set one."
    assert space.people.get(first.person_id).other_way is OtherWay.PIN
    space.reception.directory.set_pin(space.access.actor, first.person_id, "2583")
    page.load()
    qtbot.waitUntil(lambda: not access.no_pin.isVisible())
    choose_way(access, OtherWay.DESK)
    qtbot.waitUntil(lambda: space.people.get(first.person_id).other_way is OtherWay.DESK)
    choose_way(access, None)
    qtbot.waitUntil(lambda: space.people.get(first.person_id).other_way is None)
    row = space.journal.rows.newest((JournalKind.PERSON_CHANGED,), limit=1)[0]
    assert row.details["fields"] == ["other_way"]


def choose_way(access, way: OtherWay | None) -> None:
    """Choose as somebody does: by hand."""
    number = access.way.findData(way)
    access.way.setCurrentIndex(number)
    access.way.activated.emit(number)


def test_groups_of_a_person_are_ticked(qtbot, page, space, first) -> None:
    staff, night = page.detail.access.menu.actions()
    assert (staff.isChecked(), night.isChecked()) == (False, True)
    staff.trigger()
    qtbot.waitUntil(lambda: set(space.doors.members.by_person()[first.person_id]) == {"s", "n"})


def test_a_menu_left_open_when_the_person_goes_changes_nobody(page, space) -> None:
    """The list was read again meanwhile, and nobody is selected any longer."""
    before = space.journal.rows.newest()
    access = page.detail.access
    page.detail.show_person(None)
    for action in access.menu.actions():
        action.trigger()
    access.pin_button.click()
    access.remove_button.click()
    background.shutdown()
    assert space.journal.rows.newest() == before


def test_hours_are_added_and_removed(qtbot) -> None:
    dialog = GroupDialog(STAFF, ("Gate", "Yard"))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.group() == STAFF
    dialog.add_button.click()
    dialog.rows[0].remove_button.click()
    dialog.rows[0].days[5].setChecked(True)
    dialog.doors[1].setChecked(True)
    dialog.on_holidays.setChecked(True)
    (window,) = dialog.group().windows
    assert (window.days, window.start, window.end) == (WORKDAYS | {5}, time(8), time(18))
    assert (dialog.group().doors, dialog.group().on_holidays) == (("Yard",), True)


def test_a_group_that_makes_no_sense_is_not_saved(qtbot) -> None:
    dialog = GroupDialog(STAFF, ())
    qtbot.addWidget(dialog)
    dialog.show()
    save = dialog.buttons.button(QDialogButtonBox.StandardButton.Save)
    dialog.name.setText("  ")
    save.click()
    assert "name" in dialog.problem.text()
    dialog.name.setText("Staff")
    for box in dialog.rows[0].days:
        box.setChecked(False)
    save.click()
    assert "weekday" in dialog.problem.text()
    assert dialog.isVisible()


@pytest.fixture
def groups(qtbot, space, notices) -> GroupList:
    """The list with one group."""
    space.doors.groups.put(space.access.actor, STAFF)
    made = GroupList(space.access, space.people, space.doors, space.policies, notices)
    qtbot.addWidget(made)
    made.load()
    qtbot.waitUntil(lambda: len(made.list.rows) == 1)
    return made


def test_a_group_added_before_the_others_were_read_takes_none_away(
    qtbot, space, notices, monkeypatch
) -> None:
    """Without the others, whoever is held back by hours would pass at any time."""
    space.doors.groups.put(space.access.actor, STAFF)
    monkeypatch.setattr(QDialog, "exec", lambda _: QDialog.DialogCode.Accepted)
    made = GroupList(space.access, space.people, space.doors, space.policies, notices)
    qtbot.addWidget(made)
    made.list.add_button.click()
    assert not made.holidays.isEnabled()
    made.load()
    qtbot.waitUntil(made.holidays.isEnabled)
    assert space.policies.read(AccessRules).groups == (STAFF,)


def names(space) -> list[str]:
    """The names of the groups in force."""
    return [group.name for group in space.policies.read(AccessRules).groups]


def test_groups_are_added_changed_and_removed(qtbot, groups, space, first, monkeypatch) -> None:
    monkeypatch.setattr(QDialog, "exec", lambda _: QDialog.DialogCode.Accepted)
    groups.list.add_button.click()
    qtbot.waitUntil(lambda: names(space) == ["Staff", "Group 2"])
    qtbot.waitUntil(lambda: len(groups.list.rows) == 2)
    asked, replies = [], [False, True]
    space.reception.directory.set_groups(space.access.actor, first.person_id, [STAFF.group_id])
    space.doors.access.refresh()
    monkeypatch.setattr(
        group_list, "confirms", lambda *words, **_: (asked.append(words[-1]), replies.pop(0))[1]
    )
    for number in (1, 2):
        groups.list.rows[0].remove_button.click()
        qtbot.waitUntil(lambda number=number: len(asked) == number)
        assert "Person 1" in asked[-1]
    qtbot.waitUntil(lambda: names(space) == ["Group 2"])


def test_the_last_group_of_a_person_is_taken_away_after_asking_only(
    qtbot, page, space, first, monkeypatch
) -> None:
    """Whoever was held back by hours could pass at any time after one click."""
    replies = [False, True]
    monkeypatch.setattr(group_list, "confirms", lambda *_, **__: replies.pop(0))
    access = page.detail.access
    access.menu.actions()[1].trigger()
    qtbot.waitUntil(lambda: len(replies) == 1 and access.groups_button.text() == "May pass: Night")
    assert space.doors.members.by_person() == {first.person_id: ("n",)}
    access.menu.actions()[1].trigger()
    qtbot.waitUntil(lambda: first.person_id not in space.doors.members.by_person())


def test_a_door_without_cameras_stays_in_its_group(qtbot, space, notices, monkeypatch) -> None:
    """Saved without its only door, the group could have passed everywhere."""
    actor = space.access.actor
    cameras = [CameraSettings(camera_id=door, name=door, door=door) for door in ("Laboratory", "Gate")]
    space.policies.set_cameras(actor, cameras)
    space.doors.groups.put(actor, AccessGroup("l", "Lab", doors=("Laboratory",)))
    space.doors.cameras.remove(actor, "Laboratory")
    groups = GroupList(space.access, space.people, space.doors, space.policies, notices)
    qtbot.addWidget(groups)
    groups.load()
    qtbot.waitUntil(lambda: len(groups.list.rows) == 1)
    monkeypatch.setattr(QDialog, "exec", lambda _: QDialog.DialogCode.Accepted)
    groups._edit_number(0)
    qtbot.waitUntil(lambda: bool(notices.messages()))
    assert space.policies.read(AccessRules).groups[0].doors == ("Laboratory",)


def test_holidays_are_kept_and_nonsense_is_refused(qtbot, groups, space, notices) -> None:
    groups.holidays.setText("2026-12-25, 2026-12-26")
    groups.holidays.editingFinished.emit()
    days = {date(2026, 12, 25), date(2026, 12, 26)}
    qtbot.waitUntil(lambda: space.policies.read(AccessRules).holidays == days)
    qtbot.waitUntil(lambda: "The access groups are saved." in notices.messages())
    groups.holidays.setText("Christmas")
    groups.holidays.editingFinished.emit()
    assert "2026-12-25" in notices.messages()[-1] or "2026-12-25" in notices.messages()[0]
    qtbot.waitUntil(lambda: groups.holidays.text() == "2026-12-25, 2026-12-26")
