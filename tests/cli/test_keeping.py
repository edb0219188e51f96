"""Operators, the log's proof, encryption, backups and retention from the command line."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from faceaccess.errors import StoreError
from faceaccess.store.file.database import Database
from faceaccess.store.file.restoring import DATABASE_FILE
from faceaccess.workspace import Workspace
from tests.cli.conftest import Folder, Run

ADA = "violet kettle sandwich"
BEN = "marble otter bicycle"
BACKUP = "seven purple lanterns"


@pytest.fixture(autouse=True)
def _ada(folder: Folder) -> None:
    folder.fill(lambda people, _, __: people.create(name="Ada Byron"))


def close(run: Run) -> str:
    """Make Ada admin and Ben a receptionist; return the recovery passphrase."""
    first = run("operators", "create", "Ada", "admin", input=ADA)
    assert first.exit_code == 0, first.stderr
    second = run("operators", "create", "Ben", "receptionist", "--operator", "ada", input=f"{ADA}\n{BEN}\n")
    assert second.exit_code == 0, second.stderr
    return first.stdout.strip()


def test_an_open_folder_says_so(run: Run, folder: Folder) -> None:
    assert "is open" in run("operators", "list").stderr
    close(run)
    assert "is open" not in run("people", "--operator", "ada", input=ADA).stderr


@pytest.mark.parametrize(
    "command",
    [
        ("people",),
        ("log",),
        ("log", "verify"),
        ("operators", "list"),
        ("people", "rename", "Ada Byron", "Eve"),
        ("people", "delete", "Ada Byron", "--yes"),
        ("cameras", "add", "Gate", "--source", "1"),
        ("groups", "list"),
        ("encryption", "show-key"),
        ("retention", "run"),
        ("watch", "--source", "0"),
        ("log", "--csv", "x.csv"),
    ],
    ids=" ".join,
)
def test_a_closed_folder_does_nothing_for_who_has_not_signed_in(
    run: Run, folder: Folder, command: tuple[str, ...]
) -> None:
    close(run)
    before = run("log", "verify", "--json", "--operator", "ada", input=ADA)
    result = run(*command)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "--operator" in result.stderr or "Sign in" in result.stderr
    assert json.loads(before.stdout)["is_good"]


@pytest.mark.slow
def test_each_role_does_its_own_and_no_more(run: Run, folder: Folder) -> None:
    close(run)
    assert run("people", "--operator", "ben", input=BEN).exit_code == 0
    for forbidden in (
        ("people", "delete", "Ada Byron", "--yes"),
        ("cameras", "add", "Gate", "--source", "1"),
        ("log", "--csv", "x.csv"),
        ("encryption", "show-key"),
        ("operators", "remove", "Ada"),
        ("backup", "create", "backups"),
    ):
        refused = run(*forbidden, "--operator", "ben", input=f"{BEN}\n{BACKUP}\n")
        assert (refused.exit_code, refused.stdout) == (1, ""), forbidden
        assert "receptionist may not" in refused.stderr
    assert run("people", "--operator", "ben", input="wrong").exit_code == 1


@pytest.mark.slow
def test_a_report_is_taken_out_by_who_may_export_and_journalled(run: Run, folder: Folder, tmp_path) -> None:
    """Signed in, a report was written without asking for the right, and without a journal row."""
    close(run)
    wanted = ("report", "monthly", "--month", "2026-03", "--out", str(tmp_path / "march.csv"))
    refused = run(*wanted, "--operator", "ben", input=BEN)
    assert (refused.exit_code, "may not export" in refused.stderr) == (1, True)
    assert not (tmp_path / "march.csv").exists()
    assert run(*wanted, "--operator", "ada", input=ADA).exit_code == 0
    assert (tmp_path / "march.csv").exists()
    actions = run("log", "--actions", "--operator", "ada", input=ADA).stdout
    assert "Ada: exported" in actions
    assert run("report", "--due", "--operator", "ben", input=BEN).exit_code == 1
    assert run("months", "close", "2026-03", "--operator", "ben", input=BEN).exit_code == 1


@pytest.mark.slow
def test_a_lost_password_is_recovered(run: Run, folder: Folder) -> None:
    passphrase = close(run)
    new = "green cactus trombone"
    assert run("operators", "recover", "Ada", input=f"{passphrase}\n{new}\n").exit_code == 0
    assert run("people", "--operator", "ada", input=ADA).exit_code == 1
    assert run("operators", "list", "--operator", "ada", input=new).stdout.splitlines() == [
        "Ada: admin",
        "Ben: receptionist",
    ]
    changed = run("operators", "password", "ada", "--operator", "ada", input=f"{new}\n{new}\n{ADA}\n")
    assert changed.exit_code == 0, changed.stderr
    assert run("operators", "role", "Ben", "auditor", "--operator", "ada", input=ADA).exit_code == 0
    assert run("operators", "new-passphrase", "--operator", "ada", input=ADA).stdout.count("-") == 5


def test_an_empty_answer_changes_nobodys_password(run: Run, folder: Folder) -> None:
    """An admin who pressed Enter for Ben's new password was asked for their own, and changed that."""
    close(run)
    told = run(
        "operators", "password", "ben", "--operator", "ada", input=f"{ADA}\n\n{ADA}\ngreen cactus trombone\n"
    )
    assert told.exit_code == 1
    assert "Nothing was typed" in told.stderr
    assert run("people", "--operator", "ada", input=ADA).exit_code == 0
    assert run("people", "--operator", "ben", input=BEN).exit_code == 0
    assert run("people", "--operator", "ben", input="").exit_code == 1


