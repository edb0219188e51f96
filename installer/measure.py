"""How soon the built program starts and recognises somebody, and what it holds, beside what was asked."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from installer.places import APP, ROOT

_PROGRAM = APP / "faceaccess"
_PEOPLE = 500


@dataclass(frozen=True)
class Limit:
    """What was asked of a start.

    Attributes:
        what: in words.
        figure: its name in what `faceaccess benchmark start --json` prints.
        is_cold: whether nothing of the program is in the page cache.
        most_s: seconds.
    """

    what: str
    figure: str
    is_cold: bool
    most_s: float


LIMITS = (
    Limit("the window is painted", "painted_s", False, 2.0),
    Limit("the same, cold", "painted_s", True, 4.0),
    Limit("from the door's start to the first decision", "decided_s", False, 3.0),
    Limit("the same, cold", "decided_s", True, 3.0),
)


def measure(times: int) -> int:
    """Print what was measured; return 1 where a limit is missed.

    Args:
        times: how often each start is repeated; medians count.
    """
    starts = {}
    for is_cold in (False, True):
        more = ["--cold"] if is_cold else []
        starts[is_cold] = _benchmark("start", "--times", str(times), "--program", str(_PROGRAM), *more)
    missed = 0
    for limit in LIMITS:
        seconds = starts[limit.is_cold][limit.figure]
        is_kept = seconds < limit.most_s
        missed += not is_kept
        print(f"{'ok    ' if is_kept else 'MISSED'} {limit.what}: {seconds} s, asked {limit.most_s} s")
    print(f"Cold: {starts[True]['cold']} was out of the page cache. Load: {starts[True]['load']}")
    built, own = _benchmark("memory", "--program", str(_PROGRAM)), _benchmark("memory")
    for one, other in zip(built["stages"], own["stages"], strict=True):
        print(f"{one['stage']}: {one['memory_mb']} MB; installed by pip {other['memory_mb']} MB")
    return int(missed > 0)


def _benchmark(name: str, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "faceaccess", "benchmark", name, "--json", "--people", str(_PEOPLE)]
    result = subprocess.run([*command, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode:
        raise SystemExit(f"benchmark {name} failed with {result.returncode}.")
    figures: dict[str, Any] = json.loads(result.stdout)
    return figures
