"""The manual: pages of Markdown by topic, shown by the window and the command line alike."""

from collections.abc import Mapping
from pathlib import Path

from faceaccess import paths
from faceaccess.errors import FaceAccessError, template

TOPICS: Mapping[str, str] = {
    "reception": template("Reception: enrol people"),
    "door": template("The door: check people in"),
    "gallery": template("The gallery and unknown visitors"),
    "office": template("The office: log, attendance, today, reports"),
    "safety": template("Safety: who may do what, and what the program stops"),
    "models": template("Models and thresholds"),
    "insights": template("Insights: what a threshold costs here"),
    "installing": template("Installing: for IT"),
    "command-line": template("The command line"),
    "measured": template("What was measured"),
    "decisions": template("Decisions, and why"),
    "developers": template("For developers"),
}
"""The pages in the order in which they are listed, each with its title."""


def folder() -> Path:
    """Return where the pages lie.

    Raises:
        FaceAccessError: the installation is incomplete.
    """
    return paths.resource("help")


def page(topic: str) -> str:
    """Return a page as Markdown.

    Raises:
        FaceAccessError: there is no such topic, or the installation is incomplete.
    """
    if topic not in TOPICS:
        raise FaceAccessError(
            "There is no help on “{topic}”.", "Topics: {topics}", topic=topic, topics=", ".join(TOPICS)
        )
    return (folder() / f"{topic}.md").read_text(encoding="utf-8")
