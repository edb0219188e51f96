"""What a single picture betrays, all signals together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from faceaccess.vision.liveness import edges, pattern
from faceaccess.vision.liveness.passive import PassiveNetworks
from faceaccess.vision.types import Detection, ImageArray


@dataclass(frozen=True)
class Signals:
    """The signals of a face, of one picture or the mean of several.

    Attributes:
        score: how live the networks find it, 0 to 1; None without them.
        edge: see `edges.picture_edge`.
        pattern: see `pattern.periodic_pattern`.
    """

    score: float | None
    edge: float
    pattern: float

    @property
    def is_flat(self) -> bool:
        """Whether edges or a pattern are stronger than in nearly all genuine faces."""
        return self.edge > edges.MOST_GENUINE or self.pattern > pattern.MOST_GENUINE


class SignalReader:
    """Reads the signals of pictures. May be used on several threads at once."""

    def __init__(self, networks: PassiveNetworks | None) -> None:
        """Take the networks; None where their weights aren't here."""
        self._networks = networks

    def read(self, image: ImageArray, detection: Detection) -> Signals:
        """Return the signals of a face.

        Args:
            image: (H, W, 3) uint8, RGB; the whole frame, as the camera gave it.
            detection: the face in it.
        """
        score = None if self._networks is None else self._networks.score(image, detection)
        edge, waves = edges.picture_edge(image, detection), pattern.periodic_pattern(image, detection)
        return Signals(score, edge, waves)


def mean_of(signals: Sequence[Signals]) -> Signals:
    """Return the mean of the signals of at least one picture; no score where one has none."""
    scores = [picture.score for picture in signals]
    score = float(np.mean([value for value in scores if value is not None])) if None not in scores else None
    return Signals(
        score,
        float(np.mean([picture.edge for picture in signals])),
        float(np.mean([picture.pattern for picture in signals])),
    )
