import numpy as np
import pytest

from faceaccess.codes import Outcome
from faceaccess.door.simulation import portraits, render
from faceaccess.door.watch import Callbacks
from faceaccess.errors import ModelError
from faceaccess.lab.evaluations.app import recorded_door
from faceaccess.models.recognisers import Recognisers
from faceaccess.store.policy.types import ModelChoice, StoredMatch
from faceaccess.vision.embedder import DLIB, SFACE_MTCNN, Recipe, load_embedder
from faceaccess.workspace import Workspace
from tests.waiting import wait_for

pytestmark = pytest.mark.models


@pytest.fixture
def space(tmp_path):
    with Workspace.open(tmp_path / "data") as opened:
        yield opened


def test_a_threshold_tried_out_loads_no_model_and_counts_once_one_is(space, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Recognisers, "_load", lambda *_: pytest.fail("a model was loaded"))
        space.models.thresholds.preview(space.access.actor, 0.09)
    policy = space.models.thresholds.in_force
    assert (policy.threshold, policy.margin, policy.source) == (
        0.09,
        space.models.thresholds.measured.margin,
        "operator",
    )


def test_a_threshold_kept_replaces_the_one_tried_out(space):
    space.models.thresholds.preview(space.access.actor, 0.09)
    space.models.thresholds.save(space.access.actor, 0.1, 0.03)
    policy = space.models.thresholds.in_force
    assert (policy.threshold, policy.margin, policy.model_id) == (0.1, 0.03, space.models.model_id)


def test_the_measured_threshold_is_in_force_until_somebody_sets_one(space):
    assert space.models.thresholds.in_force == space.models.thresholds.measured
    assert space.models.thresholds.measured.model_id == space.models.model_id


@pytest.fixture
def older_folder(tmp_path, monkeypatch):
    """A data folder in which an older program, with another recipe, enrolled somebody."""

    def older_embedder(self, name):
        return load_embedder(name, self.device, self.exports, self._models_dir, recipe=Recipe(1, 1))

    folder = tmp_path / "older"
    with monkeypatch.context() as patch, Workspace.open(folder) as space:
        patch.setattr(Recognisers, "_embedder", older_embedder)
        review = space.reception.enrolment.review_file(portraits()[0].path)
        space.reception.enrolment.enrol(
            space.access.actor, name="A", staff_number=None, department="", reviews=[review]
        )
    return folder


def test_people_enrolled_by_an_older_program_are_recognised_by_a_newer_one(older_folder):
    for _ in range(2):
        with Workspace.open(older_folder) as space:
            (person,) = space.people.list(model_id=space.models.model_id)
            assert person.template_count == 1
            assert len(space.models.templates.load(space.models.model_id).person_ids) == 1


def test_a_folder_of_the_former_model_says_what_it_does_and_never_compares_the_two_scales(space, tmp_path):
    """Its templates, threshold and choice of the model are of dlib's network, which decides no longer."""
    review = space.reception.enrolment.review_file(portraits()[0].path)
    person = space.reception.enrolment.enrol(
        space.access.actor, name="A", staff_number=None, department="", reviews=[review]
    )
    former, new = "dlib-resnet:55533b28:mtcnn-dlib5-150b:t10p2", space.models.model_id
    with space.database.transaction() as db:
        db.execute("UPDATE templates SET model_id = ?", [former])
    space.policies.set_match(space.access.actor, StoredMatch(former, 0.09, 0.02, "operator"))
    space.policies.set(space.access.actor, ModelChoice(active="dlib-resnet-points", former="dlib-resnet"))
    told = []
    space.models.recognisers.on_making_ready = told.append
    space.models.recognisers.forget()
    assert space.models.model_id == new
    assert told == [1]
    found = space.models.templates.load(new)
    assert list(found.person_ids) == [person.person_id]
    assert np.abs(found.embeddings[0] - review.embedding).max() < 0.2
    assert space.models.thresholds.in_force == space.models.thresholds.measured, (
        "the old scale's threshold decides nothing"
    )
    assert space.policies.read(ModelChoice) == ModelChoice()
    told.clear()
    space.models.recognisers.forget()
    assert space.models.model_id == new
    assert told == []


