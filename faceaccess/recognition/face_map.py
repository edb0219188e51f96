"""A gallery in two dimensions: photos of one person near each other, people who look alike side by side.

Source: van der Maaten and Hinton, Visualizing Data using t-SNE, JMLR 9, 2008; principal components
first, as section 4.2 there has it.
"""

from collections.abc import Callable

import numpy as np

from faceaccess.vision.types import FloatArray

_COMPONENTS = 50
"""Source: the same, section 4.2: 30; with 50 nothing of 128 dimensions that matters is lost."""

_PERPLEXITY = 30.0
"""Source: the same, section 2: typical values are 5 to 50, and the result changes little among them."""

_STEPS, _STEPS_AT_ONCE = 500, 250
"""Of gradient descent. Between two parts somebody can stop it."""

_EXAGGERATION = 12.0
_ANGLE = 0.8
"""How coarsely far photos are taken together. Source: scikit-learn's manual: 0.2 to 0.8 change little; the
coarsest is a third quicker."""

_FEWEST = 4


def lay_out(
    embeddings: FloatArray,
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> FloatArray | None:
    """Return a place for each photo; the same for the same photos. None when it was cancelled.

    Only who is near whom means anything: neither the axes nor long distances do.

    Args:
        embeddings: (N, D) float32 of unit norm.
        progress: called with steps done, and how many there are.
        is_cancelled: asked between parts.

    Returns:
        (N, 2) float32.
    """
    if len(embeddings) < _FEWEST:
        return _few(embeddings)
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    components = min(_COMPONENTS, *embeddings.shape)
    reduced = PCA(components, random_state=0).fit_transform(embeddings).astype(np.float32)
    places = reduced[:, :2] / max(float(np.std(reduced[:, 0])), 1e-12) * 1e-4
    perplexity = min(_PERPLEXITY, (len(embeddings) - 1) / 3)
    for done in range(0, _STEPS, _STEPS_AT_ONCE):
        if is_cancelled():
            return None
        progress(done, _STEPS)
        exaggeration = _EXAGGERATION if done == 0 else 1.0
        tsne = TSNE(
            perplexity=perplexity,
            early_exaggeration=exaggeration,
            init=places,
            max_iter=_STEPS_AT_ONCE,
            random_state=0,
            angle=_ANGLE,
        )
        places = tsne.fit_transform(reduced).astype(np.float32)
    progress(_STEPS, _STEPS)
    return np.asarray(places)


def _few(embeddings: FloatArray) -> FloatArray:
    """Return places in a row, as far apart as the photos are."""
    steps = np.sum(np.diff(embeddings, axis=0) ** 2, axis=1) if len(embeddings) else np.zeros(0)
    across = np.concatenate([[0.0], np.cumsum(steps)])[: len(embeddings)]
    return np.stack([across, np.zeros(len(embeddings))], axis=1).astype(np.float32)
