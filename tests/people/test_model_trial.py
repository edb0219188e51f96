"""Changing the model: both side by side, no gap at the switch, and a kill anywhere loses nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from faceaccess.codes import JournalKind, Outcome, Reason
from faceaccess.errors import Cancelled, ModelError, SettingsError
from faceaccess.models import trial_worker
from faceaccess.models.reembedding import reembed
from faceaccess.store.policy.types import ModelChoice
from tests.people.trial_desk import ACTOR, NEW, OLD, TrialDesk
from tests.waiting import wait_for


@pytest.fixture
def desk(tmp_path):
    made = TrialDesk(tmp_path)
    yield made
    made.close()


def ready(desk):
    return desk.trial.state().is_ready and not desk.trial.state().is_working


def test_everybody_is_made_ready_in_the_background_while_the_old_model_decides(desk):
    people = {desk.enrol(number, photos=2): 2 for number in (60, 100, 140)}
    desk.trial.try_model(ACTOR, NEW)
    wait_for(lambda: ready(desk))
    assert desk.templates_of(NEW) == desk.templates_of(OLD) == people
    state = desk.trial.state()
    assert (state.active, state.candidate, state.readiness.people) == (OLD, NEW, 3)
    assert desk.detector.calls == 0, "the landmarks are kept: nothing is looked for"
    assert desk.knows(NEW, 100) == list(people)[1]


def test_who_is_enrolled_or_photographed_meanwhile_is_made_ready_too(desk):
    first = desk.enrol(60)
    desk.trial.try_model(ACTOR, NEW)
    wait_for(lambda: ready(desk))
    second = desk.enrol(100)
    desk.add_photo(first, 60, 7)
    desk.trial.worker.wake()
    wait_for(lambda: desk.templates_of(NEW) == {first: 2, second: 1})


def test_nobody_is_missing_at_the_switch_or_after_it(desk):
    """Somebody enrolled by the old model at that very moment has templates of the new one as well."""
    first = desk.enrol(60)
    desk.trial.try_model(ACTOR, NEW, in_background=False)
    desk.trial.switch(ACTOR)
    assert desk.templates_of(NEW) == {first: 1}
    late = desk.enrol(100, model=OLD)
    desk.trial.worker.wake()
    wait_for(lambda: desk.templates_of(NEW) == {first: 1, late: 1})
    newer = desk.enrol(140, model=NEW)
    desk.trial.worker.wake()
    wait_for(lambda: newer in desk.templates_of(OLD))
    desk.trial.go_back(ACTOR)
    assert desk.policies.read(ModelChoice) == ModelChoice(active=OLD, former=NEW)
    assert set(desk.templates_of(OLD)) == {first, late, newer}
    assert desk.switched == 2


def test_each_change_is_one_journal_row(desk):
    desk.enrol(60)
    desk.trial.try_model(ACTOR, NEW, in_background=False)
    desk.trial.try_model(ACTOR, NEW, in_background=False)
    desk.trial.switch(ACTOR)
    desk.trial.go_back(ACTOR)
    rows = desk.journal.rows.newest([JournalKind.POLICY_CHANGED])
    after = [(row.details["after"].get("model"), row.details["after"].get("candidate")) for row in rows]
    assert after == [(OLD, None), (NEW, None), (OLD, NEW)]
    assert desk.journal.verify().is_good


def test_the_candidate_decides_about_the_same_pictures_and_disagreements_are_listed(desk):
    ada, other = desk.enrol(60), desk.enrol(100)
    desk.trial.try_model(ACTOR, NEW)
    wait_for(lambda: ready(desk))
    desk.come(60, ada)
    desk.come(60, ada, outcome=Outcome.DENIED, reason=Reason.OUTSIDE_HOURS)
    desk.come(60, ada, outcome=Outcome.SUSPECTED, reason=Reason.TURN_NOT_MADE)
    desk.come(180, None)
    wrong = desk.come(100, ada)
    missed = desk.come(60, None)
    desk.come(60, ada, reason=Reason.CONFIRMED)
    wait_for(lambda: desk.trial.state().counts.disagreed == 2)
    counts = desk.trial.state().counts
    assert (counts.agreed, counts.not_compared) == (4, 0)
    found = desk.trial.disagreements(ACTOR)
    assert [(row.event.seq, row.outcome, row.person_id) for row in found] == [
        (missed.seq, Outcome.ACCEPTED, ada),
        (wrong.seq, Outcome.ACCEPTED, other),
    ]
    assert found[1].person_name == "Person 100"
    assert found[1].distance == pytest.approx(0, abs=1e-3)
    desk.people.erasing.person(other)
    assert [row.event.seq for row in desk.trial.disagreements(ACTOR)] == [missed.seq]
    desk.trial.stop(ACTOR)
    assert desk.trial.disagreements(ACTOR) == ()


def test_a_candidate_that_is_behind_passes_entries_over_and_they_are_counted(desk, monkeypatch):
    monkeypatch.setattr(trial_worker, "WAITING", 2)
    ada = desk.enrol(60)
    desk.gate.clear()
    desk.trial.try_model(ACTOR, NEW)
    wait_for(lambda: bool(desk.loaded) and desk.loaded[0].entered.is_set())
    desk.policies.set(ACTOR, desk.policies.read(ModelChoice))
    for second in range(5):
        desk.come(60, ada, second=second, at=_later(desk, second))
    assert desk.trial.worker.dropped == 3
    desk.gate.set()
    wait_for(lambda: desk.trial.state().counts.agreed == 2)
    assert desk.trial.state().counts.not_compared == 3


def _later(desk, second):
    from datetime import timedelta

    return desk.policies.read(ModelChoice).tried_since + timedelta(seconds=second)


def test_without_a_threshold_it_decides_nothing_and_is_not_switched_to(desk):
    ada = desk.enrol(60)
    del desk.numbers["new:1"]
    desk.trial.try_model(ACTOR, NEW)
    wait_for(lambda: ready(desk))
    desk.come(60, ada)
    with pytest.raises(SettingsError, match="No threshold") as refused:
        desk.trial.switch(ACTOR)
    assert "models threshold new" in refused.value.hint
    assert desk.policies.read(ModelChoice).active == OLD
    assert desk.trial.state().counts.agreed == 0


def test_whom_the_candidate_can_not_use_is_named(desk, monkeypatch):
    ada, lost = desk.enrol(60), desk.enrol(100)
    monkeypatch.setattr("tests.fakes.FakeAlignment.needs_box", True)
    monkeypatch.setattr(
        desk.detector, "detect", lambda image, **_: [] if abs(int(image[0, 0, 0]) - 100) < 3 else [_face()]
    )
    desk.trial.try_model(ACTOR, NEW, in_background=False)
    assert desk.trial.make_ready(ACTOR) == 1
    with pytest.raises(ModelError, match="Person 100"):
        desk.trial.switch(ACTOR)
    assert desk.policies.read(ModelChoice).candidate == NEW
    desk.trial.switch(ACTOR, leave_out=True)
    assert set(desk.templates_of(NEW)) == {ada}
    assert lost in desk.templates_of(OLD)


def test_a_new_photo_of_whom_the_candidate_could_not_use_is_embedded(desk, monkeypatch):
    ada = desk.enrol(100)
    monkeypatch.setattr("tests.fakes.FakeAlignment.needs_box", True)
    monkeypatch.setattr(
        desk.detector, "detect", lambda image, **_: [] if abs(int(image[0, 0, 0]) - 100) < 3 else [_face()]
    )
    desk.trial.try_model(ACTOR, NEW)
    wait_for(lambda: bool(desk.trial.worker._unusable))
    desk.add_photo(ada, 60, 5)
    desk.trial.worker.wake()
    wait_for(lambda: desk.templates_of(NEW) == {ada: 1})


def test_who_is_deleted_holds_nothing_up_and_is_known_when_restored(desk):
    ada, gone = desk.enrol(60), desk.enrol(100)
    with desk.database.transaction() as db:
        db.execute("UPDATE people SET hidden_at = '2026-03-04T09:00:00+00:00' WHERE person_id = ?", [gone])
    desk.trial.try_model(ACTOR, NEW)
    wait_for(lambda: len(desk.templates.by_model.missing("new:1")) == 0)
    assert desk.trial.state().readiness.people == 1
    desk.trial.switch(ACTOR)
    assert set(desk.templates_of(NEW)) == {ada}
    with desk.database.transaction() as db:
        db.execute("UPDATE people SET hidden_at = NULL")
    assert set(desk.templates_of(NEW)) == {ada, gone}


def test_a_candidate_whose_weights_are_gone_is_said_and_can_be_stopped(desk):
    desk.trial.try_model(ACTOR, NEW, in_background=False)
    desk.lost = {NEW}
    state = desk.trial.state()
    assert (state.is_ready, state.failure.message) == (False, "new is gone.")
    desk.trial.stop(ACTOR)
    assert desk.trial.state().candidate is None


def _face():
    from tests.builders import make_detection

    return make_detection()


def test_what_is_not_there_is_refused(desk):
    with pytest.raises(ModelError, match="No other model"):
        desk.trial.switch(ACTOR)
    with pytest.raises(ModelError, match="no former"):
        desk.trial.go_back(ACTOR)
    with pytest.raises(ModelError, match="in use already"):
        desk.trial.try_model(ACTOR, OLD)
    with pytest.raises(ModelError, match="in use"):
        desk.trial.forget(ACTOR, OLD)


def test_a_model_that_is_forgotten_leaves_no_template(desk):
    desk.enrol(60)
    desk.trial.try_model(ACTOR, NEW, in_background=False)
    desk.trial.switch(ACTOR)
    wait_for(lambda: not desk.trial.worker.is_working)
    assert desk.trial.forget(ACTOR, OLD) == 1
    assert desk.templates.by_model.counts() == {"new:1": 1}
    assert desk.policies.read(ModelChoice) == ModelChoice(active=NEW)
    assert desk.journal.rows.newest([JournalKind.MODEL_FORGOTTEN])[0].details["templates"] == 1


def test_what_was_stopped_goes_on_where_it_was(desk):
    people = [desk.enrol(number) for number in (60, 100, 140)]
    done: list[int] = []
    model = desk.load(NEW)

    def embed():
        return reembed(
            desk.templates, model.detector, model.embedder,
            progress=lambda number, _: done.append(number), is_cancelled=lambda: len(done) == 2,
        )  # fmt: skip

    with pytest.raises(Cancelled):
        embed()
    assert desk.templates_of(NEW) == dict.fromkeys(people[:2], 1)
    done.append(0)
    assert embed() == 0
    assert desk.templates_of(NEW) == dict.fromkeys(people, 1)


def test_a_face_erased_while_it_is_embedded_stays_erased(desk):
    ada = desk.enrol(60)
    desk.gate.clear()
    desk.trial.try_model(ACTOR, NEW)
    wait_for(lambda: bool(desk.loaded) and desk.loaded[0].entered.is_set())
    desk.people.erasing.face(ada)
    desk.gate.set()
    wait_for(lambda: not desk.trial.worker.is_working)
    assert (desk.templates.photos(ada), desk.templates.by_model.counts()) == ([], {})


CHILD = """
import sys, time
from pathlib import Path
from tests.people.trial_desk import ACTOR, NEW, TrialDesk
desk = TrialDesk(Path(sys.argv[1]))
if sys.argv[2] == "embed":
    embed = desk.templates.by_model.complete
    def slowly(*args):
        print("person", flush=True)
        made = embed(*args)
        time.sleep(0.002)
        return made
    desk.templates.by_model.complete = slowly
    desk.trial.try_model(ACTOR, NEW)
    time.sleep(60)
