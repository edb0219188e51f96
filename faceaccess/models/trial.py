"""Changing the model without an enrolment day: try another beside the active one, switch, go back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from faceaccess.codes import JournalKind, Right
from faceaccess.errors import FaceAccessError, ModelError, SettingsError, Text
from faceaccess.models.reembedding import reembed
from faceaccess.models.trial_worker import TrialWorker
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.recognition.types import MatchPolicy
from faceaccess.store import clock
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Event
from faceaccess.store.people.people import People
from faceaccess.store.people.shadows import ShadowDecisions
from faceaccess.store.people.templates import Templates
from faceaccess.store.people.types import Disagreement, Readiness, ShadowCounts
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.types import ModelChoice

_NAMES_SHOWN = 5

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class TrialState:
    """How far the trial of a model is.

    Attributes:
        active, candidate, former: names; the last two may be None.
        readiness: how many people the candidate knows.
        counts: how often it agreed with the active model at the door.
        policy: its threshold and margin; None: nobody set any, so it decides nothing.
        is_working: whether people are being made ready at this moment, in this process.
        failure: why that stopped, or None.
    """

    active: str
    candidate: str | None = None
    former: str | None = None
    readiness: Readiness = Readiness(0, 0)
    counts: ShadowCounts = ShadowCounts(0, 0, 0, 0)
    policy: MatchPolicy | None = None
    is_working: bool = False
    failure: FaceAccessError | None = None

    @property
    def is_ready(self) -> bool:
        """Whether everybody has templates of the candidate."""
        if self.candidate is None or self.failure is not None:
            return False
        return self.readiness.ready == self.readiness.people

    @property
    def is_untold(self) -> bool:
        """Whether it could be switched to although no entry has shown yet what it would decide."""
        return self.policy is not None and self.readiness.people > 0 and not self.counts.compared


@dataclass(frozen=True, eq=False)
class TrialModels:
    """What the trial needs from the code that loads models.

    Attributes:
        built_in: the model that decides where nobody chose one.
        model_id: returns the id of a model by its name, or raises ModelError.
        load: returns a model of its own with detector and empty gallery, in use by nobody else.
        match: returns the numbers in force for a model id; None where nobody set or measured any.
    """

    built_in: str
    model_id: Callable[[str], str]
    load: Callable[[str], Recogniser]
    match: Callable[[str], MatchPolicy | None]


class ModelTrial:
    """The use cases of changing the model. Slow: call off the GUI thread.

    What is tried stands in the policy and how far it is in the templates: nothing else needs to
    survive a kill. A thread of its own makes people ready and decides about entries once more.
    """

    def __init__(
        self,
        database: Database,
        *,
        policies: Policies,
        people: People,
        templates: Templates,
        journal: Journal,
        models: TrialModels,
        is_door_open: Callable[[], bool],
        on_switched: Callable[[], None],
        on_completed: Callable[[], None],
    ) -> None:
        """Wire the use cases.

        Args:
            database: of all the others.
            policies: say which models are in use.
            people: the people enrolled.
            templates: theirs.
            journal: of the door's entries.
            models: loads models.
            is_door_open: while it is, making people ready leaves it half of the time.
            on_switched: called when another model was chosen, on the caller's thread.
            on_completed: called when the active model got templates that it lacked, on the worker's.
        """
        self.database = database
        self._policies, self._people, self._templates = policies, people, templates
        self._journal, self._models, self._on_switched = journal, models, on_switched
        self._shadows = ShadowDecisions(database)
        self.worker = TrialWorker(
            chosen=self._chosen,
            templates=templates,
            journal=journal,
            shadows=self._shadows,
            model_id=models.model_id,
            load=models.load,
            match=models.match,
            is_door_open=is_door_open,
            on_completed=on_completed,
        )

    def resume(self) -> None:
        """Resume an unfinished trial, if there is one, on the trial's thread."""
        choice = self._policies.read(ModelChoice)
        if not self.database.is_read_only and (choice.candidate or choice.former):
            self.worker.start()

    def close(self) -> None:
        """Stop after the person under way; it is taken up again at the next start."""
        self.worker.stop()

    def on_event(self, event: Event) -> None:
        """Let the candidate decide about an entry too, later. Called from the inference thread."""
        self.worker.offer(event)

    def state(self) -> TrialState:
        """Return how far it is."""
        choice = self._chosen()
        active = choice.active or self._models.built_in
        if choice.candidate is None:
            return TrialState(active, former=choice.former)
        try:
            model_id = self._models.model_id(choice.candidate)
        except ModelError as exc:
            return TrialState(active, choice.candidate, choice.former, failure=exc)
        since = choice.tried_since or clock.utc_now()
        return TrialState(
            active,
            choice.candidate,
            choice.former,
            self._templates.by_model.readiness(model_id),
            self._shadows.counts(model_id, since),
            self._models.match(model_id),
            self.worker.is_working,
            self.worker.failure,
        )

    @needs(Right.SET_POLICY)
    def try_model(self, actor: Actor, name: str, *, in_background: bool = True) -> None:
        """Make everybody ready for a model in the background, and let it decide beside the active one.

        Args:
            actor: who does it.
            name: of the model.
            in_background: False leaves making people ready to `make_ready`.

        Raises:
            ModelError: there is no such model, its weights aren't here, or it is the active one.
        """
        self._models.model_id(name)
        choice = self._chosen()
        if name == choice.active:
            raise ModelError("{name} is in use already.", "Try another: faceaccess models list", name=name)
        if name != choice.candidate:
            with self.database.transaction():
                self._shadows.clear()
                since = clock.utc_now()
                self._policies.set(actor, replace(choice, candidate=name, tried_since=since))
        if in_background:
            self.worker.start()

    @needs(Right.SET_POLICY)
    def make_ready(
        self,
        actor: Actor,
        *,
        progress: Progress = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> int:
        """Make everybody ready for the candidate on this thread; return how many photos it can't use.

        Raises:
            ModelError: no model is tried.
            Cancelled: the operator stopped it; what was made is kept.
        """
        return self._embed_all(self._candidate(), progress, is_cancelled)

    @needs(Right.SET_POLICY)
    def stop(self, actor: Actor) -> None:
        """Stop trying the candidate; its templates stay until it is forgotten."""
        with self.database.transaction():
            self._shadows.clear()
            self._policies.set(actor, replace(self._chosen(), candidate=None, tried_since=None))
        self.worker.wake()

    @needs(Right.SET_POLICY)
    def switch(
        self,
        actor: Actor,
        *,
        leave_out: bool = False,
        progress: Progress = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Decide by the candidate from the next start of a door on; the former model is kept to go back.

        Args:
            actor: who does it.
            leave_out: also when it can use no photo of some people: they won't be recognised.
            progress: of making ready the people the background did not come to.
            is_cancelled: asked before each of them.

        Raises:
            ModelError: no model is tried, or it can use no photo of somebody, who is named.
            SettingsError: it has no threshold: that of another model says nothing about it.
            Cancelled: the operator stopped it; nothing changed.
        """
        name = self._candidate()
        self._require_threshold(name)
        choice = replace(self._chosen(), active=name, candidate=None, tried_since=None)
        former = self._chosen().active
        self._choose(actor, replace(choice, former=former), leave_out, progress, is_cancelled)

    @needs(Right.SET_POLICY)
    def go_back(self, actor: Actor, *, leave_out: bool = False) -> None:
        """Decide by the former model again; the one that decided until now is kept as the former.

        Raises:
            ModelError: there is none, or it can use no photo of somebody, who is named.
            SettingsError: it has no threshold any more.
        """
        choice = self._chosen()
        if choice.former is None:
            raise ModelError("There is no former model to go back to.", "See: faceaccess models list")
        self._require_threshold(choice.former)
        back = ModelChoice(active=choice.former, former=choice.active)
        self._choose(actor, back, leave_out, lambda _done, _all: None, lambda: False)

    @needs(Right.SET_POLICY)
    def forget(self, actor: Actor, name: str) -> int:
        """Remove all templates of a model that is neither in use nor tried; return how many.

        Raises:
            ModelError: it is in use or tried, or there is no such model.
        """
        model_id = self._models.model_id(name)
        with self.database.transaction():
            choice = self._chosen()
            if name in (choice.active, choice.candidate):
                raise ModelError(
                    "{name} is in use.", "Switch to another model, or stop trying it, first.", name=name
                )
            if name == choice.former:
                self._policies.set(actor, replace(choice, former=None))
            gone = self._templates.by_model.forget(model_id)
            details = {"model_id": model_id, "templates": gone}
            self._journal.record(actor, JournalKind.MODEL_FORGOTTEN, details=details)
        self.database.overwrite_freed()
        return gone

    @needs(Right.READ)
    def disagreements(self, actor: Actor, limit: int = 100) -> Sequence[Disagreement]:
        """Return the entries that the candidate would have decided differently, newest first."""
        name = self._chosen().candidate
        if name is None:
            return ()
        return self._shadows.disagreements(self._models.model_id(name), limit=limit)

    def _chosen(self) -> ModelChoice:
        choice = self._policies.read(ModelChoice)
        return replace(choice, active=choice.active or self._models.built_in)

    def _candidate(self) -> str:
        name = self._chosen().candidate
        if name is None:
            raise ModelError("No other model is tried.", "Begin with: faceaccess models try NAME")
        return name

    def _require_threshold(self, name: str) -> None:
        model_id = self._models.model_id(name)
        if self._models.match(model_id) is None:
            raise SettingsError(
                "No threshold has been set for the model {model_id}.",
                "Measure one with: faceaccess evaluate identify --model {name}; "
                "then: faceaccess models threshold {name} NUMBER",
                model_id=model_id,
                name=name,
            )

    def _embed_all(self, name: str, progress: Progress, is_cancelled: Callable[[], bool]) -> int:
        model = self._models.load(name)
        return reembed(
            self._templates, model.detector, model.embedder, progress=progress, is_cancelled=is_cancelled
        )

    def _choose(
        self,
        actor: Actor,
        choice: ModelChoice,
        leave_out: bool,
        progress: Progress,
        is_cancelled: Callable[[], bool],
    ) -> None:
        """Choose the models once everybody is ready for the active one that can be."""
        assert choice.active is not None
        model_id = self._models.model_id(choice.active)
        unusable: set[str] = set()
        while True:
            with self.database.transaction():
                # Nobody can be enrolled in here: who is not ready now never will be, or is embedded first.
                lacking = self._templates.by_model.lacking(model_id)
                if set(lacking) <= unusable:
                    if lacking and not leave_out:
                        raise self._not_ready(choice.active, lacking)
                    self._shadows.clear()
                    self._policies.set(actor, choice)
                    break
            self._embed_all(choice.active, progress, is_cancelled)
            # Who was enrolled since is not among them, and is embedded in another round.
            unusable |= set(lacking) & set(self._templates.by_model.lacking(model_id))
        self._on_switched()
        self.worker.start()

    def _not_ready(self, name: str, person_ids: Sequence[str]) -> ModelError:
        names = [self._people.get(person_id).name for person_id in person_ids[:_NAMES_SHOWN]]
        shown: str | Text = ", ".join(names)
        if len(person_ids) > len(names):
            shown = Text("{names} and {more} more", {"names": shown, "more": len(person_ids) - len(names)})
        return ModelError(
            "{name} can use no photo of some people ({count}): {names}.",
            "Add other photos of them, or switch on the command line with --leave-out: "
            "they won't be recognised then.",
            name=name,
            count=len(person_ids),
            names=shown,
        )
