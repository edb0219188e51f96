"""The log page: filters, full decision, export, live events."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QFileDialog, QLabel

from faceaccess.codes import Outcome
from faceaccess.gui.pages.log import LogPage
from faceaccess.gui.widgets.date_range import DateRange, Span
from faceaccess.store.types import EventFilter
from tests.gui.fakes_gui import make_event


@pytest.fixture
def page(qtbot, workspace, notices) -> LogPage:
    """The page, shown and loaded."""
    made = LogPage(workspace, notices)
    qtbot.addWidget(made)
    made.resize(1188, 760)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: made.model.rowCount() == 12)
    return made


def test_newest_first_with_a_count(qtbot, page) -> None:
    assert page.model.event_at(0).seq == 12
    qtbot.waitUntil(lambda: page.count_label.text() == "12 entries")


def test_filter_by_outcome_person_and_camera(qtbot, page, workspace) -> None:
    page.outcome_box.setCurrentIndex(page.outcome_box.findText("Accepted"))
    expected = [event for event in workspace.journal.log if event.entry.outcome is Outcome.ACCEPTED]
    qtbot.waitUntil(lambda: page.model.rowCount() == len(expected))
    assert page.wanted().outcomes == (Outcome.ACCEPTED,)
    qtbot.keyClicks(page.search, "Person 1")
    qtbot.waitUntil(lambda: page.model.filter.text == "Person 1")
    page.camera_box.setCurrentIndex(page.camera_box.findText("Front door"))
    assert page.wanted().camera == "Front door"
    page.clear_button.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 12)
    assert page.wanted() == EventFilter()


def test_nothing_found_offers_to_clear_the_filter(qtbot, page) -> None:
    page.search.setText("nobody at all")
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.empty)
    page.empty.button.click()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.table)


def test_row_shows_the_full_decision(qtbot, page) -> None:
    row = next(row for row in range(12) if page.model.event_at(row).entry.outcome is Outcome.UNKNOWN)
    page.table.selectRow(row)
    shown = " ".join(label.text() for label in page.detail.findChildren(QLabel)).replace("\u200b", "")
    for part in (
        "0.412",
        "0.270",
        "0.391",
        "Person 99",
        "CPU (ONNX Runtime)",
        "fake-128-1",
        "Front door",
    ):
        assert part in shown, part
    assert "beyond the threshold" in page.detail.sentence.text()
    qtbot.waitUntil(lambda: not page.detail.crop.pixmap().isNull())


def test_live_event_is_put_on_top_and_keeps_the_selection(qtbot, page, workspace) -> None:
    page.table.selectRow(3)
    selected = page.model.event_at(3).seq
    workspace.journal.log.append(make_event(13, Outcome.UNKNOWN))
    page.add_newer(workspace.journal.log[-1])
    qtbot.waitUntil(lambda: page.model.rowCount() == 13)
    assert page.model.event_at(page.table.currentIndex().row()).seq == selected


def test_export_uses_the_filter_on_show(qtbot, page, workspace, monkeypatch, tmp_path, notices) -> None:
    target = str(tmp_path / "out.csv")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_: (target, "")))
    page.outcome_box.setCurrentIndex(page.outcome_box.findText("No access"))
    page.export_button.click()
    qtbot.waitUntil(lambda: bool(notices.messages()))
    assert workspace.journal.exported == [
        (EventFilter(outcomes=(Outcome.DENIED,)), Path(target), workspace.actor)
    ]


def test_failing_journal_shows_a_notice(qtbot, page, workspace, notices) -> None:
    workspace.journal.fails = True
    page.clear_filter()
    qtbot.waitUntil(
        lambda: notices.messages() == ["The log can't be read. Close other programs that use it."]
    )


def test_opened_event_is_shown_in_full(qtbot, page, workspace) -> None:
    page.show_event(workspace.journal.log[2])
    assert "#3" in " ".join(label.text() for label in page.detail.findChildren(QLabel))
    qtbot.waitUntil(lambda: page.table.currentIndex().isValid())
    assert page.model.event_at(page.table.currentIndex().row()).seq == 3
    page.model.fetch_newer()
    assert "#3" in " ".join(label.text() for label in page.detail.findChildren(QLabel))


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
