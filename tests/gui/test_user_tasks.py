"""What the three users do, through the real window on the real models, a real data folder and recording."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from faceaccess.codes import Outcome
from faceaccess.door import simulation
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.main_window import MainWindow
from faceaccess.store.journal.types import EventFilter
from faceaccess.workspace import Workspace
from tests.gui.answers import press

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore"), pytest.mark.slow]

LONG_MS = 60_000
"""Enough for the first run, which exports the networks; nothing waits for it to pass."""


@pytest.fixture
def workspace(tmp_path) -> Iterator[Workspace]:
    """An empty data folder."""
    with Workspace.open(tmp_path / "data") as space:
        yield space


@pytest.fixture
def recording(tmp_path) -> Path:
    """A door to which the person to be enrolled comes first, then a stranger."""
    path = tmp_path / "Side door.mp4"
    simulation.render(path)
    return path


@pytest.fixture
def open_window(qtbot, workspace, theme, window_settings) -> Iterator:
    """Opens the window as the program's start does, with a source or without."""
    opened = []

    def open_(source: Path | None = None) -> MainWindow:
        window = MainWindow(workspace, theme, window_settings)
        qtbot.addWidget(window)
        opened.append(window)
        window.begin(str(source) if source else None, is_gallery_empty=not workspace.people.list())
        window.show()
        qtbot.waitExposed(window)
        return window

    yield open_
    for window in opened:
        window.close()


def enrol(workspace: Workspace) -> str:
    known = simulation.portraits()[0]
    reviews = [workspace.reception.enrolment.review_file(known.path)]
    person = workspace.reception.enrolment.enrol(
        workspace.access.actor, name=known.name, staff_number="1", department="Office", reviews=reviews
    )
    return person.person_id


def run_to_end(qtbot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.bridge.run_state is RunState.RUNNING, timeout=LONG_MS)
    qtbot.waitUntil(lambda: window.bridge.run_state is RunState.STOPPED, timeout=LONG_MS)


def test_reception_enrols_a_person_and_is_told_of_a_bad_photo(qtbot, open_window, workspace, tmp_path):
    bad = tmp_path / "holiday.jpg"
    bad.write_bytes(b"not a picture")
    window = open_window()
    page = window.enrolment
    assert window.stack.currentWidget() is page
    known = simulation.portraits()[0]
    page.intake.add_files([str(known.path), str(bad)])
    qtbot.waitUntil(lambda: len(page.intake.cards) == 2 and not page.intake.is_busy(), timeout=LONG_MS)
    good, refused = page.intake.cards
    assert good.review.problem is None
    assert refused.review.problem is not None
    assert refused.advice.text()
    qtbot.keyClicks(page.form.name, known.name)
    qtbot.keyClicks(page.form.staff_number, "E-1")
    qtbot.keyClicks(page.form.department, "Office")
    page.form.consent.box.click()
    with qtbot.waitSignal(page.person_enrolled, timeout=LONG_MS):
        qtbot.mouseClick(page.save_button, Qt.MouseButton.LeftButton)
    (person,) = workspace.people.list()
    assert (person.name, person.staff_number, person.department) == (known.name, "E-1", "Office")
    window.show_page(window.people)
    qtbot.waitUntil(lambda: window.people.model.rowCount() == 1)


def test_the_door_lets_staff_in_once_and_a_stranger_never(qtbot, open_window, workspace, recording):
    person_id = enrol(workspace)
    window = open_window(recording)
    qtbot.waitUntil(window.door.view.has_picture, timeout=LONG_MS)
    run_to_end(qtbot, window)
    entries = [event.entry for event in workspace.journal.events.newest(EventFilter())]
    assert [(entry.outcome, entry.person_id) for entry in reversed(entries)] == [
        (Outcome.ACCEPTED, person_id),
        (Outcome.UNKNOWN, None),
    ]
    assert all(entry.device and entry.model_id == workspace.models.model_id for entry in entries)
    qtbot.waitUntil(lambda: window.door.entries.model.rowCount() == 2)


def test_a_threshold_moved_at_the_door_decides_the_next_entry(
    qtbot, open_window, workspace, recording, monkeypatch
):
    enrol(workspace)
    # Nobody measured so strict a one.
    press(monkeypatch, "Use it")
    window = open_window()
    slider = window.door.threshold.slider
    qtbot.waitUntil(slider.isEnabled, timeout=LONG_MS)
    slider.setSliderDown(True)
    slider.setSliderPosition(slider.minimum())
    slider.setSliderDown(False)
    strict = window.door.threshold.value()
    qtbot.waitUntil(lambda: workspace.models.thresholds.in_force.threshold == strict)
    window.bridge.start(str(recording))
    run_to_end(qtbot, window)
    entries = [event.entry for event in workspace.journal.events.newest(EventFilter())]
    assert entries
    assert {(entry.outcome, entry.threshold) for entry in entries} == {(Outcome.UNKNOWN, strict)}


def test_the_office_finds_an_entry_reads_its_decision_and_exports(
    qtbot, open_window, workspace, recording, tmp_path, monkeypatch
):
    enrol(workspace)
    workspace.doors.open(workspace.access.actor, source=str(recording), is_paced=False).run()
    window = open_window()
    window.show_page(window.log)
    page = window.log
    qtbot.waitUntil(lambda: page.model.rowCount() == 2)
    qtbot.keyClicks(page.filters.search, "collins")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    page.table.selectRow(0)
    assert page.model.event_at(0).person_name == "Eileen Collins"
    assert page.detail.sentence.text()
    qtbot.waitUntil(lambda: not page.detail.crop.pixmap().isNull())
    target = tmp_path / "log.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_: (str(target), "")))
    page.export_button.click()
    qtbot.waitUntil(target.exists)
    qtbot.waitUntil(lambda: bool(window.notices.messages()))
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Eileen Collins" in lines[1]
