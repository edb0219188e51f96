"""The use cases at the doors of a data folder: opening them, PINs, the desk's answers, corrections."""

import threading
from collections.abc import Callable, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from faceaccess.codes import LivenessMode, Outcome, Right, Role
from faceaccess.door.assembly import Assembly, Session
from faceaccess.door.cameras import Cameras
from faceaccess.door.desk import Answer
from faceaccess.door.groups import Groups
from faceaccess.door.live import LiveSession
from faceaccess.door.liveness.drill import Drills
from faceaccess.door.liveness.suspicions import SuspicionWatch
from faceaccess.door.liveness.turning import Read
from faceaccess.door.notifications import Notifications
from faceaccess.door.openings import Openings
from faceaccess.door.pin import PinAnswer, PinCheck
from faceaccess.door.rules import AccessCheck
from faceaccess.door.services import DoorServices
from faceaccess.door.trial_day.trial_days import TrialDays
from faceaccess.door.unknown_faces import UnknownFaces
from faceaccess.door.watch import Callbacks
from faceaccess.errors import CameraError, FaceAccessError, ModelError, PermissionDenied
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.recognition.types import MatchPolicy
from faceaccess.settings import CameraSettings, DoorSettings, SourceKind, source_kind
from faceaccess.store.access.groups import GroupMembers
from faceaccess.store.access.pins import DeskPin, Pins
from faceaccess.store.access.roles import needs, require
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Event
from faceaccess.store.outbox import Outbox
from faceaccess.store.people.other_ways import OtherWays
from faceaccess.store.people.people import People
from faceaccess.store.people.visitors import VisitorFaces
from faceaccess.store.policy.policies import Policies
from faceaccess.vision.liveness.passive import PassiveNetworks
from faceaccess.vision.liveness.signals import SignalReader
from faceaccess.vision.sources.camera import check_source, is_path, open_source, without_password
from faceaccess.vision.sources.shape import Shape
from faceaccess.vision.types import FrameSource

_MOST_NAME = 100


