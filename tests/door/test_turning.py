"""Turning the head before an entry counts: what is asked, what comes of it, and what can't come in."""

import itertools
import math
import random
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faceaccess.codes import (
    CameraDoubt,
    CameraState,
    LivenessMode,
    Method,
    OtherWay,
    Outcome,
    Reason,
    Side,
    TurnResult,
)
from faceaccess.door import cameras
from faceaccess.door.checkin import CheckIn, CheckInPolicy
from faceaccess.door.desk import Answer, Desk, answered
from faceaccess.door.liveness.turning import SCORED, Turning
from faceaccess.door.supervision import CameraStatus
from faceaccess.door.watch import Callbacks, Watch
from faceaccess.recognition.presentation import MOVEMENTS, TRIES, TurnLimits
from faceaccess.settings import CameraSettings, DoorSettings, LivenessSettings
from faceaccess.store.access.types import Actor
from faceaccess.vision.liveness.signals import Signals
from faceaccess.vision.sources.webcams import CameraInfo
from tests.builders import GOOD, NOW, make_decision, make_detection, make_embedding, make_face, make_result

FACES = {"anna": make_embedding(0, 64), "ben": make_embedding(120, 64)}
LIMITS = TurnLimits(same_face=1.0)
assert np.sum((FACES["anna"] - FACES["ben"]) ** 2) > LIMITS.same_face
WAYS = {Side.LEFT: (0.9, 0.0), Side.RIGHT: (-0.9, 0.0), Side.UP: (0.0, -0.4), Side.DOWN: (0.0, 0.4)}
AHEAD = (0.0, 0.0)
IMAGE = np.full((120, 160, 3), 90, np.uint8)
ALWAYS = LivenessSettings(mode=LivenessMode.ALWAYS)
EVERY_S = 0.1


def shown(person, way=AHEAD, track_id=1, outcome=Outcome.ACCEPTED):
    """Return a face whose nose has moved."""
    detection = make_detection()
    eyes = detection.landmarks[1, 0] - detection.landmarks[0, 0]
    down = detection.landmarks[3, 1] - detection.landmarks[0, 1]
    landmarks = detection.landmarks.copy()
    landmarks[2] += np.array(way, np.float32) * (eyes / 2, down / 2)
    decision = make_decision(outcome, person if outcome is Outcome.ACCEPTED else None)
    face = make_face(decision, track_id, embedding=FACES[person])
    return replace(face, detection=replace(detection, landmarks=landmarks), image=IMAGE, fused=FACES[person])


class Door:
    """A camera that asks, on a clock: what is shown to it, what it says, what comes of it."""

    def __init__(self, liveness=ALWAYS, embed=None, seed=3, read=None, other_way=None):
        self.prompts, self.entries, self.time_s = [], [], 0.0
        self.checkin = CheckInPolicy(DoorSettings())
        self.turning = Turning(
            liveness,
            LIMITS,
            embed=embed or (lambda face: FACES["anna"]),
            read=read,
            other_way=(other_way or {}).get,
            tell=self.prompts.append,
            rng=random.Random(seed),
        )

    def show(self, *faces, count=6, is_replayed=False):
        for _ in range(count):
            result = make_result(self.time_s, *faces)
            self.turning.measure(result, is_replayed=is_replayed)
            entries = self.checkin.observe(result, result.captured_at)
            self._take(self.turning.hold(entries, result))
            self._take(self.turning.observe(result))
            self.time_s += EVERY_S
        return self

    def _take(self, entries):
        for entry in entries:
            if entry.decision.outcome is Outcome.SUSPECTED:
                self.checkin.suspect(entry)
            self.entries.append(entry)

    def obey(self, person="anna", track_id=1, movements=MOVEMENTS):
        """Make the movements that are asked for."""
        self.show(shown(person, track_id=track_id))
        for _ in range(movements):
            asked = self.prompts[-1].asked
            self.show(shown(person, WAYS[asked], track_id))
            self.show(shown(person, track_id=track_id))
        return self

    def disobey(self, person="anna"):
        asked = self.prompts[-1].asked
        wrong = next(side for side in Side if side is not asked)
        return self.show(shown(person, WAYS[wrong])).show(shown(person))

    @property
    def outcomes(self):
        return [(entry.decision.outcome, entry.decision.reason) for entry in self.entries]


