"""The log page: filters, full decision, export, live events."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QDate, QModelIndex, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QPushButton

from faceaccess.attendance.zones import Zones
from faceaccess.codes import JournalKind, Method, Outcome, Reason, Role
from faceaccess.errors import StoreError
from faceaccess.gui.log.page import LogPage
from faceaccess.gui.log.this_is_dialog import ThisIsDialog
from faceaccess.gui.models.event_model import Column
from faceaccess.gui.widgets.date_range import DateRange, Span
from faceaccess.gui.widgets.entry_dialog import ReasonDialog
from faceaccess.gui.widgets.outcome_delegate import outcome_look, pill_width
from faceaccess.store.journal.events import Events
from faceaccess.store.journal.types import EventFilter, EventOrder
from tests.gui.drawn import make_event
from tests.gui.site import MODEL_ID, act_as, add_entry, add_operators, events_of


@pytest.fixture
def page(qtbot, space, notices) -> LogPage:
    """The page, shown and loaded."""
    made = LogPage(
        space.access, space.people, space.models, space.office, space.journal, space.keeping.actions, notices
    )
    qtbot.addWidget(made)
    made.resize(1188, 760)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: made.model.rowCount() == 12)
    return made


def test_newest_first_with_a_count(qtbot, page, space) -> None:
    assert page.model.event_at(0) == events_of(space)[-1]
    qtbot.waitUntil(lambda: page.count_label.text() == "12 entries")


def test_filter_by_outcome_person_and_camera(qtbot, page, space) -> None:
    page.filters.outcome_box.setCurrentIndex(page.filters.outcome_box.findText("Accepted"))
    expected = [event for event in events_of(space) if event.entry.outcome is Outcome.ACCEPTED]
    qtbot.waitUntil(lambda: page.model.rowCount() == len(expected))
    assert page.filters.event_filter().outcomes == (Outcome.ACCEPTED,)
    qtbot.keyClicks(page.filters.search, "Person 1")
    qtbot.waitUntil(lambda: page.model.filter.text == "Person 1")
    page.filters.camera_box.setCurrentIndex(page.filters.camera_box.findText("Front door"))
    assert page.filters.event_filter().camera == "Front door"
    page.filters.clear_button.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 12)
    assert page.filters.event_filter() == EventFilter()


def test_nothing_found_offers_to_clear_the_filter(qtbot, page) -> None:
    page.filters.search.setText("nobody at all")
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.empty)
    page.empty.button.click()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.table)


def test_times_and_days_are_the_companys(qtbot, page, space, monkeypatch) -> None:
    dhaka = Zones(ZoneInfo("Asia/Dhaka"))
    monkeypatch.setattr(space.office.timesheets, "zones", lambda: dhaka)
    page.load()
    across = Qt.Orientation.Horizontal
    assert page.model.headerData(Column.TIME, across) == "Time (Asia/Dhaka)"
    at = page.model.event_at(0).entry.at
    shown = page.model.index(0, Column.TIME).data()
    assert shown == at.astimezone(dhaka.first).strftime("%Y-%m-%d %H:%M:%S")
    page.table.selectRow(0)
    figures = " ".join(label.text() for label in page.detail.findChildren(QLabel))
    assert f"{shown}\n(Asia/Dhaka)" in figures
    page.filters.days.span_box.setCurrentIndex(page.filters.days.span_box.findData(Span.CHOSEN))
    page.filters.days.first.setDate(QDate(2026, 3, 4))
    assert page.model.filter.since == datetime(2026, 3, 3, 18, tzinfo=UTC)


def test_row_shows_the_full_decision(qtbot, page) -> None:
    row = next(row for row in range(12) if page.model.event_at(row).entry.outcome is Outcome.UNKNOWN)
    page.table.selectRow(row)
    shown = " ".join(label.text() for label in page.detail.findChildren(QLabel)).replace("\u200b", "")
    for part in (
        "0.412",
        "0.270",
        "0.391",
        "Person 5",
        "CPU (ONNX Runtime)",
        MODEL_ID,
        "Front door",
    ):
        assert part in shown, part
    assert "beyond the threshold" in page.detail.sentence.text()
    qtbot.waitUntil(lambda: not page.detail.crop.pixmap().isNull())


def test_live_event_is_put_on_top_and_keeps_the_selection(qtbot, page, space) -> None:
    page.table.selectRow(3)
    selected = page.model.event_at(3).seq
    page.add_newer(add_entry(space, Outcome.UNKNOWN))
    qtbot.waitUntil(lambda: page.model.rowCount() == 13)
    assert page.model.event_at(page.table.currentIndex().row()).seq == selected


def test_export_uses_the_filter_on_show(qtbot, page, space, monkeypatch, tmp_path, notices) -> None:
    target = tmp_path / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_: (str(target), "")))
    page.filters.outcome_box.setCurrentIndex(page.filters.outcome_box.findText("No access"))
    page.export_button.click()
    qtbot.waitUntil(lambda: bool(notices.messages()))
    denied = [event for event in events_of(space) if event.entry.outcome is Outcome.DENIED]
    assert len(target.read_text().splitlines()) == 1 + len(denied)
    (row,) = space.journal.rows.newest([JournalKind.EXPORTED])
    assert (row.actor, row.details["outcomes"]) == (space.access.actor.name, [Outcome.DENIED])


def select(page: LogPage, outcome: Outcome) -> int:
    """Select the first entry of an outcome; return its number."""
    events = map(page.model.event_at, range(page.model.rowCount()))
    row, seq = next((at, event.seq) for at, event in enumerate(events) if event.entry.outcome is outcome)
    page.table.selectRow(row)
    return seq


def test_an_unknown_face_is_said_to_be_somebody_in_three_clicks(
    qtbot, page, space, notices, monkeypatch
) -> None:
    seq = select(page, Outcome.UNKNOWN)
    listed = []

    def answer(dialog: ThisIsDialog) -> QDialog.DialogCode:
        qtbot.waitUntil(lambda: dialog.people.count() == 5)
        qtbot.waitUntil(lambda: not dialog.crop.pixmap().isNull())
        listed.extend(dialog.people.item(at).text().split("   ")[0] for at in range(5))
        dialog.save_button.click()
        assert dialog.problem.text() == "Choose the person it shows."
        dialog.search.setText("Person 3")
        qtbot.waitUntil(lambda: dialog.people.count() == 1)
        dialog.people.setCurrentRow(0)
        dialog.save_button.click()
        return QDialog.DialogCode(dialog.result())

    monkeypatch.setattr(ThisIsDialog, "exec", answer)
    page.detail.event_actions.this_is_button.click()
    qtbot.waitUntil(lambda: notices.messages() == ["Person 3 is entered."])
    assert listed[:2] == ["Person 1", "Person 5"], "the nearest and the second come first"
    newest = events_of(space)[-1]
    assert (newest.person_name, newest.entry.evidence, newest.entry.method) == (
        "Person 3",
        seq,
        Method.MANUAL,
    )
    assert space.journal.rows.note(newest.seq) == f"Recognised on the picture of entry #{seq}"
    qtbot.waitUntil(lambda: page.model.rowCount() == 13)
    page.detail.show_event(newest)
    assert f"entry #{seq}" in [label.text() for label in page.detail.findChildren(QLabel)]
    qtbot.waitUntil(lambda: not page.detail.crop.pixmap().isNull())
    why = f"Recognised on the picture of entry #{seq}"
    qtbot.waitUntil(lambda: why in [label.text() for label in page.detail.findChildren(QLabel)])
    page.detail.show_event(space.journal.events.get(seq))
    said = f"Entry #{newest.seq} says whom it shows: Person 3."
    qtbot.waitUntil(lambda: page.detail.sentence.text().endswith(said))
    assert page.detail.event_actions.this_is_button.isHidden()
    assert page.detail.event_actions.enrol_button.isHidden()
    assert "Person 1" in [label.text() for label in page.detail.findChildren(QLabel)], "whose photo it is"


def test_an_unknown_face_can_be_enrolled(qtbot, page) -> None:
    actions = page.detail.event_actions
    seq = select(page, Outcome.UNKNOWN)
    with qtbot.waitSignal(page.enrol_wanted) as asked:
        actions.enrol_button.click()
    assert asked.args[0].seq == seq
    select(page, Outcome.ACCEPTED)
    assert actions.this_is_button.text() == "Somebody else…"
    assert actions.enrol_button.isHidden()


@pytest.mark.parametrize("outcome", [Outcome.SUSPECTED, Outcome.AMBIGUOUS])
def test_somebody_may_say_whom_an_entry_that_is_not_sure_shows(qtbot, page, space, outcome) -> None:
    actions, seq = page.detail.event_actions, select(page, outcome)
    event = space.journal.events.get(seq)
    assert page.detail.name.text() == f"{event.person_name}?"
    assert not actions.this_is_button.isHidden()
    assert actions.void_button.isHidden()
    assert actions.correct_button.isHidden()
    assert actions.enrol_button.isHidden() == (outcome is Outcome.SUSPECTED), "it may be a photo of somebody"
    space.office.corrections.identify(
        space.access.actor, seq, event.entry.person_id, why="Stood at the desk", now=datetime.now(UTC)
    )
    page.detail.show_event(event)
    qtbot.waitUntil(lambda: "says whom it shows" in page.detail.sentence.text())
    assert actions.this_is_button.isHidden()


def test_a_face_that_is_not_live_is_told_of_by_its_reason(qtbot, page) -> None:
    """No threshold had a part in it, so none is asked what it would decide today."""
    select(page, Outcome.SUSPECTED)
    said = page.detail.sentence.text()
    assert said.startswith("The head was not turned as asked. The face looked like Person ")
    qtbot.waitUntil(lambda: not page.detail.photo.pixmap().isNull())
    assert page.detail.today.isHidden()


def test_failing_journal_shows_a_notice(qtbot, page, notices, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StoreError("The log can't be read.", "Close other programs that use it.")

    monkeypatch.setattr(Events, "page", refuse)
    page.filters.clear()
    qtbot.waitUntil(
        lambda: notices.messages() == ["The log can't be read. Close other programs that use it."]
    )


def test_opened_event_is_shown_in_full(qtbot, page, space) -> None:
    event = events_of(space)[2]
    page.show_event(event)
    assert f"#{event.seq}" in " ".join(label.text() for label in page.detail.findChildren(QLabel))
    qtbot.waitUntil(lambda: page.table.currentIndex().isValid())
    assert page.model.event_at(page.table.currentIndex().row()).seq == event.seq
    page.model.fetch_newer()
    assert f"#{event.seq}" in " ".join(label.text() for label in page.detail.findChildren(QLabel))


def test_date_range_gives_whole_local_days_in_utc(qtbot) -> None:
    widget = DateRange()
    qtbot.addWidget(widget)
    assert widget.bounds() == (None, None)
    widget.span_box.setCurrentIndex(widget.span_box.findData(Span.CHOSEN))
    widget.first.setDate(QDate(2026, 3, 2))
    widget.last.setDate(QDate(2026, 3, 1))
    since, until = widget.bounds()
    assert since == datetime(2026, 3, 1).astimezone().astimezone(UTC)
    assert until - since == timedelta(days=2)
    widget.span_box.setCurrentIndex(widget.span_box.findData(Span.TODAY))
    since, until = widget.bounds()
    assert since.astimezone().hour == 0
    assert until is None


def test_columns_sort_one_way_then_the_other_then_as_usual(qtbot, page, space) -> None:
    header = page.table.horizontalHeader()
    yard = add_entry(space, camera="Yard")
    for order, is_descending in (
        (EventOrder.CAMERA, False),
        (EventOrder.CAMERA, True),
        (EventOrder.ENTRY, True),
    ):
        header.sectionClicked.emit(Column.CAMERA)
        qtbot.waitUntil(lambda: page.model.rowCount() == 13)
        assert page.model.event_at(0 if is_descending else 12) == yard
        assert header.isSortIndicatorShown() == (order is EventOrder.CAMERA)
    header.sectionClicked.emit(Column.PERSON)
    qtbot.waitUntil(lambda: page.model.rowCount() == 13)
    names = [page.model.event_at(row).person_name or "" for row in range(13)]
    assert names == sorted(names, key=lambda name: (not name, name)), "the nameless come last"
    page.add_newer(add_entry(space))
    assert page.model.rowCount() == 13, "a live entry would come where nobody looks"


def test_more_filters_are_shown_when_they_are_asked_for(qtbot, page, space) -> None:
    filters = page.filters
    assert not filters.reason_box.isVisible()
    filters.more_button.click()
    assert filters.reason_box.isVisible()
    filters.reason_box.setCurrentIndex(filters.reason_box.findData(Reason.MATCH))
    filters.method_box.setCurrentIndex(filters.method_box.findData(Method.FACE))
    wanted = filters.event_filter()
    assert (wanted.reason, wanted.method) == (Reason.MATCH, Method.FACE)
    expected = [event for event in events_of(space) if event.entry.reason is Reason.MATCH]
    qtbot.waitUntil(lambda: page.model.rowCount() == len(expected))


def test_a_filter_from_elsewhere_stands_in_the_fields(qtbot, page) -> None:
    wanted = EventFilter(
        since=datetime(2026, 3, 4).astimezone(UTC),
        until=datetime(2026, 3, 6).astimezone(UTC),
        outcomes=(Outcome.UNKNOWN,),
        department="Stores",
        camera="Front door",
    )
    page.show_filter(wanted)
    assert page.filters.event_filter() == wanted
    assert page.filters.department_box.isVisible()
    page.filters.clear()
    assert page.filters.event_filter() == EventFilter()


def test_a_row_is_judged_again_beside_the_persons_photo(qtbot, page) -> None:
    row = next(row for row in range(12) if page.model.event_at(row).entry.person_id)
    page.table.selectRow(row)
    qtbot.waitUntil(lambda: "At today's threshold" in page.detail.today.text())
    assert "Accepted" in page.detail.today.text()
    qtbot.waitUntil(lambda: not page.detail.photo.pixmap().isNull())


def test_under_each_picture_stands_whose_it_is(qtbot, page, space) -> None:
    """A stranger's face stood beside the photo of somebody else; only a tool tip said whose."""
    detail, people = page.detail, space.people.list()
    shown = add_entry(space, person=people[2])
    detail.show_event(shown)
    qtbot.waitUntil(lambda: detail.photo.caption.text() == f"Enrolled: {people[2].name}")
    assert detail.crop.caption.text() == "At the door"
    detail.show_event(add_entry(space, Outcome.UNKNOWN, nearest_id=people[1].person_id))
    qtbot.waitUntil(lambda: detail.photo.caption.text() == f"Nearest enrolled: {people[1].name}")
    assert detail.photo.caption.isVisible()
    assert detail.crop.caption.isVisible()
    detail.show_event(add_entry(space, Outcome.SUSPECTED, people[3]))
    qtbot.waitUntil(lambda: detail.photo.caption.text() == f"Nearest enrolled: {people[3].name}")


