"""`faceaccess log`."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from faceaccess.codes import JournalKind, Outcome
from tests.cli.conftest import Folder, Run, json_lines
from tests.store.builders import NOON, make_entry


@pytest.fixture(autouse=True)
def entries(folder: Folder) -> None:
    def fill(people, templates, journal) -> None:
        ada = people.create(name="Ada [x]", staff_number="E1").person_id
        journal.append(make_entry(ada, runner_up_id=ada, runner_up_distance=0.5), b"jpeg")
        journal.append(make_entry(second=60, camera="Gate"), None)
        journal.append(make_entry(ada, second=86_400, outcome=Outcome.AMBIGUOUS), None)
        journal.record(people_actor(), JournalKind.EXPORTED)

    folder.fill(fill)


def people_actor():
    from faceaccess.store.access.types import Actor

    return Actor("olga")


SEALED = 1
"""The first row has the digest of the person enrolled."""


def _seqs(run: Run, *words: str) -> list[int]:
    result = run("log", "--json", *words)
    assert result.exit_code == 0, result.output
    return [row["seq"] - SEALED for row in json_lines(result)]


def test_the_log_is_a_table_newest_first(run: Run) -> None:
    shown = run("log").stdout
    for word in ("accepted", "Ada [x]", "0.123 of 0.300", "Gate", "3 of 3 entries"):
        assert word in shown
    assert shown.index("ambiguous") < shown.index("unknown") < shown.index("accepted")
    assert "1 of 3 entries" in run("log", "--limit", "1").stdout


def test_an_entry_as_json_has_the_whole_decision(run: Run) -> None:
    ambiguous, unknown, accepted = json_lines(run("log", "--json"))
    assert accepted["person"] == accepted["runner_up"] == "Ada [x]"
    assert accepted["outcome"] == "ACCEPTED"
    assert accepted["at"] == NOON.isoformat()
    assert (accepted["distance"], accepted["threshold"], accepted["model_id"]) == (
        0.12345678,
        0.3,
        "dlib-128",
    )
    assert accepted["has_crop"] is True
    assert (unknown["person"], unknown["runner_up"]) == (None, None)
    assert (ambiguous["person"], ambiguous["nearest"]) == (None, "Ada [x]")


def test_filters(run: Run) -> None:
    assert _seqs(run) == [3, 2, 1]
    assert _seqs(run, "--person", "E1") == [3, 1]
    assert _seqs(run, "--search", "ada") == [3, 1]
    assert _seqs(run, "--outcome", "unknown", "--outcome", "accepted") == [2, 1]
    assert _seqs(run, "--camera", "Gate") == [2]
    assert _seqs(run, "-n", "2") == [3, 2]
    assert run("log", "--person", "nobody").exit_code == 1


def test_times_are_local_unless_they_have_a_zone(run: Run) -> None:
    assert _seqs(run, "--since", "2026-03-04T12:00:30+00:00") == [3, 2]
    assert _seqs(run, "--until", "2026-03-04T12:00:30+00:00") == [1]
    local = (NOON + timedelta(seconds=30)).astimezone().replace(tzinfo=None)
    assert _seqs(run, "--since", local.isoformat()) == [3, 2]
    assert isinstance(local, datetime)


def test_times_are_the_companys_and_their_zone_is_named(run: Run, tmp_path: Path) -> None:
    """The log had this computer's, the report the company's, and neither said so."""
    assert run("schedules", "zone", "Asia/Dhaka").exit_code == 0
    assert run("schedules", "zone", "Asia/Tokyo", "--from", "2026-03-05").exit_code == 0
    shown = run("log").stdout
    assert "Times in Asia/Dhaka, Asia/Tokyo from 2026-03-05" in shown
    assert "2026-03-04 18:00:00" in shown
    newest, _, oldest = json_lines(run("log", "--json"))
    assert (oldest["time"], oldest["time_zone"]) == ("2026-03-04T18:00:00+06:00", "Asia/Dhaka")
    assert (newest["time"], newest["time_zone"]) == ("2026-03-05T21:00:00+09:00", "Asia/Tokyo")
    assert oldest["at"] == NOON.isoformat()
    assert _seqs(run, "--since", "2026-03-04T18:00:30") == [3, 2]
    assert _seqs(run, "--until", "2026-03-04T18:00:30") == [1]
    assert run("log", "--csv", str(tmp_path / "log.csv")).exit_code == 0
    rows = list(csv.DictReader((tmp_path / "log.csv").read_text("utf-8-sig").splitlines()))
    assert (rows[2]["time"], rows[2]["time_zone"]) == ("2026-03-04T18:00:00+06:00", "Asia/Dhaka")
    assert "Times in Asia/Dhaka" in run("log", "--actions").stderr


@pytest.mark.parametrize(
    "typed", ["0026-03-04", "2206-03-04T12:00", "0001-01-01", "soon", "2026-03-04T25:00"]
)
def test_a_time_that_nobody_means_is_refused(run: Run, typed: str) -> None:
    assert run("log", "--since", typed).exit_code == 2


def test_an_end_date_includes_its_day(run: Run, folder: Folder) -> None:
    day = NOON.astimezone().date()
    assert _seqs(run, "--until", day.isoformat()) == [2, 1]
    assert _seqs(run, "--since", day.isoformat(), "--until", day.isoformat()) == [2, 1]
    assert _seqs(run, "--until", (day - timedelta(days=1)).isoformat()) == []


def test_the_csv_has_all_entries_and_is_journalled(run: Run, folder: Folder, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    result = run("log", "--csv", str(path), "-n", "1")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "3 entries written" in result.stderr
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["entry"] for row in csv.DictReader(file)] == ["4", "3", "2"]
    assert folder.read(lambda _, journal: journal.rows.newest()[0].kind) is JournalKind.EXPORTED
    assert folder.read(lambda _, journal: journal.rows.newest()[0].seq) == 6


def test_beside_a_running_door_the_csv_says_that_it_is_not_journalled(
    run: Run, folder: Folder, tmp_path: Path
) -> None:
    with folder.open():
        result = run("log", "--csv", str(tmp_path / "log.csv"))
    assert result.exit_code == 0
    assert "in use by process" in result.stderr
    assert "not in the journal" in result.stderr
    assert (tmp_path / "log.csv").exists()
    assert folder.read(lambda _, journal: journal.rows.newest()[0].seq) == 5


def test_a_csv_that_can_not_be_written_exits_with_1(run: Run, tmp_path: Path) -> None:
    assert run("log", "--csv", str(tmp_path / "none" / "log.csv")).exit_code == 1


def test_faults_of_cameras_are_shown_without_the_entries(run: Run, folder: Folder) -> None:
    def fill(people, templates, journal) -> None:
        for state, fault in (("online", None), ("stalled", "frozen")):
            details = {"camera": "Gate", "state": state, "fault": fault}
            journal.record(people_actor(), JournalKind.CAMERA_STATE, details=details)

    folder.fill(fill)
    lines = run("log", "--faults").stdout.splitlines()
    assert [line.split("  ")[1] for line in lines] == ["Gate: stalled (frozen)", "Gate: online"]
    assert [row["fault"] for row in json_lines(run("log", "--faults", "--json"))] == ["frozen", None]


def test_actions_name_the_people_who_are_still_known(run: Run, folder: Folder) -> None:
    """Fault: who was enrolled, merged or changed stood there as a bare id."""

    def fill(people, templates, journal) -> tuple[str, str]:
        ada, other = people.list()[0].person_id, people.create(name="Bea").person_id
        details = {"photos": 2, "look_alikes": [other, "f" * 32], "to": ada}
        journal.record(people_actor(), JournalKind.PERSON_ENROLLED, person_id=ada, details=details)
        journal.record(people_actor(), JournalKind.PERSON_DELETED, person_id=other)
        return ada, other

    ada, other = folder.fill(fill)
    deleted, enrolled = run("log", "--actions", "-n", "2").stdout.splitlines()
    assert deleted.endswith(f"person deleted Bea ({other[:8]})")
    assert f"person enrolled Ada [x] ({ada[:8]})  look_alikes [Bea ({other[:8]}), {'f' * 32}]" in enrolled
    assert enrolled.endswith(f"photos 2, to Ada [x] ({ada[:8]})")
    folder.fill(lambda people, *_: people.erasing.person(other))
    assert run("log", "--actions", "-n", "1").stdout.rstrip().endswith(f"person deleted {other[:8]}")
    gone, known = json_lines(run("log", "--actions", "-n", "2", "--json"))
    assert (gone["person_id"], gone["person"], known["person"]) == (other, None, "Ada [x]")
