"""Shared by `faceaccess import` and `faceaccess enrol`: admitting people, and printing the results."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import FAILED, counted, print_json, say
from faceaccess.codes import IfDouble, IfNamed, ImportProblem, ImportStep

if TYPE_CHECKING:
    from faceaccess.people.arrivals.admission import AdmissionTerms
    from faceaccess.people.arrivals.arrival import Arrival, ArrivalRow
    from faceaccess.people.arrivals.report import ReportRow
    from faceaccess.people.arrivals.result import AdmissionResult
    from faceaccess.workspace import Workspace

Consent = Annotated[
    int | None,
    typer.Option(
        "--consent",
        help="Everybody enrolled now has agreed to this text: see faceaccess consents texts.",
        metavar="VERSION",
    ),
]
Double = Annotated[
    IfDouble, typer.Option("--if-double", help="With a face that may be enrolled under another name.")
]
Preview = Annotated[bool, typer.Option("--preview", help="Only say what would be done; nothing is written.")]
Report = Annotated[
    Path | None, typer.Option("--report", help="Write the result of each row to this CSV file.")
]

_NOT_LOOKED_AT = (
    "No photo was looked at yet: who is not refused here may still be, for photos that are too weak "
    "or a face that is enrolled under another name."
)
_HINTS: Mapping[ImportProblem, str] = {
    ImportProblem.NAME_INCOMPLETE: "Fill in both names; who has one only: faceaccess enrol --name.",
    ImportProblem.CELL_ERROR: "A formula failed there: mend the table.",
    ImportProblem.BAD_NUMBER: "A spreadsheet program made that of it: type it anew, as text.",
    ImportProblem.DATE_NOT_CLEAR: "Say what comes first, day, month or year: --dates dmy, mdy or ymd.",
    ImportProblem.NO_PHOTO: "Nobody is enrolled without a photo here; without a face: People in the window.",
    ImportProblem.PHOTO_FORMAT: "Save it as JPEG, PNG, HEIC, AVIF, WebP, TIFF, BMP or GIF.",
    ImportProblem.PACKED: "What is packed is not opened: unpack it into the person's folder.",
    ImportProblem.FOLDER_INSIDE: "Folders in a person's folder are not read: move their photos up.",
    ImportProblem.ONLY_FOLDERS: "That is a folder of people: import it by itself.",
    ImportProblem.LOOSE_FILE: "Beside the folders of people nothing is read; import a table by itself.",
    ImportProblem.LOOSE_PHOTO: "Put the photo into a folder named like the person.",
    ImportProblem.NAME_ENROLLED: "The same person: --if-named add. Another one: --if-named new.",
    ImportProblem.SEVERAL_OF_NAME: "Give a staff number. Another one of that name: --if-named new.",
    ImportProblem.DOUBLE: "Another person, who only looks alike: --if-double keep.",
}
"""What helps against a refusal, on the command line."""


def terms(consent: int | None, if_double: IfDouble, if_named: IfNamed) -> "AdmissionTerms":
    """Return the terms for people who agreed to a text today, or to none."""
    from faceaccess.people.arrivals.admission import AdmissionTerms
    from faceaccess.store.people.types import NewConsent

    agreed = None if consent is None else NewConsent(consent, date.today())
    return AdmissionTerms(agreed, if_double, if_named)


def admit(
    space: "Workspace",
    rows: "Sequence[ArrivalRow]",
    terms: "AdmissionTerms",
    *,
    preview: bool,
    report: Path | None,
    json: bool,
    hints: Mapping[ImportProblem, str] | None = None,
) -> None:
    """Admit the people of some rows, or print the plan; end with 1 where something is left out.

    Args:
        space: where to.
        rows: of a table, a folder or one person.
        terms: on which.
        preview: write nothing.
        report: a CSV file to be written, too.
        json: print JSON.
        hints: what helps with this command where another flag does than with `import`.
    """
    from faceaccess.people.arrivals.report import report_rows, write_report

    hints = {**_HINTS, **(hints or {})}
    if terms.consent is None and any(row.consent_on for row in rows):
        say("The rows say when people agreed, but not to which text: --consent VERSION.", err=True)
    people = space.reception.enrolling.arrivals.plan(space.access.actor, rows)
    if preview:
        _print_plan(people, hints, json=json)
        is_whole = not any(arrival.step is ImportStep.REFUSE or arrival.photos_refused for arrival in people)
        raise typer.Exit(0 if is_whole else FAILED)
    results = _run(space, people, terms)
    if report is not None:
        write_report(results, report)
    for row in report_rows(results):
        _print_row(row, json=json)
    if not json:
        _print_sum([result.outcome for result in results])
        _print_hints({problem for result in results for problem in result.problems}, hints)
    if not all(result.is_whole for result in results):
        raise typer.Exit(FAILED)


def _run(space: "Workspace", people: "list[Arrival]", terms: "AdmissionTerms") -> "list[AdmissionResult]":
    """Admit with a line of progress on standard error; Ctrl+C stops after the person in hand."""
    with _stopping() as is_stopped:
        return space.reception.enrolling.arrivals.run(
            space.access.actor, people, terms, progress=_progress(), is_cancelled=is_stopped
        )


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Give a function that tells whether Ctrl+C was pressed, which meanwhile ends nothing by itself."""
    import signal
    import threading

    stop = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        yield stop.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _progress() -> Callable[[int, int], None]:
    import sys
    import time

    began = time.monotonic()

    def say(done: int, total: int) -> None:
        if sys.stderr.isatty():
            rate = done / max(time.monotonic() - began, 1e-3)
            sys.stderr.write(f"\r{done} of {counted(total, 'person', 'people')}, {rate:.1f} a second ")
            sys.stderr.write("\n" if done == total else "")

    return say