def test_corrections_are_offered_to_who_may_correct(qtbot, page, space) -> None:
    row = next(row for row in range(12) if page.model.event_at(row).entry.outcome is Outcome.ACCEPTED)
    page.table.selectRow(row)
    assert not page.detail.event_actions.correct_button.isHidden()
    add_operators(space)
    act_as(space, Role.RECEPTIONIST)
    page.table.clearSelection()
    page.detail.show_event(page.model.event_at(row))
    assert page.detail.event_actions.correct_button.isHidden()
    assert page.detail.event_actions.void_button.isHidden()


def test_an_entry_that_was_taken_back_is_no_longer_shown_as_accepted(qtbot, page, space) -> None:
    """It was struck through, beside a green "Accepted"."""
    seq = select(page, Outcome.ACCEPTED)
    assert outcome_look(page.model.event_at(page.table.currentIndex().row()))[1] == "Accepted"
    space.office.corrections.void(space.access.actor, seq, why="It was somebody else")
    voided = space.journal.events.get(seq)
    assert outcome_look(voided)[1] == "Voided"
    page.detail.show_event(voided)
    assert page.detail.pill.text() == "Voided"


def test_an_entry_says_who_made_it_and_who_took_it_back(qtbot, page, space) -> None:
    """Neither the operator nor the entry in its place was to be seen anywhere in the window."""
    seq = select(page, Outcome.ACCEPTED)
    other = space.people.list()[1]
    event = space.office.corrections.replace(
        space.access.actor, seq, why="Her sister", now=datetime.now(UTC), person_id=other.person_id
    )

    def figures() -> str:
        return " | ".join(label.text() for label in page.detail.findChildren(QLabel))

    page.detail.show_event(space.journal.events.get(seq))
    qtbot.waitUntil(lambda: f"entry #{event.seq}" in figures())
    assert f"by {space.access.actor.name}, " in figures()
    assert "Her sister" in figures()
    page.detail.show_event(space.journal.events.get(event.seq))
    qtbot.waitUntil(lambda: f"In place of | entry #{seq}" in figures())
    assert f"Entered | by {space.access.actor.name}, " in figures()


