"""`faceaccess enrol`: what is refused, and what is said to help."""

from pathlib import Path

import pytest

from faceaccess.door import simulation
from tests.cli.conftest import Folder, Run


@pytest.mark.parametrize("words", [("enrol", "--name", "Ada Byron"), ("identify",), ("verify", __file__)])
def test_a_photo_that_is_not_there_is_not_found(
    run: Run, folder: Folder, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Fault: a mistyped path was said to be unreadable."""
    folder.open().close()
    missing = run(*words, str(tmp_path / "none.jpg"))
    assert missing.exit_code == 1
    assert f"{tmp_path / 'none.jpg'}: not found." in missing.stderr


@pytest.mark.models
def test_a_refusal_names_the_flags_that_help(run: Run) -> None:
    """Fault: it was said what could be done, but not by which flag."""
    known, stranger = (str(portrait.path) for portrait in simulation.portraits())
    assert run("enrol", known).exit_code == 2
    assert run("enrol", "--name", "Ada Byron", known).exit_code == 0
    named = run("enrol", "--name", "Ada Byron", stranger)
    assert named.exit_code == 1
    assert all(flag in named.stdout for flag in ("--add-to", "--new"))
    double = run("enrol", "--name", "Bea", known, "--if-double", "refuse")
    assert double.exit_code == 1
    assert all(flag in double.stdout for flag in ("--add-to", "--if-double keep"))
