"""The model that a command names, with the cache of embeddings."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.recogniser import load_recogniser

if TYPE_CHECKING:
    from faceaccess.lab.measures.all_pairs import AllPairs
    from faceaccess.lab.measures.embedded_photos import Embedded, PhotoModel

NoCache = Annotated[
    bool,
    typer.Option("--no-cache", help="Embed all photos anew, and keep nothing of it in the cache folder."),
]


def photo_model(name: str, device: str, *, no_cache: bool) -> "PhotoModel":
    """Return a model that embeds photos.

    Args:
        name: as `models list` shows it.
        device: where it runs, once it has to.
        no_cache: neither read nor keep embeddings.

    Raises:
        ModelError: there is no such model, or its weights are missing.
    """
    from faceaccess import paths
    from faceaccess.lab.measures.embedded_photos import PhotoModel
    from faceaccess.lab.measures.embedding_cache import EmbeddingCache
    from faceaccess.vision.embedder import model_id_of

    cache = None if no_cache else EmbeddingCache(paths.cache_dir())
    return PhotoModel(model_id_of(name, paths.models_dir()), lambda: load_recogniser(device, name), cache)


def all_pairs_of(embedded: "Embedded", person_of: Mapping[Path, str], greatest_fmr: float) -> "AllPairs":
    """Return the pairs of the photos with a face, see `all_pairs`.

    Args:
        embedded: templates and probes of the photos.
        person_of: whose each photo is; photos that aren't in it are left out.
        greatest_fmr: the part of the non-mated pairs that is kept.

    Raises:
        FaceAccessError: there are no mated or no non-mated pairs.
    """
    import numpy as np

    from faceaccess.errors import FaceAccessError
    from faceaccess.lab.measures.all_pairs import all_pairs

    paths = [path for path in embedded.probes if path in person_of]
    if not paths:
        raise FaceAccessError("There is no face in the photos.", "Name other photos.")
    templates, probes = (
        np.stack([rows[path] for path in paths]) for rows in (embedded.templates, embedded.probes)
    )
    return all_pairs([person_of[path] for path in paths], templates, probes, greatest_fmr=greatest_fmr)