SUSPECTED = Outcome.SUSPECTED


def test_nothing_counts_before_the_head_has_turned_as_asked():
    door = Door().show(shown("anna"), count=10)
    assert door.entries == []
    assert door.prompts[0].asked is None, "look straight ahead first"
    assert door.prompts[-1].asked is not None
    door.obey()
    (entry,) = door.entries
    assert (entry.decision.outcome, entry.decision.person_id) == (Outcome.ACCEPTED, "anna")
    assert entry.at < NOW.replace(second=1), "the time of arrival, not of the turn"


def test_an_entry_keeps_what_was_asked_and_how_long_it_took():
    (entry,) = Door().obey().entries
    measured = entry.liveness
    assert (measured.mode, measured.turn, measured.tries) == (LivenessMode.ALWAYS, TurnResult.MADE, 1)
    assert len(measured.sides) == len(measured.times_s) == MOVEMENTS
    assert all(0 < seconds < 4 for seconds in measured.times_s)
    height, width, _ = entry.turn_picture.shape
    assert width == 2 * height, "one picture ahead, one turned"


def test_the_screen_is_told_each_step_once():
    door = Door().obey()
    steps = [(prompt.done, prompt.asked is not None, prompt.is_back_wanted) for prompt in door.prompts]
    ahead, ask, back = (0, False, False), (0, True, False), (0, False, True)
    assert steps[:3] == [ahead, ask, back]
    assert door.prompts[-1].result is TurnResult.MADE
    assert all(prompt.result is None for prompt in door.prompts[:-1])


@pytest.mark.parametrize("liveness", [LivenessSettings(), LivenessSettings(mode=LivenessMode.OFF)])
def test_a_door_that_asks_nobody_enters_at_once(liveness):
    door = Door(liveness).show(shown("anna"))
    assert [entry.decision.outcome for entry in door.entries] == [Outcome.ACCEPTED]
    assert door.prompts == []


def test_after_two_tries_somebody_is_suspected_and_why_stands_with_it():
    door = Door().show(shown("anna")).disobey()
    assert door.entries == []
    assert door.prompts[-1].tries == 1
    door.show(shown("anna")).disobey()
    assert door.outcomes == [(SUSPECTED, Reason.WRONG_SIDE)]
    assert door.entries[0].decision.person_id == "anna"
    assert door.entries[0].liveness.tries == TRIES
    door.show(shown("anna"), count=60)
    assert len(door.entries) == 1, "no other entry of the same visit"


def test_the_second_try_asks_for_sides_drawn_anew():
    drawn = []
    for seed in range(12):
        door = Door(seed=seed).show(shown("anna"))
        first = door.turning._queue[0].check.sides
        door.disobey()
        drawn.append((first, door.turning._queue[0].check.sides))
    assert any(first != second for first, second in drawn)


def test_whoever_was_suspected_may_try_again_after_stepping_back():
    door = Door().show(shown("anna"))
    door.disobey().show(shown("anna")).disobey()
    door.show(count=20)
    door.obey(track_id=2)
    assert [entry.decision.outcome for entry in door.entries] == [SUSPECTED, Outcome.ACCEPTED]


def test_somebody_who_does_nothing_is_suspected_after_both_times():
    door = Door().show(shown("anna"), count=90)
    assert door.outcomes == [(SUSPECTED, Reason.TURN_NOT_MADE)]


