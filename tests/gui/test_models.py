"""The table models: paging, filters, new rows, pictures."""

from PySide6.QtCore import QModelIndex, Qt

from faceaccess.codes import Outcome
from faceaccess.gui.models.event_model import EVENT_ROLE, Column, EventModel
from faceaccess.gui.models.people_model import PeopleModel
from faceaccess.store.journal.types import EventFilter
from tests.gui.fakes_gui import FakeJournal, face_jpeg, make_event, make_person


def _seqs(model: EventModel) -> list[int]:
    return [model.event_at(row).seq for row in range(model.rowCount())]


def _journal(count: int) -> FakeJournal:
    return FakeJournal([make_event(seq, person=make_person(seq % 5 + 1)) for seq in range(1, count + 1)])


def test_event_model_keeps_qt_rules(qtbot, qtmodeltester) -> None:
    model = EventModel(_journal(25), page_size=10)
    qtmodeltester.check(model)
    model.set_filter(EventFilter())
    qtbot.waitUntil(lambda: model.rowCount() >= 10)
    qtmodeltester.check(model)


def test_event_model_reads_page_after_page(qtbot) -> None:
    journal = _journal(25)
    model = EventModel(journal, page_size=10)
    model.set_filter(EventFilter())
    qtbot.waitUntil(lambda: model.rowCount() == 10)
    assert model.canFetchMore(QModelIndex())
    while model.canFetchMore(QModelIndex()):
        rows = model.rowCount()
        model.fetchMore(QModelIndex())
        qtbot.waitUntil(lambda rows=rows: model.rowCount() > rows)
    assert _seqs(model) == list(range(25, 0, -1))
    assert journal.asked == [None, 16, 6]


def test_filter_is_left_to_the_journal(qtbot) -> None:
    journal = _journal(5)
    journal.log.append(make_event(6, Outcome.UNKNOWN))
    model = EventModel(journal)
    model.set_filter(EventFilter(outcomes=(Outcome.UNKNOWN,)))
    qtbot.waitUntil(lambda: _seqs(model) == [6])


def test_answer_to_an_older_filter_is_dropped(qtbot) -> None:
    model = EventModel(_journal(5))
    model.set_filter(EventFilter())
    model.set_filter(EventFilter(text="nobody"))
    qtbot.waitUntil(lambda: model.is_empty)
    assert _seqs(model) == []


def test_new_events_come_on_top_when_they_match(qtbot) -> None:
    journal = _journal(3)
    model = EventModel(journal, page_size=2)
    model.set_filter(EventFilter(outcomes=(Outcome.ACCEPTED,)))
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    journal.log += [make_event(seq, person=make_person(1)) for seq in range(4, 9)]
    journal.log.append(make_event(9, Outcome.UNKNOWN))
    model.fetch_newer()
    model.fetch_newer()
    qtbot.waitUntil(lambda: model.rowCount() == 7)
    assert _seqs(model) == [8, 7, 6, 5, 4, 3, 2]


def test_failure_is_announced_and_ends_the_paging(qtbot) -> None:
    journal = _journal(3)
    journal.fails = True
    model = EventModel(journal)
    with qtbot.waitSignal(model.failed):
        model.set_filter(EventFilter())
    assert not model.canFetchMore(QModelIndex())


def test_event_cells(qtbot) -> None:
    model = EventModel(FakeJournal([make_event(1, person=make_person(1)), make_event(2, Outcome.UNKNOWN)]))
    model.set_filter(EventFilter())
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    assert model.index(0, Column.PERSON).data() == "Unknown person"
    assert model.index(0, Column.OUTCOME).data() == "Not recognised"
    assert model.index(1, Column.PERSON).data() == "Person 1"
    assert model.index(1, Column.DISTANCE).data() == "0.183"
    assert model.index(1, Column.CAMERA).data() == "Front door"
    assert model.index(1, Column.TIME).data(EVENT_ROLE).seq == 1


def test_crop_replaces_its_placeholder(qtbot) -> None:
    model = EventModel(FakeJournal([make_event(1, person=make_person(1))]))
    model.set_filter(EventFilter())
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    at = model.index(0, Column.PERSON)
    with qtbot.waitSignal(model.dataChanged):
        before = at.data(Qt.ItemDataRole.DecorationRole).toImage()
    assert at.data(Qt.ItemDataRole.DecorationRole).toImage() != before


def test_people_model_keeps_qt_rules(qtbot, qtmodeltester) -> None:
    model = PeopleModel(lambda _: face_jpeg(1))
    qtmodeltester.check(model)
    model.show_people([make_person(1), make_person(2, is_active=False, last_seen=None, staff_number=None)])
    qtmodeltester.check(model)
    assert [model.index(1, column).data() for column in (0, 1, 2, 4, 5)] == [
        "Person 2", "–", "Office", "never", "deactivated",
    ]  # fmt: skip
