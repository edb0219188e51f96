"""The result of each row of an import, as a CSV file."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from faceaccess.codes import EnrolmentOutcome, ImportProblem
from faceaccess.people.arrivals.result import AdmissionResult
from faceaccess.store.file.files import without_formula, written_whole

COLUMNS = (
    "row", "name", "staff_number", "outcome", "reason", "detail",
    "photos_taken", "photos_taken_though_weak", "photos_refused",
)  # fmt: skip


@dataclass(frozen=True)
class ReportRow:
    """The result of one row; all texts are ready to be shown.

    Attributes:
        number: of the row in the table.
        taken: how many photos of the row were enrolled.
        weak, refused: photos taken though weak, and those left out, with what is wrong.
    """

    number: int
    name: str
    staff_number: str
    outcome: EnrolmentOutcome
    reason: str
    detail: str
    taken: int
    weak: str
    refused: str


def report_rows(results: Iterable[AdmissionResult]) -> list[ReportRow]:
    """Return the result of each row, in the order of the table."""
    return sorted((row for result in results for row in _rows(result)), key=lambda row: row.number)


def write_report(results: Iterable[AdmissionResult], path: Path) -> None:
    """Write the result of each row, none of it a formula.

    Raises:
        StoreError: the file can't be written; one that was there is kept.
    """
    with written_whole(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in report_rows(results):
            values = (
                row.number, row.name, row.staff_number, row.outcome.value, row.reason, row.detail,
                row.taken, row.weak, row.refused,
            )  # fmt: skip
            writer.writerow([without_formula(str(value)) for value in values])


def _rows(result: AdmissionResult) -> Iterator[ReportRow]:
    for row in result.planned.rows:
        photos = [photo for photo in result.photos if photo.row == row.number]
        flawed = [
            (photo, f"{photo.name}: {plain(photo.problem)}")
            for photo in photos
            if photo.problem and photo.name != result.detail
        ]
        is_lost = bool(photos) and all(photo.is_useless for photo in photos)
        problem = result.problem or (ImportProblem.NO_GOOD_PHOTO if is_lost else None)
        yield ReportRow(
            row.number,
            row.name,
            row.staff_number or "",
            # Of two rows under one name, the second may show somebody else.
            EnrolmentOutcome.REFUSED if is_lost else result.outcome,
            plain(problem) if problem else "",
            str(result.detail),
            sum(photo.is_taken for photo in photos),
            "; ".join(text for photo, text in flawed if photo.is_taken),
            "; ".join(text for photo, text in flawed if not photo.is_taken),
        )


def plain(code: str) -> str:
    """Return a code as it is read in files and on the command line."""
    return code.replace("_", " ")