def test_whoever_walks_away_is_suspected_and_asked_no_second_time():
    door = Door().show(shown("anna")).show(count=45)
    assert door.outcomes == [(SUSPECTED, Reason.TURN_NOT_MADE)]
    assert door.entries[0].liveness.tries == 1


def test_a_head_that_turned_so_far_that_its_track_broke_goes_on():
    door = Door().show(shown("anna"))
    for track_id in range(1, MOVEMENTS + 1):
        door.show(shown("anna", WAYS[door.prompts[-1].asked], track_id), count=3)
        door.show(count=3)
        door.show(shown("anna", track_id=track_id + 1))
    assert [entry.decision.outcome for entry in door.entries] == [Outcome.ACCEPTED]


def test_one_is_asked_after_the_other():
    door = Door().show(shown("anna"), shown("ben", track_id=2))
    assert {prompt.person_id for prompt in door.prompts} == {"anna"}
    for asked in [prompt.asked for prompt in door.prompts if prompt.asked][:1] * MOVEMENTS:
        asked = door.prompts[-1].asked
        door.show(shown("anna", WAYS[asked]), shown("ben", track_id=2))
        door.show(shown("anna"), shown("ben", track_id=2))
    assert [entry.decision.person_id for entry in door.entries] == ["anna"]
    assert door.prompts[-1].person_id == "ben"
    door.obey("ben", 2)
    assert [entry.decision.person_id for entry in door.entries] == ["anna", "ben"]


def test_whoever_leaves_before_it_is_their_turn_stands_in_the_log():
    door = Door().show(shown("anna"), shown("ben", track_id=2))
    door.show(shown("anna"), count=12)
    assert [(entry.decision.person_id, entry.decision.outcome) for entry in door.entries] == [
        ("ben", SUSPECTED)
    ]
    assert door.entries[0].liveness.tries == 0


def test_whoever_gave_a_pin_meanwhile_is_not_asked_any_longer():
    door = Door().show(shown("anna"))
    door.turning.withdraw("anna")
    assert door.prompts[-1].result is TurnResult.NOT_MADE
    door.show(shown("anna"), count=60)
    assert door.entries == []


def test_another_entry_is_not_held():
    door = Door()
    result = make_result(0.0, shown("anna"))
    pin = CheckIn(make_decision(Outcome.ACCEPTED, "anna"), GOOD, None, NOW, 0, 0.0, 0, method=Method.PIN)
    refusal = replace(pin, decision=make_decision(Outcome.DENIED, "anna"), method=Method.FACE)
    assert door.turning.hold([pin, refusal], result) == [pin, refusal]


def fail(_):
    raise RuntimeError("the network failed")


@pytest.mark.logs_warnings
def test_what_fails_lets_nobody_in():
    door = Door(embed=fail).show(shown("anna"))
    turned = replace(shown("anna", WAYS[door.prompts[-1].asked]), embedding=None)
    door.show(turned)
    assert door.outcomes == [(SUSPECTED, Reason.LIVENESS_FAILED)]


def test_a_face_that_was_not_embedded_is_not_let_in():
    door = Door()
    door.show(replace(shown("anna"), fused=None))
    assert door.outcomes == [(SUSPECTED, Reason.LIVENESS_FAILED)]


def test_a_camera_that_ends_in_mid_turn_ends_it():
    door = Door().show(shown("anna"))
    (entry,) = door.turning.wait(math.inf)
    assert (entry.decision.outcome, entry.decision.reason) == (SUSPECTED, Reason.TURN_NOT_MADE)
    assert door.turning.wait(math.inf) == []


def test_a_door_stopped_looking_ends_the_wait():
    door = Door().show(shown("anna"))
    assert door.turning.wait(door.time_s + 2) == []
    assert [entry.decision.outcome for entry in door.turning.wait(door.time_s + 9)] == [SUSPECTED]