def test_a_model_that_is_only_measured_against_decides_at_no_door(space):
    """Fault: a recording judged "by dlib" was judged by the built-in model, and nobody said so."""
    for refused in (
        lambda: space.models.trial.try_model(space.access.actor, DLIB),
        lambda: space.models.catalogue.use(space.access.actor, DLIB),
        lambda: space.models.thresholds.save_for(space.access.actor, DLIB, 0.1, 0.0),
    ):
        with pytest.raises(ModelError, match="no model"):
            refused()
    with pytest.raises(ModelError, match="to decide by"), recorded_door(space.data_dir, "cpu", DLIB):
        pytest.fail("a door was opened")


def test_the_default_threshold_follows_the_people_enrolled_and_one_that_was_set_stays(space, monkeypatch):
    few = space.models.thresholds.measured
    assert few.people == 0
    monkeypatch.setattr(type(space.models.templates.by_model), "enrolled", lambda _: 400)
    measured = space.models.thresholds.in_force
    assert (measured.people, measured.threshold < few.threshold) == (400, True)
    space.models.thresholds.save(space.access.actor, 0.5, 0.1)
    monkeypatch.setattr(type(space.models.templates.by_model), "enrolled", lambda _: 800)
    kept = space.models.thresholds.in_force
    assert (kept.threshold, kept.people) == (0.5, 400)
    assert kept.is_outdated(space.models.thresholds.measured.people)
    assert kept.limits == measured.limits, "a door follows faces as was measured for the model"
    back = space.models.thresholds.measured
    space.models.thresholds.save(space.access.actor, back.threshold, back.margin)
    monkeypatch.undo()
    assert space.models.thresholds.in_force == few, "the default was set: it follows again"


def test_an_open_door_decides_by_the_threshold_for_whoever_is_enrolled_meanwhile(space):
    space.doors.open(space.access.actor, source="0")
    seen = []
    space.doors._session.use_policy = seen.append
    review = space.reception.enrolment.review_file(portraits()[0].path)
    space.reception.enrolment.enrol(
        space.access.actor, name="A", staff_number=None, department="", reviews=[review]
    )
    assert [policy.people for policy in seen] == [1]


def test_a_command_that_only_reads_says_so_instead_of_knowing_nobody(older_folder):
    with Workspace.open(older_folder, read_only=True) as space, pytest.raises(ModelError, match="made ready"):
        space.models.recogniser  # noqa: B018


@pytest.mark.slow
def test_a_model_is_tried_on_the_pictures_of_a_door_and_switched_to(space, tmp_path):
    """Real models: made ready in the background, deciding after the entry, in use at the next start."""
    review = space.reception.enrolment.review_file(portraits()[0].path)
    space.reception.enrolment.enrol(
        space.access.actor, name="A", staff_number=None, department="", reviews=[review]
    )
    space.models.trial.try_model(space.access.actor, SFACE_MTCNN)
    wait_for(lambda: space.models.trial.state().is_ready)
    video = tmp_path / "door.mp4"
    render(video)
    entries = []
    space.doors.open(
        space.access.actor, Callbacks(on_event=entries.append), source=str(video), is_paced=False
    ).run()
    assert entries[0].entry.outcome is Outcome.ACCEPTED
    wait_for(lambda: sum(vars(space.models.trial.state().counts).values()) == len(entries))
    assert space.models.trial.state().counts.agreed >= 1
    before = space.models.model_id
    space.models.trial.switch(space.access.actor)
    assert space.models.model_id == space.models.thresholds.in_force.model_id != before
    entries.clear()
    space.doors.open(
        space.access.actor, Callbacks(on_event=entries.append), source=str(video), is_paced=False
    ).run()
    assert entries[0].entry.outcome is Outcome.ACCEPTED
    assert entries[0].entry.model_id == space.models.model_id
    space.models.trial.go_back(space.access.actor)
    assert space.models.model_id == before


def test_numbers_of_another_model_never_reach_a_door_that_is_open(space):
    """A door goes on by its own model until it is opened anew."""
    space.doors.open(space.access.actor, source="0")
    seen = []
    space.doors._session.use_policy = seen.append
    space.models.thresholds.save_for(space.access.actor, SFACE_MTCNN, 0.2, 0.0)
    space.policies.set(space.access.actor, ModelChoice(active=SFACE_MTCNN))
    space.models.recognisers.forget()
    space.models.thresholds.save(space.access.actor, 0.3, 0.0)
    assert seen == []
