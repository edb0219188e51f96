"""From a folder of photos to a model that a door can try; and what is wrong with folders and cards."""

import json
import shutil

import numpy as np
import pytest

from faceaccess.errors import Cancelled, ModelError
from faceaccess.learning.batches import BatchShape
from faceaccess.learning.photos import photos_of
from faceaccess.learning.runs import Source, train
from faceaccess.learning.training import TrainingPlan
from faceaccess.models.model_card import CARD, GRAPH, read_card
from faceaccess.models.recognisers import learned_file
from faceaccess.vision.detector import YUNET
from faceaccess.workspace import Workspace
from tests.learning.site import ACTOR

PLAN = TrainingPlan("SMALL", dimension=16, steps=4, batch=BatchShape(6, 2, 4), judge_every=2)


@pytest.fixture(scope="module")
def photos(lfw, tmp_path_factory):
    """Two photos of each of 24 people, one that is no picture, and somebody with none that shows a face."""
    folder = tmp_path_factory.mktemp("photos")
    several = {name: files for name, files in photos_of(lfw / "images").items() if len(files) > 1}
    for name in sorted(several)[:24]:
        (folder / name).mkdir()
        for path in several[name][:2]:
            shutil.copy(path, folder / name)
    (folder / name / "broken.jpg").write_bytes(b"not a picture")
    (folder / "Nobody").mkdir()
    return folder


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("data")) as opened:
        yield opened


@pytest.fixture(scope="module")
def detector(space):
    return space.models.recognisers.load_empty("sface").detector


@pytest.fixture(scope="module")
def model(photos, detector, tmp_path_factory):
    """A model of a few steps, stopped once on the way."""
    folder = tmp_path_factory.mktemp("models") / "mine"
    source = Source(photos, "mine", "Mine", "own photos")
    asked = iter([False] * 51 + [True] * 1000)
    with pytest.raises(Cancelled):
        train(PLAN, source, folder, detector=detector, is_cancelled=lambda: next(asked))
    looked = []
    card = train(PLAN, source, folder, detector=detector, on_photos=lambda *done: looked.append(done))
    assert looked == [], "the crops were kept"
    return folder, card


pytestmark = [
    pytest.mark.lfw,
    pytest.mark.logs_warnings,
]


def test_it_writes_a_graph_and_a_card_and_clears_up(model):
    folder, card = model
    assert sorted(path.name for path in folder.iterdir()) == [CARD, GRAPH]
    assert read_card(folder).sha256 == card.sha256
    assert (card.people + card.held_out_people, card.photos + card.held_out_photos) == (24, 48)
    assert (card.left_out, card.licence, card.dimension, card.crop_px) == (1, "own photos", 16, 64)
    assert [point["step"] for point in card.curve] == [0, 2, 4]
    assert card.arguments["mining"] == "semi-hard"
    mean, low, high = card.figures["auc gain"]
    assert low <= mean <= high


def test_a_finished_folder_is_not_trained_over(model, photos, detector):
    with pytest.raises(ModelError, match="finished model"):
        train(PLAN, Source(photos, "mine", "Mine", ""), model[0], detector=detector)


def test_a_door_can_try_it_and_it_can_be_removed(model, space):
    folder, card = model
    assert space.models.catalogue.add(ACTOR, folder) == "mine"
    assert space.models.catalogue.add(ACTOR, folder) == "mine"
    (info,) = (info for info in space.models.catalogue.infos() if info.is_added)
    assert (info.name, info.title, info.licence, info.is_installed) == ("mine", "Mine", "own photos", True)
    recogniser = space.models.recognisers.load_empty("mine")
    assert recogniser.embedder.model_id == f"mine:{card.sha256[:8]}:{YUNET}-points-64:t2p1"
    crops = np.random.default_rng(0).integers(0, 255, (2, 64, 64, 3), np.uint8)
    assert recogniser.embedder.embed_probes(crops).shape == (2, 16)
    space.models.trial.try_model(ACTOR, "mine", in_background=False)
    with pytest.raises(ModelError, match="in use, tried"):
        space.models.catalogue.remove(ACTOR, "mine")
    space.models.trial.stop(ACTOR)
    space.models.catalogue.remove(ACTOR, "mine")
    with pytest.raises(ModelError, match="no model named 'mine'"):
        space.models.recognisers.id_of("mine")
    assert not learned_file(space.models.catalogue._models_dir, "mine").exists()


def test_another_file_under_its_name_is_not_run(model, space):
    space.models.catalogue.add(ACTOR, model[0])
    file = learned_file(space.models.catalogue._models_dir, "mine")
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(ModelError, match="changed since"):
        space.models.recognisers.load_empty("mine")
    file.unlink()
    with pytest.raises(ModelError, match="is missing"):
        space.models.recognisers.load_empty("mine")
    space.models.catalogue.remove(ACTOR, "mine")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": "../../evil"}, "damaged"),
        ({"name": "sface"}, "already"),
        ({"sha256": "0" * 64}, "isn't the network"),
        ({"crop_px": 9999}, "damaged"),
        ({"crop_px": 32}, "no network that can be used"),
        ({"dimension": 17}, "no network that can be used"),
        ({"detector": "haar"}, "damaged"),
        ({"surprise": 1}, "damaged"),
    ],
)
def test_a_card_that_is_wrong_adds_nothing(model, space, tmp_path, change, says):
    folder = tmp_path / "copy"
    shutil.copytree(model[0], folder)
    card = json.loads((folder / CARD).read_text()) | change
    (folder / CARD).write_text(json.dumps(card))
    with pytest.raises(ModelError, match=says):
        space.models.catalogue.add(ACTOR, folder)
    assert not any(info.is_added for info in space.models.catalogue.infos())


def test_a_folder_without_a_card_or_with_another_graph_adds_nothing(model, space, tmp_path):
    with pytest.raises(ModelError, match="holds no learned model"):
        space.models.catalogue.add(ACTOR, tmp_path)
    shutil.copytree(model[0], tmp_path / "copy")
    (tmp_path / "copy" / GRAPH).write_bytes(b"not a graph")
    with pytest.raises(ModelError, match="isn't the network"):
        space.models.catalogue.add(ACTOR, tmp_path / "copy")


def test_photos_that_cannot_be_learned_from_are_said(detector, tmp_path, photos):
    source = Source(tmp_path / "none", "mine", "", "")
    with pytest.raises(ModelError, match="is not a folder"):
        train(PLAN, source, tmp_path / "m", detector=detector)
    (tmp_path / "none").mkdir()
    with pytest.raises(ModelError, match="no sub-folders"):
        train(PLAN, source, tmp_path / "m", detector=detector)
    (tmp_path / "none" / "Ada").mkdir()
    (tmp_path / "none" / "Ada" / "a.jpg").write_bytes(b"broken")
    with pytest.raises(ModelError, match="No photo shows a face; looked at: 1."):
        train(PLAN, source, tmp_path / "m", detector=detector)
    one = next(path for path in photos.glob("*/*.jpg") if path.name != "broken.jpg")
    shutil.copy(one, tmp_path / "none" / "Ada" / "b.jpg")
    with pytest.raises(ModelError, match="too few people"):
        train(PLAN, source, tmp_path / "m", detector=detector)
    with pytest.raises(ModelError, match="can't be named"):
        train(PLAN, Source(photos, "My model!", "", ""), tmp_path / "m", detector=detector)
