"""Entries as a CSV file that a spreadsheet program can open without harm."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from faceaccess.store.faults import mapped_faults
from faceaccess.store.types import Event

COLUMNS = (
    "entry",
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

# What a spreadsheet program takes for the start of a formula:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(events: Iterable[Event], path: Path) -> int:
    """Write entries to a file, all or nothing; return how many.

    UTF-8 with a byte order mark, which spreadsheet programs need to show names right.

    Raises:
        StoreError: the file can't be written; one that was there is kept.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.new")
    with mapped_faults(path):
        try:
            with part.open("w", encoding="utf-8-sig", newline="") as file:
                count = _write_rows(file, events)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    return count


def _write_rows(file: TextIO, events: Iterable[Event]) -> int:
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    count = 0
    for event in events:
        writer.writerow([safe_cell(value) for value in _values(event)])
        count += 1
    return count


def _values(event: Event) -> tuple[object, ...]:
    entry = event.entry
    return (
        event.seq,
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
    text = str(value)
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
