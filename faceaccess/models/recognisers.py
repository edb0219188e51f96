"""The models in memory: the active one with its gallery, and others beside it that nothing else uses."""

import hashlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from faceaccess import paths
from faceaccess.errors import ModelError, Text
from faceaccess.log import Step
from faceaccess.models.reembedding import bring_up_to_date, reembed
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.settings import Device, HeldTemplates
from faceaccess.store.people.templates import Templates
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.types import LearnedModels, ModelChoice
from faceaccess.vision.alignment import SFACE_PX
from faceaccess.vision.detector import Detector, load_detector
from faceaccess.vision.devices import DeviceInUse, pick_device
from faceaccess.vision.embedder import (
    BUILT_IN,
    CHOICES,
    DIMENSIONS,
    Embedder,
    detector_of,
    graph_of,
    load_embedder,
    model_id_of,
)
from faceaccess.vision.exports import Digests, Exports
from faceaccess.vision.learned_network import LearnedNetwork

logger = logging.getLogger(__name__)


def learned_file(models_dir: Path, name: str) -> Path:
    """Return where the graph of a learned network lies."""
    return models_dir / f"learned-{name}.onnx"


class Recognisers:
    """Loads models at their first use, which takes a moment. May be called on any thread.

    Attributes:
        loading: held while models are loaded or forgotten; whoever keeps what was made of one
            holds it too.
        on_making_ready: told how many people's photos are embedded anew, as after an update, before that
            begins: it takes a while. Called on the thread that loads.
        on_device_given_up: told why networks run on the CPU from now on, on the thread where one failed.
    """

    def __init__(
        self,
        templates: Templates,
        policies: Policies,
        *,
        models_dir: Path,
        digests: Digests,
        chosen_device: Callable[[], Device],
        held_templates: Callable[[], HeldTemplates],
        is_read_only: bool,
    ) -> None:
        """Take the parts.

        Args:
            templates: the gallery is filled with them.
            policies: say which model is active.
            models_dir: where weights lie.
            digests: of the networks that were written on this machine.
            chosen_device: returns the device asked for.
            held_templates: returns how galleries hold templates.
            is_read_only: whether templates that a newer program lacks can't be made.
        """
        self.loading = threading.RLock()
        self._templates, self._policies, self._models_dir = templates, policies, models_dir
        self._chosen_device, self._held_templates = chosen_device, held_templates
        self._is_read_only = is_read_only
        self.on_making_ready: Callable[[int], None] = lambda _people: None
        self.on_device_given_up: Callable[[Text], None] = lambda _why: None
        self.exports = Exports(paths.cache_dir(), digests)
        self._device: DeviceInUse | None = None
        self._active: Recogniser | None = None

    @property
    def device(self) -> DeviceInUse:
        """Where networks run."""
        if self._device is None:
            self._device = pick_device(self._chosen_device())
            self._device.on_given_up = lambda why: self.on_device_given_up(why)
        return self._device

    @property
    def is_loaded(self) -> bool:
        """Whether the active model is in memory."""
        return self._active is not None

    @property
    def active(self) -> Recogniser:
        """The active model with its gallery, loaded at the first call."""
        with self.loading:
            if self._active is None:
                self._active = self._load(self._active_name())
            return self._active

    @property
    def model_id(self) -> str:
        """Id of the active model."""
        return self.active.embedder.model_id

    def id_of(self, name: str) -> str:
        """Return the id of a model that may decide at a door by its name.

        Raises:
            ModelError: there is no such model, or its weights aren't here.
        """
        learned = self.learned(name)
        if learned is not None:
            return learned.model_id
        if name not in CHOICES:
            raise ModelError(
                "There is no model named {name!r} to decide by.", "See: faceaccess models list", name=name
            )
        return model_id_of(name, self._models_dir)

    def network_in_force(self) -> tuple[bytes, LearnedNetwork] | None:
        """Return the graph of the active model, and what it is; None for one that can't be adapted.

        Raises:
            ModelError: its weights aren't here.
        """
        name = self._active_name()
        network = self.learned(name)
        if network is not None:
            return network.graph(), network
        graph = graph_of(name, self.exports, self._models_dir)
        if graph is None:
            return None
        digest = hashlib.sha256(graph).hexdigest()
        file = learned_file(self._models_dir, name)
        return graph, LearnedNetwork(name, file, digest, DIMENSIONS[name], SFACE_PX, detector_of(name))

    def learned(self, name: str) -> LearnedNetwork | None:
        """Return a network that was trained or adapted by its name, None where that is none of them."""
        model = self._policies.read(LearnedModels).find(name)
        if model is None:
            return None
        return LearnedNetwork(
            model.name,
            learned_file(self._models_dir, model.name),
            model.sha256,
            model.dimension,
            model.crop_px,
            model.detector,
        )

    def load_empty(self, name: str) -> Recogniser:
        """Return a model of its own, whose gallery is empty."""
        learned = self.learned(name)
        if learned is not None:
            embedder, dimension = learned.load(), learned.dimension
        else:
            embedder, dimension = self._embedder(name), DIMENSIONS[name]
        is_compact = self._held_templates() is HeldTemplates.COMPACT
        read = self._templates.read if is_compact else None
        gallery = Gallery(embedder.model_id, dimension, read=read)
        return Recogniser(self._detector(name), embedder, gallery, self.device)

    def load_beside(self) -> Recogniser:
        """Return the active model with a detector that nothing else uses, for another thread.

        Its embedder may be used on several threads, and is by far the largest part.
        """
        door = self.active
        return Recogniser(self._detector(self._active_name()), door.embedder, door.gallery, door.device)

    def forget(self) -> None:
        """Load the active model anew when it is next needed."""
        with self.loading:
            self._active = None

    def forget_device(self) -> None:
        """Choose the device anew too."""
        with self.loading:
            self._device, self._active = None, None

    def refresh(self, person_id: str | None = None) -> None:
        """Search what the database holds now, from the next frame on.

        Args:
            person_id: the only person who got or lost templates; None looks at everybody.
        """
        with self.loading:
            if self._active is not None:
                bring_up_to_date(self._active.gallery, self._templates, person_id)

    def _active_name(self) -> str:
        return self._policies.read(ModelChoice).active or BUILT_IN

    def _detector(self, name: str) -> Detector:
        learned = self.learned(name)
        detector = detector_of(name) if learned is None else learned.detector
        return load_detector(detector, self.device, self.exports, self._models_dir)

    def _embedder(self, name: str) -> Embedder:
        return load_embedder(name, self.device, self.exports, self._models_dir)

    def _load(self, name: str) -> Recogniser:
        recogniser = self.load_empty(name)
        self._bring_templates_up_to_date(recogniser)
        bring_up_to_date(recogniser.gallery, self._templates)
        logger.info("%s", Step.LOADED)
        return recogniser

    def _bring_templates_up_to_date(self, recogniser: Recogniser) -> None:
        """Embed photos that have no templates of this model_id: a newer program's may differ."""
        model_id = recogniser.embedder.model_id
        if not self._is_read_only and not self._templates.by_model.missing(model_id):
            return
        readiness = self._templates.by_model.readiness(model_id)
        if not self._is_read_only:
            if readiness.ready < readiness.people:
                logger.info("embedding the photos of %d people", readiness.people - readiness.ready)
                self.on_making_ready(readiness.people - readiness.ready)
            lost = reembed(self._templates, recogniser.detector, recogniser.embedder)
            if lost:
                logger.warning("%d photos can't be used with %s", lost, recogniser.embedder.model_id)
            return
        if readiness.people and not readiness.ready:
            raise ModelError(
                "The people enrolled have not been made ready for this version of the program.",
                "Open the window or start the door once: it is done by itself.",
            )
