"""`faceaccess benchmark log`: filtering, searching, sorting, paging and proving a long log."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say
from faceaccess.lab.benchmarks.report import LAST_DAY, fill

if TYPE_CHECKING:
    from faceaccess.store.journal.types import EventFilter, EventSort
    from faceaccess.workspace import Workspace

ROUNDS = 5
PAGES = 50


def log(
    events: Annotated[int, typer.Option("--events", help="Entries in the journal.")] = 1_000_000,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Keep the data here; else a throw-away one.")
    ] = None,
    json: Json = False,
) -> None:
    """Time the first rows of many filters and orders, pages far down, and the proof of all rows."""
    with failing_clearly(), tempfile.TemporaryDirectory() as throw_away:
        from faceaccess.workspace import Workspace

        with Workspace.open(folder or Path(throw_away)) as space:
            fill(space, events, 500)
            figures = dict(_measured(space))
    if json:
        print_json(figures)
        return
    for name, value in figures.items():
        say(f"{name:<44} {value:>10.1f}")


def _measured(space: "Workspace") -> Iterator[tuple[str, float]]:
    import psutil

    from faceaccess.store.journal.types import EventFilter, EventOrder, EventSort

    process = psutil.Process()
    before_mb = process.memory_info().rss / 2**20
    slowest = 0.0
    for name, event_filter in _filters():
        for sort in (EventSort(), *_sorts()):
            took_ms = _median_ms(partial(space.journal.events.page, event_filter, sort, limit=100))
            slowest = max(slowest, took_ms)
            if sort == EventSort():
                yield f"first rows, {name} (ms)", took_ms
    yield "slowest of all filters in all orders (ms)", slowest
    yield from _overview(space)
    page, laps = None, []
    for _ in range(PAGES):
        started_s = time.perf_counter()
        rows = space.journal.events.page(
            EventFilter(), EventSort(EventOrder.PERSON), after=page[-1] if page else None, limit=1000
        )
        laps.append((time.perf_counter() - started_s) * 1000)
        page = rows
    yield f"a page of 1000 by person, slowest of {PAGES} (ms)", max(laps)
    started_s = time.perf_counter()
    space.journal.events.count(EventFilter())
    yield "counting all (ms)", (time.perf_counter() - started_s) * 1000
    started_s = time.perf_counter()
    verification = space.journal.verify()
    yield f"proving {verification.rows} rows (s)", time.perf_counter() - started_s
    yield "memory more than before (MB)", process.memory_info().rss / 2**20 - before_mb


def _overview(space: "Workspace") -> "Iterator[tuple[str, float]]":
    """Time what the page Today reads at noon of the last day."""
    from faceaccess.store.journal.types import EventFilter

    now = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 12, tzinfo=UTC)
    midnight = now - timedelta(hours=12)
    for name, event_filter in (
        ("a day", EventFilter(since=midnight)),
        ("30 days", EventFilter(since=midnight - timedelta(days=29))),
        (
            "30 days of a department",
            EventFilter(since=midnight - timedelta(days=29), department="Department 3"),
        ),
        ("all entries", EventFilter()),
    ):
        yield (
            f"figures and charts, {name} (ms)",
            _median_ms(partial(space.office.overview.read, event_filter, now=now)),
        )


def _sorts() -> "Iterator[EventSort]":
    """Yield every order in which a column of the window sorts."""
    from faceaccess.store.journal.types import EventOrder, EventSort

    for order in EventOrder:
        if order is not EventOrder.ENTRY:
            yield EventSort(order, is_descending=False)
            yield EventSort(order, is_descending=True)


def _filters() -> "Iterator[tuple[str, EventFilter]]":
    from faceaccess.codes import Method, Outcome, Reason
    from faceaccess.store.journal.types import EventFilter

    end = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, tzinfo=UTC)
    yield "no filter", EventFilter()
    yield "one day", EventFilter(since=end - timedelta(days=1), until=end)
    yield "a month", EventFilter(since=end - timedelta(days=30))
    yield "name", EventFilter(text="Person 123")
    yield "a name that nobody has", EventFilter(text="Nobody")
    yield "department", EventFilter(department="Department 3")
    yield "unknown", EventFilter(outcomes=(Outcome.UNKNOWN,))
    yield (
        "unknown, one day",
        EventFilter(outcomes=(Outcome.UNKNOWN,), since=end - timedelta(days=1), until=end),
    )
    yield "a reason that is rare", EventFilter(reason=Reason.TOO_DARK)
    yield "a method that is rare", EventFilter(method=Method.PIN)
    yield "name and unknown (nothing)", EventFilter(text="Person 123", outcomes=(Outcome.UNKNOWN,))
    yield (
        "accepted without match (nothing)",
        EventFilter(outcomes=(Outcome.ACCEPTED,), reason=Reason.NO_MATCH),
    )


def _median_ms(work: Callable[[], object]) -> float:
    laps = []
    for _ in range(ROUNDS):
        started_s = time.perf_counter()
        work()
        laps.append((time.perf_counter() - started_s) * 1000)
    return statistics.median(laps)
