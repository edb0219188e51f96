"""The models that can be chosen: which are installed, how good they are, and which one decides."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from faceaccess.codes import Right
from faceaccess.errors import ModelError
from faceaccess.models.model_card import GRAPH, check_network, read_card
from faceaccess.models.recognisers import Recognisers, learned_file
from faceaccess.models.reembedding import reembed
from faceaccess.recognition.calibration import Accuracy, measured_accuracy
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.people.templates import Templates
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.types import LearnedModel, LearnedModels, ModelChoice
from faceaccess.vision import weights
from faceaccess.vision.download import disk_faults
from faceaccess.vision.embedder import BUILT_IN, SFACE_MTCNN, weights_of
from faceaccess.vision.weights import WeightsKind

_TITLES = {SFACE_MTCNN: "SFace (128-D), faces found by MTCNN"}


@dataclass(frozen=True)
class ModelInfo:
    """An embedder that can be chosen, or networks that can be had beside it.

    Attributes:
        accuracy: measured, or published by its makers.
        is_candidate: whether it is tried beside the active one.
        is_former: whether it can be gone back to at once.
        people: how many people have templates of it.
        is_added: whether it was trained or adapted, and can be removed.
        kind: what it is for; only what is for recognition can be chosen.
        missing: files of its weights that aren't here.
    """

    name: str
    title: str
    is_builtin: bool
    is_installed: bool
    is_active: bool
    size_bytes: int
    licence: str
    accuracy: Accuracy | None = None
    is_candidate: bool = False
    is_former: bool = False
    people: int = 0
    is_added: bool = False
    kind: WeightsKind = WeightsKind.RECOGNITION
    missing: tuple[str, ...] = ()


class Catalogue:
    """The use cases of having and choosing models. Slow: call off the GUI thread."""

    def __init__(
        self,
        policies: Policies,
        templates: Templates,
        recognisers: Recognisers,
        *,
        models_dir: Path,
        on_chosen: Callable[[], None],
    ) -> None:
        """Take the parts.

        Args:
            policies: say which model is active.
            templates: of the people enrolled.
            recognisers: loads models.
            models_dir: where weights lie.
            on_chosen: called when another model decides from now on.
        """
        self.database = policies.database
        self._policies, self._templates, self._recognisers = policies, templates, recognisers
        self._models_dir, self._on_chosen = models_dir, on_chosen

    def infos(self) -> list[ModelInfo]:
        """Return the embedders that can be chosen."""
        files = {file.name: file for file in weights.load_manifest() if file.kind is WeightsKind.RECOGNITION}
        infos = [
            ModelInfo(
                name, _TITLES.get(name, file.title), file.is_carried,
                weights.is_there(file, self._models_dir), False, file.size_limit_bytes, file.licence,
            )
            for name, file in [*files.items(), (SFACE_MTCNN, files[weights_of(SFACE_MTCNN)])]
        ]  # fmt: skip
        infos += [self._learned_info(model) for model in self._policies.read(LearnedModels).models]
        choice = self._policies.read(ModelChoice)
        ready = self._templates.by_model.people()
        return [
            replace(
                info,
                accuracy=measured_accuracy(info.name),
                is_active=info.name == (choice.active or BUILT_IN),
                is_candidate=info.name == choice.candidate,
                is_former=info.name == choice.former,
                people=max((n for key, n in ready.items() if key.startswith(f"{info.name}:")), default=0),
            )
            for info in infos
        ]

    def liveness_infos(self) -> list[ModelInfo]:
        """Return the networks that tell a face from a picture of one; none of them can be chosen."""
        files = [file for file in weights.load_manifest() if file.kind is WeightsKind.LIVENESS]
        names = dict.fromkeys(file.fetch_name for file in files)
        return [self._liveness_info([file for file in files if file.fetch_name == name]) for name in names]

    def _liveness_info(self, files: Sequence[weights.WeightsFile]) -> ModelInfo:
        missing = tuple(file.file for file in files if not weights.is_there(file, self._models_dir))
        return ModelInfo(
            files[0].fetch_name,
            f"Liveness, no recognition model: {' and '.join(file.title for file in files)}",
            False, not missing, False, sum(file.size_limit_bytes for file in files), files[0].licence,
            kind=WeightsKind.LIVENESS, missing=missing,
        )  # fmt: skip

    @needs(Right.SET_POLICY)
    def fetch(
        self,
        actor: Actor,
        name: str,
        *,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Download the weights of a model, or of the networks for liveness.

        Raises:
            ModelError: it failed; nothing half done is left.
            Cancelled: the operator stopped it.
        """
        weights.fetch_all(
            weights.find_bundle(name), self._models_dir, progress=progress, is_cancelled=is_cancelled
        )

    @needs(Right.SET_POLICY)
    def import_file(self, actor: Actor, name: str, path: Path) -> None:
        """Take weights from a file: a model's, or those of one of the networks for liveness.

        Raises:
            ModelError: it isn't the file that the model was measured with.
        """
        weights.import_into(weights.find_bundle(name), path, self._models_dir)

    @needs(Right.SET_POLICY)
    def add(self, actor: Actor, folder: Path) -> str:
        """Add a network that was trained or adapted; return its name. A door can try it from now on.

        Raises:
            ModelError: the folder holds none, its graph isn't the one the card describes, or another model
                has its name.
        """
        card = read_card(folder)
        check_network(card.learned(folder / GRAPH))
        learned = self._policies.read(LearnedModels)
        is_same = (known := learned.find(card.name)) is not None and known.sha256 == card.sha256
        if not is_same and card.name in {info.name for info in [*self.infos(), *self.liveness_infos()]}:
            raise ModelError(
                "There is a model named {name} already.",
                "Give the new one another name, or remove the other: faceaccess models remove {name}",
                name=card.name,
            )
        with disk_faults(self._models_dir):
            self._models_dir.mkdir(parents=True, exist_ok=True)
            copy = learned_file(self._models_dir, f"{card.name}.new")
            shutil.copyfile(folder / GRAPH, copy)
            copy.replace(learned_file(self._models_dir, card.name))
        if not is_same:
            model = LearnedModel(
                card.name, card.title, card.sha256, card.dimension, card.crop_px, card.detector, card.licence
            )
            self._policies.set(actor, LearnedModels((*learned.models, model)))
        return card.name

    @needs(Right.SET_POLICY)
    def remove(self, actor: Actor, name: str) -> None:
        """Remove a network that was trained or adapted, with the templates made for it.

        Raises:
            ModelError: there is none of that name, or it is in use, tried or can be gone back to.
        """
        learned = self._policies.read(LearnedModels)
        if learned.find(name) is None:
            raise ModelError(
                "No model named {name!r} was added.", "Only such models can be removed.", name=name
            )
        choice = self._policies.read(ModelChoice)
        if name in (choice.active, choice.candidate, choice.former):
            raise ModelError(
                "{name} is in use, tried, or kept to go back to.",
                "Switch to another model and forget this one first: faceaccess models forget {name}",
                name=name,
            )
        self._templates.by_model.forget(self._recognisers.id_of(name))
        self._policies.set(
            actor, LearnedModels(tuple(model for model in learned.models if model.name != name))
        )
        learned_file(self._models_dir, name).unlink(missing_ok=True)

    def _learned_info(self, model: LearnedModel) -> ModelInfo:
        file = learned_file(self._models_dir, model.name)
        size = file.stat().st_size if file.is_file() else 0
        return ModelInfo(model.name, model.title, False, size > 0, False, size, model.licence, is_added=True)

    @needs(Right.SET_POLICY)
    def use(
        self,
        actor: Actor,
        name: str,
        *,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> int:
        """Switch to another model, after embedding all photos with it.

        Returns:
            How many photos could not be used with it.

        Raises:
            ModelError: there is no such model, or its weights aren't here.
            Cancelled: the operator stopped it; the old model stays.
        """
        self._recognisers.id_of(name)
        model = self._recognisers.load_empty(name)
        lost = reembed(
            self._templates, model.detector, model.embedder, progress=progress, is_cancelled=is_cancelled
        )
        choice = self._policies.read(ModelChoice)
        active = choice.active or BUILT_IN
        if name != active:
            candidate = None if choice.candidate == name else choice.candidate
            chosen = replace(choice, active=name, candidate=candidate, former=active)
            self._policies.set(actor, chosen)
        self._on_chosen()
        return lost
