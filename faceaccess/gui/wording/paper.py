"""The parts of a page of HTML that is printed."""

from collections.abc import Sequence
from html import escape

Row = tuple[str, ...]


def heading(text: str) -> str:
    """Return a heading within a page."""
    return f"<h2>{escape(text)}</h2>"


def paragraph(text: str) -> str:
    """Return a paragraph."""
    return f"<p>{escape(text)}</p>"


def note(text: str) -> str:
    """Return a paragraph in small letters."""
    return f"<p><small>{escape(text)}</small></p>"


def table(rows: Sequence[Row], head: Row = ()) -> str:
    """Return a table as wide as the page; Qt repeats its head on each page."""
    heads = "".join(f"<th align='left'>{escape(cell)}</th>" for cell in head)
    lines = [f"<thead><tr bgcolor='#e2e6ec'>{heads}</tr></thead>"] if head else []
    for row in rows:
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in row)
        lines.append(f"<tr>{cells}</tr>")
    return f"<table width='100%' cellspacing='0' cellpadding='3'>{''.join(lines)}</table>"