def test_the_buttons_of_an_entry_are_never_cut(qtbot, page) -> None:
    """*Somebody else…* stuck out of the panel."""
    select(page, Outcome.ACCEPTED)
    qtbot.wait(50)
    buttons = page.detail.event_actions.findChildren(QPushButton)
    area = page.detail.viewport().rect()
    for button in buttons:
        if button.isVisible():
            place = button.mapTo(page.detail.viewport(), button.rect().topLeft())
            assert area.left() <= place.x()
            assert place.x() + button.width() <= area.right() + 1


def selected(page: LogPage) -> int | None:
    event = page.model.event_at(page.table.currentIndex().row())
    return event.seq if event else None


def say_who(qtbot, monkeypatch, *, row: int | None) -> None:
    """Answer the next question whom an entry shows with a person of the list, or with nobody enrolled."""

    def answer(dialog: ThisIsDialog) -> QDialog.DialogCode:
        qtbot.waitUntil(lambda: dialog.people.count() == 5)
        if row is None:
            dialog.stranger.click()
        else:
            dialog.people.setCurrentRow(row)
        dialog.save_button.click()
        return QDialog.DialogCode(dialog.result())

    monkeypatch.setattr(ThisIsDialog, "exec", answer)


def test_a_correction_keeps_the_entry_selected(qtbot, page, space, notices, monkeypatch) -> None:
    """The log forgot which entry had been looked at, and asked to select one."""
    seq = select(page, Outcome.UNKNOWN)
    say_who(qtbot, monkeypatch, row=2)
    page.detail.event_actions.this_is_button.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 13 and selected(page) == seq)
    qtbot.waitUntil(lambda: "says whom it shows" in page.detail.sentence.text())
    wrong = select(page, Outcome.ACCEPTED)
    monkeypatch.setattr(ReasonDialog, "exec", lambda dialog: QDialog.DialogCode.Accepted)
    monkeypatch.setattr(ReasonDialog, "why", lambda _: "Her sister")
    page.detail.event_actions.void_button.click()
    qtbot.waitUntil(lambda: space.journal.events.get(wrong).voided_by is not None)
    qtbot.waitUntil(lambda: page.detail.pill.text() == "Voided")
    assert selected(page) == wrong