class Doors:
    """Opens one session at a time: all cameras, some, or a recording. May be called from any thread.

    Attributes:
        cameras: set up, found and tried.
        groups: the access groups and holidays.
        members: of the groups.
        access: the rules in force, kept in memory.
        openings: what opens each door.
        notifications: the programs that are told.
        desk_pin: ends the kiosk.
        trials: the trial days.
        drills: the attack drills.
    """

    def __init__(
        self,
        journal: Journal,
        policies: Policies,
        people: People,
        *,
        recogniser: Callable[[], Recogniser],
        beside: Callable[[], Recogniser],
        passive: Callable[[], PassiveNetworks],
        match: Callable[[], MatchPolicy],
        on_opening: Callable[[], None],
        on_event: Callable[[Event], None],
    ) -> None:
        """Take the parts.

        Args:
            journal: where entries are written.
            policies: say which cameras there are and how entries are made.
            people: the people enrolled.
            recogniser: returns the model that decides; slow the first time.
            beside: returns one that no door uses.
            passive: returns the networks that score how live a face looks, or raises ModelError.
            match: returns the threshold and margin in force, or raises SettingsError.
            on_opening: called before a session is put together.
            on_event: called with each entry, before whoever opened the door is told.
        """
        self.database = journal.database
        self._journal, self._policies = journal, policies
        self._recogniser, self._passive, self._match = recogniser, passive, match
        self._on_opening, self._on_event = on_opening, on_event
        self.cameras = Cameras(policies, beside)
        self.members = GroupMembers(journal.database)
        self.access = AccessCheck(policies, self.members, OtherWays(journal.database))
        self.groups = Groups(policies, self.access)
        self.openings = Openings(policies, journal)
        self._outbox = Outbox(journal.database)
        self.notifications = Notifications(policies, self._outbox)
        pins = Pins(journal.database)
        self.trials = TrialDays(journal, people)
        self.drills = Drills(journal, people, policies)
        self._pin_check = PinCheck(pins, people, journal)
        self._suspicions = SuspicionWatch(journal)
        self.desk_pin = DeskPin(policies, pins)
        self._starting = threading.Lock()
        self._services: DoorServices | None = None
        self._session: Session | None = None
        self._model_id = ""

    @property
    def services(self) -> DoorServices:
        """Openings and notifications, which run from the first call until the folder is closed."""
        with self._starting:
            if self._services is None:
                self._services = DoorServices(self._journal, self._policies, self._outbox)
                self._services.start()
            return self._services

    def close(self) -> None:
        """Stop whatever runs."""
        if self._session is not None:
            self._session.stop()
        if self._services is not None:
            self._services.stop()

    @needs(Right.RUN_DOOR)
    def open(
        self,
        actor: Actor,
        callbacks: Callbacks | None = None,
        source: str | None = None,
        *,
        is_paced: bool = True,
        as_camera: Callable[[str], FrameSource] | None = None,
        began_at: datetime | None = None,
        shape: Shape | None = None,
        is_trial: bool = False,
        is_drill: bool = False,
        door: str | None = None,
    ) -> Session:
        """Return a session on cameras or a recording, not started.

        Args:
            actor: the door alone opens only the cameras that were set up.
            callbacks: told of what happens; None tells nobody.
            source: the name of a camera, or any source as the first camera would see it; None takes
                all cameras.
            is_paced: play a recording no faster than it was recorded.
            as_camera: opens the sources, which are recordings, as live cameras: whoever is slow misses
                frames. Must be picklable.
            began_at: UTC of a recording's first picture; None takes what its file tells.
            shape: how the pictures are stretched and turned, instead of as the camera's settings say.
            is_trial: for a trial day: everybody makes an entry each time, none of which counts or opens a
                door; whoever sets the policy may.
            is_drill: for an attack drill: likewise, and as the drill that is under way says.
            door: the name of the door that a recording is at; without a source, all cameras of that door.

        Raises:
            CameraError: the source is nothing that a picture can ever come from.
            SettingsError: the active model has no threshold.
            PermissionDenied: the actor may not open it.
        """
        if actor.role is Role.DOOR and not self.has_camera(source):
            raise PermissionDenied(
                "The door alone opens only the cameras that were set up.",
                "Sign in with another role, or leave the source out.",
            )
        if is_trial or is_drill:
            require(self.database, actor, Right.SET_POLICY)
        policy = self._match()
        self._on_opening()
        callbacks = self._reported(callbacks or Callbacks())
        cameras = self._chosen_cameras(source) if source or door is None else self._cameras_at(door)
        if door is not None:
            cameras = [replace(camera, door=door) for camera in cameras]
        if shape is not None:
            cameras = [replace(camera, turn=shape.turn, stretch=shape.stretch) for camera in cameras]
        if len(cameras) == 1:
            self._check_source(cameras[0])
        elif as_camera is None:
            cameras = self._live_ones(cameras, callbacks.on_error)
        stored = {camera.camera_id: self._policies.baseline(camera.camera_id) for camera in cameras}
        # The cameras may have been saved since, and doors renamed with them.
        self.access.refresh()
        services = self.services
        services.report_to(callbacks.on_error, partial(self._on_opening_failed, callbacks))
        settings = self._policies.read(DoorSettings)
        assembly = Assembly(
            journal=self._journal,
            recogniser=self._recogniser(),
            policy=policy,
            door=replace(settings, cool_down_s=0.0) if is_trial or is_drill else settings,
            is_trial=is_trial,
            drill=self.drills.kind_now if is_drill else None,
            callbacks=callbacks,
            baselines={camera_id: baseline for camera_id, baseline in stored.items() if baseline},
            notify=services.notify,
            order=services.output.order,
            access=self.access,
            other_way=self.access.other_way,
            liveness=self._policies.liveness,
            read=self._reader({self._policies.liveness(camera.door).mode for camera in cameras}, callbacks),
            keep_unknown=UnknownFaces(self._policies, VisitorFaces(self.database)).keep,
        )
        self._model_id = policy.model_id
        if as_camera or len(cameras) > 1 or source_kind(cameras[0].source) is not SourceKind.RECORDING:
            known = self._policies.cameras()
            counts = as_camera is not None or all(camera.source in _sources(known) for camera in cameras)
            self._session = assembly.live(cameras, as_camera or open_source, counts=counts)
        else:
            path = Path(cameras[0].source).expanduser()
            self._session = assembly.replay(cameras[0], path, is_paced=is_paced, began_at=began_at)
        return self._session

    def _reader(self, modes: Set[LivenessMode], callbacks: Callbacks) -> Read | None:
        """Return what reads the signals of pictures; None where no door asks for them.

        A door that asks when in doubt is always in doubt where the networks aren't here, and that is said.
        """
        if modes <= {LivenessMode.OFF}:
            return None
        try:
            return SignalReader(self._passive()).read
        except ModelError as error:
            if LivenessMode.IN_DOUBT in modes:
                callbacks.on_error(
                    ModelError(
                        "How live a face looks can't be measured: {reason} So everybody is asked to turn.",
                        error.hint_text,
                        reason=error.message_text,
                    )
                )
            return SignalReader(None).read

    def _reported(self, callbacks: Callbacks) -> Callbacks:
        """Return callbacks that tell `on_event` first, and of suspicions."""

        def on_event(event: Event) -> None:
            self._on_event(event)
            callbacks.on_event(event)
            try:
                suspicions = self._suspicions.observe(event)
            except FaceAccessError as error:
                # The entry itself is written.
                callbacks.on_error(error)
                return
            if suspicions is not None:
                callbacks.on_suspicions(suspicions)

        return replace(callbacks, on_event=on_event)

    def _live_ones(
        self, cameras: Sequence[CameraSettings], on_error: Callable[[FaceAccessError], None]
    ) -> list[CameraSettings]:
        """Return those of several cameras that can give a picture; the others are reported and left out."""
        live = []
        for camera in cameras:
            try:
                if source_kind(camera.source) is SourceKind.RECORDING:
                    raise CameraError("This is a recording, not a camera.", "Play it by itself.")
                self._check_source(camera)
                live.append(camera)
            except CameraError as error:
                reason = error.message_text
                on_error(
                    CameraError(
                        "{camera} is left out: {reason}", error.hint_text, camera=camera.name, reason=reason
                    )
                )
        if not live:
            raise CameraError("No picture can come from any of the cameras.", "See: faceaccess cameras list")
        return live

    def _check_source(self, camera: CameraSettings) -> None:
        """Refuse what no picture can ever come from; a webcam that isn't there may be plugged in."""
        was_set_up = camera.source in _sources(self._policies.cameras())
        if not was_set_up or "://" in camera.source or is_path(camera.source):
            check_source(camera.source)

    def has_camera(self, source: str | None) -> bool:
        """Tell whether a source is one of the cameras that were set up; None means all of them."""
        named = {name for camera in self._policies.cameras() for name in (camera.camera_id, camera.name)}
        return source is None or source in named

    def _cameras_at(self, door: str) -> Sequence[CameraSettings]:
        cameras = [camera for camera in self._policies.cameras() if camera.door.casefold() == door.casefold()]
        if not cameras:
            raise CameraError(
                "No camera looks at a door named {door}.", "See: faceaccess cameras list", door=door
            )
        return cameras

    def _chosen_cameras(self, source: str | None) -> Sequence[CameraSettings]:
        cameras = self._policies.cameras()
        if source is None:
            return cameras
        named = [camera for camera in cameras if source in (camera.camera_id, camera.name, camera.source)]
        if named or source_kind(source) is SourceKind.RECORDING:
            return named or [replace(cameras[0], source=source)]
        # What was not set up stands in the log by where it is.
        name = without_password(source) if "://" in source else source
        return [replace(cameras[0], name=name[:_MOST_NAME], source=source)]

    def use_policy(self, policy: MatchPolicy) -> None:
        """Decide by another threshold from the next frame on, where a door is open with that model."""
        if self._session is not None and policy.model_id == self._model_id:
            self._session.use_policy(policy)

    @property
    def is_in_use(self) -> bool:
        """Whether a session was opened, running or not."""
        return self._session is not None

    @property
    def is_running(self) -> bool:
        """Whether a session runs."""
        return self._session is not None and self._session.is_running

    def _live(self) -> LiveSession | None:
        session = self._session
        return session if isinstance(session, LiveSession) and session.is_running else None

    def _require_live(self) -> LiveSession:
        session = self._live()
        if session is None:
            raise CameraError("The door is closed.", "Start it first.")
        return session

    def enter_pin(self, camera_id: str, staff_number: str, pin: str) -> tuple[PinAnswer, Event | None]:
        """Let somebody in by staff number and PIN at a door that is open. Slow on purpose.

        Returns:
            What it came to, and the entry; None when it makes none: the person has just made
            one, or waits for having guessed.

        Raises:
            FaceAccessError: the door is closed, or the entry could not be written.
        """
        session = self._require_live()
        door = next((camera.door for camera in session.cameras if camera.camera_id == camera_id), None)
        if door is None:
            raise CameraError("This camera is no longer in service.", "Choose another in the settings.")
        now = datetime.now(UTC)
        answer = self._pin_check.check(staff_number, pin, door=door, now=now)
        return answer, session.enter(camera_id, answer, now) if answer.is_entry else None

    @needs(Right.ANSWER_DESK)
    def answer_question(self, actor: Actor, question_id: int, person_id: str | None) -> Event | None:
        """Enter the desk's answer; None when it came too late, or the person has just made an entry.

        Args:
            actor: who says so.
            question_id: what was asked.
            person_id: who it is; None for none of the candidates.

        Raises:
            FaceAccessError: the door is closed, or the entry could not be written.
        """
        return self._require_live().answer(Answer(question_id, person_id, actor))

    def _on_opening_failed(self, callbacks: Callbacks, event: Event) -> None:
        """Let somebody left before a shut door enter again at once. Called from the door's own thread."""
        callbacks.on_not_opened(event)
        session = self._live()
        if session is not None and event.entry.person_id:
            # A door that was closed meanwhile has nothing to forget.
            with suppress(FaceAccessError):
                session.forget(event.entry.person_id, event.entry.door)

    @needs(Right.VOID_GREETING)
    def void_entry(self, actor: Actor, event: Event) -> None:
        """Void an entry by a correction of its own, and tell the programs that are told of refusals.

        Raises:
            StoreError: it is voided already, or the correction could not be written.
        """
        with self.database.transaction():
            seq = self._journal.void(actor, event.seq)
            self.services.notify(seq, Outcome.DENIED)
        session = self._live()
        if session is not None and event.entry.person_id:
            session.forget(event.entry.person_id)

    def check_desk_pin(self, pin: str) -> bool:
        """Tell whether a PIN is the one that ends the kiosk. Slow on purpose."""
        return self.desk_pin.check(pin, datetime.now(UTC))


def _sources(cameras: Sequence[CameraSettings]) -> set[str]:
    """Return the sources of the cameras that were set up."""
    return {camera.source for camera in cameras}
