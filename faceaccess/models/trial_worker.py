"""The thread that makes people ready for a model on trial, and lets it decide about entries once more."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from faceaccess.errors import Cancelled, FaceAccessError
from faceaccess.models.kept_faces import embedded
from faceaccess.models.reembedding import bring_up_to_date, reembed
from faceaccess.recognition.decision import decide
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.recognition.types import Decision, MatchPolicy
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import EntryCrop, Event
from faceaccess.store.people.shadows import ShadowDecisions, is_by_model, named
from faceaccess.store.people.templates import Templates
from faceaccess.store.policy.types import ModelChoice
from faceaccess.vision.types import Quality

logger = logging.getLogger(__name__)

WAITING = 200
"""So many entries may wait for the candidate; more are passed over, and counted as not compared."""

AGAIN_AFTER_S = 600.0
"""What failed is tried again after so long, or when something changes."""

_JUDGED = Quality(0.0, 0.0, 0.0, 0.0, 1.0)
"""Of a face that was good enough for an entry."""


class TrialWorker:
    """Does one thing after another on one thread, so that a model is never in use twice."""

    def __init__(
        self,
        *,
        chosen: Callable[[], ModelChoice],
        templates: Templates,
        journal: Journal,
        shadows: ShadowDecisions,
        model_id: Callable[[str], str],
        load: Callable[[str], Recogniser],
        match: Callable[[str], MatchPolicy | None],
        is_door_open: Callable[[], bool],
        on_completed: Callable[[], None],
    ) -> None:
        """Take the parts; see `ModelTrial`."""
        self._chosen, self._templates, self._journal, self._shadows = chosen, templates, journal, shadows
        self._model_id, self._load, self._match = model_id, load, match
        self._is_door_open, self._on_completed = is_door_open, on_completed
        self._waiting: deque[tuple[int, str | None]] = deque()
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._candidate: tuple[str, Recogniser] | None = None
        self._active: tuple[str, Recogniser] | None = None
        self._unusable: dict[str, set[tuple[int, str]]] = {}
        self.dropped = 0
        self.is_working = False
        self.failure: FaceAccessError | None = None

    def start(self) -> None:
        """Begin, or look again where it runs. May be called from any thread."""
        with self._lock:
            if self._thread is None and not self._stopping.is_set():
                self._thread = threading.Thread(target=self._loop, name="trial", daemon=True)
                self._thread.start()
        self.wake()

    def stop(self) -> None:
        """End after the person under way. May be called again."""
        self._stopping.set()
        self._woken.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def wake(self) -> None:
        """Look again at what is chosen and who is ready. May be called from any thread."""
        self._woken.set()

    def offer(self, event: Event) -> None:
        """Let the candidate decide about an entry when there is time. Called from the inference thread."""
        if self._thread is None or not is_by_model(event):
            return
        if len(self._waiting) >= WAITING:
            self.dropped += 1
            return
        self._waiting.append((event.seq, named(event.entry.outcome, event.entry.person_id)))
        self._woken.set()

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                self._turn()
                self.failure = None
            except Cancelled:
                continue
            except FaceAccessError as exc:
                logger.warning("The model on trial can't go on: %s", type(exc).__name__)
                self.failure = exc
            except Exception:  # the edge of this thread: the door goes on without it
                logger.exception("the model on trial failed")
                self.failure = FaceAccessError(
                    "Trying the model met an unexpected fault.", "The log file has the details."
                )
            finally:
                self.is_working = False
            self._woken.wait(AGAIN_AFTER_S)

    def _turn(self) -> None:
        choice = self._chosen()
        candidate = self._loaded(choice.candidate)
        if candidate is not None and choice.candidate is not None and self._lacks(choice.candidate):
            self._complete(choice, candidate)
        for name in (choice.active, choice.former):
            # Who was enrolled by one model while another was chosen: nobody may be missing from either.
            if name is not None and self._lacks(name):
                self._complete(choice, self._load(name))
                if name == choice.active:
                    self._on_completed()
        self._decide(choice, candidate)

    def _loaded(self, name: str | None) -> Recogniser | None:
        """Return the candidate, loaded once as long as it is tried."""
        if name is None:
            self._candidate = self._active = None
        elif self._candidate is None or self._candidate[0] != name:
            self._candidate = (name, self._load(name))
        return None if self._candidate is None else self._candidate[1]

    def _lacks(self, name: str) -> bool:
        """Tell whether photos have no template of a model that might have one."""
        model_id = self._model_id(name)
        return bool(set(self._templates.by_model.missing(model_id)) - self._unusable.get(model_id, set()))

    def _complete(self, choice: ModelChoice, model: Recogniser) -> None:
        """Embed photos that lack templates of a model, until something else is chosen.

        Raises:
            Cancelled: something else was chosen, or the thread is to end.
        """
        self.is_working = True
        model_id = model.embedder.model_id
        before = self._templates.by_model.missing(model_id)
        pace = _Pace(self._stopping, self._is_door_open)
        reembed(
            self._templates,
            model.detector,
            model.embedder,
            progress=pace.rest,
            is_cancelled=lambda: self._stopping.is_set() or self._chosen() != choice,
        )
        # What came in meanwhile is not among them: it is looked at in the next turn.
        self._unusable[model_id] = set(before) & set(self._templates.by_model.missing(model_id))
        self.is_working = False

    def _decide(self, choice: ModelChoice, candidate: Recogniser | None) -> None:
        policy = None if candidate is None else self._match(candidate.embedder.model_id)
        if candidate is None or policy is None:
            self._waiting.clear()
            return
        bring_up_to_date(candidate.gallery, self._templates)
        while self._waiting and not self._stopping.is_set():
            seq, said = self._waiting.popleft()
            crop = self._journal.events.entry_crop(seq)
            decision = None if crop is None else _decision(crop, candidate, policy)
            if crop is None or decision is None:
                continue
            who = named(decision.outcome, decision.person_id)
            is_by_picture = who != said and self._said_alone(choice, crop) == (True, who)
            self._shadows.keep(
                seq,
                model_id=policy.model_id,
                outcome=decision.outcome,
                person_id=decision.person_id,
                distance=decision.distance,
                is_by_picture=is_by_picture,
            )

    def _said_alone(self, choice: ModelChoice, crop: EntryCrop) -> tuple[bool, str | None]:
        """Return whether the model in use can decide from this one picture, and the person it names."""
        assert choice.active is not None
        if self._active is None or self._active[0] != choice.active:
            self._active = (choice.active, self._load(choice.active))
        active = self._active[1]
        policy = self._match(active.embedder.model_id)
        bring_up_to_date(active.gallery, self._templates)
        decision = None if policy is None else _decision(crop, active, policy)
        return (False, None) if decision is None else (True, named(decision.outcome, decision.person_id))


def _decision(crop: EntryCrop, model: Recogniser, policy: MatchPolicy) -> Decision | None:
    """Return a model's decision about a loose crop; None where its face isn't found again."""
    embedding = embedded(crop, model)
    if embedding is None:
        return None
    return decide(model.gallery.search(embedding[None])[0], _JUDGED, policy)


class _Pace:
    """Leaves the processor to the door as long as each person took."""

    def __init__(self, stopping: threading.Event, is_door_open: Callable[[], bool]) -> None:
        self._stopping, self._is_door_open = stopping, is_door_open
        self._began_s = time.perf_counter()

    def rest(self, _done: int, _all: int) -> None:
        """Wait after a person, while a door is open."""
        if self._is_door_open():
            self._stopping.wait(time.perf_counter() - self._began_s)
        self._began_s = time.perf_counter()
