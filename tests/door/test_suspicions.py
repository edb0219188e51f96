"""Several suspected entries in a short time at a door: the desk is told once."""

from datetime import timedelta

import pytest

from faceaccess.codes import JournalKind, Outcome, Reason
from faceaccess.door.liveness.suspicions import TOLD_AFTER, SuspicionWatch
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from tests.builders import NOW
from tests.store.builders import make_entry


@pytest.fixture
def log(tmp_path):
    with Database.open(tmp_path) as database:
        yield Log(Journal(database))


class Log:
    """A journal that is watched."""

    def __init__(self, journal):
        self.journal, self.watch = journal, SuspicionWatch(journal)

    def enter(self, minute, outcome=Outcome.SUSPECTED, door="Gate", **more):
        at = NOW + timedelta(minutes=minute)
        entry = make_entry(outcome=outcome, reason=Reason.WRONG_SIDE, at=at, door=door, **more)
        return self.watch.observe(self.journal.append(entry, None))


def test_the_desk_is_told_after_three_within_ten_minutes(log):
    assert [log.enter(minute) for minute in (0, 4)] == [None, None]
    told = log.enter(9)
    assert (told.door, len(told.seqs)) == ("Gate", TOLD_AFTER)
    (row,) = log.journal.rows.newest([JournalKind.OFTEN_SUSPECTED])
    assert row.details == {"door": "Gate", "entries": sorted(told.seqs)}


def test_it_is_told_no_second_time_for_ten_minutes(log):
    told = [log.enter(minute) is not None for minute in (0, 1, 2, 3, 11, 12, 13)]
    assert told == [False, False, True, False, False, True, False]


def test_three_in_a_longer_time_are_no_news(log):
    assert [log.enter(minute) for minute in (0, 6, 12, 18)] == 4 * [None]


def test_each_door_counts_by_itself_and_others_outcomes_do_not(log):
    log.enter(0)
    log.enter(1, door="Yard")
    log.enter(2, outcome=Outcome.UNKNOWN)
    log.enter(3, is_recording=True)
    assert log.enter(4) is None
    assert log.enter(5) is not None
