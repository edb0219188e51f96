"""How a head on a model is learned. Needs no torch."""

from dataclasses import dataclass

from faceaccess.learning.batches import BatchShape


@dataclass(frozen=True)
class HeadPlan:
    """How a head is learned.

    Attributes:
        steps: of the optimiser.
        margin: squared L2, as FaceNet has it.
        weight_of_identity: of the squared difference from the identity in the loss. Source: `faceaccess
            evaluate adapting`: from .05 to .2 the gain is much the same, with 1 most of it is lost, with .02
            people before an unspoilt camera are told apart worse.
        learning_rate: of Adam.
        seed: of the batches.
    """

    steps: int = 400
    margin: float = 0.2
    weight_of_identity: float = 0.1
    learning_rate: float = 2e-3
    seed: int = 0
    batch: BatchShape = BatchShape(64, 4, 0)
