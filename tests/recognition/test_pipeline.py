import numpy as np
import pytest

from faceaccess.codes import Outcome, Reason
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.pipeline import Pipeline, Recogniser
from faceaccess.recognition.types import MatchPolicy
from faceaccess.vision.tracking import LOST_AFTER_S, Tracker
from tests.builders import make_detection, make_embedding
from tests.fakes import FakeDetector, FakeEmbedder, coloured_frame

POLICY = MatchPolicy("fake:1", 0.12, 0.0)


def person_of(value):
    """The id under which a colour is enrolled, and its embedding as the fake makes it."""
    return f"p{value}", make_embedding(3 * min(value, 255))


def pipeline(*values, plan=(), policy=POLICY):
    gallery = Gallery("fake:1", 8)
    people = [person_of(value) for value in values]
    if people:
        gallery.replace(
            "fake:1",
            template_ids=np.arange(len(people), dtype=np.int64),
            person_ids=[person for person, _ in people],
            is_active=np.ones(len(people), bool),
            embeddings=np.stack([embedding for _, embedding in people]),
        )
    return Pipeline(
        Recogniser(FakeDetector(plan), FakeEmbedder(), gallery, "CPU"), policy, smallest_face_px=20
    )


def test_a_frame_becomes_a_decision():
    (face,) = pipeline(90, 150).process(coloured_frame(90)).faces
    assert (face.decision.outcome, face.decision.person_id) == (Outcome.ACCEPTED, "p90")
    assert face.crop.shape == (16, 16, 3)
    assert face.embedding.shape == (8,)


def test_an_empty_gallery_knows_nobody():
    (face,) = pipeline().process(coloured_frame(90)).faces
    assert (face.decision.outcome, face.decision.reason) == (Outcome.UNKNOWN, Reason.EMPTY_GALLERY)


def test_two_people_in_one_frame_are_told_apart():
    frame = coloured_frame(90)
    image = frame.image.copy()
    image[:, 80:] = 150
    plan = [[make_detection(10, 20, 50), make_detection(90, 20, 50)]]
    result = pipeline(90, 150, plan=plan).process(type(frame)(image, frame.captured_at, 0, 0.0))
    assert {face.decision.person_id for face in result.faces} == {"p90", "p150"}
    assert len({face.track_id for face in result.faces}) == 2


def test_a_face_too_small_is_not_embedded():
    door = pipeline(90, plan=[[make_detection(10, 10, 15)]])
    (face,) = door.process(coloured_frame(90)).faces
    assert (face.decision.outcome, face.decision.reason) == (Outcome.LOW_QUALITY, Reason.FACE_TOO_SMALL)
    assert face.embedding is None


def test_another_face_in_a_tracks_place_is_not_fused_with_the_first():
    """Somebody steps in front of somebody else: the second must not profit from the first."""
    door = pipeline(90)
    assert door.process(coloured_frame(90, 0, 0.0)).faces[0].decision.outcome is Outcome.ACCEPTED
    later = door.process(coloured_frame(200, 1, 0.1)).faces[0]
    assert later.track_id == 1
    assert later.decision.outcome is Outcome.UNKNOWN
    assert later.decision.distance == pytest.approx(
        float(np.sum((person_of(200)[1] - person_of(90)[1]) ** 2)), abs=1e-4
    )


def test_a_new_threshold_counts_from_the_next_frame():
    door = pipeline(90)
    door.policy = MatchPolicy("fake:1", -1.0, 0.0)
    assert door.process(coloured_frame(90)).faces[0].decision.outcome is Outcome.UNKNOWN
    door.policy = POLICY
    assert door.process(coloured_frame(90, 1, 0.1)).faces[0].decision.outcome is Outcome.ACCEPTED


def test_a_track_ends_when_its_face_is_gone():
    door = pipeline(90, plan=[[make_detection()], [], []])
    door.process(coloured_frame(90, 0, 0.0))
    assert door.process(coloured_frame(90, 1, LOST_AFTER_S)).ended_track_ids == ()
    assert door.process(coloured_frame(90, 2, LOST_AFTER_S + 0.01)).ended_track_ids == (1,)


def test_a_track_survives_a_short_gap_and_no_longer():
    tracker = Tracker()
    assert tracker.update([make_detection()], 0.0) == ([1], [])
    assert tracker.update([make_detection(34)], 0.4) == ([1], [])
    assert tracker.update([make_detection(34)], 1.0) == ([2], [1])


def test_faces_that_pass_each_other_keep_their_tracks():
    tracker = Tracker()
    for step in range(10):
        ids, _ = tracker.update(
            [make_detection(10 + 4 * step, 0, 40), make_detection(200 - 4 * step, 0, 40)], step / 15
        )
        assert ids == [1, 2]


def test_ending_the_pipeline_ends_its_tracks():
    door = pipeline(90)
    door.process(coloured_frame(90))
    assert door.end() == (1,)
    assert door.end() == ()
