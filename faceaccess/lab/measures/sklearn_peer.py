"""scikit-learn's classifier and k-means, which the nearest template and our groups are measured beside.

Needs the packages of the extra `compare`.
"""

from faceaccess.errors import ModelError

try:
    from sklearn.cluster import KMeans
    from sklearn.svm import LinearSVC
except ImportError as exc:
    raise ModelError(
        "scikit-learn isn't installed.", "To compare with it: pip install faceaccess[compare]"
    ) from exc

__all__ = ["KMeans", "LinearSVC"]
