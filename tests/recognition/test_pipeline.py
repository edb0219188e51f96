from dataclasses import replace

import numpy as np
import pytest

from faceaccess.codes import Outcome, Reason
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.pipeline import (
    FAR_AFTER_S,
    IMPROVED,
    OPEN_EVERY_S,
    RECHECK_S,
    SEARCH_EVERY_S,
    SETTLED_EVERY_S,
    Pipeline,
    Recogniser,
)
from faceaccess.recognition.types import MatchPolicy
from faceaccess.vision.tracking import LOST_AFTER_S, Tracker
from tests.builders import LIMITS, make_detection, make_embedding
from tests.fakes import ON_CPU, FakeDetector, FakeEmbedder, coloured_frame

POLICY = MatchPolicy("fake:1", 0.12, 0.0, limits=LIMITS)


def person_of(value):
    """The id under which a colour is enrolled, and its embedding as the fake makes it."""
    return f"p{value}", make_embedding(3 * min(value, 255))


def pipeline(*values, plan=(), policy=POLICY, **choices):
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
        Recogniser(FakeDetector(plan), FakeEmbedder(), gallery, ON_CPU),
        policy,
        smallest_face_px=20,
        **choices,
    )


def test_a_frame_becomes_a_decision():
    (face,) = pipeline(90, 150).process(coloured_frame(90)).faces
    assert (face.decision.outcome, face.decision.person_id) == (Outcome.ACCEPTED, "p90")
    assert face.image is not None
    assert np.allclose(face.fused, face.embedding, atol=1e-6)
    assert face.embedding.shape == (8,)


def test_only_the_region_is_searched_and_boxes_are_those_of_the_whole_picture():
    door = pipeline(90, region=(0.25, 0.5, 1.0, 1.0), plan=[[make_detection(10, 5, 40)]])
    seen = []
    detect = door._recogniser.detector.detect
    door._recogniser.detector.detect = lambda image, **given: (seen.append(image.shape), detect(image))[1]
    (face,) = door.process(coloured_frame(90)).faces
    assert seen == [(60, 120, 3)]
    inside = make_detection(10, 5, 40)
    assert np.allclose(face.detection.box, inside.box + [40, 60, 40, 60])
    assert np.allclose(face.detection.landmarks, inside.landmarks + [40, 60])
    assert face.decision.outcome is Outcome.ACCEPTED


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


@pytest.mark.parametrize(
    ("faces", "settled", "every_s"),
    [
        ([], frozenset(), SEARCH_EVERY_S),
        ([make_detection()], frozenset(), OPEN_EVERY_S),
        ([make_detection()], {1}, SETTLED_EVERY_S),
        ([make_detection(10, 20, 50), make_detection(90, 20, 50)], {1}, OPEN_EVERY_S),
        ([make_detection(10, 20, 50), make_detection(90, 20, 50)], {1, 2}, SETTLED_EVERY_S),
    ],
)
def test_a_door_looks_as_often_as_somebody_is_waiting(faces, settled, every_s):
    door = pipeline(90, plan=[faces])
    door.process(coloured_frame(90, 0, 7.0))
    assert not door.is_due(7.0 + every_s - 0.01, settled)
    assert door.is_due(7.0 + every_s, settled)


def test_a_face_that_stays_far_beyond_the_threshold_is_looked_at_seldom_until_it_is_near():
    door = pipeline(90)
    door.policy = MatchPolicy("fake:1", 0.0, 0.0)
    stranger = door.process(coloured_frame(200, 0, 7.0)).faces[0].decision.distance
    door.policy = replace(POLICY, threshold=stranger - LIMITS.far_beyond - 0.001)
    door.process(coloured_frame(200, 1, 7.1))
    assert door.is_due(7.1 + OPEN_EVERY_S)
    door.process(coloured_frame(200, 2, 7.0 + FAR_AFTER_S))
    assert not door.is_due(7.0 + FAR_AFTER_S + SETTLED_EVERY_S - 0.01)
    assert door.is_due(7.0 + FAR_AFTER_S + SETTLED_EVERY_S)
    door.policy = MatchPolicy("fake:1", stranger, 0.0)
    assert door.is_due(7.0 + FAR_AFTER_S + OPEN_EVERY_S)


