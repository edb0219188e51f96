"""Newer versions from the command line."""

from collections.abc import Iterator

import pytest

from faceaccess import __version__
from tests.cli.conftest import Folder, Run, json_lines
from tests.news import CHANGES, NewsServer


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch, folder: Folder) -> Iterator[NewsServer]:
    monkeypatch.setenv("no_proxy", "*")
    folder.open().close()
    with NewsServer() as server:
        yield server


def test_it_is_off_until_an_address_is_set(run: Run, news: NewsServer) -> None:
    before = run("updates", "look")
    assert before.exit_code == 1
    assert "faceaccess updates set" in before.stderr
    assert run("updates", "set", news.address, news.settings.public_key).exit_code == 0
    assert run("updates", "look").exit_code == 0
    assert len(news.asked) == 1, "nothing was asked when it was set"
    assert run("updates", "off").exit_code == 0
    assert run("updates", "look").exit_code == 1
    assert len(news.asked) == 1


def test_each_answer_is_said(run: Run, news: NewsServer) -> None:
    run("updates", "set", news.address, news.settings.public_key)
    newer = run("updates", "look").stdout
    assert newer.startswith(f"Version 9.1 of 2026-11-02 is newer than this one, {__version__}.\n- ")
    assert all(line in newer for line in CHANGES)
    assert newer.endswith("Installing is up to your IT.\n")
    news.announce(__version__)
    assert run("updates", "look").stdout == f"This is the newest version, {__version__}.\n"
    news.announce("0.0.9")
    older = run("updates", "look")
    assert "nothing to do" in older.stdout
    assert "old file" in older.stderr


def test_other_programs_get_json(run: Run, news: NewsServer) -> None:
    run("updates", "set", news.address, news.settings.public_key)
    (said,) = json_lines(run("updates", "look", "--json"))
    assert said == {
        "standing": "newer", "here": __version__, "version": "9.1", "date": "2026-11-02",
        "changes": [*CHANGES],
    }  # fmt: skip


def test_what_can_not_be_believed_ends_with_an_exit_code(run: Run, news: NewsServer) -> None:
    with NewsServer() as other:
        run("updates", "set", news.address, other.settings.public_key)
    result = run("updates", "look")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "wrong signature" in result.stderr
    assert "Ask IT" in result.stderr


def test_an_address_that_can_be_listened_in_on_is_refused(run: Run, news: NewsServer) -> None:
    result = run("updates", "set", "http://it.example.com/news.json", news.settings.public_key)
    assert result.exit_code == 1
    assert "https://" in result.stderr
    assert run("updates", "set", news.address, "no key").exit_code == 1
    assert run("updates", "look").exit_code == 1, "nothing was stored"


def test_words_of_the_news_do_nothing_in_a_terminal(run: Run, news: NewsServer) -> None:
    news.announce("9.1", ["\x1b[2Jgone\u202e"])
    run("updates", "set", news.address, news.settings.public_key)
    assert "\x1b" not in run("updates", "look").stdout