def test_the_log_is_verified_and_its_end_kept(run: Run, folder: Folder, tmp_path) -> None:
    run("people", "rename", "Ada Byron", "Ada")
    kept = tmp_path / "ends.jsonl"
    end = json.loads(run("log", "head", "--to", str(kept)).stdout)
    run("people", "rename", "Ada", "Ada Byron")
    good = run("log", "verify", "--kept", str(kept), "--public-key", end["public_key"])
    assert (good.exit_code, "nothing was changed, 1 kept end is in it" in good.stdout) == (0, True)
    with Database.open(folder.path) as database, database.transaction() as db:
        db.execute("DROP TRIGGER journal_refuses_update")
        db.execute("UPDATE journal SET canonical = replace(canonical, 'records', 'recordz') WHERE seq = 1")
    bad = run("log", "verify", "--json")
    assert bad.exit_code == 1
    assert json.loads(bad.stdout)["faults"][0] == {"seq": 1, "kind": "row", "about": ""}
    assert "row 1: was changed" in run("log", "verify").stdout
    assert "64 hexadecimal" in run("log", "verify", "--public-key", "xyz").stderr


def test_a_backup_is_made_checked_and_put_back(run: Run, folder: Folder, tmp_path) -> None:
    to = str(tmp_path / "backups")
    assert "would be guessed" in run("backup", "create", to, input="password1234").stderr
    with Workspace.open(folder.path):
        beside = run("backup", "create", to, input=BACKUP)
        assert (beside.exit_code, "not in its log" in beside.stderr) == (0, True)
    made = run("backup", "create", to, input=BACKUP)
    path = made.stdout.strip()
    assert run("backup", "list", to).stdout.splitlines()[0].startswith(path)
    assert run("backup", "check", path, input=BACKUP).stdout.startswith("good: ")
    assert run("backup", "check", path, input="another one").exit_code == 1
    run("people", "rename", "Ada Byron", "Eve")
    restored = run("backup", "restore", path, input=BACKUP)
    assert restored.exit_code == 0, restored.stderr
    assert "The former data is in" in restored.stdout
    assert "Ada Byron" in run("people").stdout


def test_damaged_data_is_kept_aside_and_the_backup_takes_its_place(
    run: Run, folder: Folder, tmp_path
) -> None:
    path = run("backup", "create", str(tmp_path / "b"), input=BACKUP).stdout.strip()
    (folder.path / DATABASE_FILE).write_bytes(b"x" * 20_000)
    assert run("people").exit_code == 1
    restored = run("backup", "restore", path, input=BACKUP)
    assert restored.exit_code == 0, restored.stderr
    aside = next(folder.path.glob("replaced-*"))
    assert (aside / DATABASE_FILE).read_bytes() == b"x" * 20_000
    assert "Ada Byron" in run("people").stdout


def test_what_operators_did_is_listed(run: Run, folder: Folder) -> None:
    close(run)
    run("people", "delete", "Ada Byron", "--yes", "--operator", "ben", input=BEN)
    listed = run("log", "--actions", "--operator", "ada", input=ADA).stdout
    assert "Ada: operator created" in listed
    assert "Ben: action refused  right delete_people" in listed
    assert "Ben: signed in" in listed
    as_json = run("log", "--actions", "--json", "-n", "2", "--operator", "ada", input=ADA).stdout
    assert [json.loads(line)["kind"] for line in as_json.splitlines()] == ["signed_in", "signed_in"]


def test_retention_is_set_shown_and_run(run: Run, folder: Folder) -> None:
    assert run("retention", "set", "--unknown-crops", "30", "--crops", "90").exit_code == 0
    preview = run("retention", "preview")
    assert "unknown crops: 0 (after 30 days)" in preview.stdout
    assert "leavers: 0 (kept until deleted)" in preview.stdout
    assert json.loads(run("retention", "run", "--json").stdout) == {
        "unknown_crops": 0,
        "crops": 0,
        "rows": 0,
        "leavers": 0,
        "deleted": 0,
    }
    assert run("retention", "set", "--crops", "-1").exit_code == 2


