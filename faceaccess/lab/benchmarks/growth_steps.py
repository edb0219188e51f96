"""The steps of `faceaccess benchmark growth`, each measured in a process of its own."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from faceaccess.lab.benchmarks.gallery import most_mb, search_ms, seconds
from faceaccess.log import Step
from faceaccess.vision.types import FloatArray

if TYPE_CHECKING:
    from faceaccess.lab.benchmarks.started import Office

Figures = dict[str, object]

_FORGET_PEAK = "5"
_TYPED = ("Somebody 00", "S000042", "nobody of that name", "")


def apart(step: Callable[..., Figures], *arguments: Any) -> Figures:  # noqa: ANN401
    """Return the figures of a step taken in a new process, so that no other's memory is counted."""
    with multiprocessing.get_context("spawn").Pool(1) as process:
        return process.apply(_with_processor_time, (step, *arguments))


def _with_processor_time(step: Callable[..., Figures], *arguments: Any) -> Figures:  # noqa: ANN401
    """Return a step's figures with the processor time of this process, its imports included.

    Beside other work it says more than seconds by the clock.
    """
    return step(*arguments) | {"processor_s": round(time.process_time(), 1)}


def opened(data: Path, probes: FloatArray) -> Figures:
    """Open the data folder, fill a gallery, and search it.

    Args:
        data: the data folder.
        probes: (N, D) float32 of unit norm, one of each of the people enrolled first.
    """
    import numpy as np

    from faceaccess.models.reembedding import bring_up_to_date
    from faceaccess.recognition.gallery import Gallery
    from faceaccess.workspace import Workspace

    memory, started_s = _Memory(), time.perf_counter()
    with Workspace.open(data) as space:
        opened_s, opened_mb = time.perf_counter() - started_s, memory.more_mb()
        (model_id,) = space.models.templates.by_model.counts()
        gallery = Gallery(model_id, probes.shape[1])
        memory.begin()
        filled_s = seconds(lambda: bring_up_to_date(gallery, space.models.templates))
        built_s = seconds(gallery.settle)
        gallery_mb, most = memory.more_mb(), memory.most_mb()
        laps = search_ms(gallery.search, probes)
        names = [f"Somebody {number:06}" for number in range(1, len(probes) + 1)]
        nearest = [space.people.get(near[0].person_id).name for near in gallery.search(probes)]
    return {
        "workspace_s": round(opened_s, 2),
        "workspace_mb": opened_mb,
        "gallery_s": round(filled_s, 2),
        "index_built_behind_s": round(built_s, 1),
        "gallery_mb": gallery_mb,
        "gallery_most_mb": most,
        "search_ms_p50": round(laps[0], 2),
        "search_ms_p95": round(laps[1], 2),
        "nearest_is_right": round(float(np.mean([a == b for a, b in zip(names, nearest, strict=True)])), 3),
    }


def loaded(data: Path) -> Figures:
    """Load the models with the gallery, as the program does before the first decision."""
    from faceaccess.workspace import Workspace

    memory = _Memory()
    with Workspace.open(data) as space:
        loaded_s = seconds(space.reception.load_models)
        loaded_mb = memory.more_mb()
        again_s = seconds(lambda: space.models.refresh_gallery())
        return {
            "models_and_gallery_s": round(loaded_s, 2),
            "models_and_gallery_mb": loaded_mb,
            "gallery_looked_through_again_s": round(again_s, 2),
        }


def people_page(data: Path) -> Figures:
    """Show the page *People* in the real window, scroll it, and search on it."""
    from faceaccess.gui.rehearsal import visit_people

    memory = _Memory()
    visit = visit_people(data, _TYPED)
    scrolls_ms = sorted(visit.scrolls_ms)
    return {
        "listed": visit.listed,
        "first_s": round(visit.first_s, 2),
        "scroll_ms_p50": round(scrolls_ms[len(scrolls_ms) // 2], 1),
        "scroll_ms_longest": round(scrolls_ms[-1], 1),
        "all_selected_ms": round(visit.all_selected_ms, 1),
        **{
            f"typed_{len(text)}_letters_ms": round(took_ms)
            for text, took_ms in zip(_TYPED, visit.searches_ms, strict=True)
        },
        "most_mb": memory.most_mb(),
    }


def all_pages(data: Path) -> Figures:
    """Open every page of the window twice; return for which the window was deaf the longest."""
    from faceaccess.gui.rehearsal import tour_pages

    longest: dict[str, float] = {}
    for gap_ms, place in tour_pages(data, None):
        longest[place] = max(gap_ms, longest.get(place, 0.0))
    slowest = sorted(longest.items(), key=lambda item: -item[1])[:6]
    return {f"deaf_on_{place.replace(' ', '_')}_ms": round(gap_ms) for place, gap_ms in slowest}


def health(data: Path) -> Figures:
    """Look through everybody's photos for what may be amiss."""
    from faceaccess.workspace import Workspace

    with Workspace.open(data) as space:
        space.reception.load_models()
        memory = _Memory()
        findings: list[Any] = []
        took_s = seconds(lambda: findings.extend(space.reception.examine_health()))
    kinds = [finding.kind for finding in findings]
    return {
        "seconds": round(took_s, 1),
        "most_mb": memory.most_mb(),
        **{str(kind): kinds.count(kind) for kind in sorted(set(kinds))},
    }


def newcomers(data: Path, table: Path, photos: Path) -> Figures:
    """Import a table of newcomers with photos, and once more."""
    from faceaccess.lab.benchmarks.importing import timed

    memory = _Memory()
    return timed(table, photos, data) | {"most_mb": memory.most_mb()}


def start(place: "Office") -> Figures:
    """Start the program twice; return the second one's seconds until it is there, and what it holds."""
    from faceaccess.lab.benchmarks.started import Started

    for _ in range(2):
        with Started(place) as program:
            reached = program.wait_for(Step.PAINTED, Step.LOADED)
            held = program.memory()
    return {
        "painted_s": round(reached[Step.PAINTED], 2),
        "loaded_s": round(reached[Step.LOADED], 2),
        "memory_mb": round(held.own_mb or held.resident_mb),
    }


def table_of(photos: Path, count: int, photos_each: int, path: Path) -> Path | None:
    """Write a table of people with the most photos to be imported; None where none are asked for."""
    from faceaccess.lab.benchmarks.importing import write_table
    from faceaccess.vision.sources.images import photo_folders

    groups: Sequence[tuple[str, list[Path]]] = sorted(
        ((name, files) for name, files in photo_folders(photos).items() if files),
        key=lambda group: (-min(len(group[1]), photos_each), group[0]),
    )
    chosen = [(name, files[:photos_each]) for name, files in groups[:count]]
    return write_table(chosen, path) if chosen else None


class _Memory:
    """The memory of this process from now on."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self.begin()

    def begin(self) -> None:
        """Count from what is held now."""
        with suppress(OSError):  # no Linux: the most ever, with what was before
            Path("/proc/self/clear_refs").write_text(_FORGET_PEAK, encoding="ascii")
        self._before_mb = self._held_mb()

    def more_mb(self) -> float:
        """Return how much more is held now, MiB."""
        return round(self._held_mb() - self._before_mb, 1)

    def most_mb(self) -> float:
        """Return how much more was held at the most, MiB; not a number where the system isn't Linux."""
        return round(most_mb() - self._before_mb, 1)

    def _held_mb(self) -> float:
        return self._process.memory_info().rss / 2**20
