"""Values passed between gallery, decision, pipeline and the use cases above."""

from dataclasses import dataclass
from datetime import datetime

from faceaccess.codes import Outcome, Reason
from faceaccess.vision.types import Detection, FloatArray, ImageArray, Quality


@dataclass(frozen=True)
class Candidate:
    """A person near a probe.

    Attributes:
        person_id: random id of the person.
        distance: squared L2 to the best of the person's templates, 0 to 4, lower is closer.
        template_id: the template that gave the distance.
        is_active: False for a person who is known but not allowed.
        to_nearest: squared L2 from that template to the nearest person's; 4 when not known.
    """

    person_id: str
    distance: float
    template_id: int
    is_active: bool = True
    to_nearest: float = 4.0


@dataclass(frozen=True)
class DoorLimits:
    """Distances by which a door follows faces, for one model; squared L2.

    Attributes:
        changed_face: a frame farther than this from its track's fused embedding shows somebody else.
        far_beyond: a face still farther than this beyond the threshold is hardly one of the staff.
        same_stranger: two refused faces nearer than this are one stranger whose track broke.
        desk_band: somebody beyond the threshold by no more than this is shown to the desk, where it is asked.
    """

    changed_face: float
    far_beyond: float
    same_stranger: float
    desk_band: float

    @classmethod
    def of_threshold(cls, threshold: float) -> "DoorLimits":
        """Return limits for a model that was not measured: the built-in model's parts of its threshold."""
        return cls(
            changed_face=min(1.3 * threshold, 4.0),
            far_beyond=0.2 * threshold,
            same_stranger=threshold,
            desk_band=0.1 * threshold,
        )


@dataclass(frozen=True)
class MatchPolicy:
    """Threshold, margin and other deciding numbers of one model.

    Attributes:
        model_id: the model that the numbers were measured on.
        threshold: greatest distance still accepted, squared L2, 0 to 4.
        margin: least lead over the best other person, squared L2.
        source: where the numbers come from: a report or an operator.
        lookalike_distance: two people whose templates are nearer than this are look-alikes.
        lookalike_margin: margin between the two of such a pair, if greater than `margin`.
        people: for how many people enrolled the threshold was chosen; 0: not known.
        limits: measured for the model; None takes parts of the threshold.
        measured: the lowest and the highest threshold that was measured for the model; all, where that is
            not known.
    """

    model_id: str
    threshold: float
    margin: float
    source: str = ""
    lookalike_distance: float = 0.0
    lookalike_margin: float = 0.0
    people: int = 0
    limits: DoorLimits | None = None
    measured: tuple[float, float] = (0.0, 4.0)

    def measures(self, threshold: float) -> bool:
        """Tell whether a threshold lies within those that were measured for the model."""
        return self.measured[0] <= round(threshold, 3) <= self.measured[1]

    def is_outdated(self, people: int) -> bool:
        """Tell whether twice as many people are enrolled as the threshold was chosen for."""
        return 0 < 2 * self.people <= people

    @property
    def at_door(self) -> DoorLimits:
        """The distances by which a door follows faces."""
        return self.limits or DoorLimits.of_threshold(self.threshold)


@dataclass(frozen=True)
class EnrolmentLimits:
    """The numbers by which photos are enrolled, for one model; distances are squared L2.

    Attributes:
        model_id: the model that the numbers were measured on.
        clarity: least `Quality.clarity` of a good photo.
        unlike_others: a photo whose median distance to the person's others is greater may show
            somebody else.
        much_alike: two photos of a person that are nearer add nothing to each other.
        wrong_person: a stored photo whose median distance to the person's others is greater is listed as
            perhaps somebody else's; less than `unlike_others`, since listing it costs a look only.
        same_picture: two stored photos of a person that are nearer are listed as the same picture.
        doubles_base: two people may be one when nearer than this and `doubles_weight` times both
            their crowds; see `people.doubles`.
        doubles_weight: no unit.
        crowd_farthest: nobody in a crowd counts as farther than this.
        source: where the numbers come from.
    """

    model_id: str
    clarity: float
    unlike_others: float
    much_alike: float
    doubles_base: float
    doubles_weight: float
    crowd_farthest: float = 4.0
    wrong_person: float = 0.0
    same_picture: float = 0.0
    source: str = ""


@dataclass(frozen=True)
class Decision:
    """The outcome for one probe, with everything that led to it.

    Attributes:
        person_id: the nearest person for ACCEPTED, AMBIGUOUS and DENIED, else None.
        distance: distance of the nearest person, or None with an empty gallery.
        runner_up_id: the best other person, or None.
        policy: the numbers in force.
        nearest_id: the nearest person, whatever the outcome; None with an empty gallery.
    """

    outcome: Outcome
    reason: Reason
    person_id: str | None
    distance: float | None
    runner_up_id: str | None
    runner_up_distance: float | None
    policy: MatchPolicy
    nearest_id: str | None = None

    @property
    def threshold(self) -> float:
        """The threshold in force, squared L2."""
        return self.policy.threshold


@dataclass(frozen=True, eq=False)
class TrackedFace:
    """A face in a frame and what is known of its track so far.

    Attributes:
        track_id: the same number as long as the same face is followed.
        quality: of this frame, or of the last one looked at closely.
        decision: the newest decision about the track.
        is_judged: False when the track was only carried on: this frame adds nothing to the decision.
        image: (H, W, 3) uint8 RGB picture that it was judged in, to cut it from should an entry come
            of it; None when it wasn't judged.
        embedding: (D,) float32 of this frame, None when it wasn't embedded.
        fused: (D,) float32 of the track up to this frame, of unit norm, None likewise.
    """

    track_id: int
    detection: Detection
    quality: Quality
    decision: Decision
    is_judged: bool = True
    image: ImageArray | None = None
    embedding: FloatArray | None = None
    fused: FloatArray | None = None


@dataclass(frozen=True)
class StageTimes:
    """Milliseconds spent on a frame, by stage."""

    detection_ms: float = 0.0
    alignment_ms: float = 0.0
    embedding_ms: float = 0.0
    search_ms: float = 0.0
    total_ms: float = 0.0


@dataclass(frozen=True, eq=False)
class FrameResult:
    """The faces that the pipeline found in one frame.

    Attributes:
        frame_index, time_s, captured_at: of the frame judged.
        faces: faces detected in this frame.
        ended_track_ids: tracks that ended with this frame.
        interval_s: the source's usual time between two pictures; 0 while it isn't known.
        settled: tracks about which the door has decided: entered, known again, or refused.
    """

    frame_index: int
    time_s: float
    captured_at: datetime
    faces: tuple[TrackedFace, ...]
    ended_track_ids: tuple[int, ...] = ()
    times: StageTimes = StageTimes()
    interval_s: float = 0.0
    settled: frozenset[int] = frozenset()
