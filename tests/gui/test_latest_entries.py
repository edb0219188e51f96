"""The latest entries beside the door: who, when, the outcome, and why an entry doesn't count."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QRect

from faceaccess.codes import Outcome
from faceaccess.gui.door.recent_entries import RecentEntries
from faceaccess.gui.widgets import outcome_delegate
from faceaccess.gui.widgets.outcome_delegate import pill_width
from faceaccess.gui.wording import codes
from tests.gui.drawn import make_event


def test_what_does_not_count_is_said_beside_the_outcome_and_not_over_it(qtbot, space, monkeypatch) -> None:
    """The label "Not recognised" ended within "doesn't count"."""
    entry = replace(
        make_event(1, Outcome.UNKNOWN).entry,
        at=datetime.now(UTC),
        is_recording=True,
        is_trial=True,
        runner_up_id=None,
    )
    space.journal.append(entry, None)
    drawn: list[tuple[QRect, int]] = []
    paint = outcome_delegate.paint_pill

    def note(painter, area, event, font) -> None:
        if event.entry.is_trial:
            drawn.append((QRect(area), pill_width(event, font)))
        paint(painter, area, event, font)

    monkeypatch.setattr(outcome_delegate, "paint_pill", note)
    entries = RecentEntries(space.journal)
    qtbot.addWidget(entries)
    entries.resize(340, 480)
    entries.show()
    entries.load()
    qtbot.waitUntil(lambda: bool(drawn))
    area, wide = drawn[-1]
    assert wide <= area.width(), "the label is whole"
    mark = entries.view.fontMetrics().horizontalAdvance(codes.why_not_counted(entry))
    assert area.right() + mark < entries.view.viewport().width()


@pytest.mark.parametrize(
    ("camera", "is_recording", "is_trial", "why"),
    [
        ("Gate", False, False, ""),
        ("door.mp4", True, False, "recording"),
        ("rtsp://10.0.0.7/live", True, False, "not set up"),
        ("Gate", True, True, "trial"),
    ],
)
def test_why_an_entry_does_not_count_is_a_word(camera, is_recording, is_trial, why) -> None:
    entry = make_event(1, Outcome.UNKNOWN).entry
    entry = replace(entry, camera=camera, is_recording=is_recording, is_trial=is_trial)
    assert codes.why_not_counted(entry) == why
