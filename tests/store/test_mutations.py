"""A damaged database is said to be damaged, or reads as it was: never another thing, never a crash."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from faceaccess.errors import StoreError
from faceaccess.store.file.database import Database
from faceaccess.store.file.restoring import DATABASE_FILE
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from faceaccess.store.people.types import NewTemplate
from tests.store.builders import make_entry

MUTATIONS = int(os.environ.get("FACEACCESS_MUTATIONS", "200"))
PAGE = 4096
LANDMARKS = np.zeros((5, 2), np.float32)


def fill(folder: Path) -> None:
    embedding = np.zeros(128, np.float32)
    embedding[0] = 1
    with Database.open(folder) as database:
        people, journal, templates = People(database), Journal(database), Templates(database)
        for number in range(12):
            person = people.create(name=f"Person {number}", staff_number=f"E{number}")
            made = NewTemplate(
                embedding,
                "m",
                1.0,
                os.urandom(6000),
                f"{number}",
                os.urandom(900),
                np.zeros((5, 2), np.float32),
            )
            templates.add(person.person_id, [made])
            journal.append(make_entry(person.person_id), os.urandom(3000))


def content(folder: Path) -> tuple[object, ...]:
    """Everything that is read of a folder, as a program would."""
    with Database.open(folder) as database:
        people, journal, templates = People(database), Journal(database), Templates(database)
        everybody = people.list()
        events = journal.events.newest(EventFilter())
        return (
            everybody,
            events,
            [journal.events.crop(event.seq) for event in events],
            [templates.photos(person.person_id) for person in everybody],
            templates.load("m").embeddings.tobytes(),
            journal.verify(),
            database.problems(),
        )


def flip(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def scribble(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data) - 64)
    data[at : at + 64] = dice.randbytes(64)


def wipe_page(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data) // PAGE) * PAGE
    data[at : at + PAGE] = bytes(PAGE)


def swap_pages(data: bytearray, dice: random.Random) -> None:
    one, other = (at * PAGE for at in dice.sample(range(len(data) // PAGE), 2))
    data[one : one + PAGE], data[other : other + PAGE] = data[other : other + PAGE], data[one : one + PAGE]


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def lengthen(data: bytearray, dice: random.Random) -> None:
    data += dice.randbytes(dice.randrange(1, 2 * PAGE))


CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip,
    scribble,
    wipe_page,
    swap_pages,
    cut,
    lengthen,
)


@pytest.mark.slow
@pytest.mark.logs_warnings
def test_no_change_of_the_file_is_used_in_silence(tmp_path: Path) -> None:
    fill(tmp_path)
    path, log = tmp_path / DATABASE_FILE, tmp_path / (DATABASE_FILE + "-wal")
    expected = content(tmp_path)
    original = path.read_bytes()
    dice = random.Random(11)
    refused = 0
    for number in range(MUTATIONS):
        log.unlink(missing_ok=True)
        data = bytearray(original)
        change = CHANGES[number % len(CHANGES)]
        change(data, dice)
        path.write_bytes(data)
        try:
            found = content(tmp_path)
        except StoreError:
            refused += 1
            continue
        assert found[:-2] == expected[:-2], (number, change.__name__)
        # What reads as it was may still be damaged where nobody reads: the checks say so.
        is_said = bool(found[-1]) or not found[-2].is_good
        assert is_said or bytes(data[: len(original)]) == original, (number, change.__name__)
    assert refused > MUTATIONS / 2
