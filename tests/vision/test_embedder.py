import numpy as np
import pytest

from faceaccess.errors import ModelError
from faceaccess.vision.embedder import RECIPES, Embedder, Recipe
from tests.fakes import FakeAlignment

SIDE = FakeAlignment.crop_px


class SeeingNetwork:
    """Gives each crop's pixels, in coarse squares, as its raw embedding, and keeps what it was shown."""

    def __init__(self):
        self.shown = []

    def run(self, planes):
        self.shown.append(planes)
        return [planes.reshape(len(planes), 3, 4, SIDE // 4, 4, SIDE // 4).mean(axis=(3, 5)).reshape(-1, 48)]


def make_crops(count=3):
    return np.random.default_rng(0).integers(0, 255, (count, SIDE, SIDE, 3), dtype=np.uint8)


def make_embedder(recipe=None, network=None):
    return Embedder(network or SeeingNetwork(), FakeAlignment(), model_id="seeing:1", recipe=recipe)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.code)
def test_a_recipe_shows_the_network_so_many_views(recipe):
    for embed, views in (("embed_templates", recipe.template_views), ("embed_probes", recipe.probe_views)):
        network = SeeingNetwork()
        crops = make_crops()
        found = getattr(make_embedder(recipe, network), embed)(crops)
        assert found.shape == (3, 48)
        assert found.dtype == np.float32
        assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
        assert len(network.shown) == views
        assert all(shown.shape == (3, 3, SIDE, SIDE) for shown in network.shown)
        assert np.array_equal(network.shown[0], crops.transpose(0, 3, 1, 2))


def test_all_views_differ_and_every_second_is_the_mirror_of_the_one_before():
    network = SeeingNetwork()
    make_embedder(Recipe(10, 2), network).embed_templates(make_crops(1))
    assert len({shown.tobytes() for shown in network.shown}) == 10
    for plain, mirrored in zip(network.shown[::2], network.shown[1::2], strict=True):
        assert np.array_equal(plain[..., ::-1], mirrored)


def test_a_crop_is_embedded_alike_alone_and_in_a_batch():
    crops = make_crops(4)
    embedder = make_embedder()
    alone = np.concatenate([embedder.embed_templates(crop[None]) for crop in crops])
    assert np.allclose(embedder.embed_templates(crops), alone, atol=1e-6)


@pytest.mark.parametrize("shape", [(SIDE, SIDE, 3), (1, SIDE, SIDE - 1, 3), (1, SIDE, SIDE, 4)])
def test_crops_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match="crops: expected"):
        make_embedder().embed_probes(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
def test_an_embedding_that_is_no_direction_is_an_error_not_a_match(value):
    class Broken:
        def run(self, planes):
            return [np.full((len(planes), 8), value, np.float32)]

    with pytest.raises(ModelError):
        make_embedder(network=Broken()).embed_probes(make_crops())
