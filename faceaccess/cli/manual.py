"""`faceaccess help`: the manual, page by page."""

import sys
from typing import Annotated

import typer

from faceaccess import manual
from faceaccess.cli.common import failing_clearly, say


def help_(
    topic: Annotated[str | None, typer.Argument(help="Such as door; without one, the topics.")] = None,
) -> None:
    """Show a page of the manual, as Markdown when the output is not a terminal."""
    with failing_clearly():
        if topic is None:
            for name, title in manual.TOPICS.items():
                say(f"{name:<14} {title}")
            return
        page = manual.page(topic)
    if not sys.stdout.isatty():
        for line in page.splitlines():
            say(line)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(page))
