"""A door that always asks, with the networks of the product: a drawn head passes, a print of it doesn't."""

from collections import deque
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from faceaccess.codes import LivenessMode, Outcome, Reason, Side
from faceaccess.door.simulation import portraits
from faceaccess.door.watch import Callbacks
from faceaccess.lab.liveness.presenting import PICTURES_A_SECOND, Presentation, Presenter, Subject, presented
from faceaccess.settings import LivenessSettings
from faceaccess.steady import steady_s
from faceaccess.vision.types import Frame
from faceaccess.workspace import Workspace

pytestmark = pytest.mark.models

GREATEST = {Side.LEFT: 30.0, Side.RIGHT: 30.0, Side.UP: 28.0, Side.DOWN: 28.0}
PICTURES = int(25 * PICTURES_A_SECOND)


@pytest.fixture
def space(tmp_path):
    with Workspace.open(tmp_path / "data") as opened:
        known, _ = portraits()
        opened.reception.enrolment.enrol(
            opened.access.actor,
            name=known.name,
            staff_number=None,
            department="",
            reviews=[opened.reception.enrolment.review_file(known.path)],
        )
        always = LivenessSettings(mode=LivenessMode.ALWAYS)
        opened.doors.openings.put(opened.access.actor, "Main door", liveness=always)
        yield opened


def outcomes(space, kind, *, seed):
    """Show a presentation to the door, who does what is asked, and return what came of it."""
    prompts, events = deque([None], maxlen=1), []
    session = space.doors.open(
        space.access.actor,
        Callbacks(on_event=events.append, on_turn=lambda _, prompt: prompts.append(prompt)),
    )
    (watch,) = session._watches.values()
    known, stranger = portraits()
    detector = space.models.recogniser.detector
    subjects = []
    for portrait in (known, stranger):
        side = min(portrait.image.shape[:2])
        photo = np.ascontiguousarray(portrait.image[:side, :side])
        subjects.append(Subject(photo, detector.detect(photo)[0]))
    rng = np.random.default_rng(seed)
    drawn = presented(kind, *subjects, rng)
    width_px = 120 / subjects[0].face.face_px * len(subjects[0].photo)
    presenter = Presenter(GREATEST, rng, width_px=width_px)
    begin_s, now = steady_s(), datetime.now(UTC)
    for index in range(PICTURES):
        asked = prompts[0].asked if prompts[0] is not None else None
        passed_s = index / PICTURES_A_SECOND
        image = drawn(presenter.next_pose(asked))
        noisy = np.clip(image + rng.normal(0, 2, image.shape), 0, 255).astype(np.uint8)
        watch.judge(Frame(noisy, now + timedelta(seconds=passed_s), index, begin_s + passed_s))
        if events:
            break
    watch.end_questions(float("inf"))
    return events


def test_a_head_that_turns_as_asked_is_let_in_with_what_was_measured(space):
    (event,) = outcomes(space, Presentation.GENUINE, seed=1)
    assert (event.entry.outcome, event.person_name) == (Outcome.ACCEPTED, "Eileen Collins")
    assert len(event.entry.liveness.times_s) == 3
    assert space.journal.events.turn_picture(event.seq)[:2] == b"\xff\xd8"
    assert space.journal.verify().is_good


@pytest.mark.parametrize("kind", [Presentation.PRINT, Presentation.TABLET])
def test_a_flat_picture_that_is_tilted_as_asked_is_suspected(space, kind):
    (event,) = outcomes(space, kind, seed=2)
    assert event.entry.outcome is Outcome.SUSPECTED
    assert event.entry.reason in (Reason.TURN_NOT_MADE, Reason.WRONG_SIDE)
    assert event.person_name == "Eileen Collins"
