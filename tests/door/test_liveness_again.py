"""What a door's settings of today make of what was measured of an entry's face."""

from dataclasses import replace

import pytest

from faceaccess.codes import LivenessMode, Outcome, Reason, TurnResult, Verdict
from faceaccess.settings import LivenessSettings
from faceaccess.store.journal.types import Liveness
from faceaccess.workspace import Workspace
from tests.store.builders import make_entry

MEASURED = Liveness(LivenessMode.WATCH, score=0.6, limit=0.5, edge=3.0, pattern=1.0)
TURNED = replace(MEASURED, turn=TurnResult.MADE, tries=1)
MISSED = replace(MEASURED, turn=TurnResult.WRONG_SIDE, tries=2)


@pytest.fixture
def space(tmp_path):
    with Workspace.open(tmp_path / "data") as opened:
        yield opened


def again(space, liveness, mode, limit=0.5, **more):
    settings = LivenessSettings(mode=mode, limit=limit)
    space.doors.openings.put(space.access.actor, "Main door", liveness=settings)
    entry = make_entry("a" * 32, door="Main door", liveness=liveness)
    return space.models.judge_liveness_again(replace(entry, **more))


def test_of_what_was_not_measured_nothing_is_said(space):
    assert again(space, None, LivenessMode.ALWAYS) is None


@pytest.mark.parametrize(
    ("measured", "mode", "limit", "verdict"),
    [
        (MEASURED, LivenessMode.WATCH, 0.5, Verdict.COUNTS),
        (MEASURED, LivenessMode.IN_DOUBT, 0.5, Verdict.COUNTS),
        (MEASURED, LivenessMode.IN_DOUBT, 0.7, Verdict.ASK),
        (replace(MEASURED, edge=99.0), LivenessMode.IN_DOUBT, 0.5, Verdict.ASK),
        (MEASURED, LivenessMode.ALWAYS, 0.5, Verdict.ASK),
        (TURNED, LivenessMode.ALWAYS, 0.5, Verdict.COUNTS),
    ],
)
def test_an_entry_that_counted_is_judged_by_the_limits_of_today(space, measured, mode, limit, verdict):
    assert again(space, measured, mode, limit) == (verdict, None)


def test_a_suspected_entry_stays_so_where_the_door_asks_and_counts_where_it_does_not(space):
    refused = {"outcome": Outcome.SUSPECTED, "reason": Reason.WRONG_SIDE}
    assert again(space, MISSED, LivenessMode.ALWAYS, **refused) == (Verdict.SUSPECTED, Reason.WRONG_SIDE)
    assert again(space, MISSED, LivenessMode.OFF, **refused) == (Verdict.COUNTS, None)
