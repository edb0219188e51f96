"""The watch over one camera or recording: from its frames to entries."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from faceaccess.codes import CameraDoubt, CameraFault, CameraState, Drift, Method, Outcome, Passage, Reason
from faceaccess.door import rules
from faceaccess.door.checkin import NAMED, CheckIn, CheckInPolicy
from faceaccess.door.desk import Answer, Desk, Question, answered, truth_of
from faceaccess.door.entries import EntryLog
from faceaccess.door.health import HealthWatch
from faceaccess.door.liveness.suspicions import Suspicions
from faceaccess.door.liveness.turning import Turning, TurnPrompt
from faceaccess.door.pin import PinAnswer
from faceaccess.door.policy_clock import PolicyClock
from faceaccess.door.rules import AccessCheck
from faceaccess.door.supervision import CameraStatus
from faceaccess.errors import CameraError, FaceAccessError
from faceaccess.log import Step
from faceaccess.recognition.pipeline import Pipeline
from faceaccess.recognition.types import Decision, FrameResult, MatchPolicy
from faceaccess.settings import CameraSettings
from faceaccess.steady import steady_s
from faceaccess.store.access.types import DOOR, Actor
from faceaccess.store.journal.types import Event
from faceaccess.vision.sources.pace import TOO_SLOW_S, Pace
from faceaccess.vision.tracking import life_s
from faceaccess.vision.types import Frame, Quality

logger = logging.getLogger(__name__)

STALE_S = 2.0
"""A live frame older than this is never decided on."""

_NO_FACE = Quality(0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Callbacks:
    """The reports of a session, all on its own threads: hand them on, don't work in them.

    Results, states and turns come with the id of their camera. Without `on_question` nobody can answer,
    so nobody is asked about: who isn't clearly known is refused at once.
    """

    on_result: Callable[[str, FrameResult], None] = lambda _, __: None
    on_event: Callable[[Event], None] = lambda _: None
    on_error: Callable[[FaceAccessError], None] = lambda _: None
    on_status: Callable[[str, CameraStatus], None] = lambda _, __: None
    on_drift: Callable[[str, Mapping[Drift, float]], None] = lambda _, __: None
    on_question: Callable[[Question], None] | None = None
    on_answered: Callable[[int], None] = lambda _: None
    on_not_opened: Callable[[Event], None] = lambda _: None
    on_turn: Callable[[str, TurnPrompt], None] = lambda _, __: None
    on_suspicions: Callable[[Suspicions], None] = lambda _: None


class Watch:
    """Judges the frames of one camera, in their order. For use on the inference thread.

    It has 13 public methods, because a recording judges a frame in one step, and a live door in two: several
    cameras are looked at before the first is decided on.
    """

    def __init__(
        self,
        camera: CameraSettings,
        *,
        pipeline: Pipeline,
        checkin: CheckInPolicy,
        log: EntryLog,
        callbacks: Callbacks,
        health: HealthWatch | None = None,
        order: Callable[[Event], None] = lambda _: None,
        access: AccessCheck | None = None,
        desk: Desk | None = None,
        desks: Sequence[Desk] = (),
        clock: PolicyClock | None = None,
        turning: Turning | None = None,
        doubt: Callable[[CameraSettings], tuple[CameraDoubt, str] | None] = lambda _: None,
    ) -> None:
        """Take the parts.

        Args:
            camera: what it is called and which way people pass it.
            pipeline: finds and recognises faces.
            checkin: makes entries; shared by the cameras of a door.
            log: writes them.
            callbacks: told of results and entries.
            health: compares faces with those of the camera's set-up; None when there were none.
            order: opens the door for an entry that lets somebody in.
            access: the rules of who may pass when; None lets in everybody at any time.
            desk: is asked about people neither clearly known nor clearly strangers; None never.
            desks: those of all cameras of this door: somebody let in at one is asked about at none.
            clock: tells the policy's time; shared by all who share the policy.
            turning: asks people to turn their heads before it counts; None asks nobody.
            doubt: tells whether the webcam is virtual, or another than was set up.
        """
        self._turning, self._doubt = turning, doubt
        self._doubted: tuple[CameraDoubt, str] | None = None
        self._clock = clock or PolicyClock()
        self._desks = desks or ((desk,) if desk is not None else ())
        self.camera = camera
        self._pipeline, self._checkin, self._log, self._callbacks = pipeline, checkin, log, callbacks
        self._health, self._order, self._access, self._desk = health, order, access, desk
        self._processed: Frame | None = None
        self._pace = Pace()
        self._has_decided = False
        self._journalled: tuple[CameraState, CameraFault | None] | None = None

    def begin(self, fps: float) -> None:
        """Take note of how many pictures a second a recording says that it has; 0 when it says nothing."""
        self._pace = Pace(fps)

    def use_policy(self, policy: MatchPolicy) -> None:
        """Decide by another threshold from the next frame on. May be called from any thread."""
        self._pipeline.policy = policy

    def judge(self, frame: Frame) -> bool:
        """Judge a frame if it is due; tell whether it was.

        Raises:
            StoreError: an entry could not be written: there is none, and the next frames try again.
        """
        look = self.look_at(frame)
        if look is None:
            return False
        self.decide(frame, look())
        return True

    def look_at(self, frame: Frame) -> Callable[[], FrameResult] | None:
        """Return what finds and recognises the faces of a frame; None where it isn't due.

        That takes nearly all the time and may be called on any thread, once, before this watch is used again.

        Raises:
            StoreError: an entry could not be written, see `judge`.
        """
        if self._processed and self._processed.image.shape != frame.image.shape:
            # Boxes of another resolution would be found again in the wrong place.
            self.end_tracks()
        self._processed = frame
        self._pace.take(frame.time_s)
        settled = self._checkin.settled()
        if self._turning is not None:
            settled -= self._turning.track_ids
        if not self._pipeline.is_due(frame.time_s, settled):
            return None
        return partial(self._pipeline.process, frame, settled, interval_s=self._pace.interval_s)

    def decide(self, frame: Frame, result: FrameResult) -> None:
        """Make entries of what a frame shows, and tell of both.

        Raises:
            StoreError: an entry could not be written, see `judge`.
        """
        now = self._clock.at(frame.captured_at, frame.time_s)
        result = rules.apply(result, partial(self._denial, at=frame.captured_at))
        if self._turning is not None:
            self._turning.measure(result, is_replayed=frame.is_replayed)
        self._write(self._held(self._checkin.observe(result, now, self.camera.passage), result))
        if result.faces and not self._has_decided:
            self._has_decided = True
            logger.info("%s", Step.DECIDED)
        self._callbacks.on_result(self.camera.camera_id, replace(result, settled=self._checkin.settled()))
        if self._health is not None and self._health.observe(result):
            self._log.camera_drift(self._health.drifts)
            self._callbacks.on_drift(self.camera.camera_id, self._health.drifts)

    def admit(self, answer: PinAnswer, at: datetime) -> Event | None:
        """Enter somebody who gave a PIN; None when they have just made an entry.

        Args:
            answer: the result of the PIN's check.
            at: UTC.

        Raises:
            StoreError: it could not be written; there is no entry.
        """
        outcome, reason = answer.outcome, answer.reason
        if outcome is Outcome.ACCEPTED and answer.person_id is not None:
            denial = self._denial(answer.person_id, at=at)
            outcome, reason = (Outcome.DENIED, denial) if denial else (outcome, reason)
        # No distance is compared with a PIN.
        policy = replace(self._pipeline.policy, threshold=0.0)
        decision = Decision(outcome, reason, answer.person_id, None, None, None, policy)
        shown = CheckIn(decision, _NO_FACE, None, at, 0, 0.0, 0, method=Method.PIN)
        entry = self._checkin.admit(shown, self._clock.at(at, steady_s()), self.camera.passage)
        if entry is None:
            return None
        try:
            return self._enter(entry)
        except FaceAccessError:
            self._checkin.retract(entry)
            raise

    def forget(self, person_id: str) -> None:
        """Let a person enter at once: their last entry was somebody else's."""
        self._checkin.forget(person_id)

    def answer(self, answer: Answer) -> Event | None:
        """Enter the desk's answer; None when it came too late, or the person has just made an entry.

        Raises:
            StoreError: it could not be written; the question stays open.
        """
        question = self._desk.take(answer.question_id) if self._desk else None
        if question is None or self._desk is None:
            return None
        entry, truth = answered(question, answer, self._denial), truth_of(question, answer)
        now = self._clock.at(datetime.now(UTC), steady_s())
        admitted = self._checkin.admit(entry, now, self.camera.passage)
        event = None
        try:
            if admitted is not None:
                event = self._enter(admitted, answer.actor, truth)
            else:
                self._log.desk_answer(truth, question.check_in.decision.policy, answer.actor)
        except FaceAccessError:
            if admitted is not None:
                self._checkin.retract(admitted)
            self._desk.put_back(question)
            raise
        self._callbacks.on_answered(question.question_id)
        return event

    def end_questions(self, now_s: float) -> None:
        """Refuse those for whom nobody at the desk answered in time, and who did not turn in theirs.

        Args:
            now_s: on the steady clock; infinity ends all.

        Raises:
            StoreError: a refusal could not be written.
        """
        if self._turning is not None:
            self._write(self._turning.wait(now_s))
        if self._desk is None:
            return
        for question in self._desk.expired(now_s):
            self._callbacks.on_answered(question.question_id)
            self._enter(question.check_in)

    def _denial(self, person_id: str, at: datetime) -> Reason | None:
        """Return why somebody may not pass now; leaving never depends on this program."""
        if self._access is None or self.camera.passage is Passage.OUT:
            return None
        return self._access.reason_for(person_id, self.camera.door, at)

    def has_lost_sight(self, time_s: float) -> bool:
        """Tell whether the last frame is too old for anybody in it to be followed.

        Args:
            time_s: now, on the source's clock.
        """
        life = max(STALE_S, life_s(self._pace.interval_s))
        return self._processed is not None and self._processed.time_s < time_s - life

    @property
    def is_too_slow(self) -> bool:
        """Whether the source gives so few pictures that most people pass between two of them."""
        return self._pace.interval_s > TOO_SLOW_S

    def end_tracks(self) -> None:
        """End whatever is in the picture: it can't be followed any longer.

        Raises:
            StoreError: an entry could not be written.
        """
        ended = self._pipeline.end()
        if self._turning is not None:
            self._turning.forget(ended)
        for track_id in ended:
            self._write(self._checkin.end_track(track_id))

    def camera_changed(self, status: CameraStatus) -> None:
        """Journal a change once, and pass it on. Called from the camera's thread."""
        change = (status.state, status.fault)
        if status.state is not CameraState.CONNECTING and change != self._journalled:
            self._journalled = change
            try:
                self._log.camera_state(status.state, status.fault)
                if status.state is CameraState.ONLINE:
                    self._look_at_camera()
            except FaceAccessError as exc:
                self._callbacks.on_error(exc)
        self._callbacks.on_status(self.camera.camera_id, status)

    def _look_at_camera(self) -> None:
        """Say where the webcam is virtual, or another than was set up. Called from the camera's thread."""
        doubt = self._doubt(self.camera)
        if self._turning is not None:
            self._turning.is_other_camera = doubt is not None
        if doubt == self._doubted:
            return
        self._doubted = doubt
        if doubt is None:
            return
        self._log.camera_doubted(*doubt, self.camera.device)
        if doubt[0] is CameraDoubt.VIRTUAL:
            error = CameraError(
                "{camera} is a virtual camera ({device}): a program makes its pictures.",
                "Somebody may play a recording. Choose a real camera in the settings.",
                camera=self.camera.name,
                device=doubt[1],
            )
        else:
            error = CameraError(
                "{camera} is {device} now, and was {expected} when it was set up.",
                "Look at the cable. If it was changed on purpose, save the camera in the settings again.",
                camera=self.camera.name,
                device=doubt[1],
                expected=self.camera.device,
            )
        self._callbacks.on_error(error)

    def _held(self, entries: Sequence[CheckIn], result: FrameResult) -> Sequence[CheckIn]:
        """Return the entries of a picture that need not wait for a turn of the head, and those that did."""
        if self._turning is None:
            return entries
        return [*self._turning.hold(entries, result), *self._turning.observe(result)]

    def _write(self, entries: Sequence[CheckIn]) -> None:
        """Commit first, show second."""
        for entry in entries:
            if entry.decision.outcome is Outcome.SUSPECTED:
                self._checkin.suspect(entry)
            ask = self._callbacks.on_question
            question = self._desk.ask(entry, steady_s()) if self._desk and ask else None
            if ask is not None and question is not None:
                ask(question)
                continue
            try:
                self._enter(entry)
            except FaceAccessError:
                self._checkin.retract(entry)
                raise

    def _enter(self, entry: CheckIn, actor: Actor = DOOR, truth: Mapping[str, object] | None = None) -> Event:
        event = self._log.append(entry, actor, truth)
        self._order(event)
        self._callbacks.on_event(event)
        self._withdraw_questions(entry)
        return event

    def _withdraw_questions(self, entry: CheckIn) -> None:
        """Withdraw the questions about somebody who has since been recognised."""
        decision = entry.decision
        if decision.outcome not in NAMED or decision.person_id is None:
            return
        if self._turning is not None:
            self._turning.withdraw(decision.person_id)
        for desk in self._desks:
            for question in desk.withdraw(track_id=entry.track_id, person_id=decision.person_id):
                self._callbacks.on_answered(question.question_id)
