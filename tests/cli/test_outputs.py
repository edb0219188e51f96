"""Doors and notifications from the command line."""

import json

from faceaccess.codes import JournalKind, OpeningKind
from faceaccess.workspace import Workspace
from tests.cli.conftest import Folder, Run
from tests.receiver import Receiver


def test_a_door_is_opened_by_what_was_chosen(run: Run, folder: Folder) -> None:
    with Receiver() as receiver:
        chosen = run(
            "doors",
            "opened-by",
            "Main door",
            "http",
            "--address",
            receiver.address,
            "--secret",
            "--sign-risk",
            input="k" * 20,
        )
        assert chosen.exit_code == 0
        assert run("doors", "try", "Main door").exit_code == 0
        assert len(receiver.requests) == 1
        receiver.mode = "500"
        failed = run("doors", "try", "Main door")
        assert (failed.exit_code, failed.stderr.splitlines()[1]) == (1, "127.0.0.1 answered 500.")
    assert f"Main door: http {receiver.address}" in run("doors", "list").stdout
    with Workspace.open(folder.path) as space:
        assert space.policies.opening("Main door").secret == "k" * 20
        assert "k" * 20 not in str(space.journal.rows.newest())
    assert run("doors", "opened-by", "Main door", "none").exit_code == 0
    with Workspace.open(folder.path) as space:
        assert space.policies.opening("Main door").kind is OpeningKind.NONE


def test_what_cannot_open_a_door_is_refused(run: Run) -> None:
    result = run("doors", "opened-by", "Main door", "serial")
    assert result.exit_code == 1
    assert "relay's device" in result.stderr
    assert "Nothing opens Main door" in run("doors", "try", "Main door").stderr


def test_a_door_that_is_not_there_is_refused_and_its_case_does_not_matter(run: Run, folder: Folder) -> None:
    """What opens "Main Dor" was kept, and the main door stayed shut."""
    refused = run("doors", "opened-by", "Main Dor", "http", "--address", "https://a/b")
    assert (refused.exit_code, "There are: Main door." in refused.stderr) == (1, True)
    opened_by = ("doors", "opened-by", "main door", "http", "--address", "https://a/b")
    assert run(*opened_by, "--sign-risk").exit_code == 0
    assert "Main door: http https://a/b" in run("doors", "list").stdout


def test_a_door_opens_by_face_only_where_it_asks_for_a_turn_or_somebody_answers_for_it(
    run: Run, folder: Folder
) -> None:
    opened_by = ("doors", "opened-by", "Main door", "http", "--address", "https://a/b")
    refused = run(*opened_by)
    assert refused.exit_code == 1
    assert "Somebody with a photo could open Main door" in refused.stderr
    assert "Main door: none" in run("doors", "list").stdout
    assert run("doors", "liveness", "Main door", "always").exit_code == 0
    assert run(*opened_by).exit_code == 0
    refused = run("doors", "liveness", "Main door", "in_doubt", "--limit", "0.7")
    assert "Somebody with a photo could open Main door" in refused.stderr
    signed = run("doors", "liveness", "main door", "in_doubt", "--limit", "0.7", "--sign-risk")
    assert signed.exit_code == 0
    listed = run("doors", "list").stdout
    assert "photos and screens: in doubt, may be opened by face alone" in listed
    row = json.loads(run("doors", "list", "--json").stdout)
    assert (row["liveness"], row["limit"], row["is_risk_signed"]) == ("in_doubt", 0.7, True)
    with Workspace.open(folder.path) as space:
        change = space.journal.rows.newest([JournalKind.POLICY_CHANGED])[0].details
    assert (change["policy"], change["after"]["is_risk_signed"]) == ("liveness:Main door", True)


def test_what_is_no_limit_is_refused(run: Run) -> None:
    assert "0" in run("doors", "liveness", "Main door", "always", "--limit", "1.5").stderr


def test_a_program_is_told_tested_and_told_no_longer(run: Run) -> None:
    with Receiver() as receiver:
        added = run("notifications", "add", "Payroll", "--address", receiver.address)
        assert added.exit_code == 0
        assert len(added.stdout.removeprefix("secret: ").strip()) >= 16
        assert run("notifications", "test", "payroll").exit_code == 0
        assert len(receiver.requests) == 1
    assert "Payroll" in run("notifications", "list").stdout
    assert "is told already" in run("notifications", "add", "PAYROLL", "--address", "https://x/").stderr
    assert run("notifications", "remove", "Payroll").exit_code == 0
    assert run("notifications", "list").stdout == "Nobody is told.\n"
    assert run("notifications", "remove", "Payroll").exit_code == 1


def test_the_desks_answers_are_counted(run: Run, folder: Folder) -> None:
    assert "not asked yet" in run("evaluate", "desk").stdout
    with Workspace.open(folder.path) as space:
        truth = {
            "outcome": "unknown", "nearest_id": "a", "distance": 0.11, "runner_up_id": None,
            "threshold": 0.106, "answer": "a", "model_id": "m",
        }  # fmt: skip
        space.journal.record(space.access.actor, JournalKind.DESK_ANSWER, details=truth)
    assert "the threshold was right about 0 of 1" in run("evaluate", "desk").stdout
    assert json.loads(run("evaluate", "desk", "--json").stdout)["beyond"]["nearest"] == 1
