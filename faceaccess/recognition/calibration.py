"""Measured thresholds, one for each model that was measured; never carried over to another."""

import json
from functools import lru_cache

from faceaccess.paths import resource
from faceaccess.recognition.types import MatchPolicy


def default_match(model_id: str) -> MatchPolicy | None:
    """Return the measured numbers of a model with their source, or None when it wasn't measured."""
    return _measured().get(model_id)


@lru_cache(maxsize=1)
def _measured() -> dict[str, MatchPolicy]:
    rows = json.loads(resource("models/thresholds.json").read_text(encoding="utf-8"))["thresholds"]
    return {row["model_id"]: MatchPolicy(**row) for row in rows}