def test_after_a_replacement_the_entry_in_its_place_is_selected(qtbot, page, space, monkeypatch) -> None:
    seq = select(page, Outcome.ACCEPTED)
    say_who(qtbot, monkeypatch, row=4)
    page.detail.event_actions.this_is_button.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 13 and selected(page) is not None)
    assert events_of(space)[-1].entry.corrects == seq
    assert selected(page) == events_of(space)[-1].seq


def test_where_the_filter_leaves_the_new_entry_out_the_old_one_stays_selected(
    qtbot, page, space, monkeypatch
) -> None:
    page.filters.more_button.click()
    page.filters.method_box.setCurrentIndex(page.filters.method_box.findData(Method.FACE))
    qtbot.waitUntil(lambda: page.model.filter.method is Method.FACE and page.model.rowCount() == 12)
    seq = select(page, Outcome.ACCEPTED)
    say_who(qtbot, monkeypatch, row=4)
    page.detail.event_actions.this_is_button.click()
    qtbot.waitUntil(lambda: page.detail.pill.text() == "Voided")
    assert selected(page) == seq


def test_a_correction_far_down_is_found_again(qtbot, page, space, monkeypatch) -> None:
    """Only the first hundred entries are read anew at once."""
    old = add_entry(space, Outcome.ACCEPTED, space.people.list()[0], at=datetime(2026, 1, 1, tzinfo=UTC))
    for number in range(120):
        add_entry(space, Outcome.UNKNOWN, seconds=number)
    page.mark_stale()
    page.load()
    qtbot.waitUntil(lambda: page.model.rowCount() == 100)
    page.model.fetchMore(QModelIndex())
    qtbot.waitUntil(lambda: page.model.rowCount() == 133)
    page.table.selectRow(132)
    assert selected(page) == old.seq
    say_who(qtbot, monkeypatch, row=None)
    page.detail.event_actions.this_is_button.click()
    qtbot.waitUntil(lambda: page.detail.pill.text() == "Voided")
    assert selected(page) == old.seq


