"""A plot as SVG, drawn here: a report must not need a drawing library, and refers to nothing outside."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from faceaccess.lab.reporting.report import Curve, Intervals, Plot
from faceaccess.plain_text import visible
from faceaccess.recognition.intervals import Rate

WIDTH, HEIGHT = 680, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 74, 20, 14, 50
_NAMES_PX, _ROW_PX = 250, 24
"""Room for the names beside intervals, and the height of a row."""
COLOURS = ("#1f5fa8", "#c2410c", "#15803d", "#7e22ce", "#a16207", "#0e7490", "#be185d", "#4b5563")
_LEAST_STEP_PX = 0.7


@dataclass(frozen=True)
class _Axis:
    """Where values lie.

    Attributes:
        low, high: the ends, logarithms of ten where `is_log`.
        start_px, end_px: where the ends are.
    """

    low: float
    high: float
    start_px: float
    end_px: float
    is_log: bool

    def px(self, value: float) -> float | None:
        """Return where a value is; None for one that a logarithmic axis doesn't have."""
        if not math.isfinite(value) or (self.is_log and value <= 0):
            return None
        place = math.log10(value) if self.is_log else value
        return self.start_px + (place - self.low) / (self.high - self.low) * (self.end_px - self.start_px)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Yield places with what is written at them."""
        if self.is_log:
            for power in range(math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9) + 1):
                yield 10.0**power, f"{10.0**power:g}"
            return
        step = _round_step((self.high - self.low) / 5)
        for number in range(math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9) + 1):
            yield number * step, f"{number * step:.10g}"


def plot_svg(plot: Plot) -> str:
    """Return a plot as an SVG element."""
    across = _axis(plot, 0, (_LEFT, WIDTH - _RIGHT), is_log=plot.is_log_x)
    up = _axis(plot, 1, (HEIGHT - _BOTTOM, _TOP), is_log=plot.is_log_y)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{_text(plot.title)}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_grid(across, up),
        *(_curve(curve, _colour(at), across.px, up.px) for at, curve in enumerate(plot.curves)),
        *_legend(plot.curves),
        f'<text x="{(_LEFT + WIDTH - _RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">'
        f"{_text(plot.x_label)}</text>",
        f'<text transform="translate(16 {(_TOP + HEIGHT - _BOTTOM) / 2}) rotate(-90)" '
        f'text-anchor="middle">{_text(plot.y_label)}</text>',
        "</svg>",
    ]
    return "\n".join(parts)


def intervals_svg(intervals: Intervals) -> str:
    """Return rates with their intervals as an SVG element, a row each."""
    bottom = _TOP + _ROW_PX * len(intervals.rows)
    ends = [end for _, rate in intervals.rows for end in (rate.mean, rate.low, rate.high)]
    line = intervals.line
    values = [value for value in (*ends, *(() if line is None else (line,))) if math.isfinite(value)]
    low, high = min(values, default=0.0), max(values, default=1.0)
    across = _Axis(low, high if high > low else low + 1, _NAMES_PX, WIDTH - _RIGHT, is_log=False)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + _BOTTOM}" role="img" '
        f'aria-label="{_text(intervals.title)}">',
        f'<rect width="{WIDTH}" height="{bottom + _BOTTOM}" fill="#fff"/>',
        *_upright(across, bottom),
    ]
    if line is not None:
        parts.append(f'<path d="M{across.px(line):.1f} {_TOP}V{bottom}" stroke="#555" stroke-dasharray="4"/>')
    for at, (name, rate) in enumerate(intervals.rows):
        parts += _whisker(name, rate, across, _TOP + _ROW_PX * at + _ROW_PX / 2)
    parts += [
        f'<text x="{(_NAMES_PX + WIDTH - _RIGHT) / 2}" y="{bottom + 40}" text-anchor="middle">'
        f"{_text(intervals.x_label)}</text>",
        "</svg>",
    ]
    return "\n".join(parts)


def _whisker(name: str, rate: Rate, across: _Axis, y: float) -> Iterator[str]:
    """Yield a name, its interval as a line up to the edge at most, and what was measured as a dot."""
    yield f'<text x="{_NAMES_PX - 10}" y="{y + 4:.1f}" text-anchor="end">{_text(name)}</text>'
    start, end = across.px(rate.low), across.px(rate.high)
    start, end = across.start_px if start is None else start, across.end_px if end is None else end
    yield f'<path d="M{start:.1f} {y:.1f}H{end:.1f}" stroke="{COLOURS[0]}" stroke-width="2"/>'
    if (middle := across.px(rate.mean)) is not None:
        yield f'<circle cx="{middle:.1f}" cy="{y:.1f}" r="4" fill="{COLOURS[0]}"/>'


def _colour(place: int) -> str:
    return COLOURS[place % len(COLOURS)]


def _text(text: str) -> str:
    return escape(visible(text))


def _axis(plot: Plot, place: int, ends_px: tuple[float, float], *, is_log: bool) -> _Axis:
    """Return an axis that holds all values of the curves, ending at powers of ten where it is logarithmic."""
    values = [point[place] for curve in plot.curves for point in curve.points if math.isfinite(point[place])]
    if is_log:
        powers = [math.log10(value) for value in values if value > 0] or [-1.0, 0.0]
        low, high = float(math.floor(min(powers))), float(math.ceil(max(powers)))
    else:
        low, high = min(values, default=0.0), max(values, default=1.0)
    return _Axis(low, high if high > low else low + 1, *ends_px, is_log)


def _round_step(step: float) -> float:
    """Return the nearest of 1, 2, 5 times a power of ten that is no smaller."""
    power = 10.0 ** math.floor(math.log10(step))
    return next((power * times for times in (1, 2, 5) if power * times >= step * (1 - 1e-9)), 10 * power)


def _grid(across: _Axis, up: _Axis) -> Iterator[str]:
    bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    yield from _upright(across, bottom)
    for value, label in up.ticks():
        y = up.px(value) or 0.0
        yield f'<path d="M{_LEFT} {y:.1f}H{right}" stroke="#ddd"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'
    yield f'<path d="M{_LEFT} {_TOP}V{bottom}H{right}" fill="none" stroke="#555"/>'


def _upright(across: _Axis, bottom: float) -> Iterator[str]:
    """Yield the upright lines of a grid, and what stands below them."""
    for value, label in across.ticks():
        x = across.px(value) or 0.0
        yield f'<path d="M{x:.1f} {_TOP}V{bottom}" stroke="#ddd"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{label}</text>'


def _curve(
    curve: Curve, colour: str, x_px: Callable[[float], float | None], y_px: Callable[[float], float | None]
) -> str:
    """Return a line, without the points that lie on the last one drawn."""
    drawn: list[tuple[float, float]] = []
    for x_value, y_value in curve.points:
        x, y = x_px(x_value), y_px(y_value)
        if x is None or y is None:
            continue
        if not drawn or math.dist(drawn[-1], (x, y)) >= _LEAST_STEP_PX:
            drawn.append((x, y))
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in drawn)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _legend(curves: Sequence[Curve]) -> Iterator[str]:
    for at, curve in enumerate(curves):
        y = _TOP + 18 + 18 * at
        yield (
            f'<path d="M{WIDTH - 220} {y - 4}h22" stroke="{_colour(at)}" stroke-width="3"/>'
            f'<text x="{WIDTH - 192}" y="{y}">{_text(curve.name)}</text>'
        )
