"""The model that a command names, with the cache of embeddings."""

from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.recogniser import load_recogniser

if TYPE_CHECKING:
    from faceaccess.lab.measures.embedded_photos import PhotoModel

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
