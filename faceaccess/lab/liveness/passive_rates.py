"""What passive signals refuse, by kind of presentation: alone, and in addition to the networks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faceaccess.lab.liveness.watching import SCENES, SIGNALS, Scene, Watched
from faceaccess.recognition.intervals import Rate, person_rate

LIMITS = (0.3, 0.5, 0.7)
"""Of the networks' score, below which a presentation is refused."""

PARTS = (0.01, 0.03, 0.1)
"""Of the genuine presentations tuned on that a signal's three limits refuse."""

BESIDE = 0.01
"""Part of the genuine presentations tuned on that a signal refuses where it stands beside the networks."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class PassiveRow:
    """Errors in a scene.

    Attributes:
        presentations: in which a face was seen.
        errors: at three limits: of attacks the share that isn't refused (APCER), of genuine faces the share
            that is (BPCER).
    """

    scene: Scene
    presentations: int
    errors: tuple[Rate, ...]


@dataclass(frozen=True)
class PassiveTable:
    """Errors of a way to refuse, in all scenes.

    Attributes:
        name: "networks" or a signal's.
        limits: what the three errors of a row belong to, as text.
        rows: by scene.
    """

    name: str
    limits: tuple[str, ...]
    rows: tuple[PassiveRow, ...]


def networks_table(reported: Sequence[Watched]) -> PassiveTable:
    """Return the errors of the networks alone at `LIMITS`."""
    refusals = [_below(limit) for limit in LIMITS]
    return PassiveTable("networks", tuple(f"{limit:g}" for limit in LIMITS), _rows(reported, refusals))


def signal_table(tuned: Sequence[Watched], reported: Sequence[Watched], name: str) -> PassiveTable:
    """Return the errors of a signal alone, at limits that refuse `PARTS` of the genuine faces tuned on."""
    limits = [_limit(tuned, name, part) for part in PARTS]
    refusals = [_above(name, limit) for limit in limits]
    return PassiveTable(name, tuple(f"{limit:.3g}" for limit in limits), _rows(reported, refusals))


def beside_table(tuned: Sequence[Watched], reported: Sequence[Watched], name: str) -> PassiveTable:
    """Return the errors of the networks with a signal beside them.

    The networks' limits are lowered until as many genuine faces tuned on are refused by either as the
    networks alone refuse at `LIMITS`; where the signal alone refuses more than that, its limit is raised.
    """
    genuine = [watched for watched in tuned if not watched.scene.is_attack]
    live = np.array([watched.live for watched in genuine])
    limits, refusals = [], []
    for limit in LIMITS:
        allowed = float((live < limit).mean())
        edge = _limit(tuned, name, min(BESIDE, allowed))
        is_refused = np.array([watched.signals[name] > edge for watched in genuine])
        # The greatest limit by which no more are refused than by the networks alone.
        steps = np.append(np.unique(live[live < limit]), limit)
        fitting = [step for step in steps if float((is_refused | (live < step)).mean()) <= allowed]
        lowered = float(max(fitting, default=0.0))
        limits.append(f"{lowered:.3f} and {edge:.3g}")
        refusals.append(_either(_below(lowered), _above(name, edge)))
    return PassiveTable(f"networks and {name}", tuple(limits), _rows(reported, refusals))


def all_tables(tuned: Sequence[Watched], reported: Sequence[Watched]) -> list[PassiveTable]:
    """Return the tables of the networks, of each signal, and of the networks with each signal."""
    return [
        networks_table(reported),
        *(signal_table(tuned, reported, name) for name in SIGNALS),
        *(beside_table(tuned, reported, name) for name in SIGNALS),
    ]


_Refusal = Callable[[Watched], bool]


def _below(limit: float) -> _Refusal:
    return lambda watched: watched.live < limit


def _above(name: str, limit: float) -> _Refusal:
    return lambda watched: watched.signals[name] > limit


def _either(first: _Refusal, second: _Refusal) -> _Refusal:
    return lambda watched: first(watched) or second(watched)


def _limit(tuned: Sequence[Watched], name: str, part: float) -> float:
    """Return the limit above which a part of the genuine presentations lies, at the most."""
    values = np.sort([watched.signals[name] for watched in tuned if not watched.scene.is_attack])
    return float(values[len(values) - 1 - int(part * len(values))])


def _rows(reported: Sequence[Watched], refusals: Sequence[_Refusal]) -> tuple[PassiveRow, ...]:
    rows = []
    for scene in SCENES:
        here = [watched for watched in reported if watched.scene == scene]
        if not here:
            continue
        whose = np.arange(len(here))
        errors = tuple(
            person_rate(
                whose,
                np.array([refuses(watched) != scene.is_attack for watched in here]),
                len(here),
            )
            for refuses in refusals
        )
        rows.append(PassiveRow(scene, len(here), errors))
    return tuple(rows)
