"""A result on listed pairs kept in a file, and whether a later one on the same pairs is worse."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import FaceAccessError
from faceaccess.foreign_files import read_text
from faceaccess.lab.measures.pair_evaluation import Pair, PairResult
from faceaccess.recognition.intervals import Rate, listed_pair_rate

FORMAT = "faceaccess evaluate pairs 1"
_MOST_BYTES = 16 * 2**20


@dataclass(frozen=True, eq=False)
class SavedPairs:
    """What is kept of a result.

    Attributes:
        model_id: whose it is.
        list_sha256: hex digest of the photos' names and folds, pair by pair.
        is_right, is_accepted: see `PairResult`.
    """

    model_id: str
    list_sha256: str
    is_right: NDArray[np.bool_]
    is_accepted: NDArray[np.bool_]


@dataclass(frozen=True)
class Comparison:
    """By how much a result is above one saved earlier, pair by pair.

    Attributes:
        earlier_model_id: of the saved one.
        accuracy, val: differences, with intervals over people.
        is_worse: whether the interval of either lies below zero as a whole.
    """

    earlier_model_id: str
    accuracy: Rate
    val: Rate
    is_worse: bool


def save(path: Path, pairs: Sequence[Pair], result: PairResult, model_id: str) -> None:
    """Write a result to a file.

    Raises:
        FaceAccessError: it can't be written.
    """
    content = {
        "format": FORMAT,
        "model_id": model_id,
        "list_sha256": _digest(pairs),
        "accuracy": result.report.accuracy,
        "val_at_far_1e3": result.report.val_at_far_1e3,
        "is_right": _digits(result.is_right),
        "is_accepted": _digits(result.is_accepted),
    }
    try:
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    except OSError as exc:
        raise FaceAccessError(f"{path} can't be written: {exc.strerror}.", "Give another file.") from exc


def read_saved(path: Path, pairs: Sequence[Pair]) -> SavedPairs:
    """Return a result that was saved.

    Args:
        path: of the file.
        pairs: the list that it is compared on.

    Raises:
        FaceAccessError: it can't be read, isn't such a result, or is one on other pairs.
    """
    try:
        content = json.loads(read_text(path, _MOST_BYTES))
        if content["format"] != FORMAT:
            raise ValueError("another format")
        right, accepted = (_flags(content[name]) for name in ("is_right", "is_accepted"))
        saved = SavedPairs(str(content["model_id"]), str(content["list_sha256"]), right, accepted)
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise FaceAccessError(f"{path} is no saved result.", "Write one with --save.") from exc
    if saved.list_sha256 != _digest(pairs) or not len(right) == len(accepted) == len(pairs):
        raise FaceAccessError(f"{path} is a result on other pairs.", "Compare results on the same list.")
    return saved


def compare(pairs: Sequence[Pair], result: PairResult, saved: SavedPairs) -> Comparison:
    """Compare a result with a saved one on the same pairs, each at thresholds of its own."""
    names = sorted({path.parent.name for pair in pairs for path in (pair.first, pair.second)})
    places = {name: place for place, name in enumerate(names)}
    people = np.array([[places[pair.first.parent.name], places[pair.second.parent.name]] for pair in pairs])
    accuracy = listed_pair_rate(people, _less(result.is_right, saved.is_right), len(names))
    mated = result.is_mated
    gained = _less(result.is_accepted[mated], saved.is_accepted[mated])
    val = listed_pair_rate(people[mated], gained, len(names))
    return Comparison(saved.model_id, accuracy, val, accuracy.high < 0 or val.high < 0)


def _digest(pairs: Sequence[Pair]) -> str:
    lines = (f"{pair.first.name} {pair.second.name} {pair.is_mated} {pair.fold}" for pair in pairs)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _less(values: NDArray[np.bool_], others: NDArray[np.bool_]) -> NDArray[np.float64]:
    return values.astype(np.float64) - others


def _digits(flags: NDArray[np.bool_]) -> str:
    return "".join("01"[int(flag)] for flag in flags)


def _flags(digits: Any) -> NDArray[np.bool_]:  # noqa: ANN401 - whatever stood in the file
    if not isinstance(digits, str) or set(digits) - {"0", "1"}:
        raise ValueError("flags are digits")
    return np.array([digit == "1" for digit in digits], bool)
