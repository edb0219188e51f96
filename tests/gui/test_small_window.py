"""In the smallest window that is promised, 960 by 600, every field is whole and beside the next."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt

from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.page import Page
from faceaccess.gui.widgets.elided_label import ElidedLabel


@pytest.fixture
def window(qtbot, space, theme, window_settings) -> MainWindow:
    made = MainWindow(space, theme, window_settings)
    qtbot.addWidget(made)
    made.resize(960, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def show(qtbot, window: MainWindow, page: Page) -> None:
    window.show_page(page)
    qtbot.waitUntil(page.isVisible)
    qtbot.wait(50)


def test_the_log_can_be_searched(qtbot, window) -> None:
    """Two letters of the field were left, beside a box that was wider than any choice in it."""
    show(qtbot, window, window.log)
    filters = window.log.filters
    fields = [filters.search, filters.days, filters.outcome_box, filters.camera_box, filters.more_button]
    assert filters.search.width() >= 110
    assert all(left.geometry().right() < right.geometry().left() for left, right in pairwise(fields))
    assert not filters.clear_button.isEnabled(), "nothing is filtered yet"
    wide_before = filters.outcome_box.width()
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: filters.outcome_box.width() > wide_before)


def test_a_month_is_chosen_for_people_in_a_whole_field(qtbot, window) -> None:
    """The field ended behind the button beside it."""
    show(qtbot, window, window.attendance)
    choice = window.attendance.choice
    assert choice.who.geometry().right() < choice.width()


def test_photos_of_a_camera_are_told_apart_by_the_ends_of_their_names(qtbot, theme) -> None:
    label = ElidedLabel("Abel_Pacheco_0001.jpg", mode=Qt.TextElideMode.ElideMiddle)
    other = ElidedLabel("Abel_Pacheco_0002.jpg", mode=Qt.TextElideMode.ElideMiddle)
    for each in (label, other):
        qtbot.addWidget(each)
        each.resize(120, 20)
        each.show()
    qtbot.waitUntil(lambda: label.toolTip() == "Abel_Pacheco_0001.jpg")
    assert label.grab().toImage() != other.grab().toImage()
