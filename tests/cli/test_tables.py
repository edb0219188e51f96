"""Tables on a terminal of 80 columns."""

import re
from pathlib import Path

import pytest

from faceaccess import cli
from faceaccess.cli.common import counted
from faceaccess.vision.embedder import BUILT_IN, SFACE_MTCNN
from tests.cli.conftest import Folder, Run
from tests.store.builders import make_entry


@pytest.fixture(autouse=True)
def narrow(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_what_is_copied_stands_whole_and_nothing_is_cut(run: Run, folder: Folder) -> None:
    """Fault: at 80 columns ids and names of models ended in an ellipsis, and could not be copied."""

    def fill(people, templates, journal) -> str:
        ada = people.create(
            name="Ada Byron with a long name", staff_number="STAFF-000123",
            department="Research-and-Development", email="ada.byron.the.first@example.org",
        )  # fmt: skip
        people.set_active(ada.person_id, False)
        journal.append(make_entry(ada.person_id, camera="A camera with a very long name indeed"), None)
        return str(ada.person_id)

    person_id = folder.fill(fill)
    people, log, models = (run(*words).stdout for words in (("people",), ("log",), ("models", "list")))
    assert all(text in people for text in (person_id[:8], "STAFF-000123"))
    assert all(text in models for text in (BUILT_IN, SFACE_MTCNN, "facenet-vggface2", "not installed"))
    for shown in (people, log, models):
        assert "…" not in shown
        assert max(map(len, shown.splitlines())) <= 80


def test_columns_that_nobody_fills_are_left_out(run: Run, folder: Folder) -> None:
    folder.fill(lambda people, *_: people.create(name="Ada [bold]"))
    shown = run("people").stdout
    assert "Ada [bold]" in shown
    assert "E-mail" not in shown


def test_one_is_singular() -> None:
    """The command line said "1 of 1 entries" and "1 photos"."""
    assert counted(1, "photo") == "1 photo"
    assert [counted(number, "entry", "entries") for number in (0, 1, 2)] == [
        "0 entries",
        "1 entry",
        "2 entries",
    ]


def test_numbers_of_things_are_counted() -> None:
    """Nothing that a command says has a number before a noun in the plural."""
    things = "days|entries|faces|files|findings|groups|operators|pass(es)?|people|photos|pictures|rows|visits"
    # The value of a setting is the kind of entries, no number.
    numbered = re.compile(rf"(?<!value)\}} ({things}|templates|recordings)\b")
    wrong = [
        line.strip()
        for path in sorted(Path(cli.__file__).parent.rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if numbered.search(line)
    ]
    assert wrong == [], "write counted(number, 'photo')"
