"""About: what the program is, and whether there is a newer version, over a real server on the loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel

from faceaccess import __version__, paths
from faceaccess.gui import background
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.settings.updates_card import UpdatesCard
from faceaccess.gui.window.about_dialog import AboutDialog
from faceaccess.gui.window.facts import read_model_facts
from faceaccess.settings import UpdateSettings
from faceaccess.workspace import Workspace
from tests.news import CHANGES, NewsServer


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> Iterator[NewsServer]:
    monkeypatch.setenv("no_proxy", "*")
    with NewsServer() as server:
        yield server


@pytest.fixture
def about(qtbot, space: Workspace) -> AboutDialog:
    """The dialog in a folder without an address."""
    dialog = AboutDialog(space.policies, space.data_dir)
    qtbot.addWidget(dialog)
    return dialog


def turn_on(qtbot, space: Workspace, about: AboutDialog, settings: UpdateSettings) -> None:
    space.policies.set(space.access.actor, settings)
    about.show_facts(None)
    qtbot.waitUntil(about.look_button.isVisible)


def look(qtbot, about: AboutDialog) -> str:
    about.look_button.click()
    qtbot.waitUntil(lambda: about.said.isVisible() and about.said.text() != "Looking…")
    return about.said.text()


def test_it_says_what_the_program_is(qtbot, space, about) -> None:
    about.show_facts(read_model_facts(space.reception, space.models))
    said = [label.text() for label in (about.folder, about.model, about.device, about.licence)]
    assert said[0] == str(space.data_dir)
    assert all(said)
    assert "MIT" in said[3]
    assert any(__version__ in child.text() for child in about.findChildren(type(about.said)))


def test_nothing_is_offered_or_asked_without_an_address(qtbot, space, about, news) -> None:
    half = UpdateSettings(address=news.address)
    space.policies.set(space.access.actor, half)
    about.show_facts(None)
    qtbot.waitUntil(lambda: not background._jobs)
    assert about.isVisible()
    assert not about.look_button.isVisible()
    turn_on(qtbot, space, about, news.settings)
    assert not news.asked, "nothing is looked for until somebody presses the button"
    space.policies.set(space.access.actor, UpdateSettings())
    about.show_facts(None)
    qtbot.waitUntil(lambda: not about.look_button.isVisible())


def test_a_newer_version_is_said_with_its_changes(qtbot, space, about, news) -> None:
    turn_on(qtbot, space, about, news.settings)
    assert look(qtbot, about) == "Version 9.1 of 2026-11-02 is newer than this one. What is new:"
    assert about.changes.text() == "\n\n".join(f"• {line}" for line in CHANGES)
    assert "up to your IT" in about.more.text()
    assert about.area.height() < 100, "two lines leave no empty room"


def test_a_long_list_scrolls_and_words_are_shown_as_they_are(qtbot, space, about, news) -> None:
    turn_on(qtbot, space, about, news.settings)
    look(qtbot, about)
    low = about.height()
    news.announce("9.2", ["<b>Bold</b>", "\u202eturned", *["A change."] * 300])
    about.look_button.click()
    qtbot.waitUntil(lambda: "9.2" in about.said.text())
    assert low < about.height() < 600
    qtbot.waitUntil(lambda: about.area.verticalScrollBar().maximum() > 1000)
    assert about.changes.text().startswith("• <b>Bold</b>\n\n• \ufffdturned")


def test_it_stands_on_a_small_screen_with_a_larger_font_too(qtbot, space, about, news) -> None:
    """It was 608 px high where the program had raised the font's size."""
    turn_on(qtbot, space, about, news.settings)
    font = about.font()
    font.setPointSizeF(font.pointSizeF() * 1.3)
    about.setFont(font)
    news.announce("9.2", ["A change."] * 300)
    look(qtbot, about)
    qtbot.waitUntil(about.area.isVisible)
    assert about.height() < 600
    assert about.area.height() > 60


def test_the_newest_and_an_older_version_are_said(qtbot, space, about, news) -> None:
    turn_on(qtbot, space, about, news.settings)
    news.announce(__version__)
    assert look(qtbot, about) == "This is the newest version."
    assert not about.area.isVisible()
    news.announce("0.0.1")
    about.look_button.click()
    qtbot.waitUntil(lambda: "0.0.1, is older than this one" in about.said.text())
    assert "Tell IT" in about.more.text()


