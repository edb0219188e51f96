"""Measured thresholds and limits, one for each model that was measured; never carried over to another."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from faceaccess.paths import resource
from faceaccess.recognition.types import EnrolmentLimits, MatchPolicy

OF_THRESHOLD = 0.9
"""Two strangers are grouped from a shorter distance than one is accepted at, since each face of a
group may bring more: about as the measured distance of the built-in model is to its threshold."""


@dataclass(frozen=True)
class Accuracy:
    """How right a model is at telling whether two photos show one person.

    Attributes:
        accuracy: right decisions.
        val_at_far_1e3: VAL at FAR 1e-3; None where its makers publish none.
        source: the measurement, or who published it.
    """

    accuracy: float
    val_at_far_1e3: float | None
    source: str


def measured_accuracy(name: str) -> Accuracy | None:
    """Return the accuracy of a model by its name, or None when it isn't known."""
    rows = _numbers()["accuracy"]
    known = {row["model"]: Accuracy(row["accuracy"], row["val_at_far_1e3"], row["source"]) for row in rows}
    return known.get(name)


def default_match(model_id: str) -> MatchPolicy | None:
    """Return the measured numbers of a model with their source, or None when it wasn't measured."""
    return _measured().get(model_id)


def enrolment_limits(model_id: str) -> EnrolmentLimits | None:
    """Return the measured limits of enrolling with a model, or None when it wasn't measured."""
    rows = _numbers()["enrolment"]
    return next((EnrolmentLimits(**row) for row in rows if row["model_id"] == model_id), None)


def cluster_distance(model_id: str, policy: MatchPolicy | None) -> float:
    """Return how near two faces of a group must be, squared L2.

    Args:
        model_id: the model; of one that wasn't measured, a part of its own threshold.
        policy: the numbers in force for it; without any, no two faces are near.
    """
    measured = {row["model_id"]: float(row["distance"]) for row in _numbers()["clustering"]}
    if model_id in measured:
        return measured[model_id]
    return 0.0 if policy is None else policy.threshold * OF_THRESHOLD


@lru_cache(maxsize=1)
def _measured() -> dict[str, MatchPolicy]:
    return {row["model_id"]: MatchPolicy(**row) for row in _numbers()["thresholds"]}


@lru_cache(maxsize=1)
def _numbers() -> dict[str, list[dict[str, Any]]]:
    return dict(json.loads(resource("models/thresholds.json").read_text(encoding="utf-8")))
