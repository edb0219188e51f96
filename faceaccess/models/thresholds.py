"""The thresholds and margins in force: measured for a model, set by an operator, or tried out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from faceaccess.codes import Right
from faceaccess.models.recognisers import Recognisers
from faceaccess.recognition.calibration import default_match
from faceaccess.recognition.decision import decide
from faceaccess.recognition.types import Candidate, Decision, MatchPolicy
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.types import Entry
from faceaccess.store.people.templates import Templates
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.types import StoredMatch, ThresholdEvidence
from faceaccess.vision.types import Quality

_JUDGED = Quality(0.0, 0.0, 0.0, 0.0, 1.0)
"""Of a face that was good enough to have a distance."""


class DecidingDoors(Protocol):
    """The doors, as far as a threshold matters to them."""

    @property
    def is_in_use(self) -> bool:
        """Whether a session was opened, running or not."""

    @property
    def is_running(self) -> bool:
        """Whether a session runs."""

    def use_policy(self, policy: MatchPolicy) -> None:
        """Decide by another threshold from the next frame on."""


class Thresholds:
    """One threshold and margin per model; an open door is told of each change."""

    def __init__(
        self,
        policies: Policies,
        doors: DecidingDoors,
        recognisers: Recognisers,
        *,
        templates: Templates,
        on_set: Callable[[], None],
    ) -> None:
        """Take the parts.

        Args:
            policies: keep what operators set.
            doors: decide by it.
            recognisers: say which model is active.
            templates: say how many people are enrolled.
            on_set: called when the numbers of any model by its name were kept.
        """
        self.database = policies.database
        self._policies, self._doors, self._recognisers, self._on_set = policies, doors, recognisers, on_set
        self._templates = templates
        self._preview: float | None = None

    @property
    def measured(self) -> MatchPolicy | None:
        """The measured threshold, for the people enrolled now, and margin of the active model.

        None when it wasn't measured.
        """
        return self._measured(self._recognisers.model_id)

    @property
    def in_force(self) -> MatchPolicy | None:
        """The threshold and margin in force; None when nobody has set any for this model."""
        policy = self.of(self._recognisers.model_id)
        if self._preview is None:
            return policy
        policy = policy or MatchPolicy(self._recognisers.model_id, self._preview, 0.0)
        return replace(policy, threshold=self._preview, source="operator")

    def _measured(self, model_id: str) -> MatchPolicy | None:
        return default_match(model_id, self._templates.by_model.enrolled())

    def of(self, model_id: str) -> MatchPolicy | None:
        """Return the threshold and margin of a model; None when nobody has set any.

        A measured threshold follows the number of people enrolled; one that somebody set stays.
        """
        stored, measured = self._policies.match(model_id), self._measured(model_id)
        if stored is None:
            return measured
        return replace(
            measured or MatchPolicy(stored.model_id, 0.0, 0.0),
            threshold=stored.threshold,
            margin=stored.margin,
            source=stored.source,
            people=stored.people,
        )

    def follow_people(self) -> None:
        """Let an open door decide by the threshold for the people enrolled now."""
        if self._doors.is_in_use and self._recognisers.is_loaded and (policy := self.in_force):
            self._doors.use_policy(policy)

    @needs(Right.SET_POLICY)
    def preview(self, actor: Actor, threshold: float) -> None:
        """Decide by a threshold from the next frame on, without keeping it.

        Loads no model, since the window calls this while a slider moves.

        Raises:
            PermissionDenied: the actor may not change it.
        """
        self._preview = threshold
        # Without a model loaded there is no door to tell; one that opens later asks `in_force`.
        self.follow_people()

    def forget_preview(self) -> None:
        """Decide by the stored numbers again: those tried out were meant for another model."""
        self._preview = None

    def judge_again(self, entry: Entry) -> Decision | None:
        """Return the decision about an entry's face by the numbers in force now.

        None for an entry that has no distance, or was made with another model.
        """
        policy, nearest = self.in_force, entry.person_id or entry.nearest_id
        if policy is None or entry.distance is None or nearest is None or entry.model_id != policy.model_id:
            return None
        candidates = [Candidate(nearest, entry.distance, 0)]
        if entry.runner_up_id is not None and entry.runner_up_distance is not None:
            candidates.append(Candidate(entry.runner_up_id, entry.runner_up_distance, 0))
        return decide(candidates, _JUDGED, policy)

    @property
    def evidence(self) -> ThresholdEvidence | None:
        """Why the threshold in force was chosen; None of one that was measured, or set without evidence."""
        stored = self._policies.match(self._recognisers.model_id)
        return None if stored is None else stored.evidence

    def save(
        self, actor: Actor, threshold: float, margin: float, evidence: ThresholdEvidence | None = None
    ) -> None:
        """Store a threshold and margin for the active model; journalled once.

        The measured ones are kept as the default, which goes on following the number of people enrolled.

        Args:
            actor: who sets them.
            threshold: squared L2.
            margin: likewise.
            evidence: of a threshold that was chosen from the people enrolled.

        Raises:
            SettingsError: a number outside 0 to 4.
        """
        self._keep(actor, self._recognisers.model_id, threshold, margin, evidence)
        self._preview = None
        policy = self.in_force
        if policy is not None:
            self._doors.use_policy(policy)

    @needs(Right.SET_POLICY)
    def save_for(self, actor: Actor, name: str, threshold: float, margin: float) -> None:
        """Store a threshold and margin for any model by its name; journalled once.

        Raises:
            ModelError: there is no such model, or its weights aren't here.
            SettingsError: a number outside 0 to 4.
        """
        model_id = self._recognisers.id_of(name)
        self._keep(actor, model_id, threshold, margin)
        recognisers = self._recognisers
        if recognisers.is_loaded and model_id == recognisers.model_id and (policy := self.in_force):
            self._doors.use_policy(policy)
        self._on_set()

    def _keep(
        self,
        actor: Actor,
        model_id: str,
        threshold: float,
        margin: float,
        evidence: ThresholdEvidence | None = None,
    ) -> None:
        measured = self._measured(model_id)
        numbers = round(threshold, 3), round(margin, 3)
        is_measured = measured is not None and numbers == (measured.threshold, round(measured.margin, 3))
        if is_measured and evidence is None:
            self._policies.forget_match(actor, model_id)
            return
        people = self._templates.by_model.enrolled()
        self._policies.set_match(
            actor, StoredMatch(model_id, threshold, margin, "operator", people, evidence)
        )
