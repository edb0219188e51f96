"""A linear classifier on the same embeddings beside the nearest template, with unknown people present."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from faceaccess.lab.measures.identification import (
    FPIR_TARGETS,
    Identified,
    OpenSet,
    fnir_difference,
    identify,
    mean_rate,
)
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.intervals import Rate
from faceaccess.vision.types import FloatArray

Embeddings = Mapping[Path, FloatArray]


@dataclass(frozen=True)
class ClassifierRow:
    """Both ways at one size of the gallery and one FPIR.

    Attributes:
        people: enrolled.
        fpir_target: at which each way's own limit is set.
        nearest, classifier: FNIR.
        difference: of the classifier's FNIR less the nearest template's, probe by probe.
    """

    people: int
    fpir_target: float
    nearest: Rate
    classifier: Rate
    difference: Rate


@dataclass(frozen=True)
class NewcomerCost:
    """What one more person costs, in seconds; medians over draws.

    Attributes:
        people: enrolled with the newcomer.
        trained_s: training the classifier again, with everybody.
        added_s: adding a row to the gallery.
    """

    people: int
    trained_s: float
    added_s: float


def classified(split: OpenSet, templates: Embeddings, probes: Embeddings) -> tuple[Identified, float]:
    """Search for all probes of a draw by a linear support vector machine, one class a person.

    Its certainty is turned into a distance, of which less is surer, so that limits are set as for distances.

    Args:
        split: which photos are enrolled; all photos have embeddings.
        templates: (D,) unit embeddings by photo.
        probes: likewise.

    Returns:
        The results, and how many seconds training took.
    """
    names, number = np.unique([name for name, _ in split.gallery], return_inverse=True)
    rows = np.stack([templates[path] for _, path in split.gallery])
    machine, trained_s = trained(rows, number)
    scores = machine.decision_function(np.stack([probes[path] for _, path in split.mated]))
    stranger_scores = machine.decision_function(np.stack([probes[path] for path in split.non_mated]))
    greatest = max(float(scores.max()), float(stranger_scores.max())) + 1
    own = tuple(name for name, _ in split.mated)
    found_names = names[scores.argmax(axis=1)]
    return Identified(
        len(names),
        len(rows) // len(names),
        own,
        (greatest - scores.max(axis=1)).astype(np.float32),
        np.array([name == other for name, other in zip(own, found_names, strict=True)]),
        (greatest - stranger_scores.max(axis=1)).astype(np.float32),
    ), trained_s


def trained(rows: FloatArray, number: Any) -> tuple[Any, float]:  # noqa: ANN401 - scikit-learn has no types
    """Return a linear machine that tells more than two people apart, and the seconds that took.

    Raises:
        ModelError: scikit-learn isn't installed.
    """
    from faceaccess.lab.measures.sklearn_peer import LinearSVC

    started_s = time.perf_counter()
    machine = LinearSVC(C=1.0, random_state=0).fit(rows, number)
    return machine, time.perf_counter() - started_s


def added_s(rows: FloatArray) -> float:
    """Return the seconds that the last of some templates takes to enter a gallery that has the others."""
    gallery = Gallery("measured", rows.shape[1])
    ids = np.arange(1, len(rows) + 1, dtype=np.int64)
    people = [f"{number:032x}" for number in ids]
    taken_s = 0.0
    for start, end in ((0, len(rows) - 1), (len(rows) - 1, len(rows))):
        started_s = time.perf_counter()
        gallery.update(
            "measured",
            template_ids=ids[:end],
            person_ids=people[:end],
            is_active=np.ones(end, bool),
            embeddings=rows[start:end],
        )
        taken_s = time.perf_counter() - started_s
    return taken_s


def classifier_rows(
    splits: Sequence[OpenSet], templates: Embeddings, probes: Embeddings, progress: Callable[[int, int], None]
) -> tuple[list[ClassifierRow], NewcomerCost]:
    """Compare both ways on the same draws.

    Args:
        splits: draws of the same size; all photos have embeddings.
        templates: (D,) unit embeddings by photo.
        probes: likewise.
        progress: told how many draws are done, and of how many.
    """
    nearest, machines, trained_s, rows_s = [], [], [], []
    for done, split in enumerate(splits, 1):
        nearest.append(identify(split, templates, probes))
        machine, seconds = classified(split, templates, probes)
        machines.append(machine)
        trained_s.append(seconds)
        rows_s.append(added_s(np.stack([templates[path] for _, path in split.gallery])))
        progress(done, len(splits))
    people = nearest[0].people
    rows = []
    for fpir in FPIR_TARGETS:
        mine, theirs = (
            mean_rate(draws, [draw.missed_at(fpir) for draw in draws]) for draws in (nearest, machines)
        )
        rows.append(ClassifierRow(people, fpir, mine, theirs, fnir_difference(machines, nearest, fpir)))
    return rows, NewcomerCost(people, float(np.median(trained_s)), float(np.median(rows_s)))
