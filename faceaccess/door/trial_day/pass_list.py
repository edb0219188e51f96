"""The list of the people who come by, and when, as a CSV file."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from faceaccess.door.trial_day.passes import ListedPass, listed
from faceaccess.errors import FaceAccessError, template
from faceaccess.foreign_files import read_text
from faceaccess.store.people.names import fold
from faceaccess.store.people.people import People
from faceaccess.store.people.types import Person

MOST_BYTES = 2**20
STRANGER = "stranger"
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_HINT = template(
    "Its first line is time,person or time,person,camera; a person is a name, a staff number, or stranger."
)
_TIME = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2}(?:\.\d+)?)|(\d+(?:\.\d+)?)")


def read_list(path: Path, people: People, *, is_clock: bool = False) -> list[ListedPass]:
    """Read who comes when.

    Args:
        path: of a CSV file with the columns `time`, `person` and perhaps `camera`.
        people: the people enrolled.
        is_clock: whether times are those of a clock, such as 9:30, and not of a recording, such as 1:05.

    Raises:
        FaceAccessError: it can't be read, has no such columns, or names somebody who isn't there.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(read_text(path, MOST_BYTES)), restval=""))
    except (OSError, UnicodeDecodeError, csv.Error) as exc:
        raise FaceAccessError("{path} can't be read as a CSV file.", _HINT, path=path) from exc
    if not rows or not {"time", "person"} <= rows[0].keys():
        raise FaceAccessError("{path} has no columns time and person.", _HINT, path=path)
    everybody = people.list()
    passes, called = [], []
    for number, row in enumerate(rows, 2):
        if not any((row["time"], row["person"])):
            continue
        start_s = _seconds(row["time"].strip(), is_clock=is_clock)
        if start_s is None:
            raise FaceAccessError(
                "Line {line} of {path}: {text} is no time.",
                "Write a clock's time such as 9:30, or of a recording its seconds, or 1:05.",
                line=number,
                path=path,
                text=row["time"] or "-",
            )
        person_id = _person_id(row["person"].strip(), everybody)
        passes.append(ListedPass(person_id, start_s, start_s, (row.get("camera") or "").strip()))
        called.append("" if person_id else fold(row["person"]).removeprefix(STRANGER).strip())
    return listed(_numbered(passes, called))


def _numbered(passes: Sequence[ListedPass], called: Sequence[str]) -> list[ListedPass]:
    """Return passes with the numbers of their strangers: what a list calls them is kept nowhere.

    Args:
        passes: those of a list.
        called: what each stranger is called there beside "stranger"; "" for people enrolled.
    """
    numbers = {text: int(text) for text in called if _NUMBER.fullmatch(text)}
    free = (number for number in count(1) if number not in numbers.values())
    for text in called:
        if text and text not in numbers:
            numbers[text] = next(free)
    return [replace(row, stranger=numbers.get(text, 0)) for row, text in zip(passes, called, strict=True)]


def _seconds(text: str, *, is_clock: bool) -> float | None:
    """Return seconds of a recording, or since midnight; None for what is no time."""
    match = _TIME.fullmatch(text)
    if match is None or (is_clock and match[4]):
        return None
    if match[4]:
        return float(match[4])
    first, second, third = int(match[1] or 0), int(match[2]), float(match[3])
    if is_clock and match[1] is None:
        first, second, third = second, int(third), 0.0
    if second >= 60 or third >= 60 or (is_clock and first >= 24):
        # The minutes of a recording without hours may be many.
        return None if match[1] is not None or is_clock or third >= 60 else 60.0 * second + third
    return 3600.0 * first + 60.0 * second + third


def _person_id(text: str, everybody: list[Person]) -> str | None:
    """Return the id of a row's person; None for a stranger.

    Raises:
        FaceAccessError: nobody or several people are called so.
    """
    matches = [person for person in everybody if person.staff_number and person.has_number(text)]
    matches = matches or [person for person in everybody if person.is_called(text)]
    if not matches and (not text or fold(text).startswith(STRANGER)):
        return None
    if len(matches) != 1:
        raise FaceAccessError(
            "{text} is the name of {count} people enrolled.",
            "Write the staff number; for somebody who isn't enrolled, write stranger.",
            text=text,
            count=len(matches),
        )
    return matches[0].person_id
