"""The CSV file: read back by another reader, harmless in a spreadsheet, all or nothing."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from faceaccess.codes import JournalKind
from faceaccess.errors import StoreError
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.journal_csv import COLUMNS, write_csv
from faceaccess.store.journal.types import Event, EventFilter
from faceaccess.store.people.people import People
from tests.store.builders import OPERATOR, make_entry

NAMES = ["=1+1", "+1", "-1", "@SUM(A1)", 'a "b", c', "\u09ae\u09cb\u09b9", "plain", "'quoted"]


def in_dhaka(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo("Asia/Dhaka"))


@pytest.mark.parametrize("name", NAMES)
def test_names_come_back_but_never_as_a_formula(
    people: People, journal: Journal, tmp_path: Path, name: str
) -> None:
    person = people.create(name=name)
    event = journal.append(make_entry(person.person_id, camera=name), b"jpeg")
    assert journal.export_csv(OPERATOR, EventFilter(), tmp_path / "log.csv", local=in_dhaka) == 1
    assert (tmp_path / "log.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert tuple(row) == COLUMNS
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
    safe = "'" + name if name[0] in "=+-@" else name
    assert (row["person"], row["camera"]) == (safe, safe)
    assert (row["outcome"], row["distance"], row["runner_up"]) == ("accepted", "0.123457", "")
    assert (row["time"], row["time_zone"]) == ("2026-03-04T18:00:00+06:00", "Asia/Dhaka")
    assert row["time_utc"] == event.entry.at.isoformat(timespec="milliseconds")


def test_only_what_was_filtered_is_exported_and_the_export_is_journalled(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("faceaccess.store.journal.events._READ_AT_ONCE", 2)
    for second in range(5):
        journal.append(make_entry(second=second), None)
    journal.append(make_entry(camera="Gate"), None)
    journal.export_csv(OPERATOR, EventFilter(camera="Door"), tmp_path / "log.csv", local=in_dhaka)
    lines = (tmp_path / "log.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["entry", "5", "4", "3", "2", "1"]
    row = journal.rows.newest()[0]
    assert (row.kind, row.actor, row.details["rows"]) == (JournalKind.EXPORTED, "olga", 5)


def test_a_failing_export_keeps_the_file_that_was_there(journal: Journal, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("older")
    event = journal.append(make_entry(), None)

    def failing() -> Iterator[Event]:
        yield event
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="full"):
        write_csv(failing(), path, local=in_dhaka)
    assert path.read_text() == "older"
    assert [each.name for each in tmp_path.glob("*.new")] + [each.name for each in tmp_path.glob(".*")] == []


def test_a_missing_folder_is_named(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        journal.export_csv(OPERATOR, EventFilter(), tmp_path / "none" / "log.csv", local=in_dhaka)
    assert journal.rows.newest() == []
