"""Who did what: every kind of action is worded, found by a search, and shown with its reason."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QDialog

from faceaccess.attendance.zones import Zones
from faceaccess.codes import Direction, JournalKind
from faceaccess.errors import StoreError
from faceaccess.gui.log.actions_dialog import ActionModel, ActionsDialog, Column
from faceaccess.gui.log.page import LogPage
from faceaccess.gui.wording import actions as action_text
from faceaccess.store.access.types import SYSTEM
from faceaccess.upkeep.actions import ACTION_KINDS, Actions
from tests.gui.site import add_entry, refuse


@pytest.fixture
def zones(space) -> Zones:
    return space.office.timesheets.zones()


def test_every_action_is_worded() -> None:
    assert all(action_text.action(kind) for kind in ACTION_KINDS)


def test_a_correction_is_found_with_its_reason(qtbot, space, zones) -> None:
    person = space.people.list()[0]
    event = add_entry(space, person=person)
    space.office.corrections.void(space.access.actor, event.seq, why="It was her sister")
    dialog = ActionsDialog(space.keeping.actions, zones)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.model.rowCount() > 0)
    dialog.search.setText("  taken BACK ")
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 1)
    at = {column: dialog.model.index(0, column).data() for column in Column}
    assert (at[Column.ACTION], at[Column.DETAILS]) == ("Entry taken back", "It was her sister")
    assert at[Column.ABOUT].startswith(person.name)
    dialog.table.selectRow(0)
    assert f"entry: {event.seq}" in dialog.detail.text()
    assert "Why: It was her sister" in dialog.detail.text()
    dialog.search.setText("nothing like it")
    qtbot.waitUntil(lambda: dialog.detail.text() == "No action matches.")


def test_actions_are_read_page_after_page(qtbot, space, zones) -> None:
    person = space.people.list()[0]
    for number in range(7):
        space.reception.directory.set_active(space.access.actor, person.person_id, bool(number % 2))
    everything = space.keeping.actions.newest(limit=10_000)
    model = ActionModel(space.keeping.actions, zones, page_size=3)
    model.search("")
    qtbot.waitUntil(lambda: model.rowCount() == 3)
    while model.canFetchMore(QModelIndex()):
        before = model.rowCount()
        model.fetchMore(QModelIndex())
        qtbot.waitUntil(
            lambda before=before: model.rowCount() > before or not model.canFetchMore(QModelIndex())
        )
        qtbot.waitUntil(lambda: not model._is_fetching)
    shown = [model.row_at(row).row.seq for row in range(model.rowCount())]
    assert shown == [action.row.seq for action in everything]


def test_a_log_that_cannot_be_read_is_said(qtbot, space, zones, monkeypatch) -> None:
    refuse(monkeypatch, Actions, "newest", StoreError("The log can't be read."))
    dialog = ActionsDialog(space.keeping.actions, zones)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.detail.text() == "The log can't be read.")


def test_the_log_leads_to_it(qtbot, space, notices, monkeypatch) -> None:
    page = LogPage(
        space.access, space.people, space.models, space.office, space.journal, space.keeping.actions, notices
    )
    qtbot.addWidget(page)
    opened: list[QDialog] = []
    monkeypatch.setattr(QDialog, "exec", lambda dialog: opened.append(dialog) or 0)
    page.actions_button.click()
    assert [type(dialog) for dialog in opened] == [ActionsDialog]


def test_a_changed_setting_says_what_it_was(space) -> None:
    space.models.thresholds.save(space.access.actor, 0.31, 0.04)
    space.models.thresholds.save(space.access.actor, 0.29, 0.04)
    newest = space.keeping.actions.newest(limit=1)[0]
    assert newest.facts == {
        "policy": f"match:{space.models.recognisers.model_id}",
        "threshold": "0.31 → 0.29",
    }


def test_entries_by_hand_are_actions_and_the_programs_own_are_shown_on_request(qtbot, space, zones) -> None:
    person = space.people.list()[0]
    event = space.office.corrections.add(
        space.access.actor, person.person_id, at=datetime(2026, 3, 4, 8, tzinfo=UTC), direction=Direction.IN,
        why="Forgot", now=datetime(2026, 3, 5, tzinfo=UTC),
    )  # fmt: skip
    space.journal.record(SYSTEM, JournalKind.PROGRAM_STARTED)
    dialog = ActionsDialog(space.keeping.actions, zones)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 1)
    action = dialog.model.row_at(0)
    assert (action.row.seq, action.why) == (event.seq, "Forgot")
    assert action.facts == {"at": "2026-03-04T08:00+00:00", "direction": "in"}
    dialog.of_program.click()
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2)
