"""Secrets are read in one order: the operator's password, then what the command asks for."""

import re
from pathlib import Path

import pytest

import faceaccess.cli
import faceaccess.lab
from faceaccess.store.policy.types import Channels
from faceaccess.workspace import Workspace
from tests.cli.conftest import Folder, Run

PASSWORD = "violet kettle sandwich"
DOOR = "Main door"
SECRET = "a secret of a door and of others"


@pytest.fixture
def closed(folder: Folder) -> Folder:
    """A folder with an admin, a door and somebody with a staff number."""
    with Workspace.open(folder.path) as space:
        space.people.create(name="Ben", staff_number="7")
        space.access.operators.close_folder(space.access.actor, "Ada", PASSWORD)
    return folder


@pytest.mark.parametrize(
    ("words", "secret", "said"),
    [
        (
            ["doors", "opened-by", DOOR, "http", "--address", "https://a/", "--sign-risk", "--secret"],
            SECRET,
            "",
        ),
        (
            ["notifications", "add", "Payroll", "--address", "https://payroll.example/", "--secret"],
            SECRET,
            "",
        ),
        (["kiosk", "--set-pin"], "4827", ""),
        (["people", "set-pin", "7"], "4827", "has a PIN"),
        (["operators", "create", "Bob", "auditor"], "seven purple lanterns", "is auditor"),
    ],
)
def test_ones_own_password_is_the_first_line(
    run: Run, closed: Folder, words: list[str], secret: str, said: str
) -> None:
    """Two commands took the first line for their secret, so that one's password signed messages."""
    done = run(*words, "--operator", "Ada", input=f"{PASSWORD}\n{secret}\n")
    assert done.exit_code == 0, done.output
    assert said in done.output
    with Workspace.open(closed.path) as space:
        kept = [*space.policies.read(Channels).channels, space.policies.opening(DOOR)]
        assert all(each.secret in ("", SECRET) for each in kept)
        assert len([each for each in kept if each.secret]) == (secret == SECRET)


def test_an_empty_secret_means_nothing(run: Run, closed: Folder) -> None:
    for words in (["kiosk", "--set-pin"], ["doors", "opened-by", DOOR, "http", "--secret"]):
        done = run(*words, "--operator", "Ada", input=f"{PASSWORD}\n\n")
        assert (done.exit_code, "Nothing was typed" in done.output) == (1, True)


def test_secrets_are_read_by_one_function_alone() -> None:
    """Each command that read standard input itself had an order of its own."""
    found = [
        path.name
        for room in (faceaccess.cli, faceaccess.lab)
        for path in Path(room.__path__[0]).rglob("*.py")
        if re.search(r"getpass|stdin\.", path.read_text(encoding="utf-8"))
    ]
    assert found == ["common.py"]