while True:
    print("person", flush=True)
    desk.trial.try_model(ACTOR, NEW, in_background=False)
    desk.trial.switch(ACTOR)
    desk.trial.go_back(ACTOR)
"""


def _kill(folder: Path, what: str, after: int) -> None:
    root = Path(__file__).resolve().parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), what],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert child.stdout is not None
    for _ in range(after):
        child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    child.stdout.close()


@pytest.mark.slow
def test_killed_in_the_middle_of_embedding_it_goes_on_by_itself(tmp_path):
    desk = TrialDesk(tmp_path)
    people = {desk.enrol(60 + number, photos=2): 2 for number in range(30)}
    desk.close()
    for after in (5, 8):
        _kill(tmp_path, "embed", after)
    desk = TrialDesk(tmp_path)
    before = desk.templates_of(NEW)
    assert 4 <= len(before) < 30
    assert set(before.values()) == {2}, "each person is whole"
    desk.trial.resume()
    wait_for(lambda: ready(desk))
    assert desk.templates_of(NEW) == people
    assert desk.journal.verify().is_good
    desk.close()


def test_killed_at_the_switch_one_model_is_in_use_whole(tmp_path):
    desk = TrialDesk(tmp_path)
    people = {desk.enrol(60 + number): 1 for number in range(3)}
    desk.close()
    for after in (2, 4):
        _kill(tmp_path, "switch", after)
        desk = TrialDesk(tmp_path)
        choice = desk.policies.read(ModelChoice)
        row = desk.journal.rows.newest([JournalKind.POLICY_CHANGED])[0]
        assert row.details["after"]["model"] == choice.active
        assert desk.templates_of(choice.active) == people
        assert choice.former in (None, OLD, NEW)
        assert desk.journal.verify().is_good
        desk.close()


def test_a_picture_that_neither_model_can_tell_is_no_disagreement(desk):
    """The model in use saw the whole visit, the candidate one picture of it."""
    ada = desk.enrol(60)
    desk.trial.try_model(ACTOR, NEW)
    wait_for(lambda: ready(desk))
    desk.come(180, ada)
    wait_for(lambda: desk.trial.state().counts.by_picture == 1)
    assert desk.trial.disagreements(ACTOR) == []
