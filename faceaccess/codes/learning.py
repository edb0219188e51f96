"""Ways of learning an embedding."""

from enum import StrEnum


class Loss(StrEnum):
    """What a network is trained by."""

    TRIPLET = "triplet"
    CONTRASTIVE = "contrastive"
    SOFTMAX = "softmax"


class Mining(StrEnum):
    """A way of choosing triplets.

    SEMI_HARD: for each pair of photos of a person the nearest negative beyond the positive, in the margin.
    HARD: for each photo its farthest positive and its nearest negative.
    ALL: every triplet of the batch.
    RANDOM: for each pair of photos of a person any negative.
    OFFLINE: as SEMI_HARD, but among many photos embedded every some steps, not in the batch.
    """

    SEMI_HARD = "semi-hard"
    HARD = "hard"
    ALL = "all"
    RANDOM = "random"
    OFFLINE = "offline"
