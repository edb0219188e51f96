"""A trial day counted: hand-made cases with known answers."""

import numpy as np
import pytest

from faceaccess.codes import Light, Outcome, PassResult
from faceaccess.door.trial_day.counting import count
from faceaccess.door.trial_day.passes import (
    Answer,
    Judged,
    ListedPass,
    Pass,
    TrialEntry,
    by_answers,
    by_list,
    listed,
)
from faceaccess.vision.light import light_of


def entry(time_s, person=None, outcome=None, camera="Gate", light=Light.BRIGHT, waited_s=0.5):
    outcome = outcome or (Outcome.ACCEPTED if person else Outcome.UNKNOWN)
    return TrialEntry(int(time_s * 10), time_s, outcome, person, camera, light, waited_s)


def a_list(*rows):
    return listed([ListedPass(person, float(start), 0.0, camera) for start, person, camera in rows])


def results(judged):
    return [(row.person_id, row.result.value) for row in judged.passes]


def test_each_pass_is_judged_by_the_entries_of_its_time():
    comes = a_list((10, "ann", ""), (20, "bob", ""), (30, None, ""), (40, "cid", ""), (50, None, ""))
    judged = by_list(
        comes, [entry(11, "ann"), entry(22, "eva"), entry(31), entry(51, "ann"), entry(5), entry(111)]
    )
    assert results(judged) == [
        ("ann", "right"), ("bob", "wrong"), (None, "refused"), ("cid", "missed"), (None, "accepted"),
    ]  # fmt: skip
    assert judged.passes[1].taken_for == "eva"
    assert [row.time_s for row in judged.unlisted] == [5, 111]


def test_an_entry_near_two_times_belongs_to_whoever_is_named():
    comes = a_list((10, "ann", ""), (12, "bob", ""), (14, None, ""))
    judged = by_list(comes, [entry(10.5, "bob"), entry(11.5, "ann"), entry(12.5)])
    assert results(judged) == [("ann", "right"), ("bob", "right"), (None, "refused")]
    side_by_side = a_list((10, "ann", ""), (10, None, ""))
    judged = by_list(side_by_side, [entry(10.5), entry(11, "ann")])
    assert results(judged) == [("ann", "right"), (None, "refused")]


def test_a_right_entry_beside_a_wrong_one_is_wrong():
    judged = by_list(a_list((10, "ann", "")), [entry(10.5, "ann"), entry(11, "bob")])
    assert results(judged) == [("ann", "wrong")]


def test_somebody_known_who_may_not_pass_is_recognised():
    judged = by_list(a_list((10, "ann", "")), [entry(10.5, "ann", Outcome.DENIED)])
    assert results(judged) == [("ann", "right")]


def test_an_entry_at_another_camera_is_about_somebody_else():
    comes = a_list((10, "ann", "Gate"), (10, "bob", "Yard"))
    judged = by_list(comes, [entry(11, "ann", camera="Yard"), entry(11, "ann", camera="Gate")])
    assert results(judged) == [("ann", "right"), ("bob", "wrong")]


def test_answers_about_one_pass_are_one_pass():
    judged = by_answers(
        [
            Answer("ann", entry(10, light=Light.BACK_LIT)), Answer("ann", entry(15, "ann")),
            Answer("ann", entry(60, "ann")), Answer("ann", entry(66, "ann")), Answer("ann", entry(68)),
            Answer("ann", camera="Gate"),
            Answer(None, entry(70)), Answer(None, entry(71)), Answer("bob", entry(80, "ann")),
        ]
    )  # fmt: skip
    assert sorted(results(judged), key=str) == [
        ("ann", "missed"), ("ann", "right"), ("ann", "right"), ("ann", "right"), ("bob", "wrong"),
        (None, "refused"), (None, "refused"),
    ]  # fmt: skip
    right = [row for row in judged.passes if row.result is PassResult.RIGHT]
    assert right[0].light is Light.BRIGHT, "the entry that let them in tells the light"


def a_pass(person, result, light=Light.BRIGHT, camera="Gate", waited_s=None, stranger=0):
    return Pass(person, PassResult(result), camera, light, waited_s=waited_s, stranger=stranger)


def test_counts_rates_and_groups_are_those_of_the_passes():
    passes = [a_pass(f"p{n % 10}", "right", waited_s=1.0 + n % 3) for n in range(25)]
    passes += [a_pass("p0", "missed", Light.BACK_LIT, "Yard") for _ in range(3)]
    passes += [a_pass("p1", "missed", Light.DIM), a_pass("p2", "missed"), a_pass("p3", "wrong")]
    passes += [a_pass(None, "refused", stranger=1 + n) for n in range(9)]
    passes += [a_pass(None, "accepted", stranger=10)]
    result = count(Judged(tuple(passes), (entry(1),)))
    total = result.total
    assert (total.staff, total.right, total.missed, total.wrong) == (31, 25, 5, 1)
    assert (total.strangers, total.accepted, result.people, result.unlisted) == (10, 1, 10, 1)
    assert result.right_rate.mean == pytest.approx(25 / 31)
    assert result.missed_rate.low < 5 / 31 < result.missed_rate.high < 1
    assert result.accepted_rate.mean == pytest.approx(0.1)
    assert 0 <= result.accepted_rate.low < 0.1 < result.accepted_rate.high < 0.5
    assert (total.waited_s, len(result.waits_s)) == (2.0, 25)
    assert [(row.key, row.missed) for row in result.by_light] == [("bright", 1), ("dim", 1), ("back_lit", 3)]
    assert (result.by_person[0].key, result.by_person[0].missed) == ("p0", 3)
    assert [(row.key, row.missed) for row in result.by_camera] == [("Gate", 2), ("Yard", 3)], (
        "the worst first"
    )
    said = [str(text) for text in result.advice]
    assert said[0].startswith("Passes of strangers taken for somebody enrolled: 1 of 10.")
    assert said[1].startswith("Passes under a wrong name: 1 of 31.")
    assert said[2].startswith("Back-lit: 3 of 5 misses.")
    assert said[3].startswith("At Yard: 3 of 5 misses, with 7 % of the passes.")
    assert said[4].startswith("People enrolled who came by: 10.")
    assert len(said) == 5


