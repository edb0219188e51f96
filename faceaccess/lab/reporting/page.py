"""A result as one HTML file that refers to nothing outside itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from faceaccess import __version__
from faceaccess.lab.reporting.report import Drawing, Plot, Report, Section, Table
from faceaccess.lab.reporting.svg import intervals_svg, plot_svg
from faceaccess.plain_text import visible

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff }
table { border-collapse: collapse; margin: 1rem 0 }
th, td { border-bottom: 1px solid #ddd; padding: .25rem .9rem .25rem 0; text-align: left;
  vertical-align: top }
.number { text-align: right }
caption { text-align: left; font-weight: 600 }
svg { max-width: 42rem; width: 100%; height: auto }
svg text { font: 12px system-ui, sans-serif; fill: #333 }
"""


def page(
    report: Report, *, title: str, protocol: str, options: Mapping[str, object], measured_at: datetime
) -> str:
    """Return a report as the text of an HTML file.

    Args:
        report: the result.
        title: the command.
        protocol: what it does.
        options: that it was called with.
        measured_at: with its zone.
    """
    facts = {
        "measured": f"{measured_at:%Y-%m-%d %H:%M %Z}, FaceAccess {__version__}",
        **{f"model {number}": model_id for number, model_id in enumerate(report.model_ids, 1)},
        **{name.replace("_", " "): value for name, value in report.counts.items()},
        **{f"--{name.replace('_', '-')}": value for name, value in options.items()},
    }
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{_text(title)}</h1><p>{_text(protocol)}</p>",
        _table(Table(("", ""), tuple((name, _value(value)) for name, value in facts.items()))),
        *(_section(section) for section in report.sections),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _section(section: Section) -> str:
    if isinstance(section, Drawing):
        drawn = plot_svg(section) if isinstance(section, Plot) else intervals_svg(section)
        return f"<h2>{_text(section.title)}</h2>{drawn}"
    return _table(section) if isinstance(section, Table) else f"<p>{_text(section)}</p>"


def _table(table: Table) -> str:
    is_number = [heading in table.numbers for heading in table.headings]
    caption = f"<caption>{_text(table.title)}</caption>" if table.title else ""
    headings = _row("th", table.headings, is_number) if any(table.headings) else ""
    rows = "\n".join(_row("td", row, is_number) for row in table.rows)
    return f"<table>{caption}{headings}\n{rows}</table>"


def _row(tag: str, cells: Sequence[str], is_number: Sequence[bool]) -> str:
    kinds = [' class="number"' if at_right else "" for at_right in is_number]
    inner = (f"<{tag}{kind}>{_text(cell)}</{tag}>" for cell, kind in zip(cells, kinds, strict=True))
    return f"<tr>{''.join(inner)}</tr>"


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {count}" for name, count in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return str(value)


def _text(text: str) -> str:
    return escape(visible(text))
