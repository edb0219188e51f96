"""How distances are spread, as a line of a plot."""

from collections.abc import Sequence

from faceaccess.lab.reporting.report import Curve

_GREATEST = 4.0


def spread_curve(name: str, parts: Sequence[float]) -> Curve:
    """Return the line of the parts that lie in equal steps from 0 to 4."""
    step = _GREATEST / len(parts)
    return Curve(name, [((at + 0.5) * step, part) for at, part in enumerate(parts)])
