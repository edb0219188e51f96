"""Tables on a terminal, however narrow it is."""

from collections.abc import Collection, Sequence

from faceaccess.plain_text import visible


def print_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    whole: Collection[str] = (),
    numbers: Collection[str] = (),
    title: str = "",
) -> None:
    """Print rows below their headings; nothing is cut, and empty columns are left out.

    Args:
        headings: one for each column.
        rows: their cells.
        whole: headings of what somebody copies, such as ids: never parted over two lines.
        numbers: headings of what stands on the right.
        title: above it; may be empty.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    seen = [at for at in range(len(headings)) if any(row[at] for row in rows)]
    table = Table(title=Text(visible(title)) if title else None, title_justify="left")
    for at in seen:
        heading = headings[at]
        is_whole = heading in whole
        table.add_column(
            heading,
            overflow="fold",
            no_wrap=is_whole,
            min_width=max(len(row[at]) for row in rows) if is_whole else None,
            justify="right" if heading in numbers else "left",
        )
    for row in rows:
        # Text, because square brackets in a name would be taken for markup.
        table.add_row(*(Text(visible(row[at])) for at in seen))
    Console().print(table)


def print_wrapped(text: str) -> None:
    """Print a paragraph, its lines no longer than the terminal is wide."""
    from rich.console import Console
    from rich.text import Text

    Console().print(Text(visible(text)))