def test_misses_of_a_person_and_in_the_dark_are_told():
    passes = [a_pass("ann", "missed", Light.DIM), a_pass("ann", "missed", Light.DIM), a_pass("bob", "right")]
    said = [str(text) for text in count(Judged(tuple(passes))).advice]
    assert said[0].startswith("In dim light: 2 of 2 misses.")
    assert said[1].startswith("People missed at most of their passes: 1 of 2.")
    unseen = [a_pass("ann", "missed", Light.UNMEASURED)] * 2
    assert any(
        "Nothing was entered at all at 2 of 2" in str(text) for text in count(Judged(tuple(unseen))).advice
    )


def test_a_trial_without_a_fault_asks_for_nothing():
    passes = [a_pass(f"p{n}", "right", waited_s=1.0) for n in range(20)] + [
        a_pass(None, "refused", stranger=1)
    ]
    result = count(Judged(tuple(passes)))
    assert result.advice == ()
    assert (result.right_rate.mean, result.right_rate.high) == (1.0, 1.0)
    assert result.right_rate.low == pytest.approx(1 - 0.168, abs=0.01), "all right of 20 is no proof of all"


def test_of_a_few_people_nothing_is_sure_and_of_none_nothing_is_known():
    result = count(Judged((a_pass("ann", "right"), a_pass("ann", "missed"))))
    assert (result.missed_rate.low, result.missed_rate.mean, result.missed_rate.high) == (0.0, 0.5, 1.0)
    assert count(Judged(())).right_rate is None
    assert result.accepted_rate is None


def test_strangers_of_a_number_are_one_person_and_so_are_those_not_told_apart():
    passes = [a_pass(None, "accepted", stranger=1 + n % 2) for n in range(12)]
    result = count(Judged(tuple(passes)))
    assert (result.strangers, result.accepted_rate.low) == (2, 0.0), "two people prove nothing"
    assert [(row.key, row.strangers, row.accepted) for row in result.by_stranger] == [
        ("1", 6, 6),
        ("2", 6, 6),
    ]
    passes = [a_pass(None, "accepted", stranger=1 + n) for n in range(12)]
    assert count(Judged(tuple(passes))).accepted_rate.low > 0.7
    result = count(Judged(tuple(a_pass(None, "refused") for _ in range(12))))
    assert not result.accepted_rate.is_bounded, "twelve passes of one stranger would look the same"
    assert (result.strangers, result.by_stranger[0].key) == (0, "0")
    assert any("not told apart: 12 of 12." in str(text) for text in result.advice)


def test_what_went_wrong_is_named_the_gravest_first():
    passes = (
        a_pass("ann", "missed"), a_pass("bob", "right"), a_pass("cid", "wrong"), a_pass(None, "accepted"),
    )  # fmt: skip
    faults = count(Judged(passes)).faults
    assert [row.result.value for row in faults] == ["accepted", "wrong", "missed"]


def test_answers_about_one_stranger_are_of_one_person():
    judged = by_answers(
        [
            Answer(None, entry(10), stranger=1), Answer(None, entry(14), stranger=1),
            Answer(None, entry(15), stranger=2), Answer(None, entry(60), stranger=1),
        ]
    )  # fmt: skip
    assert sorted(row.stranger for row in judged.passes) == [1, 1, 2]
    result = count(judged)
    assert (result.strangers, result.total.strangers) == (2, 3)


def test_slow_entries_are_told():
    passes = [a_pass(f"p{n}", "right", waited_s=3.5) for n in range(20)]
    passes += [a_pass(None, "refused", stranger=1)]
    assert [str(text) for text in count(Judged(tuple(passes))).advice][0].startswith(
        "Half of the entries took longer than 3.5 s."
    )


@pytest.mark.parametrize(
    ("face", "around", "light"),
    [(140, 120, Light.BRIGHT), (60, 70, Light.DIM), (70, 200, Light.BACK_LIT), (150, 230, Light.BRIGHT)],
)
def test_the_light_is_told_from_face_and_surroundings(face, around, light):
    image = np.full((200, 200, 3), around, np.uint8)
    image[50:150, 50:150] = face
    points = np.array([[75, 85], [125, 85], [100, 105], [80, 130], [120, 130]], np.float32)
    assert light_of(image, points) is light
