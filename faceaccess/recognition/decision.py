"""The decision about a face: from candidates, quality and policy to an outcome."""

from collections.abc import Sequence

from faceaccess.codes import Outcome, Reason
from faceaccess.recognition.types import Candidate, Decision, MatchPolicy
from faceaccess.vision.types import Quality


def decide(candidates: Sequence[Candidate], quality: Quality, policy: MatchPolicy) -> Decision:
    """Decide about one probe. Pure: no clock, no input or output.

    Checked in this order: a face that can't be judged, nobody near enough, a runner-up too
    near to the best, a known person who isn't allowed, else accepted. A distance equal to the
    threshold is accepted; a lead equal to the margin is enough.

    Args:
        candidates: the nearest people, nearest first, one row a person.
        quality: of the face.
        policy: threshold and margin of the model that made the distances.
    """
    best = candidates[0] if candidates else None
    runner_up = candidates[1] if len(candidates) > 1 else None
    outcome, reason = _judge(best, runner_up, quality, policy)
    is_named = outcome in (Outcome.ACCEPTED, Outcome.AMBIGUOUS, Outcome.DENIED)
    return Decision(
        outcome=outcome,
        reason=reason,
        person_id=best.person_id if best and is_named else None,
        distance=best.distance if best else None,
        runner_up_id=runner_up.person_id if runner_up else None,
        runner_up_distance=runner_up.distance if runner_up else None,
        policy=policy,
        nearest_id=best.person_id if best else None,
    )


def _judge(
    best: Candidate | None, runner_up: Candidate | None, quality: Quality, policy: MatchPolicy
) -> tuple[Outcome, Reason]:
    if quality.reason is not None:
        return Outcome.LOW_QUALITY, quality.reason
    if best is None:
        return Outcome.UNKNOWN, Reason.EMPTY_GALLERY
    if best.distance > policy.threshold:
        return Outcome.UNKNOWN, Reason.NO_MATCH
    if runner_up is not None and runner_up.distance - best.distance < _margin(runner_up, policy):
        return Outcome.AMBIGUOUS, Reason.RUNNER_UP_TOO_CLOSE
    if not best.is_active:
        return Outcome.DENIED, Reason.INACTIVE
    return Outcome.ACCEPTED, Reason.MATCH


def _margin(runner_up: Candidate, policy: MatchPolicy) -> float:
    """Return the least lead over a runner-up: a look-alike of the best needs a greater one."""
    if runner_up.to_nearest < policy.lookalike_distance:
        return max(policy.margin, policy.lookalike_margin)
    return policy.margin
