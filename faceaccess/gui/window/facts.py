"""The facts about the model in use; read on a worker, because it may have to be loaded."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from faceaccess.gui.wording import failures
from faceaccess.recognition.types import MatchPolicy

if TYPE_CHECKING:
    from faceaccess.models.models import Models
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access


@dataclass(frozen=True)
class ModelFacts:
    """The model in use, where it runs, and the numbers that decide with it.

    Attributes:
        model_id: id of the active model.
        title: its name as people read it.
        device: title of the device that it really runs on.
        device_note: why that isn't the device asked for, or "".
        match: the threshold and margin in force; None when there are none for this model.
        default: those that were measured for it; None when nobody measured it.
    """

    model_id: str
    title: str
    device: str
    device_note: str
    match: MatchPolicy | None
    default: MatchPolicy | None


def read_model_facts(reception: "Reception", models: "Models") -> ModelFacts:
    """Load the models where that hasn't happened, and describe them. Called on a worker."""
    reception.load_models()
    model_id = models.model_id
    return ModelFacts(
        model_id=model_id,
        title=next((info.title for info in models.catalogue.infos() if info.is_active), model_id),
        device=models.recognisers.device.title,
        device_note=failures.translated(models.recognisers.device.note),
        match=models.thresholds.in_force,
        default=models.thresholds.measured,
    )


def save_threshold(access: "Access", models: "Models", threshold: float) -> None:
    """Keep a threshold beside the margin in force. Called on a worker."""
    policy = models.thresholds.in_force
    models.thresholds.save(access.actor, threshold, policy.margin if policy else 0.0)