@pytest.mark.slow
def test_chores_back_up_keep_the_end_and_expire_when_due(folder: Folder, tmp_path) -> None:
    from dataclasses import replace

    from faceaccess.settings import BackupSettings, RetentionSettings

    now = datetime.now(UTC)
    with Workspace.open(folder.path) as space:
        settings = BackupSettings(folder=str(tmp_path / "b"), secret=BACKUP, every_h=24, keep=2)
        space.policies.set(space.access.actor, settings)
        space.keeping.keep_ends_in(space.access.actor, tmp_path)
        space.policies.set(space.access.actor, replace(RetentionSettings(), leavers_days=30))
        for hours in (0, 1, 23, 25, 26, 50, 75):
            at = now + timedelta(hours=hours)
            for chore in space.keeping.chores().values():
                chore(at)
        assert len(list((tmp_path / "b").glob("*.fabackup"))) == 2
        assert space.machine.settings.backup_folder == str(tmp_path / "b")
        assert len((tmp_path / "faceaccess-heads.jsonl").read_text().splitlines()) >= 1
        assert BACKUP not in str(space.journal.rows.newest())
        assert space.keeping.verify_log(space.access.actor).is_good
        # A disk that isn't connected: the backup would lie on this one, and seem to be where it should.
        (tmp_path / "b").rename(tmp_path / "unplugged")
        with pytest.raises(StoreError, match="isn't there"):
            space.keeping.chores()["backup"](now + timedelta(hours=120))
        assert not (tmp_path / "b").exists()


@pytest.mark.slow
def test_a_closed_folder_is_replaced_by_an_admin_or_the_recovery_passphrase_alone(
    run: Run, folder: Folder, tmp_path
) -> None:
    recovery = close(run)
    made = run("backup", "create", str(tmp_path / "b"), "--operator", "ada", input=f"{ADA}\n{BACKUP}\n")
    backup = made.stdout.strip()
    refused = (
        ((), f"{BACKUP}\n", "--operator"),
        (("--operator", "ben"), f"{BEN}\n{BACKUP}\n", "may not back up, restore"),
        (("--operator", "ada"), f"wrong\n{BACKUP}\n", "not right"),
        (("--recovery",), f"AAAAA\n{BACKUP}\n", "not right"),
    )
    for options, typed, said in refused:
        done = run("backup", "restore", backup, *options, input=typed)
        assert (done.exit_code, said in done.stderr) == (1, True), (options, done.stderr)
    assert run("backup", "restore", backup, "--recovery", input=f"{recovery}\n{BACKUP}\n").exit_code == 0
    assert len(list(folder.path.glob("replaced-*"))) == 1
    for path in folder.path.glob("faceaccess.db*"):
        path.unlink()
    assert "is missing, but" in run("people").stderr
    assert "admin of the backup" in run("backup", "restore", backup, input=f"{BACKUP}\n").stderr
    done = run("backup", "restore", backup, "--operator", "ada", input=f"{ADA}\n{BACKUP}\n")
    assert (done.exit_code, "is open" in done.stderr) == (0, False), done.output
    assert run("people").exit_code == 1


def test_an_open_backup_over_a_closed_folder_is_said(run: Run, tmp_path) -> None:
    backup = run("backup", "create", str(tmp_path / "b"), input=f"{BACKUP}\n").stdout.strip()
    close(run)
    done = run("backup", "restore", backup, "--operator", "ada", input=f"{ADA}\n{BACKUP}\n")
    assert (done.exit_code, "is open" in done.stderr) == (0, True), done.output


def test_where_the_whole_folder_was_removed_none_is_begun(tmp_path, monkeypatch) -> None:
    """The standard folder: another one, named on purpose, is begun as ever."""
    with Workspace.open() as space:
        space.keeping.back_up(space.access.actor, tmp_path / "backups", BACKUP)
        standard = space.data_dir
    shutil.rmtree(standard)
    with pytest.raises(StoreError, match="has written backups"):
        Workspace.open()
    assert not standard.exists()
    Workspace.open(tmp_path / "another").close()
    shutil.rmtree(tmp_path / "backups")
    Workspace.open().close()


def test_the_key_is_shown_as_it_is_for_a_pipe(run: Run, folder: Folder) -> None:
    folder.open().close()
    shown = run("encryption", "show-key")
    assert shown.exit_code == 0
    assert all(len(bytes.fromhex(line)) == 32 for line in shown.stdout.splitlines())
