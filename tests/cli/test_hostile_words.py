"""Names, file names and reasons that would move the cursor or turn words round: shown, and do nothing."""

import ast
import csv
import json
import os
import unicodedata
from pathlib import Path

import pytest

from faceaccess import cli, lab
from faceaccess.cli.common import say
from faceaccess.codes import JournalKind
from faceaccess.plain_text import escaped, visible
from faceaccess.store.access.types import SYSTEM
from tests.cli.conftest import Folder, Run
from tests.store.builders import make_entry

HOSTILE = "Ann\x1b[2J\x9b31m\u202enimda\u2066\u200b\u2028[bold]\x07"
"""Clears the screen, recolours it, turns words round, hides, and begins a line."""

COMMANDS = [
    ["people"], ["people", "--json"], ["people", "deleted"], ["people", "photos", "E1"],
    ["health"], ["health", "--json"], ["log"], ["log", "--json"], ["log", "--actions"],
    ["log", "--actions", "--json"], ["groups", "list"], ["absences", "list"], ["entries", "missing"],
    ["consents", "list", "E1"], ["consents", "due"], ["visitors", "list"], ["cameras", "list"],
    ["operators", "list"], ["notifications", "list"], ["doors", "list"], ["schedules", "list"],
    ["exports", "list"], ["months", "list"],
    ["report", "daily", "--date", "2026-03-04"], ["report", "person", "--person", "E1", "--month", "2026-03"],
    ["report", "daily", "--date", "2026-03-04", "--format", "csv"],
    ["report", "daily", "--date", "2026-03-04", "--format", "json"],
    ["report", "monthly", "--month", "2026-03"],
    ["people", "rename", "E1", HOSTILE], ["people", "deactivate", HOSTILE],
    ["people", "merge", "E1", HOSTILE],
    ["identify", HOSTILE + ".jpg"], ["enrol", "--name", HOSTILE, HOSTILE + ".jpg"], ["import", HOSTILE],
    ["backup", "list", HOSTILE], ["backup", "check", HOSTILE], ["cluster", HOSTILE, "--out", "x"],
    ["cameras", "add", HOSTILE, "--source", HOSTILE], ["groups", "create", HOSTILE],
    ["watch", "--source", HOSTILE], ["people", "deactivate", "E1"], ["people", "delete", "E1"],
    ["people", "restore", "E1"], ["people", "erase", "E1", "--yes", "--certificate", "a.pdf"],
]  # fmt: skip


def hidden(text: str) -> list[str]:
    """Return what of a text would do something on a terminal."""
    kinds = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return [repr(each) for each in text if each not in "\n\r\t\ufeff" and unicodedata.category(each) in kinds]


@pytest.fixture
def hostile(folder: Folder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Folder:
    """A folder of an older version, or written by somebody who has the key."""
    monkeypatch.chdir(tmp_path)

    def fill(people, templates, journal) -> None:
        ada = people.create(name="Ada", staff_number="E1", department="Office").person_id
        journal.append(make_entry(ada, camera=HOSTILE, door=HOSTILE), b"jpeg")
        journal.append(make_entry(None, camera=HOSTILE, door=HOSTILE), b"jpeg")
        journal.record(SYSTEM, JournalKind.EXPORTED, details={"reason": HOSTILE})

    folder.fill(fill)
    with folder.open() as database, database.transaction() as db:
        db.execute("UPDATE people SET name = ?, department = ?, email = ?", [HOSTILE] * 3)
    return folder


@pytest.mark.slow
@pytest.mark.logs_warnings
def test_no_command_lets_words_of_others_at_the_terminal(run: Run, hostile: Folder) -> None:
    seen = ""
    for words in COMMANDS:
        result = run(*words)
        assert result.exception is None or isinstance(result.exception, SystemExit), words
        assert hidden(result.stdout + result.stderr) == [], words
        seen += result.stdout
    assert "Ann\N{REPLACEMENT CHARACTER}[2J" in seen
    for file in (hostile.path / "logs").iterdir():
        assert hidden(file.read_text(encoding="utf-8")) == []


def test_no_table_that_is_written_has_them(run: Run, hostile: Folder, tmp_path: Path) -> None:
    for words in (["log", "--csv", "log.csv"], ["report", "daily", "--date", "2026-03-04", "--out", "r.csv"]):
        assert run(*words).exit_code == 0
    for name in ("log.csv", "r.csv"):
        text = (tmp_path / name).read_text(encoding="utf-8-sig")
        assert "Ann" in text
        assert hidden(text) == []
        assert list(csv.reader(text.splitlines()))


def test_json_means_the_same(run: Run, hostile: Folder) -> None:
    (person,) = [json.loads(line) for line in run("people", "--json").stdout.splitlines()]
    assert person["name"] == HOSTILE
    assert json.loads(escaped(json.dumps({"\u202e": "\U000e0041\n"}, ensure_ascii=False))) == {
        "\u202e": "\U000e0041\n"
    }


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="file names on Windows have no such characters")
def test_file_names_of_an_import_are_shown_as_they_are(run: Run, hostile: Folder, tmp_path: Path) -> None:
    folder = tmp_path / "staff"
    (folder / HOSTILE).mkdir(parents=True)
    (folder / HOSTILE / f"{HOSTILE}.jpg").write_bytes(b"x")
    (folder / f"{HOSTILE}.zip").touch()
    for extra in ([], ["--preview"], ["--json"], ["--report", "done.csv"]):
        result = run("import", str(folder), *extra)
        assert hidden(result.stdout + result.stderr) == []
    assert hidden((tmp_path / "done.csv").read_text(encoding="utf-8-sig")) == []


@pytest.mark.parametrize("name", ["Ann\u202e", "An\u200bn", "Ann\x9b", "An\u2066n", "Ann\u2064", "An\u200dn"])
@pytest.mark.parametrize("field", ["--name", "--staff-number", "--department"])
def test_such_words_are_refused_where_they_come_in(
    run: Run, folder: Folder, tmp_path: Path, name: str, field: str
) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    words = {"--name": "Ann"} | {field: name + "x"}
    result = run("enrol", *(word for pair in words.items() for word in pair), str(tmp_path / "a.jpg"))
    assert result.exit_code == 1
    assert "control character" in result.output


def test_names_whose_script_joins_letters_stay_legal(folder: Folder) -> None:
    """Bengali and Persian need the joiners; right-to-left programs leave marks of direction."""
    names = ["ক্‌ষমা", "র‍্যাব", "می‌خواهم", "نسرین\u200f", "Zoë Ångström", "李小龍"]
    stored = folder.fill(lambda people, *_: [people.create(name=name).name for name in names])
    assert [unicodedata.normalize("NFC", name) for name in names] == stored
    assert [visible(name) for name in names] == names


def test_there_is_one_way_to_the_terminal() -> None:
    """Whoever prints otherwise prints names raw."""
    printing = []
    files = [path for room in (cli, lab) for path in Path(room.__path__[0]).rglob("*.py")]
    for path in sorted(files):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if name in ("print", "typer.echo", "typer.secho", "typer.confirm", "click.echo", "typer.prompt"):
                printing.append((path.name, name))
    assert printing == [("common.py", "typer.echo"), ("common.py", "typer.confirm")]


def test_a_line_stays_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    say("a.jpg\nenrolled 1")
    assert capsys.readouterr().out == "a.jpg\N{REPLACEMENT CHARACTER}enrolled 1\n"