def test_a_swap_ends_the_try_and_the_next_begins_with_the_face_that_was_recognised():
    door = Door().show(shown("anna"))
    door.show(shown("ben"))
    assert door.prompts[-1].tries == TRIES - 1 or door.outcomes
    door.show(shown("ben"))
    assert door.outcomes == [(SUSPECTED, Reason.SOMEBODY_ELSE)]
    assert door.entries[0].decision.person_id == "anna"


_shown = st.tuples(
    st.sampled_from(["anna", "ben", None]),
    st.sampled_from([AHEAD, *WAYS.values()]),
    st.integers(1, 2),
    st.integers(1, 6),
)


@settings(deadline=None)
@given(st.lists(_shown, max_size=40), st.integers(0, 1000))
def test_no_order_of_pictures_lets_in_whom_the_door_suspected(pictures, seed):
    """Between two entries of a person the face was gone for as long as a visit takes to end."""
    door = Door(seed=seed)
    for person, way, track_id, count in pictures:
        door.show(*([] if person is None else [shown(person, way, track_id)]), count=count)
    last: dict[str, float] = {}
    for entry in door.entries:
        person = entry.decision.person_id
        if person in last:
            assert entry.time_s - last[person] >= DoorSettings().absence_s
        last[person] = entry.time_s
        if entry.decision.outcome is Outcome.ACCEPTED:
            assert entry.liveness.turn is TurnResult.MADE


@settings(deadline=None)
@given(st.integers(0, 2**16), st.integers(0, MOVEMENTS - 1), st.booleans())
def test_a_swap_in_mid_turn_never_passes(seed, after, is_back):
    """Anna is recognised and makes some movements; Ben makes the others, on the same track."""
    door = Door(seed=seed).obey(movements=after)
    for _ in range(MOVEMENTS - after):
        if door.prompts[-1].asked is not None:
            door.show(shown("ben", WAYS[door.prompts[-1].asked]))
        door.show(shown("anna" if is_back else "ben"))
    assert all(entry.decision.outcome is not Outcome.ACCEPTED for entry in door.entries)


class Scorer:
    """Scores pictures as it was told, and counts them."""

    def __init__(self, *scores):
        self.scores, self.calls = list(scores), 0

    def __call__(self, image, detection):
        self.calls += 1
        score = self.scores[min(self.calls, len(self.scores)) - 1]
        if isinstance(score, Signals):
            return score
        if score is None:
            raise RuntimeError("the network failed")
        return Signals(score, 3.0, 1.0)


def scored(mode, *scores, limit=0.5):
    scorer = Scorer(*scores)
    return Door(LivenessSettings(mode=mode, limit=limit), read=scorer), scorer


def test_a_door_that_watches_measures_and_decides_nothing():
    door, scorer = scored(LivenessMode.WATCH, 0.1, 0.2, 0.3)
    (entry,) = door.show(shown("anna"), count=20).entries
    assert entry.decision.outcome is Outcome.ACCEPTED
    assert (entry.liveness.mode, entry.liveness.score) == (LivenessMode.WATCH, pytest.approx(0.2))
    assert entry.liveness.model_id
    assert scorer.calls == SCORED, "only while the decision is near"


@pytest.mark.parametrize(("score", "is_asked"), [(0.9, False), (0.5, False), (0.4, True)])
def test_in_doubt_only_who_looks_like_a_picture_is_asked(score, is_asked):
    door, _ = scored(LivenessMode.IN_DOUBT, score)
    door.show(shown("anna"))
    assert bool(door.prompts) == is_asked
    assert bool(door.entries) != is_asked


def test_nothing_stays_of_tracks_that_ended_with_the_camera():
    door, _ = scored(LivenessMode.WATCH, 0.9)
    door.show(shown("anna"), is_replayed=True)
    door.turning.forget([1])
    assert not door.turning._signals
    assert not door.turning._replayed


def test_strangers_are_not_scored():
    door, scorer = scored(LivenessMode.IN_DOUBT, 0.9)
    door.show(shown("anna", outcome=Outcome.UNKNOWN), count=20)
    assert scorer.calls == 0


