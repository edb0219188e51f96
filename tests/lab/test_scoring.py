import json

import pytest

from faceaccess.codes import Outcome
from faceaccess.door.trial_day.visits import ENDS_LATE_S
from faceaccess.errors import FaceAccessError
from faceaccess.lab.measures.scoring import Entered, Visit, read_truth, score

VISITS = [Visit("Ann", 1.0, 4.0, 1.5), Visit(None, 5.0, 8.0, 5.5), Visit("Bob", 9.0, 12.0, 9.5)]


def accepted(time_s, person, made_s=None):
    return Entered(time_s, Outcome.ACCEPTED, person, time_s if made_s is None else made_s)


def unknown(time_s):
    return Entered(time_s, Outcome.UNKNOWN, None, time_s)


def test_each_visit_entered_once_is_right():
    result = score(VISITS, [accepted(2.0, "Ann"), unknown(7.9), accepted(9.7, "Bob")])
    assert (result.staff_visits, result.right, result.missed, result.duplicates) == (2, 2, 0, 0)
    assert (result.stranger_visits, result.strangers_logged_once) == (1, 1)
    assert result.wrong_name + result.accepted_strangers == 0
    assert result.delays_s == pytest.approx([0.5, 0.2])


def test_a_delay_counts_until_the_entry_was_made_and_never_below_nothing():
    result = score(VISITS, [accepted(1.2, "Ann"), accepted(9.6, "Bob", made_s=10.5)])
    assert result.delays_s == pytest.approx([0.0, 1.0])


def test_a_second_entry_of_a_visit_is_a_duplicate():
    assert score(VISITS, [accepted(2.0, "Ann"), accepted(3.0, "Ann")]).duplicates == 1


def test_another_name_is_wrong_and_misses_the_visit():
    result = score(VISITS, [accepted(2.0, "Bob")])
    assert (result.wrong_name, result.missed, result.accepted_strangers) == (1, 2, 0)


def test_a_name_given_to_a_stranger_is_an_accepted_stranger():
    result = score(VISITS, [accepted(6.0, "Ann")])
    assert (result.accepted_strangers, result.wrong_name, result.strangers_unlogged) == (1, 0, 1)


def test_a_refusal_may_come_just_after_its_visit():
    assert score(VISITS, [unknown(8.0 + ENDS_LATE_S)]).strangers_logged_once == 1
    assert score(VISITS, [unknown(8.01 + ENDS_LATE_S)]).strangers_unlogged == 1


def test_two_strangers_at_once_need_two_entries():
    both = [Visit(None, 1.0, 4.0, 1.0), Visit(None, 1.0, 4.0, 1.0)]
    assert score(both, [unknown(4.0), unknown(4.0)]).strangers_logged_once == 2
    assert score(both, [unknown(4.0)]).strangers_logged_once == 1


def test_truth_tells_when_a_face_was_near(tmp_path):
    path = tmp_path / "truth.json"
    row = {"start_s": 0.1, "end_s": 1.0, "frames": [[1, 0, 0, 79, 79], [4, 0, 0, 80, 80]]}
    rows = [
        row | {"person": "Ann_Lee"},
        row | {"person": None, "frames": [[1, 0, 0, 79, 79]]},
        {"person": None, "start_s": 0.1, "end_s": 1.0},
    ]
    path.write_text(json.dumps({"fps": 10, "visits": rows}))
    assert [visit.near_s for visit in read_truth(path)] == [0.4, 1.0, 0.1]
    assert read_truth(path)[0].person == "Ann Lee"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"fps": 10, "visits": [{}]}'])
def test_a_file_that_is_no_truth_is_refused(tmp_path, text):
    path = tmp_path / "truth.json"
    path.write_text(text)
    with pytest.raises(FaceAccessError, match="doesn't hold"):
        read_truth(path)


def test_a_missing_truth_is_refused(tmp_path):
    with pytest.raises(FaceAccessError, match="doesn't hold"):
        read_truth(tmp_path / "truth.json")


def test_who_was_missed_and_which_strangers_did_not_make_one_entry_are_named():
    visits = [
        Visit("Ada", 0, 3, 0),
        Visit(None, 4, 7, 4, "Bo"),
        Visit(None, 8, 11, 8, "Cy"),
        Visit(None, 12, 15, 12),
    ]
    unknown = [Entered(at, Outcome.UNKNOWN, None, at) for at in (5, 6, 9)]
    result = score(visits, unknown)
    assert (result.missed_people, result.strangers_otherwise) == (["Ada"], ["Bo", "?"])
