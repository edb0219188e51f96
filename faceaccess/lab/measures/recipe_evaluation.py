"""How many views of a photo and of a probe are worth their time: the recipes on the same draws."""

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from faceaccess.lab.measures.evaluation import embed_all
from faceaccess.lab.measures.identification import (
    Identified,
    OpenSet,
    fnir_difference,
    identify,
    mean_rate,
)
from faceaccess.recognition.intervals import Rate
from faceaccess.vision.embedder import Embedder, Recipe
from faceaccess.vision.types import FloatArray, ImageArray

FPIR = 3e-3
_TURNS = 15


@dataclass(frozen=True)
class RecipeRow:
    """One recipe.

    Attributes:
        recipe: its code, as it stands in a model_id.
        fnir: at `FPIR`.
        difference: of FNIR from the best row's, probe by probe.
        template_ms, probe_ms: to embed one face for enrolment and for a search, alone; medians.
    """

    recipe: str
    fnir: Rate
    difference: Rate
    template_ms: float
    probe_ms: float


def recipe_rows(
    embedder: Embedder,
    crops: Mapping[Path, ImageArray],
    splits: Sequence[OpenSet],
    recipes: Sequence[Recipe],
) -> list[RecipeRow]:
    """Compare recipes on the same draws.

    Args:
        embedder: its own recipe is put back afterwards.
        crops: model inputs of all photos of the draws.
        splits: the draws.
        recipes: at least one.
    """
    own = embedder.recipe
    try:
        drawn = _drawn(embedder, crops, splits, recipes)
        times = _times_ms(embedder, next(iter(crops.values())), recipes)
    finally:
        embedder.recipe = own
    rates = {recipe: _fnir(drawn[recipe]) for recipe in recipes}
    best = min(recipes, key=lambda recipe: rates[recipe].mean)
    return [
        RecipeRow(
            recipe.code,
            rates[recipe],
            fnir_difference(drawn[recipe], drawn[best], FPIR),
            *times[recipe],
        )
        for recipe in recipes
    ]


def _drawn(
    embedder: Embedder,
    crops: Mapping[Path, ImageArray],
    splits: Sequence[OpenSet],
    recipes: Sequence[Recipe],
) -> dict[Recipe, list[Identified]]:
    """Return the search results of the draws by recipe; each number of views is embedded once."""
    enrolled = {path: crops[path] for path in {path for split in splits for _, path in split.gallery}}
    templates: dict[int, Mapping[Path, FloatArray]] = {}
    probes: dict[int, Mapping[Path, FloatArray]] = {}
    for recipe in recipes:
        embedder.recipe = recipe
        if recipe.template_views not in templates:
            templates[recipe.template_views] = embed_all(embedder, enrolled, as_templates=True)
        if recipe.probe_views not in probes:
            probes[recipe.probe_views] = embed_all(embedder, crops, as_templates=False)
    return {
        recipe: [
            identify(split, templates[recipe.template_views], probes[recipe.probe_views]) for split in splits
        ]
        for recipe in recipes
    }


def _times_ms(
    embedder: Embedder, crop: ImageArray, recipes: Sequence[Recipe]
) -> dict[Recipe, tuple[float, float]]:
    """Return the medians of a template's and a probe's milliseconds, the recipes taking turns."""
    laps: dict[Recipe, tuple[list[float], list[float]]] = {recipe: ([], []) for recipe in recipes}
    for _ in range(_TURNS):
        for recipe in recipes:
            embedder.recipe = recipe
            for embed, taken in zip(
                (embedder.embed_templates, embedder.embed_probes), laps[recipe], strict=True
            ):
                started = time.perf_counter()
                embed(crop[None])
                taken.append((time.perf_counter() - started) * 1000)
    return {
        recipe: (statistics.median(templates), statistics.median(probes))
        for recipe, (templates, probes) in laps.items()
    }


def _fnir(draws: Sequence[Identified]) -> Rate:
    return mean_rate(draws, [draw.missed_at(FPIR) for draw in draws])
