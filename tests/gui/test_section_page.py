"""Cards are found by what they say, and by their names beside them."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from faceaccess.gui.widgets.section_page import SectionPage


@pytest.fixture
def page(qtbot) -> SectionPage:
    """Three cards, each higher than the page."""
    made = SectionPage("Settings")
    for heading, words in (("Cameras", "Set up"), ("Entries", "Cool-down"), ("Model", "Device")):
        high = QLabel(words)
        high.setMinimumHeight(700)
        made.add(heading, high)
    qtbot.addWidget(made)
    made.resize(1200, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(page: SectionPage) -> list[str]:
    """The names of the cards on show."""
    return [link.text() for link in page.names.findChildren(QPushButton) if link.isVisibleTo(page.names)]


def marked(page: SectionPage) -> str:
    """The name that is marked."""
    return next((link.text() for link in page.names.findChildren(QPushButton) if link.isChecked()), "")


def test_a_search_shows_the_cards_that_say_every_word(qtbot, page) -> None:
    qtbot.keyClicks(page.search, "COOL")
    assert shown(page) == ["Entries"]
    qtbot.keyClicks(page.search, " camera")
    assert shown(page) == []
    assert page.nothing.isVisible()
    page.search.clear()
    assert shown(page) == ["Cameras", "Entries", "Model"]
    assert not page.nothing.isVisible()


def test_a_card_that_nobody_may_use_is_not_found(qtbot, page) -> None:
    model = page.area.widget().layout().itemAt(2).widget()
    assert isinstance(model, QWidget)
    page.offer(model, False)
    qtbot.keyClicks(page.search, "device")
    assert shown(page) == []
    page.search.clear()
    assert shown(page) == ["Cameras", "Entries"]


def test_a_name_leads_to_its_card_and_scrolling_marks_it(qtbot, page) -> None:
    qtbot.waitUntil(lambda: marked(page) == "Cameras")
    links = {link.text(): link for link in page.names.findChildren(QPushButton)}
    links["Model"].click()
    assert page.area.verticalScrollBar().value() > 700
    page.area.verticalScrollBar().setValue(740)
    assert marked(page) == "Entries"


def test_a_narrow_page_gives_its_width_to_the_cards(page) -> None:
    assert page.names.isVisible()
    page.resize(850, 500)
    assert not page.names.isVisible()
    assert page.search.isVisible()


def test_in_a_narrow_page_the_names_drop_down(qtbot, page) -> None:
    """The cards below had no name on show there, and no way to them but scrolling."""
    assert not page.jump.isVisible()
    page.resize(850, 500)
    assert page.jump.isVisible()
    assert [page.jump.itemText(at) for at in range(page.jump.count())] == ["Cameras", "Entries", "Model"]
    qtbot.waitUntil(lambda: page.area.verticalScrollBar().maximum() > 1500)
    page.jump.setCurrentIndex(2)
    page.jump.activated.emit(2)
    assert page.area.verticalScrollBar().value() > 1400
    assert marked(page) == page.jump.currentText() == "Model"
    qtbot.keyClicks(page.search, "device")
    assert [page.jump.itemText(at) for at in range(page.jump.count())] == ["Model"]


def test_a_card_can_come_first(page) -> None:
    model = page.area.widget().layout().itemAt(2).widget()
    page.put_first(model)
    assert shown_in_order(page) == ["Model", "Cameras", "Entries"]
    assert marked(page) == "Model"


def shown_in_order(page: SectionPage) -> list[str]:
    """The names of the cards from top to bottom."""
    layout = page.names.layout()
    links = [layout.itemAt(at).widget() for at in range(layout.count())]
    return [link.text() for link in links if link is not None]
