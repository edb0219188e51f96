"""Whoever works in an open folder is named by their account, and never as the program itself."""

import os

import pytest

from faceaccess.store.access import accounts
from faceaccess.store.access.accounts import PROGRAM_NAMES, account_name

posix = pytest.mark.skipif(os.name != "posix", reason="accounts are the system's")


@posix
def test_the_environment_names_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """LOGNAME=faceaccess wrote rows as the program."""
    true_name = account_name()
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "faceaccess")
    assert account_name() == true_name != "faceaccess"


@pytest.mark.parametrize("name", ["door", "Door", "FACEACCESS"])
def test_an_account_called_like_the_program_is_told_apart(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    pwd = pytest.importorskip("pwd")
    named = type("Entry", (), {"pw_name": name})
    monkeypatch.setattr(pwd, "getpwuid", lambda _: named)
    assert account_name() == f"account {name}"
    assert accounts.fold(account_name()) not in PROGRAM_NAMES