def _print_plan(people: "list[Arrival]", hints: Mapping[ImportProblem, str], *, json: bool) -> None:
    """Print the plan for each person, and how many there are."""
    for arrival in people:
        print_json(_plain(arrival)) if json else _print_planned(arrival)
    if json:
        return
    _print_sum([arrival.step for arrival in people])
    problems = {photo.problem for arrival in people for photo in arrival.photos_refused if photo.problem}
    _print_hints(problems | {arrival.problem for arrival in people if arrival.problem}, hints)
    if any(arrival.step is not ImportStep.REFUSE for arrival in people):
        say(_NOT_LOOKED_AT)


def _plain(arrival: "Arrival") -> dict[str, object]:
    return {
        "rows": [row.number for row in arrival.rows],
        "name": arrival.name,
        "staff_number": arrival.staff_number,
        "step": arrival.step,
        "problem": arrival.problem,
        "detail": str(arrival.detail),
        "photos": sum(photo.source is not None for _, photo in arrival.photos),
        "photos_refused": [
            {"photo": photo.name, "problem": photo.problem} for photo in arrival.photos_refused
        ],
        "fills_in": {} if arrival.person is None else arrival.fills_in(arrival.person),
    }


def _print_planned(arrival: "Arrival") -> None:
    numbers = ", ".join(str(row.number) for row in arrival.rows)
    detail = f" ({arrival.detail})" if arrival.detail else ""
    why = "" if arrival.problem is None else f"  {_words(arrival.problem)}{detail}"
    say(f"{_words(arrival.step):<8} row {numbers}: {arrival.name}{why}")
    for photo in arrival.photos_refused:
        if photo.problem and photo.name != arrival.detail:
            say(f"    {photo.name}: {_words(photo.problem)}")


def _print_row(row: "ReportRow", *, json: bool) -> None:
    if json:
        print_json(vars(row))
        return
    why = "".join(f"  {text}" for text in (row.reason, row.detail) if text)
    say(f"{_words(row.outcome):<11} row {row.number}: {row.name}: {counted(row.taken, 'photo')}{why}")
    for text, what in ((row.weak, ", taken for want of a better one"), (row.refused, "")):
        for photo in filter(None, text.split("; ")):
            say(f"    {photo}{what}")


def _print_sum(codes: Sequence[str]) -> None:
    from collections import Counter

    say(", ".join(f"{_words(code)} {count}" for code, count in Counter(codes).items()))


def _print_hints(problems: "set[ImportProblem]", hints: Mapping[ImportProblem, str]) -> None:
    for problem in ImportProblem:
        if problem in problems and problem in hints:
            say(f"{_words(problem)}: {hints[problem]}")


def _words(code: str) -> str:
    from faceaccess.people.arrivals.report import plain

    return plain(code)
