"""Measured thresholds and limits, one for each model that was measured; never carried over to another."""

import json
from functools import lru_cache
from typing import Any

from faceaccess.paths import resource
from faceaccess.recognition.types import EnrolmentLimits, MatchPolicy


def default_match(model_id: str) -> MatchPolicy | None:
    """Return the measured numbers of a model with their source, or None when it wasn't measured."""
    return _measured().get(model_id)


def enrolment_limits(model_id: str) -> EnrolmentLimits | None:
    """Return the measured limits of enrolling with a model, or None when it wasn't measured."""
    rows = _numbers()["enrolment"]
    return next((EnrolmentLimits(**row) for row in rows if row["model_id"] == model_id), None)


@lru_cache(maxsize=1)
def _measured() -> dict[str, MatchPolicy]:
    return {row["model_id"]: MatchPolicy(**row) for row in _numbers()["thresholds"]}


@lru_cache(maxsize=1)
def _numbers() -> dict[str, list[dict[str, Any]]]:
    return dict(json.loads(resource("models/thresholds.json").read_text(encoding="utf-8")))
