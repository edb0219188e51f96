"""In the smallest window that is promised, 960 by 600, every field is whole and beside the next."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from faceaccess.gui.live_bridge import Run
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


@pytest.mark.parametrize("is_open", [True, False])
def test_nothing_in_the_status_line_is_cut(qtbot, window, is_open) -> None:
    """The model's name ended beyond the window, while messages and *Trial day* stood before it."""
    line = window.status_line
    line.show_device("NVIDIA GeForce RTX 4060 Ti (CUDA)", "")
    line.show_model("FaceNet InceptionResnetV1, VGGFace2", "facenet-vggface2")
    line.show_open_folder(is_open)
    line.show_operator("" if is_open else "Sarah Michelle Featherstonehaugh")
    line.show_staged(Run(is_trial=True))
    line.show_messages(12)
    qtbot.wait(50)
    shown = [item for item in line.findChildren(QWidget) if item.isVisible()]
    for item in shown:
        assert item.width() >= item.sizeHint().width(), item
        assert window.rect().contains(item.mapTo(window, item.rect().bottomRight())), item
    icons = [item.toolTip() for item in shown if "NVIDIA" in item.toolTip()]
    assert icons == ["NVIDIA GeForce RTX 4060 Ti (CUDA)\nDevice in use"], "the words are in a tool tip"
    assert not line.device.isVisible()
    line.show_staged(Run())
    line.show_messages(0)
    window.resize(1600, 800)
    qtbot.waitUntil(line.device.isVisible)
    assert line.folder.text() == "No operators: anyone here may change the data"


def test_photos_of_a_camera_are_told_apart_by_the_ends_of_their_names(qtbot, theme) -> None:
    label = ElidedLabel("Abel_Pacheco_0001.jpg", mode=Qt.TextElideMode.ElideMiddle)
    other = ElidedLabel("Abel_Pacheco_0002.jpg", mode=Qt.TextElideMode.ElideMiddle)
    for each in (label, other):
        qtbot.addWidget(each)
        each.resize(120, 20)
        each.show()
    qtbot.waitUntil(lambda: label.toolTip() == "Abel_Pacheco_0001.jpg")
    assert label.grab().toImage() != other.grab().toImage()