def test_a_failure_is_said_with_what_to_do_and_can_be_tried_again(qtbot, space, about, news) -> None:
    with NewsServer() as other:
        turn_on(qtbot, space, about, UpdateSettings(news.address, other.settings.public_key))
    assert "wrong signature" in look(qtbot, about)
    assert "Don't install anything" in about.more.text()
    space.policies.set(space.access.actor, news.settings)
    about.look_button.click()
    qtbot.waitUntil(about.area.isVisible)


def test_it_can_be_closed_while_the_server_is_silent(qtbot, space, about, news) -> None:
    turn_on(qtbot, space, about, news.settings)
    news.is_silent = True
    about.look_button.click()
    qtbot.waitUntil(lambda: bool(news.asked))
    about.look_button.click()
    assert about.said.text() == "Looking…"
    about.close()
    assert not about.isVisible()
    news.released.set()
    qtbot.waitUntil(lambda: about.said.text() != "Looking…")
    assert len(news.asked) == 1, "a second press asks nothing while the first waits"


def test_licences_are_offered_where_they_were_installed(qtbot, space, monkeypatch, tmp_path: Path) -> None:
    bare = AboutDialog(space.policies, space.data_dir)
    qtbot.addWidget(bare)
    bare.show_facts(None)
    assert not bare.licences_button.isVisible()
    notices = tmp_path / "NOTICES.txt"
    notices.write_text("MIT, BSD")
    monkeypatch.setattr(paths, "resource", {"licences/NOTICES.txt": notices}.__getitem__)
    whole = AboutDialog(space.policies, space.data_dir)
    monkeypatch.undo()
    qtbot.addWidget(whole)
    whole.show_facts(None)
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(lambda url: opened.append(url)))
    whole.licences_button.click()
    assert [Path(url.toLocalFile()) for url in opened] == [notices]


def test_it_is_reached_from_the_status_line_the_help_and_settings(
    qtbot, space, theme, window_settings, unstyled
) -> None:
    window = MainWindow(space, theme, window_settings)
    qtbot.addWidget(window)
    window.begin(None, is_gallery_empty=False)
    window.show()
    window.status_line.about.click()
    assert window.about.isVisible()
    window.about.help_button.click()
    assert window.help.isVisible()
    for way in (window.help.about_button, window.settings_page.updates.about_button):
        window.about.close()
        way.click()
        assert window.about.isVisible()
    qtbot.waitUntil(lambda: window._facts is not None, timeout=20_000)
    window.status_line.about.click()
    assert window.about.model.text() == window.status_line.model.text()
    window.help.close()
    window.about.close()


@pytest.fixture
def card(qtbot, space, notices) -> UpdatesCard:
    """The card of the settings."""
    made = UpdatesCard(space.access, space.policies, notices)
    qtbot.addWidget(made)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: made.note.text() == "Off: this program never looks for newer versions.")
    return made


def type_in(card: UpdatesCard, name: str, text: str) -> None:
    editor = card.form.editors[name]
    editor.setText(text)
    editor.editingFinished.emit()


def test_an_admin_sets_address_and_key(qtbot, space, card, news) -> None:
    type_in(card, "address", news.address)
    qtbot.waitUntil(lambda: card.note.text() == "Off until both are set.")
    type_in(card, "public_key", f" {news.settings.public_key}\n")
    qtbot.waitUntil(lambda: card.note.text().startswith("On: "))
    assert space.policies.read(UpdateSettings) == news.settings
    type_in(card, "address", "")
    qtbot.waitUntil(lambda: card.note.text() == "Off until both are set.")


def test_what_can_not_be_used_is_refused_and_said(qtbot, space, card, notices) -> None:
    type_in(card, "address", "http://it.example.com/news.json")
    qtbot.waitUntil(lambda: any("must begin with https://" in row.text() for row in labels(notices)))
    # What is stored stands there again; a key beside the address typed before would be refused for that.
    qtbot.waitUntil(lambda: card.form.editors["address"].text() == "")
    type_in(card, "public_key", "no key")
    qtbot.waitUntil(lambda: any("public key isn't one" in row.text() for row in labels(notices)))
    assert space.policies.read(UpdateSettings) == UpdateSettings()


def labels(notices):
    return notices.findChildren(QLabel)