@pytest.mark.logs_warnings
@pytest.mark.parametrize(("mode", "is_asked"), [(LivenessMode.IN_DOUBT, True), (LivenessMode.WATCH, False)])
def test_a_score_that_fails_is_in_doubt(mode, is_asked):
    door, scorer = scored(mode, None)
    door.show(shown("anna"))
    assert (bool(door.prompts), scorer.calls) == (is_asked, 1)


def test_the_score_of_somebody_who_turned_stands_with_the_entry():
    door, _ = scored(LivenessMode.IN_DOUBT, 0.2)
    (entry,) = door.obey().entries
    assert (entry.decision.outcome, entry.liveness.score) == (Outcome.ACCEPTED, 0.2)
    assert entry.liveness.turn is TurnResult.MADE


@pytest.mark.parametrize("mode", [LivenessMode.IN_DOUBT, LivenessMode.ALWAYS])
def test_a_face_in_pictures_that_came_before_is_suspected(mode):
    door = Door(LivenessSettings(mode=mode)).show(shown("anna"), is_replayed=True)
    assert door.outcomes == [(SUSPECTED, Reason.REPLAYED)]
    assert door.entries[0].liveness.is_replayed


def test_a_turn_that_is_played_in_again_is_suspected_at_once():
    door = Door().show(shown("anna"))
    door.show(shown("anna", WAYS[door.prompts[-1].asked]), count=1, is_replayed=True)
    assert door.outcomes == [(SUSPECTED, Reason.REPLAYED)]


def test_a_door_that_watches_notes_what_is_played_in():
    (entry,) = Door(LivenessSettings()).show(shown("anna"), is_replayed=True).entries
    assert (entry.decision.outcome, entry.liveness.is_replayed) == (Outcome.ACCEPTED, True)


@pytest.mark.parametrize("refuses", [False, True])
def test_another_camera_is_refused_where_that_is_chosen(refuses):
    door = Door(replace(ALWAYS, refuses_other_cameras=refuses))
    door.turning.is_other_camera = True
    door.show(shown("anna"))
    assert door.outcomes == ([(SUSPECTED, Reason.CAMERA_CHANGED)] if refuses else [])
    if not refuses:
        assert door.obey().entries[0].liveness.is_other_camera


CAMERA = CameraSettings(device="Desk cam")
OBS, DESK, OTHER = CameraInfo(0, "OBS"), CameraInfo(0, "Desk cam"), CameraInfo(0, "Hall cam")


@pytest.mark.parametrize(
    ("camera", "webcam", "doubt"),
    [
        (CAMERA, DESK, None),
        (CAMERA, OBS, (CameraDoubt.VIRTUAL, "OBS")),
        (CAMERA, OTHER, (CameraDoubt.OTHER, "Hall cam")),
        (CAMERA, None, None),
        (CameraSettings(), OTHER, None),
        (replace(CAMERA, source="rtsp://a/b"), OBS, None),
    ],
)
def test_a_webcam_that_is_virtual_or_another_one_is_doubted(camera, webcam, doubt, monkeypatch):
    monkeypatch.setattr(cameras, "webcam_of", lambda _: webcam)
    assert cameras.doubt_about(camera) == doubt


