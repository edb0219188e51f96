"""Which entries' pictures are known to show whom."""

from datetime import timedelta

import numpy as np
import pytest

from faceaccess.codes import JournalKind, Method, Outcome
from faceaccess.store.file.database import Database
from faceaccess.store.journal.confirmed_pictures import confirmed_pictures
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.people import People
from tests.store.builders import NOON, OPERATOR, make_entry

LANDMARKS = np.zeros((5, 2), np.float32)
SINCE = NOON - timedelta(days=1)


@pytest.fixture
def people(database: Database) -> tuple[str, str]:
    both = People(database)
    return both.create(name="Ada").person_id, both.create(name="Bob").person_id


def come(journal: Journal, person_id: str | None, second: float, **changes: object) -> int:
    return journal.append(make_entry(person_id, second=second, **changes), b"jpeg", landmarks=LANDMARKS).seq


def test_accepted_entries_count_the_newest_first_and_so_many(
    database: Database, journal: Journal, people: tuple[str, str]
) -> None:
    ada, bob = people
    seqs = [come(journal, ada, second) for second in range(4)]
    other = come(journal, bob, 9)
    assert confirmed_pictures(database, SINCE, most=3) == {ada: seqs[:0:-1], bob: [other]}
    assert confirmed_pictures(database, NOON + timedelta(seconds=5), most=3) == {bob: [other]}


def test_nothing_of_recordings_refusals_entries_taken_back_or_without_a_picture(
    database: Database, journal: Journal, people: tuple[str, str]
) -> None:
    ada, _ = people
    come(journal, ada, 1, is_recording=True)
    come(journal, None, 2)
    come(journal, ada, 3, outcome=Outcome.DENIED)
    journal.append(make_entry(ada, second=4), None)
    journal.void(OPERATOR, come(journal, ada, 5))
    assert confirmed_pictures(database, SINCE, most=10) == {}


def test_what_somebody_said_counts_before_what_stands(
    database: Database, journal: Journal, people: tuple[str, str]
) -> None:
    """A correction names another, a refused face is named, the desk answers: three pictures of Bob."""
    ada, bob = people
    standing = come(journal, bob, 1)
    corrected, refused, asked = come(journal, ada, 2), come(journal, None, 3), come(journal, None, 4)
    manual = {"method": Method.MANUAL, "distance": None}
    by_hand = journal.append(make_entry(bob, second=5, corrects=corrected, **manual), None, OPERATOR)
    journal.void(OPERATOR, corrected, replaced_by=by_hand.seq)
    journal.append(make_entry(bob, second=6, evidence=refused, **manual), None, OPERATOR)
    journal.record(OPERATOR, JournalKind.DESK_ANSWER, details={"entry": asked, "answer": bob})
    since = SINCE - timedelta(days=10_000)
    assert confirmed_pictures(database, since, most=10) == {bob: [asked, refused, corrected, standing]}
    assert confirmed_pictures(database, since, most=2) == {bob: [asked, refused]}
