"""A child writes entries and enrolments and is killed again and again: nothing it acknowledged is lost.

Run with `pytest -m crash`; FACEACCESS_CRASHES says how often (200).
"""

import os
import random
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates

KILLS = int(os.environ.get("FACEACCESS_CRASHES", "200"))
CHECK_EVERY = 20
MOST_MS = 120

WRITER = """
import sys
from pathlib import Path
import numpy as np
from faceaccess.codes import JournalKind
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from faceaccess.store.access.types import Actor
from faceaccess.store.people.types import NewTemplate
from tests.store.builders import make_entry

embedding = np.zeros(128, np.float32)
embedding[0] = 1
with Database.open(Path(sys.argv[1])) as database:
    journal, people, templates = Journal(database), People(database), Templates(database)
    number = 0
    while True:
        number += 1
        if number % 3:
            print("entry", journal.append(make_entry(), b"jpeg" * 800).seq, flush=True)
            continue
        with database.transaction():
            person = people.create(name=f"Person {number}")
            made = NewTemplate(embedding, "m", 1.0, b"photo" * 900, person.person_id, b"crop" * 300,
                               np.zeros((5, 2), np.float32))
            templates.add(person.person_id, [made])
            journal.record(Actor("olga"), JournalKind.PERSON_ENROLLED, person_id=person.person_id)
        print("person", person.person_id, flush=True)
"""


def run_and_kill(folder: Path, after_ms: float) -> list[tuple[str, str]]:
    """Let a child write for a while, kill it, and return what it had acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdout is not None
    assert child.stderr is not None
    try:
        assert select.select([child.stdout], [], [], 60)[0], "the child never wrote"
        first = child.stdout.readline()
        assert first, child.stderr.read().decode()
        time.sleep(after_ms / 1000)
    finally:
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read()
        child.stderr.close()
        child.stdout.close()
        child.wait(10)
    # The last line may be cut: what it says was committed all the same, but not heard.
    lines = (first + rest).decode().split("\n")[:-1]
    return [(words[0], words[1]) for words in (line.split() for line in lines)]


@pytest.mark.crash
@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    dice = random.Random(7)
    told: list[tuple[str, str]] = []
    for number in range(1, KILLS + 1):
        told += run_and_kill(tmp_path, dice.uniform(0, MOST_MS))
        if number % CHECK_EVERY == 0 or number == KILLS:
            check(tmp_path, told)


def check(folder: Path, told: list[tuple[str, str]]) -> None:
    """Everything that was acknowledged is there, whole, and proven."""
    with Database.open(folder) as database:
        journal = Journal(database)
        assert database.problems() == []
        assert journal.verify().is_good
        entries = {int(value) for kind, value in told if kind == "entry"}
        with database.reader() as db:
            found = {row[0] for row in db.execute("SELECT seq FROM crops")}
        assert entries <= found
        people = {person.person_id: person.template_count for person in People(database).list()}
        enrolled = {value for kind, value in told if kind == "person"}
        assert enrolled <= people.keys()
        assert set(people.values()) <= {1}, "somebody is half enrolled"
        assert Templates(database).by_model.counts() == {"m": len(people)} or not people
