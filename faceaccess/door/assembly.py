"""Puts a session together: the cameras of each door share one policy and one way of numbering tracks."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from faceaccess.codes import AttackKind, LivenessMode, OtherWay, Outcome
from faceaccess.door.cameras import doubt_about, shape_of
from faceaccess.door.checkin import TURNS_ANEW_S, CheckInPolicy
from faceaccess.door.desk import Desk
from faceaccess.door.entries import EntryLog
from faceaccess.door.health import HealthWatch
from faceaccess.door.live import LiveSession
from faceaccess.door.liveness.turning import Read, Turning
from faceaccess.door.policy_clock import PolicyClock
from faceaccess.door.replay import ReplaySession
from faceaccess.door.rules import AccessCheck
from faceaccess.door.watch import Callbacks, Watch
from faceaccess.recognition.pipeline import Pipeline, Recogniser
from faceaccess.recognition.presentation import TurnLimits
from faceaccess.recognition.types import MatchPolicy, TrackedFace
from faceaccess.settings import CameraSettings, DoorSettings, LivenessSettings
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Event
from faceaccess.store.policy.types import Baseline
from faceaccess.vision.sources.camera import open_source, shaped_by
from faceaccess.vision.sources.capture import CaptureProcess
from faceaccess.vision.types import FloatArray, FrameSource

Session = LiveSession | ReplaySession


@dataclass(frozen=True, eq=False)
class _Shared:
    """What the cameras of one door have in common."""

    checkin: CheckInPolicy
    clock: PolicyClock = field(default_factory=PolicyClock)
    desks: list[Desk] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Assembly:
    """What all sessions of a data folder have in common.

    Attributes:
        baselines: how faces looked at the set-up of cameras, by their ids.
        notify: lets a journal row wait for the programs it is to be told to.
        keep_unknown: keeps the face of an entry where nobody was recognised, if it is to be kept.
        order: opens the door for an entry that lets somebody in.
        liveness: returns what the door of a name does about photos and screens. A recording can't be asked,
            nor is anybody on a trial day: there it is only measured.
        other_way: returns how a person comes in instead of turning the head, by id.
        read: reads what pictures betray; None where that isn't measured.
        access: the rules of who may pass when; a recording was made at another time and knows no rules.
        is_trial: whether live entries are those of a trial day: they don't count and open no door.
        drill: returns what is held up in an attack drill, whose entries don't count either; None outside of
            one. There a recording is asked to turn, too, as a picture that is held up is.
        question_ids: numbers for questions to the desk.
    """

    journal: Journal
    recogniser: Recogniser
    policy: MatchPolicy
    door: DoorSettings
    callbacks: Callbacks
    baselines: Mapping[str, Baseline]
    notify: Callable[[int, Outcome | None], None]
    order: Callable[[Event], None]
    access: AccessCheck
    liveness: Callable[[str], LivenessSettings]
    read: Read | None
    other_way: Callable[[str], OtherWay | None]
    keep_unknown: Callable[[int, FloatArray, MatchPolicy], None]
    is_trial: bool = False
    drill: Callable[[], AttackKind | None] | None = None
    question_ids: "itertools.count[int]" = field(default_factory=partial(itertools.count, 1))

    def live(
        self,
        cameras: Sequence[CameraSettings],
        opener: Callable[[str], FrameSource] = open_source,
        *,
        counts: bool = True,
    ) -> LiveSession:
        """Return a session on cameras, not started.

        Args:
            cameras: at least one.
            opener: opens a camera's source, in a child process; must be picklable.
            counts: whether entries are attendance and open doors: those of cameras that were set up.
        """
        counts = counts and not self.is_trial and self.drill is None
        shared = {camera.door.casefold(): _Shared(self._checkin(camera.door)) for camera in cameras}
        track_ids = itertools.count(1)
        return LiveSession(
            [
                (
                    self._watch(
                        camera,
                        shared[camera.door.casefold()],
                        track_ids,
                        is_recording=not counts,
                        is_trial=self.is_trial,
                    ),
                    partial(
                        CaptureProcess, partial(shaped_by, shape_of(camera), partial(opener, camera.source))
                    ),
                )
                for camera in cameras
            ],
            self.callbacks,
            counts=counts,
        )

    def replay(
        self, camera: CameraSettings, path: Path, *, is_paced: bool, began_at: datetime | None = None
    ) -> ReplaySession:
        """Return a session on a recording as this camera would have seen it, not started.

        Args:
            camera: whose door and shape of the picture it has.
            path: of a video file or folder of pictures.
            is_paced: play it no faster than it was recorded.
            began_at: UTC of its first picture; None when it isn't known.
        """
        recorded = replace(camera, name=path.name, source=str(path))
        # A recording's clock is its own: nobody's cool-down of today counts in it.
        shared = _Shared(CheckInPolicy(self.door))
        watch = self._watch(recorded, shared, itertools.count(1), is_recording=True)
        source = partial(open_source, str(path), shape=shape_of(camera), began_at=began_at)
        return ReplaySession(source, watch, self.callbacks, is_paced=is_paced)

    def _watch(
        self,
        camera: CameraSettings,
        shared: "_Shared",
        track_ids: Iterator[int],
        *,
        is_recording: bool,
        is_trial: bool = False,
    ) -> Watch:
        pipeline = Pipeline(
            self.recogniser,
            self.policy,
            smallest_face_px=camera.smallest_face_px,
            region=camera.region,
            track_ids=track_ids,
        )
        log = EntryLog(
            self.journal,
            camera=camera.name,
            door=camera.door,
            device=self.recogniser.device_title,
            is_recording=is_recording,
            is_trial=is_trial,
            drill=self.drill,
            notify=self.notify,
            keep_unknown=self.keep_unknown,
        )
        desk = None if is_recording else Desk(camera.name, self.question_ids, is_asked=self.door.asks_desk)
        if desk is not None:
            shared.desks.append(desk)
        baseline = None if is_recording else self.baselines.get(camera.camera_id)
        return Watch(
            camera,
            pipeline=pipeline,
            checkin=shared.checkin,
            clock=shared.clock,
            desks=shared.desks,
            log=log,
            callbacks=self.callbacks,
            health=HealthWatch(baseline) if baseline else None,
            order=self.order,
            access=None if is_recording else self.access,
            desk=desk,
            turning=self._turning(camera, only_watches=(is_recording or is_trial) and self.drill is None),
            doubt=doubt_about,
        )

    def _turning(self, camera: CameraSettings, *, only_watches: bool) -> Turning | None:
        """Return what asks people at a camera, or only measures; None where nothing is asked or measured."""
        settings = self.liveness(camera.door)
        if only_watches and settings.mode is not LivenessMode.OFF:
            settings = replace(settings, mode=LivenessMode.WATCH)
        is_asked = settings.mode in (LivenessMode.IN_DOUBT, LivenessMode.ALWAYS)
        if not is_asked and (settings.mode is LivenessMode.OFF or self.read is None):
            return None
        embedder = self.recogniser.embedder

        def embed(face: TrackedFace) -> FloatArray:
            if face.image is None:
                raise ValueError("a face without a picture can't be embedded")
            crop = embedder.alignment.align(face.image, face.detection)
            return embedder.embed_probes(crop[None])[0]

        return Turning(
            settings,
            TurnLimits(same_face=self.policy.at_door.changed_face),
            embed=embed,
            read=self.read,
            other_way=self.other_way,
            tell=partial(self.callbacks.on_turn, camera.camera_id),
        )

    def _checkin(self, door: str) -> CheckInPolicy:
        """Return a door's policy with the entries that people are still in cool-down of, or inside by."""
        checkin = CheckInPolicy(self.door)
        if self.is_trial or self.drill is not None:
            return checkin
        since = datetime.now(UTC) - timedelta(seconds=max(self.door.cool_down_s, TURNS_ANEW_S))
        entries = (event.entry for event in self.journal.events.last_accepted(since))
        checkin.restore(
            (entry.outcome, entry.person_id, entry.direction, entry.at)
            for entry in entries
            if entry.person_id and entry.door.casefold() in ("", door.casefold())
        )
        return checkin