def test_a_camera_that_is_doubted_is_said_once_and_logged():
    said, rows = [], []
    log = SimpleNamespace(camera_state=lambda *_: None, camera_doubted=lambda *row: rows.append(row))
    doubts = [(CameraDoubt.OTHER, "Hall cam")] * 2 + [None, (CameraDoubt.VIRTUAL, "OBS")]
    turning = Door().turning
    watch = Watch(
        CAMERA,
        pipeline=None,
        checkin=None,
        log=log,
        callbacks=Callbacks(on_error=said.append),
        turning=turning,
        doubt=lambda _: doubts.pop(0),
    )
    seen = []
    for _ in range(4):
        watch.camera_changed(CameraStatus(CameraState.ONLINE))
        watch.camera_changed(CameraStatus(CameraState.OFFLINE))
        seen.append(turning.is_other_camera)
    assert seen == [True, True, False, True]
    assert rows == [(CameraDoubt.OTHER, "Hall cam", "Desk cam"), (CameraDoubt.VIRTUAL, "OBS", "Desk cam")]
    assert ["Hall cam" in str(said[0]), "virtual" in str(said[1]), len(said)] == [True, True, 2]


def test_whoever_comes_in_by_pin_is_asked_for_it_and_not_to_turn():
    door = Door(other_way={"anna": OtherWay.PIN}).show(shown("anna"), count=20)
    (prompt,) = door.prompts
    assert (prompt.other_way, prompt.asked, prompt.movements) == (OtherWay.PIN, None, 0)
    assert door.entries == []
    door.turning.withdraw("anna")
    assert door.prompts[-1].result is TurnResult.NOT_MADE
    assert door.show(shown("anna"), count=60).entries == []


def test_whoever_comes_in_by_pin_and_gives_none_is_suspected():
    door = Door(other_way={"anna": OtherWay.PIN}).show(shown("anna")).show(count=20)
    assert door.outcomes == [(SUSPECTED, Reason.TURN_NOT_MADE)]
    assert (door.entries[0].liveness.other_way, door.entries[0].liveness.tries) == (OtherWay.PIN, 0)
    waited = Door(other_way={"anna": OtherWay.PIN}).show(shown("anna"), count=400)
    assert waited.outcomes == [(SUSPECTED, Reason.TURN_NOT_MADE)]


def test_about_whoever_comes_in_by_the_desk_the_desk_is_asked():
    door = Door(other_way={"anna": OtherWay.DESK}).show(shown("anna"))
    assert door.prompts == []
    (entry,) = door.entries
    entry = replace(entry, decision=replace(entry.decision, nearest_id="anna"))
    asked = Desk("Gate", itertools.count(1), is_asked=False)
    question = asked.ask(entry, 0.0)
    assert question.candidates == (("anna", entry.decision.distance),)
    let_in = answered(question, Answer(1, "anna", Actor("olga")), lambda *_: None)
    assert (let_in.decision.outcome, let_in.decision.reason) == (Outcome.ACCEPTED, Reason.CONFIRMED)
    other = replace(entry, liveness=replace(entry.liveness, other_way=None))
    assert asked.ask(other, 0.0) is None, "not about whoever was asked to turn"


def test_where_nobody_is_asked_the_other_way_is_not_taken():
    door = Door(LivenessSettings(), other_way={"anna": OtherWay.PIN}).show(shown("anna"))
    assert [entry.decision.outcome for entry in door.entries] == [Outcome.ACCEPTED]


@pytest.mark.parametrize(("edge", "pattern", "is_asked"), [(3, 1, False), (99, 1, True), (3, 99, True)])
def test_in_doubt_edges_or_a_pattern_of_a_picture_are_asked_too(edge, pattern, is_asked):
    door, _ = scored(LivenessMode.IN_DOUBT, Signals(0.9, edge, pattern))
    door.show(shown("anna"))
    assert bool(door.prompts) == is_asked


def test_without_the_networks_what_is_measured_stands_with_the_entry_and_a_doubt_remains():
    door, _ = scored(LivenessMode.WATCH, Signals(None, 3.0, 1.0))
    (entry,) = door.show(shown("anna")).entries
    assert (entry.liveness.score, entry.liveness.edge, entry.liveness.pattern) == (None, 3.0, 1.0)
    assert entry.liveness.model_id == ""
    door, _ = scored(LivenessMode.IN_DOUBT, Signals(None, 3.0, 1.0))
    assert door.show(shown("anna")).prompts
