import pytest

from faceaccess.workspace import Workspace

pytestmark = pytest.mark.models


@pytest.fixture
def space(tmp_path):
    with Workspace.open(tmp_path / "data") as opened:
        yield opened


def test_a_threshold_tried_out_loads_no_model_and_counts_once_one_is(space, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Workspace, "_load", lambda *_: pytest.fail("a model was loaded"))
        space.preview_threshold(0.09)
    policy = space.match_policy
    assert (policy.threshold, policy.margin, policy.source) == (0.09, space.default_match.margin, "operator")


def test_a_threshold_kept_replaces_the_one_tried_out(space):
    space.preview_threshold(0.09)
    space.save_match(0.1, 0.03)
    policy = space.match_policy
    assert (policy.threshold, policy.margin, policy.model_id) == (0.1, 0.03, space.model_id)


def test_the_measured_threshold_is_in_force_until_somebody_sets_one(space):
    assert space.match_policy == space.default_match
    assert space.default_match.model_id == space.model_id
