"""Two models on the same photos and draws: how far apart they are, and whether that may be chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from faceaccess.lab.measures.all_pairs import AllPairs
from faceaccess.lab.measures.identification import FPIR_TARGETS, Identified, mean_rate
from faceaccess.recognition.intervals import Rate, person_rate

FMR_TARGETS = (1e-3, 1e-4, 1e-5)


class Verdict(StrEnum):
    """What a difference shows."""

    FIRST = "the first is better"
    SECOND = "the second is better"
    NEITHER = "may be chance"


@dataclass(frozen=True)
class ComparedRow:
    """One measure of both models.

    Attributes:
        measure: its name, with the rate of false accepts at which each model is taken.
        first, second: of each model.
        difference: of the first less the second, person by person.
        verdict: by whether the 95 % interval of the difference holds zero.
    """

    measure: str
    first: float
    second: float
    difference: Rate
    verdict: Verdict


def compared_draws(first: Sequence[Identified], second: Sequence[Identified]) -> list[ComparedRow]:
    """Compare open-set identification of the same probes in the same galleries.

    Args:
        first: the draws by one model.
        second: by the other.
    """
    if [draw.names for draw in first] != [draw.names for draw in second]:
        raise ValueError("the draws to compare aren't of the same photos")
    measures = {
        "not nearest of all": [(~a.is_right, ~b.is_right) for a, b in zip(first, second, strict=True)]
    }
    for fpir in FPIR_TARGETS:
        measures[f"FNIR at FPIR {fpir:g}"] = [
            (a.missed_at(fpir), b.missed_at(fpir)) for a, b in zip(first, second, strict=True)
        ]
    return [
        _row(
            measure,
            float(np.mean([mine.mean() for mine, _ in errors])),
            float(np.mean([theirs.mean() for _, theirs in errors])),
            mean_rate(first, [mine.astype(float) - theirs for mine, theirs in errors]),
        )
        for measure, errors in measures.items()
    ]


def compared_pairs(first: AllPairs, second: AllPairs) -> list[ComparedRow]:
    """Compare verification over all pairs of the same photos, each model at its own thresholds."""
    if first.names != second.names or not np.array_equal(first.whose, second.whose):
        raise ValueError("the pairs to compare aren't of the same photos")
    rows = []
    for fmr in FMR_TARGETS:
        missed = [measured.mated > measured.threshold_at(fmr) for measured in (first, second)]
        difference = missed[0].astype(float) - missed[1]
        rows.append(
            _row(
                f"FNMR at FMR {fmr:g}",
                float(missed[0].mean()),
                float(missed[1].mean()),
                person_rate(first.whose, difference, len(first.names)),
            )
        )
    return rows


def _row(measure: str, first: float, second: float, difference: Rate) -> ComparedRow:
    """Return a row about a rate of errors, of which less is better."""
    verdict = Verdict.NEITHER
    if difference.high < 0:
        verdict = Verdict.FIRST
    elif difference.low > 0:
        verdict = Verdict.SECOND
    return ComparedRow(measure, first, second, difference, verdict)
