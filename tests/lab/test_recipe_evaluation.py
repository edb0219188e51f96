from pathlib import Path

import numpy as np

from faceaccess.lab.measures.identification import open_set
from faceaccess.lab.measures.recipe_evaluation import recipe_rows
from faceaccess.vision.embedder import RECIPES, Embedder, Recipe
from tests.fakes import FakeAlignment

FOLDERS = {str(i): [Path(f"{i}/{k}.jpg") for k in range(3)] for i in range(12)}
ALL = [path for photos in FOLDERS.values() for path in photos]


class MeanColours:
    """A network that gives the mean colours of the halves: moved views differ a little."""

    def __init__(self):
        self.passes = 0

    def run(self, batch):
        self.passes += 1
        halves = np.concatenate([batch[:, :, :8].mean((2, 3)), batch[:, :, 8:].mean((2, 3))], axis=1)
        return ((halves - halves.mean(axis=1, keepdims=True)).astype(np.float32),)


def test_all_recipes_are_measured_on_the_same_draws_and_compared_with_the_best():
    rng = np.random.default_rng(0)
    looks = {name: rng.integers(0, 255, (16, 16, 3)).astype(np.uint8) for name in FOLDERS}
    crops = {path: looks[path.parent.name] for path in ALL}
    embedder = Embedder(MeanColours(), FakeAlignment(), model_id="fake:1")
    splits = [open_set(FOLDERS, ALL, people=6, photos_each=1, seed=seed) for seed in range(2)]
    rows = recipe_rows(embedder, crops, splits, RECIPES)
    assert [row.recipe for row in rows] == [recipe.code for recipe in RECIPES]
    assert min(row.difference.mean for row in rows) == 0
    assert all(row.difference.mean >= 0 for row in rows)
    assert next(row for row in rows if row.recipe == "t2p2").fnir.mean == 0
    assert all(row.template_ms > 0 and row.probe_ms > 0 for row in rows)
    assert embedder.recipe == Recipe()
