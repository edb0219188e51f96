"""Measured thresholds and limits, one set for each model that was measured; never carried over to another."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from faceaccess.paths import resource
from faceaccess.recognition.types import DoorLimits, EnrolmentLimits, MatchPolicy

OF_THRESHOLD = 0.9
"""Two strangers are grouped from a shorter distance than one is accepted at, since each face of a
group may bring more: about as the measured distance of the built-in model is to its threshold."""

DRIFT_OF_THRESHOLD = 0.1
"""A rise of somebody's distances by a smaller part of the threshold costs nothing yet."""


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


@dataclass(frozen=True)
class Calibration:
    """Everything that was measured of a model; distances are squared L2.

    Attributes:
        thresholds: people enrolled and the threshold for so many, rising in people.
        margin, lookalike_distance, lookalike_margin: see `MatchPolicy`.
        door: how a door follows faces.
        enrolment: how photos are judged; None where that was not measured.
        cluster_distance: how near two faces of a group must be.
        drift: by how much somebody's median distance must have risen to be told.
        source: where the threshold and margin come from.
    """

    model_id: str
    thresholds: tuple[tuple[int, float], ...]
    margin: float
    lookalike_distance: float
    lookalike_margin: float
    door: DoorLimits
    enrolment: EnrolmentLimits | None
    cluster_distance: float
    drift: float
    source: str

    @property
    def measured(self) -> tuple[float, float]:
        """The lowest and the highest threshold measured."""
        values = [threshold for _, threshold in self.thresholds]
        return min(values), max(values)

    def threshold_for(self, people: int) -> float:
        """Return the threshold for so many people, between the measured numbers by the logarithm.

        The more are enrolled, the more likely one of them looks like a stranger: strangers accepted are to
        stay as many. Beyond the measured numbers the nearest one holds.
        """
        counts, values = np.array(self.thresholds, np.float64).T
        threshold = float(np.interp(np.log(max(people, 1)), np.log(counts), values))
        # Shown with three places, so decided by three.
        return round(threshold, 3)


def measured_accuracy(name: str) -> Accuracy | None:
    """Return the accuracy of a model by its name, or None when it isn't known."""
    rows = _numbers()["accuracy"]
    known = {row["model"]: Accuracy(row["accuracy"], row["val_at_far_1e3"], row["source"]) for row in rows}
    return known.get(name)


def calibration_of(model_id: str) -> Calibration | None:
    """Return the calibration of a model, or None when it wasn't measured."""
    return _calibrations().get(model_id)


def default_match(model_id: str, people: int) -> MatchPolicy | None:
    """Return the measured numbers of a model for so many people enrolled, or None when it wasn't measured."""
    calibration = calibration_of(model_id)
    if calibration is None:
        return None
    return MatchPolicy(
        model_id,
        calibration.threshold_for(people),
        calibration.margin,
        calibration.source,
        calibration.lookalike_distance,
        calibration.lookalike_margin,
        people,
        calibration.door,
        calibration.measured,
    )


def enrolment_limits(model_id: str) -> EnrolmentLimits | None:
    """Return the measured limits of enrolling with a model, or None when it wasn't measured."""
    calibration = calibration_of(model_id)
    return None if calibration is None else calibration.enrolment


def cluster_distance(model_id: str, policy: MatchPolicy | None) -> float:
    """Return how near two faces of a group must be, squared L2.

    Args:
        model_id: the model; of one that wasn't measured, a part of its own threshold.
        policy: the numbers in force for it; without any, no two faces are near.
    """
    calibration = calibration_of(model_id)
    if calibration is not None:
        return calibration.cluster_distance
    return 0.0 if policy is None else policy.threshold * OF_THRESHOLD


def least_drift(policy: MatchPolicy) -> float:
    """Return the rise in somebody's median distance that counts as drift, squared L2."""
    calibration = calibration_of(policy.model_id)
    return policy.threshold * DRIFT_OF_THRESHOLD if calibration is None else calibration.drift


@lru_cache(maxsize=1)
def _calibrations() -> dict[str, Calibration]:
    return {row["model_id"]: _calibration(**row) for row in _numbers()["models"]}


def _calibration(*, model_id: str, thresholds: list[list[float]], **rest: Any) -> Calibration:  # noqa: ANN401
    enrolment = rest.pop("enrolment", None)
    return Calibration(
        model_id,
        tuple((int(people), float(threshold)) for people, threshold in thresholds),
        door=DoorLimits(**rest.pop("door")),
        enrolment=EnrolmentLimits(model_id, **enrolment) if enrolment else None,
        **rest,
    )


@lru_cache(maxsize=1)
def _numbers() -> dict[str, list[dict[str, Any]]]:
    return dict(json.loads(resource("models/measured.json").read_text(encoding="utf-8")))
