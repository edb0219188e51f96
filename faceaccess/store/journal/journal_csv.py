"""Entries as a CSV file that a spreadsheet program can open without harm."""

import csv
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TextIO

from faceaccess.store.file.files import without_formula, written_whole
from faceaccess.store.journal.types import Event

COLUMNS = (
    "entry",
    "time",
    "time_zone",
    "time_utc",
    "zone",
    "person",
    "outcome",
    "voided_by",
    "reason",
    "method",
    "direction",
    "camera",
    "door",
    "distance",
    "runner_up",
    "runner_up_distance",
    "threshold",
    "margin",
    "quality",
    "model_id",
    "device",
    "is_recording",
    "frame",
    "time_s",
    "person_id",
)


Local = Callable[[datetime], datetime]
"""Gives a moment as the company's clocks show it."""


def write_csv(events: Iterable[Event], path: Path, *, local: Local) -> int:
    """Write entries to a file, all or nothing; return how many.

    UTF-8 with a byte order mark, which spreadsheet programs need to show names right.

    Args:
        events: the entries.
        path: the file; one of that name is replaced.
        local: of the company, whose zone is named.

    Raises:
        StoreError: the file can't be written; one that was there is kept.
    """
    with written_whole(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        return _write_rows(file, events, local)


def _write_rows(file: TextIO, events: Iterable[Event], local: Local) -> int:
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    count = 0
    for event in events:
        writer.writerow([safe_cell(value) for value in _values(event, local)])
        count += 1
    return count


def _values(event: Event, local: Local) -> tuple[object, ...]:
    entry = event.entry
    at = local(entry.at)
    return (
        event.seq,
        at.isoformat(timespec="seconds"),
        str(at.tzinfo),
        entry.at.isoformat(timespec="milliseconds"),
        entry.zone,
        event.person_name,
        entry.outcome,
        event.voided_by,
        entry.reason,
        entry.method,
        entry.direction,
        entry.camera,
        entry.door,
        entry.distance,
        event.runner_up_name,
        entry.runner_up_distance,
        entry.threshold,
        entry.margin,
        entry.quality,
        entry.model_id,
        entry.device,
        entry.is_recording,
        entry.frame,
        entry.time_s,
        entry.person_id,
    )


def safe_cell(value: object) -> str:
    """Return the text of a cell; an apostrophe keeps text from being taken for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    return without_formula(str(value))
