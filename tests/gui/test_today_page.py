"""The page Today: figures, lists, charts, printing, and when it reads again."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog

from faceaccess.attendance.exports import Exports
from faceaccess.attendance.overview import Distances, Overview, OverviewFigures
from faceaccess.attendance.reports import Table
from faceaccess.codes import CameraFault, CameraState, JournalKind, Outcome, Reason
from faceaccess.door.supervision import CameraStatus
from faceaccess.errors import StoreError
from faceaccess.gui import printing, theme
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.log.page import LogPage
from faceaccess.gui.models.report_model import ReportModel
from faceaccess.gui.today.charts import Chart
from faceaccess.gui.today.page import TodayPage
from faceaccess.gui.widgets.camera_states import CameraStates
from faceaccess.gui.widgets.date_range import Span
from faceaccess.gui.widgets.log_filters import REFUSALS
from faceaccess.gui.window.facts import read_model_facts
from faceaccess.settings import CameraSettings
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.policy.types import StoredMatch
from tests.gui.drawn import make_event
from tests.gui.figures import make_figures
from tests.gui.site import add_entry, refuse


@dataclass
class Shown:
    """What the overview gives, and what it was asked for."""

    figures: OverviewFigures = field(default_factory=lambda: make_figures())
    asked: list[tuple[EventFilter, StoredMatch | None]] = field(default_factory=list)


@pytest.fixture
def overview(monkeypatch) -> Shown:
    """Figures of one day, whatever was journalled."""
    shown = Shown()

    def read(
        _: Overview, wanted: EventFilter, *, now: datetime, match: StoredMatch | None = None
    ) -> OverviewFigures:
        shown.asked.append((wanted, match))
        return shown.figures

    monkeypatch.setattr(Overview, "read", read)
    return shown


@pytest.fixture
def page(qtbot, space, overview, live, notices, theme) -> TodayPage:
    """The page of today, shown."""
    made = TodayPage(space.access, space.people, space.office, space.journal, live, notices)
    qtbot.addWidget(made)
    made.resize(1170, 760)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: made.shown is not None)
    return made


def bars(chart: Chart) -> list[pg.BarGraphItem]:
    return [item for item in chart.plot.items_shown if isinstance(item, pg.BarGraphItem)]


def heights(chart: Chart) -> float:
    return sum(float(np.sum(bar.opts["height"])) for bar in bars(chart))


def nothing() -> OverviewFigures:
    shown = make_figures()
    empty = {outcome: (0,) * 24 for outcome in Outcome}
    return replace(
        shown, by_hour=empty, by_day={outcome: (0,) for outcome in Outcome}, reasons={},
        distances=Distances(),
        **{name: replace(getattr(shown, name), rows=(), people=())
           for name in ("present", "first_ins", "late", "absent")},
    )  # fmt: skip


def test_what_the_door_wrote_is_counted(qtbot, space, live, notices, theme) -> None:
    """Without figures made up for the page."""
    now = datetime.now(UTC)
    add_entry(space, person=space.people.list()[1], at=now)
    for _ in range(3):
        add_entry(space, Outcome.UNKNOWN, at=now)
    page = TodayPage(space.access, space.people, space.office, space.journal, live, notices)
    qtbot.addWidget(page)
    page.resize(1170, 760)
    page.show()
    page.load()
    qtbot.waitUntil(lambda: page.shown is not None)
    assert [figure.number.text() for figure in (page.lists[0], page.unknown)] == ["1", "3"]
    assert page.people.model.index(0, 0).data() == "Person 2"


def test_figures_count_and_lists_show_who(qtbot, page) -> None:
    figures = (*page.lists, page.unknown, page.refused)
    assert [figure.number.text() for figure in figures] == ["2", "2", "1", "1", "1", "2"]
    assert page.late.accessibleName() == "Late: 1"
    assert page.people.heading.text() == "In now"
    assert page.people.model.index(0, 0).data() == "Person 1"
    since = [page.people.model.column_name(at) for at in range(page.people.model.columnCount())].index(
        "since"
    )
    assert page.people.model.index(0, since).data() == "09:00", "without the day, which is today"
    assert page.people.print_button.isVisible()
    page.first_ins.click()
    assert page.people.heading.text() == "Came in first"
    assert not page.people.print_button.isVisible()


def test_who_is_late_and_who_has_not_come_stand_beside_who_is_in(qtbot, page) -> None:
    """Above the charts, without a click."""
    names = [[card.model.cell_at(at, "name") for at in range(card.model.rowCount())] for card in page.cards]
    assert names == [["Person 1", "Person 2"], ["Person 2"], ["Person 3"]]
    assert [card.heading.text() for card in page.cards] == ["In now", "Late", "Not come, without a reason"]
    tops = [card.mapTo(page, card.rect().topLeft()).y() for card in page.cards]
    assert max(tops) < page.charts.mapTo(page, page.charts.rect().topLeft()).y()
    page.activateWindow()
    page.absent.click()
    assert page.focusWidget() is page.absent_people.table


def test_of_several_days_person_days_are_counted_and_said_so(qtbot, page, overview) -> None:
    """Sixty "came in" of a week were taken for sixty people."""
    figures = overview.figures
    first = figures.first_day - timedelta(days=6)
    (late,) = figures.late.rows
    days = tuple((first + timedelta(days=number), *late[1:]) for number in range(7))
    overview.figures = replace(
        figures, first_day=first, late=replace(figures.late, rows=days, people=figures.late.people * 7)
    )
    page.filter.days.span_box.setCurrentIndex(page.filter.days.span_box.findData(Span.WEEK))
    qtbot.waitUntil(lambda: page.late.number.text() == "7")
    assert [figure.caption.text() for figure in page.lists] == [
        "In now", "Came in\n(person-days)", "Late\n(person-days)", "Not come\n(person-days)"
    ]  # fmt: skip
    assert page.late.accessibleName() == "Late (person-days): 7"
    assert page.late_people.note.text().endswith("\n7 person-days of 1 person: each counts once a day.")
    overview.figures = figures
    page.filter.clear()
    qtbot.waitUntil(lambda: page.late.caption.text() == "Late")


@pytest.mark.parametrize("width_px", [850, 1170])
def test_names_are_whole_in_the_lists(qtbot, page, overview, width_px) -> None:
    """In a small window "Bartholomew Featherstonehaugh" read "Barth…"."""
    late, name = overview.figures.late, "Bartholomew Featherstonehaugh"
    (shown,) = late.rows
    overview.figures = replace(overview.figures, late=replace(late, rows=((shown[0], name, *shown[2:]),)))
    page.resize(width_px, 560)
    page.load()
    table, model = page.late_people.table, page.late_people.model
    at = [model.column_name(column) for column in range(model.columnCount())].index("name")
    qtbot.waitUntil(lambda: str(model.index(0, at).data()).startswith(name))
    face_px, padding_px = 32, 24
    room = QRect(0, 0, table.columnWidth(at) - face_px - padding_px, 1000)
    longest = max(table.fontMetrics().horizontalAdvance(word) for word in name.split())
    assert longest <= room.width()
    text = str(model.index(0, at).data())
    needed = table.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text)
    assert needed.height() <= table.rowHeight(0)
    assert "0:20" in text or not table.isColumnHidden(at + 3), "how late, below the name or beside it"


def test_the_people_have_faces(qtbot, page, space, overview) -> None:
    person = space.people.list()[0]
    present = overview.figures.present
    overview.figures = make_figures(present=replace(present, people=(person.person_id, *present.people[1:])))
    page.load()
    model = page.people.model
    qtbot.waitUntil(lambda: model.person_at(0) == person.person_id)
    # Without a photo a sign stands for the face.
    sign = model.index(1, 0).data(Qt.ItemDataRole.DecorationRole).toImage()
    qtbot.waitUntil(lambda: model.index(0, 0).data(Qt.ItemDataRole.DecorationRole).toImage() != sign)


@pytest.mark.parametrize("name", ["present", "first_ins", "late", "absent"])
def test_lists_keep_qts_rules(qtmodeltester, name) -> None:
    model = ReportModel()
    model.show_table(getattr(make_figures(), name))
    qtmodeltester.check(model)


def test_a_list_without_anybody_says_what_to_do(qtbot, page, overview) -> None:
    overview.figures = nothing()
    page.load()
    qtbot.waitUntil(page.people.nothing.isVisible)
    said = [card.nothing.text() for card in page.cards]
    page.first_ins.click()
    said.append(page.people.nothing.text())
    assert len(set(said)) == 4
    assert "Whoever a door lets in appears here." in said[0]
    for chart in page.charts.charts:
        assert chart.nothing.isVisible()
        assert not chart.plot.isVisible()


def test_the_filter_reaches_everything_that_is_read(qtbot, page, overview) -> None:
    asked = overview.asked
    today = datetime.now().date()
    midnight, week = (
        datetime.combine(day, time()).astimezone(UTC) for day in (today, today - timedelta(days=6))
    )
    assert asked[0] == (EventFilter(since=midnight), None), "the company's midnight"
    qtbot.waitUntil(lambda: page.filter.camera.count() == 2)
    page.filter.department.setCurrentIndex(page.filter.department.findText("Office"))
    page.filter.camera.setCurrentIndex(page.filter.camera.findText("Front door"))
    qtbot.waitUntil(
        lambda: asked[-1][0] == EventFilter(since=midnight, department="Office", camera="Front door")
    )
    assert page.filter.clear_button.isEnabled()
    page.filter.days.span_box.setCurrentIndex(page.filter.days.span_box.findData(Span.WEEK))
    qtbot.waitUntil(lambda: asked[-1][0].since == week)
    page.filter.clear_button.click()
    qtbot.waitUntil(lambda: asked[-1][0] == EventFilter(since=midnight))
    assert not page.filter.clear_button.isEnabled()


def test_charts_answer_to_the_filter(qtbot, page, overview) -> None:
    hours, days, distances, reasons = page.charts.charts
    qtbot.waitUntil(lambda: heights(hours) == 4)
    assert (heights(days), heights(distances), len(bars(reasons))) == (4, 3, 2)
    lines = [item for item in distances.plot.items_shown if isinstance(item, pg.InfiniteLine)]
    assert [line.value() for line in lines] == [0.1]
    assert "Threshold&nbsp;0.100" in distances.key.text()
    overview.figures = make_figures(
        days=(date(2026, 3, 3), date(2026, 3, 4)),
        by_day={outcome: (5, 1) for outcome in Outcome},
        distances=Distances(0.01, (7,), (0,), None),
        reasons={reason: 1 for reason in Reason},
    )
    page.filter.door.addItem("Gate", "Gate")
    page.filter.door.setCurrentIndex(1)
    qtbot.waitUntil(lambda: heights(days) == 36)
    assert heights(distances) == 7
    assert "Threshold" not in distances.key.text()
    assert len(bars(reasons)) == 6, "the most frequent ones"
    assert len(reasons.tip_at(page.shown, 0, 0).splitlines()) == len(Reason)


def test_a_bar_says_its_numbers(qtbot, page) -> None:
    hours, days, distances, _ = page.charts.charts
    assert hours.tip_at(page.shown, 9.2, 1) == "09:00–09:59\nAccepted: 2"
    assert hours.tip_at(page.shown, -3, 0) == ""
    assert days.tip_at(page.shown, 0, 0).splitlines()[0] == "Wed 2026-03-04"
    assert "Accepted: 2" in distances.tip_at(page.shown, 0.015, 1)
    assert distances.tip_at(page.shown, 9, 1) == ""
    assert "10:00" not in hours.plot.accessibleDescription().split(";")[0]
    centre = hours.plot.viewport().rect().center()
    qtbot.mouseMove(hours.plot.viewport(), centre)
    assert 5 < hours.plot.place_of(QPointF(centre)).x() < 17


def test_days_without_room_for_their_names_have_none(qtbot, page) -> None:
    days = tuple(date(2026, 1, 1) + timedelta(days=number) for number in range(60))
    shown = make_figures(days=days, by_day={outcome: tuple(range(60)) for outcome in Outcome})
    chart = page.charts.days
    chart.show_figures(shown)
    for width in (260, 420, 900):
        chart.resize(width, 300)
        assert 1 <= len(chart.ticks(shown)) <= width // 60


def test_another_theme_draws_everything_again(qtbot, page, theme) -> None:
    accepted = bars(page.charts.hours)[0]
    light = accepted.opts["brush"].color().name()
    theme.apply("dark")
    dark = bars(page.charts.hours)[0].opts["brush"].color().name()
    assert (light, dark) == (
        theme_colour("light", Outcome.ACCEPTED), theme_colour("dark", Outcome.ACCEPTED)
    )  # fmt: skip
    assert dark in page.charts.key.text()
    axis = page.charts.hours.plot.axes["left"]
    assert axis.textPen().color().name() == theme.tokens.muted
    theme.apply("light")
    assert light in page.charts.key.text()


def theme_colour(scheme: str, outcome: Outcome) -> str:
    return theme._CHART_COLOURS[scheme][outcome]


# Machado, Oliveira and Fernandes 2009, severity 1: linear RGB as each kind of colour vision has it.
_VISIONS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> np.ndarray:
    rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = _TO_XYZ @ rgb.clip(0, 1) / np.array([0.9505, 1, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("vision", _VISIONS)
def test_chart_colours_differ_for_every_kind_of_colour_vision(tokens, vision) -> None:
    colours = theme._CHART_COLOURS[tokens.scheme]
    for one, other in itertools.combinations(colours.values(), 2):
        seen = [lab(_VISIONS[vision] @ linear(colour)) for colour in (one, other)]
        assert np.linalg.norm(seen[0] - seen[1]) > 20, (one, other)
    for colour in colours.values():
        lights = sorted(float(_TO_XYZ[1] @ linear(each)) for each in (colour, tokens.surface))
        assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 3, colour


def test_entries_are_read_together_and_only_while_seen(qtbot, page, overview, live) -> None:
    page._soon.setInterval(30)
    asked = overview.asked
    for seq in range(20, 40):
        live.event_logged.emit(make_event(seq))
    qtbot.waitUntil(lambda: len(asked) == 2)
    qtbot.wait(60)
    assert len(asked) == 2
    page.hide()
    live.event_logged.emit(make_event(41))
    assert not page._soon.isActive()
    assert not page._minute.isActive()


def test_at_most_once_in_two_seconds(page) -> None:
    assert page._soon.interval() == 2000
    assert page._soon.isSingleShot()


def test_the_threshold_in_force_is_read_with(qtbot, page, overview, space) -> None:
    page.take_facts(read_model_facts(space.reception, space.models))
    match = StoredMatch(space.models.model_id, 0.27, 0.02)
    qtbot.waitUntil(lambda: overview.asked[-1][1] == match)


def test_a_failure_is_said(qtbot, page, notices, monkeypatch) -> None:
    refuse(monkeypatch, Overview, "read", StoreError("The journal can't be read."))
    page.load()
    qtbot.waitUntil(lambda: notices.messages() == ["The journal can't be read."])


def test_figures_and_people_lead_to_the_log(qtbot, page) -> None:
    wanted = page.filter.event_filter()
    with qtbot.waitSignal(page.log_wanted) as unknown:
        page.unknown.click()
    assert unknown.args == [replace(wanted, outcomes=(Outcome.UNKNOWN,))]
    with qtbot.waitSignal(page.log_wanted) as refused:
        page.refused.click()
    assert refused.args == [replace(wanted, outcomes=REFUSALS)]
    with qtbot.waitSignal(page.log_wanted) as person:
        page.people.table.activated.emit(page.people.model.index(1, 0))
    assert person.args == [replace(wanted, text="Person 2")]
    page.filter.days.span_box.setCurrentIndex(page.filter.days.span_box.findData(Span.MONTH))
    with qtbot.waitSignal(page.log_wanted) as late:
        page.late_people.table.activated.emit(page.late_people.model.index(0, 0))
    since, until = late.args[0].since, late.args[0].until
    assert since.astimezone().date() == date(2026, 3, 4)
    assert until - since == timedelta(days=1)


def test_the_log_shows_what_was_asked_for(qtbot, space, notices) -> None:
    log = LogPage(
        space.access, space.people, space.models, space.office, space.journal, space.keeping.actions, notices
    )
    qtbot.addWidget(log)
    wanted = EventFilter(
        since=datetime(2026, 3, 4).astimezone(UTC), until=datetime(2026, 3, 6).astimezone(UTC),
        text="Ada", outcomes=REFUSALS, camera="Yard", department="Office", door="Gate",
    )  # fmt: skip
    log.show_filter(wanted)
    assert log.filters.event_filter() == wanted
    assert log.filters.outcome_box.currentText() == "Any refusal"
    log.show_filter(replace(wanted, outcomes=(Outcome.UNKNOWN,)))
    assert log.filters.event_filter().outcomes == (Outcome.UNKNOWN,)
    log.show_filter(EventFilter())
    assert log.filters.event_filter() == EventFilter()


def test_who_is_in_is_saved_as_pdf(qtbot, page, space, notices, monkeypatch, tmp_path) -> None:
    space.office.exports.pdf_writer = printing.write_pdf
    path = str(tmp_path / "present.pdf")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (path, ""))
    page.filter.department.setCurrentIndex(page.filter.department.findText("Office"))
    page.people.pdf_button.click()
    assert not page.people.pdf_button.isEnabled()
    qtbot.waitUntil(lambda: notices.messages() == [f"The list is in {path}."])
    assert Path(path).read_bytes().startswith(b"%PDF")
    (row,) = space.journal.rows.newest([JournalKind.EXPORTED])
    assert (row.details["report"], row.details["format"]) == ("present", "pdf")
    assert page.people.pdf_button.isEnabled()
    refuse(monkeypatch, Exports, "take_roll", StoreError("The disk is full.", "Free some space."))
    page.people.pdf_button.click()
    qtbot.waitUntil(lambda: notices.messages()[-1] == "The disk is full. Free some space.")


@pytest.mark.parametrize("is_sure", [True, False])
def test_who_is_in_is_printed(qtbot, page, space, notices, monkeypatch, tmp_path, is_sure) -> None:
    """On paper as in a file: the printer here is a PDF."""
    path = tmp_path / "paper.pdf"

    def make_printer() -> QPrinter:
        printer = made()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(path))
        return printer

    made = printing.make_printer
    monkeypatch.setattr(printing, "make_printer", make_printer)
    monkeypatch.setattr(QPrintDialog, "exec", lambda _: int(is_sure))
    page.people.print_button.click()
    qtbot.waitUntil(lambda: bool(space.journal.rows.newest([JournalKind.EXPORTED])))
    qtbot.waitUntil(page.people.print_button.isEnabled)
    assert path.exists() is is_sure
    if is_sure:
        assert path.read_bytes().startswith(b"%PDF")
        assert path.stat().st_size > 5000
        assert notices.messages() == ["The list went to the printer."]


def test_cameras_say_what_they_do(qtbot, page, live) -> None:
    cameras = (CameraSettings(camera_id="a", name="Gate"), CameraSettings(camera_id="b", name="Yard"))
    live.cameras_opened.emit(cameras)
    live.run_state_changed.emit(RunState.RUNNING)
    live.camera_changed.emit("b", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE))
    assert set(page.cameras.rows) == {"a", "b"}
    assert page.cameras.rows["b"].state.text().startswith("Yard: ")
    assert page.cameras.rows["b"].state.isVisible()
    later = CameraStates(live)
    qtbot.addWidget(later)
    assert later.rows["b"].state.text() == page.cameras.rows["b"].state.text(), "also where it is made late"


def test_notes_say_what_a_filter_leaves_out(qtbot, page, overview) -> None:
    page.filter.door.addItem("Gate", "Gate")
    page.filter.door.setCurrentIndex(1)
    qtbot.waitUntil(lambda: "At this moment" in page.people.note.text())
    assert "people who never came were at no camera" in page.absent_people.note.text()
    days = tuple(date(2026, 1, 1) + timedelta(days=number) for number in range(90))
    overview.figures = make_figures(
        days=days, first_day=days[-31], last_day=days[-1], by_day={outcome: (1,) * 90 for outcome in Outcome}
    )
    page.filter.days.span_box.setCurrentIndex(0)
    qtbot.waitUntil(lambda: "(the last 31 days)" in page.late_people.note.text())


def test_a_table_of_several_days_shows_them(qtbot, page) -> None:
    shown = make_figures()
    two = replace(
        shown.late, rows=(*shown.late.rows, (date(2026, 3, 3), *shown.late.rows[0][1:])), people=("a", "b")
    )
    card = page.people

    def is_day_hidden(table: Table) -> bool:
        card.show_table("Late", "", "", table, is_roll=False)
        return card.table.isColumnHidden(0)

    assert is_day_hidden(shown.late)
    assert not is_day_hidden(two)
