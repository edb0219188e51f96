"""F1 opens the manual at the page in front; its links lead on."""

import pytest
from PySide6.QtCore import QRect, Qt, QUrl
from PySide6.QtGui import QDesktopServices

from faceaccess import manual
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.window.help_window import HelpWindow


@pytest.fixture
def help_window(qtbot) -> HelpWindow:
    made = HelpWindow()
    qtbot.addWidget(made)
    made.show_topic("reception")
    return made


@pytest.mark.parametrize("topic", manual.TOPICS)
def test_each_topic_is_shown(help_window, topic) -> None:
    help_window.show_topic(topic)
    assert help_window.text.toPlainText().startswith(manual.page(topic).splitlines()[0].lstrip("# "))


def test_a_link_leads_to_another_page_and_an_address_to_the_browser(help_window, monkeypatch) -> None:
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(lambda url: opened.append(url.toString())))
    help_window.text.anchorClicked.emit(QUrl("safety.md"))
    assert help_window.topics.currentItem().data(Qt.ItemDataRole.UserRole) == "safety"
    help_window.text.anchorClicked.emit(QUrl("https://example.org/x"))
    assert opened == ["https://example.org/x"]


def test_f1_opens_the_topic_of_the_page_in_front(qtbot, space, theme, window_settings) -> None:
    window = MainWindow(space, theme, window_settings)
    qtbot.addWidget(window)
    window.begin(None, is_gallery_empty=False)
    window.show()
    for page, topic in ((window.log, "office"), (window.safety, "safety"), (window.door, "door")):
        window.show_page(page)
        window._show_help()
        assert window.help.topics.currentItem().data(Qt.ItemDataRole.UserRole) == topic
    window.help.close()


def test_titles_wrap_within_their_list(qtbot, help_window) -> None:
    """The longest one ran out of the list, another was cut."""
    topics = help_window.topics
    qtbot.waitExposed(help_window)
    assert topics.horizontalScrollBar().maximum() == 0
    for row in range(topics.count()):
        item = topics.item(row)
        box = topics.visualItemRect(item)
        assert box.width() <= topics.viewport().width()
        inside = QRect(0, 0, box.width() - 16, 1000)
        needed = topics.fontMetrics().boundingRect(inside, Qt.TextFlag.TextWordWrap, item.text())
        assert needed.height() <= box.height(), item.text()
