"""Adapting the model in force: it helps a spoilt camera, is refused elsewhere, and asks for consent."""

from datetime import timedelta

import numpy as np
import pytest

from faceaccess.codes import JournalKind
from faceaccess.errors import Cancelled, ModelError
from faceaccess.lab.learning.planted_camera import Camera
from faceaccess.learning.crossfit import FOLDS, LEAST_PEOPLE, adapted, crossfit
from faceaccess.learning.head_graph import with_head
from faceaccess.learning.heads import HeadPlan, fit_head
from faceaccess.learning.judging import HeldOut
from faceaccess.store import clock
from faceaccess.store.journal.confirmed_pictures import confirmed_pictures
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.people.consent_texts import FIRST_TEXTS, LEARNING_LINES, covers_learning
from faceaccess.vision.runtime import OnnxNetwork
from faceaccess.workspace import Workspace
from tests.learning.site import ACTOR, Site
from tests.waiting import wait_for

QUICK = HeadPlan(steps=80)
BAD = Camera("very bad", (1.4, 1.0, 0.3), 5.0)


def points(people, *, nuisance, dimension=16, photos=4, seed=0):
    """Unit embeddings of people; every second photo moves along one direction, as by one camera."""
    rng = np.random.default_rng(seed)
    rows = np.repeat(rng.normal(size=(people, dimension)), photos, axis=0)
    rows += 0.25 * rng.normal(size=rows.shape)
    rows[1::2, :2] += nuisance * rng.normal(size=(len(rows) // 2, 2))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32), np.repeat(np.arange(people), photos)


def test_a_head_takes_out_what_a_camera_puts_in():
    rows, whose = points(80, nuisance=2.0)
    others, theirs = points(80, nuisance=2.0, seed=1)
    head = fit_head(rows, whose, HeadPlan(steps=200, weight_of_identity=0.01))
    judge = HeldOut(theirs, resamples=0)
    before, after = judge.judge(others), judge.judge(adapted(others, head))
    assert after.val[1e-2].mean > before.val[1e-2].mean + 0.05
    np.testing.assert_allclose(np.linalg.norm(adapted(others, head), axis=1), 1, atol=1e-6)


def test_much_regularised_it_stays_what_it_was():
    rows, whose = points(20, nuisance=2.0)
    head = fit_head(rows, whose, HeadPlan(steps=50, weight_of_identity=1e4))
    np.testing.assert_allclose(head, np.eye(16), atol=0.01)


def test_it_is_judged_by_people_it_was_not_learned_from():
    """Learned in another process, as the window does."""
    rows, whose = points(90, nuisance=3.0)
    fitted = crossfit(rows, whose, whose % FOLDS, plan=QUICK)
    assert fitted.is_better
    assert fitted.before.people == fitted.after.people == 90
    # A threshold accepts as many pairs of different people as before.
    for threshold in (0.5, 1.0):
        chosen = fitted.threshold(threshold)
        before, after = fitted._non_mated
        assert (after <= chosen).sum() == pytest.approx((before <= threshold).sum(), abs=1)


@pytest.mark.slow
def test_where_nothing_can_be_gained_it_is_no_better_than_chance():
    refused = 0
    for seed in range(10):
        plain, theirs = points(45, nuisance=0.0, seed=seed)
        refused += not crossfit(plain, theirs, theirs % FOLDS, plan=QUICK).is_better
    assert refused >= 9


def test_a_head_behind_a_graph_is_the_head_behind_the_network(built_in_graph):
    graph, crops = built_in_graph
    head = np.eye(128, dtype=np.float32) + 0.05 * np.random.default_rng(0).normal(size=(128, 128))
    (plain,), (moved,) = (
        OnnxNetwork(data).run(crops) for data in (graph, with_head(graph, head.astype(np.float32)))
    )
    unit = plain / np.linalg.norm(plain, axis=1, keepdims=True)
    np.testing.assert_allclose(moved, unit @ head.T, atol=1e-5)


@pytest.fixture
def built_in_graph(tmp_path):
    with Workspace.open(tmp_path) as space:
        graph, network = space.models.recognisers.network_in_force()
    crops = np.random.default_rng(1).uniform(0, 255, (3, 3, network.crop_px, network.crop_px))
    return graph, crops.astype(np.float32)


def test_no_text_covers_learning_until_it_says_so():
    assert not any(covers_learning(text) for _, text in FIRST_TEXTS)
    for line in LEARNING_LINES.values():
        assert covers_learning(f"I agree.\n\n{line}\n")
        assert covers_learning("I agree. " + line.replace(" ", "\n", 1))
        assert not covers_learning(f"I agree. {line[:-20]}")


@pytest.fixture(scope="module")
def small_site(tmp_path_factory, lfw):
    with Workspace.open(tmp_path_factory.mktemp("site")) as space:
        yield Site(space, lfw / "images", 6)


@pytest.mark.lfw
def test_only_pictures_of_people_who_agreed_are_learned_from(small_site):
    site, now = small_site, clock.utc_now()
    before = site.space.adapting.material(now=now)
    assert (before.people, before.without_consent, before.is_enough) == (0, len(site.people), False)
    first, second, third, *_ = site.people.values()
    site.agree([first, second])
    site.agree([third], line="And nothing else.")
    material = site.space.adapting.material(now=now)
    assert (material.people, material.photos, material.pictures) == (2, 4, 4)
    assert material.without_consent == len(site.people) - 2
    site.space.reception.consent_records.withdraw(second)
    assert site.space.adapting.material(now=now).people == 1
    with pytest.raises(
        ModelError, match="Too few people agreed to it and have two pictures or more: 1."
    ) as caught:
        site.space.adapting.adapt(ACTOR, now=now)
    assert str(LEAST_PEOPLE) in str(caught.value.hint)


@pytest.mark.lfw
def test_entries_that_were_taken_back_are_not_learned_from(small_site):
    site, now = small_site, clock.utc_now()
    person = list(site.people.values())[-1]
    site.agree([person])
    before = site.space.adapting.material(now=now).pictures
    newest, *_ = confirmed_pictures(site.space.database, now - timedelta(days=1), most=10)[person]
    site.space.journal.void(ACTOR, newest)
    assert site.space.adapting.material(now=now).pictures == before - 1


@pytest.mark.slow
@pytest.mark.lfw
def test_a_spoilt_camera_is_adapted_to_and_a_good_one_is_not(tmp_path, lfw):
    now = clock.utc_now()
    with Workspace.open(tmp_path / "good") as space:
        good = Site(space, lfw / "images", 90)
        good.agree()
        adaptation = space.adapting.adapt(ACTOR, now=now)
        assert adaptation.is_refused
        assert not any(info.is_added for info in space.models.catalogue.infos())
    with Workspace.open(tmp_path / "spoilt") as space:
        site = Site(space, lfw / "images", 90, BAD)
        site.agree()
        asked = iter([False] * 5 + [True] * 1000)
        with pytest.raises(Cancelled):
            space.adapting.adapt(ACTOR, now=now, is_cancelled=lambda: next(asked))
        adaptation = space.adapting.adapt(ACTOR, now=now)
        assert adaptation.name == "adapted-1"
        assert adaptation.gain.low > 0
        (info,) = (info for info in space.models.catalogue.infos() if info.is_added)
        assert (info.name, info.is_installed) == ("adapted-1", True)
        # Beside the model in use, in the door's trial: both decide about the same pictures.
        space.models.trial.try_model(ACTOR, "adapted-1")
        wait_for(lambda: space.models.trial.state().is_ready, 120)
        for event in space.journal.events.newest(EventFilter(), limit=20):
            space.models.trial.on_event(event)
        wait_for(lambda: space.models.trial.state().counts.compared == 20, 60)
        state = space.models.trial.state()
        assert state.readiness.ready == len(site.people)
        assert state.policy.threshold == adaptation.threshold
        space.models.trial.switch(ACTOR)
        assert space.models.model_id.startswith("adapted-1:")
        again = space.adapting.material(now=now)
        assert again.is_adaptable
        space.models.trial.go_back(ACTOR)
        with pytest.raises(ModelError, match="kept to go back to"):
            space.models.catalogue.remove(ACTOR, "adapted-1")
        space.models.trial.forget(ACTOR, "adapted-1")
        space.models.catalogue.remove(ACTOR, "adapted-1")
        assert not any(info.is_added for info in space.models.catalogue.infos())
        kinds = [row.kind for row in space.journal.rows.newest([JournalKind.POLICY_CHANGED])]
        assert len(kinds) >= 4