def test_somebody_else_may_be_enrolled_nowhere(qtbot, page, space, notices, monkeypatch) -> None:
    """Nothing in the question told that such an entry is to be taken back."""
    seq = select(page, Outcome.ACCEPTED)
    say_who(qtbot, monkeypatch, row=None)
    page.detail.event_actions.this_is_button.click()
    qtbot.waitUntil(lambda: notices.messages() == ["The entry is taken back."])
    voided = space.journal.events.get(seq)
    assert space.journal.rows.note(voided.voided_by) == "An unknown person, who is not enrolled"
    assert len(events_of(space)) == 12, "nobody is entered in its place"


def test_the_reason_follows_the_choice_unless_it_was_typed(qtbot, page, space) -> None:
    wrong = next(event for event in events_of(space) if event.entry.outcome is Outcome.ACCEPTED)
    dialog = ThisIsDialog(space.people, space.journal, wrong)
    qtbot.addWidget(dialog)
    assert not dialog.stranger.isHidden()
    dialog.stranger.click()
    assert dialog.why() == "An unknown person, who is not enrolled"
    assert (dialog.save_button.text(), dialog.people.isEnabled()) == ("Take the entry back", False)
    dialog.stranger.click()
    assert dialog.why() == f"Recognised on the picture of entry #{wrong.seq}"
    dialog.reason.setText("A courier")
    dialog.stranger.click()
    assert dialog.why() == "A courier"
    refused = next(event for event in events_of(space) if event.entry.outcome is Outcome.UNKNOWN)
    other = ThisIsDialog(space.people, space.journal, refused)
    qtbot.addWidget(other)
    assert other.stranger.isHidden(), "an unknown face is said to be unknown already"


def test_columns_without_room_are_named(qtbot, page) -> None:
    """In a small window two columns were missing without a word."""
    page.resize(860, 560)
    qtbot.waitUntil(
        lambda: (
            page.count_label.text()
            == "12 entries · for lack of room only beside the entry selected: Distance, Camera"
        )
    )
    room_px = page.table.columnWidth(Column.TIME) - 20
    assert page.table.fontMetrics().horizontalAdvance("2026-11-30") <= room_px, "the day in the first line"
    page.resize(1188, 760)
    qtbot.waitUntil(lambda: page.count_label.text() == "12 entries")
    pills = [pill_width(make_event(1, outcome), page.table.font()) for outcome in Outcome]
    assert max(pills) <= page.table.columnWidth(Column.OUTCOME) - 19, "no outcome is cut off"
    tip = page.model.index(0, Column.PERSON).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == page.model.index(0, Column.PERSON).data()
