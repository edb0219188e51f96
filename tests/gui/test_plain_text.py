"""A name that looks like HTML is drawn as the name that it is, on every page and in every dialog."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QLineEdit, QWidget

from faceaccess.codes import Outcome
from faceaccess.gui import confirming
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.plain import Label, plain
from faceaccess.plain_text import visible
from faceaccess.workspace import Workspace
from tests.gui.site import add_entry

HOSTILE = "<img src='/etc/hostname'><b>Ann</b>"


def let_in(space: Workspace, name: str) -> None:
    """Let somebody be let in of whom all is called by a name, as are camera and door; and a stranger not."""
    person = space.people.create(name="Ann", department="Office", staff_number="1")
    with space.database.transaction() as db:  # as an older program left it
        db.execute("UPDATE people SET name = ?, department = ?, staff_number = ?", [name] * 3)
    add_entry(space, person=space.people.get(person.person_id), camera=name, door=name)
    add_entry(space, Outcome.UNKNOWN)


@pytest.fixture
def hostile(empty) -> Workspace:
    """People, departments, cameras and entries that look like HTML."""
    let_in(empty, HOSTILE)
    return empty


def drawn_as_html(root: QWidget) -> list[str]:
    """Return the texts of a window that Qt would draw as HTML."""
    found = [
        label.text()
        for label in root.findChildren(QLabel)
        if label.textFormat() is not Qt.TextFormat.PlainText and "<img" in label.text()
    ]
    found += [tip for widget in root.findChildren(QWidget) if "<img" in (tip := widget.toolTip())]
    for view in root.findChildren(QAbstractItemView):
        model = view.model()
        columns = model.columnCount() if isinstance(model, QAbstractTableModel) else 1
        for row in range(model.rowCount() if model else 0):
            for column in range(columns):
                tip = model.index(row, column).data(Qt.ItemDataRole.ToolTipRole)
                found += [tip] if isinstance(tip, str) and "<img" in tip else []
    return found


def test_no_page_draws_a_name_as_html(qtbot, hostile, theme, window_settings) -> None:
    """Names were drawn as HTML, and loaded pictures from the disk."""
    window = MainWindow(hostile, theme, window_settings)
    qtbot.addWidget(window)
    window.begin(None, is_gallery_empty=False)
    window.show()
    for page in window.pages:
        window.show_page(page)
        qtbot.wait(150)
        for view in page.findChildren(QAbstractItemView):
            if view.isVisible() and view.model() is not None and view.model().rowCount():
                view.setCurrentIndex(view.model().index(0, 0))
        qtbot.wait(100)
        assert drawn_as_html(window) == [], type(page).__name__
    window.notices.warn(HOSTILE, HOSTILE)
    assert drawn_as_html(window) == []
    assert any("<img" in label.text() for label in window.findChildren(QLabel))


def test_every_label_of_the_window_is_plain(qtbot, hostile, theme, window_settings) -> None:
    window = MainWindow(hostile, theme, window_settings)
    qtbot.addWidget(window)
    window.show()
    for page in window.pages:
        window.show_page(page)
        qtbot.wait(50)
    rich = {
        type(label.parent()).__name__
        for label in window.findChildren(QLabel)
        if label.textFormat() is not Qt.TextFormat.PlainText
        and type(label).__module__.startswith("faceaccess")
    }
    # The keys of charts: the program's own words, in colours.
    assert all(name.endswith(("Bars", "Grid", "Plots")) for name in rich), rich


def test_no_module_makes_a_label_that_guesses() -> None:
    folder = Path(confirming.__file__).parent
    guesses = [
        path.name
        for path in folder.rglob("*.py")
        if path.name != "plain.py" and re.search(r"\bQLabel\(|\(QLabel\)", path.read_text(encoding="utf-8"))
    ]
    assert guesses == []


@pytest.mark.parametrize("words", ["Ann", "Ann & Ben", "a\nb"])
def test_text_without_html_stays_as_it_is(words: str) -> None:
    assert plain(words) == words


def test_text_with_html_is_escaped_for_tool_tips(qtbot) -> None:
    assert "<img" not in plain(HOSTILE)
    assert "&lt;img" in plain(HOSTILE)
    label = Label(HOSTILE)
    qtbot.addWidget(label)
    assert (label.text(), label.textFormat()) == (HOSTILE, Qt.TextFormat.PlainText)


TURNED = "Ann\u202enimda\x1b[2J\u2066\u2064"


def acting(root: QWidget) -> list[str]:
    """Return the texts of a window in which a character turns others round, or hides."""
    texts = [label.text() for label in root.findChildren(QLabel)]
    texts += [button.text() for button in root.findChildren(QAbstractButton)]
    texts += [line.text() for line in root.findChildren(QLineEdit)]
    texts += [widget.toolTip() for widget in root.findChildren(QWidget)]
    for model in [view.model() for view in root.findChildren(QAbstractItemView) if view.model()]:
        for row in range(model.rowCount()):
            for column in range(model.columnCount() if isinstance(model, QAbstractTableModel) else 1):
                texts.append(str(model.index(row, column).data() or ""))
    return [repr(text) for text in texts if visible(text, keep="\n\t\u200b") != text]


def test_no_page_lets_a_name_turn_others_round(qtbot, empty, theme, window_settings) -> None:
    """A name with a direction character turned what stood after it round, on every page."""
    let_in(empty, TURNED)
    window = MainWindow(empty, theme, window_settings)
    qtbot.addWidget(window)
    window.begin(None, is_gallery_empty=False)
    window.show()
    for page in window.pages:
        window.show_page(page)
        qtbot.wait(150)
        for view in page.findChildren(QAbstractItemView):
            if view.isVisible() and view.model() is not None and view.model().rowCount():
                view.setCurrentIndex(view.model().index(0, 0))
        qtbot.wait(100)
        assert acting(window) == [], type(page).__name__
    window.notices.warn(TURNED, TURNED)
    assert acting(window) == []
    assert any("Ann\N{REPLACEMENT CHARACTER}" in label.text() for label in window.findChildren(QLabel))
