"""The table models: paging, filters, new rows, pictures."""

from PySide6.QtCore import QModelIndex, Qt

from faceaccess.codes import Outcome
from faceaccess.errors import StoreError
from faceaccess.gui.models.event_model import EVENT_ROLE, Column, EventModel
from faceaccess.gui.models.people_model import PeopleModel
from faceaccess.store.journal.events import Events
from faceaccess.store.journal.types import Event, EventFilter
from faceaccess.workspace import Workspace
from tests.gui.drawn import face_jpeg, make_person
from tests.gui.site import add_entry, refuse


def _seqs(model: EventModel) -> list[int]:
    return [model.event_at(row).seq for row in range(model.rowCount())]


def log(space: Workspace, count: int, since: int = 0) -> list[int]:
    """Let somebody be let in so often; return the numbers of the entries, newest first."""
    person = space.people.create(name="Person 1")
    return [add_entry(space, person=person, seconds=since + seq).seq for seq in range(count)][::-1]


def test_event_model_keeps_qt_rules(qtbot, qtmodeltester, empty) -> None:
    log(empty, 25)
    model = EventModel(empty.journal, page_size=10)
    qtmodeltester.check(model)
    model.set_filter(EventFilter())
    qtbot.waitUntil(lambda: model.rowCount() >= 10)
    qtmodeltester.check(model)


def test_event_model_reads_page_after_page(qtbot, empty, monkeypatch) -> None:
    pages, read = [], Events.page

    def page(events: Events, *which: object, after: Event | None, limit: int) -> list[Event]:
        pages.append(after and after.seq)
        return read(events, *which, after=after, limit=limit)

    monkeypatch.setattr(Events, "page", page)
    seqs = log(empty, 25)
    model = EventModel(empty.journal, page_size=10)
    model.set_filter(EventFilter())
    qtbot.waitUntil(lambda: model.rowCount() == 10)
    assert model.canFetchMore(QModelIndex())
    while model.canFetchMore(QModelIndex()):
        rows = model.rowCount()
        model.fetchMore(QModelIndex())
        qtbot.waitUntil(lambda rows=rows: model.rowCount() > rows)
    assert _seqs(model) == seqs
    assert pages == [None, seqs[9], seqs[19]]


def test_filter_is_left_to_the_journal(qtbot, empty) -> None:
    log(empty, 5)
    unknown = add_entry(empty, Outcome.UNKNOWN)
    model = EventModel(empty.journal)
    model.set_filter(EventFilter(outcomes=(Outcome.UNKNOWN,)))
    qtbot.waitUntil(lambda: _seqs(model) == [unknown.seq])


def test_answer_to_an_older_filter_is_dropped(qtbot, empty) -> None:
    log(empty, 5)
    model = EventModel(empty.journal)
    model.set_filter(EventFilter())
    model.set_filter(EventFilter(text="nobody"))
    qtbot.waitUntil(lambda: model.is_empty)
    assert _seqs(model) == []


def test_new_events_come_on_top_when_they_match(qtbot, empty) -> None:
    seqs = log(empty, 3)
    model = EventModel(empty.journal, page_size=2)
    model.set_filter(EventFilter(outcomes=(Outcome.ACCEPTED,)))
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    seqs = log(empty, 5, since=3) + seqs
    add_entry(empty, Outcome.UNKNOWN)
    model.fetch_newer()
    model.fetch_newer()
    qtbot.waitUntil(lambda: model.rowCount() == 7)
    assert _seqs(model) == seqs[:7]


def test_an_entry_by_hand_comes_where_its_time_is(qtbot, empty) -> None:
    """A correction of last week stood on top of the latest entries."""
    seqs = log(empty, 4, since=1)
    model = EventModel(empty.journal, page_size=3)
    model.set_filter(EventFilter())
    qtbot.waitUntil(lambda: model.rowCount() == 3)
    between = add_entry(empty, seconds=3, camera="").seq
    oldest = add_entry(empty, seconds=0, camera="").seq
    model.fetch_newer()
    qtbot.waitUntil(lambda: model.rowCount() == 4)
    model.fetchMore(QModelIndex())
    qtbot.waitUntil(lambda: model.rowCount() == 6)
    assert _seqs(model) == [*seqs[:1], between, *seqs[1:], oldest]


def test_failure_is_announced_and_ends_the_paging(qtbot, empty, monkeypatch) -> None:
    refuse(monkeypatch, Events, "page", StoreError("The log can't be read."))
    model = EventModel(empty.journal)
    with qtbot.waitSignal(model.failed):
        model.set_filter(EventFilter())
    assert not model.canFetchMore(QModelIndex())


def test_event_cells(qtbot, empty) -> None:
    (seq,) = log(empty, 1)
    add_entry(empty, Outcome.UNKNOWN)
    model = EventModel(empty.journal)
    model.set_filter(EventFilter())
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    assert model.index(0, Column.PERSON).data() == "Unknown person"
    assert model.index(0, Column.OUTCOME).data() == "Not recognised"
    assert model.index(1, Column.PERSON).data() == "Person 1"
    assert model.index(1, Column.DISTANCE).data() == "0.183"
    assert model.index(1, Column.CAMERA).data() == "Front door"
    assert model.index(1, Column.TIME).data(EVENT_ROLE).seq == seq


def test_crop_replaces_its_placeholder(qtbot, empty) -> None:
    log(empty, 1)
    model = EventModel(empty.journal)
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
