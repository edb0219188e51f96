"""What the window says about the model in use; read on a worker, because it may have to be loaded."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from faceaccess.gui.wording import failures
from faceaccess.recognition.types import MatchPolicy

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace


@dataclass(frozen=True)
class ModelFacts:
    """The model in use, where it runs, and the numbers that decide with it.

    Attributes:
        model_id: id of the active model.
        title: its name for people.
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


def read_model_facts(workspace: "Workspace") -> ModelFacts:
    """Load the models where that hasn't happened, and describe them. Called on a worker."""
    workspace.load_models()
    model_id = workspace.model_id
    return ModelFacts(
        model_id=model_id,
        title=next((info.title for info in workspace.models.infos() if info.is_active), model_id),
        device=workspace.recognisers.device.title,
        device_note=failures.translated(workspace.recognisers.device.note),
        match=workspace.thresholds.in_force,
        default=workspace.thresholds.measured,
    )


def save_threshold(workspace: "Workspace", threshold: float) -> None:
    """Keep a threshold beside the margin in force. Called on a worker."""
    policy = workspace.thresholds.in_force
    workspace.thresholds.save(workspace.actor, threshold, policy.margin if policy else 0.0)