def test_a_face_that_stays_far_beyond_the_threshold_is_embedded_as_seldom_as_a_settled_one():
    door, far_s = pipeline(90), FAR_AFTER_S + SETTLED_EVERY_S
    first = door.process(coloured_frame(200, 0, 0.0)).faces[0]
    door.policy = replace(POLICY, threshold=first.decision.distance - LIMITS.far_beyond - 0.001)
    assert door.process(coloured_frame(200, 1, 0.1)).faces[0].is_judged
    carried = door.process(coloured_frame(200, 2, far_s)).faces[0]
    assert (carried.is_judged, carried.decision.outcome) == (False, Outcome.UNKNOWN)
    assert door.process(coloured_frame(200, 3, 0.1 + RECHECK_S)).faces[0].is_judged
    # Near the threshold, every frame may decide.
    door.policy = replace(POLICY, threshold=first.decision.distance - LIMITS.far_beyond + 0.001)
    assert door.process(coloured_frame(200, 4, 0.1 + RECHECK_S + OPEN_EVERY_S)).faces[0].is_judged


def test_a_face_far_beyond_the_threshold_that_came_much_nearer_is_embedded_again():
    near = 40 * IMPROVED
    door = pipeline(90, plan=[[make_detection(10, 20, 40)], [make_detection(10, 20, near)]])
    distance = door.process(coloured_frame(200, 0, 0.0)).faces[0].decision.distance
    door.policy = replace(POLICY, threshold=distance - LIMITS.far_beyond - 0.001)
    assert door.process(coloured_frame(200, 1, FAR_AFTER_S)).faces[0].is_judged


def test_the_first_frame_and_one_of_a_clock_set_back_are_always_due():
    door = pipeline(90)
    assert door.is_due(100.0)
    door.process(coloured_frame(90, 0, 100.0))
    assert door.is_due(3.0)


def test_a_settled_face_is_carried_on_without_being_embedded():
    door = pipeline(90)
    first = door.process(coloured_frame(90, 0, 0.0)).faces[0]
    carried = door.process(coloured_frame(200, 1, 0.3), {1}).faces[0]
    assert (carried.is_judged, carried.embedding, carried.image) == (False, None, None)
    assert carried.decision == first.decision


def test_a_settled_face_is_embedded_again_now_and_then_in_case_it_is_another():
    door = pipeline(90)
    door.process(coloured_frame(90, 0, 0.0))
    again = door.process(coloured_frame(200, 1, RECHECK_S), {1}).faces[0]
    assert again.is_judged
    assert again.decision.outcome is Outcome.UNKNOWN


def test_a_settled_face_that_came_much_nearer_is_embedded_again():
    near = 40 * IMPROVED
    door = pipeline(90, plan=[[make_detection(10, 20, 40)], [make_detection(10, 20, near)]])
    door.process(coloured_frame(90, 0, 0.0))
    assert door.process(coloured_frame(90, 1, 0.3), {1}).faces[0].is_judged


def test_a_newcomer_beside_a_settled_face_is_embedded_at_once():
    settled, newcomer = make_detection(10, 20, 50), make_detection(90, 20, 50)
    door = pipeline(90, plan=[[settled], [settled, newcomer]])
    door.process(coloured_frame(90, 0, 0.0))
    faces = {face.track_id: face for face in door.process(coloured_frame(90, 1, 0.3), {1}).faces}
    assert (faces[1].is_judged, faces[2].is_judged) == (False, True)


def test_a_larger_face_tells_more_than_a_smaller_one():
    """Embeddings are fused by area: one frame of 100 px outweighs three of 40 px."""
    far, near = make_embedding(1), make_embedding(2)
    near = (far + 0.5 * near) / np.linalg.norm(far + 0.5 * near)
    door = pipeline(90, plan=[[make_detection(30, 30, 40)]] * 3 + [[make_detection(0, 0, 100)]])
    rows = [far, far, far, near.astype(np.float32)]
    door._recogniser.embedder.embed_probes = lambda crops: rows.pop(0)[None]
    door._recogniser.gallery.replace(
        "fake:1",
        template_ids=np.arange(2, dtype=np.int64),
        person_ids=["far", "near"],
        is_active=np.ones(2, bool),
        embeddings=np.stack([far, near.astype(np.float32)]),
    )
    door.policy = MatchPolicy("fake:1", 4.0, 0.0)
    door._tracker.update = lambda detections, time_s, interval_s: ([1], [])
    people = [door.process(coloured_frame(90, i, i / 10)).faces[0].decision.person_id for i in range(4)]
    assert people == ["far", "far", "far", "near"]
